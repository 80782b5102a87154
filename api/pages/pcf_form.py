"""A supplier's footprint by a form: filled in, checked by the server as it is typed, recorded, a request answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.names import readable
from api.pages.catalogue import translator
from api.pages.pcf_file import suppliers_of
from api.pages.shell import page
from api.pages.words import at, segment
from api.parties import party_of
from api.scope import Scope
from api.wire import reply
from ledger.errors import IdentityError, LedgerError, Locale
from ledger.pact.errors import PactFieldRefused
from ledger.pact.form import FIELDS, GROUPS, NAMED, Field, Read, texts
from ledger.ports.drafts import Draft
from ledger.services.capture import Submission
from ledger.services.drafts import discard, draft_of, going_on, keep
from ledger.services.organisations import OrganisationAbsent
from ledger.services.own_products import own_products
from ledger.services.pcf_form import Stating, earlier_version, filled, open_request, state
from ledger.services.pcf_reviews import footprint_seen

router = APIRouter(include_in_schema=False)
LONGEST: Final = 10_000


class FieldRow(NamedTuple):
    """A field: its label, what stands in it, what is wrong there, and what a verifier said of it."""

    field: Field
    label: str
    value: str
    faults: list[str]
    remarks: list[str]


class FormView(NamedTuple):
    """The form as it stands; ``checked`` says that nothing is wrong and nothing is recorded yet."""

    groups: list[tuple[str, list[FieldRow]]]
    suppliers: list[tuple[str, str]]
    products: list[tuple[str, str]]
    stating: Stating
    fixed: bool
    shown: str
    product_faults: list[str]
    reasons: list[str]
    faults: list[tuple[str, str]]
    warnings: list[tuple[str, str]]
    checked: bool
    seen: int
    """When the draft that it goes on from was kept; 0 without one."""


@router.get("/pcf/form")
def begin(
    request: Request,
    scope: ScopeDep,
    earlier: Annotated[str, Query(alias="from", max_length=300)] = "",
    asked: Annotated[str, Query(alias="request", max_length=300)] = "",
    draft: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """A draft to go on with, an empty form, one filled with the version it replaces, or one for what was asked for."""
    who = (scope.tenant, scope.principal.id)
    kept = draft_of(scope.ledger, *who, draft) if draft else None
    if kept is None and (asked or earlier):
        kept = going_on(scope.ledger, *who, earlier=earlier, request=asked)
    if kept is not None:
        return _continued(request, scope, kept)
    own = suppliers_of(scope.ledger, scope.principal)
    supplier = own[0][0] if len(own) == 1 else ""
    product, said = "", {field.key: field.start for field in FIELDS if field.start}
    if asked:
        wanted = open_request(scope.ledger, party_of(scope.principal), asked)
        if wanted is None:
            return RedirectResponse(f"/desk/requests/{segment(asked)}", 303)
        product = wanted.request.product
        said["productNameCompany"] = wanted.request.product_name or ""
    if earlier:
        record = next((found for one, _ in own if (found := _earlier(scope, one, earlier)) is not None), None)
        if record is None:
            footprint_seen(scope.ledger, party_of(scope.principal), earlier)  # says so when there is none
            raise ParameterRefused(name="from", why=earlier)
        said, product, supplier = texts(record.footprint), product or record.product or "", record.supplier
        product = product or record.footprint["productIds"][0]
        for key in ("providerName", "standardName", "completedAt"):
            said.pop(key, None)
    number = str(UUID(bytes=scope.ledger.random.token(16), version=4))
    return _shown(request, scope, Stating(supplier, product, number, earlier, asked), said)


@router.post("/pcf/form/check")
async def check(request: Request, scope: ScopeDep) -> Response:
    """What is wrong with a form as it stands, and its totals: data for the page."""
    stating, said = await _sent(request)
    locale = locale_for(request)
    found, wrong = await run_in_threadpool(_read, scope, stating, said)
    unusual = found.warnings if found else []
    faults = {key: [text] for key, text in _listed(wrong, locale)}
    return reply(
        {"totals": found.totals if found else {}, "faults": faults, "warnings": dict(_listed(unusual, locale))}
    )


@router.post("/pcf/form/draft")
async def keep_draft(request: Request, scope: ScopeDep) -> Response:
    """Keep what is filled in so far, for the person who fills it in: data for the page."""
    seen = _seen(str((await request.form()).get("seen", "")))
    stating, said = await _sent(request)
    filled_in = {key: value for key, value in (stating._asdict() | said).items() if value}
    kept = await run_in_threadpool(
        keep, scope.ledger, (scope.tenant, scope.principal.id), stating.footprint_id, filled_in, seen
    )
    return reply({"seen": str(kept.changed_at), "at": at(kept.changed_at).isoformat()})


@router.post("/pcf/drafts/{draft_id}")
async def change_draft(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """Discard a draft, or take that back."""
    undo = str((await request.form()).get("act", "")) == "undo"
    await run_in_threadpool(lambda: discard(scope.ledger, scope.tenant, scope.principal.id, draft_id, undo=undo))
    return RedirectResponse("/desk#drafts", 303)


@router.post("/pcf/form")
async def hand_in(request: Request, scope: ScopeDep) -> Response:
    """Check it; record it when that was asked for and nothing is wrong."""
    act = str((await request.form()).get("act", ""))
    stating, said = await _sent(request)
    found, wrong = await run_in_threadpool(_read, scope, stating, said)
    if wrong or act != "record" or found is None or found.footprint is None:
        return _shown(request, scope, stating, said, found, wrong=wrong)
    receipt = await run_in_threadpool(
        state, scope.ledger, party_of(scope.principal), Submission.of(scope.principal), stating, found.footprint
    )
    scope.ledger.drafts.forget(scope.tenant, scope.principal.id, stating.footprint_id[:60])
    return RedirectResponse(f"/entries/{receipt.seq}", 303)


async def _sent(request: Request) -> tuple[Stating, dict[str, str]]:
    form = await request.form()
    texted = {key: str(form.get(key, ""))[:LONGEST].strip() for key in (*NAMED, *Stating._fields)}
    return Stating(*(texted[key][:300] for key in Stating._fields)), {key: texted[key] for key in NAMED}


def _read(scope: Scope, stating: Stating, said: Mapping[str, str]) -> tuple[Read | None, list[LedgerError]]:
    """The form as read, and everything wrong with it; a principal speaks for its own organisation alone."""
    if stating.supplier not in [name for name, _ in suppliers_of(scope.ledger, scope.principal)]:
        if stating.supplier:
            raise OrganisationAbsent(id=stating.supplier)
        return None, [PactFieldRefused(name="supplier", why="it is missing", why_zh="缺少该字段")]
    if not stating.product:
        return None, [PactFieldRefused(name="product", why="it is missing", why_zh="缺少该字段")]
    if stating.request:
        open_request(scope.ledger, party_of(scope.principal), stating.request)  # says so when it is another's
    try:
        found = filled(scope.ledger, party_of(scope.principal), stating, said, scope.ledger.settings.domain)
    except IdentityError as error:
        return None, [PactFieldRefused(name="product", why=error.message("en"), why_zh=error.message("zh-CN"))]
    return found, list(found.faults)


def _continued(request: Request, scope: Scope, kept: Draft) -> Response:
    """The form as its draft left it."""
    stating = Stating(*(kept.said.get(key, "") for key in Stating._fields))._replace(footprint_id=kept.id)
    if stating.request and open_request(scope.ledger, party_of(scope.principal), stating.request) is None:
        stating = stating._replace(request="")  # it was answered or ended meanwhile; the draft is still one
    said = {key: value for key, value in kept.said.items() if key not in Stating._fields}
    return _shown(request, scope, stating, said, seen=kept.changed_at)


def _seen(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _earlier(scope: Scope, supplier: str, name: str) -> Any:
    try:
        return earlier_version(scope.ledger, scope.tenant, supplier, name)
    except LedgerError:
        return None


def _listed(errors: Sequence[LedgerError], locale: Locale) -> list[tuple[str, str]]:
    """Each error by the key of its field, in words without the property's name."""
    return [
        (one.name, one.why_zh if locale == "zh-CN" else one.why) for one in errors if isinstance(one, PactFieldRefused)
    ]


def _shown(
    request: Request,
    scope: Scope,
    stating: Stating,
    said: Mapping[str, str],
    found: Read | None = None,
    *,
    wrong: Sequence[LedgerError] = (),
    seen: int | None = None,
) -> Response:
    if seen is None:
        kept = scope.ledger.drafts.get(scope.tenant, scope.principal.id, stating.footprint_id[:60])
        seen = kept.changed_at if kept else 0
    locale = locale_for(request)
    t = translator(locale)
    faults = _listed(wrong, locale)
    totals = found.totals if found else {}
    reasons, remarks = _said_of(scope, stating.earlier)
    # Of no supplier there are no products: an empty name would be everyone.
    known = own_products(scope.ledger, scope.tenant, stating.supplier) if stating.supplier else []
    products = [(one.product, one.name) for one in known]
    groups: list[tuple[str, list[FieldRow]]] = [(group, []) for group in GROUPS]
    labels = {"supplier": t("desk.supplier"), "product": t("desk.product")}
    for field in FIELDS:
        label = field.zh if locale == "zh-CN" else field.en
        labels[field.key] = label
        value = said.get(field.key, "") or totals.get(field.key, "")
        here = [text for key, text in faults if key == field.key]
        row = FieldRow(field, label, value, here, [text for key, text in remarks if key in {field.key, label}])
        groups[GROUPS.index(field.group)][1].append(row)
    view = FormView(
        groups=groups,
        suppliers=suppliers_of(scope.ledger, scope.principal),
        products=products,
        stating=stating,
        fixed=bool(stating.earlier or stating.request),
        shown=readable(stating.product) if stating.product else "",
        product_faults=[text for key, text in faults if key == "product"],
        reasons=reasons,
        faults=[(key, f"{labels.get(key, key)}: {text}") for key, text in faults],
        warnings=[(key, f"{labels.get(key, key)}: {text}") for key, text in _listed(found.warnings, locale)]
        if found
        else [],
        checked=found is not None and found.footprint is not None,
        seen=seen,
    )
    crumbs = ((t("nav.desk-footprints"), "/pcf"), (t("pcf.form"), ""))
    return page(request, "pcf-form.html", view, crumbs=crumbs, status=422 if wrong else 200)


def _said_of(scope: Scope, earlier: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Why the earlier version was returned: reasons, and findings by what they are about."""
    if not earlier:
        return [], []
    stood = footprint_seen(scope.ledger, party_of(scope.principal), earlier)
    last = stood.standing.review
    if last is None or last.verdict != "returned":
        return [], []
    found = [(one.about, one.words) for one in last.findings]
    return [*([last.reasons] if last.reasons else []), *(f"{about}: {words}" for about, words in found)], found
