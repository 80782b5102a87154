"""
Methods for panels that judge suppliers or concepts on several marks: weighted sum, TOPSIS, AHP, PROMETHEE II.

Not formulas of an award: in each of them the presence of a loser can change the winner.
"""

from __future__ import annotations

from ledger.scoring.panel.ahp import Comparison, ahp
from ledger.scoring.panel.promethee import Preference, promethee
from ledger.scoring.panel.table import PanelTableWrong, Table, places
from ledger.scoring.panel.topsis import topsis
from ledger.scoring.panel.weighted_sum import weighted_sum

__all__ = [
    "Comparison",
    "PanelTableWrong",
    "Preference",
    "Table",
    "ahp",
    "places",
    "promethee",
    "topsis",
    "weighted_sum",
]
