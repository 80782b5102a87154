"""What the conformance tool never tries: ended tokens, what is not shared, retries, both sides of every event."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from ledger.pact.errors import FilterRefused
from ledger.pact.filters import Filters
from ledger.records.pcf import Pcf
from ledger.records.record import decode_body, microseconds
from ledger.services.capture import Submission
from ledger.services.exchange import Exchange
from ledger.services.keys import issue_key
from ledger.services.organisations import Organisation
from ledger.services.outbox import GIVES_UP
from ledger.services.pcf import deprecate, grant, publish
from ledger.services.pcf_sight import turn
from ledger.services.tokens import Tokens
from tests.pact.conftest import HOUSE, OWNER, Exchanging
from tests.pact.partner import footprint
from tests.pact.test_conformance import CLOUD, answers, created, published

FULFILLED = "org.wbcsd.pact.ProductFootprint.RequestFulfilledEvent.3"
REJECTED = "org.wbcsd.pact.ProductFootprint.RequestRejectedEvent.3"


@pytest.fixture(autouse=True)
def registered(exchanging: Exchanging) -> None:
    """The partner speaks version 3, and a turn is taken when a test takes one."""
    exchanging.register(3)
    exchanging.house.app.state.runtime.errands.exchanging.stop()


def exchange(exchanging: Exchanging) -> Exchange:
    return exchanging.house.ledger.exchange


def test_an_ended_token_is_told_from_a_wrong_one(exchanging: Exchanging) -> None:
    """401 TokenExpired, on every route, of both versions."""
    ledger, runtime = exchanging.house.ledger, exchanging.house.app.state.runtime

    class Earlier:
        def now(self) -> Any:
            return ledger.clock.now() - timedelta(hours=1)

    tokens: Tokens = runtime.tokens
    old = Tokens(tokens.keys, runtime.gate, Earlier(), ledger.random, tokens.issuer, tokens.permissions_of)  # type: ignore[arg-type]
    from ledger.services.gate import Key

    token = old.issue(Key(exchanging.client_id, exchanging.secret))[1].token
    with httpx.Client(base_url=exchanging.house.url, headers={"Authorization": f"Bearer {token}"}) as client:
        for major in "23":
            for answer in (client.get(f"/{major}/footprints"), client.post(f"/{major}/events", json={})):
                assert (answer.status_code, answer.json()["code"]) == (401, "TokenExpired")


def test_what_is_not_shared_is_seen_nowhere(exchanging: Exchanging) -> None:
    """In no list, 403 by its id, in no answer to a request; a grant shows it at once, and taken back hides it again."""
    ledger = exchanging.house.ledger
    hidden = footprint(90)
    with exchanging.client() as client:

        def sees() -> bool:
            return hidden["id"] in {one["id"] for one in client.get("/3/footprints").json()["data"]}

        assert not sees()
        for major in "23":
            answer = client.get(f"/{major}/footprints/{hidden['id'].upper()}")
            assert (answer.status_code, answer.json()["code"]) == (403, "AccessDenied")
        before, run = len(exchanging.listener.events), str(uuid4())
        event = created("3.0", hidden["productIds"], exchanging.listener.url, run)
        assert client.post("/3/events", content=json.dumps(event), headers=CLOUD).status_code == 200
        exchange(exchanging).work(lambda: False)
        assert answers(exchanging, before, 1)[0][1]["type"] == REJECTED
        terms: dict[str, Any] = {"supplier": "supplier-2", "grantee": "buyer", "scope": "product"}
        for revoked, seen in ((False, True), (True, False)):
            grant(ledger, OWNER, **terms, value=hidden["productIds"][0].upper(), revoked=revoked)
            assert sees() is seen
        grant(ledger, OWNER, supplier="supplier-2", grantee="buyer", until=ledger.clock.now() - timedelta(seconds=1))
        assert not sees()
    with exchanging.house.client("other") as stranger:
        assert stranger.get("/3/footprints").json()["data"] == []
        assert stranger.get(f"/3/footprints/{hidden['id']}").status_code == 404


def test_announced_when_new_and_when_deprecated(exchanging: Exchanging) -> None:
    """One Published event each, to who may see it, with the id; its successor names what it precedes."""
    ledger = exchanging.house.ledger
    first = footprint(41)
    second = footprint(42, precedingPfIds=[first["id"]])
    publish(ledger, OWNER, first, supplier="supplier-1")
    publish(ledger, OWNER, second, supplier="supplier-1")
    exchange(exchanging).work(lambda: False)
    deprecate(ledger, OWNER, ledger.exchange.shelf.get(HOUSE, first["id"]), "restated", f"pcf:{second['id']}")
    hidden = footprint(43)
    publish(ledger, OWNER, hidden, supplier="supplier-2")
    exchange(exchanging).work(lambda: False)

    def told(name: str) -> int:
        return sum(name in one["data"].get("pfIds", ()) for _, one in exchanging.listener.events)

    for _ in range(200):
        if told(first["id"]) == 2 and told(second["id"]) == 1:
            break
        exchange(exchanging).work(lambda: False)
    assert (told(first["id"]), told(second["id"]), told(hidden["id"])) == (2, 1, 0)
    with exchanging.client() as client:
        read = client.get(f"/3/footprints/{second['id']}").json()["data"]
        assert read["precedingPfIds"] == [first["id"]]
        assert client.get(f"/3/footprints/{first['id']}").json()["data"]["status"] == "Deprecated"
        old = client.get(f"/2/footprints/{first['id']}").json()["data"]
        assert (old["version"], old["status"]) == (1, "Deprecated")
        assert old["updated"] > old["created"]


def test_told_of_earlier_ones_when_a_supplier_switches_them_on(exchanging: Exchanging) -> None:
    """Once, by the turn alone: not before, not for what was turned off again, and not a second time."""
    ledger = exchanging.house.ledger
    ledger.organisations.add(Organisation("maker", "demo", "Maker", "supplier"))
    terms: dict[str, Any] = {"principals": ledger.principals, "clock": ledger.clock, "random": ledger.random}
    own, _ = issue_key(**terms, tenant="demo", name="maker", role="supplier", days=1, organisation="maker")
    submission = Submission.of(own)
    grant(ledger, OWNER, supplier="maker", grantee="buyer")  # what its own people stated, it shares itself
    ids = [footprint(number)["id"] for number in (851, 852)]
    for number in (851, 852):
        publish(ledger, submission, footprint(number), supplier="maker")
    exchange(exchanging).work(lambda: False)
    for reach in ("whole", "nobody"):
        turn(ledger, submission, f"pcf:{ids[1]}", "organisation:buyer", reach)  # type: ignore[arg-type]
    turn(ledger, submission, f"pcf:{ids[0]}", "organisation:buyer", "whole")

    def told(name: str) -> int:
        outbox = ledger.exchange.store.outbox("demo", 1_000)
        return sum(name in one.event["data"].get("pfIds", ()) for one in outbox)

    assert [told(name) for name in ids] == [0, 0]
    for _ in range(3):
        exchange(exchanging).work(lambda: False)
    assert [told(name) for name in ids] == [1, 0]
    publish(ledger, submission, footprint(853), supplier="maker")
    turn(ledger, submission, f"pcf:{footprint(853)['id']}", "organisation:buyer", "whole")
    exchange(exchanging).work(lambda: False)
    assert told(footprint(853)["id"]) == 1, "new and shown in one round: one event"


def test_a_record_never_changes(exchanging: Exchanging) -> None:
    """Another footprint under a known id is refused; the same again is the same entry; deprecated is for good."""
    from ledger.log.errors import RecordConflict
    from ledger.services.pcf import PcfDeprecated

    ledger = exchanging.house.ledger
    made = publish(ledger, OWNER, footprint(51), supplier="supplier-1")
    assert publish(ledger, OWNER, footprint(51), supplier="supplier-1").seq == made.seq
    with pytest.raises(RecordConflict):
        publish(ledger, OWNER, footprint(51, fossilGhgEmissions="1"), supplier="supplier-1")
    deprecate(ledger, OWNER, ledger.exchange.shelf.get(HOUSE, footprint(51)["id"]), "wrong")
    with pytest.raises(PcfDeprecated):
        deprecate(ledger, OWNER, ledger.exchange.shelf.get(HOUSE, footprint(51)["id"]), "again")


def test_what_others_send_is_kept_as_it_came(exchanging: Exchanging) -> None:
    """Unknown extensions and properties, other standards, digits: given back as they were; and where it stands."""
    extension = {"specVersion": "2.0.0", "dataSchema": "https://x.example/s.json", "data": {"a": ["1.10", {"b": True}]}}
    sent = footprint(61, extensions=[extension], crossSectoralStandards=["XYZ-1", "PACT-3.0"], later={"new": "1.0"})
    receipt = publish(exchanging.house.ledger, OWNER, sent, supplier="supplier-1")
    with exchanging.client() as client:
        read = client.get(f"/3/footprints/{sent['id']}").json()["data"]
    assert read.pop("status") == "Active"
    *others, proof = read.pop("extensions")
    assert others == [extension]
    assert read == {name: value for name, value in sent.items() if name != "extensions"}
    entry = exchanging.house.ledger.entries.entry(receipt.seq)
    assert proof["data"]["entry"] == receipt.seq
    assert proof["data"]["leaf"] == entry.leaf().hex()
    assert httpx.get(proof["dataSchema"]).json()["type"] == "object"


def test_asked_and_answered(exchanging: Exchanging) -> None:
    """Our request goes out; what is fulfilled becomes entries with where they came from; nobody else may answer it."""
    ledger, way = exchanging.house.ledger, exchange(exchanging)
    partner = way.store.partner("demo", "buyer")
    assert partner is not None
    asked = way.ask(partner, {"productId": ["urn:gtin:4712345060507"]})
    for _ in range(100):
        way.work(lambda: False)
        if any(one["id"] == asked.id for _, one in exchanging.listener.events):
            break
    (path, event) = next(pair for pair in exchanging.listener.events if pair[1]["id"] == asked.id)
    assert (path, event["data"]) == ("/3/events", {"productId": ["urn:gtin:4712345060507"]})
    theirs = footprint(71, companyName="Buyer Ltd")
    wrong = footprint(72, fossilGhgEmissions="-1")
    answer = {
        "specversion": "1.0", "id": str(uuid4()), "source": exchanging.listener.url, "time": "2026-11-26T00:00:00Z",
        "type": FULFILLED, "data": {"requestEventId": asked.id, "pfs": [theirs | {"status": "Active"}, wrong]},
    }  # fmt: skip
    with exchanging.client() as client:
        foreign = answer | {"data": {**answer["data"], "requestEventId": str(uuid4())}}  # type: ignore[dict-item]
        refused = client.post("/3/events", json=foreign)
        assert (refused.status_code, refused.json()["code"]) == (403, "AccessDenied")
        for _ in range(2):
            assert client.post("/3/events", json=answer).status_code == 200
    for _ in range(100):
        way.work(lambda: False)
        found = way.store.request("demo", asked.id)
        assert found is not None
        if found.state == "fulfilled":
            break
    assert found.state == "fulfilled"
    assert "1 footprints kept" in found.note
    entry = ledger.entries.find("demo", f"pcf:{theirs['id']}")
    assert entry is not None
    kept = decode_body(entry.body, "pcf")
    assert isinstance(kept, Pcf)
    assert kept.received is not None
    assert (kept.received.partner, kept.supplier) == ("buyer", "buyer")
    assert kept.footprint == theirs
    assert ledger.entries.find("demo", f"pcf:{wrong['id']}") is None


def test_rejected_is_rejected(exchanging: Exchanging) -> None:
    """The reason stays with the request."""
    way = exchange(exchanging)
    partner = way.store.partner("demo", "buyer")
    assert partner is not None
    asked = way.ask(partner, {"companyId": ["urn:none:1"]})
    answer = {
        "specversion": "1.0", "id": str(uuid4()), "source": exchanging.listener.url, "time": "2026-11-26T00:00:00Z",
        "type": REJECTED,
        "data": {"requestEventId": asked.id, "error": {"code": "NotFound", "message": "no such company"}},
    }  # fmt: skip
    with exchanging.client() as client:
        assert client.post("/3/events", json=answer).status_code == 200
    for _ in range(100):
        way.work(lambda: False)
        found = way.store.request("demo", asked.id)
        assert found is not None
        if found.state == "rejected":
            break
    assert (found.state, found.note) == ("rejected", "NotFound: no such company")
    with pytest.raises(FilterRefused):
        way.ask(partner, {"validOn": "yesterday"})


def test_an_announcement_is_followed(exchanging: Exchanging) -> None:
    """Published ids are fetched, of version 2 converted: kg of one unit times their number; a minor is its own."""
    way, ledger = exchange(exchanging), exchanging.house.ledger
    exchanging.register(2)
    from ledger.pact.version2 import to_version2, version_id

    first = json.loads(json.dumps(to_version2(footprint(81), deprecated_at=None), default=float))
    assert first["pcf"]["pCfExcludingBiogenic"] == "1.55"
    later = first | {"version": 1, "updated": "2026-02-01T00:00:00Z"}
    for document in (first, later):
        exchanging.listener.footprints[first["id"]] = document
        event = {
            "specversion": "1.0", "id": str(uuid4()), "source": exchanging.listener.url, "time": "2026-11-26T00:00:00Z",
            "type": "org.wbcsd.pathfinder.ProductFootprint.Published.v1", "data": {"pfIds": [first["id"]]},
        }  # fmt: skip
        with exchanging.client() as client:
            assert client.post("/2/events", json=event).status_code == 200
        wanted = f"pcf:{version_id(first['id'], document['version'])}"
        for _ in range(100):
            way.work(lambda: False)
            if ledger.entries.find("demo", wanted):
                break
        entry = ledger.entries.find("demo", wanted)
        assert entry is not None
        kept = decode_body(entry.body, "pcf")
        assert isinstance(kept, Pcf)
        assert kept.footprint["pcf"]["pcfExcludingBiogenicUptake"] == "18.60"
    assert kept.footprint["precedingPfIds"] == [first["id"]]
    assert UUID(kept.footprint["id"]).version == 5


def test_what_cannot_be_sent_is_sent_later_and_given_up_after_three_days(exchanging: Exchanging) -> None:
    """A partner that is down: tried again, at growing distances, then a dead letter that a person may send again."""
    way, listener = exchange(exchanging), exchanging.listener
    partner = way.store.partner("demo", "buyer")
    assert partner is not None
    listener.refuses = 2
    asked = way.ask(partner, {"productId": ["urn:gtin:1"]})

    def outgoing() -> Any:
        return next(one for one in way.store.outbox("demo", 100) if one.event["id"] == asked.id)

    way.work(lambda: False)
    once = outgoing()
    now = microseconds(exchanging.house.ledger.clock.now())
    assert (once.state, once.attempts) == ("waiting", 1)
    assert 0 < once.next_at - now < 4_000_000
    way.store.moved(once._replace(next_at=now))
    way.work(lambda: False)
    twice = outgoing()
    assert twice.attempts == 2
    assert twice.trouble
    listener.refuses = 1
    gone = twice._replace(next_at=now, created_at=now - GIVES_UP)
    with way.store.database.writing() as connection:  # type: ignore[attr-defined]
        from ledger.adapters.sql.exchange_tables import EXCHANGE_OUTBOX

        connection.execute(EXCHANGE_OUTBOX.update().values(created_at=gone.created_at, next_at=now))
    way.work(lambda: False)
    assert outgoing().state == "dead"
    way.outbox.retry(outgoing())
    way.work(lambda: False)
    assert outgoing().state == "sent"
    assert any(one["id"] == asked.id for _, one in listener.events)


def test_filters_are_one_code() -> None:
    """A request's criteria as lists or as single values, as both are sent."""
    one = footprint(1)
    for data in ({"productId": one["productIds"]}, {"productId": one["productIds"][0]}, {"status": "active"}, {}):
        assert Filters.of_event(data).matches(one, deprecated=False)
    assert not Filters.of_event({"status": ["Deprecated"]}).matches(one, deprecated=False)
    with pytest.raises(FilterRefused):
        Filters.of_event({"productId": [1]})


@pytest.mark.parametrize("change", [{"version": 2, "id": "no uuid"}, {"extensions": 7}, {"productClassifications": 1}])
def test_what_cannot_be_read_of_version_2_is_refused(change: dict[str, Any]) -> None:
    """A partner's nonsense is a located refusal, never a fault of ours that would stop what comes after it."""
    from ledger.pact.errors import PactFieldRefused
    from ledger.pact.version2 import from_version2, to_version2

    good = json.loads(json.dumps(to_version2(footprint(1), deprecated_at=None), default=float))
    assert from_version2(good)["pcf"]["pcfExcludingBiogenicUptake"] == "18.60"
    with pytest.raises(PactFieldRefused):
        from_version2(good | change)


def test_a_refusal_is_not_tried_again_by_itself(exchanging: Exchanging) -> None:
    """400: dead at once and the request refused, until a person sends it again and it is accepted."""
    way, listener = exchange(exchanging), exchanging.listener
    partner = way.store.partner("demo", "buyer")
    assert partner is not None
    listener.status, listener.refuses = 400, 1
    asked = way.ask(partner, {"productId": ["urn:gtin:2"]})
    way.work(lambda: False)
    (dead,) = (one for one in way.store.outbox("demo", 100) if one.event["id"] == asked.id)
    found = way.store.request("demo", asked.id)
    assert found is not None
    assert (dead.state, dead.attempts, found.state) == ("dead", 1, "refused")
    listener.status = 503
    way.outbox.retry(dead)
    way.work(lambda: False)
    found = way.store.request("demo", asked.id)
    assert found is not None
    assert found.state == "accepted"


def test_what_a_partner_deprecates_is_deprecated_here(exchanging: Exchanging) -> None:
    """Announced again with its status: the record stays as it came and counts as deprecated; an unknown id is noted."""
    way, ledger = exchange(exchanging), exchanging.house.ledger
    theirs = footprint(95, companyName="Buyer Ltd")
    for status in ("Active", "Deprecated"):
        exchanging.listener.footprints[theirs["id"]] = theirs | {"status": status}
        said = published("3.0", [str(uuid4()), theirs["id"]], exchanging.listener.url)
        with exchanging.client() as client:
            assert client.post("/3/events", json=said).status_code == 200
        way.work(lambda: False)
    held = way.shelf.get(HOUSE, theirs["id"])
    assert held.deprecated_at is not None
    assert held.record.footprint == theirs
    assert ledger.entries.find("demo", f"pcf:{theirs['id']}") is not None


def test_one_event_never_keeps_the_others_waiting(exchanging: Exchanging, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that nobody foresaw is put off, further each time; the event behind it is dealt with in the same turn."""
    way = exchange(exchanging)
    bad, good = str(uuid4()), str(uuid4())
    before = len(exchanging.listener.events)
    with exchanging.client() as client:
        for name in (bad, good):
            said = created("3.0", ["urn:pact:null"], exchanging.listener.url, name)
            assert client.post("/3/events", json=said).status_code == 200
    plain = Exchange._answered

    def faulty(self: Exchange, event: Any, partner: Any) -> str:
        if event.id == bad:
            raise ZeroDivisionError
        return plain(self, event, partner)

    monkeypatch.setattr(Exchange, "_answered", faulty)
    way.work(lambda: False)
    assert [one["data"]["requestEventId"] for _, one in answers(exchanging, before, 1)] == [good]
    assert way.store.untended(microseconds(exchanging.house.ledger.clock.now()), 10) == []
    (put_off,) = way.store.untended(2**62, 10)
    assert (put_off.id, put_off.attempts) == (bad, 1)


def test_version_2_is_not_asked_what_it_cannot_say(exchanging: Exchanging) -> None:
    """Products and companies alone; anything else is refused, not left out."""
    exchanging.register(2)
    way = exchange(exchanging)
    partner = way.store.partner("demo", "buyer")
    assert partner is not None
    with pytest.raises(FilterRefused):
        way.ask(partner, {"geography": ["DE"]})
    asked = way.ask(partner, {"productId": ["urn:gtin:3"], "companyId": []})
    way.work(lambda: False)
    (event,) = (one for _, one in exchanging.listener.events if one["id"] == asked.id)
    assert event["data"]["pf"] == {"productIds": ["urn:gtin:3"]}
