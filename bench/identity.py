"""
EPCs from hexadecimal to checked identities with their canonical text, and the other ways round.

``python -m bench identity``, some seconds. The baseline is the obvious way: bits as text, sliced by a table, as most
public decoders do it. It reads classic tags of numeric keys alone and checks less: neither what follows the EPC, nor
the range of a field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import process_time
from typing import Any

from bench.table import Line, show
from ledger.identity import Identity, canonical, check_digit, parse, read_tag

TAGS = 10_000
TARGET = 60_000
ROUNDS = 7

_GCP = ((40, 12), (37, 11), (34, 10), (30, 9), (27, 8), (24, 7), (20, 6))
_LAYOUTS = {
    # header: identifier, bits and digits of prefix and reference together, leading digit, filler, serial's bits, path
    "00110000": ("01", 44, 13, True, "", 38, "/21/"),
    "00110001": ("00", 58, 17, True, "", 0, ""),
    "00110010": ("414", 41, 12, False, "", 41, "/254/"),
    "00110011": ("8003", 44, 12, False, "0", 38, ""),
}


def obvious(digits: str) -> str:
    """The canonical Digital Link of a classic tag, bit by bit."""
    bits = f"{int(digits, 16):0{len(digits) * 4}b}"
    ai, span, together, leading, filler, serial_bits, between = _LAYOUTS[bits[:8]]
    prefix_bits, n = _GCP[int(bits[11:14], 2)]
    company = str(int(bits[14 : 14 + prefix_bits], 2)).zfill(n)
    reference = str(int(bits[14 + prefix_bits : 14 + span], 2)).zfill(together - n)
    body = reference[0] + company + reference[1:] if leading else company + reference
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    serial = str(int(bits[14 + span : 14 + span + serial_bits], 2)) if serial_bits else ""
    return f"https://id.gs1.org/{ai}/{filler}{body}{-total % 10}{between}{serial}"


def sample() -> list[str]:
    """Classic tags of 96 bits, a quarter of each kind, every one different."""
    made: list[str] = []
    for n in range(1, TAGS // 4 + 1):
        made += (
            tag(f"urn:epc:id:sgtin:95060001343.{n % 100:02d}.{n * 7919}"),
            tag(f"urn:epc:id:sscc:952012.{n:011d}"),
            tag(f"urn:epc:id:sgln:9521141.{n % 100_000:05d}.{n}"),
            tag(f"urn:epc:id:grai:9521141.{n % 100_000:05d}.{n * 31}"),
        )
    return made


def tag(uri: str, scheme: str | None = None) -> str:
    """The EPC of an EPC URI."""
    return parse(uri).epc_hex(scheme, 3, hostname="id.example.com.cn" if scheme and "++" in scheme else None)


def rate(work: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """How many a second: the best of some rounds, which is the one least disturbed."""
    return len(inputs) / min(elapsed(work, inputs) for _ in range(ROUNDS))


def both(first: Callable[[Any], object], second: Callable[[Any], object], inputs: Sequence[Any]) -> tuple[float, float]:
    """The rates of two ways, measured by turns."""
    pairs = [(elapsed(first, inputs), elapsed(second, inputs)) for _ in range(ROUNDS)]
    return len(inputs) / min(one for one, _ in pairs), len(inputs) / min(other for _, other in pairs)


def elapsed(work: Callable[[Any], object], inputs: Iterable[Any]) -> float:
    """Seconds of this process for all of them: other work on the machine does not count."""
    started = process_time()
    for each in inputs:
        work(each)
    return process_time() - started


def measure() -> list[dict[str, Any]]:
    """Every figure; the same tags go both ways, and both must say the same."""
    tags = sample()
    assert [canonical(digits) for digits in tags] == [obvious(digits) for digits in tags]
    theirs, ours = both(obvious, canonical, tags)
    uris = [f"urn:epc:id:sgtin:95060001343.{n % 100:02d}.A{n}" for n in range(TAGS // 4)]
    links = [parse(uri).text for uri in uris]
    known: list[Identity] = [parse(digits) for digits in tags]
    figures = {
        "hexadecimal to identity, 96 bits": ours,
        "  the obvious way": theirs,
        "  as a tag, kept raw besides": rate(read_tag, tags),
        "  SGTIN-198": rate(canonical, [tag(uri, "SGTIN-198") for uri in uris]),
        "  SGTIN+": rate(canonical, [tag(uri, "SGTIN+") for uri in uris]),
        "  SGTIN++": rate(canonical, [tag(uri, "SGTIN++") for uri in uris]),
        "identity to hexadecimal, 96 bits": rate(Identity.epc_hex, known),
        "EPC URI to canonical text": rate(canonical, uris),
        "canonical text to itself": rate(canonical, links),
        "check digits": rate(check_digit, [f"{n:013d}" for n in range(TAGS)]),
    }
    ratio = f">= {TARGET:,}; {ours / theirs:.1f}x the obvious way"
    first, *others = figures.items()
    show("identity", [Line(*first, "/s", ratio, reached=ours >= TARGET), *(Line(*each, "/s") for each in others)])
    return [{"what": name.strip(), "rate": value} for name, value in figures.items()]
