"""A file beside what was printed into it: what was altered, what was rewritten, and what else the checks say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.proofread.documents import source
from yibao.proofread import check_package
from yibao.proofread.altered import FEW, Altered, Held, held_against, is_foreign
from yibao.proofread.document import NamedFigure, Package, Paragraph, Record, Source, Table
from yibao.proofread.findings import Finding, Report, Severity, Verdict
from yibao.proofread.printed_lines import lines_of
from yibao.vocabulary.ledger import BETWEEN_CELLS

PRINTED = """2025年度支出情况
1.支出合计275.40万元，其中项目支出41.31万元，占15.00%。人员12人。
2.年末参保43.47万人，增长-5.2%。
项目\t预算\t决算
公用经费\t222.78\t308.88
会议费\t2.00\t—
合计\t224.78\t308.88"""


def record(text: str) -> Record:
    """What the ledger would keep of a text."""
    lines = []
    for block in source(text).blocks:
        if isinstance(block, Paragraph):
            lines.append(block.raw)
        else:
            lines += [BETWEEN_CELLS.join(cell.text for cell in row) for row in block.rows]
    return Record(tuple(lines))


def held(now: str, then: str = PRINTED) -> Held:
    return held_against(source(now), record(then))


def told(now: str) -> list[tuple[str, str]]:
    return [(a.expected, a.stated) for a in held(now).altered]


def changed(old: str, new: str) -> str:
    assert PRINTED.count(old) == 1
    return PRINTED.replace(old, new)


def test_what_was_printed_is_the_same() -> None:
    found = held(PRINTED)
    assert found.altered == ()
    assert (found.gone, found.new) == (0, 0)
    assert sum(len(line.figures) for line in found.same) == 14


@pytest.mark.parametrize(
    ("old", "new", "expected", "stated"),
    [
        ("41.31万元", "41.13万元", "41.31万元", "41.13万元"),
        ("41.31万元", "413.1万元", "41.31万元", "413.1万元"),
        ("41.31万元", "41.3万元", "41.31万元", "41.3万元"),
        ("41.31万元", "41.31元", "41.31万元", "41.31元"),
        ("15.00%", "15.00", "15.00%", "15.00"),
        ("-5.2%", "5.2%", "-5.2%", "5.2%"),
        ("43.47万人", "43.47亿人", "43.47万人", "43.47亿人"),
        ("2025年度", "2026年度", "2025年度", "2026年度"),
        ("人员12人", "人员1 2人", "12人", "1 2人"),
        ("222.78", "222.87", "222.78", "222.87"),
        ("2.00\t", "3.00\t", "2.00", "3.00"),
        ("2.00\t", "\t", "2.00", ""),
        ("万元，占15.00%", "万元，占", "15.00%", ""),
        ("1.支出", "7.支出", "1", "7"),
    ],
)
def test_an_altered_figure(old: str, new: str, expected: str, stated: str) -> None:
    assert told(changed(old, new)) == [(expected, stated)]


@pytest.mark.parametrize(
    ("old", "new"),
    [("2.00\t", "2\t"), ("41.31万元", "４１.３１ 万元"), ("275.40", "0275.4"), ("其中项目", "其中 项目")],
)
def test_another_way_of_writing_is_no_alteration(old: str, new: str) -> None:
    assert told(changed(old, new)) == []


def test_what_is_filled_in_is_no_mistake() -> None:
    (altered,) = held(changed("2.00\t—", "2.00\t1.50")).altered
    assert altered.filled_in
    report = proofread(changed("2.00\t—", "2.00\t1.50"))
    assert "altered_figure" not in kinds(report)
    assert [c.verdict for c in report.checks if c.kind == "altered_figure"].count(Verdict.UNCHECKABLE) == 1


def test_rewritten_inserted_and_deleted_lines_are_counted() -> None:
    now = PRINTED.replace("人员12人", "工作人员共12人").replace("2.年末", "2.会议召开3次。\n3.年末")
    found = held(now)
    assert found.altered == ()
    assert (found.gone, found.new) == (1, 2)
    found = held(PRINTED.replace("会议费\t2.00\t—\n", ""))
    assert (found.altered, found.gone, found.new) == ((), 1, 0)


def test_a_figure_is_found_beside_a_rewritten_sentence() -> None:
    assert told(PRINTED.replace("人员12人", "工作人员共12人").replace("41.31", "41.32")) == [("41.31万元", "41.32万元")]


def test_moved_paragraphs_are_the_same_lines() -> None:
    head, first, second, *rest = PRINTED.split("\n")
    assert told("\n".join([head, second.replace("2.", "1."), first.replace("1.", "2.", 1), *rest])) in (
        [],
        [("1", "2"), ("2", "1")],
        [("2", "1"), ("1", "2")],
    )


def test_repeated_lines_find_themselves_by_their_neighbours() -> None:
    then = "\n".join(f"小计\t{n}\t{n}\n其中\t1\t1" for n in (5, 6, 7, 6))
    now = then.replace("小计\t7\t7", "小计\t7\t8")
    (altered,) = held(f"项目\t一\t二\n{now}", f"项目\t一\t二\n{then}").altered
    assert (altered.row, altered.column, altered.stated) == (5, 2, "8")


def test_a_formula_saved_without_its_result_is_not_taken_out() -> None:
    file = source(changed("合计\t224.78\t308.88", "合计\t\t"))
    (at,) = [i for i, block in enumerate(file.blocks) if isinstance(block, Table)]
    table = file.blocks[at]
    assert isinstance(table, Table)
    rows = (*table.rows[:-1], (table.rows[-1][0], *(replace(c, computed=True) for c in table.rows[-1][1:])))
    workbook = replace(file, blocks=(*file.blocks[:at], replace(table, rows=rows)))
    found = held_against(workbook, record(PRINTED))
    assert [(a.expected, a.unsaved) for a in found.altered] == [("224.78", True), ("308.88", True)]
    (report,) = check_package(Package((replace(workbook, record=record(PRINTED)),)))
    assert kinds(report) == []
    assert "2个公式没有保存结果" in report.not_run[-1].reason


def test_the_figure_is_named_where_the_ledger_knows_one_of_its_number() -> None:
    figures = (NamedFigure("公用经费 预算", "222.78", ""), NamedFigure("项目支出", "41.31万元", "一（二）"),
               NamedFigure("甲", "43.47万人", ""), NamedFigure("乙", "43.47万人", ""))  # fmt: skip
    for old, new, name in (
        ("222.78", "222.79", "公用经费 预算"),
        ("41.31", "41.32", "项目支出"),
        ("43.47", "43.48", ""),
    ):
        (altered,) = held_against(source(changed(old, new)), replace(record(PRINTED), figures=figures)).altered
        assert altered.name == name


def test_another_printing_is_told_from_an_altered_one() -> None:
    edits = tuple(Altered(0, None, None, 0, 1, "5", "6") for _ in range(FEW + 1))
    assert is_foreign([Held(edits, compared=10)])
    assert not is_foreign([Held(edits, compared=100)])
    assert not is_foreign([Held(edits[:FEW], compared=FEW)])
    assert not is_foreign([])


# ---- the other checks ---------------------------------------------------------------------------------------------


def proofread(now: str, then: str = PRINTED) -> Report:
    (report,) = check_package(Package((replace(source(now), record=record(then)),)))
    return report


def kinds(report: Report) -> list[str]:
    return [f.kind for f in report.findings if f.severity is not Severity.INFO]


def literal(report: Report, file: Source) -> bool:
    texts = [b.raw if isinstance(b, Paragraph) else "\n".join(map(b.quote, range(len(b.rows)))) for b in file.blocks]
    return all(
        e.quote in texts[e.place.block] and e.quote
        for owner in (*report.findings, *report.checks)
        for e in (owner.evidence, *owner.related)
    )


@pytest.mark.parametrize("new", ["276.40", "27.540", "2754.0"])
def test_an_alteration_that_breaks_sums_and_shares_is_told_once(new: str) -> None:
    now = changed("275.40", new)
    assert len(kinds(check_package(Package((source(now),)))[0])) >= 1  # arithmetic alone sees something else
    report = proofread(now)
    assert kinds(report) == ["altered_figure"]
    (finding,) = report.findings
    assert (finding.stated, finding.expected) == (f"{new}万元", "275.40万元")
    assert literal(report, source(now))


def test_what_is_wrong_on_its_own_is_still_told_and_quotes_the_file() -> None:
    then = PRINTED.replace("15.00%", "16.00%")
    now = then.replace("41.31", "141.319")
    report = proofread(now, then)
    assert kinds(report) == ["altered_figure", "percent_of"]
    share: Finding = report.findings[1]
    assert share.message.endswith("（按印出时的数核对）") or "141.319" not in share.evidence.quote
    assert literal(report, source(now))
    start, end = share.evidence.place.start, share.evidence.place.end
    block = source(now).blocks[share.evidence.place.block]
    assert isinstance(block, Paragraph)
    assert block.raw[start:end] in share.evidence.quote


def test_without_a_record_nothing_is_held() -> None:
    (report,) = check_package(Package((source(PRINTED),)))
    assert not [c for c in report.checks if c.kind == "altered_figure"]


FIGURES = "0123456789.,%万-｜。\t 甲"


@given(st.lists(st.text(FIGURES, max_size=20), max_size=8), st.lists(st.text(FIGURES, max_size=20), max_size=8))
@example(["00。", "00。"], ["。00。"])
def test_any_record_and_any_file(then: list[str], now: list[str]) -> None:
    """Whatever the ledger says: nothing breaks, every quote is literal, and no line is counted twice."""
    file = source("\n".join([*now, "末行5万元。"]))
    with_record = replace(file, record=Record(tuple(then)))
    (report,) = check_package(Package((with_record,)))
    assert literal(report, file)
    found = held_against(file, Record(tuple(then)))
    assert found.new <= sum(1 for line in lines_of(file) if line.figures)


def test_a_record_of_itself_finds_nothing_in_large_and_repetitive_files() -> None:
    text = "\n".join(["支出5万元。"] * 3000 + ["1\t2\t3"] * 3000)
    found = held(text, text)
    assert (found.altered, found.gone, found.new) == ((), 0, 0)
