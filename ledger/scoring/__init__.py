"""
Scoring of bids: exact, pure, replayable. A scheme is locked before bids; a score sheet replays from what it holds.

Read ``pipeline.STEPS`` for the order of operations, ``formulas.FORMULAS`` for the formulas, ``gate.GATES`` for the
gates, ``tie_break.TIE_BREAKS`` for what decides between equal totals.
"""
