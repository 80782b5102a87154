// The JSON-RPC interface, on 127.0.0.1: reading, and transactions of listed senders. No keys, no admin, no debug.

import { createServer } from "node:http";

import { createBlock } from "@ethereumjs/block";
import { createAddressFromString, bigIntToHex, bytesToHex, generateAddress, hexToBytes, intToHex } from "@ethereumjs/util";
import { RPCManager } from "@ethereumjs/client/dist/esm/src/rpc/index.js";
import jayson from "jayson/promise/index.js";

import { same } from "./clique.mjs";

const OPEN = ["eth_", "net_", "web3_"];
const LONGEST = 1 << 20;

export function serveRpc(client, port) {
  const offered = Object.entries(new RPCManager(client, client.config).getMethods(false));
  const methods = Object.fromEntries(offered.filter(([name]) => OPEN.some((group) => name.startsWith(group))));
  methods.eth_getTransactionReceipt = ([hash]) => receipt(client, hexToBytes(hash));
  methods.eth_estimateGas = ([transaction]) => estimate(client, transaction);
  const rpc = new jayson.Server(methods);
  const server = createServer((request, response) => answer(rpc, request, response));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function answer(rpc, request, response) {
  const parts = [];
  let length = 0;
  request.on("data", (part) => {
    length += part.length;
    if (length > LONGEST) request.destroy();
    parts.push(part);
  });
  request.on("end", async () => {
    if (request.method !== "POST" || !/^application\/json/.test(request.headers["content-type"] ?? "")) {
      response.writeHead(405).end();
      return;
    }
    const said = await new Promise((resolve) => {
      rpc.call(Buffer.concat(parts).toString("utf8"), (error, found) => resolve(error ?? found));
    });
    response.writeHead(200, { "Content-Type": "application/json" }).end(said === undefined ? "" : JSON.stringify(said));
  });
}

/** From what was kept when the block was run; only of blocks below the head. */
async function receipt(client, hash) {
  const { chain, service } = client;
  const found = await service.execution.receiptsManager.getReceiptByTxHash(hash);
  if (found === null) return null;
  const [kept, blockHash, place, firstLog] = found;
  const block = await chain.getBlock(blockHash);
  const canonical = await chain.getBlock(block.header.number).catch(() => undefined);
  if (canonical === undefined || !same(canonical.hash(), blockHash)) return null;
  const all = await service.execution.receiptsManager.getReceipts(blockHash);
  const transaction = block.transactions[place];
  const sender = transaction.getSenderAddress();
  const shared = {
    transactionHash: bytesToHex(hash),
    transactionIndex: intToHex(place),
    blockHash: bytesToHex(blockHash),
    blockNumber: bigIntToHex(block.header.number),
  };
  return {
    ...shared,
    from: sender.toString(),
    to: transaction.to?.toString() ?? null,
    contractAddress: transaction.to ? null : bytesToHex(generateAddress(sender.bytes, nonceBytes(transaction.nonce))),
    cumulativeGasUsed: bigIntToHex(kept.cumulativeBlockGasUsed),
    gasUsed: bigIntToHex(kept.cumulativeBlockGasUsed - (place ? all[place - 1].cumulativeBlockGasUsed : 0n)),
    effectiveGasPrice: bigIntToHex(transaction.gasPrice ?? 0n),
    status: intToHex(kept.status),
    type: intToHex(transaction.type),
    logsBloom: bytesToHex(kept.bitvector),
    logs: kept.logs.map(([address, topics, data], n) => ({
      ...shared,
      address: bytesToHex(address),
      topics: topics.map((one) => bytesToHex(one)),
      data: bytesToHex(data),
      logIndex: intToHex(firstLog + n),
      removed: false,
    })),
  };
}

function nonceBytes(nonce) {
  return nonce === 0n ? new Uint8Array() : hexToBytes(bigIntToHex(nonce));
}

/** What a call takes at the head, with room for what the EVM holds back (EIP-150), and what the bytes cost. */
async function estimate(client, { from, to, data, input, value }) {
  const head = client.chain.blocks.latest;
  const vm = await client.service.execution.vm.shallowCopy();
  await vm.stateManager.setStateRoot(head.header.stateRoot);
  const bytes = hexToBytes(data ?? input ?? "0x");
  const extraData = new Uint8Array(97);
  const header = { parentHash: head.hash(), number: head.header.number + 1n, timestamp: head.header.timestamp + 1n, extraData };
  const { execResult } = await vm.evm.runCall({
    block: createBlock({ header }, { common: vm.common, setHardfork: true }),
    caller: from ? createAddressFromString(from) : undefined,
    to: to ? createAddressFromString(to) : undefined,
    value: BigInt(value ?? 0),
    gasLimit: head.header.gasLimit,
    data: bytes,
  });
  if (execResult.exceptionError) throw { code: 3, message: execResult.exceptionError.error, data: bytesToHex(execResult.returnValue) };
  const fixed = (to ? 21_000n : 53_000n) + bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
  return bigIntToHex(fixed + (execResult.executionGasUsed * 65n) / 63n);
}
