"""Passports for programs, and the sealed proofs they name. What is in them depends on who asks (``disclosure``)."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep, RuntimeDep
from api.describe import gives
from api.pages.symbol import qr_svg
from api.passports import Passports
from api.resolving.accept import named
from api.resolving.errors import PassportAbsent
from api.resolving.links import JSON, JSON_LD, VOCABULARY
from api.resolving.linkset import link_header
from api.resolving.reading import EXPOSED, PUBLIC, identity_at
from ledger.identity import Identity
from ledger.log.sealed import SealedProof
from ledger.services.access import PUBLIC as PUBLIC_READER
from ledger.services.access import Principal
from ledger.services.prove import prove
from ledger.wiring import Ledger

router = APIRouter(tags=["passports"])
PASSPORTS: Final = "/api/v1/passports"
PROOFS: Final = "/api/v1/proofs"
Index = Annotated[int, Path(ge=0, le=2**53 - 1)]
_TYPES: Final = {"SGTIN": "Product", "LGTIN": "Product", "GTIN": "Product", "SGLN": "Place", "PGLN": "Organization"}
"""Classes of the GS1 Web Vocabulary by key; the rest are things without one."""


def passport_bytes(passports: Passports, identity: Identity, reader: Principal) -> bytes:
    """
    A passport as JSON that is JSON-LD too: the context stands inside, nothing has to be fetched.

    Raises ``PassportAbsent``.
    """
    shown = passports.of(identity, reader)
    if shown is None:
        raise PassportAbsent(text=identity.text)
    kind = _TYPES.get(identity.key.name)
    head: dict[str, Any] = {"@context": context()}
    if kind:
        head["type"] = f"gs1:{kind}"
    return msgspec.json.encode(head | shown.content)


def context() -> dict[str, Any]:
    """Terms of a passport as addresses: GS1's, EPCIS's and schema.org's where they have one, else our own."""
    return {
        "@vocab": VOCABULARY["ocl"],
        "gs1": VOCABULARY["gs1"],
        "epcis": "https://ref.gs1.org/epcis/",
        "schema": "https://schema.org/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "id": "@id",
        "type": "@type",
        "name": "schema:name",
        "category": "schema:category",
        "step": {"@id": "epcis:bizStep", "@type": "@vocab"},
        "disposition": {"@id": "epcis:disposition", "@type": "@vocab"},
        "at": {"@id": "epcis:eventTime", "@type": "xsd:dateTime"},
        "latitude": "schema:latitude",
        "longitude": "schema:longitude",
        "certificates": "gs1:certification",
        "valid_from": {"@id": "schema:validFrom", "@type": "xsd:date"},
        "valid_to": {"@id": "schema:validThrough", "@type": "xsd:date"},
    }


@router.get(PASSPORTS + "/{rest:path}", **gives(None))
def get_passport(request: Request, ledger: LedgerDep, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """The passport of a thing or a product by its Digital Link path, as JSON or JSON-LD."""
    identity = identity_at(request, PASSPORTS)
    body = passport_bytes(runtime.passports, identity, principal)
    kind = JSON_LD if named(request.headers.get("accept", ""), JSON_LD) else JSON
    headers = {"Link": link_header(ledger.settings.domain, identity), "Cache-Control": "private, no-cache"}
    if principal.role == "public":
        headers |= {**PUBLIC, **EXPOSED, "Cache-Control": "public, no-cache"}
    return Response(body, headers=headers, media_type=kind)


@router.get(PROOFS + "/{rest:path}", **gives(None))
def get_newest_proof(request: Request, ledger: LedgerDep, runtime: RuntimeDep) -> Response:
    """The sealed proof of a thing's newest entry."""
    identity = identity_at(request, PROOFS)
    shown = runtime.passports.of(identity, PUBLIC_READER)
    if shown is None or "proof" not in shown.content:
        raise PassportAbsent(text=identity.text)
    return _sealed(ledger, shown.content["proof"]["entry"])


@router.get("/proofs/{index}", **gives(None))
def get_sealed_proof(index: Index, ledger: LedgerDep) -> Response:
    """The sealed proof of an entry: that it is in the log, and nothing of what it says."""
    return _sealed(ledger, index)


def _sealed(ledger: Ledger, index: int) -> Response:
    sealed = SealedProof.of(prove(ledger.entries, ledger.checkpoints, index))
    name = f'attachment; filename="entry-{index}.sealed-proof.json"'
    return Response(
        sealed.to_bytes(), headers={"Content-Disposition": name, "Cache-Control": "no-cache", **PUBLIC}, media_type=JSON
    )


@router.get("/proofs/{index}/qr", **gives(None, media_type="image/svg+xml"))
def get_proof_symbol(index: Index, ledger: LedgerDep) -> Response:
    """A QR symbol that leads to an entry's sealed proof."""
    ledger.entries.entry(index)
    symbol = qr_svg(f"{ledger.settings.domain}/proofs/{index}", f"QR: /proofs/{index}", standalone=True)
    return Response(str(symbol), headers={"Cache-Control": "public, max-age=86400"}, media_type="image/svg+xml")
