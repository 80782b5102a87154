"""Asking for EPCIS events: parameters, patterns, pages, named queries (GS1 EPCIS 2.0, sections 8.2 and 12)."""
