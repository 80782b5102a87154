"""Grid regions by every name a meter reading may use: Chinese, ISO 3166-2 code, English."""

from __future__ import annotations

from typing import Final

NATIONAL: Final = "全国"

REGIONS: Final[tuple[tuple[str, str, str], ...]] = (
    (NATIONAL, "CN", "China"),
    ("北京", "CN-BJ", "Beijing"),
    ("天津", "CN-TJ", "Tianjin"),
    ("河北", "CN-HE", "Hebei"),
    ("山西", "CN-SX", "Shanxi"),
    ("内蒙古", "CN-NM", "Inner Mongolia"),
    ("辽宁", "CN-LN", "Liaoning"),
    ("吉林", "CN-JL", "Jilin"),
    ("黑龙江", "CN-HL", "Heilongjiang"),
    ("上海", "CN-SH", "Shanghai"),
    ("江苏", "CN-JS", "Jiangsu"),
    ("浙江", "CN-ZJ", "Zhejiang"),
    ("安徽", "CN-AH", "Anhui"),
    ("福建", "CN-FJ", "Fujian"),
    ("江西", "CN-JX", "Jiangxi"),
    ("山东", "CN-SD", "Shandong"),
    ("河南", "CN-HA", "Henan"),
    ("湖北", "CN-HB", "Hubei"),
    ("湖南", "CN-HN", "Hunan"),
    ("广东", "CN-GD", "Guangdong"),
    ("广西", "CN-GX", "Guangxi"),
    ("海南", "CN-HI", "Hainan"),
    ("重庆", "CN-CQ", "Chongqing"),
    ("四川", "CN-SC", "Sichuan"),
    ("贵州", "CN-GZ", "Guizhou"),
    ("云南", "CN-YN", "Yunnan"),
    ("西藏", "CN-XZ", "Tibet"),
    ("陕西", "CN-SN", "Shaanxi"),
    ("甘肃", "CN-GS", "Gansu"),
    ("青海", "CN-QH", "Qinghai"),
    ("宁夏", "CN-NX", "Ningxia"),
    ("新疆", "CN-XJ", "Xinjiang"),
)
"""Mainland regions that the national electricity carbon-footprint factor covers."""

_BY_NAME: Final = {name.casefold(): row[0] for row in REGIONS for name in row}


def region_of(name: str) -> str | None:
    """The region's Chinese name, ``None`` when the name is unknown; 省, 市 and 自治区 endings are accepted."""
    text = name.strip().casefold()
    for ending in ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"):
        text = text.removesuffix(ending)
    return _BY_NAME.get(text)
