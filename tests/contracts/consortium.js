// A registry with organisations behind it: founded as the ledger founds it, and the decisions they can take.
import { keccak256, toUtf8Bytes, AbiCoder, sha256 } from "ethers";
import { Contract, deploy } from "./registry.js";

export const [ANCHOR, WITNESS, GUARDIAN] = [1, 2, 4];
export const NOBODY = "0x" + "00".repeat(20);
export const NONE = "0x" + "00".repeat(32);
export const OPEN = 2n ** 64n - 1n;
const KINDS = ["Admit", "Remove", "SetRoles", "SetAccount", "AddAnchor", "RemoveAnchor", "RevokeKey", "SetQuorum", "Pause", "Unpause"];
const FIELDS = "tuple(bytes32,address,uint8,uint8,uint8,uint8)";

export const idOf = (name) => sha256(toUtf8Bytes(name));
export const keyOf = (name) => keccak256(toUtf8Bytes(`key of ${name}`));

/** A decision as the contract takes it; what is not given is zero. */
export function change(kind, { organisation = NONE, account = NOBODY, roles = 0, quorum = 0, pauseQuorum = 0 } = {}) {
  return [organisation, account, KINDS.indexOf(kind), roles, quorum, pauseQuorum];
}

/** The id of a decision that was carried, or ran out, `round` times before. */
export function proposalOf(decision, round = 0) {
  const content = keccak256(AbiCoder.defaultAbiCoder().encode([FIELDS], [decision]));
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [content, round]));
}

/**
 * `roles` of as many organisations: north, south, ... Account i + 3 decides for the i-th; `writer` anchors for the first.
 * Then the ceremony: the contract becomes the registry's administrator, the person who was stops being it.
 */
export async function found(roles = [7, 7, 6, 2], quorum = 3, pauseQuorum = 2, ceremony = true) {
  const registry = await deploy();
  const names = ["north", "south", "east", "west", "centre"].slice(0, roles.length);
  const members = names.map((name, i) => ({ name, id: idOf(name), account: registry.accounts[i + 3], roles: roles[i] }));
  const founders = members.map((one, i) =>
    [one.id, one.account, one.roles, i ? NOBODY : registry.writer, one.roles & (ANCHOR | WITNESS) ? keyOf(one.name) : NONE, 1]);
  const { provider, accounts, stranger } = registry;
  const consortium = new Consortium(provider, { registry, members, accounts, stranger });
  await consortium.create(registry.admin, "Consortium", registry.address, founders, quorum, pauseQuorum);
  if (ceremony) await consortium.handOver();
  return consortium;
}

class Consortium extends Contract {
  async handOver() {
    const { registry } = this;
    await registry.transact(registry.admin, "grantRole", NONE, this.address);
    await registry.transact(registry.admin, "renounceRole", NONE, registry.admin);
    await this.transact(this.stranger, "settle");
  }

  /** The first `voters` organisations decide. The last one's receipt. */
  async decide(voters, decision) {
    let last;
    for (const one of voters) last = await this.transact(one.account, "propose", decision);
    return last;
  }

  async mayAnchor(account) {
    const [role] = await this.registry.view("ANCHOR_ROLE");
    return (await this.registry.view("hasRole", role, account))[0];
  }

  async later(seconds) {
    await this.provider.request({ method: "evm_increaseTime", params: [seconds] });
    await this.provider.request({ method: "evm_mine", params: [] });
  }
}
