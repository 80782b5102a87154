"""``ports.EventIndex`` on both databases against the standard's rules, applied slowly to each event."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ledger.adapters.sql import event_select
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.event_index import SqlEventIndex
from ledger.adapters.sql.ordered_number import ordered
from ledger.ports import LeafRow
from ledger.ports.event_index import EventQuery, Hit
from ledger.records.record import microseconds
from ledger.services.event_query.parameters import asked
from ledger.services.project import catch_up, rebuild
from tests.ports import event_world as world
from tests.ports.event_world import Chance, Known, matching

EVENTS = 240


class Filled:
    """A log of events of two tenants among other records, and what is in it."""

    def __init__(self, database: Database, seed: int = 1) -> None:
        self.entries, self.index = SqlEntries(database), SqlEventIndex(database)
        chance = Chance(seed)
        self.known: list[Known] = []
        for batch in range(EVENTS // 40):
            events = [chance.event(batch * 40 + number) for number in range(40)]
            tenants = [world.TENANTS[chance.random.random() < 0.3] for _ in events]
            now = microseconds(world.START + timedelta(days=10, minutes=batch))
            drafts = [world.draft(event, tenant) for event, tenant in zip(events, tenants, strict=True)]
            receipts = list(self.entries.append(drafts, now).outcomes())
            for event, tenant, receipt in zip(events, tenants, receipts, strict=True):
                self.known.append(Known(receipt.seq, tenant, receipt.recorded_at, event))

    def rows(self) -> list[LeafRow]:
        return [row for batch in self.entries.rows(0, self.entries.size()) for row in batch]

    def found(self, tenant: str, parameters: dict[str, str], limit: int = EVENTS) -> list[int]:
        return [hit.seq for hit in self.index.find(tenant, asked(parameters).query, limit)]


@pytest.fixture(autouse=True)
def _some_are_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_select, "FREQUENT", 20)  # some names are frequent here, and some are not


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Events that every test asks for and leaves as they were, on each database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('filled') / 'ledger.db'}"
    else:
        url = request.getfixturevalue("postgres_server").fresh()
    made = Filled(Database(open_engine(url)))
    catch_up(made.entries, made.index)
    return made


def several(one: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(one, min_size=1, max_size=3, unique=True).map("|".join)


def one_of(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


THINGS = st.builds(world.thing, st.integers(0, 1), st.integers(1, 6), st.integers(0, 3)) | one_of(
    *world.CLASS_URNS, f"https://id.gs1.org/01/{world.GTINS[0]}", "urn:epc:idpat:sgtin:9506000.*.*"
)
CLASSES = st.builds(world.product, st.integers(0, 1), st.integers(0, 3), st.integers(0, 1))
PLACES = st.builds(world.place, st.integers(0, 3), st.integers(0, 1))
MOMENTS = st.integers(0, 72).map(lambda hours: (world.START + timedelta(hours=hours)).isoformat())
RECORDED = st.integers(-1, 7).map(lambda minutes: (world.START + timedelta(days=10, minutes=minutes)).isoformat())
NUMBERS = one_of("0", "2.5", "2.500", "10", "1e1", "-5", "20.5", "100")
PARAMETERS: dict[str, st.SearchStrategy[str]] = {
    "eventType": several(one_of("ObjectEvent", "TransformationEvent", "AssociationEvent")),
    "GE_eventTime": MOMENTS,
    "LT_eventTime": MOMENTS,
    "GE_recordTime": RECORDED,
    "LT_recordTime": RECORDED,
    "EQ_action": several(one_of("ADD", "OBSERVE", "DELETE")),
    "EQ_bizStep": several(one_of(*world.STEPS, "cbv:BizStep-receiving".replace("cbv:", "https://ref.gs1.org/cbv/"))),
    "EQ_disposition": several(one_of(*world.DISPOSITIONS, "unknown")),
    "EQ_persistentDisposition_set": one_of("conformant", "active"),
    **dict.fromkeys(("EQ_readPoint", "WD_readPoint", "EQ_bizLocation", "WD_bizLocation"), several(PLACES)),
    **dict.fromkeys(
        ("MATCH_epc", "MATCH_parentID", "MATCH_inputEPC", "MATCH_outputEPC", "MATCH_anyEPC"), several(THINGS)
    ),
    **dict.fromkeys(
        ("MATCH_epcClass", "MATCH_inputEPCClass", "MATCH_outputEPCClass", "MATCH_anyEPCClass"), several(CLASSES)
    ),
    "EQ_quantity": several(NUMBERS),
    **dict.fromkeys(("GT_quantity", "GE_quantity", "LT_quantity_KGM", "LE_quantity_MTR", "GT_value_CEL"), NUMBERS),
    "EQ_eventID": several(st.integers(0, EVENTS + 5).map("urn:uuid:{}".format)),
    "EXISTS_errorDeclaration": one_of("true", ""),
    "GE_errorDeclarationTime": MOMENTS,
    "EQ_errorReason": one_of("incorrect_data", "did_not_occur"),
    "EQ_correctiveEventID": several(st.integers(0, 6).map("urn:uuid:{}".format)),
    "EQ_transformationID": several(one_of(*world.ORDERS)),
    "EQ_bizTransaction_po": several(one_of(*world.ORDERS, "urn:epc:id:gdti:9521141.12345.5678")),
    "EQ_bizTransaction_inv": several(one_of(*world.ORDERS)),
    "EQ_source_owning_party": one_of(world.GLN, f"{world.GLN_URN}0"),
    "EQ_type": one_of("Temperature", "gs1:Mass"),
    "EXISTS_sensorElementList": one_of("true"),
    "EXISTS_ex:colour": one_of("true"),
    "EQ_ex:colour": several(one_of("red", "10", "2.5", "blue")),
    "GE_ex:colour": one_of("3", "2.5"),
    "EXISTS_INNER_ex:in": one_of("true"),
    "EQ_INNER_ex:in": one_of("x", "y"),
}
ORDERS = st.sampled_from([{}, {"orderBy": "eventTime"}, {"orderBy": "recordTime"}])
QUERIES = st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: PARAMETERS[name] for name in names})
)


def test_every_query_finds_what_the_standard_says(filled: Filled) -> None:
    """Random queries over random events, in every order, against the rules applied to one event after the other."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(QUERIES, ORDERS, st.sampled_from(["ASC", "DESC"]), st.sampled_from(world.TENANTS))
    @example({"EQ_ex:colour": "red|2.5"}, {}, "ASC", "demo")
    def same(parameters: dict[str, str], order: dict[str, str], direction: str, tenant: str) -> None:
        whole = parameters | order | ({"orderDirection": direction} if order else {})
        expected = [known.seq for known in matching(filled.known, tenant, whole)]
        found = filled.index.find(tenant, asked(whole).query, EVENTS)
        events = {known.seq: known.event["eventID"] for known in filled.known}
        ids = whole.get("EQ_eventID", "").split("|")
        seqs = [hit.seq for hit in found if "EQ_eventID" not in whole or events[hit.seq] in ids]
        assert seqs == expected

    same()


def test_each_parameter_alone_divides_the_events(filled: Filled) -> None:
    """Every parameter by itself finds some of the events and leaves some out, so none of them is passed over."""
    of_tenant = sum(known.tenant == "demo" for known in filled.known)
    for name, values in PARAMETERS.items():
        sizes = _sizes(filled, name, values)
        assert any(0 < size < of_tenant for size in sizes), (name, sizes)


def _sizes(filled: Filled, name: str, values: st.SearchStrategy[str]) -> set[int]:
    """How many events some values of a parameter find."""
    sizes = set[int]()

    @settings(max_examples=10, deadline=None, database=None, derandomize=True)
    @given(values)
    def tried(value: str) -> None:
        hits = filled.index.find("demo", asked({name: value}).query, EVENTS)
        sizes.add(len(hits))

    tried()
    return sizes


@pytest.mark.parametrize("order", [{}, {"orderBy": "eventTime"}, {"orderBy": "eventTime", "orderDirection": "ASC"}])
def test_pages_are_the_whole(filled: Filled, order: dict[str, str]) -> None:
    """Walking by pages of any size gives what one large page gives."""
    query = asked({"EQ_action": "ADD|OBSERVE", "MATCH_anyEPC": "urn:epc:idpat:sgtin:9506000.013435.*", **order}).query
    whole = filled.index.find("demo", query, EVENTS)
    assert len(whole) > 20
    for size in (1, 7, 40):
        walked: list[Hit] = []
        while page := filled.index.find("demo", query, size, after=walked[-1] if walked else None):
            walked += page
        assert walked == whole


def test_repeats_and_batches_change_nothing(filled: Filled) -> None:
    """Folded in batches of any size, twice, or again from nothing: the same answers."""
    rows, index = filled.rows(), filled.index
    query = EventQuery()
    before = {tenant: index.find(tenant, query, EVENTS) for tenant in world.TENANTS}
    names = {tenant: index.names(tenant, "epc", 100) for tenant in world.TENANTS}
    index.fold(rows)
    rebuild(filled.entries, index)
    index.reset()
    assert index.find("demo", query, EVENTS) == []
    for start in range(0, len(rows), 7):
        index.fold(rows[max(0, start - 3) : start + 7])
    assert {tenant: index.find(tenant, query, EVENTS) for tenant in world.TENANTS} == before
    assert {tenant: index.names(tenant, "epc", 100) for tenant in world.TENANTS} == names
    assert sum(map(len, before.values())) == EVENTS


def test_a_tenant_sees_its_own_events_and_names_alone(filled: Filled) -> None:
    """No query and no list of one tenant holds anything of another."""
    own = {known.seq for known in filled.known if known.tenant == "other"}
    assert {hit.seq for hit in filled.index.find("other", EventQuery(), EVENTS)} == own
    assert filled.index.find("nobody", EventQuery(), EVENTS) == []
    assert filled.index.names("nobody", "epc", 100) == []
    assert filled.index.types("nobody") == []


def test_one_thing_in_every_form_is_one_name(filled: Filled) -> None:
    """Whatever form an event was captured in, names are canonical, and every form finds the same events."""
    names = filled.index.names("demo", "epc", 100)
    assert all(name.startswith("https://id.gs1.org/01/") for name in names)
    found = [filled.found("demo", {"MATCH_anyEPC": world.thing(0, 3, form)}) for form in range(4)]
    assert found[0]
    assert all(each == found[0] for each in found)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_sort_as_their_texts(one: Decimal, other: Decimal) -> None:
    """Exact numbers of any length compare as the texts they are indexed by."""
    assert (ordered(one) < ordered(other)) == (one < other)
    assert (ordered(one) == ordered(other)) == (one == other)
