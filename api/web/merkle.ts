/** Inclusion in the Merkle tree of RFC 6962 / RFC 9162, SHA-256. */

import { sha256 } from "@noble/hashes/sha2.js";
import { concat } from "./bytes";

export { sha256 };

const NODE = new Uint8Array([1]);

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(NODE, left, right));
}

/** How many hashes the proof of a leaf has: (inside the complete left part, left siblings above it). */
export function pathShape(index: bigint, size: bigint): [number, number] {
  const inner = bitLength(index ^ (size - 1n));
  return [inner, bitCount(index >> BigInt(inner))];
}

/** Every node from the leaf to the root that the path leads to (RFC 9162, 2.1.3.2); the path has its right length. */
export function climb(leaf: Uint8Array, index: bigint, inner: number, path: Uint8Array[]): Uint8Array[] {
  const nodes = [leaf];
  let node = leaf;
  path.forEach((sibling, level) => {
    const right = level >= inner || ((index >> BigInt(level)) & 1n) === 1n;
    node = right ? nodeHash(sibling, node) : nodeHash(node, sibling);
    nodes.push(node);
  });
  return nodes;
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

function bitCount(value: bigint): number {
  return value.toString(2).replaceAll("0", "").length;
}
