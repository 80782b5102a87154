"""``ports.intake.Uploads``: a folder with one file for each upload under way."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FolderUploads:
    """Files below ``folder``, named by their jobs; ids are made by the ledger and are plain words."""

    folder: Path

    def path(self, job_id: str) -> Path:
        """Where an upload is."""
        return self.folder / f"{job_id}.part"

    def write(self, job_id: str, offset: int, data: bytes) -> None:
        """See ``Uploads.write``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path(job_id), os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            file.seek(offset)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def sha256(self, job_id: str) -> str:
        """See ``Uploads.sha256``."""
        with self.path(job_id).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()

    def drop(self, job_id: str) -> None:
        """See ``Uploads.drop``."""
        self.path(job_id).unlink(missing_ok=True)
