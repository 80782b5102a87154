/** The proof file and its offline verification: the same checks in the same order as `ledger.log.proof`. */

import { canonicalText, isCanonical } from "./canonical";
import { concat, equal, fromBase64, fromHex, fromUtf8, hex, uint64, utf8 } from "./bytes";
import { climb, pathShape, sha256 } from "./merkle";
import { type Checkpoint, type Note, type VerifierKey } from "./note";
import { parseCheckpoint, parseNote, sameCheckpoint, verifyNote } from "./note";
import { checkFields, isDisclosure, parseDisclosure } from "./disclosure";
import { type Shown } from "./fields";
import { count, type Line, parseLines, type Policy } from "./policy";
import { Refused } from "./refused";
import { isSealed, parseSealed } from "./sealed";

const PROOF_FORMAT = "onecode/proof/1";
const COSIGNED_FORMAT = "onecode/proof/2";
const RECEIPT_FORMAT = "onecode/receipt/1";
const ENTRY_FORMAT = "onecode/entry/1\n";
const TENANT_PREFIX = "onecode/tenant/1\n";
export const MAX_PROOF = 2_000_000;
const MAX_PATH = 64;
const MAX_UINT64 = 2n ** 64n - 1n;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,4299})$/;
const TEXTS = ["body", "checkpoint", "format", "receipt", "salt", "tenant"] as const;
const FIELDS = ["body", "checkpoint", "format", "index", "path", "receipt", "recorded_at", "salt", "tenant"].join();
const COSIGNED_FIELDS = `body,checkpoint,cosignatures,${FIELDS.slice("body,checkpoint,".length)}`;

/** What a whole and a sealed proof share: a place in the log, the path from it, the signed notes. */
export interface Claim {
  checkpoint: string;
  index: bigint;
  path: Uint8Array[];
  receipt: string;
  /** Lines of witnesses under the checkpoint. */
  cosigned: Line[];
}

export interface Proof extends Claim {
  body: Uint8Array;
  recordedAt: bigint;
  salt: Uint8Array;
  tenant: string;
}

export interface AnchorReceipt {
  checkpoint: Checkpoint;
  chainId: string;
  contract: string;
  transaction: string;
  blockNumber: string;
  blockHash: string;
  blockTime: string;
}

/** 0 holds, 1 does not hold, 2 cannot tell: the exit codes of `ledger verify`. */
export type Verdict = 0 | 1 | 2;

export interface Step {
  name: "file" | "fields" | "entry" | "checkpoint" | "path" | "receipt" | "signature" | "pin" | "witness";
  outcome: "holds" | "fails" | "unknown" | "absent";
  values: Record<string, string>;
}

export interface Outcome {
  verdict: Verdict;
  code: string;
  reason: string;
  values: Record<string, string>;
  steps: Step[];
  proof: Proof | null;
  /** Whether the proof shows a leaf alone, and nothing of the record behind it. */
  sealed: boolean;
  /** The fields of a document that a disclosure shows. */
  shown: Shown[];
  receipt: AnchorReceipt | null;
}

/** The proof from its file, byte for byte in the one form. Throws Refused. */
export function parseProof(data: Uint8Array): Proof {
  if (data.length > MAX_PROOF) throw new Refused("proof.malformed", "large");
  const fields = jsonObject(data);
  const body = fromBase64(fields.body);
  const salt = fromHex(fields.salt);
  const path = fields.path.map(fromHex);
  if (!body || !salt || path.includes(null)) throw new Refused("proof.malformed", "json");
  const cosigned = parseLines(fields.cosignatures ?? "");
  const format = cosigned.length ? COSIGNED_FORMAT : PROOF_FORMAT;
  if (!sameBytes(fields, data) || fields.format !== format) throw new Refused("proof.malformed", "form");
  return {
    body,
    salt,
    path: path as Uint8Array[],
    checkpoint: fields.checkpoint,
    receipt: fields.receipt,
    cosigned,
    tenant: fields.tenant,
    index: BigInt(fields.index),
    recordedAt: BigInt(fields.recorded_at),
  };
}

type Fields = Record<(typeof TEXTS)[number], string> & {
  cosignatures?: string;
  index: number;
  path: string[];
  recorded_at: number;
};

function jsonObject(data: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(data));
  } catch {
    throw new Refused("proof.malformed", "json");
  }
  const fields = value as Fields;
  const shaped =
    typeof value === "object" &&
    value !== null &&
    [FIELDS, COSIGNED_FIELDS].includes(Object.keys(value).sort().join()) &&
    typeof (fields.cosignatures ?? "") === "string" &&
    TEXTS.every((name) => typeof fields[name] === "string") &&
    [fields.index, fields.recorded_at].every((number) => Number.isSafeInteger(number)) &&
    Array.isArray(fields.path) &&
    fields.path.every((node) => typeof node === "string");
  if (!shaped) throw new Refused("proof.malformed", "json");
  return fields;
}

function sameBytes(fields: Fields, data: Uint8Array): boolean {
  try {
    return equal(utf8(`${canonicalText(fields)}\n`), data);
  } catch {
    return false;
  }
}

/** The receipt from its lines, in their one form. Throws Refused. */
export function parseReceipt(text: string): AnchorReceipt {
  const lines = text.split("\n");
  const [format, origin, size, root, chain, contract, transaction, block, end] = lines;
  const [number, hash, time, ...more] = after(block, "block ").split(" ");
  if (lines.length !== 9 || format !== RECEIPT_FORMAT || end !== "" || hash === undefined || more.length) {
    throw new Refused("proof.malformed", "receipt");
  }
  const checkpoint = parseCheckpoint(`${origin}\n${size}\n${root}\n`);
  const [chainId, blockNumber, blockTime] = [after(chain, "chain "), number ?? "", time ?? ""];
  if (![chainId, blockNumber, blockTime].every((one) => INTEGER.test(one))) {
    throw new Refused("proof.malformed", "receipt");
  }
  return {
    checkpoint,
    chainId,
    contract: after(contract, "contract "),
    transaction: after(transaction, "transaction "),
    blockNumber,
    blockHash: hash,
    blockTime,
  };
}

function after(line: string | undefined, prefix: string): string {
  if (!line?.startsWith(prefix)) throw new Refused("proof.malformed", "receipt");
  return line.slice(prefix.length);
}

/** The leaf hash of the entry, from its own bytes. Throws Refused. */
export function leafOf(proof: Proof): Uint8Array {
  if (![proof.recordedAt, proof.index].every((one) => one >= 0n && one <= MAX_UINT64)) {
    throw new Refused("proof.sizes", "range");
  }
  const tag = sha256(utf8(TENANT_PREFIX + proof.tenant));
  const committed = sha256(concat(proof.salt, proof.body));
  const prefix = concat(new Uint8Array([0]), utf8(ENTRY_FORMAT));
  return sha256(concat(prefix, uint64(proof.index), tag, uint64(proof.recordedAt), committed));
}

/** Every check of a proof file against what the reader already trusts; never throws. */
export function verify(
  data: Uint8Array, key: VerifierKey | null, pinned: Checkpoint | null, policy: Policy | null = null,
): Outcome {
  const run = new Run();
  try {
    run.check(data, key, pinned, policy);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    run.stop(error);
  }
  return run.outcome;
}

class Run {
  readonly outcome: Outcome = {
    verdict: 0, code: "", reason: "", values: {}, steps: [], proof: null, sealed: false, shown: [],
    receipt: null,
  };
  private doing: Step["name"] = "file";

  check(data: Uint8Array, key: VerifierKey | null, pinned: Checkpoint | null, policy: Policy | null): void {
    const [proof, leaf] = this.read(data);
    this.pass({ leaf: hex(leaf) }, "checkpoint");
    const note = parseNote(proof.checkpoint);
    const checkpoint = parseCheckpoint(note.text);
    this.pass({ origin: checkpoint.origin, size: String(checkpoint.size), root: hex(checkpoint.root) }, "path");
    checkPath(proof, leaf, checkpoint);
    this.pass({ count: String(proof.path.length), index: String(proof.index) }, "receipt");
    const receipt = this.checkReceipt(proof, checkpoint);
    if (!key) throw new Refused("proof.cannot-tell", "no-key");
    checkSignatures(key, checkpoint, [note, ...receipt]);
    this.pass({ name: key.name }, "pin");
    this.checkPin(checkpoint, pinned);
    this.doing = "witness";
    this.checkWitnesses(key, policy, note, proof.cosigned);
  }

  private checkWitnesses(key: VerifierKey, policy: Policy | null, note: Note, lines: Line[]): void {
    if (!policy) {
      this.outcome.steps.push({ name: "witness", outcome: "absent", values: { count: String(lines.length) } });
      return;
    }
    if (policy.logs.length && !policy.logs.some((one) => one.name === key.name && equal(one.public, key.public))) {
      throw new Refused("proof.cannot-tell", "policy-log");
    }
    const { cosigned, witnesses, least, met, who } = count(policy, note.text, lines);
    const values = { cosigned: String(cosigned), witnesses: String(witnesses), least: String(least), who };
    if (!met) throw new Refused("proof.policy", "policy-unmet", values);
    this.outcome.steps.push({ name: "witness", outcome: "holds", values });
  }

  private read(data: Uint8Array): [Claim, Uint8Array] {
    if (isDisclosure(data)) return this.readDisclosure(data);
    if (isSealed(data)) return this.readSealed(data);
    const proof = parseProof(data);
    this.pass({ bytes: String(data.length) }, "entry");
    return this.entered(proof);
  }

  private readDisclosure(data: Uint8Array): [Claim, Uint8Array] {
    const { fields, proof: file } = parseDisclosure(data);
    const proof = parseProof(file);
    this.pass({ bytes: String(data.length) }, "fields");
    checkFields(fields, proof.body);
    this.outcome.shown = fields;
    this.pass({ count: String(fields.length) }, "entry");
    return this.entered(proof);
  }

  private entered(proof: Proof): [Claim, Uint8Array] {
    this.outcome.proof = proof;
    if (proof.salt.length !== 32 || !isCanonical(proof.body)) throw new Refused("proof.malformed", "salt-or-body");
    return [proof, leafOf(proof)];
  }

  private readSealed(data: Uint8Array): [Claim, Uint8Array] {
    const sealed = parseSealed(data);
    this.outcome.sealed = true;
    this.pass({ bytes: String(data.length) }, "entry");
    if (sealed.index < 0n || sealed.index > MAX_UINT64) throw new Refused("proof.sizes", "range");
    if (sealed.leaf.length !== 32) throw new Refused("proof.malformed", "leaf");
    return [sealed, sealed.leaf];
  }

  stop(error: Refused): void {
    const unknown = error.code === "proof.cannot-tell";
    this.outcome.verdict = unknown ? 2 : 1;
    this.outcome.code = error.code;
    this.outcome.reason = error.reason;
    this.outcome.values = error.values;
    this.outcome.steps.push({ name: this.doing, outcome: unknown ? "unknown" : "fails", values: error.values });
  }

  private pass(values: Record<string, string>, next: Step["name"]): void {
    this.outcome.steps.push({ name: this.doing, outcome: "holds", values });
    this.doing = next;
  }

  private checkReceipt(proof: Claim, checkpoint: Checkpoint): Note[] {
    if (!proof.receipt) {
      this.outcome.steps.push({ name: "receipt", outcome: "absent", values: {} });
      this.doing = "signature";
      return [];
    }
    const note = parseNote(proof.receipt);
    const receipt = parseReceipt(note.text);
    if (!sameCheckpoint(receipt.checkpoint, checkpoint)) throw new Refused("proof.malformed", "other-checkpoint");
    this.outcome.receipt = receipt;
    this.pass({ chain: receipt.chainId, block: receipt.blockNumber }, "signature");
    return [note];
  }

  private checkPin(checkpoint: Checkpoint, pinned: Checkpoint | null): void {
    if (!pinned) {
      this.outcome.steps.push({ name: "pin", outcome: "absent", values: {} });
      return;
    }
    const sizes = { size: String(checkpoint.size), pinned: String(pinned.size) };
    if (pinned.origin !== checkpoint.origin) throw new Refused("proof.cannot-tell", "pin-origin", { origin: pinned.origin });
    if (pinned.size !== checkpoint.size) throw new Refused("proof.cannot-tell", "pin-size", sizes);
    if (!sameCheckpoint(pinned, checkpoint)) throw new Refused("proof.pin", "pin", sizes);
    this.outcome.steps.push({ name: "pin", outcome: "holds", values: sizes });
  }
}

function checkPath(proof: Claim, leaf: Uint8Array, checkpoint: Checkpoint): void {
  if (proof.path.length > MAX_PATH || proof.path.some((node) => node.length !== 32)) {
    throw new Refused("proof.malformed", "path");
  }
  checkInclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root);
}

/** The path of 32-byte hashes leads from the leaf to the root. Throws Refused. */
export function checkInclusion(
  leaf: Uint8Array, index: bigint, size: bigint, path: Uint8Array[], root: Uint8Array,
): void {
  if (index < 0n || index >= size) throw new Refused("proof.sizes", "index", { index: String(index), size: String(size) });
  const [inner, border] = pathShape(index, size);
  if (path.length !== inner + border) {
    throw new Refused("proof.length", "length", { expected: String(inner + border), got: String(path.length) });
  }
  const reached = climb(leaf, index, inner, path).at(-1) ?? leaf;
  if (!equal(reached, root)) throw new Refused("proof.root", "root", { expected: hex(root), got: hex(reached) });
}

function checkSignatures(key: VerifierKey, checkpoint: Checkpoint, notes: Note[]): void {
  for (const note of notes) {
    if (note.signatures.length !== 1 || checkpoint.origin !== key.name) {
      throw new Refused("proof.malformed", "one-signature", { origin: checkpoint.origin, name: key.name });
    }
    verifyNote(key, note);
  }
}
