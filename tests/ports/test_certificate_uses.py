"""One certificate, many writers: on both databases no MWh is used twice, and a number is held once in the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from ledger.errors import LedgerError
from ledger.programme.warehouse.errors import CertificateAbsent, CertificateNotUsable, CertificateOverdrawn, SiteUnknown
from ledger.records.energy_certificate import EnergyCertificate, certificate_id
from ledger.records.record import check
from ledger.records.warehouse_site import WarehouseSite
from ledger.services.capture import Submission, capture, capture_one
from ledger.services.certificate_uses import Asked, held_certificate, use_certificate
from ledger.services.corrections import correction_of
from ledger.services.warehouse_sites import certificates, standing
from ledger.wiring import Ledger

AT = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = (date(2025, 1, 1), date(2025, 12, 31))
US = Submission("demo", "us", manages=True)
THEM = Submission("them", "them")


def certificate(number: str, last: str | None = None, mwh: str = "100", **changes: Any) -> EnergyCertificate:
    """So many MWh, generated in 2025."""
    fields = {"certificate": number, "generated_from": DAYS[0], "generated_to": DAYS[1], "issuer": "核发机构"}
    fields |= {"id": certificate_id("核发机构", number), "kind": "energy_certificate", "mwh": mwh, "occurred_at": AT}
    fields |= {"owner": "us", "region": "广西", "serial_last": last, "source": "certificate", "technology": "wind"}
    made = msgspec.convert(fields | {"version": 1} | changes, EnergyCertificate)
    check(made)
    return made


def site(name: str) -> WarehouseSite:
    """A warehouse."""
    return WarehouseSite(
        floor_area_m2="1", id=f"s:{name}", kind="warehouse_site", name=name, occurred_at=AT, region="广西", site=name,
        site_kind="storage", valid_from=DAYS[0], version=1,
    )  # fmt: skip


def asked(of: EnergyCertificate, mwh: str, where: str = "a") -> Asked:
    """MWh of it for a site in 2025."""
    return Asked(of.id, where, *DAYS, mwh)


def test_two_writers_never_use_one_mwh_twice(ledger: Ledger) -> None:
    """Twelve uses of 15 MWh from four threads: 6 are recorded, 6 refused at their field, 10 MWh are left."""
    one = certificate("GEC-0001", "GEC-0100")
    for record in (site("a"), site("b"), one):
        capture_one(ledger, US, record)

    def take(turn: int) -> LedgerError | None:
        try:
            use_certificate(ledger, US, asked(one, "15", "ab"[turn % 2]))
        except LedgerError as error:
            return error
        return None

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(take, range(12)))
    refused = [error for error in outcomes if error is not None]
    assert (len(refused), {type(error) for error in refused}) == (6, {CertificateOverdrawn})
    assert all(error.place is not None and error.place.pointer == "/mwh" for error in refused)
    assert "剩余" in refused[0].message("zh-CN")
    found = held_certificate(ledger, "demo", one.id)
    assert (len(found.uses), found.left) == (6, 10)
    assert certificates(ledger, standing(ledger, "demo")) == [found]
    gone = ledger.entries.entry(found.uses[0].entry)
    name = msgspec.json.decode(gone.body)["record"]["id"]
    capture_one(ledger, US, correction_of(ledger.clock, name, "用错站点"))
    assert held_certificate(ledger, "demo", one.id).left == 25
    use_certificate(ledger, US, asked(one, "25"))
    assert held_certificate(ledger, "demo", one.id).left == 0


def test_a_number_serves_who_recorded_it_first(ledger: Ledger) -> None:
    """Of two tenants with overlapping runs the second has nothing, until the first one's is withdrawn."""
    first = certificate("GEC-0001", "GEC-0100")
    second = certificate("gec 0100", "gec 0199")
    third = certificate("GEC-0150", "GEC-0150", "1")
    capture_one(ledger, US, first)
    for record in (second, third, site("a")):
        capture_one(ledger, THEM, record)
    with pytest.raises(CertificateNotUsable) as caught:
        use_certificate(ledger, THEM, asked(second, "1"))
    assert "demo" not in caught.value.message("en")
    assert held_certificate(ledger, "demo", first.id).left == 100
    assert held_certificate(ledger, "them", third.id).left == 1  # the second held nothing when it came
    size = ledger.entries.size()
    capture_one(ledger, US, correction_of(ledger.clock, first.id, "误登"))
    place = held_certificate(ledger, "them", second.id).entry
    assert ledger.certificate_numbers.taken([place]) == set()
    assert ledger.certificate_numbers.taken([place], size) == {place}
    assert held_certificate(ledger, "them", second.id).left == Fraction(100)


def test_runs_that_hang_together_are_followed_to_the_first(ledger: Ledger) -> None:
    """Of 501 runs each shares a number with the one before: every second one holds its own, however many there are."""
    runs = [certificate(f"GEC-{at:04d}", f"GEC-{at + 1:04d}", "2") for at in range(501)]
    capture(ledger.entries, ledger.clock, ledger.random, **THEM._asdict(), records=runs)
    assert [held_certificate(ledger, "them", runs[at].id).left for at in (500, 499)] == [2, 0]


def test_what_serves_no_use_is_refused(ledger: Ledger) -> None:
    """Absent, another tenant's, an unknown site, sold on, another time, its own site."""
    sold, old = certificate("S-1", mwh="1", transferred_to="x"), certificate("O-1", mwh="1", generated_to=DAYS[0])
    own = certificate("W-1", mwh="1", generated_at="a", source="own_generation")
    for record in (site("a"), sold, old, own):
        capture_one(ledger, US, record)
    late = Asked(old.id, "a", date(2025, 2, 1), DAYS[1], "1")
    for wrong, error in (
        (asked(certificate("nobody's"), "1"), CertificateAbsent),
        (asked(sold, "1", "nowhere"), SiteUnknown),
        (asked(sold, "1"), CertificateNotUsable),
        (late, CertificateNotUsable),
        (asked(own, "1"), CertificateNotUsable),
    ):
        with pytest.raises(error) as caught:
            use_certificate(ledger, US, wrong)
        assert caught.value.place is not None
    with pytest.raises((CertificateAbsent, SiteUnknown)):
        use_certificate(ledger, THEM, asked(old, "1"))
