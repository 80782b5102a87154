"""Compose files: the ledger on one machine, each chain node on its own, all chain nodes together to rehearse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from deploy import chain, stack
from deploy.site import NODE_METRICS_PORT, P2P_PORT, Node, Site
from deploy.stack import Container

OWN_USER: Final = frozenset({"database"})
"""Begins as root, makes its directory its own, and goes on as a user of its own."""
DATABASE_SECRET: Final = "../secrets/database.env"  # noqa: S105 - the path of a file that people make
"""``PGPASSWORD`` and the same as ``POSTGRES_PASSWORD``: beside what is generated, never in it."""


def files(site: Site) -> Mapping[str, str]:
    """Every file, by its path."""
    own = {f"chain/{node.name}/compose.yaml": text(one_node(site, node)) for node in site.nodes}
    return {"compose.yaml": text(ledger(site)), "chain/compose.yaml": text(rehearsal(site))} | own


def ledger(site: Site) -> dict[str, Any]:
    """PostgreSQL, the servers and workers, the proxy, the scraper; backups and copies when asked for (``tools``)."""
    environment = stack.settings(site)
    home = [f"home:{stack.HOME}"]
    waits = {"database": {"condition": "service_healthy"}}
    of_ledger: dict[str, Any] = {
        "environment": environment,
        "env_file": [DATABASE_SECRET],
        "user": f"{stack.USER}:{stack.USER}",
        "depends_on": waits,
    }
    services: dict[str, Any] = {
        "database": _service(stack.database(site))
        | {
            "env_file": [DATABASE_SECRET],
            "volumes": ["database:/var/lib/postgresql"],
            "shm_size": "256mb",
            "stop_grace_period": "60s",
        }
    }
    for name, container, count in (
        ("api", stack.api(site), site.api.processes),
        ("worker", stack.worker(site), site.worker.processes),
    ):
        for number in range(1, count + 1):
            one = _service(container) | of_ledger | {"volumes": home, "stop_grace_period": "60s"}
            services[f"{name}-{number}"] = one
    apis = [f"api-{number}" for number in range(1, site.api.processes + 1)]
    services["proxy"] = _service(
        Container(name="proxy", image=site.images.proxy.reference, memory_mb=256, health=["nginx", "-t"])
    ) | {
        "ports": [f"{site.proxy.https_port}:443", f"{site.proxy.http_port}:80"],
        "volumes": ["./proxy/nginx.conf:/etc/nginx/nginx.conf:ro", "../secrets/tls:/etc/nginx/tls:ro"],
        "depends_on": {api: {"condition": "service_healthy"} for api in apis},
        "cap_add": ["NET_BIND_SERVICE", "SETUID", "SETGID", "CHOWN"],
        "tmpfs": ["/var/cache/nginx", "/run"],
    }
    services["prometheus"] = _service(
        Container(
            name="prometheus",
            image=site.images.prometheus.reference,
            command=["--config.file=/etc/prometheus/prometheus.yaml", "--storage.tsdb.path=/prometheus"],
            memory_mb=1024,
        )
    ) | {
        "ports": ["127.0.0.1:9090:9090"],
        "volumes": ["./prometheus:/etc/prometheus:ro", "prometheus:/prometheus"],
    }
    kept = [*home, "backup:/backup"]
    services["backup"] = _once(stack.backup(site)) | of_ledger | {"volumes": kept}
    services["objects"] = _once(stack.objects(site)) | {
        "user": f"{stack.USER}:{stack.USER}",
        "volumes": [f"home:{stack.HOME}:ro", "backup:/backup:ro"],
        "secrets": ["rclone.conf"],
    }
    return {
        "name": site.name,
        "services": services,
        "networks": {"default": {"ipam": {"config": [{"subnet": stack.NETWORK}]}}},
        "volumes": {name: {} for name in ("database", "home", "backup", "prometheus")},
        "secrets": {"rclone.conf": {"file": "../secrets/rclone.conf"}},
    }


def one_node(site: Site, node: Node) -> dict[str, Any]:
    """A chain node on a machine of its own: it has the machine's address, because allowlists compare addresses."""
    return {
        "name": f"{site.name}-{node.name}",
        "services": {node.name: _node(site, node, shared="..", own=".") | {"network_mode": "host"}},
        "volumes": {node.name: {}},
    }


def rehearsal(site: Site) -> dict[str, Any]:
    """All of them on one machine, on a network with the addresses of the description: to try, not to rely on."""
    subnet = site.nodes[0].ip.rpartition(".")[0] + ".0/24"
    services = {
        node.name: _node(site, node, shared=".", own=f"./{node.name}")
        | {"networks": {"chain": {"ipv4_address": node.ip, "aliases": [node.host]}}}
        for node in site.nodes
    }
    return {
        "name": f"{site.name}-chain",
        "services": services,
        "networks": {"chain": {"ipam": {"config": [{"subnet": subnet}]}}},
        "volumes": {node.name: {} for node in site.nodes},
    }


def _node(site: Site, node: Node, *, shared: str, own: str) -> dict[str, Any]:
    names = ("genesis.json", "static-nodes.json", "permissions-nodes.toml", "permissions-accounts.toml")
    return _service(
        Container(
            name=node.name,
            image=site.images.besu.reference,
            command=["--config-file=/etc/besu/config.toml"],
            memory_mb=2048,
        )
    ) | {
        "volumes": [
            *(f"{shared}/{name}:{chain.SHARED}/{name}:ro" for name in names),
            f"{own}/config.toml:{chain.SHARED}/config.toml:ro",
            f"{node.name}:{chain.HOME}",
        ],
        "expose": [str(P2P_PORT), str(NODE_METRICS_PORT)],
        "stop_grace_period": "60s",
    }


def _service(container: Container) -> dict[str, Any]:
    made: dict[str, Any] = {"image": container.image}
    if container.command:
        made["command"] = list(container.command)
    if container.environment:
        made["environment"] = dict(container.environment)
    if container.health:
        made["healthcheck"] = {
            "test": ["CMD", *container.health],
            "interval": "15s",
            "timeout": "5s",
            "retries": 4,
            "start_period": "60s",
        }
    return made | {
        "restart": "unless-stopped",
        "mem_limit": f"{container.memory_mb}m",
        "security_opt": ["no-new-privileges:true"],
        "cap_drop": [] if container.name in OWN_USER else ["ALL"],
        "logging": {"driver": "json-file", "options": {"max-size": "50m", "max-file": "5"}},
    }


def _once(container: Container) -> dict[str, Any]:
    """Run by the machine's timer: ``docker compose run --rm NAME``."""
    return _service(container) | {"restart": "no", "profiles": ["tools"]}


class _Plain(yaml.SafeDumper):  # type: ignore[misc]
    """Without anchors: what is alike is written out."""

    def ignore_aliases(self, _: object) -> bool:
        return True


def text(*documents: object) -> str:
    """Documents as YAML."""
    written: str = yaml.dump_all(
        documents, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120, explicit_start=len(documents) > 1
    )
    return written
