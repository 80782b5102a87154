// Proofs published with Certificate Transparency's eight-leaf tree (source and licence inside the file), run by the
// contract; then the same proofs with one thing changed, none of which may hold.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { deploy, EMPTY, hex } from "./registry.js";
import { leafHash, Tree } from "./tree.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/rfc6962_tree8.json", import.meta.url)));
const bytes = (text) => Buffer.from(text, "hex");
const leaves = vectors.leaf_inputs_hex.map((text) => leafHash(bytes(text)));
const at = (size) => ({ size, root: bytes(vectors.root_by_size[size]) });

/** Each hash with one bit turned, each hash left out, one hash more at either end, neighbours swapped. */
function* mutations(proof) {
  for (const [i, hash] of proof.entries()) {
    const turned = Buffer.from(hash);
    turned[i % 32] ^= 1;
    yield proof.with(i, turned);
    yield proof.toSpliced(i, 1);
    if (i > 0) yield proof.with(i, proof[i - 1]).with(i - 1, hash);
  }
  yield [...proof, Buffer.alloc(32)];
  yield [Buffer.alloc(32), ...proof];
  if (proof.length) yield [];
}

describe("RFC 6962 eight-leaf vectors", () => {
  const registries = new Map();
  before(async () => {
    for (const size of [1, 2, 3, 5, 6, 8]) {
      registries.set(size, await deploy());
      await registries.get(size).anchor(EMPTY, at(size), []);
    }
  });

  it("agrees with the tree of these tests", () => {
    const tree = new Tree((index) => leaves[index]);
    for (let size = 1; size <= 8; size++) assert.deepEqual(tree.root(size), at(size).root);
  });

  it("holds every published inclusion proof and no mutation", async () => {
    let probes = 0;
    for (const { leaf_index: index, tree_size: size, proof: texts } of vectors.inclusion_proofs) {
      const proof = texts.map(bytes);
      const holds = async (leaf, i, path) =>
        (await registries.get(size).view("verifyInclusion", hex(leaf), i, size, path.map(hex)))[0];
      assert.equal(await holds(leaves[index], index, proof), true);
      for (const mutated of mutations(proof)) {
        assert.equal(await holds(leaves[index], index, mutated), false);
        probes++;
      }
      for (let other = 0; other < 16; other++) {
        if (other !== index) assert.equal(await holds(leaves[index], other, proof), false);
        probes++;
      }
    }
    assert.ok(probes > 80);
  });

  it("holds every published consistency proof and no mutation", async () => {
    let probes = 0;
    for (const { size1, size2, proof: texts } of vectors.consistency_proofs) {
      const proof = texts.map(bytes);
      const registry = registries.get(size1);
      const call = (path, next) => registry.face.encodeFunctionData("anchor",
        [size1, hex(at(size1).root), next.size, hex(next.root), path.map(hex)]);
      const holds = (path, next = at(size2)) => registry.provider
        .request({ method: "eth_call", params: [{ from: registry.writer, to: registry.address, data: call(path, next) }, "latest"] })
        .then(() => true, () => false);
      assert.equal(await holds(proof), true);
      if (size1 === size2) continue;
      for (const mutated of mutations(proof)) {
        assert.equal(await holds(mutated), false);
        probes++;
      }
      for (let other = 1; other <= 8; other++) {
        if (other !== size2 && other !== size1) assert.equal(await holds(proof, at(other)), false);
        if (other !== size2) assert.equal(await holds(proof, { size: size2, root: at(other).root }), false);
        probes++;
      }
    }
    assert.ok(probes > 60);
  });
});

describe("every pair of sizes up to 33", () => {
  it("extends by its own proof, from one anchored size to every larger one", async () => {
    const tree = new Tree();
    for (let old = 1; old <= 33; old += 4) {
      const registry = await deploy();
      await registry.anchor(EMPTY, { size: old, root: tree.root(old) }, []);
      for (let size = old + 1; size <= 33; size++) {
        const args = [old, hex(tree.root(old)), size, hex(tree.root(size)), tree.consistency(old, size).map(hex)];
        const data = registry.face.encodeFunctionData("anchor", args);
        await registry.provider.request({ method: "eth_call", params: [{ from: registry.writer, to: registry.address, data }, "latest"] });
      }
    }
  });
});
