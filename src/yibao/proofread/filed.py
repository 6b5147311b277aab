"""What was filed beside what is published: every figure that differs (kind filed_vs_published; `yibao check A --same B`).

`twins` says which number is which; here they are compared, once each, and what belongs together is said together.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from decimal import Decimal

from yibao.proofread.checks.compare import slip
from yibao.proofread.document import Package
from yibao.proofread.findings import Check, Evidence, Finding, NotRun, Operand, Report, Severity, Verdict
from yibao.proofread.forms.facts import Key
from yibao.proofread.naming import ASSUMED, CARRIED
from yibao.proofread.printings import Printings
from yibao.proofread.quantity import Quantity
from yibao.proofread.reading import FileReading, read
from yibao.proofread.twins import CELL, Done, Pair, in_one_unit, judge, twins

KIND = "filed_vs_published"
MAX_NAMED = 12  #: figures named in one summary
MAX_RELATED = 40
MIN_DIGITS = 3  #: printed digits from which on the same change in two places is one change
MIN_SHIFT = 3  #: rows whose numbers changed places
_SIGNS = re.compile(r"[#|\u2423]|^[\d、.]+")
_SCALES = {Decimal(10) ** n for n in (3, 4, 8)} | {Decimal(1).scaleb(-n) for n in (3, 4, 8)}


def compare(filed: Package, published: Package) -> list[Report]:
    """One report for every published file: what differs from what was filed. Sources of last year take no part."""
    ours, theirs = Printings(read(filed)), Printings(read(published))
    pairs = twins(ours, theirs)
    return [_report(file, ours, theirs, pairs, first=i == 0) for i, file in enumerate(theirs.reading.files)]


def _report(file: FileReading, ours: Printings, theirs: Printings, pairs: Sequence[Pair], *, first: bool) -> Report:
    path = file.source.path
    own = [p for p in pairs if p.published.evidence.place.file == path]
    checks = tuple(_check(p) for p in own)
    done = Done(pairs)
    findings = [*_findings(own), *_only_in_one(theirs, done.published, path, "公开稿")]
    if first:
        findings += _only_in_one(ours, done.filed, None, "报送稿")
    profile = file.profile
    not_run = tuple(_not_run(file, theirs, own))
    return Report(path, profile.title, profile.kind, profile.year, profile.bureau, tuple(findings), checks, not_run)


def _check(pair: Pair) -> Check:
    a, b = pair.filed, pair.published
    verdict = judge(a.quantity, b.quantity)
    if verdict is Verdict.INCONSISTENT and not pair.sure:
        verdict = Verdict.SUSPICIOUS
    x, y = in_one_unit(a.quantity, b.quantity)
    old, new = _shown(x), _shown(y)
    name = f"{b.name}：" if b.name else ""
    if verdict is Verdict.CONSISTENT:
        message = f"{name}报送稿、公开稿均为{new}"
    elif verdict is Verdict.ROUNDING:
        message = f"{name}报送稿为{old}，公开稿为{new}，只是写法或位数不同"
    else:
        message = f"{name}报送稿为{old}，公开稿为{new}"
    cause = slip(y, x.base) if verdict is Verdict.INCONSISTENT and x.dimension == y.dimension else ""
    target = Operand(b.key, y.base, b.evidence, y.half)
    return Check(KIND, verdict, b.evidence, new, old, message, cause, (a.evidence,), None, target)


def _shown(q: Quantity) -> str:
    return q.raw if not q.unit or q.raw.endswith(q.unit.symbol) else q.raw + q.unit.symbol


def _findings(pairs: Sequence[Pair]) -> Iterator[Finding]:
    different = [p for p in pairs if judge(p.filed.quantity, p.published.quantity) is Verdict.INCONSISTENT]
    printed = [p for p in pairs if judge(p.filed.quantity, p.published.quantity) is Verdict.ROUNDING]
    for gather in (_moved_rows, _other_scale):
        groups, different = gather(different)
        yield from (_finding(group, cause) for group, cause in groups)
    for group in _grouped(different, _same_change):
        yield _finding(group)
    for group in _grouped(printed, _block):
        yield _finding(group)


Grouped = tuple[list[tuple[list[Pair], str]], list[Pair]]


def _grouped(pairs: Iterable[Pair], name: Callable[[Pair], Hashable]) -> list[list[Pair]]:
    found: dict[Hashable, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[name(pair)].append(pair)
    return list(found.values())


def _same_change(pair: Pair) -> Hashable:
    """One change made in several places, whatever unit stands beside it; a short number changes by chance."""
    a, b = (str(abs(q.value)).replace(".", "").lstrip("0") for q in (pair.filed.quantity, pair.published.quantity))
    return (a.rstrip("0"), b.rstrip("0"), pair.sure) if min(len(a), len(b)) >= MIN_DIGITS else pair.published.key


def _moved_rows(pairs: list[Pair]) -> Grouped:
    """Three rows or more of one column carry each other's numbers."""
    groups: list[tuple[list[Pair], str]] = []
    left: list[Pair] = []
    for group in _grouped(pairs, _column):
        old, new = (
            Counter(q.base for q in side)
            for side in ([p.filed.quantity for p in group], [p.published.quantity for p in group])
        )
        if len(group) >= MIN_SHIFT and old == new:
            groups.append((group, f"公开稿这一列有{len(group)}个数错了行"))
        else:
            left += group
    return groups, left


def _column(pair: Pair) -> Hashable:
    key = pair.published.key
    return (key[0], key[2]) if pair.published.source == "table" and len(key) == CELL else key


def _block(pair: Pair) -> Hashable:
    """A table, or a section of the text."""
    return pair.published.key[0] if pair.published.source == "table" else pair.published.evidence.place.section


def _other_scale(pairs: list[Pair]) -> Grouped:
    """All numbers of a table differ by one factor: its unit was changed and the numbers were not, or the other way round."""
    groups: list[tuple[list[Pair], str]] = []
    left: list[Pair] = []
    for group in _grouped(pairs, lambda p: (p.published.key[0], _scale(p))):
        if len(group) >= MIN_SHIFT and _scale(group[0]) is not None:
            groups.append((group, "疑表头单位（元、万元）写错"))
        else:
            left += group
    return groups, left


def _scale(pair: Pair) -> Decimal | None:
    a, b = in_one_unit(pair.filed.quantity, pair.published.quantity)
    ratio = b.base / a.base if a.base else None
    return ratio if ratio in _SCALES and pair.published.source == "table" else None


def _finding(group: Sequence[Pair], cause: str = "") -> Finding:
    """The first of a group speaks; the filed places come first among the related ones."""
    check = _check(group[0])
    related: dict[Evidence, None] = {}
    for pair in group:
        related.update(dict.fromkeys((pair.filed.evidence, pair.published.evidence)))
    related.pop(check.evidence, None)
    more = (
        f"（另有{len(group) - 1}处相同的改动）"
        if len(group) > 1 and not cause
        else f"（共{len(group)}处）"
        if cause
        else ""
    )
    if check.verdict is Verdict.ROUNDING and len(group) > 1:
        more = f"（这里共有{len(group)}个数写法不同、数值相同）"
    severity = check.weight or Severity.INFO
    return Finding(
        KIND, severity, check.verdict, check.evidence, check.stated, check.expected, check.message + more,
        cause or check.cause, tuple(related)[:MAX_RELATED],
    )  # fmt: skip


def _only_in_one(side: Printings, done: set[Key], path: str | None, name: str) -> list[Finding]:
    """Rows and figures that the other document does not have, in one sentence."""
    found: dict[str, Evidence] = {}
    told: set[Key] = set()
    for row in side.rows:
        free = [n for n in row.numbers if n.key not in done]
        if free and row.evidence is not None and _in_file(row.evidence, path):
            told.update(n.key for n in free)
            whole = len(free) == len(row.numbers)
            label = _SIGNS.sub("", row.label)[:20] or "无名称的行"
            found.setdefault(label + ("" if whole else f"（{free[0].quantity.raw}）"), row.evidence)
    for fact in side.reading.facts:
        if (
            fact.key not in done
            and fact.key not in told
            and fact.form not in (CARRIED, ASSUMED)
            and _in_file(fact.evidence, path)
        ):
            found.setdefault(f"{fact.name}{_shown(fact.quantity)}", fact.evidence)
    if not found:
        return []
    names = "、".join(list(found)[:MAX_NAMED]) + (f"等{len(found)}项" if len(found) > MAX_NAMED else "")
    evidence = list(found.values())
    message = f"只有{name}有的行和数共{len(found)}项：{names}"
    return [
        Finding(
            KIND,
            Severity.INFO,
            Verdict.UNCHECKABLE,
            evidence[0],
            names,
            None,
            message,
            "",
            tuple(evidence[1 : MAX_RELATED + 1]),
        )
    ]


def _in_file(evidence: Evidence, path: str | None) -> bool:
    return path is None or evidence.place.file == path


def _not_run(file: FileReading, theirs: Printings, own: Sequence[Pair]) -> Iterator[NotRun]:
    for warning in file.source.warnings:
        yield NotRun("读取", warning)
    numbers = [n for n in theirs.numbers() if n.evidence.place.file == file.source.path]
    done = {p.published.key for p in own}
    left = sum(1 for n in numbers if n.key not in done)
    if not own:
        yield NotRun(KIND, "两份文件没有可以对上的数，请确认是不是同一份文件的报送稿和公开稿")
    elif left:
        yield NotRun(KIND, f"公开稿的{len(numbers)}个数中有{left}个在报送稿中找不到对应的位置，没有比较")
