"""Tags: the published EPCs bit for bit in both directions, and what must be refused or kept raw."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.errors import IdentityError
from ledger.identity import canonical, errors, parse, pc_word, read_tag
from ledger.identity.epc import errors as tag_errors
from ledger.identity.epc.schemes import SCHEMES

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "gs1_identity.json").read_text(encoding="utf-8"))
TAGS = [pytest.param(v, id=v["id"]) for v in VECTORS["tags"]]
REFUSED = [pytest.param(v, id=v["id"]) for v in VECTORS["refused_tags"]]
ONE = "https://id.gs1.org/01/09506000134352/21/123456789"


def whole_words(digits: str) -> str:
    """The annex ends some EPCs in the middle of a word, and one long after it."""
    return digits.ljust(-(-len(digits) // 4) * 4, "0")


@pytest.mark.parametrize("vector", TAGS)
def test_a_published_tag_is_read(vector):
    """Scheme, filter, host name and identity come out as published; the digits stay."""
    tag = read_tag(vector["hex"])
    assert tag.refusal is None
    assert (tag.scheme, tag.filter, tag.hostname) == (vector["scheme"], vector["filter"], vector.get("hostname", ""))
    assert tag.identity is not None
    assert tag.identity.text == vector["digital_link"] == canonical(vector["hex"]) == canonical(vector["hex"].lower())
    assert tag.identity == parse(vector["digital_link"])
    assert [list(pair) for pair in tag.identity.attributes] == vector.get("attributes", [])
    assert tag.hex == vector["hex"]


@pytest.mark.parametrize("vector", TAGS)
def test_a_published_tag_is_written(vector):
    """What was read is written again as the same bits."""
    identity = read_tag(vector["hex"]).identity
    words = whole_words(vector["hex"])
    written = identity.epc_hex(vector["scheme"])
    assert written.ljust(len(words), "0") == words.ljust(len(written), "0")
    assert identity.epc_hex(vector["scheme"].lower()) == written


@pytest.mark.parametrize("vector", TAGS)
def test_a_published_tag_is_written_from_the_label(vector):
    """From the Digital Link alone, once scheme, filter and what the scheme needs besides are said."""
    given = {"hostname": vector.get("hostname")}
    if vector["tag_uri"]:
        given["gcp_length"] = len(vector["tag_uri"].split(".")[1])
    link = vector["digital_link"] + "".join(f"?{ai}={value}" for ai, value in vector.get("attributes", []))
    written = parse(link).epc_hex(vector["scheme"], vector["filter"], **given)
    assert read_tag(written).identity == read_tag(vector["hex"]).identity
    assert int(written, 16) == int(vector["hex"].ljust(len(written), "0")[: len(written)], 16)


@pytest.mark.parametrize("vector", [v for v in TAGS if v.values[0]["tag_uri"]])
def test_tag_uris_are_published_too(vector):
    """Hexadecimal to tag URI and back; the tag URI says all the classic bits say."""
    uri = vector["tag_uri"]
    tag = read_tag(vector["hex"])
    assert tag.uri == uri
    assert tag.identity.tag_uri(scheme=tag.scheme) == uri
    assert parse(uri) == tag.identity
    assert (parse(uri).filter, parse(uri).gcp_length) == (vector["filter"], tag.identity.gcp_length)
    assert read_tag(uri).hex.ljust(60, "0") == tag.hex.ljust(60, "0")


def test_every_scheme_has_a_published_tag():
    """No scheme is read or written on our word alone."""
    assert {v["scheme"] for v in VECTORS["tags"]} == {scheme.name for scheme in SCHEMES}
    assert len({scheme.header for scheme in SCHEMES}) == len(SCHEMES)


@pytest.mark.parametrize("vector", REFUSED)
def test_a_faulty_tag_is_kept_raw_with_its_reason(vector):
    """A reader's tag is never dropped; a person's code is refused; both say why in both languages."""
    tag = read_tag(vector["text"])
    assert (tag.identity, tag.hex, tag.filter) == (None, vector["text"], None)
    assert tag.uri == f"urn:epc:raw:{4 * len(tag.hex)}.x{tag.hex}"
    assert tag.refusal.code == vector["code"]
    assert tag.refusal.message("zh-CN") != tag.refusal.message("en")
    assert tag.refusal.fix("zh-CN")
    assert read_tag(tag.raw_uri).refusal.code == vector["code"]
    with pytest.raises(IdentityError):
        parse(vector["text"])


@pytest.mark.parametrize(
    "text", ["30285471BD5A0A56789G1234", "", "3", "３０66C4409047E140075BCD15", "AB" * 63, "0x3066"]
)
def test_what_is_no_memory_at_all_is_refused(text):
    """Letters past F, full-width digits, nothing, and more than the PC word can count."""
    with pytest.raises(tag_errors.NotHexadecimal):
        read_tag(text)


def test_other_numberings_are_named():
    """A tag of a scheme that is not ours still says which one it is."""
    assert [read_tag(f"{header}00E86F8000A9E000000586").scheme for header in ("35", "2F", "3F")] == [
        "GID-96",
        "USDoD-96",
        "SGCN-96",
    ]


def test_further_data_behind_an_announcing_tag_is_kept():
    """The toggle bit of a '+' scheme says that data follow; without it they are a fault."""
    quiet = read_tag("F73795211411234538566CB0AFC4")
    loud = read_tag("F7B795211411234538566CB0AFC4" + "8BC3")
    assert loud.identity == quiet.identity
    assert loud.filter == quiet.filter
    assert loud.further == f"0{0x8BC3:016b}"
    assert read_tag("F73795211411234538566CB0AFC4" + "8BC3").refusal.code == "identity.tag-trailing"


def test_zero_words_behind_an_epc_are_no_data():
    """Readers hand over whole words, and some a few more of them."""
    assert read_tag("3066C4409047E140075BCD15" + "0000").identity == parse(ONE)


def test_the_length_goes_into_the_pc_word():
    """96 bits are 6 words, 208 bits 13 (TDS 2.3, 9.3): 0x3000 and 0x6800."""
    assert pc_word("3476451FD40000000000162E") == 0x3000
    assert pc_word(parse("urn:epc:id:giai:9521141.32a%2Fb").epc_hex("GIAI-202", 0)) == 0x6800
    for digits in ("3476451FD4000000000016", "347645", "34G6", "0" * 128):
        with pytest.raises(tag_errors.NotHexadecimal):
            pc_word(digits)


def test_without_a_scheme_the_one_most_readers_know_is_taken():
    """96 bits where prefix length and serial allow, else '+'; a host name that was read stays."""
    numbered = parse("urn:epc:id:sgtin:95060001343.05.123456789")
    assert numbered.epc_hex(filter=3) == "3066C4409047E140075BCD15"
    assert read_tag(numbered.epc_hex(filter=0)).scheme == "SGTIN-96"
    assert read_tag(parse(ONE).epc_hex(filter=1)).scheme == "SGTIN+"
    assert read_tag(parse("urn:epc:id:sgtin:95060001343.05.0123").epc_hex(filter=1)).scheme == "SGTIN+"
    named = read_tag("FD3795211411234538566CB0AFC525065F1876F0D996D800")
    assert read_tag(named.identity.epc_hex()).hostname == "id.example.com"


def test_without_a_scheme_the_shortest_tag_uri_is_taken():
    """The long scheme where the short one loses something."""
    assert parse("urn:epc:id:sgtin:95060001343.05.0123").tag_uri(1) == "urn:epc:tag:sgtin-198:1.95060001343.05.0123"
    assert parse("urn:epc:id:giai:9521141.5678").tag_uri(0) == "urn:epc:tag:giai-96:0.9521141.5678"
    assert parse("urn:epc:id:sgln:9521141.12345.0").tag_uri(0) == "urn:epc:tag:sgln-96:0.9521141.12345.0"


@pytest.mark.parametrize(
    ("text", "scheme", "refusal"),
    [
        (ONE, "SGTIN-96", errors.CompanyPrefixUnknown),
        ("urn:epc:id:sgtin:95060001343.05.0123", "SGTIN-96", errors.LeadingZero),
        ("urn:epc:id:sgtin:95060001343.05.32a", "SGTIN-96", tag_errors.TooLargeForScheme),
        ("urn:epc:id:sgtin:95060001343.05.274877906944", "SGTIN-96", tag_errors.TooLargeForScheme),
        ("urn:epc:id:giai:952114112345.4398046511104", "GIAI-96", tag_errors.TooLargeForScheme),
        ("urn:epc:id:giai:9521141.05678", "GIAI-96", errors.LeadingZero),
        ("urn:epc:id:cpi:9521141.5PQ7.12345", "CPI-96", tag_errors.TooLargeForScheme),
        ("urn:epc:id:cpi:9521141.98765.2147483648", "CPI-96", tag_errors.TooLargeForScheme),
        (ONE, "SSCC-96", tag_errors.SchemeOfAnotherKey),
        (ONE, "SGTIN-64", tag_errors.SchemeUnknown),
        (ONE, "SGTIN++", tag_errors.HostnameMissing),
        (ONE, "DSGTIN+", tag_errors.DateMissing),
        ("urn:epc:id:pgln:9521141.12345", None, tag_errors.SchemeOfAnotherKey),
        ("https://id.gs1.org/01/09506000134352", None, tag_errors.SchemeOfAnotherKey),
        ("https://supplier.example.com/asset/1", None, errors.NotAGs1Key),
    ],
)
def test_what_does_not_fit_is_not_written(text, scheme, refusal):
    """Nothing is shortened, folded or guessed to make it fit."""
    with pytest.raises(refusal):
        parse(text).epc_hex(scheme, 3)


def test_a_tag_needs_its_filter():
    """Three bits that somebody must say."""
    with pytest.raises(tag_errors.FilterMissing):
        parse(ONE).epc_hex("SGTIN+")
    for filter_value in (-1, 8):
        with pytest.raises(tag_errors.FilterUnfit):
            parse(ONE).epc_hex("SGTIN+", filter_value)


def test_a_plus_scheme_has_no_tag_uri():
    """TDS defines none."""
    with pytest.raises(tag_errors.NoTagUri):
        parse(ONE).tag_uri(3, "SGTIN+", gcp_length=11)


@pytest.mark.parametrize("hostname", ["", "a b", "https://example.com", "example.com/id", "例子.cn", "a..b"])
def test_a_host_name_that_is_none_is_not_written(hostname):
    """A tag must resolve to a host and nothing else."""
    with pytest.raises(IdentityError):
        parse(ONE).epc_hex("SGTIN++", 3, hostname=hostname)
    with pytest.raises(tag_errors.TooLargeForScheme):
        parse(ONE).epc_hex("SGTIN++", 3, hostname="a" * 62 + ".b")


def test_every_tag_refusal_speaks_both_languages():
    """Each leaf has a code of its own, two sentences and two fixes."""
    leaves = [e for e in vars(tag_errors).values() if isinstance(e, type) and issubclass(e, IdentityError)][1:]
    assert len({leaf.code for leaf in leaves}) == len(leaves) > 10
    for leaf in leaves:
        for words in (leaf.en, leaf.zh, leaf.fix_en, leaf.fix_zh):
            assert words
