"""
Kubernetes manifests of the ledger: database, servers, workers, backups and copies, and who may speak with whom.

Chain nodes are not among them: their allowlists compare addresses, which pods do not keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from deploy import stack, watching
from deploy.compose import text
from deploy.site import API_PORT, Site
from deploy.stack import Container

PODS: Final = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
"""Where an ingress controller may be; narrow it to the cluster's own range."""
PASSWORD: Final = "ledger-database"  # noqa: S105 - the name of a Secret that people make
FILES: Final = "ledger-rclone"
TLS: Final = "ledger-tls"


def files(site: Site) -> Mapping[str, str]:
    """All manifests in one file, and the alert rules as a ConfigMap of it."""
    return {"kubernetes/ledger.yaml": text(*manifests(site))}


def manifests(site: Site) -> Iterator[dict[str, Any]]:
    """Each object, in the order in which they are to be made."""
    yield _object("v1", "Namespace", site.name, site, labels={"pod-security.kubernetes.io/enforce": "baseline"})
    settings = stack.settings(site, proxies=PODS)
    yield _object("v1", "ConfigMap", "ledger-settings", site, data=settings)
    yield _object("v1", "ConfigMap", "ledger-alerts", site, data={"alerts.yaml": text(watching.rules(site))})
    yield _volume("ledger-home", "ReadWriteMany", site.home.storage_gb, site)
    yield _volume("ledger-backup", "ReadWriteMany", site.database.storage_gb, site)
    yield from _database(site)
    for container, count in ((stack.api(site), site.api.processes), (stack.worker(site), site.worker.processes)):
        yield _deployment(container, count, site)
        yield _object(
            "policy/v1",
            "PodDisruptionBudget",
            container.name,
            site,
            spec={"maxUnavailable": 1, "selector": _selector(container.name)},
        )
    yield _service("api", API_PORT, site)
    yield _ingress(site)
    yield _daily(stack.backup(site), f"0 {site.backup.hour} * * *", site)
    yield _daily(stack.objects(site), "*/15 * * * *", site)
    yield from _policies(site)


def _object(version: str, kind: str, name: str, site: Site, **parts: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name}
    if kind != "Namespace":
        metadata["namespace"] = site.name
    metadata["labels"] = {"app.kubernetes.io/part-of": site.name} | parts.pop("labels", {})
    return {"apiVersion": version, "kind": kind, "metadata": metadata} | parts


def _selector(name: str) -> dict[str, Any]:
    return {"matchLabels": {"app.kubernetes.io/name": name}}


def _volume(name: str, access: str, gigabytes: int, site: Site) -> dict[str, Any]:
    resources = {"requests": {"storage": f"{gigabytes}Gi"}}
    return _object("v1", "PersistentVolumeClaim", name, site, spec={"accessModes": [access], "resources": resources})


def _database(site: Site) -> Iterator[dict[str, Any]]:
    container = stack.database(site)
    password = {"name": "POSTGRES_PASSWORD", "valueFrom": {"secretKeyRef": {"name": PASSWORD, "key": "password"}}}
    # The image begins as root, makes the directory its own and goes on as postgres.
    pod = _pod(container, mounts={"data": "/var/lib/postgresql"}, secrets=[password], own_user=True)
    claim = {
        "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": f"{site.database.storage_gb}Gi"}},
        },
    }
    pod["spec"].pop("volumes")
    yield _object(
        "apps/v1",
        "StatefulSet",
        "database",
        site,
        spec={
            "serviceName": "database",
            "replicas": 1,
            "selector": _selector("database"),
            "template": pod,
            "volumeClaimTemplates": [claim],
        },
    )
    yield _service("database", 5432, site)


def _deployment(container: Container, count: int, site: Site) -> dict[str, Any]:
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": _selector(container.name),
    }
    pod = _pod(container, mounts={"home": stack.HOME}, secrets=[_password()], figures=site.metrics.port)
    pod["spec"] |= {"topologySpreadConstraints": [spread], "terminationGracePeriodSeconds": 60}
    return _object(
        "apps/v1",
        "Deployment",
        container.name,
        site,
        spec={"replicas": count, "selector": _selector(container.name), "template": pod},
    )


def _daily(container: Container, schedule: str, site: Site) -> dict[str, Any]:
    ledgers = container.name == "backup"
    mounts = {"home": stack.HOME, "backup": "/backup"} | ({} if ledgers else {"rclone": "/run/secrets"})
    pod = _pod(container, mounts=mounts, secrets=[_password()] if ledgers else [], settings=ledgers)
    pod["spec"]["restartPolicy"] = "Never"
    return _object(
        "batch/v1",
        "CronJob",
        container.name,
        site,
        spec={
            "schedule": schedule,
            "timeZone": site.timezone,
            "concurrencyPolicy": "Forbid",
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 5,
            "jobTemplate": {"spec": {"backoffLimit": 2, "template": pod}},
        },
    )


def _password() -> dict[str, Any]:
    return {"name": "PGPASSWORD", "valueFrom": {"secretKeyRef": {"name": PASSWORD, "key": "password"}}}


VOLUMES: Final[Mapping[str, dict[str, Any]]] = {
    "home": {"persistentVolumeClaim": {"claimName": "ledger-home"}},
    "backup": {"persistentVolumeClaim": {"claimName": "ledger-backup"}},
    "rclone": {"secret": {"secretName": FILES}},
}


def _pod(
    container: Container,
    *,
    mounts: Mapping[str, str],
    secrets: list[dict[str, Any]],
    figures: int | None = None,
    own_user: bool = False,
    settings: bool = True,
) -> dict[str, Any]:
    """A pod of one container."""
    image_command = "command" if container.name == "objects" else "args"
    plain = [{"name": name, "value": value} for name, value in container.environment.items()]
    ports = [{"name": "main", "containerPort": container.port}] if container.port else []
    ports += [{"name": "figures", "containerPort": figures}] if figures else []
    inner: dict[str, Any] = {
        "name": container.name,
        "image": container.image,
        image_command: list(container.command),
        "env": [*plain, *secrets],
        "ports": ports,
        "volumeMounts": [{"name": name, "mountPath": path} for name, path in mounts.items()],
        "resources": {
            "requests": {"memory": f"{container.memory_mb // 2}Mi", "cpu": "250m"},
            "limits": {"memory": f"{container.memory_mb}Mi"},
        },
        "securityContext": {"allowPrivilegeEscalation": False}
        | ({} if own_user else {"capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True}),
    }
    if settings and not own_user and container.name != "objects":
        inner["envFrom"] = [{"configMapRef": {"name": "ledger-settings"}}]
    if container.health:
        probe = {"exec": {"command": list(container.health)}, "periodSeconds": 15, "timeoutSeconds": 6}
        inner["livenessProbe"] = probe | {"initialDelaySeconds": 60, "failureThreshold": 4}
    if container.name == "api":
        ready = {"httpGet": {"path": "/readyz", "port": "main"}, "periodSeconds": 5, "timeoutSeconds": 4}
        inner["readinessProbe"] = ready
    user = {} if own_user else {"runAsUser": stack.USER, "runAsGroup": stack.USER, "fsGroup": stack.USER}
    annotations = {"prometheus.io/scrape": "true", "prometheus.io/port": str(figures)} if figures else {}
    return {
        "metadata": {"labels": {"app.kubernetes.io/name": container.name}, "annotations": annotations},
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": user | {"seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [inner],
            "volumes": [{"name": name} | VOLUMES.get(name, {}) for name in mounts],
        },
    }


def _service(name: str, port: int, site: Site) -> dict[str, Any]:
    return _object(
        "v1",
        "Service",
        name,
        site,
        spec={
            "selector": {"app.kubernetes.io/name": name},
            "ports": [{"name": "main", "port": port, "targetPort": "main"}],
        },
    )


def _ingress(site: Site) -> dict[str, Any]:
    backend = {"service": {"name": "api", "port": {"name": "main"}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    return _object(
        "networking.k8s.io/v1",
        "Ingress",
        "ledger",
        site,
        spec={
            "tls": [{"hosts": [site.proxy.host], "secretName": TLS}],
            "rules": [{"host": site.proxy.host, "http": {"paths": [path]}}],
        },
    )


def _policies(site: Site) -> Iterator[dict[str, Any]]:
    """Nobody reaches the database but the ledger, nobody reaches the ledger but on its two ports."""
    ours = [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}} for name in ("api", "worker", "backup")]
    yield _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "database",
        site,
        spec={
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "database"}},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"from": ours, "ports": [{"protocol": "TCP", "port": 5432}]}],
            "egress": [],
        },
    )
    for name in ("api", "worker"):
        ports = [{"protocol": "TCP", "port": site.metrics.port}]
        ports += [{"protocol": "TCP", "port": API_PORT}] if name == "api" else []
        yield _object(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            name,
            site,
            spec={
                "podSelector": {"matchLabels": {"app.kubernetes.io/name": name}},
                "policyTypes": ["Ingress"],
                "ingress": [{"ports": ports}],
            },
        )
