"""Passports as data: what each reader gets, that nobody gets more, and that nobody gets yesterday's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.lifecycle.vocabulary import OWN
from ledger.log.sealed import SealedProof
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.disclosure import POLICY
from ledger.services.project import catch_up_all
from tests.api.house import PRODUCT, House, event, served
from tests.builders import captured, leg, pcf
from tests.unit.services.test_disclosure import paths

PLACE, HIDDEN = "https://id.gs1.org/414/9521141123454", "https://id.gs1.org/414/9506000134376"
THING = "/01/09506000134352/21/pass"
DATA = f"/api/v1/passports{THING}"
PNG = b"\x89PNG\r\n\x1a\n picture"
SECRETS = (HIDDEN, "9506000134376", "tester", "Secret Supplier Ltd", "PCF-SECRET-7", "61.5", '"owner"', "仓库")


def steps() -> list[dict[str, Any]]:
    """The thing's life: commissioned where all may know, stored where none may."""
    return [
        event("urn:uuid:pass", bizStep="commissioning", disposition="active", readPoint={"id": PLACE}, action="ADD",
              ilmd={"ocl:valueCNY": "1234.50"}, **{"@context": [{"ocl": OWN}]}),
        event("urn:uuid:pass-2", eventTime="2026-05-02T08:00:00Z", bizStep="storing", epcList=[f"{PRODUCT}/21/pass"],
              bizLocation={"id": HIDDEN}),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger with one thing of a declared and moved product, master data beside it."""
    with served(tmp_path_factory.mktemp("home")) as house:
        keep(house.ledger.settings.home)
        declared = pcf("PCF-SECRET-7", supplier="Secret Supplier Ltd", name="Ring main unit", verified_by="CQC")
        captured(house.ledger, [declared, leg("leg-1", vehicle="road.hgv.artic-33t.diesel.avg", quantity=3)])
        with house.client("warehouse") as client:
            assert [client.post("/events", json=one).status_code for one in steps()] == [201, 201]
        house.settled()
        catch_up(house)
        yield house


def keep(home: Path) -> None:
    """Master data: one published place, one that is not, one photograph."""
    rows = ("code,zh,en,city,published", f"{PLACE},武汉,Wuhan works,武汉,yes", f"{HIDDEN},仓库,Secret store,溧水,")
    (home / "places.csv").write_text("\n".join(rows), encoding="utf-8")
    (home / "photos").mkdir()
    (home / "photos" / "unit.png").write_bytes(PNG)
    (home / "photos.csv").write_text(f"code,file\n{PRODUCT},unit.png\n", encoding="utf-8")


def catch_up(house: House) -> None:
    """Every projection is at the log's end."""
    ledger = house.ledger
    catch_up_all(ledger.entries, (ledger.projections, *ledger.further))


def passport(house: House, holder: str = "public", path: str = DATA, **headers: str) -> dict[str, Any]:
    """What a holder is given."""
    with house.client(holder, **headers) as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_public_sees_what_the_policy_says_and_nothing_else(house: House) -> None:
    """Every path of the answer has a public row; no secret, no hidden place, no tenant is anywhere in its text."""
    found = passport(house)
    allowed = [field.path for field in POLICY if field.audience == "public"]
    for path in paths({name: part for name, part in found.items() if name not in {"@context", "type"}}):
        assert any(path == one or path.startswith(f"{one}.") for one in allowed), path
    text = json.dumps({name: part for name, part in found.items() if name != "policy"}, ensure_ascii=False)
    assert [secret for secret in (*SECRETS, "Secret") if secret in text] == []


def test_the_page_of_the_public_holds_no_secret_either(house: House) -> None:
    """Neither language's page, nor the product's, nor another tenant's owner's."""
    for holder in ("public", "other"):
        for locale in ("en", "zh-CN"):
            with house.client(holder, accept="text/html", accept_language=locale) as client:
                for path in (THING, "/01/09506000134352", "/01/09506000134352/10/LOT"):
                    page = client.get(f"/passport{path}")
                    assert page.status_code == 200
                    assert [secret for secret in (*SECRETS, "Secret ") if secret in page.text] == []


@pytest.mark.parametrize(
    ("holder", "audience"),
    [
        ("public", "public"), ("other", "public"), ("procurement", "buyer"), ("auditor", "auditor"),
        ("owner", "owner"), ("warehouse", "owner"), ("supplier", "public"),
    ],
)  # fmt: skip
def test_each_reader_sees_the_rows_of_its_audience(house: House, holder: str, audience: str) -> None:
    """The rows that this passport fills, by who asks; another tenant's owner is the public."""
    found = passport(house, holder)
    ranks = ["public", "buyer", "auditor", "owner"]
    for path, needs in (
        ("product.name", "public"),
        ("product.supplier", "buyer"),
        ("declaration.id", "buyer"),
        ("state.place.id", "auditor"),
        ("journey.events.proof", "auditor"),
        ("state.value", "owner"),
    ):
        seen = path in paths({name: part for name, part in found.items() if name != "@context"})
        assert seen == (ranks.index(needs) <= ranks.index(audience)), path


def test_the_journey_names_published_places_only(house: House) -> None:
    """Newest first: the store is not published, the works are, with their position."""
    events = passport(house)["journey"]["events"]
    assert [one["step"].rpartition("-")[2] for one in events] == ["storing", "commissioning"]
    assert "published_place" not in events[0]
    assert events[1]["published_place"] == {
        "zh": "武汉", "en": "Wuhan works", "latitude": "30.58333", "longitude": "114.26667",
    }  # fmt: skip


def test_the_footprint_is_exact_and_says_how_it_was_made(house: House) -> None:
    """412.75 declared per piece; stages add up exactly; method, factors, category and status stand beside."""
    found = passport(house)["footprint"]
    stages = {stage["stage"]: stage for stage in found["stages"]}
    assert stages["declared"]["wtw_kg"] == "412.75"
    assert sum(Fraction(one["wtw_kg"]) for one in stages.values()) == Fraction(found["wtw_kg"])
    assert stages["transport"]["methods"] == ["tonne_km/1"]
    assert stages["transport"]["verification"] == ["recorded"]
    assert stages["declared"]["verification"] == ["verified"]
    assert found["factor_set"] == {
        "id": house.ledger.factors.current().id, "hash": house.ledger.factors.current().hash,
    }  # fmt: skip
    assert stages["transport"]["factors"]


def test_the_proof_inside_holds(house: House) -> None:
    """The sealed proof in the passport, its file behind the link, and the newest proof's address: one and the same."""
    proof = passport(house)["proof"]
    with house.client() as client:
        data = client.get(f"/proofs/{proof['entry']}").content
        assert client.get(f"/api/v1/proofs{THING}").content == data
        assert client.get(f"/proofs/{proof['entry']}/qr").headers["content-type"].startswith("image/svg+xml")
        assert client.get("/proofs/999999").status_code == 404
    sealed = SealedProof.from_bytes(data)
    sealed.verify(key=house.ledger.note_key.verifier)
    assert sealed.to_record() == proof["sealed"]
    assert proof["state"] == "confirmed"


def test_it_is_json_ld_without_anything_to_fetch(house: House) -> None:
    """The context stands inside as a mapping; the media type follows Accept; the words are GS1's where it has them."""
    with house.client(accept="application/ld+json") as client:
        answer = client.get(DATA)
    assert answer.headers["content-type"] == "application/ld+json"
    context = answer.json()["@context"]
    assert isinstance(context, dict)
    assert context["gs1"] == "https://ref.gs1.org/voc/"
    assert (answer.json()["id"], answer.json()["type"]) == (f"https://id.gs1.org{THING}", "gs1:Product")
    assert passport(house) == answer.json()


def test_products_have_a_passport_without_a_journey(house: House) -> None:
    """GTIN, and GTIN with a lot: the product's footprint; an unknown product and an unknown thing are 404."""
    for path in ("/01/09506000134352", "/01/09506000134352/10/LOT"):
        found = passport(house, path=f"/api/v1/passports{path}")
        assert (found["level"], "journey" in found, "footprint" in found) == ("class", False, True)
    with house.client() as client:
        for path in ("/01/09506000134369", "/01/09506000134352/21/never", "/8004/95060001343never"):
            answer = client.get(f"/api/v1/passports{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "passport.absent")


def test_photographs_are_addressed_by_their_content(house: House) -> None:
    """The product's picture stands for the piece; its address never changes its meaning; others are absent."""
    photo = passport(house)["photo"]
    with house.client() as client:
        answer = client.get(photo["href"])
        assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
        assert "immutable" in answer.headers["cache-control"]
        assert client.get(f"/photos/{'0' * 64}").status_code == 404
        assert client.get("/photos/..%2Fkey").status_code in {400, 404}


def test_found_by_anything_that_names_it(house: House) -> None:
    """Element string, Digital Link of any domain, with blanks around: the passport; nonsense says why."""
    forms = ("(01)09506000134352(21)pass", f"https://id.gs1.org{THING}", f"  http://x.example/a{THING}?17=261231 ")
    with house.client() as client:
        for form in forms:
            answer = client.get("/find", params={"code": form})
            assert (answer.status_code, answer.headers["location"]) == (303, f"/passport{THING}")
        assert client.get("/find", params={"code": "nonsense"}).status_code == 400


# ---------------------------------------------------------------- never stale


def test_an_answer_is_never_older_than_its_question(tmp_path: Path) -> None:
    """After each change is in place, the very next answer shows it: event, checkpoint, confirmation, master data."""
    with served(tmp_path) as house, house.client() as public, house.client("owner") as owner:
        home = house.ledger.settings.home
        owner.post("/events", json=event("urn:uuid:pass", readPoint={"id": PLACE}))
        catch_up(house)
        tags = set()

        def fresh() -> dict[str, Any]:
            answer = public.get(DATA)
            assert answer.headers["etag"] not in tags
            tags.add(answer.headers["etag"])
            again = public.get(DATA, headers={"if-none-match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            found: dict[str, Any] = answer.json()
            return found

        assert fresh()["proof"]["state"] == "sequenced"
        ledger = house.ledger
        close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
        assert fresh()["proof"]["state"] == "checkpointed"
        house.settled()
        assert fresh()["proof"]["state"] == "confirmed"
        owner.post("/events", json=event("urn:uuid:pass-3", epcList=[f"{PRODUCT}/21/pass"], bizStep="storing"))
        catch_up(house)
        assert fresh()["journey"]["count"] == 2
        (home / "places.csv").write_text(f"code,en,city,published\n{PLACE},Works,武汉,yes\n", encoding="utf-8")
        os.utime(home / "places.csv", (1, 1))
        assert fresh()["journey"]["events"][1]["published_place"]["en"] == "Works"
        listed = f"product,category,mass_kg,value_cny\n{PRODUCT.rpartition('/')[2]},battery-lfp,47,2100\n"
        (home / "products.csv").write_text(listed, encoding="utf-8")
        assert fresh()["product"]["category"]["code"] == "battery-lfp"


def test_a_signed_in_reader_is_not_given_the_publics_bytes(house: House) -> None:
    """The kept bytes are for requests that say nothing of who asks: a key or a cookie goes the ordinary way."""
    assert "value" not in passport(house)["state"]
    assert passport(house, "owner")["state"]["value"] == "1234.50"
    assert "value" not in passport(house)["state"]
    with house.client("revoked") as client:
        assert client.get(DATA).status_code == 401
