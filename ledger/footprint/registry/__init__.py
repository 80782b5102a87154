"""The factor registry: units as published, series kept apart, search, comparison, and the shelf that sets stand on."""
