"""The verbs of the command line, in the order of its help. A verb's module is loaded when it is asked for."""

from __future__ import annotations

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Line, Verb

VERBS: tuple[Line, ...] = (
    Line("demo", "the whole story with the demonstration data", "用演示数据走完全流程", "serving"),
    Line("serve", "run pages and API on this machine", "运行页面与接口服务", "serving"),
    Line("import", "take a file of records; bad rows come back", "导入记录文件；错误行退回", "intake"),
    Line("ingest", "take a large file of record lines, in several processes", "多进程导入大型记录文件", "bulk"),
    Line("correct", "withdraw a record from every figure", "撤回一条记录，不再计入任何数值", "corrections"),
    Line("labels", "print labels, and read each one back", "打印标签并逐一回读", "labels"),
    Line("code", "show every form of a code", "显示编码的各种形式", "codes"),
    Line("deploy", "put the registry contract on the chain, once", "部署合约（可重复执行）", "anchoring"),
    Line(
        "anchor", "close a checkpoint, anchor it, wait until it is confirmed", "生成检查点、上链并等待确认", "anchoring"
    ),
    Line(
        "consortium",
        "the organisations behind the registry: show, found, propose, approve, pause, resume, rotate keys",
        "合约背后的各组织：查看、建立、提议、批准、暂停、恢复、轮换密钥",
        "consortium",
    ),
    Line("worker", "project, checkpoint and anchor for ever", "持续投影、生成检查点并上链", "anchoring"),
    Line("rebuild", "compute all projections again from the entries", "由条目重建全部投影", "anchoring"),
    Line("prove", "write the proof of an entry", "导出条目的证明", "audit"),
    Line(
        "verify",
        "verify a proof: 0 holds, 1 does not, 2 cannot tell",
        "验证证明：0 成立，1 不成立，2 无法判定",
        "verifying",
    ),
    Line(
        "witness",
        "look at a log once: cosign what extends all seen before; 1 when refused",
        "查看一次账本：仅会签对既往内容的延续；拒绝时返回 1",
        "witness",
    ),
    Line(
        "stamp",
        "have the newest checkpoint time-stamped (RFC 3161), or check a stamp by files alone: 0, 1 or 2",
        "为最新检查点加盖时间戳（RFC 3161），或仅凭文件核对：0、1 或 2",
        "stamping",
    ),
    Line("pin", "keep the newest checkpoint, to compare with later", "留存最新检查点以备核对", "audit"),
    Line("check", "rebuild and compare the whole log: 0, 1 or 2", "重建并核查整个账本：0、1 或 2", "audit"),
    Line("backup", "database and files, without keys, into a folder", "备份数据库与文件（不含密钥）", "backups"),
    Line(
        "restore",
        "a backup into an empty ledger, judged by the chain: 0, 1 or 2",
        "恢复备份并与链核对：0、1 或 2",
        "backups",
    ),
    Line(
        "segments",
        "sealed segments: seal, list, or check them without the ledger: 0, 1 or 2",
        "封存分段：封存、列出，或脱离账本核查：0、1 或 2",
        "segments",
    ),
    Line(
        "footprint",
        "the footprint of a product, a route, or of all bills of materials",
        "产品、线路或全部物料清单的碳足迹",
        "footprints",
    ),
    Line(
        "recompute",
        "all footprints from sealed segments and the log, compared with the projection: 0, 1 or 2",
        "由封存分段与账本重算全部碳足迹并与投影核对：0、1 或 2",
        "footprints",
    ),
    Line("runs", "calculation runs: recorded, computed again", "计算：记录、重算", "runs"),
    Line(
        "plan",
        "routes of a day out of a workbook, as a workbook and driver sheets; 1 when a row was left out",
        "由工作簿生成一天的线路计划，输出工作簿与司机单；有未排入的行时返回 1",
        "planning",
    ),
    Line(
        "inventory",
        "scopes 1, 2 (both ways) and 3 of a period; 1 when something is not counted",
        "某期间的范围一、二（两种口径）、三；有未计入项时返回 1",
        "inventory",
    ),
    Line(
        "index",
        "warehouses: score a year, publish it, replay a score, use a certificate; 1 when there is no score",
        "仓库指数：年度得分、发布、复算、使用绿证；没有得分时返回 1",
        "warehouses",
    ),
    Line(
        "targets",
        "pace of every target, warnings and open tasks; 1 when there are any",
        "各目标的进度、预警与未完成任务；如有则返回 1",
        "targets",
    ),
    Line(
        "ileap",
        "take a carrier's transport activity data, show shipments and activity data",
        "接收承运商的运输活动数据，列出货运与活动数据",
        "ileap",
    ),
    Line("claims", "check stated figures: can they be rebuilt?", "核对所述数字能否复算", "claims"),
    Line("commit", "record a hash of a document that stays here", "记录一份不出本地的文档的承诺", "disclosures"),
    Line("disclose", "show some fields of a document committed to", "出示已承诺文档中的部分字段", "disclosures"),
    Line("factors", "factor sets: list, show, search, compare, use, import", "排放因子集", "factors"),
    Line("distance", "the distance between two places, computed offline", "离线计算两地距离", "distances"),
    Line("bid", "sealed bids: keys, seal, release, opened", "密封投标：密钥、密封、释放、开标", "bids"),
    Line("score", "score a tender, or replay a score sheet", "评分，或复算评分表", "tenders"),
    Line("key", "make or revoke a key", "签发或吊销密钥", "keys"),
    Line("organisation", "suppliers, verifiers, partners", "供应商、核查方、伙伴", "people"),
    Line("person", "people who sign in", "可登录的人员", "people"),
    Line("readers", "list, add or remove fixed RFID readers", "固定读写器", "readers"),
    Line("llrp", "take reads from a reader that speaks LLRP", "从 LLRP 读写器取数", "readers"),
)

__all__ = ["VERBS", "Line", "Terminal", "Verb"]
