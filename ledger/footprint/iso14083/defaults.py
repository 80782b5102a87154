"""European road defaults used elsewhere, or under temperature control (GLEC v3.0, p. 94)."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal

from ledger.footprint.iso14083.ghg import Ghg

Region = Literal["africa", "asia", "europe"]
ABROAD: Final = {"van": Fraction(113, 100), "lorry": Fraction(122, 100)}
COOLED: Final = {"van": Fraction(115, 100), "lorry": Fraction(112, 100)}


def road_default(european: Ghg, *, van: bool, region: Region, cooled: bool = False) -> Ghg:
    """
    A published European intensity of a van (up to 3.5 t) or a lorry, as it is used in a region.

    Load and empty running are inside already and are not touched. A default that a factor table publishes for cooled
    transport is not ``cooled`` again.
    """
    kind = "van" if van else "lorry"
    abroad = Fraction(1) if region == "europe" else ABROAD[kind]
    return european * (abroad * (COOLED[kind] if cooled else 1))
