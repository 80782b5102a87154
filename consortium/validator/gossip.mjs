// What validators tell each other: heads and transactions, whole, to everyone, and again from time to time.

import { FullEthereumService } from "@ethereumjs/client/dist/esm/src/service/fullethereumservice.js";
import { TxPool } from "@ethereumjs/client/dist/esm/src/service/txpool.js";
import { FullSynchronizer } from "@ethereumjs/client/dist/esm/src/sync/fullsync.js";
import { VMExecution } from "@ethereumjs/client/dist/esm/src/execution/vmexecution.js";
import { Event } from "@ethereumjs/client/dist/esm/src/types.js";
import { bytesToHex } from "@ethereumjs/util";

import { answered } from "./asking.mjs";

const AGAIN_MS = 2000;
let current;

export function patchGossip() {
  FullSynchronizer.prototype.start = async function () {
    return false;
  };
  FullSynchronizer.prototype.runExecution = async function () {};
  VMExecution.prototype.run = async function () {
    return 0;
  };
  const handle = FullEthereumService.prototype.handleEth;
  FullEthereumService.prototype.handleEth = async function (message, peer) {
    if (!current?.listensTo(peer)) return;
    if (message.name === "NewBlock") await current.heard(message.data[0], peer);
    else if (message.name === "BlockHeaders" || message.name === "BlockBodies") answered(message.data, peer);
    else if (message.name !== "NewBlockHashes" && message.name !== "NewPooledTransactionHashes") await handle.call(this, message, peer);
  };
  TxPool.prototype.sendNewTxHashes = function () {};
  TxPool.prototype.sendTransactions = function (transactions) {
    current?.spread("Transactions", transactions);
  };
  TxPool.prototype.handleAnnouncedTxs = async function (transactions, peer) {
    const fresh = [];
    for (const one of transactions ?? []) {
      if (this.getByHash([one.hash()]).length > 0) continue;
      await this.add(one, true).then(() => fresh.push(one), () => {});
    }
    if (fresh.length > 0) current?.spread("Transactions", fresh, peer);
  };
}

/** Refuse transactions whose sender is not on the list, from whichever side they come. */
export function patchSenders(allowed) {
  const validate = TxPool.prototype.validate;
  TxPool.prototype.validate = async function (transaction, local) {
    if (!allowed(transaction)) throw new Error(`sender ${transaction.getSenderAddress()} is not on the list of this network`);
    return validate.call(this, transaction, local);
  };
}

export class Gossip {
  constructor(ancestry, peers) {
    this.ancestry = ancestry;
    this.peers = peers;
    current = this;
    ancestry.client.config.events.on(Event.POOL_PEER_ADDED, (peer) => setTimeout(() => this.#greet(peer), 0));
  }

  start() {
    this.again = setInterval(() => {
      for (const peer of this.peers.connected) this.#greet(peer);
    }, AGAIN_MS);
  }

  listensTo(peer) {
    return this.peers.listed.has(peer.id) && !this.peers.cut.has(peer.id);
  }

  async heard(block, peer) {
    try {
      if (await this.ancestry.take(block, peer)) await this.tell(block, peer);
    } catch (error) {
      console.error(`block ${block.header.number} ${bytesToHex(block.hash())} refused: ${error.message}`);
    }
  }

  async tell(block, except) {
    const weight = await this.ancestry.client.chain.getTd(block.hash(), block.header.number);
    this.spread("NewBlock", [block, weight], except);
  }

  spread(name, what, except) {
    for (const peer of this.peers.connected) if (peer.id !== except?.id) send(peer, name, what);
  }

  #greet(peer) {
    if (!this.listensTo(peer)) return;
    const { head, service, client } = this.ancestry;
    if (head.header.number > 0n) send(peer, "NewBlock", [head, client.chain.blocks.td]);
    const waiting = [...service.txPool.pool.values()].flat().map((one) => one.tx);
    if (waiting.length > 0) send(peer, "Transactions", waiting);
  }

  stop() {
    clearInterval(this.again);
  }
}

function send(peer, name, what) {
  try {
    peer.eth?.send(name, what);
  } catch (error) {
    console.error(`${name} not sent: ${error.message}`);
  }
}
