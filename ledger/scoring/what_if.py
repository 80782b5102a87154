"""
What would be with other weights or another carbon price: the same bids through the same steps, by a changed scheme.

Never an award: the scheme that was published decides, and nothing that comes out here is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec
from msgspec import UNSET

from ledger.errors import ScoringError
from ledger.scoring.amount import Amount
from ledger.scoring.amounts.shadow_price import ShadowPrice
from ledger.scoring.criterion import FOOTPRINT, PRICE, QUANTITY
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.pipeline import evaluate
from ledger.scoring.rational import plain
from ledger.scoring.scheme import Scheme

MOST_PER_TONNE = 100_000
"""Carbon price that may be asked for [currency of the scheme / t CO2e]."""
ADDED = "what-if price with carbon"
"""Key of the amount that stands for the price where the scheme itself has no carbon price."""


class WhatIfRefused(ScoringError):
    """Weights or a carbon price that no scheme could have."""

    code = "scoring.what-if"
    field: str
    value: str
    wanted: str
    wanted_zh: str
    en = "{field} = {value} cannot be tried; it must be {wanted}"
    zh = "无法以 {field} = {value} 试算；应为{wanted_zh}"
    fix_en = "Give weights of zero or more, one of them above zero, and a carbon price of zero or more"
    fix_zh = "权重应不小于零且至少一项大于零；碳价应不小于零"


def carbon_price(scheme: Scheme) -> Fraction | None:
    """The scheme's own carbon price [currency / t CO2e]; ``None`` where it has none."""
    found = (amount.parameters["per_tonne"] for amount in scheme.amounts if amount.rule == ShadowPrice.key)
    return next(found, None)


def can_carry_carbon(scheme: Scheme) -> bool:
    """Whether a carbon price can be tried: the scheme scores footprints, and something reads the price."""
    return carbon_price(scheme) is not None or (scheme.footprint_rule is not None and PRICE in scheme.reads)


def changed(scheme: Scheme, weights: Mapping[str, Fraction], per_tonne: Fraction | None) -> Scheme:
    """
    The scheme with other weights, rescaled to its points, and another carbon price [currency / t CO2e].

    Criteria not named keep their weight; one of weight zero drops out. ``None`` leaves the carbon price as it is.
    Raises ``WhatIfRefused``.
    """
    for key, weight in weights.items():
        if weight < 0 or key not in {c.key for c in scheme.criteria}:
            raise WhatIfRefused(
                field=key,
                value=plain(weight),
                wanted="a criterion's weight, zero or more",
                wanted_zh="评分项的非负权重",
            )
    if per_tonne is not None and (not 0 <= per_tonne <= MOST_PER_TONNE or not can_carry_carbon(scheme)):
        wanted, wanted_zh = f"0 to {MOST_PER_TONNE}, of a scheme that scores footprints", f"0 至 {MOST_PER_TONNE}"
        raise WhatIfRefused(field="carbon price", value=plain(per_tonne), wanted=wanted, wanted_zh=wanted_zh)
    asked = [(c, weights.get(c.key, c.weight)) for c in scheme.criteria]
    total = sum((weight for _, weight in asked), Fraction(0))
    if total <= 0:
        raise WhatIfRefused(field="weights", value="0", wanted="above zero in sum", wanted_zh="总和大于零")
    kept = tuple(msgspec.structs.replace(c, weight=weight * scheme.points / total) for c, weight in asked if weight > 0)
    read = {c.reads for c in kept} | {name for amount in scheme.amounts for name in amount.inputs.values()}
    panel = tuple(name for name in scheme.panel_names if name in read) or UNSET
    weighted = msgspec.structs.replace(scheme, criteria=kept, panel=panel)
    return weighted if per_tonne is None else _priced(weighted, per_tonne)


def what_if(e: Evaluation, weights: Mapping[str, Fraction], per_tonne: Fraction | None) -> Evaluation:
    """The bids and rulings of an evaluation scored by the changed scheme. Raises ``WhatIfRefused``, ``BidFault``."""
    return evaluate(changed(e.scheme, weights, per_tonne), e.bids, e.rulings)


def _priced(scheme: Scheme, per_tonne: Fraction) -> Scheme:
    if carbon_price(scheme) is not None:
        amounts = (
            msgspec.structs.replace(one, parameters={**one.parameters, "per_tonne": per_tonne})
            if one.rule == ShadowPrice.key
            else one
            for one in scheme.amounts
        )
        return msgspec.structs.replace(scheme, amounts=tuple(amounts))
    added = Amount(
        key=ADDED,
        title_en="Price with carbon",
        title_zh="含碳报价",
        rule=ShadowPrice.key,
        unit=scheme.currency,
        inputs={"price": PRICE, "footprint": FOOTPRINT, "quantity": QUANTITY},
        parameters={"per_tonne": per_tonne},
    )
    others = (
        msgspec.structs.replace(one, inputs={role: _instead(name) for role, name in one.inputs.items()})
        for one in scheme.amounts
    )
    criteria = tuple(msgspec.structs.replace(c, reads=_instead(c.reads)) for c in scheme.criteria)
    return msgspec.structs.replace(scheme, amounts=(added, *others), criteria=criteria)


def _instead(name: str) -> str:
    return ADDED if name == PRICE else name
