/** RFC 8785 text of the JSON that the ledger records: no floats, integers within 2^53 - 1, depth at most 32. */

import { equal, fromUtf8, utf8 } from "./bytes";

const MAX_DEPTH = 32;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export class NotCanonical extends Error {}

/** Canonical text of plain JSON data. Throws NotCanonical. */
export function canonicalText(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new NotCanonical("depth");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new NotCanonical("number");
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, depth + 1)).join(",")}]`;
  const object = value as Record<string, unknown>;
  // RFC 8785, 3.2.3: keys sort by their UTF-16 code units, as JavaScript compares strings.
  const keys = Object.keys(object).sort((a, b) => (a < b ? -1 : 1));
  return `{${keys.map((key) => `${quoted(key)}:${canonicalText(object[key], depth + 1)}`).join(",")}}`;
}

/** Whether these bytes are their own canonical form. */
export function isCanonical(bytes: Uint8Array): boolean {
  try {
    return equal(utf8(canonicalText(JSON.parse(fromUtf8(bytes)))), bytes);
  } catch {
    return false;
  }
}

function quoted(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new NotCanonical("surrogate");
  return JSON.stringify(text);
}
