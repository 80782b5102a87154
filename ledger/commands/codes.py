"""code: everything a code says, in every form, or why it is refused. Opens no ledger."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from api.schemas.codes import code_view
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.identity.elements import GS
from ledger.identity.forms import Form, Understood, forms, understood
from ledger.settings import Settings

_NAMES = {
    "digital_link": ("Digital Link", "Digital Link"),
    "element_string": ("element string", "单元数据串"),
    "raw_element_string": ("as scanned", "扫描数据"),
    "epc_uri": ("EPC URI", "EPC URI"),
    "tag_uri": ("EPC Tag URI", "EPC 标签 URI"),
}
_LEVELS = {"instance": ("one object", "单个对象"), "class": ("a class of objects", "一类对象")}


def _code(_: Settings, options: Namespace, terminal: Terminal) -> int:
    found = understood(options.text, options.own_prefix)
    written = _forms(found, options)
    terminal.data(code_view(found, written, terminal.locale))
    if found.tag and found.tag.refusal:
        terminal.say(f"Kept raw: {found.tag.raw_uri}", f"原样保留：{found.tag.raw_uri}")
        if not terminal.as_json:
            terminal.error(found.tag.refusal)
        return 1
    _say(found, written, terminal)
    return 0


def _forms(found: Understood, options: Namespace) -> tuple[Form, ...]:
    if found.identity is None:
        return ()
    return forms(found.identity, filter=options.filter, gcp_length=options.gcp_length, hostname=options.hostname)


def _say(found: Understood, written: tuple[Form, ...], terminal: Terminal) -> None:
    identity, tag = found.identity, found.tag
    if identity is None:
        return
    en, zh = _LEVELS[identity.level]
    terminal.say(f"{identity.text}  ({identity.key.name}, {en})", f"{identity.text}（{identity.key.name}，{zh}）")
    if tag:
        terminal.say(f"read from {tag.scheme}, filter {tag.filter}", f"读自 {tag.scheme}，过滤值 {tag.filter}")
    if identity.gcp_length:
        terminal.say(f"company prefix: {identity.gcp_length} digits", f"厂商识别代码：{identity.gcp_length} 位")
    if identity.hostname:
        terminal.say(f"resolver: {identity.hostname}", f"解析服务：{identity.hostname}")
    for ai, value in identity.attributes:
        terminal.say(f"({ai}) {value}", f"({ai}) {value}")
    for form in written:
        names = _NAMES.get(form.name, (form.name, form.name))
        why = form.refusal
        terminal.say(
            f"  {names[0]:<15} {why.message() if why else _visible(form.text)}",
            f"  {names[1]:<15} {why.message('zh-CN') if why else _visible(form.text)}",
        )


def _visible(text: str) -> str:
    """The group separator as people write it."""
    return text.replace(GS, "<GS>")


def _code_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("text", help="what a scanner or a person gives / 扫描或输入的内容")
    parser.add_argument("--filter", type=int, choices=range(8), help="filter value of tags / 标签过滤值")
    parser.add_argument("--gcp-length", type=int, help="digits of the company prefix / 厂商识别代码位数")
    parser.add_argument("--own-prefix", default="", help="company prefix for plain serials / 自有序列号的厂商识别代码")
    parser.add_argument("--hostname", help="resolver on '++' tags / “++”标签上的解析主机名")


VERBS = {"code": Verb(_code, _code_arguments)}
