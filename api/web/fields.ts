/** Commitments to the fields of a document, as `ledger.log.fields` makes them. The document stays in the browser. */

import { canonicalText } from "./canonical";
import { concat, equal, fromHex, fromUtf8, hex, utf8 } from "./bytes";
import { nodeHash, sha256 } from "./merkle";
import { Refused } from "./refused";

const FIELD_FORMAT = "onecode/field/1";
const OPENING_FORMAT = "onecode/opening/1";
const SALT = 32;
export const MOST_FIELDS = 16_384;
export type Scalar = string | number | boolean | null;

export interface Field {
  path: string;
  salt: string;
  value: Scalar;
}

export interface Opening {
  fields: Field[];
  fill: string[];
  format: string;
  record: string;
}

export interface Shown {
  index: number;
  path: string;
  salt: string;
  to_root: string[];
  value: Scalar;
}

/** The commitment to one field. Throws NotCanonical for a number with a fraction. */
export function fieldLeaf({ path, salt, value }: Field): Uint8Array {
  return sha256(concat(new Uint8Array([0]), utf8(canonicalText({ format: FIELD_FORMAT, path, salt, value }))));
}

/** Every scalar with its JSON pointer (RFC 6901), in the document's order. Throws Refused. */
export function flattened(document: unknown, at = ""): [string, Scalar][] {
  if (Array.isArray(document)) return document.flatMap((value, number) => flattened(value, `${at}/${number}`));
  if (typeof document === "object" && document !== null) {
    return Object.entries(document).flatMap(([name, value]) =>
      flattened(value, `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    );
  }
  if (typeof document === "number" && !Number.isSafeInteger(document)) throw new Refused("opening", "opening-number", { path: at });
  return [[at, document as Scalar]];
}

/** The document in a JSON text; a fraction is kept as the string of its digits where the browser tells them. */
export function readDocument(text: string): unknown {
  const revive = (_: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && context?.source ? context.source : value;
  try {
    return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
  } catch {
    throw new Refused("opening", "opening-json");
  }
}

/** A fresh opening for a record that is to be made. Throws Refused. */
export function openingOf(record: string, document: unknown): Opening {
  const found = flattened(document);
  if (!found.length || found.length > MOST_FIELDS) throw new Refused("opening", "opening-fields", { count: String(found.length) });
  const fields = found.map(([path, value]) => ({ path, salt: random(SALT), value }));
  const size = 2 ** Math.ceil(Math.log2(found.length));
  const fill = Array.from({ length: size - found.length }, () => random(SALT));
  return { fields, fill, format: OPENING_FORMAT, record };
}

/** The opening in its file. Throws Refused. */
export function readOpening(data: Uint8Array): Opening {
  try {
    const made = JSON.parse(fromUtf8(data)) as Opening;
    if (made.format === OPENING_FORMAT && equal(utf8(openingText(made)), data)) return made;
  } catch {
    // Whatever it is, it is not an opening.
  }
  throw new Refused("opening", "opening-file");
}

/** The file, in its one form. */
export function openingText({ fields, fill, format, record }: Opening): string {
  return `${canonicalText({ fields, fill, format, record })}\n`;
}

/** Levels of the tree, leaves first, in the order of their hashes; their number is a power of two. */
export function treeOf(opening: Opening): Uint8Array[][] {
  const filled = opening.fill.map((one) => fromHex(one) ?? new Uint8Array());
  const leaves = [...opening.fields.map(fieldLeaf), ...filled].sort((a, b) => (hex(a) < hex(b) ? -1 : 1));
  const levels = [leaves];
  for (let level = leaves; level.length > 1; levels.push(level)) {
    level = level.filter((_, at) => at % 2 === 0).map((left, at) => nodeHash(left, level[2 * at + 1] ?? left));
  }
  return levels;
}

/** The chosen fields with their places and the hashes to the root, in the order of their places. */
export function shownFields(opening: Opening, chosen: Set<string>): Shown[] {
  const levels = treeOf(opening);
  const place = new Map((levels[0] ?? []).map((leaf, at) => [hex(leaf), at]));
  return opening.fields
    .filter((one) => chosen.has(one.path))
    .map((one) => {
      const index = place.get(hex(fieldLeaf(one))) ?? 0;
      const to_root = levels.slice(0, -1).map((level, height) => hex(level[(index >> height) ^ 1] ?? new Uint8Array()));
      return { index, ...one, to_root };
    })
    .sort((a, b) => a.index - b.index);
}

function random(size: number): string {
  return hex(crypto.getRandomValues(new Uint8Array(size)));
}
