"""
An example of rules of incentives, to begin with.

China Mobile's sustainability report 2023 says that suppliers are encouraged suitably in sourcing
(采购寻源等环节适当激励) and names neither measures nor amounts: these are ours, for a house to replace by its own
edition.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from ledger.records.incentive import Incentive, IncentiveRules, IncentiveTest, incentive_rules_id


def example_incentives() -> IncentiveRules:
    """Edition 1: bonus points, a longer contract, payment sooner."""
    return IncentiveRules(
        basis="示例 example",
        edition=1,
        id=incentive_rules_id(1),
        incentives=(
            Incentive(
                amount="2",
                benefit="bonus_points",
                en="Bonus for a good assessment and verified footprints",
                key="bonus",
                tests=(
                    IncentiveTest(measure="assessment_points", at_least="80"),
                    IncentiveTest(measure="verified_share", at_least="50"),
                ),
                zh="评估优良且碳足迹经核查的加分",
            ),
            Incentive(
                amount="12",
                benefit="contract_months",
                en="Longer contract for kept commitments",
                key="longer",
                tests=(
                    IncentiveTest(measure="assessment_points", at_least="40"),
                    IncentiveTest(measure="commitments_kept", at_least="1"),
                ),
                zh="履行承诺的延长合作期",
            ),
            Incentive(
                amount="15",
                benefit="payment_days",
                en="Payment sooner for green products",
                key="sooner",
                tests=(IncentiveTest(measure="catalogue_share", at_least="60"),),
                zh="绿色产品的提前付款",
            ),
        ),
        kind="incentive_rules",
        name_en="Incentives of suppliers (example)",
        name_zh="供应商激励规则（示例）",
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        valid_from=date(2026, 1, 1),
        version=1,
    )
