"""Leaves of LogError: what the log refuses, and how a proof fails."""

from __future__ import annotations

from ledger.errors import LogError, ProofError


class RecordConflict(LogError):
    """The same record id was recorded before with other content."""

    code = "log.conflict"
    record_id: str
    index: int
    en = "record {record_id} is already entry {index}, with other content"
    zh = "记录 {record_id} 已是第 {index} 号条目，但内容不同"
    fix_en = "To change it, submit a correction as a new record; the first stays"
    fix_zh = "如需更改，请以新记录提交更正；原记录保留"


class NotCanonical(LogError):
    """A value that has no RFC 8785 form here: a binary float, an integer beyond 2^53, a lone surrogate."""

    code = "log.not-canonical"
    what: str
    en = "{what} has no canonical form"
    zh = "{what} 没有规范形式"
    fix_en = "Write fractions as decimal strings and keep integers within 2^53 - 1"
    fix_zh = "小数请写成十进制字符串，整数不超过 2^53 - 1"


class EntryAbsent(LogError):
    """There is no such entry, or not for this reader."""

    code = "log.entry-absent"
    entry: str
    en = "there is no entry {entry}"
    zh = "没有条目 {entry}"
    fix_en = "Compare the number with the receipt"
    fix_zh = "请与回执上的编号核对"


class EntriesUnpublished(LogError):
    """The operator gives out hashes of entries, and not what these are made of."""

    code = "log.entries-unpublished"
    en = "this ledger publishes the hashes of its entries, not their times and tenants"
    zh = "本账本只公开条目的哈希，不公开其时间与租户"
    fix_en = "Read /tile/<L>/<N>; for a single entry ask its owner for a proof"
    fix_zh = "请读取 /tile/<L>/<N>；单个条目请向其所有者索取证明"


class LogUnreachable(LogError):
    """A log somewhere else did not answer, or not with what its layout calls for."""

    code = "log.unreachable"
    retryable = True
    url: str
    reason: str
    en = "the log at {url} cannot be read: {reason}"
    zh = "无法读取 {url} 的账本：{reason}"
    fix_en = "Check the address; a log that refuses to be read is worth a call to the auditor"
    fix_zh = "请检查地址；账本拒绝被读取时请通知审计方"


class NotCheckpointed(LogError):
    """The entry is sequenced, but no checkpoint covers it yet."""

    code = "log.not-checkpointed"
    retryable = True
    index: int
    en = "entry {index} is sequenced; no checkpoint covers it yet"
    zh = "第 {index} 号条目已排序，尚未进入检查点"
    fix_en = "Wait for the next checkpoint, or run `ledger anchor`"
    fix_zh = "请等待下一个检查点，或运行 `ledger anchor`"


class LeafMismatch(LogError):
    """Stored bytes no longer give the stored leaf."""

    code = "log.leaf-mismatch"
    index: int
    en = "entry {index}: its stored bytes do not give its leaf hash"
    zh = "第 {index} 号条目：所存内容与其叶哈希不符"
    fix_en = (
        "The entry was changed or damaged after it was recorded. Stop anchoring, restore a backup, call the auditor"
    )
    fix_zh = "该条目在记录后被改动或损坏。请停止上链，从备份恢复并通知审计方"


class EntryLost(LeafMismatch):
    """An entry that was sequenced is not stored any more."""

    code = "log.entry-lost"
    en = "entry {index} is gone from the database"
    zh = "第 {index} 号条目已不在数据库中"


class TileMismatch(LogError):
    """A stored tile of the tree does not hold the hashes of its entries."""

    code = "log.tile"
    level: int
    number: int
    index: int
    en = "tile {level}/{number}, over entries from {index}, does not hold their hashes"
    zh = "覆盖第 {index} 号起条目的哈希块 {level}/{number} 与这些条目不符"
    fix_en = "The entries decide: if they check out, the tiles can be restored from a backup; call the auditor"
    fix_zh = "以条目为准：若条目检查无误，可从备份恢复哈希块；请通知审计方"


class CheckpointContradicts(LogError):
    """What is stored about a checkpoint says something else than what was signed, or than its neighbours."""

    code = "log.checkpoint"
    size: int
    why: str
    en = "checkpoint of size {size}: {why}"
    zh = "大小 {size} 的检查点：{why}"
    fix_en = "It was changed after it was signed. Restore a backup and call the auditor"
    fix_zh = "该检查点在签署后被改动。请从备份恢复并通知审计方"


class ProofMalformed(ProofError):
    """The file is not a proof of this format, byte for byte."""

    code = "proof.malformed"
    why: str
    en = "not a well-formed proof: {why}"
    zh = "不是格式正确的证明：{why}"
    fix_en = "Ask for the proof file again; do not edit or re-save it"
    fix_zh = "请重新索取证明文件；不要编辑或另存"


class ProofLengthWrong(ProofError):
    """A proof has more or fewer hashes than its sizes call for."""

    code = "proof.length"
    expected: int
    got: int
    en = "the proof must have {expected} hashes, it has {got}"
    zh = "证明应含 {expected} 个哈希，实际为 {got} 个"


class RootMismatch(ProofError):
    """The hashes lead to another root."""

    code = "proof.root"
    expected: str
    got: str
    en = "the proof leads to root {got}, the checkpoint says {expected}"
    zh = "证明得出的根为 {got}，检查点上的根为 {expected}"
    fix_en = "The record, the proof or the checkpoint was changed after it was recorded"
    fix_zh = "记录、证明或检查点在记录后被改动"


class SizesRefused(ProofError):
    """Index and sizes contradict each other or are out of range."""

    code = "proof.sizes"
    why: str
    en = "sizes refused: {why}"
    zh = "大小不合规：{why}"


class HashLengthWrong(ProofError):
    """A hash is not 32 bytes."""

    code = "proof.hash-length"
    what: str
    got: int
    en = "{what} must be 32 bytes, it has {got}"
    zh = "{what} 应为 32 字节，实际为 {got} 字节"


class SignatureMismatch(ProofError):
    """A signed note is not signed by the key it must be signed by."""

    code = "proof.signature"
    name: str
    en = "no valid signature of {name} on the note"
    zh = "签名文本上没有 {name} 的有效签名"
    fix_en = "The note was changed, or another log signed it. Compare the key with the one published by the operator"
    fix_zh = "签名文本被改动，或由其他账本签署。请与运营方公布的公钥核对"


class PinMismatch(ProofError):
    """The proof's checkpoint contradicts a checkpoint that the verifier holds."""

    code = "proof.pin"
    size: int
    en = "at size {size} the proof's checkpoint has another root than the one you hold: the log was forked or rewritten"
    zh = "在大小 {size} 处，证明中的检查点与您持有的检查点不一致：账本被分叉或改写"
    fix_en = "Keep both files and call the auditor"
    fix_zh = "请保留两个文件并通知审计方"


class PinForeign(ProofError):
    """A checkpoint that was kept is of another log."""

    code = "proof.pin-foreign"
    origin: str
    name: str
    en = "the checkpoint you hold is of the log {origin}, this is {name}"
    zh = "您持有的检查点属于账本 {origin}，而此账本为 {name}"
    fix_en = "Give the checkpoint that you kept of this log"
    fix_zh = "请提供您留存的本账本检查点"


class NotExtended(ProofError):
    """A tree is not a beginning of a larger one that the same log shows."""

    code = "proof.not-extended"
    old: int
    new: int
    en = "the log at size {new} does not extend the log at size {old}: forked, rewritten, or a damaged file"
    zh = "大小 {new} 的账本并非大小 {old} 的账本的延续：账本被分叉或改写，或文件已损坏"
    fix_en = "Have the consistency proof sent again; if it still does not join, keep every file and call the auditor"
    fix_zh = "请重新索取一致性证明；若仍不能连接，请保留所有文件并通知审计方"


class ConsistencyDamaged(ProofError):
    """A consistency proof leads to no root that the log signed: the file itself is wrong."""

    code = "proof.consistency"
    old: int
    new: int
    en = "the consistency proof from size {old} to {new} does not lead to the signed root of size {new}: it was changed"
    zh = "大小 {old} 至 {new} 的一致性证明不能得出大小 {new} 处已签署的根：该文件被改动"
    fix_en = "Have it sent again (`ledger pin --since`); until one joins them, nothing shows that the log only grew"
    fix_zh = "请重新索取（`ledger pin --since`）；在能连接两者之前，无法说明账本只增不改"


class KeyNotInForce(ProofError):
    """A checkpoint is signed by a key that its organisation had not yet, or no longer, on record for its size."""

    code = "proof.key-not-in-force"
    size: int
    from_size: int
    until_size: str
    block: int
    en = "the key that signed is in force for sizes {from_size} to below {until_size} (block {block}), not for {size}"
    zh = "签名密钥适用于大小 {from_size} 起、{until_size} 以下（截至区块 {block}），不适用于 {size}"
    fix_en = "Ask for the proof under the key in force at that size, or at a size that this key was in force for"
    fix_zh = "请索取由该大小适用的密钥签署的证明，或该密钥适用大小处的证明"


class ChainRewritten(ProofError):
    """The chain does not hold what the log, or the verifier's own file, says that it held for good."""

    code = "proof.chain-rewritten"
    why: str
    why_zh: str
    en = "the chain was rewritten, or this node lies: {why}"
    zh = "区块链已被改写，或该节点不实：{why_zh}"
    fix_en = "Ask another organisation's node; if it says the same, keep proof, pin and receipt and call the auditor"
    fix_zh = "请改用另一机构的节点；若结果相同，请保留证明、检查点与回执并通知审计方"


class PolicyMalformed(ProofError):
    """A file that is to say which witnesses count does not have its form."""

    code = "proof.policy-malformed"
    why: str
    why_zh: str
    en = "the witness policy cannot be used: {why}"
    zh = "见证策略无法使用：{why_zh}"
    fix_en = "Mend the line; its form is that of c2sp.org/tlog-policy, shown in docs/guides/verifier.md"
    fix_zh = "请修正该行；格式见 c2sp.org/tlog-policy 与 docs/guides/verifier.md"


class PolicyUnmet(ProofError):
    """Fewer witnesses cosigned the proof's checkpoint than the policy asks for."""

    code = "proof.policy"
    cosigned: int
    witnesses: int
    least: int
    en = "{cosigned} of {witnesses} witnesses cosigned its checkpoint; the policy asks for {least} or more, as grouped"
    zh = "{witnesses} 位见证人中有 {cosigned} 位会签了该检查点；按策略及其分组至少需要 {least} 位"
    fix_en = "Ask for the proof again once more witnesses have cosigned; until then it shows the log's word alone"
    fix_zh = "请待更多见证人会签后重新索取证明；在此之前它只是账本一方的说法"


class CannotTell(ProofError):
    """Nothing contradicts the proof, but nothing that the verifier trusts vouches for it either."""

    code = "proof.cannot-tell"
    why: str
    en = "cannot tell: {why}"
    zh = "无法判定：{why}"
    fix_en = "Give a pinned checkpoint (--pinned), the log's public key (--key) or a node (--rpc)"
    fix_zh = "请提供自存检查点（--pinned）、账本公钥（--key）或区块链节点（--rpc）"


class OpeningMalformed(LogError):
    """The document or the opening of a commitment cannot be used."""

    code = "opening.malformed"
    why: str
    en = "not a usable opening: {why}"
    zh = "不是可用的开启文件：{why}"
    fix_en = "Use the file as it was written when the document was committed to; do not edit or re-save it"
    fix_zh = "请使用承诺时生成的原始文件；不要编辑或另存"


class FieldAbsent(LogError):
    """A field that is to be shown is not in the document."""

    code = "opening.field-absent"
    path: str
    en = "the document has no field {path}"
    zh = "文档中没有字段 {path}"
    fix_en = "Name a field by its JSON pointer, as /stages/raw; `ledger disclose OPENING` lists them"
    fix_zh = "请用 JSON 指针指明字段，如 /stages/raw；`ledger disclose OPENING` 可列出全部字段"
