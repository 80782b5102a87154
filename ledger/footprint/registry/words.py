"""Words that mean the same to somebody who looks for a factor, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ledger.footprint.grid import REGIONS

GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    # mode
    ("road", "公路", "道路"),
    ("rail", "铁路"),
    ("sea", "海运", "水运", "海上"),
    ("air", "航空", "空运"),
    # vehicle
    ("van", "厢式货车", "面包车", "轻型货车"),
    ("hgv", "lorry", "truck", "货车", "卡车", "重型货车"),
    ("rigid", "整体式"),
    ("artic", "articulated", "铰接", "半挂", "牵引车"),
    ("container ship", "集装箱船"),
    ("bulk carrier", "散货船"),
    ("tanker", "油轮", "液货船"),
    ("train", "列车", "火车"),
    ("flight", "航班", "飞机"),
    ("refrigerated", "冷藏", "冷链"),
    ("average laden", "平均装载"),
    # fuel
    ("diesel", "柴油"),
    ("petrol", "gasoline", "汽油"),
    ("cng", "压缩天然气"),
    ("lpg", "液化石油气"),
    ("lng", "液化天然气"),
    ("jet", "kerosene", "航空煤油"),
    ("electricity", "电力", "电网", "用电"),
    # electricity
    ("transmission", "输配电", "输电"),
    ("燃煤发电", "coal"),
    ("光伏发电", "solar", "photovoltaic"),
    ("风力发电", "wind", "风电"),
    ("水力发电", "hydro", "水电"),
    ("核能发电", "nuclear", "核电"),
    ("product_footprint", "产品碳足迹", "碳足迹因子"),
    ("corporate_statistical", "企业核算", "统计系列"),
    ("corporate_ets", "碳市场", "企业温室气体排放报告"),
    # packaging
    ("wood", "木材", "木质"),
    ("paper", "纸"),
    ("board", "cardboard", "纸板"),
    ("plastic", "塑料"),
    ("film", "薄膜"),
    ("steel", "钢"),
    ("aluminium", "aluminum", "铝"),
    ("batter", "电池"),
    ("landfill", "填埋"),
    ("incineration", "焚烧"),
    ("composting", "堆肥"),
    ("re-used", "重复使用", "复用"),
    ("closed-loop", "再生", "闭环"),
    ("end_of_life", "废弃", "寿命终止"),
    ("production", "生产"),
    # region
    ("uk", "英国", "united kingdom"),
    *REGIONS,
)
"""The words of a line mean the same; tables that come with the package use one of each line."""

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_OF: Final = {word.casefold(): group for group in GROUPS for word in group}
_KNOWN_CHINESE: Final = re.compile("|".join(sorted((w for w in _OF if _CHINESE.search(w)), key=len, reverse=True)))


def sought(text: str) -> Iterator[tuple[str, ...]]:
    """What a text asks for: one tuple of equal words for each part of it. Chinese may be written without blanks."""
    spaced = _KNOWN_CHINESE.sub(lambda match: f" {match[0]} ", text.casefold())
    for part in spaced.split():
        yield tuple(word.casefold() for word in _OF.get(part, (part,)))


def aliases(word: str) -> tuple[str, ...]:
    """Every word that means the same as this one, itself included."""
    return _OF.get(word.casefold(), (word,))
