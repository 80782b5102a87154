/** The sealed proof, as `ledger.log.sealed` writes it: a leaf and its path, nothing of the record. */

import { canonicalText } from "./canonical";
import { equal, fromHex, fromUtf8, utf8 } from "./bytes";
import { type Claim, MAX_PROOF } from "./proof";
import { parseLines } from "./policy";
import { Refused } from "./refused";

const SEALED_FORMAT = "onecode/sealed-proof/1";
const COSIGNED_FORMAT = "onecode/sealed-proof/2";
const MARK = `"format":"onecode/sealed-proof/`;
const FIELDS = ["checkpoint,format,index,leaf,path,receipt", "checkpoint,cosignatures,format,index,leaf,path,receipt"];

interface Fields {
  checkpoint: string;
  cosignatures?: string;
  format: string;
  index: number;
  leaf: string;
  path: string[];
  receipt: string;
}

export interface SealedProof extends Claim {
  leaf: Uint8Array;
}

/** Whether a file says that it is sealed; a whole proof holds everything quoted or as base64, so it cannot. */
export function isSealed(data: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(data.subarray(0, MAX_PROOF)).includes(MARK);
}

/** The sealed proof from its file, byte for byte in the one form. Throws Refused. */
export function parseSealed(data: Uint8Array): SealedProof {
  if (data.length > MAX_PROOF) throw new Refused("proof.malformed", "large");
  const fields = jsonObject(data);
  const [leaf, path] = [fromHex(fields.leaf), fields.path.map(fromHex)];
  if (!leaf || path.includes(null)) throw new Refused("proof.malformed", "json");
  const cosigned = parseLines(fields.cosignatures ?? "");
  const format = cosigned.length ? COSIGNED_FORMAT : SEALED_FORMAT;
  if (!sameBytes(fields, data) || fields.format !== format) throw new Refused("proof.malformed", "form");
  const { checkpoint, receipt } = fields;
  return { leaf, path: path as Uint8Array[], checkpoint, receipt, cosigned, index: BigInt(fields.index) };
}

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
    FIELDS.includes(Object.keys(value).sort().join()) &&
    [fields.checkpoint, fields.cosignatures ?? "", fields.format, fields.leaf, fields.receipt].every((one) => typeof one === "string") &&
    Number.isSafeInteger(fields.index) &&
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
