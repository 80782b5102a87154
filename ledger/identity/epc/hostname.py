"""
The resolver's host name on '++' tags: Code 40, or seven bits a character with short forms for common ends.

Source: TDS 2.3, 14.5.16 and optimisation tables A and B1 to B4. Table B3 prints ``.org.cn`` and ``.net.cn`` under the
prefix of table B1, where the same bits are ``.bq`` and ``.br``; they are read and written under B3's own.
"""

from __future__ import annotations

import re

from ledger.identity.domain import host
from ledger.identity.epc.alphanumeric import code_40_size, from_code_40, to_code_40
from ledger.identity.epc.bits import Reader, Writer
from ledger.identity.epc.errors import TagTextBroken, TooLargeForScheme
from ledger.identity.epc.scheme import Scheme

_FIELD = "hostname"
_LENGTH_BITS = 6
_LONGEST = 63
_UPPER = re.compile(r"[0-9A-Z.:-]+")

_ONE = {
    0x1E: "qr.", 0x1F: "www.", 0x20: "id.", 0x5B: ".com", 0x5C: ".org", 0x5D: ".net", 0x5E: ".int", 0x60: ".edu",
    0x7B: ".gov", 0x7C: ".mil", 0x7D: ".biz", 0x7E: ".eco", 0x7F: ".med",
    **{ord(character): character for character in "!\"#%&'()*+,-./0123456789:;<=>?_"},
    **{code: chr(code) for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))},
}  # fmt: skip
_COUNTRIES_1 = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo bq br bs bt bw by bz "
    "ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi fj fk "
    "fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is "
    "it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li "
)
_COUNTRIES_2 = (
    "lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl "
    "no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl "
    "sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug us uy uz va vc ve vg vi "
    "vn vu wf ws ye yt za zm zw "
)
_COMPOUND = (
    "com.au net.au org.au co.at com.bd co.bd com.br net.br co.nz com.ng com.pk co.in com.in co.il co.jp co.za co.kr "
    "com.es com.lk co.th co.tt com.tt com.tr biz.tr com.ua co.uk co.zm com.zm com.cn org.cn net.cn gov.cn"
)
_TWO = {
    page << 7 | n: f".{name}"
    for page, names in enumerate((_COUNTRIES_1, _COUNTRIES_2, _COMPOUND, "tech"))
    for n, name in enumerate(names.split())
}
_CODES = {text: (code, 7) for code, text in _ONE.items()} | {text: (code, 14) for code, text in _TWO.items()}
_PIECES = re.compile("|".join(re.escape(text) for text in sorted(_CODES, key=len, reverse=True)))


def put_hostname(scheme: Scheme, writer: Writer, hostname: str) -> None:
    """Add the host name, the shorter way. Raises ``DomainUnfit`` and ``TooLargeForScheme``."""
    pieces = _PIECES.findall(host(hostname))
    units = sum(_CODES[piece][1] for piece in pieces) // 7
    short = len(hostname) <= _LONGEST and _UPPER.fullmatch(hostname)
    if short and code_40_size(len(hostname)) < 7 * units:
        writer.put(0, 1).put(len(hostname), _LENGTH_BITS).put(to_code_40(hostname), code_40_size(len(hostname)))
        return
    if units > _LONGEST:
        raise TooLargeForScheme(scheme=scheme.name, field=_FIELD, text=hostname)
    writer.put(1, 1).put(units, _LENGTH_BITS)
    for piece in pieces:
        writer.put(*_CODES[piece])


def take_hostname(scheme: Scheme, bits: Reader) -> str:
    """The host name as it was written. Raises ``TagTextBroken``, and ``DomainUnfit`` for what is no host."""
    optimised, units = bits.take(1), bits.take(_LENGTH_BITS)
    found = _pieces(bits, units) if optimised else from_code_40(bits.take(code_40_size(units)), units)
    if not found:
        raise TagTextBroken(scheme=scheme.name, field=_FIELD)
    return host(found)


def _pieces(bits: Reader, units: int) -> str:
    """Text of ``units`` times seven bits; empty when some of them stand for nothing."""
    found = ""
    while units > 0:
        code, size = bits.take(7), 1
        if code < 4 and units > 1:  # the first half of a code of 14 bits
            code, size = code << 7 | bits.take(7), 2
        piece = (_ONE if size == 1 else _TWO).get(code)
        if piece is None:
            return ""
        found += piece
        units -= size
    return found
