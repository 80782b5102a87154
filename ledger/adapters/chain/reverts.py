"""What a contract says when it reverts: its custom errors, by name and with their values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from ledger.adapters.chain.artifact import consortium, registry

UNAUTHORIZED = "AccessControlUnauthorizedAccount"


@dataclass(frozen=True, slots=True)
class Revert:
    """A decoded revert. ``name`` is empty when the contract gave none that we know."""

    name: str
    text: str


def revert_of(data: object, message: str) -> Revert:
    """Decode revert data as nodes hand it on: hex, or a mapping that holds hex under ``data``."""
    if isinstance(data, dict):
        data = data.get("data")
    if not isinstance(data, str) or not data.startswith("0x"):
        return Revert("", message)
    raw = bytes.fromhex(data[2:])
    known = _errors().get(raw[:4])
    if known is None:
        return Revert("", f"{message} ({data})" if raw else message)
    return _decoded(known, raw[4:])


def _decoded(error: dict[str, Any], values: bytes) -> Revert:
    from eth_abi.abi import decode

    inputs = error["inputs"]
    decoded = decode([field["type"] for field in inputs], values)
    shown = (
        f"{field['name']}={'0x' + value.hex() if isinstance(value, bytes) else value}"
        for field, value in zip(inputs, decoded, strict=True)
    )
    return Revert(error["name"], f"{error['name']}({', '.join(shown)})")


@cache
def _errors() -> dict[bytes, dict[str, Any]]:
    """The custom errors of both contracts by selector."""
    from eth_utils.crypto import keccak

    return {
        keccak(text=f"{part['name']}({','.join(field['type'] for field in part['inputs'])})")[:4]: part
        for part in (*registry().abi, *consortium().abi)
        if part["type"] == "error"
    }
