"""
An example of an index of green warehouses, to begin with.

Its subjects are those of China Mobile's report 2023 (建立绿色仓库评价指标体系) as this project reads them. The report
gives neither indicators nor weights nor bounds, and those of GB/T 41243-2022 and SB/T 11164 are not repeated here:
weights and bounds are this example's own, to be changed by whoever publishes an edition.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from ledger.records.index_scheme import IndexNode, IndexScheme, MeasureName, Scale, ScaleStep, index_scheme_id

NAME: Final = "green-warehouse"
_OWN: Final = "本示例自拟 the example's own"
_BASIS: Final = (
    "参照 GB/T 41243-2022《绿色仓储与配送要求及评估》的主题；权重与界限为示例 "
    "its subjects; weights and bounds are an example"
)


def example_index(occurred_at: datetime, scheme: str = NAME, edition: int = 1) -> IndexScheme:
    """The example as a record of a moment."""
    return IndexScheme(
        basis=_BASIS,
        edition=edition,
        id=index_scheme_id(scheme, edition),
        kind="index_scheme",
        occurred_at=occurred_at,
        root=_group(
            "index", "1", ("绿色仓库指数（示例）", "Green warehouse index, an example"),
            _group(
                "energy", "0.5", ("能源", "Energy"),
                _leaf("energy_intensity", "0.4", ("单位面积能耗", "Energy per floor area"), _line("120", "30"),
                      direction="lower"),
                _leaf("solar", "0.3", ("场内光伏自用占比", "On-site solar share"), _line("0", "0.5")),
                _leaf("green_power", "0.3", ("绿色电力占比", "Green power share"), _line("0", "1")),
            ),
            _group(
                "equipment", "0.2", ("设备与空间", "Equipment and space"),
                _leaf("electric_handling", "0.5", ("电动搬运设备占比", "Electric handling equipment"),
                      _line("0.5", "1"), missing="zero"),
                _leaf("fill", "0.5", ("仓容利用率", "Space in use"), _line("0.4", "0.85"), missing="zero"),
            ),
            _group(
                "circular", "0.3", ("循环", "Circular use"),
                _leaf("idle_stock", "0.4", ("闲置库存占比", "Idle stock"),
                      _steps(("0.05", 40), ("0.03", 70), ("0.0147", 100)), direction="lower", missing="zero"),
                _leaf("reuse", "0.3", ("拆旧利用率", "Reuse of dismantled things"), _line("0.4", "0.8"),
                      missing="zero"),
                _leaf("packaging_return", "0.3", ("循环包装返还率", "Return of reusable packaging"),
                      _line("0.5", "0.95"), missing="zero"),
            ),
        ),
        scheme=scheme,
        version=1,
    )  # fmt: skip


def _group(key: str, weight: str, named: tuple[str, str], *children: IndexNode) -> IndexNode:
    return IndexNode(children=children, en=named[1], key=key, source=_OWN, weight=weight, zh=named[0])


def _leaf(
    measure: MeasureName,
    weight: str,
    named: tuple[str, str],
    scale: Scale,
    *,
    direction: Literal["higher", "lower"] = "higher",
    missing: Literal["refused", "zero"] = "refused",
) -> IndexNode:
    return IndexNode(
        direction=direction,
        en=named[1],
        key=measure.replace("_", "-"),
        measure=measure,
        missing=missing,
        scale=scale,
        source=_OWN,
        weight=weight,
        zh=named[0],
    )


def _line(zero_at: str, full_at: str) -> Scale:
    return Scale(full_at=full_at, method="linear", zero_at=zero_at)


def _steps(*steps: tuple[str, int]) -> Scale:
    return Scale(method="steps", steps=tuple(ScaleStep(at=at, points=points) for at, points in steps))
