"""What one family of checks says about a text: the shape that the tests of the wording checks share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.proofread.documents import package
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.reading import Reading, read

Run = Callable[[Reading], Iterator[Check]]
REPORT = "2031年度云岭县医疗保障局整体支出绩效自评报告\n云岭县医疗保障局\n"
ACCOUNTS = "2031年度云岭县医疗保障局部门决算\n"
BUDGET = "云岭县2031年县级部门预算\n预算主管部门：云岭县医疗保障局\n"


def checks(run: Run, text: str, kind: str = "") -> list[Check]:
    """Every check of `kind` (or all) that `run` makes of the text; each quote is literal."""
    made = [c for c in run(read(package(text))) if kind in ("", c.kind)]
    bare = "".join(text.split())
    assert all("".join(c.evidence.quote.split()) in bare for c in made)
    return made


def loud(run: Run, text: str, kind: str = "") -> list[tuple[str, str]]:
    """(severity, quote) of what is an error or a warning."""
    return [
        (str(c.weight), c.evidence.quote)
        for c in checks(run, text, kind)
        if c.weight in (Severity.ERROR, Severity.WARNING)
    ]


def held(run: Run, text: str, kind: str = "") -> list[str]:
    """The quotes of what was found in order."""
    return [c.evidence.quote for c in checks(run, text, kind) if c.verdict is Verdict.CONSISTENT]


def one(run: Run, text: str, kind: str = "") -> Check:
    """The one loud check of the text."""
    found = [c for c in checks(run, text, kind) if c.weight in (Severity.ERROR, Severity.WARNING)]
    assert len(found) == 1, [(c.kind, c.evidence.quote, c.message) for c in found]
    return found[0]
