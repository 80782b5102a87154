"""What keeps a backup from being made or taken back."""

from __future__ import annotations

from ledger.errors import StoreError


class BackupDamaged(StoreError):
    """A file of a backup is not what its manifest says."""

    code = "store.backup-damaged"
    path: str
    en = "the backup is damaged or incomplete: {path}"
    zh = "备份已损坏或不完整：{path}"
    fix_en = "Take another copy of the same backup, or an older one"
    fix_zh = "请使用同一备份的其他副本，或更早的备份"


class RestoreRefused(StoreError):
    """A restore would write over something."""

    code = "store.restore-refused"
    what: str
    en = "nothing was restored: {what}"
    zh = "未进行恢复：{what}"
    fix_en = "Restore into an empty database and a home that has the ledger's keys and nothing else"
    fix_zh = "请恢复到空数据库，且目录中仅有账本密钥"
