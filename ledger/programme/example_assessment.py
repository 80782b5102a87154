"""
An example of an assessment scheme, to begin with.

The three axes are those of China Mobile's sustainability report 2023 (培育绿色供应商), the questions on actions the
commitments of its initiative. The report gives neither weights nor questions: both are this example's own, to be
changed by whoever publishes a scheme.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ledger.records.assessment_scheme import AssessmentScheme, Axis, Level, Question, scheme_id
from ledger.records.supplier_certificate import CertificateScheme

NAME: Final = "green-supplier"
_REPORT: Final = "中国移动 2023 年可持续发展报告"
_DUTY: Final = f"{_REPORT}，责任采购：SA8000、OHSAS18001、ISO14000 认证"
_PLEDGE: Final = f"{_REPORT}，《绿色供应链行动倡议书》："
_OWN: Final = "本示例自拟，报告未载 the example's own"
_VALID_DAYS: Final = 456
"""From the end of a calendar year to the end of March of the year after next, when the next year's answers are due."""
_LEVELS: Final = (
    (0, "没有或未说明", "nothing, or nothing said"),
    (25, "已有计划，指定负责人", "planned, somebody is responsible"),
    (50, "已开始实施", "begun"),
    (75, "在主要场所实施", "done at the main sites"),
    (100, "在全部场所实施并有结果", "done at every site, with results"),
)


def example(occurred_at: datetime, edition: int = 1) -> AssessmentScheme:
    """The example as a record of a moment."""
    return AssessmentScheme(
        axes=(
            Axis(
                axis="certification",
                en="Certification and management systems",
                questions=(
                    _certificate("ISO 14001", "40", "环境管理体系", "environmental management", _DUTY),
                    _certificate("ISO 45001", "20", "职业健康安全", "health and safety", _DUTY),
                    _certificate("SA8000", "20", "社会责任", "social accountability", _DUTY),
                    _certificate("ISO 50001", "20", "能源管理体系", "energy management", _OWN),
                ),
                source=f"{_REPORT}，培育绿色供应商：环保认证及管理体系建设",
                weight="40",
                zh="环保认证及管理体系建设",
            ),
            Axis(
                axis="actions",
                en="Green actions and plans",
                questions=(
                    _shown("energy", "降低能源消耗", "Using less and cleaner energy"),
                    _shown("manufacturing", "实施绿色制造", "Green manufacturing"),
                    _shown("packaging", "推广绿色包装", "Green packaging"),
                    _shown("logistics", "推行绿色物流", "Green logistics"),
                    _shown("recycling", "开展回收再利用", "Take-back and reuse"),
                ),
                source=f"{_REPORT}，培育绿色供应商：绿色管理行动或方案制定",
                weight="30",
                zh="绿色管理行动或方案制定",
            ),
            Axis(
                axis="disclosure",
                en="Disclosure of carbon emissions",
                questions=(
                    Question(
                        en="Are the company's emissions disclosed every year?",
                        key="company",
                        needs="file",
                        source=f"{_PLEDGE}定期披露企业碳排放信息",
                        weight="40",
                        zh="是否每年披露企业碳排放信息？",
                    ),
                    Question(
                        en="Are footprints of the products supplied calculated and handed over?",
                        key="products",
                        needs="file",
                        source=f"{_PLEDGE}加强产品碳足迹管理",
                        weight="40",
                        zh="是否核算并提交所供产品的碳足迹？",
                    ),
                    Question(
                        en="Were these figures verified by a third party?",
                        key="third-party",
                        needs="file",
                        source=_OWN,
                        weight="20",
                        zh="上述数据是否经第三方核查？",
                    ),
                ),
                source=f"{_REPORT}，培育绿色供应商：碳排放信息披露",
                weight="30",
                zh="碳排放信息披露",
            ),
        ),
        basis=f"{_REPORT}，培育绿色供应商（三个维度）；权重与问题为示例 weights and questions are an example",
        edition=edition,
        en="Green suppliers, an example",
        id=scheme_id(NAME, edition),
        kind="assessment_scheme",
        levels=tuple(Level(en=en, points=points, zh=zh) for points, zh, en in _LEVELS),
        occurred_at=occurred_at,
        scheme=NAME,
        valid_days=_VALID_DAYS,
        version=1,
        zh="绿色供应商综合评估（示例）",
    )


def _certificate(scheme: CertificateScheme, weight: str, zh: str, en: str, source: str) -> Question:
    return Question(
        certificates=(scheme,),
        en=f"Is there a certificate of {en} in force ({scheme})?",
        key=scheme.lower().replace(" ", "-"),
        needs="certificate",
        source=source,
        weight=weight,
        zh=f"是否持有有效的{zh}认证（{scheme}）？",
    )


def _shown(key: str, zh: str, en: str) -> Question:
    return Question(
        en=f"{en}: what was done?",
        key=key,
        needs="file",
        source=f"{_PLEDGE}{zh}",
        weight="20",
        zh=f"{zh}：采取了哪些行动？",
    )
