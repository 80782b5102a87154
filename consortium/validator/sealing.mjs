// Seals blocks: in turn as soon as the period is over, out of turn half a second later for each validator that is
// before it, and never while too few of the others are connected to call it a network.

import { buildBlock } from "@ethereumjs/vm";

import { rank, same, sealedLately } from "./clique.mjs";

const STAGGER_MS = 500;
const AGAIN_MS = 100;
const EMPTY_SEAL = new Uint8Array(97);

export class Sealer {
  /** `connected` counts the peers; `sealed` is given each block. */
  constructor(ancestry, key, address, connected, sealed) {
    this.ancestry = ancestry;
    this.key = key;
    this.address = address;
    this.connected = connected;
    this.sealed = sealed;
    this.held = false;
    this.signers = ancestry.blockchain.consensus.cliqueActiveSigners(1n);
    this.index = this.signers.findIndex((one) => one.equals(address));
    this.gate = Math.floor(this.signers.length / 2);
    this.period = ancestry.client.config.chainCommon.consensusConfig().period;
  }

  /** Wait for one's turn after the head. */
  plan() {
    clearTimeout(this.timer);
    if (this.index < 0) return;
    const head = this.ancestry.head;
    const place = rank(head.header.number + 1n, this.index, this.signers.length);
    const due = (Number(head.header.timestamp) + this.period) * 1000 + place * STAGGER_MS;
    this.timer = setTimeout(() => this.#seal(head, place), Math.max(0, due - Date.now()));
  }

  async #seal(head, place) {
    try {
      if (this.held || this.connected() < this.gate) {
        this.timer = setTimeout(() => this.plan(), AGAIN_MS);
        return;
      }
      if (await sealedLately(this.ancestry.blockchain, head.hash(), this.address, this.signers)) return;
      const block = await this.#build(head, place);
      if (this.held) return this.plan();
      if (same(this.ancestry.head.hash(), head.hash()) && (await this.ancestry.take(block))) this.sealed(block);
    } catch (error) {
      console.error(`sealing: ${error.stack ?? error}`);
      this.timer = setTimeout(() => this.plan(), 1000);
    }
  }

  async #build(head, place) {
    const { service } = this.ancestry;
    const vm = await service.execution.vm.shallowCopy();
    await vm.stateManager.setStateRoot(head.header.stateRoot);
    const number = head.header.number + 1n;
    const timestamp = Math.max(Number(head.header.timestamp) + this.period, Math.floor(Date.now() / 1000));
    const builder = await buildBlock(vm, {
      parentBlock: head,
      headerData: { number, difficulty: place === 0 ? 2 : 1, gasLimit: head.header.gasLimit, timestamp, extraData: EMPTY_SEAL },
      blockOpts: { cliqueSigner: this.key, setHardfork: true, putBlockIntoBlockchain: false },
    });
    for (const transaction of await service.txPool.txsByPriceAndNonce(vm)) {
      await builder.addTransaction(transaction).catch((error) => console.error(`left out: ${error.message}`));
    }
    return (await builder.build()).block;
  }
}
