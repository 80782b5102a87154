"""
A deed that concerns security: who did what to what here, and whether it was let be.

Nothing of a person, no secret and no network address is in it: parties are named by the ids of their principals.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.transport_leg import Moment, Name

Act = Literal[
    "accept_invitation",
    "authorise",
    "change_password",
    "close_person",
    "disclose",
    "end_sessions",
    "enter_organisation",
    "export",
    "invite",
    "issue_key",
    "issue_token",
    "register_partner",
    "replace_key",
    "revoke_invitation",
    "revoke_key",
    "rotate_token_keys",
    "sign_in",
    "sign_out",
    "use_factors",
    "use_key",
]
"""``authorise`` is recorded where it was refused, ``use_key`` likewise: every request would be one otherwise."""
AuditOutcome = Literal["done", "locked", "refused"]
"""``locked``: refused unseen, because too many were refused before."""
ACTS: Final[tuple[Act, ...]] = get_args(Act)
AUDIT_OUTCOMES: Final[tuple[AuditOutcome, ...]] = get_args(AuditOutcome)
NOBODY: Final = "public"
"""The principal of whoever was not known."""


class Audit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``principal`` did ``act`` to ``object``; ``count`` times from ``occurred_at`` to ``until``, where it was repeated.

    ``object`` is the id of a key, a person, an organisation or a run, or the address that was asked for. ``reason`` is
    the code of the error that refused it, ``role`` the role that was given, ``request`` the id of the (first) request.
    """

    act: Act
    count: Annotated[int, Meta(ge=1, le=10**9)] = 1
    id: Name
    kind: Literal["audit"]
    object: Name | None = None
    occurred_at: Moment
    outcome: AuditOutcome
    principal: Name
    reason: Name | None = None
    request: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$")] | None = None
    role: Annotated[str, Meta(pattern=r"^[a-z]{1,20}$")] | None = None
    until: Moment | None = None
    version: Literal[1]


def check_audit(record: Audit) -> None:
    """What was refused says why; what happened several times says until when."""
    if (record.outcome == "done") == (record.reason is not None):
        raise contradiction(
            "what was refused has a reason, what was done has none", "被拒绝的操作须写明原因，已完成的不写", "/reason"
        )
    if record.count > 1 and record.until is None:
        raise FieldMissing(field="until").at(Place(pointer="/until"))
    if record.until is not None and (record.count == 1 or record.until < record.occurred_at):
        raise contradiction(
            "until ends several, and is not before the first", "until 用于多次操作的末次时间，且不早于首次", "/until"
        )
