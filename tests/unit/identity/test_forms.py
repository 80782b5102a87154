"""The forms a scanner, a person or another system hands over."""

from __future__ import annotations

import pickle

import pytest

from ledger.errors import LedgerError
from ledger.identity import (
    CPI,
    CPI_CLASS,
    GIAI,
    GTIN,
    ITIP,
    ITIP_CLASS,
    KEYS,
    LGTIN,
    SGLN,
    SGTIN,
    URI,
    CompanyPrefixes,
    canonical,
    errors,
    parse,
)

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
        "3066C4409047E140075BCD15",
        "3066c4409047e140075bcd15\r\n",
        "]Q13066C4409047E140075BCD15",
        "urn:epc:tag:sgtin-96:3.95060001343.05.123456789",
        "urn:epc:raw:96.x3066C4409047E140075BCD15",
        "urn:epc:raw:96.14979517679844044572408401173",
        "https://example.com/gtin/09506000134352/ser/123456789",
        "https://example.com/some/gtin/09506000134352/lot/LOT/21/123456789",
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


def test_pieces_and_components_without_serial_are_classes():
    """A kind of part and a piece of a product have pattern URIs, as products do."""
    piece, part = parse("(8006)095211411234540102"), parse("https://id.gs1.org/8010/95211415PQ7%2FZ43")
    assert (piece.key, piece.level, part.key, part.level) == (ITIP_CLASS, "class", CPI_CLASS, "class")
    assert piece.epc_uri(7) == "urn:epc:idpat:itip:9521141.012345.01.02.*"
    assert part.epc_uri(7) == "urn:epc:idpat:cpi:9521141.5PQ7%2FZ43.*"
    assert parse(piece.epc_uri(7)) == piece
    assert parse(part.epc_uri(7)) == part
    assert parse("(8006)095211411234540102(10)LOT(21)981").key is ITIP
    assert parse("https://example.com/cpid/95211415PQ7/cpsn/12").key is CPI


def test_a_word_of_a_suppliers_own_address_is_no_identifier():
    """Words that GS1 dropped count before a key's digits, and nowhere else."""
    for text in ("https://supplier.example.com/party/north", "https://supplier.example.com/giai/rack/7"):
        assert parse(text).key is URI
        assert canonical(text) == text


def test_a_weight_before_a_key_is_no_tag():
    """(31) to (36) are also headers of tags; the whole of the code says which it is."""
    weighed = parse("31030001230109506000134352" + "21ABCDEF")
    assert (weighed.text, weighed.attributes) == (f"{GTIN_LINK}/21/ABCDEF", (("3103", "000123"),))
    assert canonical("31030001230109506000134352") == GTIN_LINK


def test_ones_own_serial_number_needs_ones_own_prefix():
    """A bare number is nothing until a prefix is handed in; then it is a GIAI, zeros and letters kept."""
    with pytest.raises(errors.ApplicationIdentifierRepeated):
        parse("0" * 3 + "95211415678" + "0" * 10)
    for serial in ("00012345", "A1-7", "F4A1B2C3D4E5", "5678", "95211415678"):
        own = parse(f" {serial}\n", own_prefix="9521141")
        assert (own.key, own.code, own.gcp_length) == (GIAI, f"9521141{serial}", 7)
        assert own.epc_uri() == f"urn:epc:id:giai:9521141.{serial}"
    assert parse(ONE, own_prefix="9521141") == parse(ONE)
    assert parse("010950600013435221123456789", own_prefix="9521141") == parse(ONE)


@pytest.mark.parametrize(
    "text",
    [
        "0109506000134353",
        "(01)09506000134353",
        "urn:epc:id:sgtin:1",
        "3066C4409047E140075BCD",
        "E2801160600002000000000A",
        "A 7",
        "",
        "５６７８",
        "设备7",
        "x" * 24,
        "https://id.gs1.org/nothing",
    ],
)
def test_a_broken_code_is_not_taken_for_ones_own_serial(text):
    """A wrong check digit, a short tag, a blank, full-width digits: refused as ever."""
    with pytest.raises(errors.IdentityError):
        parse(text, own_prefix="9521141")


def test_ones_own_prefix_must_be_one():
    """A wrong setting shows at once, not with the first plain serial."""
    for prefix in ("95211", "9521141234567", "９５２１１４１"):
        with pytest.raises(errors.IdentityError):
            parse("(8004)95211415678", own_prefix=prefix)
    with pytest.raises(errors.CompanyPrefixLength):
        parse("5678", own_prefix="95211")


def test_a_table_of_prefixes_answers_for_its_parties_and_nobody_else():
    """What the code says itself stands; a party that is not in the table stays unknown."""
    table = CompanyPrefixes(["95060001343", "9521141", "0614141"])
    assert parse(ONE, prefixes=table).epc_uri() == "urn:epc:id:sgtin:95060001343.05.123456789"
    assert parse("(00)106141412345678908", prefixes=table).epc_uri() == "urn:epc:id:sscc:0614141.1234567890"
    assert parse("(8003)095211411234545678", prefixes=table).gcp_length == 7
    assert parse("(8006)095211411234540102(21)981", prefixes=table).gcp_length == 7
    assert parse("(8004)95211415678", prefixes=table).epc_uri() == "urn:epc:id:giai:9521141.5678"
    assert parse("urn:epc:id:giai:952114.15678", prefixes=table).gcp_length == 6
    assert parse("(8004)69211415678", prefixes=table).gcp_length is None
    assert parse("https://supplier.example.com/a/1", prefixes=table).gcp_length is None


def test_a_table_of_prefixes_refuses_what_would_make_it_guess():
    """No prefix begins another, and each is digits of a length that EPC URIs carry."""
    with pytest.raises(errors.CompanyPrefixConflict):
        CompanyPrefixes(["952114", "9521141"])
    with pytest.raises(errors.CompanyPrefixLength):
        CompanyPrefixes(["95211"])
    with pytest.raises(errors.NotPlainDigits):
        CompanyPrefixes(["９５２１１４"])


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


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        (ONE, "]d2010950600013435221123456789"),
        ("(8004)95211415678", "]d2800495211415678"),
        ("(8010)95211415PQ7/Z43(8011)12345", "]d2801095211415PQ7/Z43\x1d801112345"),
        ("(8006)095211411234540102(21)981", "]d28006095211411234540102\x1d21981"),
        ("(414)9521141123454(254)5678", "]d241495211411234542545678"),
        ("(8003)095211411234545678", "]d28003095211411234545678"),
    ],
)
def test_what_a_symbol_holds_has_separators_where_lengths_are_open(text, raw):
    """General Specifications 7.8.5: (01) and (41x) need no separator behind them, (8006) and (8010) do."""
    assert parse(text).raw_element_string("]d2") == raw
    assert parse(raw) == parse(text)
