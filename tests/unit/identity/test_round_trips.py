"""Whatever can be named can be written in each form and read back as itself."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import IdentityError
from ledger.identity import KEYS, canonical, check_digit, made, parse, read_tag
from ledger.identity.epc.errors import TooLargeForScheme
from ledger.identity.epc.schemes import CLASSIC, SCHEMES
from ledger.identity.errors import LeadingZero
from ledger.identity.forms import forms, understood

ALPHABET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
assert len(ALPHABET_82) == 82


ALPHABETS = {"82": ALPHABET_82, "39": "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "10": "0123456789"}
NUMBERS = st.integers(0, 2**41).map(str)
"""Serials as most are; they fill and overfill the fields of 96 bits."""
TEXTS = ("0123456789", "0123456789ABCDEF", "0123456789abcdef", "ABCXYZabcxyz0189-_", "ABCXYZ0189.:-", ALPHABET_82)
"""What the ways of packing text can hold."""


def serials(key):
    if key.serial_alphabet == "10":
        return st.integers(0, 10**12 - 1).map(str)
    texts = st.sampled_from(TEXTS).flatmap(lambda a: st.text(a, min_size=1, max_size=key.serial_longest))
    return texts | NUMBERS.map(lambda number: number[: key.serial_longest])


@st.composite
def identities(draw, keys=KEYS):
    key = draw(st.sampled_from(keys))
    length = draw(st.integers(6, 12))
    wants = key.serial == "needed" or (key.serial == "optional" and draw(st.booleans()))
    serial = draw(serials(key)) if wants else ""
    if not key.digits:
        prefix = draw(st.text("0123456789", min_size=length, max_size=length))
        letters = ALPHABETS[key.code_alphabet]
        rest = draw(st.text(letters, min_size=1, max_size=30 - length) | st.integers(0, 2**46).map(str))
        return made(key, prefix + rest, serial), length
    size = key.digits - len(key.filler) - 1 - key.pieces
    body = draw(st.text("0123456789", min_size=size, max_size=size))
    pieces = sorted(draw(st.tuples(st.integers(1, 99), st.integers(1, 99)))) if key.pieces else ()
    tail = "".join(f"{piece:02d}" for piece in pieces)
    return made(key, key.filler + body + check_digit(body) + tail, serial), length


HOSTS = st.sampled_from(
    ["id.example.com", "ID.EXAMPLE.COM.CN", "a.b", "qr.company.tech", "x1-y.org.cn:8443", "EXAMPLE"]
)


@st.composite
def tags(draw):
    """An identity, a scheme of its key, and what that scheme needs besides."""
    scheme = draw(st.sampled_from(SCHEMES))
    identity, length = draw(identities((scheme.key,)))
    dated = made(identity.key, identity.code, identity.serial, attributes=(("17", "220630"),))
    return scheme, dated, length, draw(st.integers(0, 7)), draw(HOSTS)


@given(tags())
def test_every_scheme_reads_back_what_it_wrote(parts):
    """Bits to identity, filter, prefix length and host name; what does not fit is refused, never bent."""
    scheme, identity, length, filter_value, hostname = parts
    try:
        digits = identity.epc_hex(scheme.name, filter_value, gcp_length=length, hostname=hostname)
    except (TooLargeForScheme, LeadingZero):
        assert scheme in CLASSIC
        return
    tag = read_tag(digits)
    assert tag.refusal is None
    assert (tag.identity, tag.scheme, tag.filter) == (identity, scheme.name, filter_value)
    assert tag.hostname == (hostname if scheme.name.endswith("++") else "")
    assert tag.identity.gcp_length == (length if scheme in CLASSIC else None)
    assert tag.identity.epc_hex(scheme.name) == digits
    assert len(digits) % 4 == 0
    assert parse(tag.raw_uri) == identity
    if len(digits) >= 20:
        assert parse(digits) == identity
    if scheme in CLASSIC:
        assert read_tag(tag.uri) == tag
        assert parse(tag.uri) == identity


@given(st.sampled_from(SCHEMES), st.binary(max_size=30))
def test_any_bits_behind_a_known_header_are_read_or_kept(scheme, memory):
    """No bits raise anything; what is read as an identity is written as the same bits or as fewer."""
    digits = f"{scheme.header:02X}{memory.hex().upper()}"
    tag = read_tag(digits)
    assert tag.hex == digits
    assert (tag.identity is None) != (tag.refusal is None)
    if tag.identity and not tag.further:
        again = read_tag(tag.identity.epc_hex(scheme.name))
        assert (again.identity, again.filter) == (tag.identity, tag.filter)
        if scheme in CLASSIC:
            assert again.hex.rstrip("0") == digits.rstrip("0")


@given(identities())
def test_each_form_reads_back(pair):
    """Digital Link (any domain), element string and EPC URI of an identity all parse to it."""
    identity, length = pair
    for form in (
        identity.text,
        identity.digital_link("https://example.com/a/b"),
        identity.element_string(),
    ):
        assert parse(form) == identity
        assert canonical(form) == identity.text
    assert parse(identity.epc_uri(length)) == identity
    assert parse(identity.epc_uri(length)).gcp_length == length


@given(identities())
def test_the_canonical_text_is_a_plain_address(pair):
    """It is ASCII, its escapes are upper case, and only unreserved characters stand unescaped."""
    text = pair[0].text
    assert re.fullmatch(r"https://id\.gs1\.org(/([A-Za-z0-9\-._~]|%[0-9A-F]{2})+)+", text)


@given(identities())
def test_a_raw_element_string_reads_back(pair):
    """What a scanner sends, with the symbology identifier in front, is the same identity."""
    identity, _ = pair
    for aim in ("]d2", "]C1", "]Q3\x1d", "\x1d"):
        assert parse(identity.raw_element_string(aim)) == identity


@given(st.text(max_size=80) | st.text("0123456789()/:.%\x1dhtpsurnecidg]", max_size=60))
def test_any_text_is_read_or_refused(text):
    """No text raises anything but an identity error, and what is read is stable."""
    try:
        identity = parse(text)
    except IdentityError:
        return
    assert canonical(identity.text) == identity.text
    assert parse(identity.text) == identity


SEEDS = (
    "urn:epc:tag:sgtin-96:3.95060001343.05.123456789",
    "urn:epc:tag:cpi-var:3.9521141.5PQ7%2FZ43.12345",
    "urn:epc:raw:96.x3066C4409047E140075BCD15",
    "urn:epc:raw:96.14979517679844044572408401173",
    "urn:epc:id:itip:9521141.012345.01.02.981",
    "urn:epc:idpat:grai:9521141.12345.*",
    "(8010)95211415PQ7/Z43(8011)12345",
    "https://example.com/gtin/09506000134352/ser/1?17=221231",
    "3066C4409047E140075BCD15",
    "FD3795211411234538566CB0AFC525065F1876F0D996D800",
)


@st.composite
def nearly_codes(draw):
    """A code with a few characters changed, left out or added."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from(["", *"0123456789ABCDEFx.:/()%*#-]", "\x1d", " ", "１", "é"]))
        text = text[:at] + piece + text[at + draw(st.integers(0, 1)) :]
    return text


@given(nearly_codes(), st.sampled_from(["", "9521141"]), st.sampled_from([None, 7, 11]))
def test_nearly_a_code_is_read_refused_or_kept_raw(text, own_prefix, gcp_length):
    """Whatever is understood can be shown in all its forms; nothing raises anything but an identity error."""
    try:
        found = understood(text, own_prefix)
    except IdentityError:
        return
    if found.identity is None:
        assert found.tag.refusal
    for form in forms(found.identity, gcp_length=gcp_length, hostname="id.example.com") if found.identity else ():
        assert bool(form.text) != bool(form.refusal)
        if form.text:
            assert parse(form.text, own_prefix=own_prefix) == found.identity or len(form.text) < 20
