"""What Prometheus scrapes and when it calls somebody: rules over the ledger's own figures and the nodes'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from deploy.compose import text
from deploy.site import NODE_METRICS_PORT, Site

INTERVAL: Final = "15s"


class Alert(NamedTuple):
    """A rule; ``en`` and ``zh`` say what is wrong and where to begin."""

    name: str
    expression: str
    lasting: str
    severity: str
    en: str
    zh: str

    def to_yaml(self) -> dict[str, Any]:
        """As a rules file has it."""
        return {
            "alert": self.name,
            "expr": self.expression,
            "for": self.lasting,
            "labels": {"severity": self.severity},
            "annotations": {"summary": self.en, "summary_zh": self.zh, "runbook": f"docs/operations.md#{self.name}"},
        }


def files(site: Site, servers: Sequence[str], workers: Sequence[str]) -> Mapping[str, str]:
    """What it scrapes on one machine, and the rules, by their paths."""
    figures = site.metrics.port
    jobs = [
        ("api", [f"{name}:{figures}" for name in servers]),
        ("worker", [f"{name}:{figures}" for name in workers]),
        ("chain", [f"{node.host}:{NODE_METRICS_PORT}" for node in site.nodes]),
    ]
    config = {
        "global": {"scrape_interval": INTERVAL, "evaluation_interval": INTERVAL},
        "rule_files": ["alerts.yaml"],
        "scrape_configs": [{"job_name": job, "static_configs": [{"targets": targets}]} for job, targets in jobs],
    }
    return {"prometheus/prometheus.yaml": text(config), "prometheus/alerts.yaml": text(rules(site))}


def rules(site: Site) -> dict[str, Any]:
    """The rules file."""
    return {"groups": [{"name": "ledger", "rules": [alert.to_yaml() for alert in alerts(site)]}]}


def alerts(site: Site) -> Iterator[Alert]:
    """Every rule. ``page`` wakes somebody; ``ticket`` is for the next working day."""
    at = site.alerts
    yield Alert(
        "LedgerNotAnchored",
        f"max(onecode_unanchored_age_seconds) > {at.unanchored_seconds}",
        "1m",
        "page",
        f"The oldest entry that is not anchored is older than {at.unanchored_seconds} s: see LedgerChainStands first",
        f"最早的未上链条目已超过 {at.unanchored_seconds} 秒：请先查看 LedgerChainStands",
    )
    yield Alert(
        "LedgerHeadStands",
        "max(onecode_anchored_entries) - max(onecode_anchored_entries offset 10m) <= 0"
        " and max(onecode_entries) > max(onecode_anchored_entries)",
        "5m",
        "page",
        "The anchored head did not advance for 10 minutes though there are entries beyond it",
        "已上链位置 10 分钟未前进，而其后仍有条目",
    )
    yield Alert(
        "LedgerHeadFell",
        "max(onecode_entries) < max(max_over_time(onecode_entries[1d]))"
        " or max(onecode_anchored_entries) < max(max_over_time(onecode_anchored_entries[1d]))",
        "0m",
        "page",
        "The log or its anchored head is shorter than it was: a stale restore, or worse. Stop writing, `ledger check`",
        "账本或其已上链位置变短：可能恢复了过期备份。请停止写入并执行 `ledger check`",
    )
    yield Alert(
        "LedgerChainStands",
        f"time() - max(onecode_chain_block_timestamp_seconds) > {at.chain_block_seconds}",
        "1m",
        "page",
        f"No block for {at.chain_block_seconds} s: more than a third of the validators may be down",
        f"{at.chain_block_seconds} 秒内没有新区块：可能有超过三分之一的验证节点停机",
    )
    yield Alert(
        "LedgerNobodyAnchors",
        "max(onecode_lease_left_seconds) == 0",
        f"{at.lease_seconds}s",
        "page",
        "No worker holds the lease to anchor",
        "没有后台进程持有上链租约",
    )
    yield Alert(
        "LedgerWorkerTroubled",
        "max by (code) (onecode_worker_trouble) == 1",
        "5m",
        "ticket",
        "Rounds of the background work do not go through: {{ $labels.code }}",
        "后台工作未能完成：{{ $labels.code }}",
    )
    yield Alert(
        "LedgerErrandFails",
        'sum by (errand) (increase(onecode_errand_turns_total{outcome="failed"}[15m])) > 3',
        "5m",
        "ticket",
        "An errand fails again and again: {{ $labels.errand }}",
        "后台事务反复失败：{{ $labels.errand }}",
    )
    yield Alert(
        "LedgerNotFolded",
        "max(onecode_unfolded_entries) > 10000",
        "10m",
        "ticket",
        "Pages and figures lag more than 10,000 entries behind the log",
        "页面与数值落后账本 10000 条以上",
    )
    yield Alert(
        "LedgerWitnessSilent",
        f"time() - max by (witness) (onecode_witness_cosigned_timestamp_seconds) > {at.witness_hours * 3600}",
        "15m",
        "page",
        f"The witness {{{{ $labels.witness }}}} did not cosign for {at.witness_hours} h: does it refuse, and why?",
        f"见证方 {{{{ $labels.witness }}}} 已 {at.witness_hours} 小时未会签：请询问是否拒签及原因",
    )
    yield Alert(
        "LedgerWitnessRefuses",
        "max(onecode_witnesses_refusing) > 0",
        "1m",
        "page",
        "A witness refuses to cosign: it may have seen another history than this one",
        "有见证方拒绝会签：它可能见过与此不同的历史",
    )
    yield Alert(
        "LedgerWitnessUnknown",
        "absent(onecode_witness_cosigned_timestamp_seconds)",
        "1d",
        "ticket",
        "No witness ever cosigned: nobody outside would notice a second history",
        "尚无见证方会签：账本外部无人能发现历史被分叉",
    )
    yield Alert(
        "LedgerBackupOld",
        f"time() - max(onecode_backup_timestamp_seconds) > {at.backup_hours * 3600}"
        " or absent(onecode_backup_timestamp_seconds)",
        "15m",
        "page",
        f"The last whole backup is older than {at.backup_hours} h, or there is none",
        f"最近一次完整备份已超过 {at.backup_hours} 小时，或尚无备份",
    )
    yield Alert(
        "LedgerDiskFull",
        f"min(onecode_disk_free_bytes / onecode_disk_bytes) * 100 < {at.disk_free_percent}",
        "10m",
        "page",
        f"Less than {at.disk_free_percent} % of the ledger's disk is free",
        f"账本磁盘剩余不足 {at.disk_free_percent}%",
    )
    yield Alert(
        "LedgerErrors",
        '100 * sum(rate(onecode_requests_total{status=~"5.."}[5m])) / sum(rate(onecode_requests_total[5m]))'
        f" > {at.error_percent}",
        "5m",
        "page",
        f"More than {at.error_percent} % of answers are errors of the server",
        f"超过 {at.error_percent}% 的应答为服务器错误",
    )
    yield Alert(
        "LedgerSlow",
        f"histogram_quantile(0.99, sum by (le) (rate(onecode_request_seconds_bucket[5m]))) > {at.slow_seconds}",
        "15m",
        "ticket",
        f"One answer in a hundred takes longer than {at.slow_seconds} s",
        f"百分之一的应答慢于 {at.slow_seconds} 秒",
    )
    yield Alert(
        "LedgerDatabaseGone",
        "min(onecode_database_up) == 0",
        "1m",
        "page",
        "A process does not reach PostgreSQL",
        "有进程无法连接 PostgreSQL",
    )
    yield Alert(
        "LedgerProcessGone",
        'up{job=~"api|worker"} == 0',
        "2m",
        "page",
        "{{ $labels.job }} at {{ $labels.instance }} gives no figures",
        "{{ $labels.instance }} 的 {{ $labels.job }} 没有指标",
    )
    yield Alert(
        "ChainNodeGone",
        'up{job="chain"} == 0',
        "5m",
        "ticket",
        "The chain node {{ $labels.instance }} gives no figures: one of four may fail, two may not",
        "链节点 {{ $labels.instance }} 没有指标：四个节点只容许一个故障",
    )
