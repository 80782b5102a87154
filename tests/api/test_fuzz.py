"""
Every operation of the OpenAPI document, asked by schemathesis with good and bad input: no fault of the server, and no
answer that the document does not describe.

The same input at every run. ``ONECODE_FUZZ`` multiplies the examples (``dev.py fuzz``).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.operations import DIGITAL_LINK_KEYS
from tests.api.house import House

_ALIKE = {f"/{key}/{{rest}}" for key in DIGITAL_LINK_KEYS if key != "01"}
"""Addresses with the handler of another; OPTIONS is answered by one function for all, without looking at anything."""
EXAMPLES = 2 * int(os.environ.get("ONECODE_FUZZ", "1"))
CHECKS: list[Callable[..., Any]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_every_operation_answers_as_described(house: House) -> None:
    """Whatever is sent, as the owner: described status, described type, described shape, and never a fault."""
    schema = schemathesis.openapi.from_url(f"{house.url}/openapi.json")
    headers = {"Authorization": f"Bearer {house.keys['owner']}"}
    faults = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.method.upper() == "OPTIONS" or operation.path in _ALIKE:
            continue
        faults += [_fault(operation, mode, headers) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]
    assert not any(faults), "\n\n".join(filter(None, faults))


def _fault(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> str:
    """What an operation answered that it should not; empty when nothing."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, headers=headers)

    try:
        ask()
    except FailureGroup as group:
        found = "\n".join(f"{type(each).__name__}: {each}" for each in group.exceptions)
        return f"{operation.label}, {mode.value}\n{found[:1500]}"
    except Unsatisfiable:
        pass  # nothing of this operation can be made bad
    return ""
