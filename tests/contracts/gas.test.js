// What each call costs, against the committed figures. After a change that is meant: npm run contracts:gas
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { it } from "node:test";
import { deploy, EMPTY, hex, ZERO } from "./registry.js";
import { leafHash, Tree } from "./tree.js";

const SNAPSHOT = new URL("gas.json", import.meta.url);
const MILLION = 2 ** 20;

/** A log of any size whose leaves are all equal, so that complete subtrees of a level are equal too. */
class EvenTree extends Tree {
  #complete = [leafHash(Buffer.from("entry"))];

  constructor() {
    super(() => this.complete(0));
  }

  complete(level) {
    while (this.#complete.length <= level) {
      const below = this.#complete.at(-1);
      this.#complete.push(super.range.call(new Tree(() => below), 0, 2));
    }
    return this.#complete[level];
  }

  range(start, stop) {
    const level = Math.log2(stop - start);
    return Number.isInteger(level) ? this.complete(level) : super.range(start, stop);
  }
}

const tree = new EvenTree();
const at = (size) => ({ size, root: size ? tree.root(size) : ZERO });

/** Gas of anchoring `size` on `old`, and the number of hashes in the proof. */
async function anchoring(old, size) {
  const registry = await deploy();
  if (old) await registry.anchor(EMPTY, at(old), []);
  const proof = old ? tree.consistency(old, size) : [];
  const { gas } = await registry.anchor(at(old), at(size), proof);
  return { gas, hashes: proof.length };
}

it("costs what the snapshot says", async () => {
  const measured = {};
  const registry = await deploy();
  measured["deploy"] = { gas: Number(registry.deployed.gasUsed) };
  measured["anchor: first checkpoint"] = await anchoring(0, 1000);
  measured["anchor: 8 to 16"] = await anchoring(8, 16);
  measured["anchor: 1,000 to 2,000"] = await anchoring(1000, 2000);
  measured["anchor: 2^20 - 1,000 to 2^20"] = await anchoring(MILLION - 1000, MILLION);
  measured["anchor: 2^20 to 2^20 + 1,000"] = await anchoring(MILLION, MILLION + 1000);
  measured["anchor: 2^20 + 1 to 2^20 + 1,000"] = await anchoring(MILLION + 1, MILLION + 1000);
  measured["anchor: 2^19 + 1 to 2^20"] = await anchoring(MILLION / 2 + 1, MILLION);
  measured["anchor: 2^20 - 1 to 2^20 (most hashing a size can ask for)"] = await anchoring(MILLION - 1, MILLION);

  await registry.anchor(EMPTY, at(MILLION - 1), []);
  await registry.anchor(at(MILLION - 1), at(MILLION), tree.consistency(MILLION - 1, MILLION));
  const repeat = await registry.anchor(at(MILLION - 1), at(MILLION), tree.consistency(MILLION - 1, MILLION));
  measured["anchor: equal repeat, 20 hashes"] = { gas: repeat.gas, hashes: 20 };
  const inclusion = registry.face.encodeFunctionData("verifyInclusion",
    [hex(tree.leaf(0)), 77777, MILLION, tree.inclusion(77777, MILLION).map(hex)]);
  const estimate = await registry.provider.request(
    { method: "eth_estimateGas", params: [{ from: registry.stranger, to: registry.address, data: inclusion }] });
  measured["verifyInclusion: 2^20 (free as a call)"] = { gas: Number(estimate), hashes: 20 };

  for (const [name, { gas }] of Object.entries(measured)) {
    const most = name.includes("most hashing") ? 105_000 : 100_000;
    if (name.startsWith("anchor")) assert.ok(gas < most, `${name}: ${gas}`);
  }
  if (process.env.UPDATE_GAS) writeFileSync(SNAPSHOT, JSON.stringify(measured, null, 2) + "\n");
  assert.deepEqual(measured, JSON.parse(readFileSync(SNAPSHOT)));
});
