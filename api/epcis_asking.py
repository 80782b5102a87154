"""One request for events or names: who asks, on what terms, which page; and the answer as the standard forms it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.deps import principal_of, runtime_of
from api.epcis_terms import Terms, TermsDep, epcis_reply
from api.faults import AddressTooLong, ParameterRefused
from api.runtime import Runtime
from api.schemas.epcis import Collection
from api.wire import instant
from ledger.records.epcis.context import GS1_CONTEXT
from ledger.records.record import microseconds
from ledger.services.event_query.answer import EventPage, NamePage, Wish
from ledger.services.event_query.parameters import Asked
from ledger.services.event_query.presented import query_document

LONGEST_QUERY: Final = 16_384
PAGING: Final = frozenset({"perPage", "nextPageToken"})


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that is answered in pages."""

    request: Request
    terms: Terms
    per_page: int
    token: str | None

    @property
    def runtime(self) -> Runtime:
        """The running app's parts."""
        return runtime_of(self.request)

    @property
    def tenant(self) -> str:
        """Whose events are meant."""
        return principal_of(self.request).tenant

    def given(self) -> dict[str, str]:
        """The query's own parameters. Raises ``AddressTooLong``, ``ParameterRefused`` for one that comes twice."""
        if len(self.request.scope["query_string"]) > LONGEST_QUERY:
            raise AddressTooLong(limit=LONGEST_QUERY)
        given: dict[str, str] = {}
        for name, value in self.request.query_params.multi_items():
            if name in given:
                raise ParameterRefused(name=name[:200], why="it stands twice; values of a list are divided by |")
            given[name] = value
        return {name: value for name, value in given.items() if name not in PAGING}

    def page(self, found: Asked, given: Mapping[str, Any]) -> EventPage:
        """A page of events; ``given`` and the prefixes of extensions tell this query from others."""
        whole = {**given, "GS1-Extensions": sorted(self.terms.prefixes.items())}
        wish = Wish(whole, self.per_page, self.token)
        return self.runtime.answering.page(self.tenant, found, wish, self.terms.epc_format)

    def events(self, name: str, page: EventPage) -> Response:
        """A page of events as a query document."""
        created = instant(microseconds(self.runtime.ledger.clock.now()))
        document = query_document(page.events, created, queryName=name)
        return epcis_reply(document, self.terms, headers=self._link(page))

    def names(self, what: str, listed: Callable[[int, str], list[str]]) -> tuple[list[str], dict[str, str]]:
        """A page of texts that ``listed(limit, after)`` gives in order, and the headers that go with it."""
        page = self.runtime.answering.walk(self.tenant, what, Wish({}, self.per_page, self.token), listed)
        return page.names, self._link(page)

    def _link(self, page: EventPage | NamePage) -> dict[str, str]:
        """Where the next page is; nothing on the last one."""
        if page.next_token is None:
            return {}
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "nextPageToken"]
        query = urlencode([*kept, ("nextPageToken", page.next_token)], quote_via=quote)
        return {
            "Link": f'<{quote(self.request.url.path)}?{query}>; rel="next"',
            "GS1-Next-Page-Token-Expires": instant(page.expires * 1_000_000),
        }


def asking_of(
    request: Request,
    terms: TermsDep,
    per_page: Annotated[int, Query(alias="perPage", ge=1, le=1_000)] = 30,
    token: Annotated[str | None, Query(alias="nextPageToken", max_length=4_096)] = None,
) -> Asking:
    """The request, its paging parameters checked."""
    return Asking(request, terms, per_page, token)


AskingDep = Annotated[Asking, Depends(asking_of)]


def collection(members: list[str]) -> Collection:
    """Names as the standard lists them."""
    return Collection(context=GS1_CONTEXT, member=members)
