/** Which witnesses must have cosigned (C2SP tlog-policy), and who did (tlog-cosignature), as `ledger.log.policy`. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { concat, equal, fromBase64, hex, utf8 } from "./bytes";
import { sha256 } from "./merkle";
import { parseKey, type VerifierKey } from "./note";
import { Refused } from "./refused";

const COSIGNATURE = new Uint8Array([4]);
const DASH = "\u2014 ";
const MAX_NOTE = 16_384;
const MAX_POLICY = 65_536;
const MOST = 64;
const LATEST = 2n ** 63n - 1n;

export interface Line {
  name: string;
  hash: Uint8Array;
  signature: Uint8Array;
}

export interface Policy {
  logs: VerifierKey[];
  witnesses: Map<string, VerifierKey>;
  groups: Map<string, { least: number; members: string[] }>;
  quorum: string;
}

/** Cosignature lines as a note ends in them; none of an empty text. Throws Refused. */
export function parseLines(text: string): Line[] {
  if (!text) return [];
  if (!text.endsWith("\n") || [...text].length > MAX_NOTE) throw new Refused("proof.malformed", "cosignature");
  return text.slice(0, -1).split("\n").map(line);
}

function line(text: string): Line {
  const [name, encoded, ...more] = text.slice(DASH.length).split(" ");
  const raw = text.startsWith(DASH) && name && !/[\s+]/.test(name) && !more.length ? fromBase64(encoded ?? "") : null;
  if (raw?.length !== 4 + 8 + 64) throw new Refused("proof.malformed", "cosignature");
  return { name: name ?? "", hash: raw.slice(0, 4), signature: raw.slice(4) };
}

/** A witness's public key, of the cosignature type. Throws Refused. */
function witnessKey(text: string): VerifierKey {
  const [name, hash, ...rest] = text.split("+");
  const raw = fromBase64(rest.join("+"));
  if (!name || raw?.length !== 33 || raw[0] !== COSIGNATURE[0]) throw refused();
  const key = { name, public: raw.slice(1), hash: sha256(concat(utf8(`${name}\n`), raw)).slice(0, 4) };
  if (hex(key.hash) !== hash) throw refused();
  return key;
}

function refused(): Refused {
  return new Refused("proof.policy-malformed", "policy");
}

/** The policy from its file. Throws Refused. */
export function parsePolicy(text: string): Policy {
  const policy: Policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
  const taken = new Set<string>();
  if (text.length > MAX_POLICY || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) throw refused();
  for (const row of text.split("\n")) {
    const words = row.split(/[ \t]+/).filter(Boolean);
    if (words.length && !words[0]?.startsWith("#")) take(policy, taken, words);
  }
  const keys = [policy.logs, [...policy.witnesses.values()]].map((all) => all.map((key) => hex(key.public)));
  if (!policy.quorum || keys.some((all) => new Set(all).size < all.length || all.length > MOST)) throw refused();
  if (policy.groups.size > MOST) throw refused();
  return policy;
}

function take(policy: Policy, taken: Set<string>, [kind, name = "", ...rest]: string[]): void {
  const known = policy.witnesses.has(name) || policy.groups.has(name) || name === "none";
  const [first = "", ...members] = rest;
  if (kind === "log" && name && rest.length < 2) policy.logs.push(logKey(name));
  else if (kind === "witness" && !known && [1, 2].includes(rest.length)) policy.witnesses.set(name, witnessKey(first));
  else if (kind === "group" && !known && members.length) policy.groups.set(name, group(policy, taken, first, members));
  else if (kind === "quorum" && known && !rest.length && !policy.quorum) policy.quorum = name;
  else throw refused();
}

function logKey(text: string): VerifierKey {
  try {
    return parseKey(text);
  } catch {
    throw refused();
  }
}

function group(policy: Policy, taken: Set<string>, asked: string, members: string[]): { least: number; members: string[] } {
  for (const one of members) {
    if (taken.has(one) || !(policy.witnesses.has(one) || policy.groups.has(one))) throw refused();
    taken.add(one);
  }
  const least = asked === "any" ? 1 : asked === "all" ? members.length : /^[1-9][0-9]{0,3}$/.test(asked) ? Number(asked) : 0;
  if (least < 1 || least > members.length) throw refused();
  return { least, members };
}

export interface Counted {
  cosigned: number;
  witnesses: number;
  least: number;
  met: boolean;
  /** Names, each with its time. */
  who: string;
}

/** Who of the policy cosigned this text. Throws Refused for a line under a witness's key that is not its signature. */
export function count(policy: Policy, text: string, lines: Line[]): Counted {
  const times = new Map<string, bigint>();
  for (const [name, key] of policy.witnesses) {
    const own = lines.filter((one) => one.name === key.name && equal(one.hash, key.hash));
    const found = own.map((one) => timeOf(key, text, one.signature)).find((time) => time !== null);
    if (own.length && found === undefined) throw new Refused("proof.signature", "cosignature", { name: key.name });
    if (found !== undefined && found !== null) times.set(name, found);
  }
  return {
    cosigned: times.size,
    witnesses: policy.witnesses.size,
    least: policy.quorum === "none" ? 0 : fewest(policy, policy.quorum),
    met: policy.quorum === "none" || met(policy, policy.quorum, times),
    who: [...times].map(([name, time]) => `${name} ${moment(time)}`).join(", ") || "–",
  };
}

function met(policy: Policy, name: string, times: Map<string, bigint>): boolean {
  const inner = policy.groups.get(name);
  if (!inner) return times.has(name);
  return inner.members.filter((one) => met(policy, one, times)).length >= inner.least;
}

function fewest(policy: Policy, name: string): number {
  const inner = policy.groups.get(name);
  if (!inner) return 1;
  const each = inner.members.map((one) => fewest(policy, one)).sort((a, b) => a - b);
  return each.slice(0, inner.least).reduce((sum, one) => sum + one, 0);
}

function timeOf(key: VerifierKey, text: string, stamped: Uint8Array): bigint | null {
  const time = stamped.slice(0, 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const message = utf8(`cosignature/v1\ntime ${time}\n${text}`);
  try {
    return time <= LATEST && ed25519.verify(stamped.slice(8), message, key.public, { zip215: false }) ? time : null;
  } catch {
    return null;
  }
}

function moment(seconds: bigint): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? `+${seconds} s` : date.toISOString().replace("T", " ").replace(".000Z", " UTC");
}
