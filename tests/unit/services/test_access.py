"""Principals, keys, the gate and its cache, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.adapters.clock import SystemRandom
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.principals import SqlPrincipals
from ledger.services.access import OWNER_ID, PUBLIC, Principal, RoleNotAllowed, SignInNeeded, StoredPrincipal, require
from ledger.services.audit import Deed
from ledger.services.gate import CACHE_LIFE, Gate, Key, KeyRefused
from ledger.services.keys import KeyAbsent, Keys, KeyTermsRefused, ensure_owner, issue_key, renew_owner, revoke_key
from tests.builders import SteppingClock

RANDOM = SystemRandom()


class Held:
    """Principals on a database, a clock that stands still, and a gate."""

    def __init__(self, database: Database) -> None:
        self.principals = SqlPrincipals(database)
        self.clock = SteppingClock(step=timedelta(0))
        self.gate = Gate(self.principals, self.clock)

    def issue(self, tenant: str = "demo", role: str = "warehouse", days: int = 30) -> tuple[Principal, str]:
        return issue_key(self.principals, self.clock, RANDOM, tenant=tenant, name="gate", role=role, days=days)


@pytest.fixture
def held(database: Database) -> Held:
    """On each database."""
    return Held(database)


def test_the_owner_is_made_once(held: Held) -> None:
    """The first call gives the key, later ones nothing; the key is the owner's."""
    text = ensure_owner(held.principals, held.clock, RANDOM, "demo")
    assert text is not None
    assert ensure_owner(held.principals, held.clock, RANDOM, "demo") is None
    owner = held.gate.identify(text)
    assert (owner.id, owner.role, owner.tenant) == (OWNER_ID, "admin", "demo")


def test_a_lost_owner_key_is_replaced(held: Held) -> None:
    """The new key opens, the old one does not; without an owner there is nothing to replace."""
    with pytest.raises(KeyAbsent):
        renew_owner(held.principals, RANDOM)
    old = ensure_owner(held.principals, held.clock, RANDOM, "demo")
    assert old is not None
    new = renew_owner(held.principals, RANDOM)
    assert held.gate.identify(new).id == OWNER_ID
    with pytest.raises(KeyRefused):
        held.gate.identify(old)


def test_a_key_tells_its_principal(held: Held) -> None:
    """Tenant, name and role come back as they were issued."""
    issued, text = held.issue(tenant="other", role="auditor")
    found = held.gate.identify(text)
    assert found == issued
    assert (found.tenant, found.name, found.role) == ("other", "gate", "auditor")


def test_only_the_hash_is_stored(held: Held) -> None:
    """The stored principal has SHA-256 of the secret, and its repr has neither."""
    issued, text = held.issue()
    stored = held.principals.get(issued.id)
    assert stored is not None
    key = Key.parse(text)
    assert stored.secret_hash == key.hash
    assert key.secret.encode() not in stored.secret_hash
    assert repr(key.hash) not in repr(stored)


@pytest.mark.parametrize("change", ["secret", "id", "prefix", "cut", "more", "case"])
def test_a_changed_key_is_refused(held: Held, change: str) -> None:
    """Any other text is not a key."""
    _, text = held.issue()
    key = Key.parse(text)
    changed = {
        "secret": text[:-1] + ("A" if text[-1] != "A" else "B"),
        "id": Key("a" * 16, key.secret).text,
        "prefix": "ocx" + text[3:],
        "cut": text[:-1],
        "more": text + "A",
        "case": text.swapcase(),
    }[change]
    for ask in (held.gate.identify, held.gate.identify):
        with pytest.raises(KeyRefused):
            ask(changed)
    assert held.gate.identify(text)


def test_a_key_ends_with_its_time(held: Held) -> None:
    """It opens up to its last microsecond and not from then on, cached or not."""
    _, text = held.issue(days=1)
    held.clock.forward(86_400 - 1)
    assert held.gate.identify(text)
    held.clock.forward(1)
    with pytest.raises(KeyRefused):
        held.gate.remembered(text)
    with pytest.raises(KeyRefused):
        held.gate.identify(text)


@pytest.mark.parametrize("days", [0, -1, 91, 10**9])
def test_a_key_lives_ninety_days_at_most(held: Held, days: int) -> None:
    """Other lifetimes are refused."""
    with pytest.raises(KeyTermsRefused):
        held.issue(days=days)


@pytest.mark.parametrize("role", ["public", "owner", "", "Owner"])
def test_a_key_has_a_known_role(held: Held, role: str) -> None:
    """Other roles are refused."""
    with pytest.raises(KeyTermsRefused):
        held.issue(role=role)


def test_a_revoked_key_is_refused_here_at_once_and_elsewhere_within_the_cache(held: Held) -> None:
    """The process that revokes forgets at once; another one asks again after the cache's life, under a minute."""
    elsewhere = Gate(held.principals, held.clock)
    issued, text = held.issue()
    assert held.gate.identify(text)
    assert elsewhere.identify(text)
    revoke_key(held.principals, held.gate, tenant="demo", key_id=issued.id)
    with pytest.raises(KeyRefused):
        held.gate.identify(text)
    assert elsewhere.remembered(text)
    held.clock.forward(CACHE_LIFE.total_seconds())
    assert timedelta(minutes=1) > CACHE_LIFE
    assert elsewhere.remembered(text) is None
    with pytest.raises(KeyRefused):
        elsewhere.identify(text)


def test_a_clock_set_back_makes_the_gate_ask_again(held: Held) -> None:
    """A principal that seems to have been seen in the future is not trusted from memory."""
    _, text = held.issue()
    assert held.gate.identify(text)
    held.clock.forward(-3_600)
    assert held.gate.remembered(text) is None


def test_another_tenants_key_cannot_be_revoked(held: Held) -> None:
    """It is absent, like one that never was; nor can the owner be revoked."""
    issued, text = held.issue(tenant="other")
    ensure_owner(held.principals, held.clock, RANDOM, "demo")
    for name in (issued.id, "nosuchkey", OWNER_ID):
        with pytest.raises(KeyAbsent):
            revoke_key(held.principals, held.gate, tenant="demo", key_id=name)
    assert held.gate.identify(text)


def test_keys_are_listed_by_tenant(held: Held) -> None:
    """Oldest first, and no other tenant's."""
    first, _ = held.issue()
    held.clock.forward(1)
    second, _ = held.issue()
    held.issue(tenant="other")
    assert held.principals.of_tenant("demo") == [first, second]
    assert held.principals.of_tenant("nobody") == []


def test_an_id_is_taken_once(held: Held) -> None:
    """Adding a second principal of an id changes nothing."""
    issued, text = held.issue()
    assert not held.principals.add(StoredPrincipal(issued, b"other"))
    assert held.gate.identify(text)


def test_roles_decide() -> None:
    """The public is asked to sign in, others are told their role; what is public is everyone's."""
    auditor = Principal("a", "demo", "a", "auditor", 0, 1)
    require(PUBLIC, "public", {"public"})
    require(auditor, "public", {"public"})
    require(auditor, "entries.read", {"auditor"})
    with pytest.raises(SignInNeeded):
        require(PUBLIC, "entries.read", {"auditor"})
    with pytest.raises(RoleNotAllowed):
        require(auditor, "capture", {"admin"})


def test_whatever_is_done_to_a_key_is_told(held: Held) -> None:
    """Each act with its key, in whose name, once; what is refused tells nothing."""
    told: list[Deed] = []
    keys = Keys(held.principals, held.gate, held.clock, RANDOM, "demo", "operator", told.append)
    ensure_owner(held.principals, held.clock, RANDOM, "demo")
    first, _ = keys.issue(name="gate", role="warehouse", days=1)
    second, _ = keys.replace(first.id)
    keys.revoke(second.id)
    text = keys.renew_owner()
    for refused in (
        lambda: keys.revoke("none"),
        lambda: keys.replace("none"),
        lambda: keys.issue(name="x", role="x", days=1),
    ):
        with pytest.raises((KeyAbsent, KeyTermsRefused)):
            refused()
    assert [(one.act, one.principal, one.object, one.role) for one in told] == [
        ("issue_key", "operator", first.id, "warehouse"),
        ("replace_key", "operator", first.id, "warehouse"),
        ("issue_key", "operator", second.id, "warehouse"),
        ("revoke_key", "operator", second.id, ""),
        ("replace_key", "operator", OWNER_ID, "admin"),
    ]
    assert held.gate.identify(text).id == OWNER_ID
