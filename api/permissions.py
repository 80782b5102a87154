"""
Who may do what, as data: every served (method, path) with its permission, every permission with its roles.

A request to an address without a row is refused. A test compares this table with the served routes and with the
OpenAPI description, and tries every row as every kind of principal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, Literal, get_args

from ledger.identity import KEYS
from ledger.services.access import KeyTermsRefused, Principal, Role

Permission = Literal[
    "public",
    "capture",
    "entries.read",
    "events.read",
    "scans.read",
    "basis.read",
    "assets.read",
    "prices.read",
    "tenders.read",
    "tenders.write",
    "bids.read",
    "bids.seal",
    "bids.open",
    "contracts.read",
    "contracts.write",
    "footprints.read",
    "shipments.read",
    "claims.read",
    "claims.write",
    "correct",
    "targets.write",
    "runs.start",
    "runs.replay",
    "tasks.answer",
    "pcf.read",
    "pcf.ask",
    "pcf.step",
    "pcf.review",
    "pcf.share",
    "certificates.read",
    "certificates.write",
    "certificates.state",
    "audit.read",
    "assessments.read",
    "assessments.open",
    "assessments.answer",
    "assessments.score",
    "commitments.read",
    "commitments.write",
    "catalogue.read",
    "catalogue.nominate",
    "catalogue.write",
    "incentives.read",
    "incentives.write",
    "verifications.read",
    "verifications.sign",
    "verifications.restate",
    "keys.manage",
    "people.manage",
    "organisations.read",
    "organisations.write",
    "supplier.start",
    "queries.write",
    "labels.print",
    "subscriptions",
    "session",
    "work",
    "exchange.read",
    "exchange.read-all",
    "exchange.events",
    "partners.manage",
]

_EVERYONE: Final[frozenset[Role]] = frozenset(get_args(Role))
_SIGNED_IN: Final = _EVERYONE - {"public", "partner"}
"""Everyone who signs in here; a partner's system speaks the protocols of exchange and nothing else."""
_HOUSE: Final = _SIGNED_IN - {"supplier"}

GRANTS: Final[Mapping[Permission, frozenset[Role]]] = {
    "public": _EVERYONE,
    "capture": frozenset({"admin", "manager", "supplier", "warehouse"}),
    # Entries one by one: ``api.scope`` shows a supplier its own and what names it, and nothing of another supplier.
    "entries.read": _SIGNED_IN,
    # What is answered from all of the tenant's records is the house's.
    "events.read": _HOUSE,
    "scans.read": frozenset({"admin", "manager", "warehouse"}),
    "assets.read": _HOUSE,
    "footprints.read": _HOUSE,
    # An organisation sees those that it was granted (``services.shipments``).
    "shipments.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "claims.read": _HOUSE,
    "claims.write": frozenset({"admin", "manager", "procurement"}),
    # Factors, places and distances are the same for everyone.
    "basis.read": _SIGNED_IN,
    # Who handed a record in may withdraw it, and the owner any: the service decides which (``access.manages``).
    "correct": frozenset({"admin", "manager", "supplier", "warehouse", "procurement"}),
    "targets.write": frozenset({"admin", "manager"}),
    # A run is an entry for good; replaying one reads the whole log again.
    "runs.start": frozenset({"admin", "manager"}),
    "runs.replay": frozenset({"admin", "manager", "auditor"}),
    "tasks.answer": frozenset({"admin", "manager", "warehouse", "procurement"}),
    # Prices, bids and score sheets: not for those who scan.
    "prices.read": frozenset({"admin", "procurement", "auditor"}),
    "tenders.read": frozenset({"admin", "procurement", "auditor"}),
    "tenders.write": frozenset({"admin", "procurement", "supplier"}),
    # Sealed bids: suppliers seal their own; buyer and auditor publish and release one key each (``api.bidding``).
    "bids.read": frozenset({"admin", "procurement", "auditor", "supplier"}),
    "bids.seal": frozenset({"supplier"}),
    "bids.open": frozenset({"admin", "procurement", "auditor"}),
    # A supplier sees its own contracts, and nothing of who else bid.
    "contracts.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "contracts.write": frozenset({"admin", "procurement"}),
    # Footprints of suppliers: the house sees all, a supplier its own (``api.parties``).
    "pcf.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "pcf.ask": frozenset({"admin", "manager", "procurement"}),
    # Each step of a request is the house's or the supplier's; the service tells which.
    "pcf.step": frozenset({"admin", "manager", "supplier", "procurement"}),
    # Not even the admin verifies: a statement is a verifier's.
    "pcf.review": frozenset({"auditor"}),
    # Who sees a footprint is its supplier's to say, and nobody else's.
    "pcf.share": frozenset({"supplier"}),
    # Certificates of suppliers: as with footprints, a supplier sees and hands in its own.
    "certificates.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "certificates.write": frozenset({"admin", "manager", "supplier", "procurement"}),
    # What became of one is for those who compared it with its issuer's register.
    "certificates.state": frozenset({"admin", "manager", "procurement", "auditor"}),
    # Who signed in, who was refused, who was given what.
    "audit.read": frozenset({"admin", "auditor"}),
    # Assessments: suppliers read and answer their own, whose score is somebody else's.
    "assessments.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "assessments.open": frozenset({"admin", "manager", "procurement"}),
    "assessments.answer": frozenset({"supplier"}),
    "assessments.score": frozenset({"admin", "manager", "procurement", "auditor"}),
    # Pledges are the supplier's to sign; the house enters those on paper.
    "commitments.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "commitments.write": frozenset({"admin", "manager", "supplier"}),
    # The green catalogue: suppliers put their own products forward, the house publishes the rules.
    "catalogue.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "catalogue.nominate": frozenset({"admin", "manager", "supplier"}),
    "catalogue.write": frozenset({"admin", "manager"}),
    # Incentives: the house publishes the rules and decides exceptions, a supplier sees its own.
    "incentives.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor"}),
    "incentives.write": frozenset({"admin", "manager"}),
    # Internal verification: auditors plan, draw, find and sign; the house restates, and finds nothing about itself.
    "verifications.read": frozenset({"admin", "manager", "auditor"}),
    "verifications.sign": frozenset({"auditor"}),
    "verifications.restate": frozenset({"admin", "manager"}),
    "keys.manage": frozenset({"admin"}),
    "people.manage": frozenset({"admin"}),
    "organisations.read": frozenset({"admin", "manager", "procurement", "auditor"}),
    "organisations.write": frozenset({"admin", "procurement"}),
    "supplier.start": frozenset({"supplier"}),
    # It sends events out of the house.
    "subscriptions": frozenset({"admin"}),
    "queries.write": frozenset({"admin", "warehouse", "procurement"}),
    # The desk shows the tenant's things and jobs.
    "labels.print": frozenset({"admin", "warehouse"}),
    "session": _SIGNED_IN,
    # Whoever writes something may use the pages that prepare it.
    "work": frozenset({"admin", "manager", "supplier", "warehouse", "procurement"}),
    # Which footprints each of them sees, the shelf decides (``services.pcf``).
    "exchange.read": frozenset({"admin", "manager", "supplier", "procurement", "auditor", "partner"}),
    "exchange.read-all": frozenset({"admin", "manager", "procurement", "auditor"}),
    "exchange.events": frozenset({"partner"}),
    "partners.manage": frozenset({"admin"}),
}

TOKEN_PATH: Final = "/auth/token"  # noqa: S105 - an address
"""Where a client shows its id and secret for a token; the only address with a door of its own."""
SECRET_DOORS: Final = frozenset({TOKEN_PATH, "/login", "/login/oidc/callback", "/welcome/{token}", "/remind/{token}"})
"""Where what is shown decides who comes in, of whichever tenant, and whoever is signed in counts for nothing."""

DIGITAL_LINK_KEYS: Final = tuple(sorted({key.ai for key in KEYS}))
"""GS1 application identifiers of the keys that are resolved here: all that are read."""
COMPRESSED: Final = "/{code:compressed}"
"""Where a compressed Digital Link would stand."""

_RESOURCES: Final = ("epcs", "bizSteps", "bizLocations", "readPoints", "dispositions", "eventTypes")
_EPCIS: Final[Mapping[tuple[str, str], Permission]] = {
    ("POST", "/events"): "capture",
    ("GET", "/events"): "events.read",
    ("GET", "/events/{event_id:path}"): "entries.read",
    ("POST", "/capture"): "capture",
    ("GET", "/capture"): "capture",
    ("GET", "/capture/{capture_id}"): "capture",
    **{("GET", f"/{name}"): "events.read" for name in _RESOURCES},
    **{("GET", f"/{name}/{{value:path}}"): "events.read" for name in _RESOURCES},
    **{("GET", f"/{name}/{{value:path}}/events"): "events.read" for name in _RESOURCES},
    ("POST", "/queries"): "queries.write",
    ("GET", "/queries"): "events.read",
    ("GET", "/queries/{name}"): "events.read",
    ("DELETE", "/queries/{name}"): "queries.write",
    ("GET", "/queries/{name}/events"): "events.read",
    ("POST", "/queries/{name}/subscriptions"): "subscriptions",
    ("GET", "/queries/{name}/subscriptions"): "subscriptions",
    ("GET", "/queries/{name}/subscriptions/{subscription_id}"): "subscriptions",
    ("DELETE", "/queries/{name}/subscriptions/{subscription_id}"): "subscriptions",
    ("DELETE", "/nextPageToken/{token}"): "events.read",
}
EPCIS: Final[Mapping[tuple[str, str], Permission]] = {
    **_EPCIS,
    **{("OPTIONS", path): "public" for _, path in _EPCIS},
    ("OPTIONS", "/"): "public",
}
"""EPCIS 2.0. What each address offers, anyone may ask; it is the same for everyone."""

API: Final[Mapping[tuple[str, str], Permission]] = {
    **EPCIS,
    # native
    ("POST", "/api/v1/records"): "capture",
    ("POST", "/api/v1/scans"): "capture",
    ("POST", "/api/v1/uploads"): "work",
    ("GET", "/api/v1/uploads"): "work",
    ("GET", "/api/v1/uploads/{upload_id}"): "work",
    ("PUT", "/api/v1/uploads/{upload_id}/content"): "work",
    ("GET", "/api/v1/uploads/{upload_id}/errors"): "work",
    ("GET", "/api/v1/uploads/{upload_id}/error-file"): "work",
    ("GET", "/api/v1/uploads/{upload_id}/receipt"): "work",
    ("POST", "/api/v1/uploads/{upload_id}/submit"): "work",
    ("POST", "/api/v1/uploads/{upload_id}/cancel"): "work",
    ("POST", "/api/v1/uploads/{upload_id}/undo"): "correct",
    ("DELETE", "/api/v1/uploads/{upload_id}"): "work",
    ("POST", "/api/v1/evidence"): "work",
    ("GET", "/api/v1/evidence/{evidence_id}/content"): "entries.read",
    ("POST", "/reads"): "capture",
    ("GET", "/api/v1/scans/known"): "scans.read",
    ("GET", "/api/v1/scans/expected"): "scans.read",
    ("GET", "/api/v1/session"): "session",
    ("GET", "/api/v1/entries"): "entries.read",
    ("GET", "/api/v1/entries/{index}"): "entries.read",
    ("GET", "/api/v1/entries/{index}/proof"): "entries.read",
    ("GET", "/api/v1/checkpoints"): "public",
    ("GET", "/api/v1/checkpoints/latest"): "public",
    ("GET", "/api/v1/codes"): "public",
    ("GET", "/api/v1/key"): "public",
    ("GET", "/api/v1/products/{product_id:path}/footprint"): "footprints.read",
    ("GET", "/api/v1/distances"): "basis.read",
    ("GET", "/api/v1/places"): "basis.read",
    ("GET", "/api/v1/factors"): "basis.read",
    ("GET", "/api/v1/factors/compare"): "basis.read",
    ("GET", "/api/v1/factors/{set_id}"): "basis.read",
    ("GET", "/api/v1/factors/{set_id}/{factor_id:path}"): "basis.read",
    ("GET", "/api/v1/routes/{route_id:path}/footprint"): "footprints.read",
    ("GET", "/api/v1/assets"): "assets.read",
    ("GET", "/api/v1/assets/{asset_id:path}/life"): "assets.read",
    ("GET", "/api/v1/asset-anomalies"): "assets.read",
    ("GET", "/api/v1/asset-categories"): "public",
    ("GET", "/api/v1/asset-kpis"): "assets.read",
    ("GET", "/api/v1/lifecycle"): "public",
    ("GET", "/api/v1/inventory"): "footprints.read",
    ("GET", "/api/v1/runs"): "footprints.read",
    ("POST", "/api/v1/runs"): "runs.start",
    ("GET", "/api/v1/runs/{run_id}"): "footprints.read",
    ("GET", "/api/v1/runs/{run_id}/result"): "footprints.read",
    ("GET", "/api/v1/runs/{run_id}/evidence"): "runs.replay",
    ("GET", "/api/v1/runs/{run_id}/changes"): "runs.replay",
    ("POST", "/api/v1/runs/{run_id}/replay"): "runs.replay",
    ("GET", "/api/v1/targets"): "footprints.read",
    ("GET", "/2/ileap/tad"): "shipments.read",
    ("GET", "/api/v1/pcf/requests"): "pcf.read",
    ("POST", "/api/v1/pcf/requests"): "pcf.ask",
    ("GET", "/api/v1/pcf/requests/{request_id}"): "pcf.read",
    ("POST", "/api/v1/pcf/requests/{request_id}/steps"): "pcf.step",
    ("GET", "/api/v1/pcf/footprints"): "pcf.read",
    ("GET", "/api/v1/pcf/footprints/{pcf_id:path}"): "pcf.read",
    ("POST", "/api/v1/pcf/reviews"): "pcf.review",
    ("GET", "/api/v1/pcf/shares"): "pcf.share",
    ("POST", "/api/v1/pcf/shares"): "pcf.share",
    ("GET", "/api/v1/pcf/reviews/{review_id}"): "pcf.read",
    ("GET", "/api/v1/assessment-schemes"): "assessments.read",
    ("GET", "/api/v1/assessments"): "assessments.read",
    ("POST", "/api/v1/assessments"): "assessments.open",
    ("GET", "/api/v1/assessments/{assessment_id}"): "assessments.read",
    # The supplier answers, others score: each step is asked for again (``api.assessing``).
    ("POST", "/api/v1/assessments/{assessment_id}/steps"): "assessments.read",
    ("GET", "/api/v1/commitments"): "commitments.read",
    ("GET", "/api/v1/claims"): "claims.read",
    ("POST", "/api/v1/claims"): "claims.write",
    ("GET", "/api/v1/claims/{claim_id:path}"): "claims.read",
    ("GET", "/api/v1/tenders"): "tenders.read",
    ("GET", "/api/v1/catalogue"): "catalogue.read",
    ("GET", "/api/v1/incentives"): "incentives.read",
    ("GET", "/api/v1/verifications"): "verifications.read",
    ("POST", "/api/v1/verifications"): "verifications.sign",
    ("GET", "/api/v1/verifications/{verification_id}"): "verifications.read",
    ("POST", "/api/v1/verifications/{verification_id}/sample"): "verifications.sign",
    ("POST", "/api/v1/verifications/{verification_id}/steps"): "verifications.read",
    ("GET", "/api/v1/open-tenders"): "bids.read",
    ("GET", "/api/v1/tenders/{tender_id:path}/sealing"): "bids.read",
    ("POST", "/api/v1/tenders/{tender_id:path}/sealing-keys"): "bids.open",
    ("POST", "/api/v1/tenders/{tender_id:path}/sealed-bids"): "bids.seal",
    ("POST", "/api/v1/tenders/{tender_id:path}/key-releases"): "bids.open",
    ("GET", "/api/v1/tenders/{tender_id:path}/opened-bids"): "tenders.read",
    ("GET", "/api/v1/contracts"): "contracts.read",
    ("POST", "/api/v1/contracts"): "contracts.write",
    ("GET", "/api/v1/contracts/{contract_id:path}"): "contracts.read",
    ("GET", "/api/v1/tenders/{tender_id:path}/score-sheet"): "tenders.read",
    ("GET", "/api/v1/audit"): "audit.read",
    ("GET", "/api/v1/keys"): "keys.manage",
    ("POST", "/api/v1/keys"): "keys.manage",
    ("DELETE", "/api/v1/keys/{key_id}"): "keys.manage",
    ("POST", "/api/v1/keys/{key_id}/successor"): "keys.manage",
    # tokens of machines
    ("POST", TOKEN_PATH): "public",
    ("GET", "/auth/keys"): "public",
    ("GET", "/.well-known/openid-configuration"): "public",
    ("GET", "/.well-known/oauth-authorization-server"): "public",
    # PACT
    ("GET", "/3/footprints"): "exchange.read",
    ("GET", "/3/footprints/{footprint_id}"): "exchange.read",
    ("POST", "/3/events"): "exchange.events",
    ("GET", "/2/footprints"): "exchange.read",
    ("GET", "/2/footprints/{footprint_id}"): "exchange.read",
    ("POST", "/2/events"): "exchange.events",
    ("GET", "/pact/ledger-entry-1.json"): "public",
    # sessions
    ("POST", "/login"): "public",
    ("POST", "/logout"): "session",
    # Anyone may begin; who comes back is asked of the provider.
    ("GET", "/login/oidc"): "public",
    ("GET", "/login/oidc/callback"): "public",
    # running it
    ("GET", "/healthz"): "public",
    ("GET", "/readyz"): "public",
    ("GET", "/metrics"): "public",
    ("GET", "/openapi.json"): "public",
    ("GET", "/problems/{code}"): "public",
    # passports, sealed proofs
    ("GET", "/api/v1/passports/{rest:path}"): "public",
    ("GET", "/api/v1/proofs/{rest:path}"): "public",
    ("GET", "/proofs/{index}"): "public",
    ("GET", "/proofs/{index}/qr"): "public",
    # GS1 Digital Link
    ("GET", "/.well-known/gs1resolver"): "public",
    **{("GET", f"/{key}/{{rest:path}}"): "public" for key in DIGITAL_LINK_KEYS},
}

PAGES: Final[Mapping[tuple[str, str], Permission]] = {
    ("GET", "/"): "public",
    ("GET", "/live"): "public",
    ("GET", "/find"): "public",
    ("GET", "/login"): "public",
    # Whoever holds a link that is still good.
    ("GET", "/welcome/{token}"): "public",
    ("GET", "/remind/{token}"): "public",
    ("POST", "/remind/{token}"): "public",
    ("GET", "/letters"): "people.manage",
    ("GET", "/letters/file"): "people.manage",
    ("POST", "/letters/again"): "people.manage",
    ("POST", "/letters/calendar"): "people.manage",
    ("POST", "/welcome/{token}"): "public",
    ("GET", "/account"): "session",
    ("POST", "/account/password"): "session",
    ("POST", "/account/sessions/end"): "session",
    ("GET", "/people"): "people.manage",
    ("POST", "/people/invitations"): "people.manage",
    ("POST", "/people/invitations/{invitation_id}/revoke"): "people.manage",
    ("POST", "/people/{person_id}/revoke"): "people.manage",
    ("GET", "/audit"): "audit.read",
    ("GET", "/organisations"): "organisations.read",
    ("POST", "/organisations"): "organisations.write",
    ("GET", "/supplier"): "supplier.start",
    ("GET", "/language/{language}"): "public",
    ("GET", "/static/{name}"): "public",
    # The frame of the scan page holds nothing of anyone; it must open without a network and after a session's end.
    ("GET", "/readers"): "events.read",
    ("GET", "/scan"): "public",
    ("GET", "/scan-worker.js"): "public",
    ("GET", "/verify"): "public",
    ("GET", "/verify/offline"): "public",
    ("GET", "/checkpoints"): "public",
    ("GET", "/checkpoints/{size}"): "public",
    ("GET", "/entries"): "entries.read",
    ("GET", "/entries/{index}"): "entries.read",
    ("GET", "/entries/{index}/proof"): "entries.read",
    ("POST", "/entries/{index}/withdraw"): "correct",
    ("GET", "/assets"): "assets.read",
    ("GET", "/assets/anomalies"): "assets.read",
    ("GET", "/assets/figures"): "assets.read",
    ("GET", "/assets/life/{asset_id:path}"): "assets.read",
    ("GET", "/labels"): "labels.print",
    ("POST", "/labels"): "labels.print",
    ("GET", "/labels/calibration"): "labels.print",
    ("GET", "/labels/jobs"): "labels.print",
    ("POST", "/labels/jobs"): "labels.print",
    ("GET", "/labels/jobs/{job}"): "labels.print",
    ("GET", "/labels/jobs/{job}/{act}/file"): "labels.print",
    ("GET", "/labels/jobs/{job}/{act}/{number}.png"): "labels.print",
    ("POST", "/labels/jobs/{job}/reprint"): "labels.print",
    ("POST", "/labels/jobs/{job}/void"): "labels.print",
    ("GET", "/disclosures"): "work",
    ("GET", "/distances"): "basis.read",
    ("GET", "/factors"): "basis.read",
    ("GET", "/factors/compare"): "basis.read",
    ("GET", "/factors/{set_id}"): "basis.read",
    ("GET", "/factors/{set_id}/{factor_id:path}"): "basis.read",
    ("GET", "/routes"): "footprints.read",
    ("GET", "/routes/{route_id:path}"): "footprints.read",
    ("GET", "/products"): "footprints.read",
    ("GET", "/products/{product_id:path}"): "footprints.read",
    ("GET", "/reports/products/{product_id:path}"): "footprints.read",
    ("GET", "/reports/routes/{route_id:path}"): "footprints.read",
    # Each kind is asked for again when it is written.
    ("GET", "/records/new"): "work",
    ("GET", "/records/new/{kind}"): "work",
    ("POST", "/records/new/{kind}"): "work",
    ("GET", "/records/template/{kind}"): "work",
    ("GET", "/intake"): "work",
    ("POST", "/intake"): "work",
    ("GET", "/intake/template/{kind}"): "work",
    ("GET", "/intake/{job}"): "work",
    ("GET", "/intake/{job}/errors"): "work",
    ("POST", "/intake/{job}/{act}"): "work",
    ("GET", "/evidence"): "work",
    ("POST", "/evidence"): "work",
    ("GET", "/inventory"): "footprints.read",
    ("GET", "/runs"): "footprints.read",
    ("POST", "/runs"): "runs.start",
    ("GET", "/runs/compare"): "footprints.read",
    ("GET", "/runs/{run_id}"): "footprints.read",
    ("POST", "/runs/{run_id}/replay"): "runs.replay",
    ("GET", "/targets"): "footprints.read",
    ("POST", "/targets/tasks"): "targets.write",
    ("POST", "/targets/tasks/answer"): "tasks.answer",
    ("POST", "/targets/tasks/close"): "targets.write",
    ("GET", "/desk"): "pcf.read",
    ("POST", "/desk/requests"): "pcf.ask",
    ("GET", "/desk/requests/{request_id}"): "pcf.read",
    ("POST", "/desk/requests/{request_id}"): "pcf.step",
    ("GET", "/pcf"): "pcf.read",
    ("GET", "/pcf/new"): "capture",
    ("POST", "/pcf/new"): "capture",
    ("GET", "/pcf/form"): "capture",
    ("POST", "/pcf/form"): "capture",
    ("POST", "/pcf/form/check"): "capture",
    ("POST", "/pcf/form/draft"): "capture",
    ("POST", "/pcf/drafts/{draft_id}"): "capture",
    ("GET", "/pcf/shares"): "pcf.share",
    ("POST", "/pcf/shares"): "pcf.share",
    ("GET", "/pcf/shares/preview"): "pcf.share",
    ("GET", "/pcf/{pcf_id:path}"): "pcf.read",
    ("POST", "/statements"): "pcf.review",
    ("GET", "/certificates"): "certificates.read",
    ("GET", "/certificates/{certificate_id:path}"): "certificates.read",
    ("POST", "/certificates/{certificate_id:path}"): "certificates.state",
    ("GET", "/statements/{review_id}"): "pcf.read",
    ("GET", "/commitments"): "commitments.read",
    ("GET", "/catalogue"): "catalogue.read",
    ("POST", "/catalogue/example"): "catalogue.write",
    ("GET", "/incentives"): "incentives.read",
    ("POST", "/incentives/example"): "incentives.write",
    ("GET", "/verifications"): "verifications.read",
    ("POST", "/verifications"): "verifications.sign",
    ("GET", "/verifications/{verification_id}"): "verifications.read",
    ("POST", "/verifications/{verification_id}"): "verifications.read",
    ("GET", "/catalogue/{product_id:path}"): "catalogue.read",
    ("GET", "/commitments/{pledge_id:path}"): "commitments.read",
    ("GET", "/assessments"): "assessments.read",
    ("POST", "/assessments"): "assessments.open",
    ("POST", "/assessments/example"): "assessments.open",
    ("GET", "/assessments/schemes/{scheme_id}"): "assessments.read",
    ("GET", "/assessments/{assessment_id}"): "assessments.read",
    ("POST", "/assessments/{assessment_id}"): "assessments.read",
    ("GET", "/partners"): "partners.manage",
    ("POST", "/partners/outbox/retry"): "partners.manage",
    ("GET", "/partners/{organisation}"): "partners.manage",
    ("POST", "/partners/{organisation}"): "partners.manage",
    ("POST", "/partners/{organisation}/ask"): "partners.manage",
    ("POST", "/partners/{organisation}/grants"): "partners.manage",
    ("POST", "/partners/{organisation}/key"): "partners.manage",
    ("POST", "/partners/{organisation}/test"): "partners.manage",
    ("GET", "/claims"): "claims.read",
    ("GET", "/claims/{claim_id:path}"): "claims.read",
    ("GET", "/tenders"): "tenders.read",
    ("GET", "/bids"): "bids.read",
    ("GET", "/bids/{tender_id:path}"): "bids.read",
    ("GET", "/contracts"): "contracts.read",
    ("POST", "/contracts"): "contracts.write",
    ("GET", "/contracts/{contract_id:path}"): "contracts.read",
    ("GET", "/tenders/{tender_id:path}"): "tenders.read",
    ("GET", "/passport/{rest:path}"): "public",
    ("GET", "/photos/{digest}"): "public",
    ("GET", COMPRESSED): "public",
}

TABLE: Final[Mapping[tuple[str, str], Permission]] = {**API, **PAGES}


def may(principal: Principal, permission: Permission) -> bool:
    """Whether a principal's role has a permission, and its scope, where it has one, does not leave it out."""
    if principal.role not in GRANTS[permission]:
        return False
    return not principal.scope or permission in principal.scope or permission == "public"


def permissions_of(principal: Principal) -> frozenset[str]:
    """Everything a principal may do, beside what is public."""
    return frozenset(name for name in GRANTS if name != "public" and may(principal, name))


def scope_of(role: str, names: Collection[str]) -> frozenset[str]:
    """The permissions a key of a role is to be narrowed to. Raises ``KeyTermsRefused`` for one the role has not."""
    had = {name for name, roles in GRANTS.items() if role in roles and name != "public"}
    for name in names:
        if name not in had:
            known = ", ".join(sorted(had))
            raise KeyTermsRefused(why=f"{name!r} is none of {known}", why_zh=f"{name!r} 不在 {known} 之中")
    return frozenset(names)


def ensure_within(issuer: Principal, role: str, scope: frozenset[str]) -> None:
    """Raise ``KeyTermsRefused`` when an issuer that was narrowed would hand out more than it has."""
    if not issuer.scope:
        return
    wanted = scope or frozenset(name for name, roles in GRANTS.items() if role in roles and name != "public")
    beyond = sorted(wanted - permissions_of(issuer))
    if beyond:
        raise KeyTermsRefused(why=f"the issuer has no {beyond[0]}", why_zh=f"签发者没有权限 {beyond[0]}")


def roles_for(method: str, path: str) -> tuple[Permission, frozenset[Role]] | None:
    """The permission of a served address and the roles that have it; ``None`` when the table has no row."""
    permission = TABLE.get(("GET" if method == "HEAD" else method, path))
    return None if permission is None else (permission, GRANTS[permission])
