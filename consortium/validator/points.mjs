// The places of the client that this launcher changes or leans on. They are internals of one version: it is pinned, and
// what is not there any more, or reads otherwise, stops the launcher by name before a single block is made.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { CliqueConsensus } from "@ethereumjs/blockchain";
import { Common } from "@ethereumjs/common";
import { RLPx } from "@ethereumjs/devp2p";
import { VMExecution } from "@ethereumjs/client/dist/esm/src/execution/vmexecution.js";
import { ReceiptsManager } from "@ethereumjs/client/dist/esm/src/execution/receipt.js";
import { BoundProtocol } from "@ethereumjs/client/dist/esm/src/net/protocol/boundprotocol.js";
import { PeerPool } from "@ethereumjs/client/dist/esm/src/net/peerpool.js";
import { RlpxServer } from "@ethereumjs/client/dist/esm/src/net/server/rlpxserver.js";
import { Eth } from "@ethereumjs/client/dist/esm/src/rpc/modules/eth.js";
import { FullEthereumService } from "@ethereumjs/client/dist/esm/src/service/fullethereumservice.js";
import { TxPool } from "@ethereumjs/client/dist/esm/src/service/txpool.js";
import { FullSynchronizer } from "@ethereumjs/client/dist/esm/src/sync/fullsync.js";

import { Signature } from "./memory.mjs";

export const VERSIONS = {
  "@ethereumjs/client": "0.10.5",
  "@ethereumjs/blockchain": "10.0.0",
  "@ethereumjs/block": "10.0.0",
  "@ethereumjs/devp2p": "10.0.0",
  "@ethereumjs/evm": "10.0.0",
  "@ethereumjs/vm": "10.0.0",
};

/** What is wrong with it as it comes, the class, the method, and the beginning of the SHA-256 of its source. */
export const POINTS = [
  ["seals before peers are there, and too early", FullSynchronizer, "start", "cf867d38af89"],
  ["runs blocks after it calls them the head", FullSynchronizer, "runExecution", "57226ed1dbbe"],
  ["runs blocks after it calls them the head", VMExecution, "run", "a92c4c9ba84b"],
  ["takes children of its own head alone", FullEthereumService, "handleEth", "90d422574a68"],
  ["judges 'recently signed' by its own head, and keeps signers of blocks that are gone", CliqueConsensus, "validateConsensus", "98474efa47dd"],
  ["judges 'recently signed' by its own head, and keeps signers of blocks that are gone", CliqueConsensus, "newBlock", "6e2c598b5362"],
  ["keeps transactions that are in blocks", TxPool, "removeByHash", "a5dd20abf014"],
  ["takes transactions of anyone", TxPool, "validate", "f0af8f5316a9"],
  ["tells nobody of a transaction twice", TxPool, "sendTransactions", "f112489dc6c5"],
  ["tells nobody of a transaction twice", TxPool, "sendNewTxHashes", "ecd9190ce5a4"],
  ["forgets to pass on transactions", TxPool, "handleAnnouncedTxs", "f117e35dd31e"],
  ["listens on every interface", RLPx, "listen", "9b21fe78bf72"],
  ["listens on every interface", RlpxServer, "initDpt", "b85bdceeda0b"],
  ["bans peers for a minute and does not dial again", RlpxServer, "ban", "96bb81bf51a4"],
  ["gives an answer to whoever waits for one of its kind", BoundProtocol, "request", "ac6b0760df2f"],
  ["restarts the server when nobody is there", PeerPool, "_statusCheck", "fce01576fc73"],
  ["runs the whole block for a receipt", Eth, "getTransactionReceipt", "d1f1a87d1b01"],
  ["makes a header that Clique refuses", Eth, "estimateGas", "ddc10e046006"],
  ["recovers the sealer of a block each time it looks at one", Signature, "recoverPublicKey", "cac3dee3e05c"],
  ["works out the rules for each header", Common, "updateParams", "cf44ea2d2f5b"],
  ["is written in no order with what is deleted", ReceiptsManager, "updateIndex", "d0ed1be9f705"],
];

export class PointMissing extends Error {}

/** Throw for the first version or place that is not as it was. */
export function checkPoints(versions = VERSIONS, points = POINTS) {
  const modules = new URL("../node_modules/", import.meta.url);
  for (const [name, wanted] of Object.entries(versions)) {
    const found = JSON.parse(readFileSync(new URL(`${name}/package.json`, modules), "utf8")).version;
    if (found !== wanted) throw new PointMissing(`patch point ${name}: version ${found} is installed, ${wanted} is what the launcher knows`);
  }
  for (const [why, owner, method, known] of points) {
    const found = owner.prototype[method];
    if (typeof found !== "function") throw new PointMissing(`patch point ${owner.name}.${method} is gone (${why})`);
    if (known !== digest(found)) throw new PointMissing(`patch point ${owner.name}.${method} reads otherwise than the launcher knows (${why})`);
  }
}

export function digest(method) {
  return createHash("sha256").update(Function.prototype.toString.call(method)).digest("hex").slice(0, 12);
}
