"""How good the proofreader is on labelled documents: `python bench/labelled.py LABELS.json FOLDER…`.

Labels are a JSON file with `roots` (true inconsistencies, each with the checks and anchors that belong to it) and
`checks` (every relation a careful auditor looked at, with its verdict). A root is found when a finding of severity error
or warning stands at one of its places; a check is covered when a check of ours overlaps its quote. Places are compared in
the document's text without blanks. Counts come with a 95 % Wilson interval: the samples are small.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yibao.proofread import check_package
from yibao.proofread.document import Package
from yibao.proofread.findings import Finding, Report, Severity, Verdict
from yibao.proofread.read import read_file


def bare(text: str) -> str:
    """Text without any blanks, as quotes are compared."""
    return re.sub(r"\s+", "", text)


def spans(quote: str, text: str) -> list[tuple[int, int]]:
    """Where a quote stands in the bare text of its document."""
    needle = bare(quote)
    if not needle:
        return []
    return [(m.start(), m.start() + len(needle)) for m in re.finditer(re.escape(needle), text)][:50]


def overlaps(a: Iterable[tuple[int, int]], b: Iterable[tuple[int, int]]) -> bool:
    right = list(b)
    return any(x < v and u < y for x, y in a for u, v in right)


@dataclass
class Tally:
    """The counts of one document (or of all)."""

    roots: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    consistent: int = 0
    covered: int = 0
    uncovered: list[str] = field(default_factory=list)
    errors: int = 0
    wrong_errors: list[str] = field(default_factory=list)
    warnings: int = 0
    wrong_warnings: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def tally(report: Report, text: str, labels: dict[str, Any], name: str) -> Tally:
    """Our report on one document held against its labels."""
    out = Tally()
    checks = {c["id"]: c for c in labels["checks"] if c["document"] == name}
    loud = [f for f in report.findings if f.severity is not Severity.INFO]
    places = [(f, spans(f.evidence.quote, text), [s for e in f.related for s in spans(e.quote, text)]) for f in loud]
    right: set[int] = set()
    for root in (r for r in labels["roots"] if r["document"] == name):
        anchors = [
            s
            for q in (*(checks[i]["quote"] for i in root["checks"] if i in checks), *root.get("also", ()))
            for s in spans(q, text)
        ]
        hits = [i for i, (_, own, _) in enumerate(places) if overlaps(own, anchors)]
        hits = hits or [i for i, (_, _, related) in enumerate(places) if overlaps(related, anchors)]
        out.roots += 1
        out.found += bool(hits)
        if not hits:
            out.missed.append(f"{root['id']} {root['title']}")
        right.update(hits)
    doubtful = [
        s for c in checks.values() if c["verdict"] in ("suspicious", "inconsistent") for s in spans(c["quote"], text)
    ]
    for i, (finding, own, _) in enumerate(places):
        is_error = finding.severity is Severity.ERROR
        out.errors += is_error
        out.warnings += not is_error
        if (
            i in right
            or (not is_error and overlaps(own, doubtful))
            or (overlaps(own, doubtful) and _labelled(finding, checks, text))
        ):
            continue
        (out.wrong_errors if is_error else out.wrong_warnings).append(_line(finding))
    ours = [spans(c.evidence.quote, text) for c in report.checks if c.verdict in (Verdict.CONSISTENT, Verdict.ROUNDING)]
    for check in checks.values():
        if check["verdict"] != "consistent":
            continue
        out.consistent += 1
        mine = spans(check["quote"], text)
        hit = any(overlaps(mine, s) for s in ours)
        out.covered += hit
        if not hit:
            out.uncovered.append(f"{check['kind']} {check['quote']}")
    return out


def _labelled(finding: Finding, checks: dict[int, dict[str, Any]], text: str) -> bool:
    own = spans(finding.evidence.quote, text)
    return any(c["verdict"] == "inconsistent" and overlaps(own, spans(c["quote"], text)) for c in checks.values())


def _line(finding: Finding) -> str:
    return f"{finding.kind} | {bare(finding.evidence.quote)[:60]} | {finding.message[:110]}"


def wilson(hits: int, n: int) -> str:
    """A proportion with its 95 % interval: "9/10 = 0.90 (0.60–0.98)"."""
    if n == 0:
        return "0/0"
    z, p = 1.96, hits / n
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (max(0.0, (centre - half) / (1 + z * z / n)), min(1.0, (centre + half) / (1 + z * z / n)))
    return f"{hits}/{n} = {p:.2f} ({low:.2f}–{high:.2f})"


def main(arguments: list[str]) -> None:
    labels = json.loads(Path(arguments[0]).read_text("utf-8"))
    folders = [Path(a) for a in arguments[1:]]
    names = sorted({c["document"] for c in labels["checks"]} | {d["file"] for d in labels.get("documents", [])})
    everything = Tally()
    kinds: Counter[str] = Counter()
    documents = 0
    for name in names:
        path = next((f / name for f in folders if (f / name).exists()), None)
        if path is None:
            print(f"{name}: not here")
            continue
        text = bare(path.read_text("utf-8"))
        report = check_package(Package((read_file(path),)))[0]
        kinds.update(c.kind for c in report.checks)
        one = tally(report, text, labels, name)
        documents += 1
        print(f"\n{name}: roots {one.found}/{one.roots}, errors {one.errors} ({len(one.wrong_errors)} not labelled), "
              f"warnings {one.warnings} ({len(one.wrong_warnings)} not labelled), consistent covered {one.covered}/{one.consistent}")  # fmt: skip
        for title, lines in (
            ("missed", one.missed),
            ("wrong error", one.wrong_errors),
            ("wrong warning", one.wrong_warnings),
        ):
            for line in lines:
                print(f"  {title}: {line}")
        if "-v" in sys.argv:
            for line in one.uncovered:
                print(f"  uncovered: {line}")
        everything.add(one)
    print(f"\n{documents} documents")
    print("roots found        ", wilson(everything.found, everything.roots))
    print("errors right       ", wilson(everything.errors - len(everything.wrong_errors), everything.errors))
    print("warnings right     ", wilson(everything.warnings - len(everything.wrong_warnings), everything.warnings),
          f"wrong per document {len(everything.wrong_warnings) / max(documents, 1):.2f}")  # fmt: skip
    print("consistent covered ", wilson(everything.covered, everything.consistent))


if __name__ == "__main__":
    main([a for a in sys.argv[1:] if not a.startswith("-")])
