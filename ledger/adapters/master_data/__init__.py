"""Tables that an operator keeps in the ledger's home: ``places.csv`` and ``photos.csv``, read anew on change."""

from __future__ import annotations

from ledger.adapters.master_data.photos import PhotoFiles
from ledger.adapters.master_data.places import PlaceTable

__all__ = ["PhotoFiles", "PlaceTable"]
