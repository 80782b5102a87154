"""What the passport page shows, made from the passport as its reader may see it, and from nothing else."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from api.maps.drawing import MapView, Stop, draw
from api.names import readable
from api.pages.catalogue import Translate, messages
from api.pages.pictograms import pictogram_of
from api.pages.words import Figure, figure
from api.passports import Shown
from ledger.errors import IdentityError, Locale
from ledger.identity import Identity, parse
from ledger.services.disclosure import AUDIENCES, POLICY, Audience
from ledger.units import shown

WIDTH: Final = 1000
_PARTS: Final = {"declared": "part-1", "transport": "part-3", "hub": "part-4"}


class PlaceView(NamedTuple):
    """A place by its name; ``code`` is for those who may know it exactly."""

    name: str
    code: str = ""


class EventView(NamedTuple):
    """One event of the journey, and its turn on the map; 0 when it is not on it."""

    entry: int
    step: str
    disposition: str
    at: datetime
    state: str
    place: PlaceView | None
    turn: int
    sealed_proof: str
    proof: str
    role: str
    unit: str
    withdrawn: bool


class StageView(NamedTuple):
    """One stage of the footprint per piece."""

    name: str
    value: Figure
    percent: str
    width: int
    part: str
    counted: bool
    methods: str
    categories: tuple[str, ...]
    verification: tuple[str, ...]


class FootprintPart(NamedTuple):
    """The footprint to date, per piece."""

    total: Figure
    pieces: int
    stages: tuple[StageView, ...]
    complete: bool
    covers_production: bool
    factor_set: str
    factor_hash: str
    factors: tuple[str, ...]


class CertificateView(NamedTuple):
    """A certificate: what it is of, who checked it, and until when it holds."""

    kind: str
    status: str
    issuer: str
    valid_from: str
    valid_to: str


class PolicyRow(NamedTuple):
    """A field and, in the order of the audiences, whether each may see it."""

    name: str
    seen: tuple[bool, ...]


class PassportView(NamedTuple):
    """The whole page."""

    name: str
    code: str
    key: str
    serial: str
    link: str
    epc: str
    symbol: Markup
    picture: str
    photo: str
    photo_alt: str
    single: bool
    own: bool
    audience: Audience
    audiences: tuple[Audience, ...]
    product: str
    product_id: str
    category: str
    supplier: str
    disposition: str
    step: str
    stage: str
    seen_at: datetime | None
    place: PlaceView | None
    holder: str
    parent: str
    contents: tuple[str, ...]
    value: str
    aliases: tuple[str, ...]
    scans: int
    events: tuple[EventView, ...]
    map: MapView | None
    footprint: FootprintPart | None
    certificates: tuple[CertificateView, ...]
    proof_state: str
    proof_entry: int
    check: str
    verifier: str
    anomalies: tuple[str, ...]
    policy: tuple[PolicyRow, ...]
    entries: int
    data: str
    links: str


class Frame(NamedTuple):
    """What the page has besides the passport: words, language, and addresses on this server."""

    t: Translate
    locale: Locale
    symbol: Markup
    verifier: str


def passport_view(identity: Identity, found: Shown, frame: Frame) -> PassportView:
    """The page of a passport."""
    content = found.content
    product, state, proof = content["product"], content.get("state", {}), content.get("proof", {})
    events, stops = _journey(content.get("journey", {}), frame.locale)
    names = content["identifiers"]
    photo = content.get("photo", {})
    category = product.get("category", {})
    return PassportView(
        name=product.get("name", ""),
        code=names["element_string"],
        key=names["key"],
        serial=names.get("serial", ""),
        link=names["digital_link"],
        epc=names.get("epc", ""),
        symbol=frame.symbol,
        picture=pictogram_of(category.get("code", ""), identity.key.name, product.get("name", "")),
        photo=photo.get("href", ""),
        photo_alt=frame.t("passport.photo", name=product.get("name") or names["element_string"]),
        single=identity.level == "instance",
        own=found.own,
        audience=found.audience,
        audiences=AUDIENCES,
        product=readable(product["id"]) if product.get("id") else "",
        product_id=product.get("id", ""),
        category=category.get("zh" if frame.locale == "zh-CN" else "en", ""),
        supplier=product.get("supplier", ""),
        disposition=term("disposition", state.get("disposition", ""), frame.locale),
        step=term("step", state.get("step", ""), frame.locale),
        stage=state.get("stage", ""),
        holder=readable(state["holder"]) if state.get("holder") else "",
        parent=readable(state["parent"]) if state.get("parent") else "",
        contents=tuple(map(readable, state.get("contents", ()))),
        value=state.get("value", ""),
        aliases=tuple(map(readable, content.get("aliases", ()))),
        seen_at=_moment(state["seen_at"]) if "seen_at" in state else None,
        place=_place(state, frame.locale),
        scans=content.get("journey", {}).get("count", 0),
        events=events,
        map=draw(stops),
        footprint=_footprint(content["footprint"], frame.t) if "footprint" in content else None,
        certificates=tuple(CertificateView(**_filled(one)) for one in content.get("certificates", ())),
        proof_state=proof.get("state", ""),
        proof_entry=proof.get("entry", 0),
        check=_check(events, proof),
        verifier=frame.verifier,
        anomalies=tuple(one["kind"] for one in content.get("anomalies", ())),
        policy=_policy(frame.locale),
        entries=content["as_of"]["entries"],
        data=f"/api/v1/passports{parse(content['id']).path}",
        links=f"{parse(content['id']).path}?linkType=all",
    )


def _check(events: tuple[EventView, ...], proof: dict[str, Any]) -> str:
    """Address of the newest proof: the whole one for those who may have it."""
    if "sealed" not in proof:
        return ""
    whole = next((event.proof for event in events if event.entry == proof["entry"]), "")
    return whole or f"/proofs/{proof['entry']}"


def _filled(certificate: dict[str, Any]) -> dict[str, str]:
    return {name: certificate[name] or "" for name in CertificateView._fields}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def term(kind: str, uri: str, locale: Locale) -> str:
    """A step or disposition in the reader's words where GS1's vocabulary (CBV 2.0) has it, else as stated."""
    word = uri.rstrip("/").rpartition("/")[2].rpartition(":")[2].removeprefix("BizStep-").removeprefix("Disp-")
    return messages(locale).get(f"{kind}.{word}", word)


# ---------------------------------------------------------------- journey


def _journey(journey: dict[str, Any], locale: Locale) -> tuple[tuple[EventView, ...], list[Stop]]:
    """The events as listed, newest first, and their stops on the map, oldest first; a stay is one stop."""
    stops: list[Stop] = []
    views: list[EventView] = []
    for event in reversed(journey.get("events", ())):
        where = event.get("place") or event.get("published_place") or {}
        turn = 0
        if "latitude" in where and not event["withdrawn"]:  # what was declared an error is listed, not visited
            stop = Stop(_name(where, locale), Decimal(where["latitude"]), Decimal(where["longitude"]))
            if not stops or stops[-1] != stop:
                stops.append(stop)
            turn = len(stops)
        views.append(
            EventView(
                entry=event["entry"],
                step=term("step", event["step"], locale) or messages(locale)[f"life.type.{event['type']}"],
                disposition=term("disposition", event["disposition"], locale),
                at=_moment(event["at"]),
                state=event["state"],
                place=_place(event, locale),
                turn=turn,
                sealed_proof=_local(event["sealed_proof"]),
                proof=_local(event.get("proof", "")),
                role=event["role"],
                unit=readable(event["unit"]) if event.get("unit") else "",
                withdrawn=event["withdrawn"],
            )
        )
    return tuple(reversed(views)), stops


def _local(address: str) -> str:
    """The part of an address of this server behind its domain."""
    return "/" + address.split("/", 3)[3] if address else ""


def _place(holder: dict[str, Any], locale: Locale) -> PlaceView | None:
    exact, published = holder.get("place"), holder.get("published_place")
    if exact:
        return PlaceView(_name(exact, locale), _readable_place(exact["id"]))
    return PlaceView(_name(published, locale)) if published else None


def _name(place: dict[str, Any], locale: Locale) -> str:
    return str(place.get("zh" if locale == "zh-CN" else "en", ""))


def _readable_place(text: str) -> str:
    with suppress(IdentityError):
        return parse(text).element_string()
    return text


# ---------------------------------------------------------------- footprint


def _footprint(found: dict[str, Any], t: Translate) -> FootprintPart:
    stages = found["stages"]
    longest = max((Fraction(stage["wtw_kg"]) for stage in stages), default=Fraction(0))
    return FootprintPart(
        total=figure(Fraction(found["wtw_kg"])),
        pieces=found["pieces"],
        stages=tuple(_stage(stage, longest, t) for stage in stages),
        complete=found["complete"],
        covers_production=found["covers_production"],
        factor_set=found["factor_set"]["id"],
        factor_hash=found["factor_set"]["hash"],
        factors=tuple(sorted({name for stage in stages for name in stage["factors"]})),
    )


def _stage(stage: dict[str, Any], longest: Fraction, t: Translate) -> StageView:
    value = Fraction(stage["wtw_kg"])
    return StageView(
        name=t(f"stage.{stage['stage']}"),
        value=figure(value),
        percent=shown(Fraction(stage["share"]) * 100, 1) if stage["share"] else "",
        width=round(value / longest * WIDTH) if longest else 0,
        part=_PARTS.get(stage["stage"], "part-5"),
        counted=stage["counted"],
        methods=", ".join(stage["methods"]),
        categories=tuple(t(f"category.{name}") for name in stage["data_categories"]),
        verification=tuple(stage["verification"]),
    )


def _policy(locale: Locale) -> tuple[PolicyRow, ...]:
    return tuple(
        PolicyRow(
            field.zh if locale == "zh-CN" else field.en,
            tuple(AUDIENCES.index(field.audience) <= rank for rank in range(len(AUDIENCES))),
        )
        for field in POLICY
    )
