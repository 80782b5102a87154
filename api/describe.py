"""The OpenAPI description: what FastAPI knows of the routes, plus the wire shapes, which are msgspec structs."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.operations import TABLE, TOKEN_PATH, roles_for
from api.schemas import (
    assets,
    audit,
    codes,
    consortium,
    epcis,
    modes,
    native,
    pcf,
    scans,
    tender_examination,
    tender_panel,
    tokens,
    uploads,
)
from api.schemas.problem import Problem
from ledger.services.event_query.subscribing import Terms

_SERVED: Final = {path.replace(":path}", "}"): path for _, path in TABLE}
"""Served paths by the way OpenAPI writes them, without convertors."""
_REF: Final = "#/components/schemas/{name}"
SHAPES: Final = (
    Problem,
    epcis.EventReceipt,
    epcis.CaptureJobView,
    epcis.Document,
    epcis.Collection,
    epcis.QueryBody,
    epcis.QueryView,
    epcis.SubscriptionView,
    epcis.MadeSubscription,
    Terms,
    native.EntryView,
    native.EntryPage,
    native.RecordsOutcome,
    native.CheckpointPage,
    consortium.ConsortiumView,
    codes.CodeView,
    native.NewKey,
    native.KeyView,
    native.IssuedKey,
    native.KeyList,
    audit.DeedPage,
    native.VerifierKeyView,
    native.TenderList,
    native.PaperlessView,
    tender_panel.PanelView,
    tender_panel.NewPanelMarks,
    tender_panel.NewScoring,
    tender_panel.Scored,
    tender_examination.NewCard,
    tender_examination.CardRunView,
    tender_examination.CardView,
    tender_examination.FindingList,
    tender_examination.NewWhatIf,
    tender_examination.WhatIfOutcome,
    modes.ModesBody,
    modes.ModesView,
    native.ClaimList,
    native.ClaimsOutcome,
    native.NewRun,
    native.NewSaving,
    native.RunView,
    native.RunList,
    pcf.NewRequests,
    pcf.RequestsOutcome,
    pcf.NewStep,
    pcf.RequestView,
    pcf.RequestList,
    pcf.FootprintView,
    pcf.FootprintList,
    pcf.NewReview,
    pcf.ReviewView,
    assets.AssetPage,
    assets.LifeView,
    assets.AnomalyPage,
    assets.CategoryList,
    assets.KpiTable,
    assets.Lifecycle,
    scans.SessionView,
    scans.Scans,
    scans.ScansOutcome,
    scans.KnownPage,
    scans.ExpectedList,
    scans.ReadsOutcome,
    uploads.NewUpload,
    uploads.UploadView,
    uploads.UploadList,
    uploads.RefusedPage,
    uploads.ReceiptPage,
    uploads.EvidenceView,
    tokens.TokenRequest,
    tokens.TokenAnswer,
    tokens.TokenFault,
    tokens.TokenServer,
    tokens.KeySet,
    native.Health,
    native.Readiness,
)


def gives(
    shape: type[msgspec.Struct] | dict[str, Any] | None,
    *also: int,
    status: int = 200,
    media_type: str = "application/json",
    or_text: str = "",
    takes: type[msgspec.Struct] | dict[str, Any] | None = None,
    takes_type: tuple[str, ...] = ("application/json",),
) -> dict[str, Any]:
    """
    Keyword arguments of a route: what it answers, in which status, and what body it takes.

    Without a shape it answers any JSON, or text where ``media_type`` is another; 204 and 3xx have no content.
    ``or_text`` is a media type that the answer may have instead.
    """
    if isinstance(shape, dict):
        schema, words = shape, ""
    elif shape is not None:
        schema, words = _ref(shape), (shape.__doc__ or "").strip()
    else:
        schema, words = {} if media_type == "application/json" else {"type": "string"}, ""
    answer: dict[str, Any] = {"description": words}
    if status != 204 and not 300 <= status < 400:
        answer["content"] = {media_type: {"schema": schema}}
        if or_text:
            answer["content"][or_text] = {"schema": {"type": "string"}}
    responses: dict[int | str, Any] = dict.fromkeys((status, *also), answer)
    responses["default"] = {
        "description": "Problem details (RFC 9457)",
        "content": {"application/problem+json": {"schema": _ref(Problem)}},
    }
    described: dict[str, Any] = {"status_code": status, "responses": responses}
    if takes is not None:
        body = takes if isinstance(takes, dict) else _ref(takes)
        content = {kind: {"schema": body} for kind in takes_type}
        described["openapi_extra"] = {"requestBody": {"required": True, "content": content}}
    return described


def many(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """An answer that is an array of a shape."""
    return {"type": "array", "items": _ref(shape)}


def _ref(shape: type[msgspec.Struct]) -> dict[str, Any]:
    return {"$ref": _REF.format(name=shape.__name__)}


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the app; each operation names its permission."""
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    _, components = msgspec.json.schema_components(SHAPES, ref_template=_REF)
    parts = document.setdefault("components", {})
    # Parameters are checked by FastAPI, but a refusal has our one shape.
    parts["schemas"] = components
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "ocl_<id>_<secret>"},
        "token": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": TOKEN_PATH, "scopes": {}}}},
        "client": {"type": "http", "scheme": "basic", "description": "a key's id and secret"},
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation.get("responses", {}).pop("422", None)
            row = roles_for(method.upper(), _SERVED.get(path, path))
            if row:
                operation["x-permission"] = row[0]
                public: list[dict[str, list[str]]] = operation.get("security", [])
                operation["security"] = public if "public" in row[1] else [{"key": []}, {"token": []}]
    return document
