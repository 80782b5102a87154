"""
An example of the house's rules, to begin with.

The programme that this follows has an enterprise standard and a share above 80 % (its sustainability report 2023), and
prints no condition of it. These are ours, for a house to replace by its own edition; GB/T 37422-2019 names the
directions (fewer resources, used again, recycled) and no such numbers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from ledger.records.packaging import PackagingCriterion, PackagingRules, packaging_rules_id


def example_packaging_rules() -> PackagingRules:
    """Edition 1: reusable, or recyclable of one material, or half recycled; three layers at most; no polystyrene."""
    return PackagingRules(
        basis="示例，请以企业标准替换 example, replace by your own standard",
        counted_by="pieces",
        criteria=(
            PackagingCriterion(kind="reusable", need="one", value="80"),
            PackagingCriterion(kind="mono_material", need="one", value="95"),
            PackagingCriterion(kind="recycled", need="one", value="50"),
            PackagingCriterion(kind="recyclable", need="all", value="90"),
            PackagingCriterion(kind="layers", need="all", value="3"),
            PackagingCriterion(kind="without", need="all", value="ps"),
        ),
        edition=1,
        id=packaging_rules_id(1),
        kind="packaging_rules",
        occurred_at=datetime(2023, 1, 1, tzinfo=UTC),
        target_pct="80",
        valid_from=date(2023, 1, 1),
        version=1,
    )
