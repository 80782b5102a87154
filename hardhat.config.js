import { createRequire } from "node:module";
import nodeTest from "@nomicfoundation/hardhat-node-test-runner";
import { defineConfig } from "hardhat/config";

// The compiler comes from the npm lock file, as JavaScript: nothing is downloaded at build time.
// evmVersion is pinned because newer defaults emit opcodes that London and Paris networks lack.
const solc = {
  version: "0.8.37",
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
  settings: {
    optimizer: { enabled: true, runs: 200 },
    viaIR: true,
    evmVersion: "paris",
    metadata: { bytecodeHash: "none" },
  },
};

// Gas is measured, and the client tested against a second node, on the rules the bytecode is made for (Paris, "merge"),
// with free gas from the first block on, like a permissioned network.
const node = {
  type: "edr-simulated",
  chainType: "l1",
  chainId: 31337,
  hardfork: "merge",
  initialBaseFeePerGas: 0,
  gasPrice: 0,
};

export default defineConfig({
  plugins: [nodeTest],
  solidity: { profiles: { default: solc, production: solc } },
  paths: { sources: "contracts", tests: { nodejs: "tests/contracts" }, cache: "build/hardhat/cache", artifacts: "build/hardhat/artifacts" },
  networks: { default: node, node },
});
