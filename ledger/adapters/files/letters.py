"""Letters as files: for machines without a mail server, one ``.eml`` each, to be handed on by whoever runs it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ledger.ports.mail import MailNotSent, letter_bytes, letter_name


@dataclass(frozen=True, slots=True)
class FolderPost:
    """``ports.mail.Post`` into a folder. The same letter again is the same file: nobody finds it twice."""

    folder: Path
    sender: str = "ledger@localhost"
    private: ClassVar[bool] = False

    def send(self, to: str, subject: str, text: str, name: str = "") -> None:
        """See ``Post.send``."""
        path = self.path(name or f"{to} {subject} {text}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = path.with_suffix(".part")
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(letter_bytes(self.sender, to, subject, text, name))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            raise MailNotSent(reason=type(error).__name__) from error

    def path(self, name: str) -> Path:
        """Where the letter of a name is."""
        return self.folder / f"{letter_name(name)}.eml"
