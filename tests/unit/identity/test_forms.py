"""The forms a scanner, a person or another system hands over."""

from __future__ import annotations

import pickle

import pytest

from ledger.errors import LedgerError
from ledger.identity import GTIN, KEYS, LGTIN, SGLN, SGTIN, URI, canonical, errors, parse

GTIN_LINK = "https://id.gs1.org/01/09506000134352"
ONE = f"{GTIN_LINK}/21/123456789"


@pytest.mark.parametrize(
    "text",
    [
        "(01)09506000134352(21)123456789",
        "(01) 09506000134352 (21) 123456789",
        "(21)123456789(01)09506000134352",
        "010950600013435221123456789",
        "21123456789\x1d0109506000134352",
        "]d2010950600013435221123456789",
        "]C1\x1d010950600013435221123456789\r\n",
        "]Q3010950600013435221123456789\x1d10LOT",
        "\x1d010950600013435221123456789",
        f"]Q1{ONE}",
        "HTTPS://ID.GS1.ORG/01/09506000134352/21/123456789",
        "http://example.com/some/where/01/09506000134352/21/123456789",
        "https://example.com:8443/01/09506000134352/10/LOT/21/123456789?17=271231&linkType=gs1:pip#top",
        "https://id.gs1.org/01/09506000134352/21/12345%36789",
        "https://example.com/00/faux/01/09506000134352/21/123456789",
        "urn:epc:id:sgtin:95060001343.05.123456789",
        "  " + ONE + "\n",
    ],
)
def test_every_way_of_writing_one_product_is_one_text(text):
    """Prefixes, brackets, separators, domains, case of the host, batch and query do not change who it is."""
    assert canonical(text) == ONE
    assert parse(text).key is SGTIN


def test_elements_beside_the_key_are_kept_but_not_compared():
    """Batch and expiry of a scan travel along as attributes and take no part in equality."""
    scan = parse("(01)09506000134352(10)LOT(17)271231(21)123456789")
    assert scan.attributes == (("10", "LOT"), ("17", "271231"))
    assert scan == parse(ONE)
    assert hash(scan) == hash(parse(ONE))


def test_a_batch_and_a_product_are_classes():
    """Without serial the batch is named, without batch the product; both are classes with their own URN forms."""
    batch, product = parse(f"{GTIN_LINK}/10/LOT-7"), parse(GTIN_LINK)
    assert (batch.key, batch.level, product.key, product.level) == (LGTIN, "class", GTIN, "class")
    assert batch.epc_uri(11) == "urn:epc:class:lgtin:95060001343.05.LOT-7"
    assert product.epc_uri(11) == "urn:epc:idpat:sgtin:95060001343.05.*"
    assert parse(batch.epc_uri(11)) == batch
    assert parse(product.epc_uri(11)) == product


def test_a_place_without_extension_has_extension_0_in_its_urn():
    """SGLN extension 0 means the location itself, in all three forms."""
    place = parse("urn:epc:id:sgln:9521141.12345.0")
    assert place.key is SGLN
    assert place.text == "https://id.gs1.org/414/9521141123454"
    assert place == parse("(414)9521141123454(254)0") == parse("(414)9521141123454")
    assert place.epc_uri() == "urn:epc:id:sgln:9521141.12345.0"


def test_a_place_whose_prefix_takes_all_digits():
    """A company prefix of 12 digits leaves an empty location reference."""
    assert parse("(414)9521141123454").epc_uri(12) == "urn:epc:id:sgln:952114112345..0"
    assert parse("urn:epc:id:sgln:952114112345..0").text.endswith("/414/9521141123454")


def test_the_prefix_length_is_never_guessed():
    """Without a known length there is no EPC URI; a contradiction or an impossible length is refused."""
    with pytest.raises(errors.CompanyPrefixUnknown):
        parse(ONE).epc_uri()
    with pytest.raises(errors.CompanyPrefixConflict) as refusal:
        parse("urn:epc:id:sgtin:95060001343.05.1").epc_uri(7)
    assert (refusal.value.known, refusal.value.given) == (11, 7)
    with pytest.raises(errors.CompanyPrefixLength):
        parse(ONE).epc_uri(13)
    with pytest.raises(errors.NotPlainDigits):
        parse("(8004)9521A41567").epc_uri(7)
    with pytest.raises(errors.WrongLength):
        parse("(8004)952114").epc_uri(7)


def test_brackets_inside_a_serial_survive():
    """A bracket in a serial is written with a backslash, so that it cannot pose as another identifier."""
    identity = parse("https://id.gs1.org/01/09506000134352/21/A%2810%29B")
    assert identity.serial == "A(10)B"
    assert identity.element_string() == "(01)09506000134352(21)A\\(10)B"
    assert parse(identity.element_string()) == identity


def test_a_supplier_without_prefix_keeps_its_address():
    """A plain https address stays as it is; only scheme and host fold to lower case."""
    thing = parse("HTTPS://Supplier.Example.CN/Asset/A-1?Batch=7#top")
    assert thing.key is URI
    assert thing.text == "https://supplier.example.cn/Asset/A-1?Batch=7#top"
    assert canonical(thing.text) == thing.text
    for form in (thing.epc_uri, thing.element_string, thing.digital_link):
        with pytest.raises(errors.NotAGs1Key):
            form()


@pytest.mark.parametrize(
    ("domain", "stem"),
    [
        ("id.example.com.cn", "https://id.example.com.cn"),
        ("ID.Example.com", "https://id.example.com"),
        ("https://example.com/id", "https://example.com/id"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_a_link_on_our_own_domain_reads_back(domain, stem):
    """The printed link carries our resolver domain and names the same thing."""
    link = parse(ONE).digital_link(domain)
    assert link == f"{stem}/01/09506000134352/21/123456789"
    assert parse(link) == parse(ONE)


@pytest.mark.parametrize("domain", ["", "a b", "https://", "example.com/", "exa\nmple.com", "例子.cn", "a..b", "x?y"])
def test_a_domain_that_would_break_the_link_is_refused(domain):
    """Only a host, a port and a path can stand before the key."""
    with pytest.raises(errors.DomainUnfit):
        parse(ONE).digital_link(domain)


def test_long_input_is_refused_unread():
    """A megabyte from a broken scanner is refused by its length and not echoed."""
    with pytest.raises(errors.CodeTooLong) as refusal:
        parse("https://example.com/" + "a" * 1_000_000)
    assert len(str(refusal.value)) < 200


def test_identities_keep_their_key_across_processes():
    """Pickled and back, a key is the very row of the table."""
    for key in (*KEYS, URI):
        assert pickle.loads(pickle.dumps(key)) is key
    assert pickle.loads(pickle.dumps(parse(ONE))) == parse(ONE)


def test_every_refusal_speaks_both_languages():
    """Each leaf has a code of its own, two sentences and two fixes."""
    leaves = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, LedgerError)][1:]
    assert len({leaf.code for leaf in leaves}) == len(leaves)
    for leaf in leaves:
        assert leaf.code.startswith("identity.")
        for words in (leaf.en, leaf.zh, leaf.fix_en, leaf.fix_zh):
            assert words
