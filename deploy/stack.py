"""
The containers of an installation, before they are written for Compose or Kubernetes.

The ledger's processes differ in nothing but their command. All share the database and one directory (keys, uploads,
contents, segments), which on several machines is a volume that many may write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from deploy.site import API_PORT, RPC_PORT, Site

HOME: Final = "/var/lib/onecode"
USER: Final = 10_001
"""Who the ledger runs as inside; owns nothing else."""
NETWORK: Final = "172.28.2.0/24"
"""Inside of Compose: the proxy and the ledger. Its addresses are the only ones whose forwarded headers are believed."""


@dataclass(frozen=True, kw_only=True)
class Container:
    """One program."""

    name: str
    image: str
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    memory_mb: int
    port: int | None = None
    health: Sequence[str] = ()
    """A command that ends with 0 while it is well."""


def settings(site: Site, *, proxies: str = NETWORK) -> dict[str, str]:
    """The ledger's own settings, the same in every process; its database's password is in ``PGPASSWORD``."""
    database = site.database
    return {
        "ONECODE_HOME": HOME,
        "ONECODE_DATABASE_URL": f"postgresql+psycopg://{database.user}@database/{database.name}",
        "ONECODE_ORIGIN": site.origin,
        "ONECODE_TENANT": site.tenant,
        "ONECODE_HOST": "0.0.0.0",  # noqa: S104 - inside, behind the proxy
        "ONECODE_PORT": str(API_PORT),
        "ONECODE_PUBLIC_URL": site.url,
        "ONECODE_TRUSTED_PROXIES": proxies,
        "ONECODE_METRICS_HOST": "0.0.0.0",  # noqa: S104 - scraped from inside
        "ONECODE_METRICS_PORT": str(site.metrics.port),
        "ONECODE_SEAL_ENTRIES": str(site.worker.seal_entries),
        "ONECODE_CONFIRMATIONS": str(site.chain.confirmations),
        "ONECODE_GAS_PRICE": "0",
        "CHAIN_URL": ",".join(f"http://{node.host}:{RPC_PORT}" for node in site.rpc),
        "CHAIN_ID": str(site.chain.id),
        "TZ": site.timezone,
    }


def api(site: Site) -> Container:
    """A server; several are alike."""
    probe = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{API_PORT}/healthz', timeout=4)"
    return Container(
        name="api",
        image=site.images.ledger.reference,
        command=["serve", "--no-worker"],
        memory_mb=site.api.memory_mb,
        port=API_PORT,
        health=["python", "-c", probe],
    )


def worker(site: Site) -> Container:
    """A process of the background work; of several, leases say which does what."""
    probe = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{site.metrics.port}/metrics', timeout=4)"
    return Container(
        name="worker",
        image=site.images.ledger.reference,
        command=["worker"],
        memory_mb=site.worker.memory_mb,
        health=["python", "-c", probe],
    )


def backup(site: Site) -> Container:
    """What is run once a day, and ends: a backup with its drill, and those that are too old removed."""
    return Container(
        name="backup",
        image=site.images.ledger.reference,
        command=["backup", "/backup", "--keep-days", str(site.backup.keep_days)],
        memory_mb=site.worker.memory_mb,
    )


def objects(site: Site) -> Container:
    """Copies sealed segments and backups into object storage; never deletes, never overwrites."""
    remote = f"{site.objects.remote}:{site.objects.bucket}"
    copy = [
        f"rclone copy --immutable --checksum {HOME}/segments {remote}/segments",
        f"rclone copy --immutable --checksum /backup {remote}/backup",
    ]
    return Container(
        name="objects",
        image=site.images.objects.reference,
        command=["sh", "-c", " && ".join(copy)],
        environment={"RCLONE_CONFIG": "/run/secrets/rclone.conf"},
        memory_mb=256,
    )


def database(site: Site) -> Container:
    """PostgreSQL, with page checksums, and a commit that is on disk when it is answered."""
    said = {
        "max_connections": site.database.max_connections,
        "shared_buffers": f"{site.database.memory_mb // 4}MB",
        "synchronous_commit": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "password_encryption": "scram-sha-256",
    }
    options = [part for name, value in said.items() for part in ("-c", f"{name}={value}")]
    return Container(
        name="database",
        image=site.images.postgresql.reference,
        command=["postgres", *options],
        environment={
            "POSTGRES_DB": site.database.name,
            "POSTGRES_USER": site.database.user,
            "POSTGRES_INITDB_ARGS": "--data-checksums --auth-host=scram-sha-256",
        },
        memory_mb=site.database.memory_mb,
        port=5432,
        health=["pg_isready", "-U", site.database.user, "-d", site.database.name],
    )
