"""Packaging: which cartons to keep, what goes into which, what board and volume mean in grams, drums of cable."""
