/**
 * Sealing a bid, as `ledger.scoring.sealing` says: X25519 (RFC 7748) with both published keys, HKDF-SHA256 (RFC 5869),
 * AES-256-GCM. Everything here happens in the bidder's browser; what leaves it nobody can read alone.
 */

import { base64, concat, fromHex, hex, utf8 } from "./bytes";
import { canonicalText } from "./canonical";

export const FORMAT = "onecode/sealed-bid/1";
const BLOCK = 4096;
const HEAD = 36;
const CURVE = { name: "X25519" };

export interface Purpose {
  tender: string;
  scheme: string;
  supplier: string;
  buyer: string;
  auditor: string;
}

export interface SealedBid {
  scheme: string;
  commitment: string;
  ephemeral: string;
  ciphertext: string;
}

export interface KeyPair {
  privateKey: string;
  publicKey: string;
}

const bytes = (data: Uint8Array): BufferSource => data as BufferSource;

function known(text: string): Uint8Array {
  const found = fromHex(text);
  if (!found || found.length !== 32) throw new TypeError("a key has 32 bytes");
  return found;
}

async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(data)));
}

/** A fresh pair, hexadecimal. Throws NotSupportedError in a browser without X25519. */
export async function freshPair(): Promise<KeyPair> {
  const made = (await crypto.subtle.generateKey(CURVE, true, ["deriveBits"])) as CryptoKeyPair;
  const told = await crypto.subtle.exportKey("jwk", made.privateKey);
  return { privateKey: hex(fromBase64Url(told.d ?? "")), publicKey: hex(fromBase64Url(told.x ?? "")) };
}

function fromBase64Url(text: string): Uint8Array {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function shared(own: CryptoKey, theirs: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", bytes(known(theirs)), CURVE, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: key } as AlgorithmIdentifier, own, 256));
}

/** The sealed body, and the nonce that shows later what it said. */
export async function seal(body: string, purpose: Purpose): Promise<{ sealed: SealedBid; nonce: string }> {
  const pair = (await crypto.subtle.generateKey(CURVE, true, ["deriveBits"])) as CryptoKeyPair;
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const [nonce, content] = [crypto.getRandomValues(new Uint8Array(32)), utf8(body)];
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, content.length);
  const padded = Math.ceil((HEAD + content.length) / BLOCK) * BLOCK - HEAD - content.length;
  const payload = concat(nonce, size, content, new Uint8Array(padded));
  const about = utf8(canonicalText({ ...purpose, format: FORMAT }));
  const secrets = concat(await shared(pair.privateKey, purpose.buyer), await shared(pair.privateKey, purpose.auditor));
  const material = await crypto.subtle.importKey("raw", bytes(secrets), "HKDF", false, ["deriveKey"]);
  const info = concat(utf8(`${FORMAT}\n`), ephemeral);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: bytes(await sha256(about)), info: bytes(info) },
    material, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const box = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: new Uint8Array(12), additionalData: bytes(about) }, key, bytes(payload),
  );
  const commitment = await sha256(concat(utf8(`${FORMAT}\n`), nonce, content));
  const sealed = {
    scheme: purpose.scheme, commitment: hex(commitment), ephemeral: hex(ephemeral), ciphertext: base64(new Uint8Array(box)),
  };
  return { sealed, nonce: hex(nonce) };
}
