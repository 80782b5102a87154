"""What an evidence pack says of itself: where each thing a verifier needs is, or why it is absent."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import Final

from ledger.records.calculation_run import CalculationRun

_PROOF: Final = {
    True: "`run-proof.json`: the run itself in the log (`ledger verify run-proof.json`) / 该次计算在账本中的证明",
    False: "no proof of the run's own entry: no checkpoint covers it yet / 无该次计算自身的证明：尚无检查点覆盖",
}
_RECEIPT: Final = {
    True: "`receipt.txt`: the transaction that anchored the checkpoint / 该检查点的上链交易",
    False: "absent: this checkpoint was not anchored on a chain itself / 无：该检查点未单独上链",
}


def readme(run: CalculationRun, *, proved: bool, anchored: bool) -> str:
    """README.md of the pack."""
    text = (files("ledger.data") / "evidence" / "README.md").read_text(encoding="utf-8")
    return Template(text).substitute(
        run=run.id,
        tenant=run.tenant,
        origin=run.checkpoint.origin,
        size=run.checkpoint.size,
        routes=run.routes_wtw_kg,
        products=run.products_wtw_kg,
        gaps=run.gaps,
        software=run.software,
        proof=_PROOF[proved],
        receipt=_RECEIPT[anchored],
    )
