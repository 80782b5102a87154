"""The same work on many pieces, in processes beside this one or in this one; results come in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")
_AHEAD = 2
"""Pieces a process, waiting or done and not yet taken: memory stays bounded."""


def spread(task: Callable[[Piece], Result], pieces: Iterable[Piece], workers: int = 1) -> Iterator[Result]:
    """
    ``task`` of every piece, in order. Raises what the task raises.

    With several ``workers`` the task must be a function of a module, and pieces and results are sent to and fro.
    Processes are started afresh (not forked): a caller with threads and open databases is safe.
    """
    if workers <= 1:
        yield from map(task, pieces)
        return
    waiting: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        try:
            for piece in pieces:
                waiting.append(pool.submit(task, piece))
                if len(waiting) >= workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
