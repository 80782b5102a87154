"""Whatever can be named can be written in each form and read back as itself."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import IdentityError
from ledger.identity import KEYS, canonical, check_digit, made, parse

ALPHABET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
assert len(ALPHABET_82) == 82


@st.composite
def identities(draw):
    key = draw(st.sampled_from(KEYS))
    length = draw(st.integers(6, 12))
    if not key.digits:
        prefix = draw(st.text("0123456789", min_size=length, max_size=length))
        rest = draw(st.text(ALPHABET_82, min_size=1, max_size=30 - length))
        return made(key, prefix + rest), length
    size = key.digits - len(key.filler) - 1
    body = draw(st.text("0123456789", min_size=size, max_size=size))
    wants = key.serial == "needed" or (key.serial == "optional" and draw(st.booleans()))
    serial = draw(st.text(ALPHABET_82, min_size=1, max_size=key.serial_longest)) if wants else ""
    return made(key, key.filler + body + check_digit(body), serial), length


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
    key = identity.key
    raw = key.ai + identity.code + (key.serial_ai if identity.serial else "") + identity.serial
    assert parse("]d2" + raw) == identity


@given(st.text(max_size=80) | st.text("0123456789()/:.%\x1dhtpsurnecidg]", max_size=60))
def test_any_text_is_read_or_refused(text):
    """No text raises anything but an identity error, and what is read is stable."""
    try:
        identity = parse(text)
    except IdentityError:
        return
    assert canonical(identity.text) == identity.text
    assert parse(identity.text) == identity
