import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { deploy, EMPTY, hex, ZERO } from "./registry.js";
import { Tree } from "./tree.js";

const tree = new Tree();
const at = (size) => ({ size, root: tree.root(size) });
const refusal = (name, ...values) => (error) => {
  assert.equal(error.message, name);
  if (values.length) assert.deepEqual(error.values.map(String), values.map(String));
  return true;
};

describe("anchoring", () => {
  let registry;
  before(async () => {
    registry = await deploy();
  });

  it("starts empty", async () => {
    assert.deepEqual([...(await registry.view("head"))], [0n, ZERO]);
    assert.deepEqual([...(await registry.view("count"))], [0n]);
  });

  it("refuses a first checkpoint with a proof", async () => {
    await assert.rejects(registry.anchor(EMPTY, at(3), [ZERO]), refusal("CheckpointRegistryInconsistent", 0, 3));
  });

  it("refuses a first checkpoint on a head that was never set", async () => {
    await assert.rejects(registry.anchor(at(1), at(3), tree.consistency(1, 3)), refusal("CheckpointRegistryHeadMoved", 0, ZERO));
  });

  it("takes the first checkpoint, and says so in one event", async () => {
    const { events } = await registry.anchor(EMPTY, at(3), []);
    assert.equal(events.length, 1);
    assert.equal(events[0].name, "CheckpointAnchored");
    assert.deepEqual([...events[0].args], [3n, hex(tree.root(3))]);
    assert.deepEqual([...(await registry.view("head"))], [3n, hex(tree.root(3))]);
  });

  it("takes a repeat of the head in silence, whatever it claims to replace", async () => {
    for (const [previous, proof] of [[EMPTY, []], [at(2), tree.consistency(2, 3)], [at(3), []]]) {
      const { events, status } = await registry.anchor(previous, at(3), proof);
      assert.deepEqual([events, status], [[], "0x1"]);
    }
    assert.deepEqual([...(await registry.view("count"))], [1n]);
  });

  it("refuses another root for the size of the head", async () => {
    const forged = { size: 3, root: tree.root(4) };
    await assert.rejects(registry.anchor(at(3), forged, []), refusal("CheckpointRegistryNotGrowing", 3, 3));
  });

  it("refuses to shrink", async () => {
    await assert.rejects(registry.anchor(at(3), at(2), []), refusal("CheckpointRegistryNotGrowing", 3, 2));
    await assert.rejects(registry.anchor(at(3), EMPTY, []), refusal("CheckpointRegistryNotGrowing", 3, 0));
  });

  it("refuses a checkpoint that builds on another head", async () => {
    await assert.rejects(registry.anchor(at(2), at(5), tree.consistency(2, 5)),
      refusal("CheckpointRegistryHeadMoved", 3, hex(tree.root(3))));
    await assert.rejects(registry.anchor({ size: 3, root: tree.root(2) }, at(5), tree.consistency(3, 5)),
      refusal("CheckpointRegistryHeadMoved"));
    await assert.rejects(registry.anchor({ size: 2, root: tree.root(3) }, at(5), tree.consistency(3, 5)),
      refusal("CheckpointRegistryHeadMoved"));
  });

  it("refuses to grow without a proof", async () => {
    for (const size of [4, 5, 8]) {
      await assert.rejects(registry.anchor(at(3), at(size), []), refusal("CheckpointRegistryInconsistent", 3, size));
    }
  });

  it("refuses a log that rewrote one old entry, proof and all", async () => {
    const rewritten = new Tree((index) => tree.leaf(index === 1 ? 99 : index));
    const next = { size: 6, root: rewritten.root(6) };
    await assert.rejects(registry.anchor(at(3), next, rewritten.consistency(3, 6)), refusal("CheckpointRegistryInconsistent", 3, 6));
  });

  it("grows by any step, and remembers every checkpoint by ordinal and by size", async () => {
    const sizes = [3, 4, 7, 8, 9, 16, 31, 33];
    for (let i = 1; i < sizes.length; i++) {
      await registry.anchor(at(sizes[i - 1]), at(sizes[i]), tree.consistency(sizes[i - 1], sizes[i]));
    }
    assert.deepEqual([...(await registry.view("count"))], [BigInt(sizes.length)]);
    for (const [ordinal, size] of sizes.entries()) {
      const [byOrdinal] = await registry.view("checkpointAt", ordinal);
      const [bySize] = await registry.view("checkpointOfSize", size);
      assert.deepEqual([...byOrdinal], [...bySize]);
      assert.deepEqual([byOrdinal.root, byOrdinal.size], [hex(tree.root(size)), BigInt(size)]);
      const number = "0x" + byOrdinal.blockNumber.toString(16);
      const block = await registry.provider.request({ method: "eth_getBlockByNumber", params: [number, false] });
      assert.equal(byOrdinal.time, BigInt(block.timestamp));
    }
  });

  it("says which checkpoint it does not have", async () => {
    for (const size of [0, 1, 5, 34]) {
      await assert.rejects(registry.view("checkpointOfSize", size), refusal("CheckpointRegistryUnknownSize", size));
    }
    await assert.rejects(registry.view("checkpointAt", 8), refusal("CheckpointRegistryUnknownOrdinal", 8));
  });

  it("checks inclusion against anchored sizes only", async () => {
    const size = 31;
    for (const index of [0, 1, 16, 29, 30]) {
      const proof = tree.inclusion(index, size);
      const holds = async (leaf, i, path) => (await registry.view("verifyInclusion", hex(leaf), i, size, path.map(hex)))[0];
      assert.equal(await holds(tree.leaf(index), index, proof), true);
      assert.equal(await holds(tree.leaf(index + 1), index, proof), false);
      assert.equal(await holds(tree.leaf(index), index ^ 1, proof), false);
      assert.equal(await holds(tree.leaf(index), index + 31, proof), false);
      assert.equal(await holds(tree.leaf(index), index, proof.slice(1)), false);
      assert.equal(await holds(tree.leaf(index), index, [...proof, ZERO]), false);
    }
    await assert.rejects(registry.view("verifyInclusion", hex(tree.leaf(0)), 0, 5, tree.inclusion(0, 5).map(hex)),
      refusal("CheckpointRegistryUnknownSize", 5));
  });

  it("never takes an inner node for an entry", async () => {
    const [holds] = await registry.view("verifyInclusion", hex(tree.range(0, 2)), 0, 8, tree.inclusion(0, 8).slice(1).map(hex));
    assert.equal(holds, false);
  });
});

describe("sizes at the end of uint64", () => {
  it("holds a checkpoint of the largest size, and none after it", async () => {
    const registry = await deploy();
    const last = { size: 2n ** 64n - 1n, root: tree.root(5) };
    await registry.anchor(EMPTY, last, []);
    assert.deepEqual([...(await registry.view("head"))], [last.size, hex(last.root)]);
    await assert.rejects(registry.anchor(last, { ...last, root: tree.root(6) }, []), refusal("CheckpointRegistryNotGrowing"));
  });
});

describe("roles", () => {
  let registry, role;
  before(async () => {
    registry = await deploy();
    [role] = await registry.view("ANCHOR_ROLE");
  });

  it("lets nobody but a writer anchor, the administrator included", async () => {
    for (const account of [registry.admin, registry.stranger]) {
      await assert.rejects(registry.anchor(EMPTY, at(1), [], account), refusal("AccessControlUnauthorizedAccount"));
    }
  });

  it("refuses a stranger's repeat of the head too", async () => {
    await assert.rejects(registry.anchor(EMPTY, EMPTY, [], registry.stranger), refusal("AccessControlUnauthorizedAccount"));
  });

  it("lets only the administrator grant and revoke", async () => {
    await assert.rejects(registry.transact(registry.writer, "grantRole", role, registry.stranger), refusal("AccessControlUnauthorizedAccount"));
    await registry.transact(registry.admin, "grantRole", role, registry.stranger);
    await registry.anchor(EMPTY, at(1), [], registry.stranger);
    await registry.transact(registry.admin, "revokeRole", role, registry.stranger);
    await assert.rejects(registry.anchor(at(1), at(2), tree.consistency(1, 2), registry.stranger),
      refusal("AccessControlUnauthorizedAccount"));
  });

  it("cannot be deployed without an administrator", async () => {
    const artifact = registry.creation.slice(0, -128);
    await assert.rejects(registry.mined({ from: registry.admin, data: artifact + "00".repeat(64), gas: "0x2dc6c0" }),
      (error) => registry.face.parseError(error.data.data ?? error.data).name === "CheckpointRegistryNoAdmin");
  });

  it("takes no money and no unknown call", async () => {
    await assert.rejects(registry.mined({ from: registry.writer, to: registry.address, value: "0x1", gas: "0x186a0" }));
    await assert.rejects(registry.mined({ from: registry.writer, to: registry.address, data: "0xdeadbeef", gas: "0x186a0" }));
  });
});
