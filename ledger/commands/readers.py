"""readers, llrp: fixed RFID readers, those that send to /reads and those that are asked."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing

from ledger.commands.keys import operators_keys
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.reads.errors import ReaderUnknown
from ledger.reads.reader import SECOND, Reader, checked
from ledger.services.take_reads import record_arrivals, take_reads
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger


def _readers(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        if options.add:
            return _add(ledger, options, terminal)
        if options.remove:
            if not ledger.reads.remove(settings.tenant, options.remove):
                raise ReaderUnknown(reader=options.remove)
            terminal.say(f"Reader {options.remove} is removed", f"读写器 {options.remove} 已移除")
            return 0
        states = ledger.reads.readers(settings.tenant)
    for state in states:
        r = state.reader
        terminal.say(
            f"{r.id}  {r.read_point}  {r.biz_step}  reads taken {state.taken}, unknown {state.unknown + state.foreign}",
            f"{r.id}  {r.read_point}  {r.biz_step}  有效读取 {state.taken}，未知 {state.unknown + state.foreign}",
        )
    terminal.data(
        {"readers": [{"id": s.reader.id, "taken": s.taken, "unknown": s.unknown + s.foreign} for s in states]}
    )
    return 0


def _add(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    tenant = ledger.settings.tenant
    known = ledger.reads.reader(tenant, options.add)
    plain = Reader(
        id=options.add,
        tenant=tenant,
        read_point=options.place,
        biz_step=options.step,
        disposition=options.disposition,
        zone=options.zone,
        antennas=tuple(options.antennas),
        weakest_cdbm=options.weakest,
        prefixes=tuple(options.prefixes),
        gap=options.gap * SECOND,
        batch=options.batch * SECOND,
        key_id=known.key_id if known else "",
    )
    reader = checked(plain)
    text = ""
    with ledger.recording.together():  # a key without its reader, or without its deed, is none
        if not reader.key_id:
            terms = {"name": f"reader {reader.id}", "role": "warehouse", "days": options.days}
            principal, text = operators_keys(ledger).issue(**terms)
            said = {name: getattr(reader, name) for name in reader.__struct_fields__}
            reader = checked(Reader(**said | {"key_id": principal.id}))
        ledger.reads.configure(reader)
    terminal.say(f"Reader {reader.id} is configured", f"读写器 {reader.id} 已配置")
    if text:
        address = f"{ledger.settings.public_url}/reads"
        terminal.say(
            f"It sends to {address} with this key, shown once: {text}", f"上报地址 {address}，密钥仅显示一次：{text}"
        )
    terminal.data({"reader": reader.id, "key": text})
    return 0


def _llrp(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    from ledger.adapters.llrp import LlrpReader

    with open_ledger(settings) as ledger:
        reader = ledger.reads.reader(settings.tenant, options.reader)
        if reader is None:
            raise ReaderUnknown(reader=options.reader)
        connected = LlrpReader(options.host, options.port, reader.antennas, options.seconds)
        reads = 0
        with closing(connected.batches()) as batches:
            for batch in batches:
                take_reads(ledger.read_desk, reader, batch, f"llrp {reader.id}")
                reads += len(batch)
        record_arrivals(ledger.read_desk)
    terminal.say(f"{reads} reads taken in", f"已接收 {reads} 次读取")
    terminal.data({"reads": reads})
    return 0


def _readers_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--add", metavar="ID", help="configure a reader, or change it / 配置或修改读写器")
    parser.add_argument("--remove", metavar="ID", help="forget a reader / 移除读写器")
    parser.add_argument("--place", default="", help="where it stands, a location code / 所在地点编码")
    parser.add_argument("--step", default="receiving", help="what its reads mean, a CBV step / 业务步骤")
    parser.add_argument("--disposition", default="", help="and the state things are in / 业务状态")
    parser.add_argument("--zone", default="+08:00", help="its time zone / 时区")
    parser.add_argument("--antennas", type=int, nargs="*", default=[], help="ports that count / 有效天线")
    parser.add_argument("--weakest", type=int, metavar="CDBM", help="least signal, 0.01 dBm / 最弱信号")
    parser.add_argument("--prefixes", nargs="*", default=[], help="company prefixes that count / 有效厂商识别代码")
    parser.add_argument("--gap", type=int, default=30, help="seconds unread until a thing has left / 离开判定秒数")
    parser.add_argument("--batch", type=int, default=5, help="seconds of one event / 合并秒数")
    parser.add_argument("--days", type=int, default=90, help="how long its key lives / 密钥有效天数")


def _llrp_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("host", help="the reader's address / 读写器地址")
    parser.add_argument("--port", type=int, default=5084)
    parser.add_argument("--reader", required=True, metavar="ID", help="as it is configured / 已配置的名称")
    parser.add_argument("--seconds", type=float, help="for how long; without it until stopped / 持续秒数")


VERBS = {"readers": Verb(_readers, _readers_arguments), "llrp": Verb(_llrp, _llrp_arguments)}
