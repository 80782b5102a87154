/** The disclosure of fields, as `ledger.log.disclosure` reads it: the fields first, then the proof of their record. */

import { canonicalText } from "./canonical";
import { equal, fromHex, fromUtf8, utf8 } from "./bytes";
import { fieldLeaf, MOST_FIELDS, type Shown } from "./fields";
import { checkInclusion } from "./proof";
import { Refused } from "./refused";

const FORMAT = "onecode/disclosure/1";
const MARK = `"format":"${FORMAT}"`;
const LARGEST = 16_000_000;
const FIELDS = ["index", "path", "salt", "to_root", "value"];

export interface Disclosure {
  fields: Shown[];
  proof: Uint8Array;
}

/** Whether a file says that it shows fields. */
export function isDisclosure(data: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(data.subarray(0, LARGEST)).includes(MARK);
}

/** The disclosure from its file, byte for byte in the one form; its proof as the file it would be. Throws Refused. */
export function parseDisclosure(data: Uint8Array): Disclosure {
  if (data.length > LARGEST) throw new Refused("proof.malformed", "large");
  let value: { fields: Shown[]; format: string; proof: unknown };
  let same: boolean;
  try {
    value = JSON.parse(fromUtf8(data)) as typeof value;
    same = equal(utf8(`${canonicalText(value)}\n`), data);
  } catch {
    throw new Refused("proof.malformed", "json");
  }
  const shaped =
    Object.keys(value).sort().join() === "fields,format,proof" &&
    value.format === FORMAT &&
    typeof value.proof === "object" &&
    value.proof !== null &&
    Array.isArray(value.fields) &&
    value.fields.every(isShown);
  if (!shaped || !same) throw new Refused("proof.malformed", shaped ? "form" : "json");
  return { fields: value.fields, proof: utf8(`${canonicalText(value.proof)}\n`) };
}

/** Every field leads to the root that the record commits to. Throws Refused. */
export function checkFields(fields: Shown[], body: Uint8Array): void {
  const [size, root] = committed(body);
  const rising = fields.every((one, at) => at === 0 || one.index > (fields[at - 1]?.index ?? 0));
  if (!fields.length || !rising || new Set(fields.map((one) => one.path)).size < fields.length) {
    throw new Refused("proof.malformed", "fields");
  }
  for (const one of fields) {
    const [salt, path] = [fromHex(one.salt), one.to_root.map((node) => fromHex(node))];
    if (salt?.length !== 32 || path.some((node) => node?.length !== 32)) throw new Refused("proof.malformed", "fields");
    checkInclusion(fieldLeaf(one), BigInt(one.index), size, path as Uint8Array[], root);
  }
}

function committed(body: Uint8Array): [bigint, Uint8Array] {
  try {
    const { record } = JSON.parse(fromUtf8(body)) as { record: { kind: string; root: string; size: number } };
    const root = fromHex(record.root);
    if (record.kind === "field_commitment" && record.size > 0 && record.size <= MOST_FIELDS && root?.length === 32) {
      return [BigInt(record.size), root];
    }
  } catch {
    // It commits to nothing, whatever it is.
  }
  throw new Refused("proof.malformed", "no-commitment");
}

function isShown(one: unknown): one is Shown {
  if (typeof one !== "object" || one === null || Object.keys(one).sort().join() !== FIELDS.join()) return false;
  const { index, path, salt, to_root, value } = one as Shown;
  return (
    Number.isSafeInteger(index) &&
    typeof path === "string" &&
    typeof salt === "string" &&
    Array.isArray(to_root) &&
    to_root.every((node) => typeof node === "string") &&
    (value === null || ["string", "boolean"].includes(typeof value) || Number.isSafeInteger(value))
  );
}
