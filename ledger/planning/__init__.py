"""
Fewer tonne-kilometres: plans of routes, loads and cartons, and the grams of CO2e they stand for.

A plan is never a saving: it says what would be driven. Libraries search; every figure that a plan states is computed
again here, in whole numbers and fractions, from what was planned.
"""
