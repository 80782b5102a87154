// Merkle trees for the tests, from the definition in RFC 6962 section 2.1 by recursion: no code shared with the ledger.
import { createHash } from "node:crypto";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

export const leafHash = (data) => sha256(Buffer.of(0), data);
export const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** A log of `size` leaves whose hashes are SHA-256(0x00 || its number): subtree roots are kept once computed. */
export class Tree {
  #known = new Map();

  constructor(leaf = (index) => leafHash(Buffer.from(String(index)))) {
    this.leaf = leaf;
  }

  /** Root of the leaves from `start` up to, not including, `stop`. */
  range(start, stop) {
    if (stop - start === 1) return this.leaf(start);
    const key = `${start}-${stop}`;
    if (!this.#known.has(key)) {
      const middle = start + split(stop - start);
      const hash = nodeHash(this.range(start, middle), this.range(middle, stop));
      if (stop - start < 1024) return hash;
      this.#known.set(key, hash);
    }
    return this.#known.get(key);
  }

  root(size) {
    return this.range(0, size);
  }

  /** RFC 6962 section 2.1.1, from the leaf up. */
  inclusion(index, size, start = 0) {
    if (size === 1) return [];
    const middle = split(size);
    return index < middle
      ? [...this.inclusion(index, middle, start), this.range(start + middle, start + size)]
      : [...this.inclusion(index - middle, size - middle, start + middle), this.range(start, start + middle)];
  }

  /** RFC 6962 section 2.1.2. */
  consistency(old, size, start = 0, whole = true) {
    if (old === size) return whole ? [] : [this.range(start, start + size)];
    const middle = split(size);
    return old <= middle
      ? [...this.consistency(old, middle, start, whole), this.range(start + middle, start + size)]
      : [...this.consistency(old - middle, size - middle, start + middle, false), this.range(start, start + middle)];
  }
}

function split(size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
