"""
Events that are planned and have not happened: told apart by their ids, and never taken as events.

EPCIS 2.0 has events of what took place (6.1.1); a plan in its form is a document to hand on, and nothing to capture.
"""

from __future__ import annotations

from typing import Final

from ledger.errors import Place
from ledger.records.epcis.errors import EventOnlyPlanned
from ledger.records.epcis.event import Event

PLANNED: Final = "urn:onecode:planned:"
"""Before the eventID of whatever is only planned."""


def refuse_planned(event: Event) -> None:
    """Raise ``EventOnlyPlanned`` for an event that did not happen."""
    if event.event_id.startswith(PLANNED):
        raise EventOnlyPlanned(event=event.event_id).at(Place(pointer="/eventID"))
