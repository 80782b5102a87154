/**
 * EPC binary as a reader's keyboard mode types it: 96-bit SGTIN, SSCC, SGLN, GRAI, GIAI and the '+' schemes of TDS 2.x.
 *
 * Whatever else a tag holds (long forms, '++', a manufacturer's own number) is left to the server: it is sent as it came.
 * Source: TDS 2.3, sections 14 and 15.
 */

import { type Identity, checkDigit, made } from "./identity";
import { type Key, keyNamed } from "./keys";
import { Unread } from "./unread";

/** Company prefix: bits and digits by partition value (TDS 14.6, the same in all of them). */
const PREFIX = [[40, 12], [37, 11], [34, 10], [30, 9], [27, 8], [24, 7], [20, 6]] as const;

type Classic = { readonly key: Key; readonly bits: number; readonly digits: number; readonly serial: number };

/** Bits of prefix and reference together, their digits, bits of the serial. */
const CLASSIC: Readonly<Record<string, Classic>> = {
  "30": { key: keyNamed("SGTIN"), bits: 44, digits: 13, serial: 38 },
  "31": { key: keyNamed("SSCC"), bits: 58, digits: 17, serial: 0 },
  "32": { key: keyNamed("SGLN"), bits: 41, digits: 12, serial: 41 },
  "33": { key: keyNamed("GRAI"), bits: 44, digits: 12, serial: 38 },
  "34": { key: keyNamed("GIAI"), bits: 82, digits: 0, serial: 0 },
};
const PLUS: Readonly<Record<string, Key>> = {
  F7: keyNamed("SGTIN"), F9: keyNamed("SSCC"), F2: keyNamed("SGLN"), F1: keyNamed("GRAI"), FA: keyNamed("GIAI"),
};
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function looksLikeTag(text: string): boolean {
  return /^[0-9A-Fa-f]{16,128}$/.test(text) && (/[A-Fa-f]/.test(text) || text.length === 24);
}

/** The identity in an EPC's hexadecimal digits. Throws `Unread`. */
export function tag(hex: string): Identity {
  const upper = hex.toUpperCase();
  const header = upper.slice(0, 2);
  const bits = new Bits([...upper].map((digit) => parseInt(digit, 16).toString(2).padStart(4, "0")).join(""));
  bits.number(8);
  const classic = CLASSIC[header];
  if (classic && upper.length === 24) return ofClassic(classic, bits);
  const plus = PLUS[header];
  if (plus) return ofPlus(plus, bits);
  throw new Unread("tag-scheme", { header });
}

class Bits {
  private at = 0;

  constructor(private readonly text: string) {}

  take(count: number): string {
    const found = this.text.slice(this.at, this.at + count);
    if (found.length < count) throw new Unread("tag-short");
    this.at += count;
    return found;
  }

  big(count: number): bigint {
    return count ? BigInt(`0b${this.take(count)}`) : 0n;
  }

  number(count: number): number {
    return Number(this.big(count));
  }

  digits(count: number): string {
    let found = "";
    for (let n = 0; n < count; n += 1) {
      const digit = this.number(4);
      if (digit > 9) throw new Unread("tag-digits");
      found += digit;
    }
    return found;
  }

  /** Nothing but zeros may stand behind the EPC. */
  end(): void {
    if (this.text.slice(this.at).includes("1")) throw new Unread("tag-tail");
  }
}

function ofClassic({ key, bits: width, digits, serial }: Classic, bits: Bits): Identity {
  bits.number(3);
  const partition = PREFIX[bits.number(3)];
  if (!partition) throw new Unread("tag-partition");
  const [prefixBits, prefixDigits] = partition;
  const company = padded(bits.big(prefixBits), prefixDigits);
  if (!digits) {
    const reference = bits.big(width - prefixBits);
    return made(key, company + String(reference), "", prefixDigits);
  }
  const reference = digits === prefixDigits ? none(bits, width - prefixBits) : padded(bits.big(width - prefixBits), digits - prefixDigits);
  const body = key.leading ? reference.slice(0, 1) + company + reference.slice(1) : company + reference;
  const tail = serial ? String(bits.big(serial)) : "";
  bits.end();
  return made(key, key.filler + body + checkDigit(body), tail);
}

function none(bits: Bits, count: number): string {
  if (bits.big(count)) throw new Unread("tag-digits");
  return "";
}

function padded(value: bigint, digits: number): string {
  const text = String(value).padStart(digits, "0");
  if (text.length > digits) throw new Unread("tag-digits");
  return text;
}

function ofPlus(key: Key, bits: Bits): Identity {
  if (bits.number(1)) throw new Unread("tag-scheme", { header: "+" }); // further data follow: the server reads them
  bits.number(3);
  const found = key.digits ? made(key, bits.digits(key.digits), serialOf(key, bits)) : made(key, delimited(bits));
  bits.end();
  return found;
}

function serialOf(key: Key, bits: Bits): string {
  return key.serial === "none" ? "" : variable(bits);
}

/** Digits, ended by F, or by E where other characters follow (TDS 14.5.4). */
function delimited(bits: Bits): string {
  for (let found = ""; ; ) {
    const digit = bits.number(4);
    if (digit === 0xf) return found;
    if (digit === 0xe) return found + variable(bits);
    if (digit > 9) throw new Unread("tag-digits");
    found += digit;
  }
}

/** Variable-length text: how it is written (3 bits), how many characters (5 bits), the characters (TDS 14.5.6). */
function variable(bits: Bits): string {
  const [method, length] = [bits.number(3), bits.number(5)];
  const several = (width: number, character: (value: number) => string): string => {
    let found = "";
    for (let n = 0; n < length; n += 1) found += character(bits.number(width));
    return found;
  };
  switch (method) {
    case 0: return padded(bits.big(Math.ceil(length * Math.log2(10))), length);
    case 1: return several(4, (value) => value.toString(16).toUpperCase());
    case 2: return several(4, (value) => value.toString(16));
    case 3: return several(6, (value) => BASE64[value] ?? "");
    case 4: return several(7, (value) => String.fromCharCode(value));
    default: throw new Unread("tag-scheme", { header: `+${method}` });
  }
}
