"""Printed savings against published factors: kWh to tonnes, t km to tonnes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.footprint.claim import Printed, check_energy_claim, check_transport_claim
from ledger.footprint.errors import ClaimUnreadable
from ledger.footprint.factor import FactorSet
from ledger.units import shown

PAIRS = [
    ("5.7亿", "32.5万", "reproduced"),
    ("57万", "325", "reproduced"),
    ("177万", "1009", "reproduced"),
    ("1.64亿", "9.4万", "reproduced"),
    ("1.58亿", "9.0万", "reproduced"),
    ("2.21亿", "12.54万", "not_reproducible"),
    ("110.46万", "627.25", "not_reproducible"),
]
"""China Mobile's 2023 report: printed kWh, printed tonnes of CO2, and what the factor 0.5703 kg/kWh makes of them."""


@pytest.mark.parametrize(("kwh", "tonnes", "status"), PAIRS)
def test_pairs_of_one_report(kwh: str, tonnes: str, status: str, bundled: FactorSet) -> None:
    """The reporting-series factor reproduces five pairs at their printed precision and not the other two."""
    claim = check_energy_claim(kwh, tonnes, bundled.of_series("corporate_ets"))
    assert claim.status == status


@pytest.mark.parametrize(("kwh", "tonnes", "status"), PAIRS)
def test_statistical_series_reproduces_none(kwh: str, tonnes: str, status: str, bundled: FactorSet) -> None:
    """The national factors of the statistical series (0.5568, 0.5366, 0.5306) fit none of the pairs."""
    national = [
        f for f in bundled.of_series("corporate_statistical") if f.region == "全国" and f.component == "average"
    ]
    assert len(national) == 3
    assert check_energy_claim(kwh, tonnes, national).status == "not_reproducible"


def test_implied_interval(bundled: FactorSet) -> None:
    """The implied factor is the interval that both roundings leave; here 0.56782 up to 0.56788 kg/kWh."""
    claim = check_energy_claim("110.46万", "627.25", bundled.of_series("corporate_ets"))
    assert [shown(bound, 5) for bound in claim.implied] == ["0.56782", "0.56788"]
    assert claim.residual_kg(bundled.factor("CN-ETS-2022")) == Fraction("629953.38") - Fraction("627250")
    assert claim.to_record()["status"] == "not_reproducible"


def test_interval_only(bundled: FactorSet) -> None:
    """A factor that fits only because the kWh are rounded too is told apart from one that reproduces the tonnes."""
    claim = check_energy_claim("1万", "5.80", bundled.of_series("corporate_ets"))
    assert claim.status == "interval_only"
    assert claim.within == ("CN-ETS-2022",)


def test_saving_beyond_any_mode(bundled: FactorSet) -> None:
    """1,331.86 t from 1.65万 t km imply 80.7 kg per t km, which no mode of transport reaches."""
    claim = check_transport_claim("1.65万", "1331.86", bundled)
    assert not claim.plausible
    assert "80.7" in claim.text("en")
    assert "exceeds any mode" in claim.text("en")
    assert "超过" in claim.text("zh-CN")
    assert check_transport_claim("1.65万", "1.65", bundled).plausible


def test_half_goes_up() -> None:
    """A printed number stands for what rounds half up to it."""
    printed = Printed.of("32.5万")
    assert printed.value == 325_000
    assert printed.rounds_from(Fraction(324_500))
    assert not printed.rounds_from(Fraction(325_500))


@pytest.mark.parametrize("text", ["", "0", "万", "约57万", "1,009", "-3", "1e3"])
def test_unreadable(text: str) -> None:
    """Anything but a plain number above zero is refused."""
    with pytest.raises(ClaimUnreadable):
        Printed.of(text)
