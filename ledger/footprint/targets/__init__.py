"""Targets against what was reached: paths, pace, months out of line, scenarios, allowances, measures, tasks."""
