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
  return new Registry(provider, { admin, writer, stranger, accounts }).create(admin, "CheckpointRegistry", admin, writer);
}

/** A contract on a chain, called and answering in JavaScript's terms. */
export class Contract {
  constructor(provider, accounts) {
    Object.assign(this, { provider, ...accounts });
  }

  /** Puts it on the chain. */
  async create(from, name, ...args) {
    const artifact = await hre.artifacts.readArtifact(name);
    this.face = new Interface(artifact.abi);
    this.creation = artifact.bytecode + this.face.encodeDeploy(args).slice(2);
    this.deployed = await this.#decoding(() => this.mined({ from, data: this.creation }));
    this.address = this.deployed.contractAddress;
    return this;
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

class Registry extends Contract {
  anchor(previous, next, proof, from = this.writer) {
    return this.transact(from, "anchor", previous.size, hex(previous.root), next.size, hex(next.root), proof.map(hex));
  }
}

export const EMPTY = { size: 0, root: ZERO };
