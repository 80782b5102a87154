"""Stated figures and savings, rebuilt from what is stated: units, rounding, formulas, factors, bounds, verdicts."""
