import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { ANCHOR, change, found, GUARDIAN, idOf, keyOf, NOBODY, NONE, OPEN, proposalOf, WITNESS } from "./consortium.js";
import { EMPTY, hex } from "./registry.js";
import { Tree } from "./tree.js";

const tree = new Tree();
const at = (size) => ({ size, root: tree.root(size) });
const names = ({ events }) => events.filter(Boolean).map((event) => event.name);
const refusal = (name, ...values) => (error) => {
  assert.equal(error.message, name);
  if (values.length) assert.deepEqual(error.values.map(String), values.map(String));
  return true;
};

describe("the founding", () => {
  it("leaves nobody who could decide alone", async () => {
    const consortium = await found();
    const { registry } = consortium;
    for (const account of [registry.admin, registry.writer, consortium.members[0].account]) {
      const [admin] = await registry.view("hasRole", NONE, account);
      assert.equal(admin, false);
      await assert.rejects(registry.transact(account, "grantRole", NONE, account), refusal("AccessControlUnauthorizedAccount"));
    }
    assert.deepEqual([...(await consortium.view("governs"))], [true]);
    await registry.anchor(EMPTY, at(3), []);
  });

  it("has no effect on the registry before the administrator hands over, and takes nothing from him", async () => {
    const consortium = await found([7, 7, 7], 2, 2, false);
    const [north, south] = consortium.members;
    assert.deepEqual([...(await consortium.view("governs"))], [false]);
    await consortium.decide([north, south], change("Pause"));
    await consortium.registry.anchor(EMPTY, at(3), []);
    await consortium.handOver();
    await assert.rejects(consortium.registry.anchor(at(3), at(4), tree.consistency(3, 4)), refusal("AccessControlUnauthorizedAccount"));
  });

  it("says everything in events, and begins their chain of blocks", async () => {
    const consortium = await found();
    const events = consortium.deployed.logs.map((log) => consortium.face.parseLog(log));
    assert.deepEqual(events.map((event) => event.name).filter((name) => name !== "OrganisationAdmitted"),
      ["ChangedBefore", "AnchorAdded", "KeyRegistered", "KeyRegistered", "KeyRegistered", "KeyRegistered", "QuorumSet"]);
    assert.deepEqual([...events[0].args], [0n]);
  });

  it("refuses a quorum of half or less, and more than there are", async () => {
    for (const [roles, quorum, pause] of [[[7, 7, 7, 7], 2, 2], [[7, 7], 1, 1], [[7], 2, 1], [[7, 7, 7], 2, 3], [[7, 3, 3], 2, 2],
      [[7], 1, 0], [[3], 1, 1], [[], 0, 0]]) {
      await assert.rejects(found(roles, quorum, pause), refusal("ConsortiumQuorum", quorum, pause));
    }
  });
});

describe("who may do what", () => {
  // Callers: an organisation with every role, one without GUARDIAN, one that was removed, a stranger, the anchoring account.
  const outcomes = {
    "propose Admit": ["yes", "yes", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "propose Pause": ["yes", "ConsortiumNotGuardian", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "approve": ["yes", "yes", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "approve Pause": ["yes", "ConsortiumNotGuardian", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "withdraw": ["yes", "yes", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "rotateKey": ["yes", "yes", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "revokeKey": ["yes", "yes", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "moveAccount": ["yes", "yes", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "dropAnchor": ["yes", "yes", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation", "ConsortiumNotOrganisation"],
    "anchor": ["AccessControlUnauthorizedAccount", "AccessControlUnauthorizedAccount", "AccessControlUnauthorizedAccount",
      "AccessControlUnauthorizedAccount", "yes"],
    "settle": ["yes", "yes", "yes", "yes", "yes"],
  };

  it("is what the table says", async () => {
    const consortium = await found([7, 7, 7, 2, 3], 4, 2);
    const [north, south, east, west, centre] = consortium.members;
    await consortium.decide([north, south, east, west], change("Remove", { organisation: centre.id, quorum: 4, pauseQuorum: 2 }));
    const admit = change("Admit", { organisation: idOf("new"), account: consortium.accounts[12], quorum: 4, pauseQuorum: 2 });
    await consortium.transact(south.account, "propose", admit);
    await consortium.transact(south.account, "propose", change("Pause"));
    const other = change("SetRoles", { organisation: west.id, roles: 3 });
    const calls = {
      "propose Admit": [consortium, "propose", other], "propose Pause": [consortium, "propose", change("Pause")],
      "approve": [consortium, "approve", proposalOf(admit)], "approve Pause": [consortium, "approve", proposalOf(change("Pause"))],
      "withdraw": [consortium, "withdraw", proposalOf(admit)], "rotateKey": [consortium, "rotateKey", keyOf("second"), 50],
      "revokeKey": [consortium, "revokeKey"], "moveAccount": [consortium, "moveAccount", consortium.accounts[13]],
      "dropAnchor": [consortium, "dropAnchor", consortium.registry.writer],
      "anchor": [consortium.registry, "anchor", 0, NONE, 3, hex(tree.root(3)), []], "settle": [consortium, "settle"],
    };
    const callers = [north.account, west.account, centre.account, consortium.stranger, consortium.registry.writer];
    for (const [name, [contract, method, ...args]] of Object.entries(calls)) {
      for (const [i, from] of callers.entries()) {
        const data = contract.face.encodeFunctionData(method, args);
        const said = await contract.provider.request({ method: "eth_call", params: [{ from, to: contract.address, data }, "latest"] })
          .then(() => "yes", (error) => contract.face.parseError(error.data.data ?? error.data).name);
        assert.equal(said, outcomes[name][i], `${name} by caller ${i}`);
      }
    }
  });
});

describe("decisions", () => {
  let consortium, north, south, east, west, admit;
  before(async () => {
    consortium = await found();
    [north, south, east, west] = consortium.members;
    admit = change("Admit", { organisation: idOf("centre"), account: consortium.accounts[7], roles: WITNESS, quorum: 3, pauseQuorum: 2 });
  });

  it("are not carried by one organisation, however often it approves", async () => {
    const { events } = await consortium.transact(north.account, "propose", admit);
    assert.deepEqual(events.map((event) => event.name), ["ChangedBefore", "Proposed"]);
    assert.equal(events[1].args.proposal, proposalOf(admit));
    for (const [method, argument] of [["propose", admit], ["approve", proposalOf(admit)], ["approve", proposalOf(admit)]]) {
      assert.deepEqual(names(await consortium.transact(north.account, method, argument)), []);
    }
    const standing = await consortium.view("proposal", proposalOf(admit));
    assert.deepEqual([standing.approvals, standing.counting, standing.needed, standing.carried], [1n, 1n, 3n, false]);
  });

  it("lose an approval that is taken back", async () => {
    await consortium.transact(south.account, "approve", proposalOf(admit));
    assert.deepEqual(names(await consortium.transact(south.account, "withdraw", proposalOf(admit))), ["ChangedBefore", "ApprovalWithdrawn"]);
    assert.deepEqual(names(await consortium.transact(south.account, "withdraw", proposalOf(admit))), []);
    await consortium.transact(east.account, "approve", proposalOf(admit));
    assert.equal((await consortium.view("organisation", idOf("centre")))[0].present, false);
  });

  it("are carried with the last approval that is needed, at once", async () => {
    const carried = await consortium.transact(west.account, "propose", admit);
    assert.deepEqual(names(carried), ["ChangedBefore", "Approved", "Carried", "OrganisationAdmitted"]);
    const [centre] = await consortium.view("organisation", idOf("centre"));
    assert.deepEqual([centre.account.toLowerCase(), centre.number, centre.roles, centre.present],
      [consortium.accounts[7].toLowerCase(), 4n, BigInt(WITNESS), true]);
  });

  it("take a late approval in silence, and are not carried again", async () => {
    assert.deepEqual(names(await consortium.transact(south.account, "approve", proposalOf(admit))), []);
    await consortium.transact(south.account, "propose", admit);
    assert.equal((await consortium.view("proposal", proposalOf(admit, 1))).counting, 1n);
    await consortium.transact(north.account, "approve", proposalOf(admit, 1));
    await assert.rejects(consortium.transact(east.account, "approve", proposalOf(admit, 1)), refusal("ConsortiumTaken"));
  });

  it("run out", async () => {
    const roles = change("SetRoles", { organisation: west.id, roles: ANCHOR });
    await consortium.transact(north.account, "propose", roles);
    await consortium.later(14 * 86_400 + 2);
    await assert.rejects(consortium.transact(south.account, "approve", proposalOf(roles)), refusal("ConsortiumExpired"));
    await consortium.transact(south.account, "propose", roles);
    const again = await consortium.view("proposal", proposalOf(roles, 1));
    assert.deepEqual([again.approvals, again.counting], [2n, 1n]);
  });

  it("have one form each", async () => {
    const [organisation, account] = [north.id, consortium.accounts[9]];
    for (const wrong of [change("Admit", { organisation, account }), change("Remove", { organisation }),
      change("Pause", { organisation }), change("SetRoles", { organisation, roles: 8 }), change("SetRoles", { roles: 1 }),
      change("AddAnchor", { organisation }), change("AddAnchor", { organisation, account, roles: 1 }),
      change("SetQuorum", { quorum: 3 }), change("RevokeKey", { organisation, account }), change("Unpause", { quorum: 3, pauseQuorum: 2 })]) {
      await assert.rejects(consortium.transact(north.account, "propose", wrong), refusal("ConsortiumMisshapen"));
    }
    await assert.rejects(consortium.transact(north.account, "approve", NONE), refusal("ConsortiumNoProposal", NONE));
  });

  it("never leave fewer than the quorum, or too few guardians to pause", async () => {
    const three = await found([7, 7, 3], 2, 2);
    const [a, b, c] = three.members;
    const last = async (decision) => {
      await three.transact(b.account, "propose", decision);
      return three.transact(a.account, "propose", decision);
    };
    await assert.rejects(last(change("SetRoles", { organisation: b.id, roles: ANCHOR })), refusal("ConsortiumQuorum", 2, 2));
    await assert.rejects(last(change("Remove", { organisation: b.id, quorum: 2, pauseQuorum: 2 })), refusal("ConsortiumQuorum", 2, 2));
    await assert.rejects(last(change("SetQuorum", { quorum: 1, pauseQuorum: 1 })), refusal("ConsortiumQuorum", 1, 1));
    await last(change("Remove", { organisation: c.id, quorum: 2, pauseQuorum: 1 }));
    assert.deepEqual([...(await three.view("rules"))].slice(1, 3), [2n, 1n]);
  });
});

describe("an organisation that was removed", () => {
  it("no longer counts where it approved, decides nothing, anchors nothing, and keeps its history", async () => {
    const consortium = await found([7, 7, 7, 2], 3, 2);
    const [north, south, east, west] = consortium.members;
    const { registry } = consortium;
    await registry.anchor(EMPTY, at(5), []);
    const roles = change("SetRoles", { organisation: west.id, roles: WITNESS | GUARDIAN });
    await consortium.transact(north.account, "propose", roles);
    await consortium.transact(south.account, "approve", proposalOf(roles));
    const removed = await consortium.decide([east, south, west], change("Remove", { organisation: north.id, quorum: 2, pauseQuorum: 2 }));
    assert.deepEqual(names(removed).slice(2), ["Carried", "AnchorRemoved", "KeyEnded", "OrganisationRemoved", "QuorumSet"]);

    const standing = await consortium.view("proposal", proposalOf(roles));
    assert.deepEqual([standing.approvals, standing.counting, standing.needed], [3n, 1n, 2n]);
    await assert.rejects(consortium.transact(north.account, "approve", proposalOf(roles)), refusal("ConsortiumNotOrganisation"));
    assert.equal(await consortium.mayAnchor(registry.writer), false);
    await assert.rejects(registry.anchor(at(5), at(6), tree.consistency(5, 6)), refusal("AccessControlUnauthorizedAccount"));
    assert.deepEqual([...(await consortium.view("keyFor", north.id, 5))], [keyOf("north")]);
    await assert.rejects(consortium.view("keyFor", north.id, 6), refusal("ConsortiumNoKey", north.id));

    // Back again it has another number: what it approved before is not its approval now, and its old key stays ended.
    await consortium.decide([south, east], change("Admit", { organisation: north.id, account: north.account, roles: 7, quorum: 3, pauseQuorum: 2 }));
    assert.equal((await consortium.view("organisation", north.id))[0].number, 4n);
    assert.equal((await consortium.view("proposal", proposalOf(roles))).counting, 1n);
    await assert.rejects(consortium.transact(north.account, "rotateKey", keyOf("north"), 9), refusal("ConsortiumTaken", keyOf("north")));
    await consortium.transact(north.account, "rotateKey", keyOf("north again"), 9);
    assert.equal((await consortium.view("keys", north.id))[0].length, 2);
  });
});

describe("checkpoint keys", () => {
  let consortium, north, south;
  before(async () => {
    consortium = await found();
    [north, south] = consortium.members;
    await consortium.registry.anchor(EMPTY, at(5), []);
  });

  it("change hands beyond what is anchored, and stay on record for the sizes before", async () => {
    for (const size of [0, 4, 5]) {
      await assert.rejects(consortium.transact(north.account, "rotateKey", keyOf("2"), size), refusal("ConsortiumKeyTooEarly", size, 6));
    }
    const { events } = await consortium.transact(north.account, "rotateKey", keyOf("2"), 8);
    assert.deepEqual(events.slice(1).map((event) => [event.name, ...event.args].map(String)),
      [["KeyEnded", north.id, keyOf("north"), "8", "false"], ["KeyRegistered", north.id, keyOf("2"), "8"]]);
    for (const [size, key] of [[1, "north"], [7, "north"], [8, "2"], [2n ** 63n, "2"]]) {
      assert.deepEqual([...(await consortium.view("keyFor", north.id, size))], [keyOf(key)]);
    }
    await assert.rejects(consortium.view("keyFor", north.id, 0), refusal("ConsortiumNoKey"));
  });

  it("take a repeat in silence", async () => {
    assert.deepEqual(names(await consortium.transact(north.account, "rotateKey", keyOf("2"), 8)), []);
  });

  it("never come back, nor belong to two", async () => {
    for (const key of ["north", "2", "south"]) {
      await assert.rejects(consortium.transact(north.account, "rotateKey", keyOf(key), 20), refusal("ConsortiumTaken", keyOf(key)));
    }
    await assert.rejects(consortium.transact(north.account, "rotateKey", keyOf("3"), 8), refusal("ConsortiumKeyTooEarly", 8, 9));
    await assert.rejects(consortium.transact(north.account, "rotateKey", NONE, 20), refusal("ConsortiumTaken", NONE));
  });

  it("end where they can no longer be trusted, by the organisation or by the others", async () => {
    await consortium.transact(south.account, "revokeKey");
    const [[ended]] = await consortium.view("keys", south.id);
    assert.deepEqual([ended.fromSize, ended.untilSize, ended.revoked], [1n, 6n, true]);
    await assert.rejects(consortium.transact(south.account, "revokeKey"), refusal("ConsortiumNoKey", south.id));
    await consortium.decide(consortium.members.slice(1), change("RevokeKey", { organisation: north.id }));
    const [[, last]] = await consortium.view("keys", north.id);
    assert.deepEqual([last.fromSize, last.untilSize, last.revoked], [8n, 8n, true]);
    await consortium.transact(north.account, "rotateKey", keyOf("4"), 8);
    assert.deepEqual([...(await consortium.view("keyFor", north.id, 8))], [keyOf("4")]);
    const [[, , now]] = await consortium.view("keys", north.id);
    assert.equal(now.untilSize, OPEN);
  });
});

describe("accounts", () => {
  it("are moved by their organisation, or by the others when it lost its own", async () => {
    const consortium = await found();
    const [north, south, east, west] = consortium.members;
    const [moved, given] = consortium.accounts.slice(10);
    await consortium.transact(north.account, "moveAccount", moved);
    await assert.rejects(consortium.transact(north.account, "revokeKey"), refusal("ConsortiumNotOrganisation"));
    await assert.rejects(consortium.transact(moved, "moveAccount", south.account), refusal("ConsortiumTaken"));
    await assert.rejects(consortium.transact(moved, "moveAccount", NOBODY), refusal("ConsortiumMisshapen"));
    await consortium.decide([south, east, west], change("SetAccount", { organisation: north.id, account: given }));
    await assert.rejects(consortium.transact(moved, "revokeKey"), refusal("ConsortiumNotOrganisation"));
    await consortium.transact(given, "revokeKey");
  });

  it("anchor by decision of all, stop by their own organisation's, and belong to one", async () => {
    const consortium = await found();
    const [north, south, east, west] = consortium.members;
    const [spare] = consortium.accounts.slice(10);
    const add = (organisation) => change("AddAnchor", { organisation: organisation.id, account: spare });
    await consortium.decide([north, south, east], add(south));
    assert.equal(await consortium.mayAnchor(spare), true);
    await consortium.decide([north, south], add(east));
    await assert.rejects(consortium.transact(east.account, "propose", add(east)), refusal("ConsortiumTaken"));
    assert.deepEqual(names(await consortium.transact(north.account, "dropAnchor", spare)), []);
    await consortium.transact(south.account, "dropAnchor", spare);
    assert.equal(await consortium.mayAnchor(spare), false);
    await consortium.decide([north, south, west], change("SetRoles", { organisation: north.id, roles: WITNESS | GUARDIAN }));
    assert.equal(await consortium.mayAnchor(consortium.registry.writer), false);
    await consortium.decide([north, south, west], change("SetRoles", { organisation: north.id, roles: 7 }));
    assert.equal(await consortium.mayAnchor(consortium.registry.writer), true);
  });

  it("that the registry knows from before are taken out by decision", async () => {
    const consortium = await found([7, 7, 7], 2, 2, false);
    const [north, south] = consortium.members;
    const { registry } = consortium;
    const [role] = await registry.view("ANCHOR_ROLE");
    await registry.transact(registry.admin, "grantRole", role, consortium.stranger);
    await consortium.handOver();
    assert.equal(await consortium.mayAnchor(consortium.stranger), true);
    await consortium.decide([north, south], change("RemoveAnchor", { organisation: north.id, account: consortium.stranger }));
    assert.equal(await consortium.mayAnchor(consortium.stranger), false);
  });
});

describe("pausing", () => {
  it("takes two guardians, stops every anchor, and ends by the quorum of all", async () => {
    const consortium = await found();
    const [north, south, east, west] = consortium.members;
    const { registry } = consortium;
    await registry.anchor(EMPTY, at(3), []);
    assert.deepEqual(names(await consortium.transact(east.account, "propose", change("Unpause"))), []);
    await consortium.transact(north.account, "propose", change("Pause"));
    await registry.anchor(at(3), at(4), tree.consistency(3, 4));
    assert.deepEqual(names(await consortium.transact(east.account, "propose", change("Pause"))), ["ChangedBefore", "Approved", "Carried", "Paused"]);
    await assert.rejects(registry.anchor(at(4), at(5), tree.consistency(4, 5)), refusal("AccessControlUnauthorizedAccount"));
    assert.deepEqual(names(await consortium.transact(south.account, "propose", change("Pause"))), []);
    await consortium.transact(north.account, "rotateKey", keyOf("while paused"), 9);

    await consortium.decide([north, east], change("Unpause"));
    assert.equal(await consortium.mayAnchor(registry.writer), false);
    await consortium.transact(west.account, "propose", change("Unpause"));
    await registry.anchor(at(4), at(5), tree.consistency(4, 5));
  });

  it("is for the day: an approval of yesterday does not pause", async () => {
    const consortium = await found();
    const [north, south] = consortium.members;
    await consortium.transact(north.account, "propose", change("Pause"));
    await consortium.later(86_402);
    await consortium.transact(south.account, "propose", change("Pause"));
    assert.equal((await consortium.view("rules"))[3], false);
    await consortium.transact(north.account, "propose", change("Pause"));
    assert.equal((await consortium.view("rules"))[3], true);
  });
});

it("tells its history block by block, backwards, with no other block read", async () => {
  const consortium = await found();
  const [north, south, east] = consortium.members;
  for (let round = 0; round < 3; round++) {
    await consortium.decide([north, south, east], change("SetRoles", { organisation: east.id, roles: round % 2 ? 7 : 3 }));
    await consortium.later(1);
  }
  let [, , , , block] = await consortium.view("rules");
  const told = [];
  while (block) {
    const number = "0x" + block.toString(16);
    const logs = await consortium.provider.request(
      { method: "eth_getLogs", params: [{ address: consortium.address, fromBlock: number, toBlock: number }] });
    const events = logs.map((log) => consortium.face.parseLog(log));
    assert.equal(events[0].name, "ChangedBefore");
    told.push(...events);
    [block] = events[0].args;
  }
  const all = await consortium.provider.request(
    { method: "eth_getLogs", params: [{ address: consortium.address, fromBlock: "0x0", toBlock: "latest" }] });
  assert.equal(told.length, all.length);
});

it("costs what the snapshot says, and nothing more to anchor", async () => {
  const snapshot = new URL("consortium-gas.json", import.meta.url);
  const consortium = await found();
  const [north, south, east] = consortium.members;
  const { registry } = consortium;
  const measured = { "deploy: four organisations": Number(consortium.deployed.gasUsed) };
  const gas = async (name, from, ...call) => (measured[name] = (await consortium.transact(from, ...call)).gas);
  const admit = change("Admit", { organisation: idOf("centre"), account: consortium.accounts[7], roles: WITNESS, quorum: 3, pauseQuorum: 2 });
  measured["anchor: first checkpoint, as without organisations"] = (await registry.anchor(EMPTY, at(1000), [])).gas;
  await gas("propose", north.account, "propose", admit);
  await gas("approve", south.account, "approve", proposalOf(admit));
  await gas("approve: again", south.account, "approve", proposalOf(admit));
  await gas("approve: carried, an organisation admitted", east.account, "approve", proposalOf(admit));
  await gas("rotateKey", north.account, "rotateKey", keyOf("2"), 2000);
  await gas("rotateKey: again", north.account, "rotateKey", keyOf("2"), 2000);
  await gas("pause: first guardian", north.account, "propose", change("Pause"));
  await gas("pause: second guardian, one account stopped", south.account, "propose", change("Pause"));
  if (process.env.UPDATE_GAS) writeFileSync(snapshot, JSON.stringify(measured, null, 2) + "\n");
  assert.deepEqual(measured, JSON.parse(readFileSync(snapshot)));
  const { "anchor: first checkpoint": alone } = JSON.parse(readFileSync(new URL("gas.json", import.meta.url)));
  assert.equal(measured["anchor: first checkpoint, as without organisations"], alone.gas);
});
