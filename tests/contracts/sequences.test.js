// Long random sequences of calls by anybody, right and wrong ones mixed, against a model of a few lines. The seed is
// fixed; SEED=... and CALLS=... try others.
import assert from "node:assert/strict";
import { it } from "node:test";
import { deploy, EMPTY, hex, ZERO } from "./registry.js";
import { random } from "./seeded.js";
import { Tree } from "./tree.js";

const SEED = Number(process.env.SEED ?? 20251123);
const CALLS = Number(process.env.CALLS ?? 400);
const trees = [new Tree(), new Tree((index) => new Tree().leaf(index + (index % 5 === 4 ? 1000 : 0)))];

it("only ever extends its head, whoever calls in whatever order", async () => {
  const below = random(SEED);
  const registry = await deploy();
  const accounts = [registry.writer, registry.writer, registry.writer, registry.stranger, registry.admin];
  const at = (tree, size) => (size ? { size, root: trees[tree].root(size) } : EMPTY);
  const anchored = [];
  let head = EMPTY;
  let grown = 0;

  for (let call = 0; call < CALLS; call++) {
    const account = accounts[below(accounts.length)];
    const tree = below(4) ? 0 : 1;
    const previous = below(3) ? head : at(below(2), below(Math.max(Number(head.size), 1) + 2));
    const next = at(tree, Math.max(0, Number(previous.size) + below(7) - 1));
    const provable = previous.size > 0 && next.size >= previous.size;
    const proof = provable ? trees[tree].consistency(Number(previous.size), Number(next.size)) : [];
    if (proof.length && !below(6)) proof[below(proof.length)] = trees[tree].leaf(below(50));

    const status = await registry.anchor(previous, next, proof, account).then(({ status }) => status, () => "refused");
    const [size, root] = await registry.view("head");
    if (size !== BigInt(head.size) || root !== hex(head.root)) {
      assert.equal(account, registry.writer);
      assert.equal(status, "0x1");
      assert.ok(size > BigInt(head.size));
      assert.deepEqual([size, root], [BigInt(next.size), hex(next.root)]);
      assert.ok(head.size === 0 || [0, 1].some((t) => sameStart(trees[t], head, next)), "the new head forgets the old one");
      head = next;
      anchored.push(head);
      grown++;
    }
  }
  assert.ok(grown > 20, `only ${grown} of ${CALLS} calls grew the log`);
  assert.deepEqual([...(await registry.view("count"))], [BigInt(anchored.length)]);
  for (const [ordinal, checkpoint] of anchored.entries()) {
    const [stored] = await registry.view("checkpointAt", ordinal);
    assert.deepEqual([stored.size, stored.root], [BigInt(checkpoint.size), hex(checkpoint.root)]);
    assert.notEqual(stored.root, ZERO);
  }
});

/** Whether both checkpoints are of one tree: the model knows all entries, and needs no proof. */
function sameStart(tree, old, next) {
  return hex(tree.root(Number(old.size))) === hex(old.root) && hex(tree.root(Number(next.size))) === hex(next.root);
}
