// Clique as EIP-225 has it, for a fixed set of signers: who may seal is read off the ancestors of the very block, so
// that blocks of another branch are judged as well as those of one's own.

import { cliqueSigner, cliqueVerifySignature } from "@ethereumjs/block";
import { CliqueConsensus } from "@ethereumjs/blockchain";
import { equalsBytes } from "@ethereumjs/util";

/** A signer seals one block of so many in a row. */
export function span(signers) {
  return Math.floor(signers.length / 2) + 1;
}

/** Whether `signer` sealed one of the last blocks that end with `hash`. */
export async function sealedLately(blockchain, hash, signer, signers) {
  for (let left = span(signers) - 1; left > 0; left--) {
    const { header } = await blockchain.getBlock(hash);
    if (header.isGenesis()) return false;
    if (cliqueSigner(header).equals(signer)) return true;
    hash = header.parentHash;
  }
  return false;
}

/** 0 for the signer whose turn it is, 1 for the one after it, and so on. */
export function rank(number, index, count) {
  return Number((BigInt(index) - (number % BigInt(count)) + BigInt(count)) % BigInt(count));
}

export function patchClique() {
  CliqueConsensus.prototype.validateConsensus = async function ({ header }) {
    const signers = this.cliqueActiveSigners(header.number);
    if (!header.coinbase.isZero()) throw new Error("the signers of this network are fixed; a block voted");
    if (!cliqueVerifySignature(header, signers)) throw new Error("sealed by none of the validators");
    if (await sealedLately(this.blockchain, header.parentHash, cliqueSigner(header), signers)) throw new Error("recently signed");
  };
  CliqueConsensus.prototype.newBlock = async function () {};
}

export function same(one, other) {
  return equalsBytes(one, other);
}
