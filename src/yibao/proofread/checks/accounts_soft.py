"""What is usually so between tables, or only a form's note says: F1, X9, and codes beside their names (guide §5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from yibao.proofread.checks.accounts_sums import Accounts, by_code, name_of
from yibao.proofread.findings import Check, Severity, Verdict
from yibao.proofread.forms.accounts_table import Line
from yibao.proofread.forms.accounts_words import item_name, words
from yibao.proofread.forms.arithmetic import at_most
from yibao.vocabulary.classification import load_classification

CLOSE = Decimal("0.005")  #: share by which items of two classifications may differ and still count as equal


def soft(a: Accounts) -> Iterator[Check]:
    """F1: items of 功能分类 and 经济分类 for the same payment usually agree; a difference is only worth a look."""
    items, basic = a.get("general") or a.get("expense"), a.get("basic")
    if items is None or basic is None:
        return
    functions, economics = by_code(items), by_code(basic)
    for expected in words().expected_equal:
        ours = [
            n
            for c in expected.function
            if (x := functions.get(c)) and (n := x.amounts.get("basic") or x.amounts.get("total"))
        ]
        theirs = [n for c in expected.economic if (x := economics.get(c)) and (n := x.amounts.get("total"))]
        if not ours or len(theirs) != 1 or not theirs[0].value:
            continue
        stated, total = theirs[0], sum((n.value for n in ours), Decimal(0))
        near = abs(stated.value - total) <= abs(total) * CLOSE
        if not near and (items.table.weak or basic.table.weak):
            continue
        printed = stated.quantity.printed(total)
        message = f"{expected.label}：功能科目{'、'.join(expected.function)}为{printed}，经济科目{expected.economic[0]}为{stated.printed}"
        yield Check(
            "soft_cross", Verdict.CONSISTENT if near else Verdict.SUSPICIOUS, stated.evidence, stated.printed, printed,
            message if near else f"{message}，两者通常相等，请核实有无其他列支",
            related=tuple(n.evidence for n in ours), severity=None if near else Severity.INFO,
        )  # fmt: skip


def within_three_public(a: Accounts) -> Iterator[Check]:
    """X9: 出国, 接待 and vehicle items of 06 are part of the 三公 amounts of 09."""
    basic, three = a.get("basic"), a.get("three_public")
    if basic is None or three is None:
        return
    economics = by_code(basic)
    for item in words().within_three_public:
        line, whole = economics.get(item.economic), three.amount(item.part, "", basic.basis)
        part = line.amounts.get("total") if line else None
        if line is None or whole is None or part is None or not part.value or basic.table.weak or three.table.weak:
            continue
        if load_classification("economic").agrees(line.code, line.label) is False:
            continue
        check = at_most("cross_table", whole, [part], f"{name_of(basic)}{item.economic} {item.label}与{name_of(three)}")
        if check is not None:
            yield replace(check, severity=Severity.WARNING) if check.verdict is Verdict.INCONSISTENT else check


def code_names(a: Accounts) -> Iterator[Check]:
    """A printed code and its name belong together, in the classification of the document's year."""
    seen: set[tuple[str, str]] = set()
    for kind in ("income", "expense", "general", "fund", "capital", "basic"):
        account = a.get(kind)
        if account is None or account.table.weak:
            continue
        known = load_classification("economic" if kind == "basic" else "functional")
        for line in account.items():
            if (line.code, line.name) in seen or not line.name or not line.amounts:
                continue
            seen.add((line.code, line.name))
            if (
                check := _code(
                    line, known.agrees(line.code, line.label, account.year), known.name_of(line.code, account.year)
                )
            ) is not None:
                yield check


def _code(line: Line, agrees: bool | None, name: str | None) -> Check | None:
    if agrees is None or name is None:
        return None
    evidence = next(iter(line.amounts.values())).evidence
    stated = f"{line.code} {line.label}"
    if agrees or _same_name(line.label, name):
        return Check("code", Verdict.CONSISTENT, evidence, stated, name, f"科目编码与名称相符：{stated}")
    return Check(
        "code",
        Verdict.SUSPICIOUS,
        evidence,
        stated,
        name,
        f"科目编码{line.code}对应的名称是“{name}”，表中为“{line.label}”",
    )


def _same_name(printed: str, known: str) -> bool:
    """Names cut off at a line end, or with a character otherwise, are no contradiction."""
    a, b = (item_name(s) for s in (printed, known))
    if a in b or b in a:
        return True
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) <= len(b) // 6
