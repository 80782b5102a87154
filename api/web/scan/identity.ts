/** One checked identity and its canonical text, the Digital Link on id.gs1.org. As `ledger.identity.identity`. */

import { type Key } from "./keys";
import { Unread } from "./unread";

export type Identity = {
  /** What it is stored and compared by. */
  readonly text: string;
  readonly key: Key | null;
  readonly code: string;
  readonly serial: string;
};

export const STEM = "https://id.gs1.org";
const NOT_82 = /[^!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]/u;

/** Mod 10, weights 3 and 1 by turns from the right (General Specifications 7.9.1). */
export function checkDigit(body: string): string {
  let sum = 0;
  for (let at = body.length - 1, weight = 3; at >= 0; at -= 1, weight = 4 - weight) sum += weight * Number(body[at]);
  return String((10 - (sum % 10)) % 10);
}

export function checkedDigits(digits: string, length: number): string {
  if (!/^[0-9]*$/.test(digits)) throw new Unread("digits", { text: digits });
  if (digits.length !== length) throw new Unread("length", { got: String(digits.length), expected: String(length) });
  const expected = checkDigit(digits.slice(0, -1));
  if (!digits.endsWith(expected)) throw new Unread("check-digit", { digits, expected, got: digits.slice(-1) });
  return digits;
}

export function in82(value: string, longest: number): string {
  const wrong = NOT_82.exec(value);
  if (wrong) throw new Unread("character", { character: wrong[0] });
  if (value.length < 1 || value.length > longest) {
    throw new Unread("length", { got: String(value.length), expected: `1-${longest}` });
  }
  return value;
}

export function made(key: Key, code: string, given = "", prefix = 4): Identity {
  let serial = given;
  if (!key.digits) {
    in82(code, key.serialLongest);
    if (!/^[0-9]+$/.test(code.slice(0, prefix))) throw new Unread("digits", { text: code.slice(0, prefix) });
    if (code.length <= prefix) throw new Unread("length", { got: String(code.length), expected: `>${prefix}` });
    return whole(key, code, "");
  }
  checkedDigits(code, key.digits);
  if (!code.startsWith(key.filler)) throw new Unread("filler", { got: code.slice(0, 1) });
  if (key.serial === "needed" || serial) in82(serial, key.serialLongest);
  if (key.serial === "optional" && serial === key.without) serial = ""; // extension 0 means the location itself
  return whole(key, code, serial);
}

function whole(key: Key, code: string, serial: string): Identity {
  const base = `${STEM}/${key.ai}/${escaped(code)}`;
  const tail = serial && key.serialAi ? `/${key.serialAi}/${escaped(serial)}` : escaped(serial);
  return { text: base + tail, key, code, serial };
}

/** Everything but unreserved characters as %XX. */
function escaped(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function unescaped(value: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(value) || /%[89A-Fa-f][0-9A-Fa-f]/.test(value)) throw new Unread("escape");
  return value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** The identity as printed under a symbol: (01)...(21)...; a plain address as it is. */
export function printed(identity: Identity): string {
  const { key, code, serial } = identity;
  if (!key) return identity.text;
  return `(${key.ai})${code}${serial && key.serialAi ? `(${key.serialAi})` : ""}${serial}`;
}
