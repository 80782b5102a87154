// The chain of one validator: a block is run before it can become the head, one after another; the heaviest branch is
// the head, and of two as heavy the one whose hash is smaller, so that validators which sealed at once agree again.

import { createBlockFromBytesArray } from "@ethereumjs/block";
import { bytesToHex, bytesToUnprefixedHex } from "@ethereumjs/util";
import { runBlock } from "@ethereumjs/vm";
import { ReceiptsManager } from "@ethereumjs/client/dist/esm/src/execution/receipt.js";

import { same } from "./clique.mjs";

const AHEAD_SECONDS = 5;
const KEPT_RECEIPTS = 256;
const FORGOTTEN_MS = 8000;
const CHUNK = 48;
const DEEPEST = 512;

/** Where a transaction is, is written one after another: what a new branch writes stays after what the old one takes back. */
export function patchReceipts() {
  const index = ReceiptsManager.prototype.updateIndex;
  ReceiptsManager.prototype.updateIndex = function (...change) {
    this.indexed = (this.indexed ?? Promise.resolve()).then(() => index.apply(this, change));
    return this.indexed;
  };
}

export class Ancestry {
  /** `allowed` tells whether a transaction's sender may use this network; `changed` is told of a new head. */
  constructor(client, allowed, changed) {
    this.client = client;
    this.service = client.service;
    this.blockchain = client.chain.blockchain;
    this.allowed = allowed;
    this.changed = changed;
    this.forgotten = new Map();
    this.receipts = new Map();
    this.turn = Promise.resolve();
  }

  get head() {
    return this.client.chain.blocks.latest;
  }

  async block(hash) {
    try {
      return await this.blockchain.getBlock(hash);
    } catch {
      return undefined;
    }
  }

  /** Take a block in, after those that came before it; whether it is new. A block that cannot be right is dropped. */
  take(block, peer) {
    const taken = this.turn.then(() => this.#take(block, peer));
    this.turn = taken.catch(() => false);
    return taken;
  }

  async #take(block, peer) {
    const name = bytesToHex(block.hash());
    if (this.#gaveUp(name)) return false;
    if (await this.block(block.hash())) return this.#reconsider(block);
    if (Number(block.header.timestamp) > Date.now() / 1000 + AHEAD_SECONDS) return false;
    if (!(await this.block(block.header.parentHash))) {
      if (peer === undefined) return false;
      await this.#fillIn(block, peer);
    }
    return this.#add(block);
  }

  async #add(block) {
    if (await this.block(block.hash())) return false;
    const parent = await this.block(block.header.parentHash);
    if (parent === undefined) return false;
    if (this.#gaveUp(bytesToHex(block.header.parentHash))) return false;
    for (const transaction of block.transactions) {
      if (!this.allowed(transaction)) throw new Error(`a transaction of ${transaction.getSenderAddress()}, who is not on the list`);
    }
    await this.blockchain.validateHeader(block.header);
    await this.blockchain.consensus.validateConsensus(block);
    this.#remember(block, await this.#run(block, parent));
    await this.#put(block);
    await this.#adopt();
    return true;
  }

  async #run(block, parent) {
    const vm = await this.service.execution.vm.shallowCopy();
    const done = await runBlock(vm, { block, root: parent.header.stateRoot, clearCache: true, skipHeaderValidation: true });
    return done.receipts;
  }

  #remember(block, receipts) {
    this.receipts.set(bytesToHex(block.hash()), receipts);
    if (this.receipts.size > KEPT_RECEIPTS) this.receipts.delete(this.receipts.keys().next().value);
  }

  /** A block that was put aside as lighter, or given up and kept by the others, is the head when it is heavier. */
  async #reconsider(block) {
    const [its, ours] = await Promise.all([block, this.head].map((one) => this.blockchain.getTotalDifficulty(one.hash())));
    if (its > ours || (its === ours && bytesToHex(block.hash()) < bytesToHex(this.head.hash()))) {
      await this.#put(block);
      await this.#adopt();
    }
    return false;
  }

  /**
   * The client takes the heavier branch; where both are as heavy it is told that ours is lighter, if that is to give way.
   * Not of a child of our head, whose own weight is counted from it and kept.
   */
  async #put(block) {
    const chain = this.blockchain;
    const head = this.head.hash();
    const weigh = Object.getPrototypeOf(chain).getTotalDifficulty;
    if (!same(block.header.parentHash, head) && bytesToHex(block.hash()) < bytesToHex(head)) {
      chain.getTotalDifficulty = async function (hash, number) {
        const weight = await weigh.call(this, hash, number);
        return same(hash, head) ? weight - 1n : weight;
      };
    }
    try {
      await chain.putBlock(block);
    } finally {
      delete chain.getTotalDifficulty;
    }
  }

  /** Bring receipts, the state for questions and the pool in line with the head. */
  async #adopt() {
    const before = this.head;
    const now = await this.blockchain.getCanonicalHeadBlock();
    if (same(before.hash(), now.hash())) return;
    const [gone, come] = await this.#apart(before, now);
    const { receiptsManager } = this.service.execution;
    for (const block of gone) await receiptsManager.deleteReceipts(block);
    for (const block of come) {
      const known = this.receipts.get(bytesToHex(block.hash()));
      await receiptsManager.saveReceipts(block, known ?? (await this.#run(block, await this.block(block.header.parentHash))));
    }
    await receiptsManager.indexed;
    await this.blockchain.setIteratorHead("vm", now.hash());
    await this.client.chain.update(true);
    await this.#tidyPool(gone, come);
    this.changed();
  }

  /** What lies between two blocks and their last common ancestor; what comes, oldest first. */
  async #apart(one, other) {
    const gone = [];
    const come = [];
    while (!same(one.hash(), other.hash())) {
      if (one.header.number >= other.header.number) {
        gone.push(one);
        one = await this.blockchain.getBlock(one.header.parentHash);
      } else {
        come.unshift(other);
        other = await this.blockchain.getBlock(other.header.parentHash);
      }
    }
    return [gone, come];
  }

  /** Transactions of blocks that are gone wait again; those in blocks, and those whose nonce is used, do not. */
  async #tidyPool(gone, come) {
    const { txPool } = this.service;
    txPool.removeNewBlockTxs(come);
    const mined = new Set(come.flatMap((block) => block.transactions.map((one) => bytesToHex(one.hash()))));
    for (const transaction of gone.flatMap((block) => block.transactions)) {
      if (!mined.has(bytesToHex(transaction.hash()))) await txPool.add(transaction, true).catch(() => {});
    }
    const vm = await this.service.execution.vm.shallowCopy();
    await vm.stateManager.setStateRoot(this.head.header.stateRoot);
    for (const waiting of [...txPool.pool.values()].flat()) {
      const account = await vm.stateManager.getAccount(waiting.tx.getSenderAddress());
      if (waiting.tx.nonce < (account?.nonce ?? 0n)) txPool.removeByHash(bytesToUnprefixedHex(waiting.tx.hash()), waiting.tx);
    }
  }

  /** Fetch what is missing below a block: by number from its sender's chain, and what is left one by one by hash. */
  async #fillIn(block, peer) {
    const last = block.header.number;
    let next = this.head.header.number > 8n ? this.head.header.number - 8n : 1n;
    while (next < last && !(await this.block(block.header.parentHash))) {
      const wanted = Number(last - next) < CHUNK ? Number(last - next) : CHUNK;
      const found = await fetch(this.client, peer, next, wanted);
      for (const one of found) await this.#add(one).catch(() => false);
      if (found.length < wanted) break;
      next += BigInt(wanted);
    }
    const missing = [];
    let hash = block.header.parentHash;
    while (!(await this.block(hash)) && missing.length < DEEPEST) {
      const [found] = await fetch(this.client, peer, hash, 1);
      if (found === undefined) return;
      missing.unshift(found);
      hash = found.header.parentHash;
    }
    for (const one of missing) await this.#add(one);
  }

  #giveUp(block) {
    this.forgotten.set(bytesToHex(block.hash()), Date.now() + FORGOTTEN_MS);
  }

  #gaveUp(name) {
    return (this.forgotten.get(name) ?? 0) > Date.now();
  }

  /**
   * Give up the blocks above a number, as a chain does that is rewritten. They are refused until others are in their
   * place; not for good, or a validator that gave up what most of the others kept would never be of their mind again.
   */
  forget(number) {
    const done = this.turn.then(async () => {
      const before = this.head;
      if (before.header.number <= number) return;
      const [gone] = await this.#apart(before, await this.blockchain.getBlock(number));
      for (const block of gone) this.#giveUp(block);
      await this.blockchain.resetCanonicalHead(number);
      for (const block of gone) await this.service.execution.receiptsManager.deleteReceipts(block);
      await this.blockchain.setIteratorHead("vm", (await this.blockchain.getCanonicalHeadBlock()).hash());
      await this.client.chain.update(true);
      await this.#tidyPool(gone, []);
      this.changed();
    });
    this.turn = done.catch(() => {});
    return done;
  }
}

/** So many blocks of a peer from a number or hash on; fewer when it has no more, none when it does not answer. */
async function fetch(client, peer, from, count) {
  const headers = (await peer.eth?.getBlockHeaders({ block: from, max: count }))?.[1] ?? [];
  if (headers.length === 0) return [];
  const bodies = (await peer.eth?.getBlockBodies({ hashes: headers.map((one) => one.hash()) }))?.[1] ?? [];
  const common = client.config.chainCommon;
  return bodies.map((body, n) => createBlockFromBytesArray([headers[n].raw(), ...body], { common, setHardfork: true }));
}
