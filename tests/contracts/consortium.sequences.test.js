// Long random sequences of decisions by anybody, sensible and senseless ones mixed, against a model in JavaScript. Every
// call is refused where the model refuses, and after every fourth the contract and the registry stand as the model does.
// SEED=... and CALLS=... try others.
import assert from "node:assert/strict";
import { it } from "node:test";
import { ANCHOR, change, found, GUARDIAN, idOf, keyOf, NOBODY, NONE, OPEN, proposalOf } from "./consortium.js";
import { EMPTY, hex } from "./registry.js";
import { random } from "./seeded.js";
import { Tree } from "./tree.js";

const SEED = Number(process.env.SEED ?? 20261127);
const CALLS = Number(process.env.CALLS ?? 200);
const DAY = 86_400;
const LEAP = 10 * DAY;
const KINDS = ["Admit", "Remove", "SetRoles", "SetAccount", "AddAnchor", "RemoveAnchor", "RevokeKey", "SetQuorum", "Pause", "Unpause"];
const tree = new Tree();

const must = (holds) => {
  if (!holds) throw new Error("refused");
};

/** What the organisations hold and decided; every method throws where the contract must revert. */
class Model {
  constructor(members, writer, quorum, pauseQuorum) {
    Object.assign(this, { quorum, pauseQuorum, paused: false, clock: 0, head: 0, numbers: 0 });
    Object.assign(this, { orgs: {}, anchors: {}, keys: {}, known: {}, rounds: {}, proposals: {} });
    for (const one of members) {
      this.admit(one.id, one.account, one.roles);
      this.keys[one.id] = [];
      if (one.roles & 3) this.register(one.id, keyOf(one.name), 1);
    }
    this.anchors[writer] = members[0].id;
  }

  present(id) {
    return this.orgs[id]?.present;
  }

  decider(account) {
    return Object.keys(this.orgs).find((id) => this.present(id) && this.orgs[id].account === account);
  }

  caller(account, kind) {
    const id = this.decider(account);
    must(id && (kind !== "Pause" || this.orgs[id].roles & GUARDIAN));
    return id;
  }

  standing({ kind, approvals }) {
    const counting = Object.values(this.orgs).filter((one) =>
      one.present && approvals.includes(one.number) && (kind !== "Pause" || one.roles & GUARDIAN));
    return counting.length >= (kind === "Pause" ? this.pauseQuorum : this.quorum);
  }

  propose(account, kind, fields) {
    const caller = this.caller(account, kind);
    if ((kind === "Pause" && this.paused) || (kind === "Unpause" && !this.paused)) return;
    const decision = change(kind, fields);
    const content = JSON.stringify(decision);
    let id = proposalOf(decision, (this.rounds[content] ??= 0));
    if (this.proposals[id]?.expires < this.clock) id = proposalOf(decision, ++this.rounds[content]);
    const life = kind === "Pause" ? DAY : 14 * DAY;
    this.proposals[id] ??= { kind, fields, content, approvals: [], expires: this.clock + life, carried: false };
    this.approved(id, caller);
  }

  approve(account, id) {
    const open = this.proposals[id];
    const caller = this.caller(account, open?.kind);
    must(open);
    if (open.carried) return;
    must(open.expires >= this.clock);
    this.approved(id, caller);
  }

  withdraw(account, id) {
    const { number } = this.orgs[this.caller(account)];
    const open = this.proposals[id];
    if (open && !open.carried) open.approvals = open.approvals.filter((one) => one !== number);
  }

  approved(id, caller) {
    const open = this.proposals[id];
    open.approvals = [...new Set([...open.approvals, this.orgs[caller].number])];
    if (!this.standing(open)) return;
    open.carried = true;
    this.rounds[open.content]++;
    this.apply(open.kind, open.fields);
    const present = Object.values(this.orgs).filter((one) => one.present);
    const guardians = present.filter((one) => one.roles & GUARDIAN);
    if (open.fields.quorum) Object.assign(this, { quorum: open.fields.quorum, pauseQuorum: open.fields.pauseQuorum });
    must(2 * this.quorum > present.length && this.quorum <= present.length);
    must(this.pauseQuorum >= 1 && this.pauseQuorum <= Math.min(this.quorum, guardians.length));
  }

  apply(kind, { organisation: id, account, roles = 0 }) {
    if (kind === "Admit") return this.admit(id, account, roles);
    if (kind === "Pause" || kind === "Unpause") return (this.paused = kind === "Pause");
    if (kind === "SetQuorum") return null;
    must(this.present(id));
    if (kind === "Remove") {
      Object.assign(this.orgs[id], { present: false, roles: 0, account: NOBODY });
      for (const one of Object.keys(this.anchors)) if (this.anchors[one] === id) delete this.anchors[one];
      if (this.keys[id].at(-1)?.until === OPEN) this.end(id, false);
    } else if (kind === "SetRoles") this.orgs[id].roles = roles;
    else if (kind === "SetAccount") this.move(id, account);
    else if (kind === "AddAnchor") {
      must(!this.anchors[account]);
      this.anchors[account] = id;
    } else if (kind === "RemoveAnchor") {
      must(!this.anchors[account] || this.anchors[account] === id);
      delete this.anchors[account];
    } else {
      must(this.keys[id].at(-1)?.until === OPEN);
      this.end(id, true);
    }
    return null;
  }

  admit(id, account, roles) {
    must(!this.present(id) && !this.decider(account));
    this.keys[id] ??= [];
    this.orgs[id] = { account, roles, number: this.numbers++, present: true };
  }

  move(id, account) {
    if (this.orgs[id].account === account) return;
    must(!this.decider(account));
    this.orgs[id].account = account;
  }

  end(id, revoked) {
    const last = this.keys[id].at(-1);
    Object.assign(last, { revoked, until: BigInt(Math.max(this.head + 1, last.from)) });
  }

  register(id, key, from) {
    const last = this.keys[id].at(-1);
    must(!this.known[key]);
    if (last) must(from >= (last.until === OPEN ? last.from + 1 : Number(last.until)));
    if (last?.until === OPEN) last.until = BigInt(from);
    this.known[key] = true;
    this.keys[id].push({ key, from, until: OPEN, revoked: false });
  }

  rotateKey(account, key, from) {
    const id = this.caller(account);
    const last = this.keys[id].at(-1);
    if (last?.key === key && last.from === from) return;
    must(from > this.head);
    this.register(id, key, from);
  }

  revokeKey(account) {
    const id = this.caller(account);
    must(this.keys[id].at(-1)?.until === OPEN);
    this.end(id, true);
  }

  moveAccount(account, to) {
    this.move(this.caller(account), to);
  }

  mayAnchor(account) {
    const id = this.anchors[account];
    return Boolean(!this.paused && id && this.orgs[id].roles & ANCHOR);
  }
}

it("stands as the model does, whoever calls in whatever order", async () => {
  const below = random(SEED);
  const pick = (list) => list[below(list.length)];
  const consortium = await found([7, 7, 6, 3], 3, 2);
  const { registry, accounts } = consortium;
  const people = [...consortium.members.map((one) => one.account), ...accounts.slice(7, 10)];
  const anchoring = [registry.writer, accounts[10], accounts[11]];
  const ids = [...consortium.members.map((one) => one.id), idOf("centre")];
  let model = new Model(consortium.members, registry.writer, 3, 2);
  const due = [];
  const tally = { done: 0, refused: 0, carried: 0 };

  for (let call = 0; call < CALLS; call++) {
    const attempt = pick(["propose", "propose", "approve", "approve", "approve", "withdraw", "own", "anchor", "leap"]);
    const deciding = Object.values(model.orgs).filter((one) => one.present).map((one) => one.account);
    let from = pick(below(5) ? deciding : people);
    let args;
    if (due.length) {
      [from, ...args] = due.shift();
    } else if (attempt === "propose") {
      const kind = pick(KINDS);
      const [organisation, roles, quorum] = [pick(ids), pick([7, 7, 6, 3, 4, 1, 0]), 1 + below(5)];
      const quorums = below(3) ? { quorum: model.quorum, pauseQuorum: model.pauseQuorum } : { quorum, pauseQuorum: 1 + below(2) };
      const account = pick(["AddAnchor", "RemoveAnchor"].includes(kind) ? anchoring : people);
      const fields = { Admit: { organisation, account, roles, ...quorums }, Remove: { organisation, ...quorums },
        SetRoles: { organisation, roles }, RevokeKey: { organisation }, SetQuorum: quorums, Pause: {}, Unpause: {} }[kind]
        ?? { organisation, account };
      args = ["propose", kind, fields];
      // Most are put to the others at once: decisions that nobody carries test little.
      if (below(4)) due.push(...deciding.filter((one) => one !== from && below(6)).map((one) => [one, "propose", kind, fields]));
    } else if (attempt === "approve" || attempt === "withdraw") {
      const open = Object.keys(model.proposals).filter((id) => !model.proposals[id].carried || !below(6));
      args = [attempt, below(12) ? (open.at(-1 - below(2)) ?? NONE) : NONE];
    } else if (attempt === "own") {
      args = pick([["rotateKey", keyOf(String(below(30))), model.head + below(5)], ["revokeKey"], ["moveAccount", pick(people)]]);
    } else if (attempt === "leap" && !below(4)) {
      await consortium.later(LEAP);
      model.clock += LEAP;
      continue;
    } else {
      const writer = pick(anchoring);
      const [old, size] = [model.head, model.head + 1 + below(3)];
      const previous = old ? { size: old, root: tree.root(old) } : EMPTY;
      const next = { size, root: tree.root(size) };
      const grown = await registry.anchor(previous, next, old ? tree.consistency(old, size) : [], writer).then(() => true, () => false);
      assert.equal(grown, model.mayAnchor(writer));
      if (grown) model.head = size;
      continue;
    }
    const [name, ...rest] = args;
    const before = model;
    model = Object.assign(Object.create(Model.prototype), structuredClone({ ...model }));
    let expected = true;
    try {
      model[name](from, ...rest);
    } catch (error) {
      assert.equal(error.message, "refused");
      [model, expected] = [before, false];
    }
    const sent = name === "propose" ? [change(...rest)] : rest;
    const done = await consortium.transact(from, name, ...sent).then(() => true, () => false);
    assert.equal(done, expected, `call ${call}: ${name} ${JSON.stringify(rest)}`);
    tally[done ? "done" : "refused"]++;
    if (call % 4 === 3) await compare(consortium, model, ids, anchoring, call);
  }
  await compare(consortium, model, ids, anchoring, CALLS);
  tally.carried = Object.values(model.proposals).filter((one) => one.carried).length;
  assert.ok(tally.carried > 5 && tally.refused > 20 && tally.done > 80, JSON.stringify(tally));
});

async function compare(consortium, model, ids, anchoring, call) {
  const [, quorum, pauseQuorum, paused] = await consortium.view("rules");
  assert.deepEqual([quorum, pauseQuorum, paused], [BigInt(model.quorum), BigInt(model.pauseQuorum), model.paused], `call ${call}`);
  for (const id of ids) {
    const [one] = await consortium.view("organisation", id);
    const said = model.orgs[id] ?? { account: NOBODY, number: 0, roles: 0, present: false };
    assert.deepEqual([one.account.toLowerCase(), one.number, one.roles, one.present],
      [said.account.toLowerCase(), BigInt(said.number), BigInt(said.roles), said.present], `call ${call}`);
    const [keys] = await consortium.view("keys", id);
    assert.deepEqual(keys.map((key) => [key.key, Number(key.fromSize), key.untilSize, key.revoked]),
      (model.keys[id] ?? []).map((key) => [hex(key.key), key.from, key.until, key.revoked]), `call ${call}`);
  }
  for (const account of anchoring) assert.equal(await consortium.mayAnchor(account), model.mayAnchor(account), `call ${call}`);
}
