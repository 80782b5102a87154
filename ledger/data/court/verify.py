#!/usr/bin/env python3
"""
Verify proof files of a OneCode ledger. One file, Python 3.11 or newer, nothing else, no network. 离线验证证明文件，仅需本文件。

    python3 -I -S verify.py PROOF... --key KEY [--pinned KEPT]... [--consistency FILE] [--policy FILE] [--keys FILE]
                            [--stamp TOKEN [--tsa CERTIFICATE]] [--json]

KEY     the log's public key, name+hash+base64, or a file with it: from another source than the proof.
KEPT    what you kept or had from someone else: a pin file, a checkpoint as a signed note, an anchor receipt as a signed
        note, or an earlier proof file; or what a scanner read from a printed report or passport. A pin file brings its key;
        a checkpoint alone is trusted as you trust its source.
FILE    --consistency joins your checkpoint to a proof's of another size: the body of C2SP tlog-witness add-checkpoint.
        --policy says which witnesses must have cosigned (C2SP tlog-policy): fewer than it asks for do not do.
        --keys says which keys organisations had on record for which sizes, from whom you trust: `ledger consortium keys`.
TOKEN   an RFC 3161 response over the proof's checkpoint, byte for byte. CERTIFICATE: that of the authority itself, a file, or
        its SHA-256. Without it the token is "present, not checked"; its chain and revocation never are: `openssl ts -verify`.

Says one of: holds (exit code 0), tampered (what), rewritten (the chain), forked (the log, rewritten included), not-extended
(forked, or a damaged consistency proof), not-in-force (its key), unwitnessed, stamp-false (all 1), cannot-tell (2): of
several files the worst, 1 before 2. It shows what was recorded and that it has not changed; never whether it is true.

Sources: the tree RFC 9162, 2.1; notes and checkpoints C2SP signed-note and tlog-checkpoint; cosignatures C2SP
tlog-cosignature; Ed25519 RFC 8032, 5.1; canonical JSON RFC 8785; time stamps RFC 3161, RFC 5652, RFC 5816.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import hashlib
import json
import re
import struct
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

PROOF, SEALED, DISCLOSURE, RECEIPT = (
    f"onecode/{name}/1" for name in ("proof", "sealed-proof", "disclosure", "receipt")
)
PROOF_2, SEALED_2 = "onecode/proof/2", "onecode/sealed-proof/2"  # the same, with cosignatures of witnesses
LARGEST = {**dict.fromkeys((PROOF, PROOF_2, SEALED, SEALED_2), 2_000_000), DISCLOSURE: 16_000_000}
FIELDS = {
    PROOF: ("body", "checkpoint", "format", "index", "path", "receipt", "recorded_at", "salt", "tenant"),
    SEALED: ("checkpoint", "format", "index", "leaf", "path", "receipt"),
    DISCLOSURE: ("fields", "format", "proof"),
}
FIELDS |= {
    PROOF_2: tuple(sorted(("cosignatures", *FIELDS[PROOF]))),
    SEALED_2: tuple(sorted(("cosignatures", *FIELDS[SEALED]))),
}
NUMBERS = ("index", "recorded_at")
BEYOND = 2**64
VERDICTS = {
    "holds": (0, "Holds", "成立"),
    "tampered": (1, "Tampered", "已被篡改"),
    "rewritten": (1, "The chain was rewritten", "区块链已被改写"),
    "forked": (1, "The log was forked or rewritten", "账本已分叉或被改写"),
    "not-extended": (1, "Does not extend what you kept", "未延续您留存的检查点"),
    "not-in-force": (1, "Signed by a key that was not in force", "签名密钥不在适用范围"),
    "stamp-false": (1, "The time stamp does not hold", "时间戳不成立"),
    "unwitnessed": (1, "Not witnessed as your policy asks", "未达到您的见证策略"),
    "cannot-tell": (2, "Cannot tell", "无法判定"),
}


class Verdict(Exception):
    """Why a proof does not hold, or that nobody can tell: a verdict, what it is about, and the reason in English and Chinese."""

    def __init__(self, verdict: str, what: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.verdict, self.what, self.en, self.zh = verdict, what, en, zh


def tampered(what: str, en: str, zh: str) -> NoReturn:
    raise Verdict("tampered", what, en, zh)


def unknown(what: str, en: str, zh: str) -> NoReturn:
    raise Verdict("cannot-tell", what, en, zh)


def misshapen(why: str) -> NoReturn:
    tampered("form", f"it is not in the one form that it has: {why}", f"文件不符合唯一的规定格式：{why}")


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


# ---------------------------------------------------------------- Ed25519, RFC 8032, 5.1: verification alone

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple  # (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z


def point_sum(p: Point, q: Point) -> Point:  # 5.1.4
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_times(scalar: int, p: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = point_sum(total, p)
        p, scalar = point_sum(p, p), scalar >> 1
    return total


def point_of(text: bytes) -> Point | None:  # 5.1.3
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (v * x * x - u) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def point_bytes(p: Point) -> bytes:  # 5.1.2
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


@functools.cache
def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:  # 5.1.7, without cofactor as most libraries do
    key, scalar = point_of(public), int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or scalar >= ORDER:
        return False
    asked = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    opposite = (P - key[0], key[1], key[2], P - key[3])
    return point_bytes(point_sum(point_times(scalar, BASE), point_times(asked, opposite))) == signature[:32]


# ---------------------------------------------------------------- the one form of everything


def base64(text: str, what: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        misshapen(f"{what}: base64")
    if b64encode(raw).decode() != text:
        misshapen(f"{what}: base64")
    return raw


def plain(value: Any, depth: int = 0) -> Any:
    """The value with its keys in RFC 8785 order; refuses what has no such form (floats, numbers over 2^53 - 1)."""
    if depth > 32 or isinstance(value, float) or (isinstance(value, int) and abs(value) > 2**53 - 1):
        misshapen("JSON: RFC 8785")
    if isinstance(value, dict):
        return {key: plain(value[key], depth + 1) for key in sorted(value, key=lambda k: k.encode("utf-16-be"))}
    return [plain(one, depth + 1) for one in value] if isinstance(value, list) else value


def canonical(value: Any) -> bytes:
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode()


def read_json(data: bytes, what: str) -> Any:
    """The JSON value whose one RFC 8785 form these bytes are."""
    try:
        value = json.loads(data)
        if canonical(value) == data:
            return value
    except (ValueError, RecursionError):
        pass
    misshapen(f"{what}: RFC 8785")


class Note(NamedTuple):
    """C2SP signed-note: the text, and (name, key hash, signature) of each line."""

    text: str
    lines: list

    @classmethod
    def read(cls, note: str) -> Note:
        text, blank, rest = note.rpartition("\n\n")
        if len(note) > 16_384 or re.search(r"[\x00-\x09\x0b-\x1f]", note) or not (blank and text and rest[-1:] == "\n"):
            misshapen("a note is a text, an empty line, and signature lines")
        return cls(text + "\n", [signature_line(line, 68) for line in rest[:-1].split("\n")])


class Checkpoint(NamedTuple):
    """C2SP tlog-checkpoint: so many entries of the log of this name have this root."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        lines = text.split("\n")
        if len(lines) != 4 or not lines[0] or lines[3] or not re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]):
            misshapen("a checkpoint is three lines: origin, size, root")
        one = cls(lines[0], int(lines[1]), base64(lines[2], "root"))
        if one.size >= BEYOND or len(one.root) != 32:
            misshapen("a checkpoint's size or root")
        return one


class Anchor(NamedTuple):
    """The log's word on the transaction that anchored a checkpoint."""

    checkpoint: Checkpoint
    chain: int
    contract: str
    transaction: str
    block: int
    block_hash: str
    time: int

    @classmethod
    def read(cls, text: str) -> Anchor:
        number = "(0|-?[1-9][0-9]{0,30})"
        shape = rf"{RECEIPT}\n(.*\n.*\n.*\n)chain {number}\ncontract (.*)\ntransaction (.*)\nblock {number} (\S*) {number}\n"
        found = re.fullmatch(shape, text)
        if found is None:
            misshapen("an anchor receipt has eight lines")
        checkpoint, chain, contract, transaction, block, block_hash, time = found.groups()
        return cls(Checkpoint.read(checkpoint), int(chain), contract, transaction, int(block), block_hash, int(time))


def signature_line(line: str, length: int) -> tuple:
    """(name, key hash, signature) of a line whose encoded part has so many bytes."""
    name, _, encoded = line[2:].partition(" ")
    raw = base64(encoded, "signature") if line[:2] == "\u2014 " and name and not re.search(r"[+\s]", name) else b""
    if len(raw) != length:
        misshapen("signature line")
    return name, raw[:4], raw[4:]


def cosignature_lines(text: str) -> list:
    """C2SP tlog-cosignature, Ed25519: (name, key hash, 8-byte time and signature) of each line."""
    if len(text) > 16_384 or text[-1:] != "\n":
        misshapen("cosignatures")
    return [signature_line(line, 76) for line in text[:-1].split("\n")]


class Key(NamedTuple):
    """A note key's public half: of a log (type 1), or of a witness (type 4)."""

    name: str
    hash: bytes
    public: bytes

    def time(self, text: str, lines: list) -> int | None:
        """When this witness cosigned a checkpoint's text [s since 1970]; None when it did not. A false line is tampered."""
        own = [signature for name, hashed, signature in lines if (name, hashed) == (self.name, self.hash)]
        for signature in own:
            time = int.from_bytes(signature[:8], "big")
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            if time < 2**63 and signed_by(self.public, message, signature[8:]):
                return time
        if own:
            en, zh = f"the line of witness {self.name} is not its signature", f"见证人 {self.name} 的会签无效"
            tampered("cosignature", en, zh)
        return None

    @classmethod
    def read(cls, text: str, kind: bytes = b"\x01") -> Key:
        name, _, rest = text.strip().partition("+")
        told, _, encoded = rest.partition("+")
        raw = base64(encoded, "key")
        key = cls(name, sha(name.encode(), b"\n", raw)[:4], raw[1:])
        if not name or re.search(r"\s", name) or len(raw) != 33 or raw[:1] != kind or told != key.hash.hex():
            misshapen("a public key is name+hash+base64, Ed25519")
        return key

    def signed(self, note: Note) -> bool:
        """Whether the note carries this key's signature and no other line."""
        lines = [signature for name, hashed, signature in note.lines if (name, hashed) == (self.name, self.hash)]
        return len(note.lines) == len(lines) == 1 and signed_by(self.public, note.text.encode(), lines[0])


# ---------------------------------------------------------------- the tree, RFC 9162, 2.1


def climb(leaf: bytes, index: int, size: int, path: list, what: str) -> bytes:
    """The root that an inclusion path leads to (2.1.3.2); its length is what index and size call for."""
    if not 0 <= index < size:
        tampered("place", f"place {index} is not within size {size}", f"位置 {index} 不在大小 {size} 之内")
    inner = (index ^ (size - 1)).bit_length()
    if len(path) != inner + (index >> inner).bit_count():
        tampered(what, "the path has another number of hashes than its place calls for", "路径的哈希个数与位置不符")
    node = leaf
    for level, sibling in enumerate(path):
        right = level >= inner or index >> level & 1
        node = sha(b"\1", sibling, node) if right else sha(b"\1", node, sibling)
    return node


def whole(size: int) -> bool:
    """Whether a tree of this size is one complete subtree: then a consistency path does not give its root."""
    return size & (size - 1) == 0


def roots(old: Checkpoint, new: Checkpoint, path: list) -> tuple | None:
    """The roots at the sizes of two checkpoints that a consistency path leads to (2.1.4.2); None: it leads nowhere."""
    nodes = [old.root, *path] if whole(old.size) else list(path)
    if not 0 < old.size < new.size or not nodes or not all(len(one) == 32 for one in path):
        return None
    at, last = old.size - 1, new.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            first, second = sha(b"\1", node, first), sha(b"\1", node, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = sha(b"\1", second, node)
        at, last = at >> 1, last >> 1
    return (first, second) if last == 0 else None


# ---------------------------------------------------------------- time stamps: RFC 3161, CMS RFC 5652, DER X.690


def oid(dotted: str) -> bytes:
    """An object identifier's content; every arc after the second below 2^21."""
    first, second, *arcs = map(int, dotted.split("."))
    return bytes([first * 40 + second]) + b"".join(
        bytes([0x80 | arc >> 14] * (arc >= 1 << 14) + [0x80 | arc >> 7 & 127] * (arc >= 128) + [arc & 127])
        for arc in arcs
    )


SHA2 = {
    oid(f"2.16.840.1.101.3.4.2.{at}"): hashlib.new(name).name
    for at, name in enumerate(("sha256", "sha384", "sha512"), 1)
}
RSA = {oid(f"1.2.840.113549.1.1.{at}"): name for at, name in ((1, ""), (11, "sha256"), (12, "sha384"), (13, "sha512"))}
ECDSA = {oid(f"1.2.840.10045.4.3.{at}"): name for at, name in ((2, "sha256"), (3, "sha384"), (4, "sha512"))}
SIGNED_DATA, TST_INFO = oid("1.2.840.113549.1.7.2"), oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE, MESSAGE_DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
CERTIFICATE, CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.12"), oid("1.2.840.113549.1.9.16.2.47")
PURPOSES, TIME_STAMPING = oid("2.5.29.37"), oid("1.3.6.1.5.5.7.3.8")
EC_KEY, RSA_KEY = oid("1.2.840.10045.2.1"), oid("1.2.840.113549.1.1.1")
CURVES = {  # SEC 2: prime, b, base point, order; a = -3
    oid("1.2.840.10045.3.1.7"): (
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ),
    oid("1.3.132.0.34"): (
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ),
}


class Der(NamedTuple):
    """One DER value: tag, content, and all its bytes."""

    tag: int
    body: bytes
    raw: bytes

    def parts(self, tag: int) -> list:
        """What it is made of, where it has this tag."""
        if self.tag != tag:
            raise ValueError("tag")
        return der(self.body)

    def of(self, tag: int) -> bytes:
        """Its content, where it has this tag."""
        if self.tag != tag:
            raise ValueError("tag")
        return self.body

    def algorithm(self) -> bytes:
        """Of an algorithm without parameters, or with NULL."""
        kind, *more = self.parts(0x30)
        if [one.raw for one in more] not in ([], [b"\5\0"]):
            raise ValueError("parameters")
        return kind.of(6)

    def number(self) -> int:
        """A positive integer."""
        body = self.of(2)
        if not body or body[0] > 127 or (len(body) > 1 and body[0] == 0 and body[1] < 128):
            raise ValueError("integer")
        return int.from_bytes(body, "big")


def der(data: bytes) -> list:
    """The values that these bytes are: tags of one byte, definite lengths in their shortest form."""
    found, at = [], 0
    while at < len(data):
        tag, size, start = data[at], data[at + 1], at + 2
        if size > 127:
            start, count = start + (size & 127), size & 127
            size = int.from_bytes(data[at + 2 : start], "big")
            if not 1 <= count <= 3 or size < max(128, 1 << 8 * (count - 1)):
                raise ValueError("length")
        if tag & 31 == 31 or start + size > len(data):
            raise ValueError("tag or length")
        found.append(Der(tag, data[start : start + size], data[at : start + size]))
        at = start + size
    return found


def curve_sum(p: tuple | None, q: tuple | None, prime: int) -> tuple | None:
    """Of two points of a curve with a = -3, None being the point at infinity."""
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % prime == 0:
        return None
    rise, run = (3 * p[0] * p[0] - 3, 2 * p[1]) if p == q else (q[1] - p[1], q[0] - p[0])
    slope = rise * pow(run, -1, prime) % prime
    x = (slope * slope - p[0] - q[0]) % prime
    return x, (slope * (p[0] - x) - p[1]) % prime


def curve_times(scalar: int, p: tuple | None, prime: int) -> tuple | None:
    total = None
    while scalar:
        if scalar & 1:
            total = curve_sum(total, p, prime)
        p, scalar = curve_sum(p, p, prime), scalar >> 1
    return total


def ecdsa_signed(curve: tuple, point: bytes, digest: bytes, signature: bytes) -> bool:
    """SEC 1, 4.1.4."""
    prime, b, x, y, order = curve
    width = (prime.bit_length() + 7) // 8
    key = int.from_bytes(point[1 : 1 + width], "big"), int.from_bytes(point[1 + width :], "big")
    on_curve = max(key) < prime and (key[1] ** 2 - key[0] ** 3 + 3 * key[0] - b) % prime == 0
    ((r, s),) = [[one.number() for one in whole.parts(0x30)] for whole in der(signature)]
    if len(point) != 1 + 2 * width or point[0] != 4 or not on_curve or not 0 < r < order or not 0 < s < order:
        return False
    asked, inverse = int.from_bytes(digest[:width], "big"), pow(s, -1, order)
    one = curve_times(asked * inverse % order, (x, y), prime)
    found = curve_sum(one, curve_times(r * inverse % order, key, prime), prime)
    return found is not None and found[0] % order == r


def rsa_signed(key: bytes, name: str, digest: bytes, signature: bytes) -> bool:
    """RFC 8017, 8.2.2: RSASSA-PKCS1-v1_5."""
    ((modulus, exponent),) = [[one.number() for one in whole.parts(0x30)] for whole in der(key)]
    width, value = (modulus.bit_length() + 7) // 8, int.from_bytes(signature, "big")
    if not 2048 <= modulus.bit_length() <= 16_384 or not 2 < exponent < 2**33 or len(signature) != width:
        return False
    said = next(one for one, known in SHA2.items() if known == name)
    info = bytes([0x30, 17 + len(digest), 0x30, 13, 6, 9]) + said + bytes([5, 0, 4, len(digest)]) + digest
    padded = b"\0\1" + b"\xff" * (width - len(info) - 3) + b"\0" + info
    return value < modulus and pow(value, exponent, modulus).to_bytes(width, "big") == padded


def digits(time: Der) -> str:
    """The 14 digits of a UTCTime or GeneralizedTime in the form of DER."""
    text = time.body.decode("ascii")
    if time.tag == 0x17:
        text = ("19" if text >= "5" else "20") + text
    elif time.tag != 0x18:
        raise ValueError("time")
    found = re.fullmatch(r"([0-9]{14})(\.[0-9]{0,8}[1-9])?Z", text)
    if found is None:
        raise ValueError("time")
    dt.datetime.strptime(found[1] + "+0000", "%Y%m%d%H%M%S%z")
    return found[1]


class Stamp:
    """A time stamp over a message, and what the reader pinned of who may have made it."""

    def __init__(self, token: bytes, pins: str | bytes | None) -> None:
        """``pins``: None, the SHA-256 of the authority's certificate, or that certificate (DER, or PEM with one)."""
        self.token, self.pin, self.held = token, None, []
        if isinstance(pins, str):
            if not re.fullmatch("[0-9a-fA-F]{64}", pins):
                misshapen("tsa: 64 hexadecimal digits, or a file with a certificate")
            self.pin = bytes.fromhex(pins)
        elif pins is not None:
            block = re.findall(b"-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----", pins)
            if len(block) > 1:
                misshapen("tsa: the authority's own certificate alone, not the chain")
            certificate = b64decode(b"".join(block[0].split()), validate=True) if block else pins
            ((self.pin, self.held),) = [(sha(one.raw), [one]) for one in der(certificate)]

    def judged(self, message: bytes) -> tuple:
        """(time or None, what can be said of it in English and Chinese) of a stamp that is not false."""
        try:
            return self._judged(message)
        except (ValueError, IndexError, KeyError, TypeError, OverflowError):
            self._false(
                "it is no RFC 3161 response in DER of a form that is known here", "不是已知形式的 RFC 3161 响应（DER）"
            )

    def _judged(self, message: bytes) -> tuple:
        if len(self.token) > 65_536:
            raise ValueError("length")
        ((status, content),) = [one.parts(0x30) for one in der(self.token)]
        if status.parts(0x30)[0].number():
            self._false("the authority did not grant it", "签发机构未予签发")
        kind, wrapped = content.parts(0x30)
        (signed,) = wrapped.parts(0xA0)
        form, digests, encapsulated, *rest = signed.parts(0x30)
        inner, explicit = encapsulated.parts(0x30)
        (octets,) = explicit.parts(0xA0)
        if (kind.of(6), inner.of(6)) != (SIGNED_DATA, TST_INFO):
            raise ValueError("kind")
        info = octets.of(4)
        ((version, _, imprint, _, time, *_),) = [one.parts(0x30) for one in der(info)]
        algorithm, hashed = imprint.parts(0x30)
        known = [field.tag for field in rest] in ([0xA0, 0x31], [0x31])  # certificates, signers; no revocation lists
        if (form.number(), version.number(), time.tag) != (3, 1, 0x18) or not known:
            raise ValueError("version")
        if hashlib.new(SHA2[algorithm.algorithm()], message).digest() != hashed.of(4):
            self._false("it is of other bytes than the proof's checkpoint", "其内容不是该证明的检查点")
        found = digits(time)
        said = f"{found[:4]}-{found[4:6]}-{found[6:8]} {found[8:10]}:{found[10:12]}:{found[12:]} UTC"
        within = der(rest[0].body) if rest[0].tag == 0xA0 else []
        if self.pin is None:
            return None, *self._unchecked(said, within)
        held = [one for one in within or self.held if sha(one.raw) == self.pin]
        if not held:
            en, zh = "no certificate in it is the one you pinned", "其中没有您指定的证书"
            self._false(en, zh) if within else unknown(
                "stamp", f"{en}: give the certificate itself", f"{zh}：请提供证书文件"
            )
        (signer,) = [one.parts(0x30) for one in der(rest[-1].body)]
        if signer[2].raw not in [one.raw for one in digests.parts(0x31)] or signer[0].number() != 1:
            raise ValueError("signer")
        self._signed(signer, held[0], info, found)
        known = self.pin.hex()
        en = f"Its checkpoint was there at {said}, by the time stamp of the certificate that you pinned (SHA-256 {known})"
        en += (
            ": imprint, signature, that certificate's purpose and dates were checked; its chain and revocation were not"
        )
        zh = (
            f"据您指定证书（SHA-256 {known}）的时间戳，其检查点在 {said} 已存在：已核对摘要、签名、该证书的用途与有效期"
        )
        return said, en, zh + "；未核对证书链与吊销状态"

    def _signed(self, signer: list, certificate: Der, info: bytes, time: str) -> None:
        """Raise unless this signer is of this certificate, which may stamp at this time, and signed the info."""
        _, sid, digest, attributes, algorithm, signature, *_ = signer
        serial, issuer, dates, public = self._facts(certificate)
        if [one.raw for one in sid.parts(0x30)] != [issuer.raw, serial.raw]:
            self._false("it is not signed by the certificate that you pinned", "并非由您指定的证书签名")
        if not dates[0] <= time <= dates[1]:
            self._false("the certificate was not valid at that time", "该证书在当时不在有效期内")
        said: dict = {}
        for one in attributes.parts(0xA0):
            name, values = one.parts(0x30)
            (said[name.of(6)],) = values.parts(0x31)
        if len(said) != len(der(attributes.body)) or said[CONTENT_TYPE].of(6) != TST_INFO:
            raise ValueError("attributes")
        first = (
            said[CERTIFICATE_V2 if CERTIFICATE_V2 in said else CERTIFICATE].parts(0x30)[0].parts(0x30)[0].parts(0x30)
        )
        name = "sha256" if CERTIFICATE_V2 in said else "sha1"
        if first[0].tag == 0x30:
            name = SHA2[first.pop(0).algorithm()]
        hash_name = SHA2[digest.algorithm()]
        whole = b"\x31" + attributes.raw[1:]
        if (
            hashlib.new(name, certificate.raw).digest() != first[0].of(4)
            or hashlib.new(hash_name, info).digest() != said[MESSAGE_DIGEST].of(4)
            or not self._by(public, algorithm.algorithm(), hash_name, whole, signature.of(4))
        ):
            self._false("its signature does not hold", "其签名无效")

    def _facts(self, certificate: Der) -> tuple:
        """(serial number, issuer, first and last date, public key) of a certificate that is for time stamping."""
        fields = certificate.parts(0x30)[0].parts(0x30)
        if fields[0].tag == 0xA0:
            del fields[0]
        serial, _, issuer, dates, _, public, *more = fields
        extensions = [der(one.body)[0].parts(0x30) for one in more if one.tag == 0xA3]
        purposes = [one.parts(0x30) for one in (extensions[0] if extensions else [])]
        purposes = [one for one in purposes if one[0].of(6) == PURPOSES and len(one) == 3 and one[1].body == b"\xff"]
        if not purposes or TIME_STAMPING not in [one.of(6) for one in der(purposes[0][2].of(4))[0].parts(0x30)]:
            self._false("the certificate that you pinned is not for time stamping", "您指定的证书不用于时间戳")
        return serial, issuer, [digits(one) for one in dates.parts(0x30)], public

    def _by(self, public: Der, algorithm: bytes, name: str, message: bytes, signature: bytes) -> bool:
        kind, bits = public.parts(0x30)
        kind, *parameters = kind.parts(0x30)
        key = bits.of(3)
        if (ECDSA.get(algorithm) or RSA.get(algorithm) or name) != name:
            raise ValueError("digest")
        digest = hashlib.new(name, message).digest()
        if kind.of(6) == EC_KEY and algorithm in ECDSA and parameters[0].of(6) in CURVES:
            return key[:1] == b"\0" and ecdsa_signed(CURVES[parameters[0].body], key[1:], digest, signature)
        if kind.of(6) == RSA_KEY and algorithm in RSA:
            return key[:1] == b"\0" and rsa_signed(key[1:], name, digest, signature)
        en, zh = "the time stamp is signed in a way that this file does not know", "时间戳的签名算法不受支持"
        unknown("stamp", f"{en}: {OPENSSL}", f"{zh}：{OPENSSL}")

    def _unchecked(self, said: str, within: list) -> tuple:
        known = ", ".join(sha(one.raw).hex() for one in within) or "-"
        en = f"A time stamp of its checkpoint is PRESENT, NOT CHECKED: it says {said}. Give --tsa, the authority's certificate or"
        en += f" its SHA-256 from the authority itself (those in the token: {known}), or {OPENSSL}"
        zh = f"附有其检查点的时间戳，但未核对：所称时间 {said}。请用 --tsa 给出签发机构的证书或其 SHA-256（须来自该机构；"
        return en, f"{zh}令牌内的证书：{known}），或 {OPENSSL}"

    def _false(self, en: str, zh: str) -> NoReturn:
        raise Verdict(
            "stamp-false", "stamp", f"the proof holds, its time stamp does not: {en}", f"证明成立，但时间戳不成立：{zh}"
        )


OPENSSL = 'openssl ts -verify -in TOKEN -data NOTE -CAfile ROOT.pem (NOTE: the proof\'s "checkpoint")'


# ---------------------------------------------------------------- what the reader trusts


class Policy:
    """C2SP tlog-policy: logs, witnesses, groups of them, and the group or witness that must have cosigned."""

    def __init__(self, text: str) -> None:
        self.logs: list = []
        self.witnesses: dict = {}
        self.groups: dict = {}
        self.members: set = set()
        self.quorum: str | None = None
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
            misshapen("policy: control characters")
        for row, line in enumerate(text.split("\n"), 1):
            words = [word for word in re.split("[ \t]+", line) if word]
            if words and words[0][0] != "#" and not self.take(words[0], words[1:]):
                misshapen(f"policy: line {row}")
        for keys in (self.logs, [*self.witnesses.values()]):
            if len({key.public for key in keys}) < len(keys):
                misshapen("policy: a key stands in it twice")
        if self.quorum is None:
            misshapen("policy: no quorum line")

    def take(self, kind: str, words: list) -> bool:
        """Whether it is a line of a policy, which is kept."""
        name, count = words[0] if words else "", len(words)
        known = {"none", *self.witnesses, *self.groups}
        if kind == "log" and count in (1, 2):
            self.logs.append(Key.read(name))
        elif kind == "witness" and count in (2, 3) and name not in known:
            self.witnesses[name] = Key.read(words[1], b"\x04")
        elif kind == "group" and count >= 3 and name not in known:
            names = words[2:]
            least = {"any": "1", "all": str(len(names))}.get(words[1], words[1])
            free = known - {"none"} - self.members
            if not re.fullmatch("[1-9][0-9]{0,3}", least) or int(least) > len({*names} & free) or {*names} - free:
                return False
            if len({*names}) < len(names):
                return False
            self.members |= {*names}
            self.groups[name] = (int(least), names)
        elif kind == "quorum" and count == 1 and self.quorum is None and name in known:
            self.quorum = name
        else:
            return False
        return True

    def met(self, name: str, signed: dict) -> bool:
        """Whether a witness cosigned, or enough members of a group."""
        if name not in self.groups:
            return name == "none" or name in signed
        least, members = self.groups[name]
        return sum(self.met(one, signed) for one in members) >= least

    def require(self, text: str, cosignatures: str, history: KeyHistory | None = None) -> str:
        """Who cosigned a checkpoint's text and when, in words; raises unless that is enough."""
        lines = cosignature_lines(cosignatures) if cosignatures else []
        times = {name: key.time(text, lines) for name, key in self.witnesses.items()}
        size = Checkpoint.read(text).size
        signed = {
            name: time
            for name, time in times.items()
            if time is not None and (history is None or history.vouches(self.witnesses[name].public, size))
        }
        names = ", ".join(f"{name} {moment(time)}" for name, time in signed.items()) or "-"
        counted = f"{len(signed)} / {len(self.witnesses)} ({names})"
        if not self.met(str(self.quorum), signed):
            raise Verdict(
                "unwitnessed",
                "policy",
                f"witnesses that cosigned its checkpoint: {counted}, fewer than your policy asks for",
                f"会签该检查点的见证人：{counted}，少于策略要求",
            )
        return counted


def moment(time: int) -> str:
    """Seconds since 1970 as date and time, UTC."""
    days, rest = divmod(time, 86_400)
    try:
        day = (dt.date(1970, 1, 1) + dt.timedelta(days)).isoformat()
    except OverflowError:
        return f"+{time} s"
    return f"{day} {rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02} UTC"


class KeyHistory:
    """onecode/keys/1: which keys organisations have on record, for which sizes, as of a block. `ledger consortium keys`."""

    def __init__(self, text: str) -> None:
        number = "(0|[1-9][0-9]{0,19})"
        head = rf"onecode/keys/1\nchain {number}\ncontract (0x[0-9a-fA-F]{{40}})\nblock {number}\n"
        line = rf"key [0-9a-f]{{64}} ([0-9a-f]{{64}}) {number} (-|{number})( lost)?\n"
        found = re.fullmatch(rf"{head}((?:{line})*)", text) if len(text) <= 1_000_000 else None
        if found is None:
            misshapen("keys")
        self.where = f"{found[1]}, {found[2]}, {found[3]}"
        rows = [one.groups() for one in re.finditer(line, found[4])]
        self.keys = {
            bytes.fromhex(key): (int(start), BEYOND if stop == "-" else int(stop), bool(lost))
            for key, start, stop, _, lost in rows
        }
        if len(self.keys) < len(rows):
            misshapen("keys: a key stands in it twice")

    def vouches(self, key: bytes, size: int) -> bool:
        """Whether a witness's key counts for a size: in force and not lost, or not on record."""
        start, stop, lost = self.keys.get(key, (0, BEYOND, False))
        return start <= size < stop and not lost

    def require(self, key: bytes, size: int, kept: bool) -> tuple:
        """The sizes the log's key is in force for, in words; raises unless ``size`` is one, and it was not lost."""
        if key not in self.keys:
            unknown("key", "the key history does not have this log's key", "密钥历史中没有该账本公钥")
        start, stop, lost = self.keys[key]
        until = "" if stop == BEYOND else str(stop - 1)
        en = f"By the key history (chain, contract, block: {self.where}) its key is in force for sizes {start}-{until}"
        zh = f"据密钥历史（链、合约、区块：{self.where}），其密钥适用于大小 {start}-{until}"
        if not start <= size < stop:
            raise Verdict("not-in-force", "key", f"{en}, not for {size}", f"{zh}，不适用于 {size}")
        if lost and not kept:
            en, zh = (
                f"{en}, and was reported lost: give a checkpoint that you kept",
                f"{zh}，且已报失：请提供您留存的检查点",
            )
            unknown("key", f"{en} and that covers the entry", f"{zh}（须覆盖该条目）")
        if lost:
            en, zh = (
                f"{en}; it was reported lost, the checkpoint you kept vouches",
                f"{zh}；已报失，以您留存的检查点为据",
            )
        return en, zh


class Trust:
    """A key, checkpoints and anchor receipts that the reader has from elsewhere, and a file that joins two sizes."""

    def __init__(
        self,
        key: Key | None,
        kept: list,
        joining: str | None,
        policy: Policy | None = None,
        *,
        history: KeyHistory | None = None,
        stamp: Stamp | None = None,
    ) -> None:
        self.policy, self.history, self.stamp = policy, history, stamp
        if policy and policy.logs and key and key not in policy.logs:
            misshapen("policy: it does not list this log's key")
        self.key = key or (policy.logs[0] if policy and len(policy.logs) == 1 else None)
        self.checkpoints: list = []
        self.anchors: list = []
        said = [one for data in kept for one in self._notes(data)]
        notes = [Note.read(self._own(one)) for one in said]
        for note in notes:
            if self.key and not self.key.signed(note):
                misshapen("kept: signature")
            if note.text.startswith(RECEIPT):
                anchor = Anchor.read(note.text)
                self.anchors.append(anchor)
                self.checkpoints.append(anchor.checkpoint)
            else:
                self.checkpoints.append(Checkpoint.read(note.text))
            if self.key and self.checkpoints[-1].origin != self.key.name:
                misshapen("kept: of another log")
        self.joining = joining

    def _notes(self, data: bytes) -> list:
        if data[:1] == b"{":
            said = json.loads(data)
            said = said.get("proof", said)
            return [one for one in (said["checkpoint"], said["receipt"]) if one]
        text = data.decode().removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n") + "\n"  # as scanners hand it on
        first, _, rest = text.partition("\n\n")
        if "\n" in first:
            return [text]
        self.key = self.key or Key.read(first)
        return [rest]

    def _own(self, note: str) -> str:
        """The note with the log's own line alone: witnesses may have added theirs."""
        if self.key is None:
            return note
        text, blank, lines = note.rpartition("\n\n")
        mark = f"\u2014 {self.key.name} "
        return text + blank + "".join(line for line in lines.splitlines(keepends=True) if line.startswith(mark))

    def _joined(self) -> tuple:
        """The smaller size, the path, and the larger checkpoint of the file that joins two; (0, [], None) without."""
        if self.joining is None:
            return 0, [], None
        head, _, note = self.joining.partition("\n\n")
        old, *path = head.split("\n")
        hashes = [base64(one, "consistency") for one in path]
        if not re.fullmatch("old (0|[1-9][0-9]{0,19})", old) or len(path) > 63 or any(len(one) != 32 for one in hashes):
            misshapen("consistency")
        signed = Note.read(self._own(note))
        if self.key and not self.key.signed(signed):
            en, zh = "the consistency proof's checkpoint is not signed by the log's key", "一致性证明的检查点签名无效"
            tampered("consistency", en, zh)
        return int(old[4:]), hashes, Checkpoint.read(signed.text)

    def agree(self, checkpoint: Checkpoint, anchor: Anchor | None) -> int:
        """Raise unless what was kept agrees with a checkpoint that holds by itself; the size up to which it vouches."""
        rewritten = [why for kept in self.anchors if anchor for why in contradictions(kept, anchor)]
        if rewritten:
            raise Verdict("rewritten", "anchor", *rewritten[0])
        if any(kept.origin != checkpoint.origin for kept in self.checkpoints):
            unknown("origin", "your checkpoint is of another log", "您的检查点属于另一账本")
        for kept in self.checkpoints:
            if kept.size == checkpoint.size and kept != checkpoint:
                self._forked(kept.size, "the proof's checkpoint", "证明中的检查点")
        others = [kept for kept in self.checkpoints if kept.size != checkpoint.size]
        same = checkpoint.size if len(others) < len(self.checkpoints) else 0
        if others and (not same or self.joining is not None):
            return max(same, self._join(checkpoint, others))
        return same

    def _forked(self, size: int, en: str, zh: str) -> NoReturn:
        en, zh = (
            f"at size {size} {en} has another root than the one you kept",
            f"在大小 {size} 处，{zh}与您留存的检查点根不同",
        )
        if self.key is None:
            tampered("checkpoint", en, zh)
        raise Verdict("forked", "checkpoint", en + "; the log signed both", zh + "；两者均由该账本签署")

    def _join(self, checkpoint: Checkpoint, others: list) -> int:
        """The size of the kept checkpoint that the joining file joins to this one; raises unless it does."""
        if any(kept.size == 0 for kept in others):
            unknown("size", "your checkpoint is of an empty log", "您的检查点属于空账本，不能说明任何条目")
        old, path, new = self._joined()
        sizes = {old, new.size} if new else set()
        kept = next((one for one in others if {one.size, checkpoint.size} == sizes), others[0])
        small, large = sorted((checkpoint, kept), key=lambda one: one.size)
        if new is None:
            unknown(
                "size",
                f"the proof ends in size {checkpoint.size}, your checkpoint is of size {kept.size}: ask for a proof at your "
                "size, or for a consistency proof between the two",
                f"证明截至大小 {checkpoint.size}，您的检查点大小为 {kept.size}：请索取同一大小的证明，或两者之间的一致性证明",
            )
        if (old, new.size) != (small.size, large.size):
            unknown("consistency", "the consistency proof joins other sizes", "一致性证明所连接的大小不符")
        if new != large:
            self._forked(large.size, "one of two checkpoints", "两个检查点之一")
        found = roots(small, large, path)
        if found is not None and found[1] == large.root:
            if found[0] != small.root:  # it leads to the signed root, so that its beginning is the log's own
                self._forked(small.size, "the beginning of the larger log", "较大账本的开头部分")
            return int(kept.size)
        en = f"the consistency proof does not lead to the signed root of size {large.size}"
        zh = f"一致性证明不能得出大小 {large.size} 处已签署的根"
        if found is None or not whole(small.size) or self.key is None:
            tampered("consistency", en + ": have it sent again", zh + "：请重新索取")
        en = f"{en}: the log at that size is no continuation of size {small.size}, or the file was changed"
        zh = f"{zh}：该大小的账本并非大小 {small.size} 的延续，或该文件被改动"
        raise Verdict("not-extended", "consistency", en, zh)


def contradictions(kept: Anchor, shown: Anchor) -> Any:
    """How two receipts of one log cannot both be of one chain that only grows, whose contract holds one root a size."""
    same = (kept.chain, kept.contract.lower()) == (shown.chain, shown.contract.lower())
    if kept.checkpoint.size == shown.checkpoint.size and kept != shown:
        size = kept.checkpoint.size
        yield (
            f"size {size} is anchored otherwise than in the receipt you kept",
            f"大小 {size} 的上链信息与您留存的回执不同",
        )
    if same and kept.block == shown.block and (kept.block_hash, kept.time) != (shown.block_hash, shown.time):
        yield (
            f"block {kept.block} has another hash or time than in the receipt you kept",
            f"区块 {kept.block} 的哈希或时间与您留存的回执不同",
        )
    first, second = sorted((kept, shown), key=lambda one: one.checkpoint.size)
    if same and (first.block > second.block or first.time > second.time):
        yield "a smaller checkpoint is anchored later than a larger one", "较小的检查点晚于较大的检查点上链"


# ---------------------------------------------------------------- proofs


def hashes(texts: Any, most: int) -> list:
    if (
        not isinstance(texts, list)
        or len(texts) > most
        or not all(re.fullmatch("[0-9a-f]{64}", str(one)) for one in texts)
    ):
        misshapen("path")
    return [bytes.fromhex(one) for one in texts]


def fields_of(said: Any) -> dict:
    """A proof's fields: exactly those of its format, each of its type."""
    kind = said.get("format") if isinstance(said, dict) else None
    if kind not in FIELDS or tuple(sorted(said)) != FIELDS[kind]:
        misshapen("fields")
    for name, value in said.items():
        wanted = int if name in NUMBERS else list if name in ("path", "fields") else dict if name == "proof" else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            misshapen(name)
        if name in NUMBERS and not 0 <= value < BEYOND:
            tampered("place", f"{name} is out of range", f"{name} 超出范围")
    return said


def leaf_of(said: dict) -> bytes:
    """The leaf: of a sealed proof as it is, of a whole one hashed from the record's bytes."""
    if said["format"] in (SEALED, SEALED_2):
        return hashes([said["leaf"]], 1)[0]
    body, salt = base64(said["body"], "body"), hashes([said["salt"]], 1)[0]
    read_json(body, "body")
    tenant = sha(b"onecode/tenant/1\n", said["tenant"].encode())
    fixed = struct.pack(">Q32sQ32s", said["index"], tenant, said["recorded_at"], sha(salt, body))
    return sha(b"\0onecode/entry/1\n", fixed)


def verify_proof(said: dict, trust: Trust) -> tuple:
    """(index, checkpoint, anchor, what else can be said, as sentences and as data) of a whole or sealed proof that holds."""
    key, leaf, path = trust.key, leaf_of(said), hashes(said["path"], 64)
    note = Note.read(said["checkpoint"])
    if "cosignatures" in said:
        cosignature_lines(said["cosignatures"])
    checkpoint = Checkpoint.read(note.text)
    genuine = key is not None and key.signed(note) and checkpoint.origin == key.name
    if climb(leaf, said["index"], checkpoint.size, path, "path") != checkpoint.root:
        if key is None or genuine:
            en, zh = (
                "the record, its salt, place, time, tenant or path was changed",
                "记录、盐、位置、时间、租户或路径被改动",
            )
            tampered("record", f"it does not lead to the checkpoint's root: {en}", f"不能得出检查点的根：{zh}")
        tampered(
            "checkpoint", "the checkpoint was changed: root and signature do not fit", "检查点被改动：根与签名均不符"
        )
    if key is not None and not genuine:
        tampered("signature", "the checkpoint is not signed by the log's key", "检查点没有该账本密钥的有效签名")
    receipt = Note.read(said["receipt"]) if said["receipt"] else None
    anchor = Anchor.read(receipt.text) if receipt else None
    if anchor and anchor.checkpoint != checkpoint:
        tampered("receipt", "the anchor receipt is of another checkpoint", "上链回执属于另一检查点")
    if key is None and not trust.checkpoints:
        unknown("trust", "give the log's public key or a checkpoint that you kept", "请提供账本公钥或您留存的检查点")
    if key is not None and receipt and not key.signed(receipt):
        tampered("receipt", "the anchor receipt is not signed by the log's key", "上链回执没有该账本密钥的有效签名")
    kept = trust.agree(checkpoint, anchor if key else None)
    more, found = further(said, note, checkpoint.size, trust, said["index"] < kept)
    return said["index"], checkpoint, anchor if key else None, more, found


def further(said: dict, note: Note, size: int, trust: Trust, kept: bool) -> tuple:
    """What else can be said of a proof that holds, as sentences and as data: keys in force, witnesses, a time stamp."""
    more: list = []
    if trust.history and trust.key:
        more.append(trust.history.require(trust.key.public, size, kept))
    if trust.policy:
        cosigned = trust.policy.require(note.text, said.get("cosignatures", ""), trust.history)
        en, zh = f"Witnesses that cosigned: {cosigned}, as your policy asks", f"会签的见证人：{cosigned}，符合策略"
        more.append((en, zh))
    elif "cosignatures" in said:
        more.append(("Its cosignatures were not looked at: give --policy", "未核对会签：请提供 --policy"))
    time, *words = trust.stamp.judged(said["checkpoint"].encode()) if trust.stamp else (None,)
    return [*more, words] if words else more, {"stamped": time} if time else {}


def shown_fields(said: dict) -> dict:
    """The fields of a disclosure, each of which leads to the root that the record states."""
    record = json.loads(base64(said["proof"]["body"], "body"))["record"]
    if not isinstance(record, dict) or record.get("kind") != "field_commitment":
        tampered("fields", "the record is no commitment to fields", "该记录不是字段承诺")
    size, root, found, last = record.get("size"), hashes([record.get("root")], 1)[0], {}, -1
    for one in said["fields"]:
        if not isinstance(one, dict) or tuple(sorted(one)) != ("index", "path", "salt", "to_root", "value"):
            misshapen("fields")
        if type(one["index"]) is not int or type(size) is not int or one["index"] <= last:
            tampered("fields", "the fields are not in the order of their places", "字段未按位置排列")
        last = one["index"]
        hashes([one["salt"]], 1)
        if not isinstance(one["path"], str) or isinstance(one["value"], (dict, list)) or one["path"] in found:
            misshapen("fields")
        committed = {"format": "onecode/field/1", "path": one["path"], "salt": one["salt"], "value": one["value"]}
        if climb(sha(b"\0", canonical(committed)), last, size, hashes(one["to_root"], 64), "fields") != root:
            tampered("fields", f"{one['path']} does not stand in the document", f"文档中没有 {one['path']}")
        found[one["path"]] = one["value"]
    if not found:
        tampered("fields", "no field is shown", "未出示任何字段")
    return found


def examined(data: bytes, trust: Trust) -> tuple:
    """(fields of the file, what ``verify_proof`` gives, fields shown) of a file that holds."""
    if not 0 < len(data) <= max(LARGEST.values()) or data[-1:] != b"\n":
        misshapen("length")
    said = fields_of(read_json(data[:-1], "file"))
    if len(data) > LARGEST[said["format"]]:
        misshapen("length")
    if said["format"] != DISCLOSURE:
        return said, verify_proof(said, trust), {}
    inner = fields_of(said["proof"])
    if inner["format"] not in (PROOF, PROOF_2):
        misshapen("proof")
    try:
        found = verify_proof(inner, trust)
    except Verdict as why:
        if why.verdict == "cannot-tell":
            shown_fields(said)  # what nobody vouches for may still be wrong in itself
        raise
    return said, found, {"fields": shown_fields(said)}


def judge(data: bytes, trust: Trust) -> dict:
    """The verdict on one file."""
    try:
        said, (index, checkpoint, anchor, more, data_of), found = examined(data, trust)
    except Verdict as why:
        return {"verdict": why.verdict, "what": why.what, "en": why.en, "zh": why.zh}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        en, zh = "it is not a proof of a known form", "不是已知格式的证明"
        return {"verdict": "tampered", "what": "form", "en": en, "zh": zh}
    en = f"entry {index} is recorded in the log {checkpoint.origin} at size {checkpoint.size} and has not changed since"
    zh = f"第 {index} 号条目已记录于账本 {checkpoint.origin}（大小 {checkpoint.size}），此后未被改动"
    if said["format"] in (SEALED, SEALED_2):
        en, zh = en + "; what it says is not shown", zh + "；记录内容未出示"
    if trust.key is None:
        en, zh = en + ". By your checkpoint alone: no signature was checked", zh + "。仅依据您的检查点，未核对签名"
    elif anchor:
        where = f"{anchor.chain}, {anchor.contract}, {anchor.block}, {anchor.block_hash}"
        en, zh = (
            en + f". By the log's word anchored at (chain, contract, block): {where}",
            zh + f"。据账本所述已上链：{where}",
        )
    else:
        en, zh = en + ". It shows no anchor on a chain", zh + "。未出示上链信息"
    for one in more:
        en, zh = f"{en}. {one[0]}", f"{zh}。{one[1]}"
    return {
        "verdict": "holds",
        "what": "",
        "en": en,
        "zh": zh,
        "entry": index,
        "size": checkpoint.size,
        **data_of,
        **found,
    }


def legible(text: str) -> str:
    """The text without what a file could move a terminal's cursor or turn its writing round with."""
    return re.sub("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", "?", text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("proof", nargs="+")
    parser.add_argument("--key")
    parser.add_argument("--pinned", action="append", default=[])
    parser.add_argument("--consistency")
    parser.add_argument("--policy")
    parser.add_argument("--keys")
    parser.add_argument("--stamp")
    parser.add_argument("--tsa")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each file")
    options = parser.parse_args()
    try:
        key = options.key
        if key and Path(key).is_file():
            key = Path(key).read_text(encoding="utf-8")
        joining = Path(options.consistency).read_text(encoding="utf-8") if options.consistency else None
        kept = [Path(one).read_bytes() for one in options.pinned]
        policy = Policy(Path(options.policy).read_text(encoding="utf-8")) if options.policy else None
        history = KeyHistory(Path(options.keys).read_text(encoding="utf-8")) if options.keys else None
        tsa = Path(options.tsa).read_bytes() if options.tsa and Path(options.tsa).is_file() else options.tsa
        stamp = Stamp(Path(options.stamp).read_bytes(), tsa) if options.stamp else None
        trust: Trust | str = Trust(Key.read(key) if key else None, kept, joining, policy, history=history, stamp=stamp)
    except (Verdict, IndexError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        trust = str(error)
    codes = []
    for name in options.proof:
        if isinstance(trust, str):
            said = {"verdict": "cannot-tell", "what": "trust", "en": f"what you trust cannot be used: {trust}"}
            said["zh"] = f"您所信任的内容无法使用：{trust}"
        else:
            try:
                said = judge(Path(name).read_bytes(), trust)
            except OSError as error:
                said = {"verdict": "cannot-tell", "what": "file", "en": str(error), "zh": str(error)}
        code, en, zh = VERDICTS[said["verdict"]]
        codes.append(code)
        if options.json:
            print(json.dumps({"file": name, "code": code, **said}))
        else:
            print(legible(name), legible(f"  {en}: {said['en']}."), legible(f"  {zh}：{said['zh']}。"), sep="\n")
            for path, value in said.get("fields", {}).items():
                print(legible(f"    {path}  {value}"))
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
