"""What sealing refuses: a body too large, a seal that does not open, keys that do not fit, a bid out of its time."""

from __future__ import annotations

from ledger.errors import ScoringError


class SealTooLarge(ScoringError):
    """A body that does not fit into a sealed bid."""

    code = "scoring.seal-too-large"
    size: int
    limit: int
    en = "the bid has {size} bytes; {limit} can be sealed"
    zh = "投标内容为 {size} 字节，最多可密封 {limit} 字节"
    fix_en = "Hand large documents in as evidence, and name their hashes in the bid"
    fix_zh = "大型文件请作为证据提交，并在投标中写明其哈希"


class SealBroken(ScoringError):
    """A sealed bid that does not open, or whose body is not the one committed to."""

    code = "scoring.seal-broken"
    why: str
    why_zh: str
    en = "the sealed bid does not open: {why}"
    zh = "密封投标无法开启：{why_zh}"
    fix_en = "Its bidder can show the body and its nonce; compare their hash with the commitment in the log"
    fix_zh = "投标人可出示内容与随机数，请与账本中的承诺核对"


class SealingKeysMissing(ScoringError):
    """A tender whose two keys are not both published."""

    code = "scoring.sealing-keys"
    tender: str
    missing: str
    missing_zh: str
    en = "tender {tender} takes no sealed bids yet: the key of the {missing} is missing"
    zh = "招标 {tender} 尚不能接收密封投标：缺少{missing_zh}密钥"
    fix_en = "Buyer and auditor each publish a key of their own for this tender"
    fix_zh = "请采购方与审计方各自为该招标发布密钥"


class SealingKeyRefused(ScoringError):
    """A key that is not this holder's to publish or release, not now, or not this one."""

    code = "scoring.sealing-key-refused"
    tender: str
    why: str
    why_zh: str
    en = "the key for tender {tender} is not taken: {why}"
    zh = "招标 {tender} 的密钥未被接收：{why_zh}"
    fix_en = "Compare with the tender's page: who publishes which key, and when bids close"
    fix_zh = "请与招标页面核对：密钥由谁发布、何时截标"


class SealRefused(ScoringError):
    """A sealed bid that is a copy, or was sealed for another version of the scheme."""

    code = "scoring.seal-refused"
    tender: str
    why: str
    why_zh: str
    en = "the sealed bid for tender {tender} is not taken: {why}"
    zh = "招标 {tender} 的密封投标未被接收：{why_zh}"
    fix_en = "Seal your own bid anew for the scheme as it is published now"
    fix_zh = "请按现行评分方案重新密封自己的投标"


class TenderSealed(ScoringError):
    """A bid in the open for a tender that takes sealed ones, or its bids asked for before they were opened."""

    code = "scoring.tender-sealed"
    tender: str
    en = "tender {tender} takes sealed bids, and they are not open"
    zh = "招标 {tender} 采用密封投标，尚未开标"
    fix_en = "Seal the bid; after closing, buyer and auditor release their keys"
    fix_zh = "请提交密封投标；截标后由采购方与审计方释放密钥"
