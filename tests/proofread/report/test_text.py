"""The report at the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.proofread.report import sample
from yibao.proofread.document import Place
from yibao.proofread.findings import Evidence, Finding, NotRun, Report, Severity, Verdict
from yibao.proofread.report import print_text, render_text
from yibao.proofread.report.text import MAX_RELATED, wrap


def finding(**changes: object) -> Finding:
    here = Evidence("结余38.55万元", Place("a.txt", 0, paragraph=1))
    return replace(
        Finding("difference", Severity.ERROR, Verdict.INCONSISTENT, here, "38.55万元", "38.45万元", "相差0.10万元。"),
        **changes,
    )  # type: ignore[arg-type]


def report(*findings: Finding) -> Report:
    return Report("a.txt", "标题", "整体支出绩效自评报告", 2031, "青禾县医疗保障局", findings)


def test_finding_says_what_where_why_and_what_instead() -> None:
    text = render_text([sample.report()])
    at = text.index("【错误】差额")
    block = text[at : text.index("3. 【", at)]
    for part in (
        "第1页 · 二、预算执行情况 · 第5段",
        "「全年支出601.75万元，年末结余38.55万元」",
        "相差0.10万",
        "38.45万元（文中为 38.55万元）",
        "疑录入错误",
        "「全年预算640.20万元」",
    ):
        assert part in block


def test_findings_come_errors_first() -> None:
    text = render_text([sample.report()])
    assert text.index("【错误】得分合计") < text.index("【提醒】措辞与数字") < text.index("【提示】占比")


def test_header_counts() -> None:
    assert "错误 5 条，提醒 2 条，提示 1 条；共核对 17 项。" in render_text([sample.report()])


def test_clean_report_says_so_and_still_lists_the_checks() -> None:
    text = render_text([replace(sample.report(), findings=())])
    assert "未发现问题；共核对 17 项。" in text
    assert "核对清单" in text


def test_checks_that_did_not_run_are_listed_with_their_reason() -> None:
    text = render_text([sample.report()])
    assert "未进行的核对（不等于通过）" in text
    assert "与上年文件：没有给出上年文件" in text


def test_same_reason_is_printed_once() -> None:
    given = replace(
        report(),
        not_run=(NotRun("sum", "没有读出表格。"), NotRun("row_sum", "没有读出表格。"), NotRun("sum", "没有读出表格。")),
    )
    assert "合计与分项、行合计：没有读出表格。" in render_text([given])


def test_long_repair_is_printed_once() -> None:
    repair = "；".join(f"科目{i}应为{i}.50" for i in range(20))
    assert render_text([report(finding(expected=repair, message=f"整行错位，应为：{repair}"))]).count("科目19") == 1
    assert render_text([report(finding(expected=repair, message="整行错位。"))]).count("科目19") == 1


@pytest.mark.parametrize(("n", "more"), [(MAX_RELATED, None), (MAX_RELATED + 3, "另有 3 处")])
def test_related_places_are_limited(n: int, more: str | None) -> None:
    others = tuple(Evidence(f"第{i}处", Place("a.txt", i)) for i in range(n))
    text = render_text([report(finding(related=others))])
    assert text.count("处」") == min(n, MAX_RELATED)
    assert (more in text) if more else ("另有" not in text)


def test_related_place_in_another_file_names_the_file() -> None:
    text = render_text([report(finding(related=(Evidence("x", Place("附件/b.xlsx", 0, page=3)),)))])
    assert "b.xlsx · 第3页" in text


@pytest.mark.parametrize("width", [60, 80, 100])
def test_lines_fit_the_width(width: int) -> None:
    long = finding(message="本年收入合计12345678.90万元，" * 12)
    lines = render_text([sample.report(), report(long)], width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


def test_piped_output_has_no_colour_codes() -> None:
    out = io.StringIO()
    print_text([sample.report()], Console(file=out, width=80))
    assert "\x1b" not in out.getvalue()


def test_markup_and_escapes_in_the_document_are_text() -> None:
    nasty = Evidence("[red]坏[/red] \x1b[31m[link=x]", Place("a.txt", 0))
    out = io.StringIO()
    print_text(
        [report(finding(evidence=nasty, message="[/] [bold]"))],
        Console(file=out, width=80, force_terminal=True, color_system="truecolor"),
    )
    assert "[red]坏[/red]" in out.getvalue()
    assert "[/] [bold]" in out.getvalue()
    assert "\x1b[31m[link" not in out.getvalue()


def test_several_files_end_with_a_total() -> None:
    assert "共 2 个文件：错误 6 条，提醒 2 条，提示 1 条。" in render_text([sample.report(), report(finding())])


def test_kind_without_explanation_is_printed_by_its_id() -> None:
    assert "【错误】brand_new" in render_text([report(finding(kind="brand_new"))])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("一二三", ["一二三"]),
        ("年末结余为38.45万元。", ["年末结余", "为38.45", "万元。"]),
        ("一二三四，五", ["一二三", "四，五"]),
        ("一二三（四", ["一二三", "（四"]),
        ("一二三四）。五", ["一二三", "四）。五"]),
        ("甲\n\n乙", ["甲", "乙"]),
    ],
)
def test_wrap(text: str, lines: list[str]) -> None:
    assert wrap(text, 8) == lines


def test_wrap_bears_an_endless_word() -> None:
    assert max(len(line) for line in wrap("9" * 1000, 10)) <= 40


def test_wrap_bears_nothing_but_closing_marks() -> None:
    assert "".join(wrap("）" * 50, 8)) == "）" * 50
