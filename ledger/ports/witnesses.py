"""What others say of this log's checkpoints: cosignatures of witnesses, and how each witness answered last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ledger.errors import LogError


class WitnessSilent(LogError):
    """A witness did not answer, or not in the form that it has."""

    code = "witness.silent"
    retryable = True
    witness: str
    reason: str
    en = "witness {witness} does not answer: {reason}"
    zh = "见证人 {witness} 无应答：{reason}"
    fix_en = "It is asked again by itself; capture and anchoring go on. If it stays silent, call whoever runs it"
    fix_zh = "系统会自动再次请求；采集与上链不受影响。若持续无应答，请联系其运行方"


class WitnessRefuses(LogError):
    """A witness saw this log as it cannot be now: rolled back, forked, or under a key that it does not know."""

    code = "witness.refuses"
    witness: str
    status: int
    why: str
    why_zh: str
    en = "witness {witness} refuses to cosign ({status}): {why}"
    zh = "见证人 {witness} 拒绝会签（{status}）：{why_zh}"
    fix_en = "Unless its settings are wrong, an old backup was restored or the log forked: stop and call the auditor"
    fix_zh = "若非其配置有误，则账本曾由旧备份恢复或已分叉：请停止操作并通知审计方"


class WitnessAnswer(NamedTuple):
    """An HTTP answer to ``add-checkpoint``."""

    status: int
    body: str


class WitnessCaller(Protocol):
    """Asks a witness (C2SP tlog-witness)."""

    def add_checkpoint(self, url: str, body: str) -> WitnessAnswer:
        """POST to its ``add-checkpoint``, within a few seconds. Raises ``WitnessSilent``."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """How a witness, named by its public key, answered last. ``trouble`` is an error's code, empty when it cosigned."""

    witness: str
    at: int
    """Microseconds since the Unix epoch."""
    size: int
    """Of the largest checkpoint that it cosigned here."""
    trouble: str
    why: str
    why_zh: str


class Cosignatures(Protocol):
    """Cosignature lines by checkpoint; the checkpoint store shows them with each."""

    def add(self, size: int, witness: str, time: int, line: str) -> None:
        """Keep a witness's line under a checkpoint; the first one stays. ``time`` is the witness's, in seconds."""
        ...

    def has(self, size: int, witness: str) -> bool:
        """Whether there is one."""
        ...

    def times(self) -> dict[str, int]:
        """When each witness that answered cosigned last, by its own word [seconds since the Unix epoch]."""
        ...

    def mark(self, size: int) -> None:
        """The policy is met at this checkpoint."""
        ...

    def asked(self, said: Asked) -> None:
        """Note how a witness answered, instead of the time before."""
        ...

    def answers(self) -> list[Asked]:
        """How each witness that was ever asked answered last."""
        ...
