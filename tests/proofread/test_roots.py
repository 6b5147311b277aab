"""From failed checks to findings: one root is one finding, two roots are two."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.proofread import check_package, roots
from yibao.proofread.document import Package, Paragraph, Place, Source
from yibao.proofread.findings import Check, Evidence, Operand, Severity, Verdict


def number(key: int, value: str, half: str = "0", *, row: int | None = None) -> Operand:
    place = Place("样例.txt", key, row=row) if row is None else Place("样例.txt", 0, table="表", row=row, column=key)
    return Operand((place.block, row or 0, key), Decimal(value), Evidence(f"第{key}个数{value}", place), Decimal(half))


def relation(
    kind: str, target: Operand, *operands: Operand, group: str = "", message: str = "", verdict: Verdict | None = None
) -> Check:
    """A check whose verdict follows from its numbers."""
    values = [o.value for o in operands]
    computed = {
        "difference": lambda: values[0] - values[1],
        "percent_of": lambda: values[0] / values[1],
        "fund_closing": lambda: values[0] + values[1] - sum(values[2:]),
    }.get(kind, lambda: sum(values, Decimal(0)))()
    found = verdict or (Verdict.CONSISTENT if computed == target.value else Verdict.INCONSISTENT)
    text = message or f"{kind}:{target.value}={computed}"
    return Check(
        kind,
        found,
        target.evidence,
        str(target.value),
        str(computed),
        text,
        "",
        tuple(o.evidence for o in operands),
        None,
        target,
        operands,
        group,
    )


def test_nothing_failed_is_no_finding() -> None:
    assert roots.merge([]) == []
    assert roots.merge([relation("sum", number(1, "31"), number(2, "9"), number(3, "22"))]) == []


def test_one_failed_check_is_one_finding() -> None:
    check = relation("sum", number(1, "31"), number(2, "9"), number(3, "20"))
    (finding,) = roots.merge([check])
    assert (finding.kind, finding.severity, finding.stated, finding.expected) == ("sum", "error", "31", "29")
    assert [e.quote for e in finding.related] == ["第2个数9", "第3个数20"]


def test_one_wrong_number_that_breaks_three_checks_is_one_finding() -> None:
    """20 should be 22: it breaks a sum, a comparison and a difference, and each of them alone would allow another repair."""
    wrong = number(3, "20")
    checks = [
        relation("sum", number(1, "31"), number(2, "9"), wrong),
        relation("text_vs_table", number(4, "22"), wrong),
        relation("difference", number(5, "10"), wrong, number(6, "12")),
    ]
    (finding,) = roots.merge(checks)
    assert finding.evidence.quote == "第3个数20"
    assert finding.severity == "error"
    assert {e.quote for e in finding.related} >= {"第1个数31", "第4个数22", "第5个数10"}
    assert "另涉及2项" in finding.message


def test_what_held_before_is_not_sacrificed() -> None:
    """The total is confirmed elsewhere, so the part is wrong."""
    total, part = number(1, "31"), number(3, "20")
    checks = [
        relation("sum", total, number(2, "9"), part),
        relation("text_vs_table", number(4, "22"), part),
        relation("text_vs_table", number(7, "31"), total),
    ]
    (finding,) = roots.merge(checks)
    assert finding.evidence.quote == "第3个数20"


def test_two_independent_errors_are_two_findings() -> None:
    checks = [
        relation("sum", number(1, "31"), number(2, "9"), number(3, "20")),
        relation("sum", number(11, "50"), number(12, "20"), number(13, "29")),
    ]
    assert len(roots.merge(checks)) == 2


def test_two_wrong_numbers_of_three_checks_each_are_two_findings() -> None:
    def broken(base: int) -> list[Check]:
        wrong = number(base + 3, "20")
        return [
            relation("sum", number(base + 1, "31"), number(base + 2, "9"), wrong),
            relation("text_vs_table", number(base + 4, "22"), wrong),
            relation("difference", number(base + 5, "10"), wrong, number(base + 6, "12")),
        ]

    assert len(roots.merge([*broken(0), *broken(10)])) == 2


def test_a_wrong_ratio_operand_is_found() -> None:
    wrong = number(3, "530", "0.5")
    checks = [
        relation("sum", number(1, "812", "0.5"), wrong, number(2, "309", "0.5")),
        relation("percent_of", number(4, "0.619", "0.0005"), wrong, number(1, "812", "0.5")),
    ]
    (finding,) = roots.merge(checks)
    assert finding.evidence.quote == "第3个数530"


def test_the_expense_of_a_closing_counts_down() -> None:
    """25 should be 20: opening 12 + income 18 − expense 20 = closing 10, and a total that prints the expense elsewhere."""
    wrong = number(4, "25")
    checks = [
        relation("fund_closing", number(1, "10"), number(2, "12"), number(3, "18"), wrong),
        relation("text_vs_table", number(5, "20"), wrong),
        relation("sum", number(3, "18"), number(6, "11"), number(7, "7")),
    ]
    (finding,) = roots.merge(checks)
    assert finding.evidence.quote == "第4个数25"


def test_a_row_shift_absorbs_what_touches_its_cells() -> None:
    cells = [number(c, f"{c}0") for c in range(1, 5)]
    shift = Check(
        "row_shift", Verdict.INCONSISTENT, cells[0].evidence, "整行错位", None, "整行错位", operands=tuple(cells)
    )
    checks = [
        relation("text_vs_table", number(21, "15"), cells[1]),
        shift,
        relation("cross_table", number(22, "35"), cells[3]),
        relation("sum", number(31, "31"), number(32, "9"), number(33, "20")),
    ]
    findings = roots.merge(checks)
    assert sorted(f.kind for f in findings) == ["row_shift", "sum"]
    (shifted,) = [f for f in findings if f.kind == "row_shift"]
    assert {e.quote for e in shifted.related} >= {"第21个数15", "第22个数35"}


def test_declared_groups_are_one_finding() -> None:
    checks = [
        relation("weight_text_vs_table", number(1, "10"), number(2, "5"), group="weights"),
        relation("weight_text_vs_table", number(3, "5"), number(4, "10"), group="weights"),
    ]
    (finding,) = roots.merge(checks)
    assert "另涉及1项" in finding.message


def test_one_number_wrong_in_two_ways_is_one_finding() -> None:
    target = number(1, "31")
    checks = [
        relation("sum", target, number(2, "9"), number(3, "20")),
        relation("sum", target, number(4, "8"), number(5, "20")),
    ]
    assert len(roots.merge(checks)) == 1


def test_the_same_words_copied_are_one_finding() -> None:
    def placeholder(block: int) -> Check:
        return Check(
            "placeholder", Verdict.INCONSISTENT, Evidence("XX万元", Place("样例.txt", block)), "XX", None, "未填写"
        )

    assert len(roots.merge([placeholder(1), placeholder(5)])) == 1


def test_the_loudest_speaks() -> None:
    target = number(1, "31")
    quiet = relation("sum", target, number(2, "9"), number(3, "20"), verdict=Verdict.SUSPICIOUS)
    loud = relation("sum", target, number(4, "8"), number(5, "20"))
    (finding,) = roots.merge([quiet, loud])
    assert finding.severity is Severity.ERROR


def test_findings_stand_in_order() -> None:
    checks = [
        relation("sum", number(9, "5"), number(10, "4")),
        relation("sum", number(2, "5"), number(3, "4"), verdict=Verdict.SUSPICIOUS),
        relation("sum", number(4, "5"), number(5, "4")),
    ]
    assert [f.evidence.place.block for f in roots.merge(checks)] == [4, 9, 2]


def test_rounding_is_a_hint() -> None:
    (finding,) = roots.merge([relation("sum", number(1, "31"), number(2, "30"), verdict=Verdict.ROUNDING)])
    assert finding.severity is Severity.INFO


def said(findings: Sequence[roots.Finding]) -> set[str]:
    return {e.quote for f in findings for e in (f.evidence, *f.related)}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30)), max_size=12), st.randoms())
def test_every_failed_check_is_said_once_in_whatever_order(
    triples: list[tuple[int, int, int]], rng: random.Random
) -> None:
    checks = [
        relation("sum", number(a, str(a * 3)), number(b + 40, str(b)), number(c + 80, str(c))) for a, b, c in triples
    ]
    shuffled = rng.sample(checks, len(checks))
    failed = {c.evidence.quote for c in checks if c.weight}
    for findings in (roots.merge(checks), roots.merge(shuffled)):
        assert failed <= said(findings)
        places = [f.evidence for f in findings]
        assert len({(f.kind, f.evidence.quote, f.message) for f in findings}) == len(places)


def test_many_failures_are_bounded_work() -> None:
    checks = [relation("sum", number(i, "31"), number(i + 1, "9"), number(i + 2, "20")) for i in range(0, 30_000, 3)]
    assert len(roots.merge(checks)) <= len(checks)


def test_a_finding_at_a_part_states_that_part_and_not_its_total() -> None:
    text = "本年支出合计812.46万元，其中：基本支出530.12万元，占比61.93%；项目支出309.34万元，占比38.07%。"
    (report,) = check_package(Package((Source("样例.txt", "text", (Paragraph(text),)),)))
    (finding,) = [f for f in report.findings if f.severity is Severity.ERROR]
    assert finding.evidence.quote == "基本支出530.12万元"
    assert (finding.stated, finding.expected) == ("530.12万元", "503.12万元")
