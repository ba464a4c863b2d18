#!/usr/bin/env python3
"""Holds the alert rules, their page and the dashboard against docs/metrics.md, and lets promtool judge them.

- Every metric that a rule or a panel names stands in docs/metrics.md, with every label that it is selected or grouped by.
- Every alert has a section in docs/alerts.md, that section names the alert's severity, and no section is without an alert.
- `promtool check rules` accepts the rules, and every panel's query as a rule; `promtool test rules` passes.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = ROOT / "packaging/prometheus/posthorn.rules.yml"
RULE_TESTS = ROOT / "packaging/prometheus/posthorn.rules.test.yml"
DASHBOARD = ROOT / "packaging/grafana/posthorn.json"
PARTS_OF_HISTOGRAMS = ("_bucket", "_sum", "_count")
LABELS_OF_THE_SCRAPE = {"instance", "job"}


def documented_metrics():
    """name → (type, labels), histograms with the names of their parts."""
    found = {"up": ("gauge", set())}
    row = re.compile(r"\| `((?:posthorn|process)_\w+)` \| (\w+) \| [^|]+ \| ([^|]*)\|")
    for name, kind, labels in row.findall((ROOT / "docs/metrics.md").read_text()):
        own = set(re.findall(r"`(\w+)`", labels))
        if kind == "histogram":
            for part in PARTS_OF_HISTOGRAMS:
                found[name + part] = (kind, own | ({"le"} if part == "_bucket" else set()))
        else:
            found[name] = (kind, own)
    return found


def faults_of_query(query, metrics):
    """What is wrong with the names in one PromQL expression."""
    selected = re.findall(r"\b((?:posthorn|process)_\w+|up)\b\s*(\{[^}]*\})?", query)
    if not selected:
        yield "names no metric"
    known = set(LABELS_OF_THE_SCRAPE)
    for name, selectors in selected:
        if name not in metrics:
            yield f"{name} is not in docs/metrics.md"
            continue
        kind, labels = metrics[name]
        known |= labels
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selectors or ""):
            if label not in labels | LABELS_OF_THE_SCRAPE:
                yield f"{name} has no label {label}"
        counted = re.search(r"(?:rate|increase)\(\s*" + name, query)
        if name.endswith("_total") and not counted:
            yield f"{name} is a counter, and no rate of it is taken"
        if kind == "gauge" and counted:
            yield f"{name} is a gauge, and a rate of it is taken"
    for group in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", query):
        for label in filter(None, re.split(r"[,\s]+", group)):
            if label not in known:
                yield f"is grouped by {label}, which none of its metrics has"


def anchors(text):
    """Heading → the section below it."""
    parts = re.split(r"^## (.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def check_alerts(rules, metrics):
    sections = anchors((ROOT / "docs/alerts.md").read_text())
    names = [rule["alert"] for rule in rules]
    for rule in rules:
        name = rule["alert"]
        for fault in faults_of_query(rule["expr"], metrics):
            yield f"{name}: {fault}"
        if rule["annotations"].get("runbook") != f"docs/alerts.md#{name.lower()}":
            yield f"{name}: its runbook is not its section of docs/alerts.md"
        if name not in sections:
            yield f"{name}: docs/alerts.md has no section of that name"
        elif not sections[name].strip().startswith(rule["labels"]["severity"] + ":"):
            yield f"{name}: its section does not begin with its severity, {rule['labels']['severity']}"
    for heading in sections:
        if heading not in names:
            yield f"docs/alerts.md: there is no alert {heading}"
    if len(names) != len(set(names)):
        yield "an alert has a name twice"


def queries(panels):
    for panel in panels:
        yield from queries(panel.get("panels", []))
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


def plain(query):
    """Without Grafana's variables, for promtool."""
    return query.replace("$__rate_interval", "5m").replace("$instance", ".*")


def promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        yield f"promtool {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}"


def check_dashboard(metrics):
    shown = list(queries(json.loads(DASHBOARD.read_text())["panels"]))
    for title, query in shown:
        for fault in faults_of_query(plain(query), metrics):
            yield f"panel “{title}”: {fault}"
    used = " ".join(query for _, query in shown)
    for name in metrics:
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        if base not in used and name not in ("up", "process_start_time_seconds"):
            yield f"no panel shows {base}"
    rules = [{"record": f"panel:{place}", "expr": plain(query)} for place, (_, query) in enumerate(shown)]
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}, file)
        file.flush()
        yield from promtool("check", "rules", file.name)


def main():
    metrics = documented_metrics()
    rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    faults = [*check_alerts(rules, metrics), *check_dashboard(metrics), *promtool("check", "rules", RULES),
              *promtool("test", "rules", RULE_TESTS)]
    tested = RULE_TESTS.read_text()
    faults += [f"{rule['alert']}: no data of {RULE_TESTS.name} lets it fire" for rule in rules
               if f'alertname="{rule["alert"]}"' not in tested]
    for fault in faults:
        print(fault)
    print(f"{len(rules)} alerts and {len(metrics)} series held against docs/metrics.md, {len(faults)} faults")
    return 1 if faults or not rules else 0


if __name__ == "__main__":
    sys.exit(main())
