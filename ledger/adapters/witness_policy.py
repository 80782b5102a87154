"""The operator's witness policy, read from its file."""

from __future__ import annotations

from pathlib import Path

from ledger.errors import SettingsError
from ledger.log.checkpoint import VerifierKey
from ledger.log.errors import PolicyMalformed
from ledger.log.policy import Policy


class PolicyRefused(SettingsError):
    """The file that ``ONECODE_WITNESSES`` names cannot be used."""

    code = "settings.witnesses"
    path: str
    why: str
    why_zh: str
    en = "the witness policy {path} cannot be used: {why}"
    zh = "见证策略文件 {path} 无法使用：{why_zh}"
    fix_en = "Its lines are: witness NAME VKEY URL, group NAME K MEMBER..., quorum NAME. See docs/guides/verifier.md"
    fix_zh = "每行格式：witness 名称 公钥 网址、group 名称 K 成员…、quorum 名称。见 docs/guides/verifier.md"


def policy_of(path: Path | None, key: VerifierKey) -> Policy | None:
    """The policy in a file; ``None`` without one. Raises ``PolicyRefused``, also when it is another log's."""
    if path is None:
        return None
    try:
        policy = Policy.parse(path.read_text(encoding="utf-8"))
    except PolicyMalformed as error:
        raise PolicyRefused(path=str(path), why=error.message("en"), why_zh=error.message("zh-CN")) from error
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyRefused(path=str(path), why=str(error), why_zh=str(error)) from error
    if policy.logs and key not in [one.key for one in policy.logs]:
        raise PolicyRefused(path=str(path), why="it does not list this log's key", why_zh="未列出本账本的公钥")
    return policy
