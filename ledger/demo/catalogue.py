"""
Suppliers, carriers and products of the demonstration. All companies are invented, all figures illustrative.

Masses are of the order of the real things; footprints are plausible, and nobody's declaration. Codes are under GS1's
demonstration range 952.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from ledger.demo import places
from ledger.demo.places import Origin
from ledger.identity import check_digit

VERIFIER: Final = "示例核查中心（虚构）Example Verification Centre"


class Supplier(NamedTuple):
    """An invented supplier in a real city, with its own company prefix."""

    zh: str
    en: str
    prefix: str
    origin: Origin


JIANGCHENG: Final = Supplier("江城光缆（虚构）", "Jiangcheng Cable (fictional)", "9521141", places.WUHAN)
PENGWAN: Final = Supplier("鹏湾通信（虚构）", "Pengwan Telecom (fictional)", "9521142", places.SHENZHEN)
WUMEN: Final = Supplier("吴门网络（虚构）", "Wumen Networks (fictional)", "9521143", places.SUZHOU)
RONGGUANG: Final = Supplier("蓉光电源（虚构）", "Rongguang Power (fictional)", "9521144", places.CHENGDU)
QINLING: Final = Supplier("秦岭射频（虚构）", "Qinling RF (fictional)", "9521145", places.XIAN)
QIANTANG: Final = Supplier("钱塘终端（虚构）", "Qiantang Devices (fictional)", "9521146", places.HANGZHOU)
LUZHOU: Final = Supplier("庐州储能（虚构）", "Luzhou Storage (fictional)", "9521147", places.HEFEI)
SUIYUN: Final = Supplier("穗云通信（虚构）", "Suiyun Communications (fictional)", "9521148", places.GUANGZHOU)
SUPPLIERS: Final = (JIANGCHENG, PENGWAN, WUMEN, RONGGUANG, QINLING, QIANTANG, LUZHOU, SUIYUN)

CARRIER_IN: Final = "长风物流（虚构）"
CARRIER_RAIL: Final = "华东铁运（虚构）"
CARRIER_OUT: Final = "江淮配送（虚构）"


class Product(NamedTuple):
    """
    One product: ``gross_g`` a piece with its packaging [g], ``pcf`` [kg CO2e a piece, cradle to gate].

    ``line`` is the least and greatest number of pieces in one delivery, ``load`` the most in one inbound vehicle,
    ``pallet`` on one pallet. ``serial`` says which code the single pieces carry.
    """

    number: int
    supplier: Supplier
    zh: str
    en: str
    gross_g: int
    pcf: str
    primary_pct: int
    status: Literal["recorded", "verified"]
    line: tuple[int, int]
    load: int
    pallet: int
    serial: Literal["", "giai", "sgtin"] = ""

    @property
    def gtin(self) -> str:
        """GTIN-13 as printed under the bar code."""
        body = f"{self.supplier.prefix}{self.number:05d}"
        return body + check_digit(body)

    @property
    def identity(self) -> str:
        """Canonical text of the product."""
        return f"https://id.gs1.org/01/0{self.gtin}"

    def piece(self, serial: int) -> str:
        """Canonical text of a single piece."""
        if self.serial == "giai":
            return f"https://id.gs1.org/8004/{self.supplier.prefix}JG{serial:07d}"
        return f"{self.identity}/21/S{serial:07d}"


PRODUCTS: Final[tuple[Product, ...]] = (
    Product(24, JIANGCHENG, "光缆 GYTS-24 芯，2 km/盘", "Optical cable GYTS 24-core, 2 km drum",
            245_000, "612.4", 71, "verified", (1, 6), 96, 4),
    Product(48, JIANGCHENG, "光缆 GYTS-48 芯，2 km/盘", "Optical cable GYTS 48-core, 2 km drum",
            315_000, "805.6", 71, "verified", (1, 5), 76, 4),
    Product(96, JIANGCHENG, "光缆 GYTA-96 芯，2 km/盘", "Optical cable GYTA 96-core, 2 km drum",
            450_000, "1168", 68, "verified", (1, 4), 52, 2),
    Product(101, WUMEN, "光网络终端 ONU（10G GPON）", "Optical network unit ONU (10G GPON)",
            650, "8.4", 62, "verified", (200, 1500), 12_000, 480),
    Product(102, QIANTANG, "家庭路由器 Wi-Fi 6", "Home router Wi-Fi 6",
            900, "11.9", 40, "recorded", (100, 800), 9_000, 360),
    Product(201, SUIYUN, "板状天线 8T8R", "Panel antenna 8T8R", 28_000, "186.5", 35, "recorded", (2, 12), 220, 8),
    Product(202, QINLING, "波束赋形天线 4T4R", "Beamforming antenna 4T4R",
            24_500, "171.2", 55, "verified", (2, 12), 260, 8),
    Product(301, PENGWAN, "有源天线单元 AAU 64T64R", "Active antenna unit AAU 64T64R",
            41_000, "782.0", 58, "verified", (2, 9), 240, 6, "sgtin"),
    Product(302, PENGWAN, "射频拉远单元 RRU", "Remote radio unit RRU",
            21_000, "308.6", 58, "verified", (3, 15), 480, 12, "sgtin"),
    Product(401, LUZHOU, "磷酸铁锂电池 48V100Ah", "LFP battery 48 V 100 Ah",
            47_000, "356.9", 66, "verified", (4, 20), 420, 12, "sgtin"),
    Product(501, RONGGUANG, "室外机柜", "Outdoor cabinet", 120_000, "290.3", 30, "recorded", (1, 6), 90, 2, "giai"),
    Product(502, RONGGUANG, "开关电源系统 48V300A", "Power system 48 V 300 A",
            58_000, "215.7", 30, "recorded", (2, 8), 300, 6),
)  # fmt: skip


def sscc(prefix: str, number: int) -> str:
    """Canonical text of a pallet: extension digit 1, prefix, nine digits, check digit."""
    body = f"1{prefix}{number % 10**9:09d}"
    return f"https://id.gs1.org/00/{body}{check_digit(body)}"
