"""Files people have: workbooks, delimited tables, EPCIS documents, records line by line."""

from __future__ import annotations

from ledger.adapters.files.opening import open_file
from ledger.adapters.files.refused_file import refused_csv, refused_xlsx
from ledger.adapters.files.template import template_xlsx

__all__ = ["open_file", "refused_csv", "refused_xlsx", "template_xlsx"]
