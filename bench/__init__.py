"""Figures of this machine, as ratios against a baseline in the same run. ``python -m bench --help``."""
