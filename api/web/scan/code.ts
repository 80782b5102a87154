/**
 * Reading what a scanner or a person hands over: Digital Link, element string (with AIM prefix and GS), EPC URI,
 * EPC hex, https address. The same texts and refusals as `ledger.identity.parse`, held by the same vectors.
 */

import { identifierAt, isIdentifier, valueLength } from "./elements";
import { type Identity, STEM, checkDigit, in82, made, unescaped } from "./identity";
import { ELSEWHERE, KEYS, type Key, PRIMARY, QUALIFIERS } from "./keys";
import { looksLikeTag, tag } from "./tag";
import { Unread } from "./unread";

const GS = "\x1d";
const LONGEST = 512;
/** Symbology identifiers that promise an element string (General Specifications 5.10). */
const AIM_GS1 = new Set(["]C1", "]d2", "]Q3", "]e0", "]J1"]);
const SEGMENTS = "A-Za-z0-9\\-._~!$&'()*+,;=:@%/";
const ADDRESS = new RegExp(
  `^https?://([a-z0-9.\\-]+(?::[0-9]{1,5})?)((?:/[${SEGMENTS}]*)?)(?:\\?([${SEGMENTS}?]*))?(?:#[${SEGMENTS}?]*)?$`,
  "i",
);
const NAMED = /\/(?:cpid|gcn|gdti|giai|ginc|gln|gmn|grai|gsin|gsrn|gsrnp|gtin|itip|party|sscc)\/[0-9]/i;

/** The identity a text names. Throws `Unread`. */
export function read(text: string): Identity {
  if (text.length > LONGEST) throw new Unread("length", { got: String(text.length), expected: `1-${LONGEST}` });
  const plain = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  const aim = /^\][A-Za-z][0-9]/.exec(plain)?.[0] ?? "";
  const rest = plain.slice(aim.length);
  if (AIM_GS1.has(aim)) return separated(rest.startsWith(GS) ? rest.slice(1) : rest);
  if (rest.startsWith(GS)) return separated(rest.slice(1));
  if (rest.startsWith("urn:")) return epcUri(rest);
  const scheme = /^(https?):\/\//i.exec(rest)?.[1];
  if (scheme) return address(rest, scheme);
  if (rest.startsWith("(")) return bracketed(rest);
  if (looksLikeTag(rest)) return tag(rest);
  if (/^[0-9]/.test(rest)) return separated(rest);
  if (/^\p{Nd}/u.test(rest)) throw new Unread("digits", { text: rest.slice(0, 1) });
  throw new Unread("form");
}

function bracketed(text: string): Identity {
  const found: [string, string][] = [];
  let at = 0;
  while (at < text.length) {
    const ai = /^\(([0-9]{2,4})\) ?/.exec(text.slice(at));
    const value = ai && /^(?:[^(\\ ]|\\\()+/.exec(text.slice(at + ai[0].length));
    if (!ai || !value) throw new Unread("form");
    if (!isIdentifier(ai[1] ?? "")) throw new Unread("ai-unknown", { ai: ai[1] ?? "" });
    found.push([ai[1] ?? "", value[0].replaceAll("\\(", "(")]);
    at += ai[0].length + value[0].length;
    if (text.startsWith(" (", at)) at += 1;
  }
  return ofElements(found);
}

function separated(text: string): Identity {
  const found: [string, string][] = [];
  let left = text;
  while (left) {
    const ai = identifierAt(left);
    if (!ai) {
      if (!/^[0-9]{1,2}$/.test(left.slice(0, 2))) throw new Unread("digits", { text: left.slice(0, 2) });
      throw new Unread("ai-unknown", { ai: left.slice(0, 2) });
    }
    const rest = left.slice(ai.length);
    const length = valueLength(ai);
    const end = length ?? (rest.includes(GS) ? rest.indexOf(GS) : rest.length);
    found.push([ai, rest.slice(0, end)]);
    left = rest.slice(end);
    if (left.startsWith(GS)) left = left.slice(1);
  }
  return ofElements(found);
}

function ofElements(elements: [string, string][]): Identity {
  const values = new Map<string, string>();
  for (const [ai, value] of elements) {
    if (values.has(ai)) throw new Unread("ai-repeated", { ai });
    values.set(ai, value);
  }
  const primary = [...values.keys()].filter((ai) => PRIMARY.has(ai));
  if (primary.length > 1) throw new Unread("several-keys");
  const first = primary[0];
  if (first === undefined) throw new Unread("key-missing");
  if (ELSEWHERE.has(first)) throw new Unread("form");
  const key = KEYS.find((one) => one.ai === first && fits(one, values));
  if (!key) throw new Unread("key-missing");
  let code = values.get(first) ?? "";
  let serial = key.serialAi ? (values.get(key.serialAi) ?? "") : "";
  if (key.digits && !key.serialAi && key.serialLongest) [code, serial] = [code.slice(0, key.digits), code.slice(key.digits)];
  for (const [ai, value] of values) if (ai !== first && ai !== key.serialAi) attribute(ai, value);
  return made(key, code, serial);
}

function fits(key: Key, values: Map<string, string>): boolean {
  if (key.serial !== "needed") return true;
  return key.serialAi ? values.has(key.serialAi) : (values.get(key.ai) ?? "").length > key.digits;
}

function attribute(ai: string, value: string): void {
  const length = valueLength(ai);
  if (length === null) in82(value, 90);
  else if (!/^[0-9]*$/.test(value)) throw new Unread("digits", { text: value });
  else if (value.length !== length) throw new Unread("length", { got: String(value.length), expected: String(length) });
}

/** A pure identity EPC URI (TDS section 6). */
function epcUri(text: string): Identity {
  for (const key of KEYS) {
    if (!text.startsWith(key.urn)) continue;
    const tailed = key.digits > 0 && (key.serial !== "none" || key.without !== "");
    const parts = (key.digits ? (tailed ? /^([0-9]{6,12})\.([0-9]*)\.(.+)$/ : /^([0-9]{6,12})\.([0-9]*)$/) : /^([0-9]{6,12})\.(.+)$/).exec(
      text.slice(key.urn.length),
    );
    if (!parts) continue;
    const [, company = "", reference = "", tail = ""] = parts;
    if (!key.digits) return made(key, company + urnUnescaped(reference), "", company.length);
    const first = key.leading ? 1 : 0;
    if (key.filler.length + company.length + reference.length + 1 !== key.digits || (key.leading && !reference)) {
      throw new Unread("length", { got: String(company.length + reference.length + 1), expected: String(key.digits) });
    }
    const body = reference.slice(0, first) + company + reference.slice(first);
    if (key.serial === "none" && tail !== key.without) throw new Unread("form");
    return made(key, key.filler + body + checkDigit(body), tail === key.without ? "" : urnUnescaped(tail));
  }
  throw new Unread("form");
}

function urnUnescaped(value: string): string {
  const raw = /["&/<>?#]/.exec(value);
  if (raw) throw new Unread("character", { character: raw[0] });
  return unescaped(value);
}

/** A Digital Link on any domain, or a supplier's own https address (Digital Link URI syntax; RFC 3986). */
function address(text: string, scheme: string): Identity {
  if (scheme !== scheme.toLowerCase() && scheme !== scheme.toUpperCase()) throw new Unread("scheme-case");
  const parts = ADDRESS.exec(text);
  if (!parts) throw new Unread("uri");
  const [, host = "", path = "", query] = parts;
  const segments = path.split("/").slice(1);
  for (let start = segments.length - 2; start >= 0; start -= 2) {
    const names = segments.slice(start).filter((_, at) => at % 2 === 0);
    if (PRIMARY.has(segments[start] ?? "") && names.every((one) => /^[0-9]+$/.test(one))) {
      return link(segments.slice(start), query ?? "");
    }
  }
  if (host.toLowerCase() === STEM.slice("https://".length)) throw new Unread("key-missing");
  if (NAMED.test(path)) throw new Unread("form"); // keys by name instead of number: the server reads those
  const begun = segments.some((one, at) => PRIMARY.has(one) && /^[0-9]{8}/.test(segments[at + 1] ?? ""));
  if (begun || scheme.toLowerCase() !== "https" || (!segments.some(Boolean) && query === undefined)) throw new Unread("uri");
  unescaped(text);
  const plain = `https://${host.toLowerCase()}${text.slice("https://".length + host.length)}`;
  return { text: plain, key: null, code: plain, serial: "" };
}

function link(segments: string[], query: string): Identity {
  const pairs: [string, string][] = [];
  for (let at = 0; at < segments.length; at += 2) pairs.push([segments[at] ?? "", unescaped(segments[at + 1] ?? "")]);
  const key = pairs[0]?.[0] ?? "";
  if (ELSEWHERE.has(key)) throw new Unread("form");
  const order = QUALIFIERS[key] ?? [];
  let position = -1;
  for (const [ai] of pairs.slice(1)) {
    if (order.indexOf(ai) <= position) throw new Unread("qualifier", { ai });
    position = order.indexOf(ai);
  }
  for (const part of query.replaceAll(";", "&").split("&")) {
    const [name = "", ...value] = part.split("=");
    if (!/^[0-9]+$/.test(name)) continue;
    if (!isIdentifier(name)) throw new Unread("ai-unknown", { ai: name });
    if (order.includes(name)) throw new Unread("qualifier", { ai: name });
    pairs.push([name, unescaped(value.join("="))]);
  }
  return ofElements(pairs);
}
