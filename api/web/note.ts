/** Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint), Ed25519. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { concat, equal, fromBase64, hex, utf8 } from "./bytes";
import { sha256 } from "./merkle";
import { Refused } from "./refused";

const ED25519 = new Uint8Array([1]);
const MAX_NOTE = 16_384;
const MAX_SIZE = 2n ** 64n - 1n;
const DASH = "\u2014 ";

export interface VerifierKey {
  name: string;
  public: Uint8Array;
  hash: Uint8Array;
}

/** The key from its text `name+hash+base64`. Throws Refused. */
export function parseKey(text: string): VerifierKey {
  const [name, hash, ...rest] = text.trim().split("+");
  const raw = fromBase64(rest.join("+"));
  if (!name || hash === undefined || /\s/.test(name) || raw?.length !== 33 || raw[0] !== 1) {
    throw new Refused("proof.malformed", "key");
  }
  const key = { name, public: raw.slice(1), hash: keyHash(name, raw.slice(1)) };
  if (hex(key.hash) !== hash) throw new Refused("proof.malformed", "key-hash");
  return key;
}

function keyHash(name: string, key: Uint8Array): Uint8Array {
  return sha256(concat(utf8(`${name}\n`), ED25519, key)).slice(0, 4);
}

export interface Note {
  text: string;
  signatures: { name: string; hash: Uint8Array; signature: Uint8Array }[];
}

/** Strict: one blank line, then signature lines only, each in its one base64 form. Throws Refused. */
export function parseNote(note: string): Note {
  if ([...note].length > MAX_NOTE) throw new Refused("proof.malformed", "note");
  const blank = note.lastIndexOf("\n\n");
  const lines = note.slice(blank + 2);
  if (blank < 1 || !lines.endsWith("\n")) throw new Refused("proof.malformed", "note");
  const signatures = lines.slice(0, -1).split("\n").map(signatureLine);
  return { text: `${note.slice(0, blank)}\n`, signatures };
}

function signatureLine(line: string): Note["signatures"][number] {
  const space = line.indexOf(" ", DASH.length);
  const raw = line.startsWith(DASH) && space > DASH.length ? fromBase64(line.slice(space + 1)) : null;
  if (raw?.length !== 68) throw new Refused("proof.malformed", "signature-line");
  return { name: line.slice(DASH.length, space), hash: raw.slice(0, 4), signature: raw.slice(4) };
}

/** Throws Refused unless the note carries a valid signature of this key. */
export function verifyNote(key: VerifierKey, note: Note): void {
  const line = note.signatures.find((one) => one.name === key.name && equal(one.hash, key.hash));
  if (!line || !signed(key, line.signature, note.text)) {
    throw new Refused("proof.signature", "signature", { name: key.name });
  }
}

function signed(key: VerifierKey, signature: Uint8Array, text: string): boolean {
  try {
    return ed25519.verify(signature, utf8(text), key.public, { zip215: false });
  } catch {
    return false;
  }
}

export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Uint8Array;
}

/** The checkpoint from its three lines; no extension lines are taken. Throws Refused. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, encoded, end, ...more] = text.split("\n");
  if (!origin || size === undefined || encoded === undefined || end !== "" || more.length) {
    throw new Refused("proof.malformed", "checkpoint");
  }
  if (!/^(?:0|[1-9][0-9]{0,19})$/.test(size) || BigInt(size) > MAX_SIZE) {
    throw new Refused("proof.malformed", "checkpoint-size");
  }
  const root = fromBase64(encoded);
  if (root?.length !== 32) throw new Refused("proof.malformed", "checkpoint-root");
  return { origin, size: BigInt(size), root };
}

export function sameCheckpoint(a: Checkpoint, b: Checkpoint): boolean {
  return a.origin === b.origin && a.size === b.size && equal(a.root, b.root);
}
