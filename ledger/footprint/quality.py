"""
Data quality of a sum: primary share by emissions (PACT) and by activity (iLEAP), categories, flags, GWP sets.

Both shares are always labelled, because they differ: a primary leg with a low intensity weighs less by emissions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.footprint.activity import TransportCell
from ledger.footprint.amount import exact_text, total
from ledger.footprint.emission import Emission, Trail
from ledger.footprint.errors import GwpMismatch

CATEGORIES: Final = ("primary", "modelled", "default")
NOT_STATED: Final = "not stated"

FLAGS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "geography",
        "Default factor of another country; no factor with a shippable licence covers China",
        "采用其他国家的默认因子；目前没有许可允许随附的中国因子",
    ),
    ("time", "The factor's reference year is not the year of the activity", "因子的基准年与活动年份不一致"),
    (
        "distance-unadjusted",
        "The intensity rests on driven distance, the activity on the standard's; no published adjustment exists",
        "排放强度基于实际行驶距离，活动量基于标准距离；尚无公布的修正系数",
    ),
    (
        "national-grid",
        "National grid factor used for a province; none is published per province",
        "该省用电采用全国因子；尚未公布分省因子",
    ),
    (
        "energy-factor-default",
        "Measured energy with a published factor; the primary share counts the measured amounts alone",
        "能耗为实测，能源因子为公布值；初级数据占比仅计实测用量",
    ),
    (
        "period-over-year",
        "The operator's statements together cover more than a year; the standard's period is a year at most",
        "承运方数据合计覆盖超过一年；标准规定的周期最长为一年",
    ),
    (
        "no-residual-mix",
        "No residual mix is published for this year; power without certificates takes the location's factor",
        "该年度未公布剩余组合因子；无证书覆盖的用电按所在地因子计",
    ),
    ("prorated", "A reading reaches over the period's ends and is divided by time", "读数跨越期间界限，按时间划分"),
    (
        "own-power-as-grid",
        "Power generated on site counts with the grid's factor: the meter does not say how it was generated",
        "自发自用电量按电网因子计：计量未说明发电方式",
    ),
    (
        "cooling-shared",
        "Cooling is not metered apart; its energy is shared over ambient and refrigerated goods alike",
        "制冷用电未单独计量；其能耗由常温与冷藏货物共同分摊",
    ),
    (
        "certificate-refused",
        "A certificate cancelled for this site cannot be used and is left out of the market-based figure",
        "为该站点核销的证书不可用，未计入基于市场的数字",
    ),
    (
        "primary-share-not-stated",
        "The supplier did not state the primary data share; counted as none",
        "供应商未说明初级数据占比；按零计",
    ),
    (
        "recycled-cut-off",
        "Recycled content by the cut-off rule (100:0): it carries its recycling, and there is no credit at the end",
        "再生料按取舍法（100:0）计：仅计再生过程，寿命结束时不计抵扣",
    ),
    (
        "allocated",
        "The product's share of a process that makes something else as well, by the rule that the bill states",
        "工序有联产品，按清单所述规则计入本产品份额",
    ),
    (
        "default-for-component",
        "Default factor for a part of which nothing is declared and that has no bill",
        "部件既无声明也无物料清单，采用默认因子",
    ),
    ("scenario", "A stated scenario, not something that was measured", "按所述情景计算，并非实测"),
)
"""(code, English, Chinese) of every flag a trail can carry."""


@dataclass(frozen=True, slots=True)
class DataQuality:
    """
    Quality of some emission rows. Shares 0 to 1; ``None`` where the weights are all zero.

    ``categories`` is the share of emissions per data category. Activity is transport activity [t km] alone.
    """

    primary_by_emissions: Fraction | None
    primary_by_activity: Fraction | None
    categories: tuple[tuple[str, Fraction], ...]
    verified_by_emissions: Fraction | None
    flags: tuple[str, ...]
    gwp_sets: tuple[str, ...]

    def to_record(self) -> dict[str, object]:
        """JSON-able, shares as exact text."""
        shares = {
            "primary_share_by_emissions": self.primary_by_emissions,
            "primary_share_by_activity": self.primary_by_activity,
            "verified_share_by_emissions": self.verified_by_emissions,
        }
        return {
            "categories_by_emissions": {name: exact_text(share) for name, share in self.categories},
            "flags": list(self.flags),
            "gwp_sets": list(self.gwp_sets),
            **{name: None if share is None else exact_text(share) for name, share in shares.items()},
        }


def quality_of(rows: Sequence[Emission]) -> DataQuality:
    """
    The quality of these rows' sum: PDS = sum(E p) / sum(E). Raises ``GwpMismatch``.

    Source: PACT methodology (emission weights); iLEAP 1.0.0 (activity weights).
    """
    kg: dict[int, list[Fraction]] = {}
    moved: dict[int, int] = {}
    trails = {id(row.trail): row.trail for row in rows}
    for row in rows:
        key = id(row.trail)
        kg.setdefault(key, []).append(row.wtw)
        moved[key] = moved.get(key, 0) + (row.cell.gram_metres if isinstance(row.cell, TransportCell) else 0)
    sums = [(trail, total(kg[key]), moved[key]) for key, trail in trails.items()]
    whole, activity = total(e for _, e, _ in sums), sum(a for _, _, a in sums)
    return DataQuality(
        _share(total(e * trail.primary for trail, e, _ in sums), whole),
        _share(total(a * trail.primary for trail, _, a in sums), Fraction(activity)),
        tuple((c, total(e for t, e, _ in sums if t.category == c) / whole) for c in CATEGORIES if whole),
        _share(total(e for trail, e, _ in sums if trail.verification == "verified"), whole),
        tuple(code for code, _, _ in FLAGS if any(code in trail.flags for trail in trails.values())),
        gwp_sets(trails.values()),
    )


def gwp_sets(trails: Iterable[Trail]) -> tuple[str, ...]:
    """
    The GWP sets behind some figures. Two stated ones raise ``GwpMismatch``.

    Sources that state none (China's electricity announcements, most declarations) stand beside a stated one; the
    reader sees both names.
    """
    found = sorted({trail.gwp_set for trail in trails})
    stated = [name for name in found if name not in {NOT_STATED, "none"}]
    if len(stated) > 1:
        raise GwpMismatch(sets=tuple(stated))
    return tuple(found)


def _share(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None
