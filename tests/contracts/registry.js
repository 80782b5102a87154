// A registry on a fresh chain in this process, and what it answers, decoded.
import { Interface } from "ethers";
import hre from "hardhat";

export const ZERO = "0x" + "00".repeat(32);
export const hex = (bytes) => (typeof bytes === "string" ? bytes : "0x" + Buffer.from(bytes).toString("hex"));

/** Deploys with the first account as administrator and the second as writer. */
export async function deploy() {
  const { provider } = await hre.network.create();
  const accounts = await provider.request({ method: "eth_accounts" });
  const [admin, writer, stranger] = accounts;
  const artifact = await hre.artifacts.readArtifact("CheckpointRegistry");
  const face = new Interface(artifact.abi);
  const data = artifact.bytecode + face.encodeDeploy([admin, writer]).slice(2);
  const registry = new Registry(provider, face, { admin, writer, stranger }, data);
  registry.deployed = await registry.mined({ from: admin, data });
  registry.address = registry.deployed.contractAddress;
  return registry;
}

class Registry {
  constructor(provider, face, accounts, creation) {
    Object.assign(this, { provider, face, creation, ...accounts });
  }

  async mined(transaction) {
    const hash = await this.provider.request({ method: "eth_sendTransaction", params: [transaction] });
    return this.provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
  }

  /** A view's results as an array; throws the decoded custom error. */
  async view(name, ...args) {
    const data = this.face.encodeFunctionData(name, args);
    const output = await this.#decoding(() =>
      this.provider.request({ method: "eth_call", params: [{ from: this.stranger, to: this.address, data }, "latest"] }));
    return this.face.decodeFunctionResult(name, output);
  }

  /** The receipt with its events decoded; throws the decoded custom error. */
  async transact(from, name, ...args) {
    const data = this.face.encodeFunctionData(name, args);
    const receipt = await this.#decoding(() => this.mined({ from, to: this.address, data, gas: "0x1e8480" }));
    return { ...receipt, gas: Number(receipt.gasUsed), events: receipt.logs.map((log) => this.face.parseLog(log)) };
  }

  anchor(previous, next, proof, from = this.writer) {
    return this.transact(from, "anchor", previous.size, hex(previous.root), next.size, hex(next.root), proof.map(hex));
  }

  async #decoding(action) {
    try {
      return await action();
    } catch (error) {
      const data = typeof error.data === "string" ? error.data : error.data?.data;
      const known = data && data !== "0x" ? this.face.parseError(data) : null;
      throw known ? Object.assign(new Error(known.name), { values: [...known.args] }) : error;
    }
  }
}

export const EMPTY = { size: 0, root: ZERO };
