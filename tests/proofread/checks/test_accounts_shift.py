"""Rows that slipped are one finding, with the amounts moved back, whichever tables carry them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.proofread.forms.department import LAYOUTS, Bureau, Layout, changed, tables
from tests.proofread.read_accounts import read_accounts
from yibao.proofread.checks.accounts import check_accounts
from yibao.proofread.document import Place, Table
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.forms.facts import Fact, FormContext
from yibao.proofread.quantity import parse

ROWS = ("2101501", "2101502", "2101506", "2101301")
Tables = Sequence[tuple[Table, FormContext]]


def shifted(
    made: Tables, captions: Sequence[str], rows: Sequence[str] = ROWS, columns: Sequence[int] | None = None
) -> list[tuple[Table, FormContext]]:
    """The amounts of some rows moved down by one, the last to the top."""
    out = []
    for t, c in made:
        if t.caption in captions:
            at = {x.text: x.row for row in t.rows for x in row[:1] if x.text in rows}
            order = [at[code] for code in sorted(at)]
            old = t
            for i, row in enumerate(order):
                donor = order[i - 1]
                for col in columns or range(2, t.width):
                    t = changed(t, row, col, old.text(donor, col))
        out.append((t, c))
    return out


def check(made: Tables, text: Sequence[Fact] = ()) -> list[Check]:
    return list(check_accounts(read_accounts(made), text))


def loud(checks: Sequence[Check]) -> list[Check]:
    return [c for c in checks if c.weight in (Severity.ERROR, Severity.WARNING)]


def shifts(checks: Sequence[Check]) -> list[Check]:
    return [c for c in checks if c.kind == "row_shift"]


def told(bureau: Bureau) -> list[Fact]:
    """The item list of a narrative that is right."""
    out = []
    for i, code in enumerate(ROWS):
        q = parse(f"{Decimal(bureau.amount(code)) / 1_000_000:.2f}万元")
        assert q is not None
        out.append(
            Fact(
                f"code:{code}",
                "",
                2031,
                "final",
                q,
                Evidence(q.raw, Place("样例.txt", 90 + i)),
                "text",
                "prose",
                (90 + i, 0),
            )
        )
    return out


@pytest.mark.parametrize("layout", [LAYOUTS[0], LAYOUTS[1], LAYOUTS[7]], ids=lambda x: x.name)
def test_one_shifted_table_is_one_finding(layout: Layout) -> None:
    bureau = Bureau(4)
    checks = check(shifted(tables(bureau, layout), ["支出决算表"]))
    found = shifts(checks)
    assert len(found) == 1
    assert found[0].verdict is Verdict.INCONSISTENT
    assert "《支出决算表》" in found[0].message.partition("与")[0]
    assert all(f"{code} " in (found[0].expected or "") for code in ROWS)
    cells = {o.key for o in found[0].operands}
    others = [c for c in loud(checks) if c.kind != "row_shift"]
    assert others
    assert all(c.group == found[0].group for c in others)
    assert all(cells & {o.key for o in (*((c.target,) if c.target else ()), *c.operands)} for c in others)


def test_two_tables_filled_from_the_shifted_one_are_still_one_finding() -> None:
    made = shifted(tables(Bureau(4), LAYOUTS[1]), ["支出决算表", "一般公共预算财政拨款支出决算表"])
    found = shifts(check(made, told(Bureau(4))))
    assert len(found) == 1
    assert "《支出决算表》、《一般公共预算财政拨款支出决算表》与" in found[0].message
    assert len(found[0].related) == 2 * len(ROWS)


def test_class_totals_decide_against_two_tables() -> None:
    rows = (*ROWS, "2210201")
    made = shifted(tables(Bureau(4), LAYOUTS[1]), ["支出决算表", "一般公共预算财政拨款支出决算表"], rows)
    found = shifts(check(made))
    assert len(found) == 1
    assert found[0].message.startswith("《支出决算表》、《一般公共预算财政拨款支出决算表》与《收入决算表》")


def test_the_proposal_moves_whole_rows_back() -> None:
    bureau = Bureau(4)
    found = shifts(check(shifted(tables(bureau, LAYOUTS[1]), ["支出决算表"])))[0]
    basic, project = (f"{Decimal(v) / 1_000_000:.2f}".rstrip("0").rstrip(".") for v in bureau.items["2101501"])
    assert f"基本支出{basic}、项目支出{project}" in (found.expected or "")


def test_a_shifted_narrative_is_found_against_the_tables() -> None:
    bureau = Bureau(4)
    facts = told(bureau)
    moved = [replace(f, quantity=facts[i - 1].quantity) for i, f in enumerate(facts)]
    found = shifts(check(tables(bureau, LAYOUTS[1]), moved))
    assert len(found) == 1
    assert found[0].message.startswith("正文分项说明与")
    assert found[0].evidence.place.block == 90


def test_one_column_may_slip_alone() -> None:
    bureau = Bureau(4)
    for i, code in enumerate(ROWS):
        bureau.items[code] = (bureau.items[code][0], (i + 2) * 10_000_000)
    made = shifted(tables(bureau, LAYOUTS[1]), ["一般公共预算财政拨款支出决算表"], columns=[4])
    found = shifts(check(made))
    assert len(found) == 1
    assert "“项目支出”列" in found[0].message


def test_two_exchanged_rows_are_no_shift() -> None:
    made = shifted(tables(Bureau(4), LAYOUTS[1]), ["支出决算表"], ROWS[:2])
    checks = check(made)
    assert shifts(checks) == []
    assert sum(c.kind == "cross_table" for c in loud(checks)) >= 2


def test_consistent_tables_and_narrative_have_no_shift() -> None:
    assert shifts(check(tables(Bureau(4), LAYOUTS[0]), told(Bureau(4)))) == []


def test_the_published_shift_is_one_finding(shared) -> None:  # type: ignore[no-untyped-def]
    from yibao.proofread.document import Package
    from yibao.proofread.read import read_file
    from yibao.proofread.reading import read

    reading = read(Package((read_file(next((shared / "seeds").glob("004_*"))),)))
    from yibao.proofread.checks.accounts import run

    checks = list(run(reading))
    found = shifts(checks)
    assert len(found) == 1
    assert len({e.place.block for e in found[0].related}) == 2
    assert "2101501 行政运行 45.83（基本支出43、项目支出2.83）" in (found[0].expected or "")
    assert all(c.group == found[0].group for c in loud(checks))
