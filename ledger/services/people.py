"""
People: invited by a one-time link, signed in by e-mail and password, each a principal like a machine's key.

A person's principal has a secret nobody knows; sessions are signed with its hash, so a new secret (another password,
signing out everywhere) ends all of them. Links and passwords are kept as hashes. Nothing of this goes into the log.
"""

from __future__ import annotations

import re
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Final, Protocol

from ledger.errors import AccessError
from ledger.ports import Clock, Random
from ledger.ports.tenancy import EVERYONE, acting_for
from ledger.records.record import microseconds
from ledger.services.access import FOREVER, ROLES, Principal, Role, StoredPrincipal
from ledger.services.gate import Gate
from ledger.services.organisations import Organisation, OrganisationStore, organisation_of
from ledger.services.passwords import hashed, matches

INVITED_FOR: Final = timedelta(days=7)
MOST_FAILURES: Final = 5
PAUSE: Final = timedelta(minutes=15)
_EMAIL: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}", re.ASCII)
_KIND_OF_ROLE: Final = {"supplier": "supplier", "auditor": "verifier"}


class SignInRefused(AccessError):
    """E-mail and password that open nothing, or not now. Which of these it is, is not said."""

    code = "access.sign-in-refused"
    en = "e-mail and password do not open an account now; after 5 wrong passwords it pauses for 15 minutes"
    zh = "邮箱或密码不正确，或账户暂停中；连续 5 次密码错误后账户暂停 15 分钟"
    fix_en = "Try again, or ask the ledger's administrator for a new link"
    fix_zh = "请重试，或请管理员重新发送链接"


class InvitationAbsent(AccessError):
    """A link that was used, withdrawn, has expired, or never was. Which of these it is, is not said."""

    code = "access.invitation-absent"
    en = "this link does not open anything any more"
    zh = "该链接已失效"
    fix_en = "If you have set a password already, sign in; else ask who invited you for a new link"
    fix_zh = "若已设置密码请直接登录，否则请联系邀请人重新发送链接"


class InvitationRefused(AccessError):
    """Somebody who cannot be invited like this."""

    code = "access.invitation-terms"
    why: str
    why_zh: str
    en = "no invitation is made: {why}"
    zh = "无法邀请：{why_zh}"
    fix_en = "Give a name, an e-mail address and a role; a supplier's person needs its organisation"
    fix_zh = "请填写姓名、邮箱和角色；供应商人员须选择其组织"


class PersonAbsent(AccessError):
    """There is no such person in the tenant."""

    code = "access.person-absent"
    en = "there is no such person here"
    zh = "此处没有该人员"
    fix_en = "Compare with the list of people; keys are managed apart"
    fix_zh = "请核对人员列表；密钥另行管理"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who signs in. Times are microseconds since the Unix epoch; ``signed_in_at`` is 0 before the first."""

    id: str
    tenant: str
    email: str
    name: str
    role: Role
    organisation: str
    created_at: int
    signed_in_at: int = 0
    revoked: bool = False
    subject: str = ""
    """Who an OpenID provider says it is, ``issuer subject``."""


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person with what opens its account."""

    person: Person
    password: str = field(repr=False)
    failures: int = 0
    locked_until: int = 0


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link's terms. ``taken_at`` is 0 until it was used."""

    id: str
    tenant: str
    email: str
    name: str
    role: Role
    organisation: str
    created_at: int
    expires_at: int
    taken_at: int = 0
    revoked: bool = False

    def open(self, now: int) -> bool:
        """Whether the link still opens."""
        return not self.taken_at and not self.revoked and now < self.expires_at


class PeopleStore(Protocol):
    """People and invitations of all tenants; a person's principal is written in the same transaction."""

    def by_id(self, person_id: str) -> StoredPerson | None:
        """A person by the id of its principal."""
        ...

    def by_email(self, email: str) -> StoredPerson | None:
        """A person by address, whichever its tenant."""
        ...

    def by_subject(self, subject: str) -> StoredPerson | None:
        """A person by what an OpenID provider calls it."""
        ...

    def of_tenant(self, tenant: str) -> list[Person]:
        """A tenant's people by name."""
        ...

    def failed(self, person_id: str, most: int, until: int) -> None:
        """Count a wrong password; from ``most`` in a row on the account is locked until a time."""
        ...

    def signed_in(self, person_id: str, now: int) -> None:
        """Forget wrong passwords, keep the time."""
        ...

    def set_password(self, person_id: str, password: str, secret_hash: bytes) -> None:
        """Another password and another secret of its principal; unlocks."""
        ...

    def link(self, person_id: str, subject: str) -> bool:
        """Keep who an OpenID provider says a person is; False when it is linked already, or the subject is."""
        ...

    def invite(self, invitation: Invitation, token_hash: bytes) -> None:
        """Keep an invitation; earlier open ones to the same address in the tenant end."""
        ...

    def invitation(self, token_hash: bytes) -> Invitation | None:
        """An invitation by the hash of its link's secret."""
        ...

    def invited(self, email: str) -> list[Invitation]:
        """All invitations to an address, newest first."""
        ...

    def invitations(self, tenant: str) -> list[Invitation]:
        """A tenant's invitations, newest first."""
        ...

    def revoke_invitation(self, tenant: str, invitation_id: str) -> bool:
        """End an invitation; False when the tenant has no such open one."""
        ...

    def accept(self, invitation: Invitation, principal: StoredPrincipal, password: str, now: int) -> str | None:
        """
        Use an invitation, once: the id of its person, or ``None`` when it is not open any more.

        A person of that address in the tenant who was not revoked keeps its id and gets password and secret, an empty
        password changing neither; otherwise ``principal`` is the new person's.
        """
        ...


class Inviting(Protocol):
    """What inviting needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def people(self) -> PeopleStore: ...
    @property
    def organisations(self) -> OrganisationStore: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def random(self) -> Random: ...


def address_of(text: str) -> str:
    """An e-mail address as it is kept, in lower case. Raises ``InvitationRefused``."""
    plain = text.strip().lower()
    if not _EMAIL.fullmatch(plain) or len(plain) > 254:
        raise InvitationRefused(why=f"{text[:60]!r} is not an e-mail address", why_zh=f"{text[:60]!r} 不是邮箱地址")
    return plain


def invite(
    ledger: Inviting, *, tenant: str, email: str, name: str, role: str, organisation: str = ""
) -> tuple[Invitation, str]:
    """
    An invitation with the secret of its link, shown once. To someone who is here it is a way to a new password.

    Raises ``InvitationRefused`` and ``OrganisationAbsent``.
    """
    granted = next((known for known in ROLES if known == role and known != "public"), None)
    if granted is None:
        raise InvitationRefused(why=f"{role!r} is not a role", why_zh=f"{role!r} 不是角色")
    name = " ".join(name.split())
    if not 0 < len(name) <= 200 or not name.isprintable():
        raise InvitationRefused(why="the name is empty or too long", why_zh="姓名为空或过长")
    address = address_of(email)
    party = organisation_of(ledger.organisations, tenant, organisation) if organisation else None
    _fitting(granted, party)
    with acting_for(EVERYONE):  # an address has one account in all tenants: else a link that opens nothing
        known = ledger.people.by_email(address)
    if known is not None:
        _same(known.person, tenant, granted, organisation)
    now = ledger.clock.now()
    made = Invitation(
        b32encode(ledger.random.token(10)).decode().lower(),
        tenant,
        address,
        name,
        granted,
        organisation,
        microseconds(now),
        microseconds(now + INVITED_FOR),
    )
    secret = urlsafe_b64encode(ledger.random.token(32)).decode().rstrip("=")
    ledger.people.invite(made, token_hash(secret))
    return made, secret


def _fitting(role: Role, party: Organisation | None) -> None:
    """Suppliers act for a supplier, verifiers for a verifier or the house, the house's roles for the house."""
    kind = party.kind if party else ""
    if role == "supplier" and kind != "supplier":
        raise InvitationRefused(
            why="the role supplier needs a supplier's organisation", why_zh="供应商角色须选择供应商组织"
        )
    if kind and kind != _KIND_OF_ROLE.get(role):
        raise InvitationRefused(
            why=f"the role {role} does not act for a {kind}", why_zh=f"角色 {role} 不能代表 {kind} 类组织"
        )


def _same(person: Person, tenant: str, role: Role, organisation: str) -> None:
    if person.tenant != tenant:
        raise InvitationRefused(why="the address has an account elsewhere", why_zh="该邮箱已在别处开户")
    if not person.revoked and (person.role, person.organisation) != (role, organisation):
        raise InvitationRefused(
            why="the address has an account with another role; revoke it first",
            why_zh="该邮箱已有其他角色的账户，请先停用",
        )


def token_hash(secret: str) -> bytes:
    """What is stored of a link's secret: it has 256 random bits, so a slow hash adds nothing."""
    return sha256(secret.encode()).digest()


def invitation_of(people: PeopleStore, clock: Clock, secret: str) -> Invitation:
    """The open invitation of a link. Raises ``InvitationAbsent``."""
    found = people.invitation(token_hash(secret))
    if found is None or not found.open(microseconds(clock.now())):
        raise InvitationAbsent
    return found


def accept(ledger: Inviting, gate: Gate, secret: str, password: str) -> str:
    """Set the password of an invited person: its id. Raises ``InvitationAbsent`` and ``PasswordTooWeak``."""
    invitation = invitation_of(ledger.people, ledger.clock, secret)
    return taken(ledger, gate, invitation, hashed(password, not_in=_known(invitation.email, invitation.name)))


def taken(ledger: Inviting, gate: Gate, invitation: Invitation, password: str) -> str:
    """Use an open invitation, with a password's hash or none. Raises ``InvitationAbsent``."""
    now = microseconds(ledger.clock.now())
    fresh = Principal(
        f"person{b32encode(ledger.random.token(10)).decode().lower()}",
        invitation.tenant,
        invitation.name,
        invitation.role,
        now,
        FOREVER,
        organisation=invitation.organisation,
    )
    person_id = ledger.people.accept(invitation, StoredPrincipal(fresh, ledger.random.token(32)), password, now)
    if person_id is None:
        raise InvitationAbsent
    gate.forget(person_id)
    return person_id


def sign_in(people: PeopleStore, clock: Clock, email: str, password: str) -> str:
    """The id of the person whose e-mail and password these are. Raises ``SignInRefused``."""
    now = clock.now()
    stored = people.by_email(email.strip().lower()[:254])
    locked = stored is not None and microseconds(now) < stored.locked_until
    right = matches("" if stored is None or locked else stored.password, password)
    if stored is None or locked or stored.person.revoked:
        raise SignInRefused
    if not right:
        people.failed(stored.person.id, MOST_FAILURES, microseconds(now + PAUSE))
        raise SignInRefused
    people.signed_in(stored.person.id, microseconds(now))
    return stored.person.id


def person_of(people: PeopleStore, person_id: str) -> StoredPerson:
    """A person. Raises ``PersonAbsent``, also for the holder of a key."""
    found = people.by_id(person_id)
    if found is None:
        raise PersonAbsent
    return found


def change_password(ledger: Inviting, gate: Gate, person_id: str, old: str, new: str) -> None:
    """Another password; every session ends. Raises ``PersonAbsent``, ``SignInRefused``, ``PasswordTooWeak``."""
    stored = person_of(ledger.people, person_id)
    if sign_in(ledger.people, ledger.clock, stored.person.email, old) != person_id:
        raise SignInRefused
    fresh = hashed(new, not_in=_known(stored.person.email, stored.person.name))
    ledger.people.set_password(person_id, fresh, ledger.random.token(32))
    gate.forget(person_id)


def sign_out_everywhere(ledger: Inviting, gate: Gate, person_id: str) -> None:
    """End every session of a person: at once here, within half a minute on other processes. Raises ``PersonAbsent``."""
    stored = person_of(ledger.people, person_id)
    ledger.people.set_password(person_id, stored.password, ledger.random.token(32))
    gate.forget(person_id)


def _known(email: str, name: str) -> tuple[str, ...]:
    return (email, email.partition("@")[0], name, "onecode", "password")
