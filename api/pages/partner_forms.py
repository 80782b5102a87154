"""Fields of the forms by which partners are registered and let in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import msgspec
from fastapi import Request

from api.faults import ParameterRefused

LONGEST: Final = 2_000
"""Characters of a field."""
_LAST_YEAR: Final = 2200


async def form_of(request: Request) -> dict[str, str]:
    """Every field, without blanks around it."""
    return {key: str(value).strip()[: LONGEST * 10] for key, value in (await request.form()).items()}


def text_of(said: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """A field that has to be filled. Raises ``ParameterRefused``."""
    text = said.get(name, "")
    if not 0 < len(text) <= longest:
        raise ParameterRefused(name=name, why=f"1 - {longest}")
    return text


def one_of(said: Mapping[str, str], name: str, kind: Any) -> Any:
    """A field that is one of a type's values. Raises ``ParameterRefused``."""
    try:
        return msgspec.convert(said.get(name), kind)
    except msgspec.ValidationError as error:
        raise ParameterRefused(name=name, why=str(error)[:200]) from None


def until_of(said: Mapping[str, str]) -> datetime | None:
    """The end of a day, UTC; ``None`` where no day is given. Raises ``ParameterRefused``."""
    if not said.get("until"):
        return None
    try:
        day = date.fromisoformat(said["until"])
    except ValueError:
        day = date.max
    if day.year > _LAST_YEAR:
        raise ParameterRefused(name="until", why="2026-12-31")
    return datetime.combine(day + timedelta(days=1), time(), UTC)
