"""The consortium's contract through the node that the registry is reached by: read, decide, follow its events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from eth_utils.abi import event_abi_to_log_topic
from web3 import Web3
from web3.exceptions import BadFunctionCallOutput, ContractLogicError

from ledger.adapters.chain.artifact import consortium
from ledger.adapters.chain.evm_node import EvmNode, revert_in
from ledger.adapters.chain.waiting import final_receipt
from ledger.ports import AnchorRefused, ChainReceipt, ChainUnavailable
from ledger.ports.consortium import (
    DECISION_KINDS,
    ORGANISATION_ROLES,
    AnchorAccountRemoved,
    AnchoringPaused,
    CheckpointKey,
    CheckpointKeyNotInForce,
    ConsortiumAbsent,
    ConsortiumEvent,
    Decision,
    DecisionRefused,
    Member,
    OpenDecision,
    OrganisationRole,
    Standing,
)

ACT_GAS = 2_500_000
"""A decision takes under 200,000 (tests/contracts/consortium-gas.json) and 52,000 for each account it stops."""
OPEN = 2**64 - 1
NOBODY = "0x" + "00" * 20


class EvmConsortium:
    """Implements ``ledger.ports.consortium.Consortium`` over a node; decides as the account of its signer."""

    def __init__(self, node: EvmNode, address: str, anchoring: Callable[[], str] | None = None) -> None:
        """``anchoring``: the account whose anchors are to be permitted; the node's signer when not given."""
        self._node, self._address = node, Web3.to_checksum_address(address)
        self._anchoring = anchoring or (lambda: node.signer.address)
        self._contract: Any = node.web3.eth.contract(address=self._address, abi=consortium().abi)
        events = [part for part in consortium().abi if part["type"] == "event"]
        self._events = {event_abi_to_log_topic(part): part["name"] for part in events}  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        """Checksummed address of the contract."""
        return self._address

    def check(self) -> None:
        """Raise ConsortiumAbsent unless the very code we ship is at the address."""
        self._node.right_chain()
        with self._node.asking():
            code = bytes(self._node.web3.eth.get_code(Web3.to_checksum_address(self._address)))
        if code != consortium().runtime:
            raise ConsortiumAbsent(contract=self._address)

    # ------------------------------------------------------------ reading

    def standing(self) -> Standing:
        """See ``Consortium.standing``."""
        registry, quorum, pause_quorum, paused, changed, _ = self._view("rules")
        accounts, owners = self._view("anchors")
        members = tuple(
            self._member(bytes(one), [a for a, owner in zip(accounts, owners, strict=True) if owner == one])
            for one in dict.fromkeys(self._view("organisations"))
        )
        governs = self._view("governs")
        return Standing(self._address, registry, governs, quorum, pause_quorum, paused, changed, members)

    def _member(self, organisation: bytes, anchors: Sequence[str]) -> Member:
        account, number, roles, present = self._view("organisation", organisation)
        keys = self._keys(organisation)
        decides = "" if account == NOBODY else account
        return Member(organisation, decides, number, roles_of(roles), present, tuple(anchors), keys)

    def _keys(self, organisation: bytes) -> tuple[CheckpointKey, ...]:
        return tuple(
            CheckpointKey(bytes(key), start, None if stop == OPEN else stop, revoked)
            for key, start, stop, _, revoked in self._view("keys", organisation)
        )

    def decision(self, proposal: bytes) -> OpenDecision:
        """See ``Consortium.decision``."""
        change, approvals, expires, carried, counting, needed = self._view("proposal", proposal)
        numbers = tuple(number for number in range(256) if approvals >> number & 1)
        return OpenDecision(decision_of(change), numbers, expires, carried, counting, needed)

    def permit(self, size: int, key: bytes) -> None:
        """See ``AnchorRules.permit``."""
        if not self._view("governs"):
            return
        _, _, _, paused, _, _ = self._view("rules")
        if paused:
            raise AnchoringPaused(consortium=self._address)
        sender, (accounts, owners) = self._anchoring(), self._view("anchors")
        owner = dict(zip(accounts, owners, strict=True)).get(sender)
        if owner is None or "anchor" not in roles_of(self._view("organisation", owner)[2]):
            raise AnchorAccountRemoved(sender=sender, consortium=self._address)
        known = self._keys(owner)
        if known and not any(
            one.key == key and one.from_size <= size < (OPEN if one.until_size is None else one.until_size)
            for one in known
        ):
            raise CheckpointKeyNotInForce(size=size, key=key.hex())

    def events(self, after: int) -> list[ConsortiumEvent]:
        """See ``Consortium.events``: block by block backwards, as ``ChangedBefore`` links them, no other block read."""
        found: list[ConsortiumEvent] = []
        block = self._view("rules")[4]
        while block > after:
            first, *told = self._block(block)
            if told and self._node.final(told[0].receipt):
                found[:0] = told
            block = int(str(first.values["blockNumber"]))
        return found

    def _block(self, number: int) -> list[ConsortiumEvent]:
        with self._node.asking():
            logs = self._node.web3.eth.get_logs(
                {"address": Web3.to_checksum_address(self._address), "fromBlock": number, "toBlock": number}
            )
        receipts: dict[bytes, ChainReceipt | None] = {}
        told = []
        for log in logs:
            name = self._events[bytes(log["topics"][0])]
            transaction = bytes(log["transactionHash"])
            if transaction not in receipts:
                receipts[transaction] = self._node.receipt(transaction)
            receipt = receipts[transaction]
            if receipt is not None:
                values = _neutral(self._contract.events[name]().process_log(log)["args"])
                told.append(ConsortiumEvent(name, values, receipt, log["logIndex"]))
        if not told or told[0].name != "ChangedBefore":
            raise ChainUnavailable(url=self._node.url, reason=f"it does not have the events of block {number}")
        return told

    def _view(self, name: str, *args: object) -> Any:
        self._node.right_chain()
        with self._node.asking():
            try:
                return getattr(self._contract.functions, name)(*args).call()
            except ContractLogicError as error:
                raise DecisionRefused(reason=revert_in(error).text) from error
            except BadFunctionCallOutput as error:
                raise ConsortiumAbsent(contract=self._address) from error

    # ------------------------------------------------------------ deciding

    def propose(self, decision: Decision) -> tuple[bytes, ChainReceipt]:
        """See ``Consortium.propose``."""
        change = change_of(decision)
        proposal = self._rehearsed("propose", change)
        return proposal, self._act("propose", change)

    def approve(self, proposal: bytes) -> ChainReceipt:
        """See ``Consortium.approve``."""
        return self._act("approve", proposal)

    def withdraw(self, proposal: bytes) -> ChainReceipt:
        """See ``Consortium.withdraw``."""
        return self._act("withdraw", proposal)

    def rotate_key(self, key: bytes, from_size: int) -> ChainReceipt:
        """See ``Consortium.rotate_key``."""
        return self._act("rotateKey", key, from_size)

    def revoke_key(self) -> ChainReceipt:
        """See ``Consortium.revoke_key``."""
        return self._act("revokeKey")

    def move_account(self, account: str) -> ChainReceipt:
        """See ``Consortium.move_account``."""
        return self._act("moveAccount", Web3.to_checksum_address(account))

    def drop_anchor(self, account: str) -> ChainReceipt:
        """See ``Consortium.drop_anchor``."""
        return self._act("dropAnchor", Web3.to_checksum_address(account))

    def settle(self) -> ChainReceipt:
        """Bring the registry's roles in line with what is decided."""
        return self._act("settle")

    def _rehearsed(self, name: str, *args: object) -> bytes:
        """What the call would return, refused before it costs a transaction."""
        sender = Web3.to_checksum_address(self._node.signer.address)
        self._node.right_chain()
        with self._node.asking():
            try:
                answer = getattr(self._contract.functions, name)(*args).call({"from": sender, "gas": ACT_GAS})
            except ContractLogicError as error:
                raise DecisionRefused(reason=revert_in(error).text) from error
        return bytes(answer) if isinstance(answer, bytes) else b""

    def _act(self, name: str, *args: object) -> ChainReceipt:
        self._rehearsed(name, *args)
        nonce = self._node.mined_nonce(self._node.signer.address)
        signed = self._node.sign(nonce, self._address, self._contract.encode_abi(name, list(args)), ACT_GAS)
        try:
            self._node.broadcast(signed.raw)
        except AnchorRefused as error:
            raise DecisionRefused(reason=error.reason) from error
        return final_receipt(self._node, signed.hash, name)


def roles_of(bits: int) -> tuple[OrganisationRole, ...]:
    """Roles by their bits."""
    return tuple(role for place, role in enumerate(ORGANISATION_ROLES) if bits >> place & 1)


def bits_of(roles: Sequence[OrganisationRole]) -> int:
    """The bits of roles."""
    return sum(1 << ORGANISATION_ROLES.index(role) for role in set(roles))


def change_of(decision: Decision) -> tuple[object, ...]:
    """A decision as ``IConsortium.Change``."""
    return (
        decision.organisation,
        Web3.to_checksum_address(decision.account or NOBODY),
        DECISION_KINDS.index(decision.kind),
        bits_of(decision.roles),
        decision.quorum,
        decision.pause_quorum,
    )


def decision_of(change: Any) -> Decision:
    """The same back: a tuple of ``proposal``, or the mapping that an event carries."""
    values = tuple(change.values()) if hasattr(change, "values") else tuple(change)
    organisation, account, kind, roles, quorum, pause_quorum = values
    return Decision(
        kind=DECISION_KINDS[kind],
        organisation=bytes(organisation),
        account="" if account == NOBODY else account,
        roles=roles_of(roles),
        quorum=quorum,
        pause_quorum=pause_quorum,
    )


def _neutral(values: Any) -> dict[str, object]:
    """An event's values without web3's types: roles by name, a change as a Decision."""
    found = dict(values)
    if "change" in found:
        found["change"] = decision_of(found["change"])
    if "roles" in found:
        found["roles"] = roles_of(found["roles"])
    return {name: bytes(value) if isinstance(value, bytes) else value for name, value in found.items()}
