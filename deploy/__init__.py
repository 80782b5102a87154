"""The production kit: one description, everything written from it, and what holds that against the tools' rules."""
