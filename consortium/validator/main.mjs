// One validator: node main.mjs SETTINGS.json. It says {"ready": …} on its output, takes orders as lines of JSON on its
// input, and ends when that is closed: whoever started it cannot leave it behind.

import { mkdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { cliqueSigner } from "@ethereumjs/block";
import { CliqueConsensus, createBlockchain } from "@ethereumjs/blockchain";
import { createCommonFromGethGenesis, parseGethGenesisState } from "@ethereumjs/common";
import { bytesToHex, createAddressFromPrivateKey, hexToBytes } from "@ethereumjs/util";
import { EthereumClient } from "@ethereumjs/client/dist/esm/src/client.js";
import { Config, DataDirectory } from "@ethereumjs/client/dist/esm/src/config.js";
import { LevelDB } from "@ethereumjs/client/dist/esm/src/execution/level.js";
import { Level } from "level";

import { patchAsking, watchPeers } from "./asking.mjs";
import { Ancestry, patchReceipts } from "./chain.mjs";
import { patchClique } from "./clique.mjs";
import { Gossip, patchGossip, patchSenders } from "./gossip.mjs";
import { patchMemory } from "./memory.mjs";
import { Peers, patchPeers } from "./peers.mjs";
import { checkPoints } from "./points.mjs";
import { serveRpc } from "./rpc.mjs";
import { Sealer } from "./sealing.mjs";

const CACHE = 10_000;
const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));

checkPoints();
patchAsking();
patchClique();
patchGossip();
patchMemory();
patchPeers();
patchReceipts();
const senders = new Set(settings.senders.map((one) => one.toLowerCase()));
const allowed = (transaction) => senders.has(transaction.getSenderAddress().toString().toLowerCase());
patchSenders(allowed);

const key = hexToBytes(`0x${readFileSync(settings.key, "utf8").trim()}`);
const genesis = JSON.parse(readFileSync(settings.genesis, "utf8"));
const client = await opened(genesis, key);
watchPeers(client.config.events);
const peers = new Peers(client, settings.peers);
const ancestry = new Ancestry(client, allowed, () => sealer.plan());
const gossip = new Gossip(ancestry, peers);
const sealer = new Sealer(ancestry, key, createAddressFromPrivateKey(key), () => peers.connected.length, (block) => void gossip.tell(block));
await client.start();
if (!client.config.server.rlpx._server.listening) throw new Error(`port ${settings.p2pPort} is taken`);
const server = await serveRpc(client, settings.rpcPort);
peers.start();
gossip.start();
sealer.plan();

const ORDERS = {
  status: () => ({}),
  cut: ({ peers: ids }) => peers.separate(ids),
  gate: ({ peers: least }) => {
    sealer.gate = least ?? Math.floor(sealer.signers.length / 2);
  },
  hold: ({ held }) => {
    sealer.held = held;
  },
  forget: ({ above }) => ancestry.forget(BigInt(above)),
};

process.on("SIGINT", () => {});
process.on("SIGTERM", () => void stop());
process.on("unhandledRejection", (error) => console.error(`unhandled: ${error?.stack ?? error}`));
process.on("uncaughtException", (error) => console.error(`uncaught: ${error?.stack ?? error}`));
const orders = createInterface({ input: process.stdin });
orders.on("line", async (line) => {
  const order = JSON.parse(line);
  try {
    await ORDERS[order.do](order);
    say({ id: order.id, ...state() });
  } catch (error) {
    say({ id: order.id, error: String(error?.message ?? error) });
  }
});
orders.on("close", () => void stop());
say({ ready: state() });

function state() {
  const { header } = ancestry.head;
  return {
    number: Number(header.number),
    hash: bytesToHex(header.hash()),
    peers: peers.connected.map((peer) => peer.id),
    sealedBy: header.number > 0n ? cliqueSigner(header).toString() : null,
  };
}

function say(words) {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}

async function stop() {
  setTimeout(() => process.exit(0), 2000);
  sealer.held = true;
  clearTimeout(sealer.timer);
  peers.stop();
  gossip.stop();
  server.close();
  await ancestry.turn;
  await client.stop().catch(() => {});
  process.exit(0);
}

/** The client on its databases, with nothing of its own sealing, syncing or looking for peers. */
async function opened(geth, privateKey) {
  const common = createCommonFromGethGenesis(geth, { chain: "onecode" });
  const config = new Config({
    common,
    datadir: settings.directory,
    key: privateKey,
    port: settings.p2pPort,
    bootnodes: [],
    maxPeers: 64,
    discV4: false,
    discDns: false,
    mine: false,
    isSingleNode: true,
    saveReceipts: true,
    txLookupLimit: 0,
    accountCache: CACHE,
    storageCache: CACHE,
    codeCache: CACHE,
    trieCache: CACHE,
  });
  const open = (part) => {
    const path = config.getDataDirectory(part);
    mkdirSync(path, { recursive: true });
    return new Level(path);
  };
  const chainDB = open(DataDirectory.Chain);
  const genesisState = parseGethGenesisState(geth);
  const blockchain = await createBlockchain({
    db: new LevelDB(chainDB),
    common: config.chainCommon,
    genesisState,
    hardforkByHeadBlockNumber: true,
    validateBlocks: true,
    validateConsensus: true,
    consensusDict: { clique: new CliqueConsensus() },
  });
  config.chainCommon.setForkHashes(blockchain.genesisBlock.hash());
  const made = await EthereumClient.create({
    config,
    blockchain,
    genesisState,
    chainDB,
    stateDB: open(DataDirectory.State),
    metaDB: open(DataDirectory.Meta),
  });
  await made.open();
  made.service.execution.vm.evm._optsCached.cliqueSigner = cliqueSigner;
  blockchain.events.removeAllListeners("deletedCanonicalBlocks");
  made.service.txPool.start();
  return made;
}
