"""What was filed beside what is published (yibao check A --same B)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proofread.documents import package, source, together
from tests.proofread.read.making import Pdf
from yibao.proofread import compare
from yibao.proofread.document import Package, Paragraph, Table
from yibao.proofread.findings import Finding, Report
from yibao.proofread.quantity import parse
from yibao.proofread.read import read_package
from yibao.proofread.twins import judge

TEXT = """2031年度云岭县医疗保障局绩效自评报告
一、基本情况
全局核定编制41人，年末实有在职人员38人，退休人员12人。
二、预算执行情况
全年预算安排640.20万元，全年执行601.75万元，执行率93.99%。
其中：基本支出412.50万元，占支出的68.55%；项目支出189.25万元，占支出的31.45%。
公务接待费支出1.26万元，公务用车运行维护费支出4.80万元。
三、项目支出
宣传培训项目年初预算30.00万元，支出决算28.60万元，完成年初预算的95.33%。
信息维护项目年初预算50.00万元，支出决算46.10万元，完成年初预算的92.20%。
稽核检查项目年初预算45.00万元，支出决算43.55万元，完成年初预算的96.78%。"""
TABLE = """三公经费支出决算表
单位：万元
项目\t年初预算数\t决算数
因公出国（境）费\t0.00\t0.00
公务用车运行维护费\t5.00\t4.80
公务接待费\t2.00\t1.26
合计\t7.00\t6.06"""


def one(filed: str | Package, published: str | Package) -> Report:
    a, b = (package(x) if isinstance(x, str) else x for x in (filed, published))
    (report,) = compare(a, b)
    return report


def wrong(report: Report) -> list[Finding]:
    return [f for f in report.findings if f.severity != "info"]


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_an_unchanged_document_has_no_finding() -> None:
    report = one(f"{TEXT}\n{TABLE}", f"{TEXT}\n{TABLE}")
    assert report.findings == ()
    assert {str(c.verdict) for c in report.checks} == {"consistent"}
    assert {c.kind for c in report.checks} == {"filed_vs_published"}
    assert len(report.checks) == 29
    assert report.not_run == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("编制41人", "编制14人"),
        ("601.75万元", "610.75万元"),
        ("执行率93.99%", "执行率93.89%"),
        ("43.55万元", "34.55万元"),
        ("95.33%", "95.35%"),
        ("退休人员12人", "退休人员12家"),
    ],
)
def test_a_changed_number_in_prose_is_an_error_with_both_places(old: str, new: str) -> None:
    report = one(TEXT, changed(TEXT, (old, new)))
    (finding,) = report.findings
    assert (finding.kind, finding.severity, finding.verdict) == ("filed_vs_published", "error", "inconsistent")
    assert new in finding.evidence.quote
    assert any(old in e.quote for e in finding.related)
    assert finding.stated in new
    assert finding.expected is not None
    assert finding.expected in old


def test_a_changed_cell_is_an_error_at_the_cell() -> None:
    report = one(TABLE, changed(TABLE, ("2.00\t1.26", "2.00\t1.62")))
    (finding,) = report.findings
    assert (finding.stated, finding.expected) == ("1.62万元", "1.26万元")
    assert finding.evidence.place.row_label == "公务接待费"
    assert "决算数" in (finding.evidence.place.column_label or "")
    assert finding.cause == "疑两位数字颠倒"


def test_reordered_sections_are_no_difference() -> None:
    lines = TEXT.split("\n")
    report = one(f"{TEXT}\n{TABLE}", "\n".join([lines[0], *lines[7:], *lines[3:7], *lines[1:3]]) + "\n" + TABLE)
    assert wrong(report) == []
    assert not [c for c in report.checks if c.verdict == "inconsistent"]


def test_reordered_rows_are_no_difference() -> None:
    lines = TABLE.split("\n")
    report = one(TABLE, "\n".join([*lines[:3], lines[5], lines[3], lines[4], lines[6]]))
    assert report.findings == ()


def test_reordered_items_with_a_change_give_that_change_only() -> None:
    lines = TEXT.split("\n")
    moved = "\n".join([*lines[:8], lines[10], lines[8], lines[9]])
    (finding,) = one(TEXT, changed(moved, ("46.10万元", "41.60万元"))).findings
    assert (finding.stated, finding.expected) == ("41.60万元", "46.10万元")


def test_a_dropped_item_of_a_list_does_not_shift_the_others() -> None:
    filed = "2031年度自评报告\n一、项目\n" + "\n".join(
        f"支出决算{n}.50万元，完成年初预算的9{n}.20%。" for n in range(1, 7)
    )
    lines = filed.split("\n")
    report = one(filed, "\n".join([*lines[:3], *lines[4:]]))
    assert wrong(report) == []


def test_a_dropped_row_is_told_once() -> None:
    lines = TABLE.split("\n")
    report = one(TABLE, "\n".join([*lines[:5], lines[6]]))
    (finding,) = report.findings
    assert finding.severity == "info"
    assert "只有报送稿有" in finding.message
    assert "公务接待费" in finding.message


def test_an_added_row_is_told_once() -> None:
    report = one(TABLE, TABLE + "\n会议费\t1.00\t0.90")
    (finding,) = report.findings
    assert finding.severity == "info"
    assert "只有公开稿有的行和数共1项：会议费" in finding.message


def test_the_same_change_in_text_and_table_is_one_finding() -> None:
    both = f"{TEXT}\n{TABLE}"
    published = both.replace("4.80", "8.40")
    (finding,) = one(both, published).findings
    assert finding.stated == "8.40万元"
    assert len(finding.related) == 3
    assert "另有1处相同的改动" in finding.message


def test_another_unit_or_precision_is_a_hint() -> None:
    report = one(TEXT, changed(TEXT, ("601.75万元", "6017500元"), ("占支出的68.55%", "占支出的68.6%")))
    assert {(str(f.severity), str(f.verdict)) for f in report.findings} == {("info", "rounding")}


def test_a_table_in_yuan_is_the_table_in_wan_yuan() -> None:
    yuan = "\n".join(
        line
        if i < 3
        else "\t".join(c if k == 0 else f"{Decimal(c) * 10000:.2f}" for k, c in enumerate(line.split("\t")))
        for i, line in enumerate(TABLE.replace("单位：万元", "单位：元").split("\n"))
    )
    report = one(TABLE, yuan)
    (finding,) = report.findings
    assert (finding.severity, finding.verdict) == ("info", "rounding")


def test_a_wrong_unit_over_a_table_is_one_finding() -> None:
    report = one(TABLE, TABLE.replace("单位：万元", "单位：元"))
    (finding,) = report.findings
    assert finding.severity == "error"
    assert "单位" in finding.cause


def test_rows_that_changed_places_are_one_finding() -> None:
    head = "支出决算表\n单位：万元\n项目\t决算数\n"
    names = ("行政运行", "事业运行", "医疗救助", "住房公积金")
    filed = head + "\n".join(f"{n}\t{v}" for n, v in zip(names, ("10.10", "20.20", "30.30", "40.40"), strict=True))
    published = head + "\n".join(f"{n}\t{v}" for n, v in zip(names, ("40.40", "10.10", "20.20", "30.30"), strict=True))
    (finding,) = one(filed, published).findings
    assert "错了行" in finding.cause
    assert len(finding.related) == 7


def test_a_rewritten_sentence_is_compared_clause_by_clause() -> None:
    published = changed(
        TEXT, ("全年预算安排640.20万元，全年执行601.75万元，", "我局认真落实过紧日子要求，全年执行610.75万元，")
    )
    (finding,) = wrong(one(TEXT, published))
    assert (finding.stated, finding.expected) == ("610.75万元", "601.75万元")


def test_a_reworded_number_is_found_by_its_figure() -> None:
    published = changed(
        TEXT, ("公务接待费支出1.26万元，公务用车运行维护费支出4.80万元。", "厉行节约，公务接待费为1.62万元。")
    )
    found = [f for f in one(TEXT, published).findings if f.stated == "1.62万元"]
    assert len(found) == 1
    assert found[0].severity in ("error", "warning")


def test_a_table_printed_as_lines_is_compared() -> None:
    lines = "\n".join(f"{name}{value}" for name, value in (("公务用车运行维护费", "4.80"), ("公务接待费", "1.26")))
    table = "三公经费\n项目\t金额\n公务用车运行维护费\t4.80\n公务接待费\t1.62"
    values = {(c.stated, c.expected) for c in one("三公经费\n" + lines, table).checks}
    assert ("1.62", "1.26") in values
    assert ("4.80", "4.80") in values


def test_page_numbers_of_the_contents_are_no_figures() -> None:
    filed = "目录\n一、基本情况.........1\n二、预算执行情况.........3\n" + TEXT
    published = "目录\n一、基本情况.........2\n二、预算执行情况.........5\n" + TEXT
    assert one(filed, published).findings == ()


def test_every_published_file_has_its_report() -> None:
    published = together([TEXT, TABLE.replace("1.26", "1.62")])
    first, second = compare(package(f"{TEXT}\n{TABLE}"), published)
    assert [r.path for r in (first, second)] == ["附件1.txt", "附件2.txt"]
    assert wrong(first) == []
    (finding,) = wrong(second)
    assert finding.stated == "1.62万元"


def test_what_could_not_be_compared_is_said() -> None:
    report = one(TEXT, "2031年度工作总结\n今年共开展培训7场，覆盖基层干部230人次，群众反映良好。")
    assert wrong(report) == []
    assert "没有可以对上的数" in report.not_run[0].reason


def test_last_year_takes_no_part() -> None:
    filed = Package((source(TEXT), source(TEXT.replace("601.75", "599.99"), "上年.txt", "last_year")))
    assert compare(filed, package(TEXT))[0].findings == ()


def make_docx(path: Path, text: str) -> Package:
    document = docx.Document()
    for block in source(text).blocks:
        if isinstance(block, Paragraph):
            document.add_paragraph(block.raw)
        elif isinstance(block, Table):
            table = document.add_table(len(block.rows), block.width)
            for row in block.rows:
                for cell in row:
                    table.cell(cell.row, cell.col).text = cell.text
    document.save(str(path))
    return read_package(path)


def make_pdf(path: Path, text: str) -> Package:
    pdf = Pdf().page()
    y = 60.0
    for block in source(text).blocks:
        if isinstance(block, Paragraph):
            for start in range(0, len(block.raw), 40):
                pdf.text(60 if start else 84, y, block.raw[start : start + 40], 11)
                y += 16
            y += 8
        else:
            pdf.table(60, y, [180.0] + [100.0] * (block.width - 1), [[c.text for c in row] for row in block.rows])
            y += 20 * len(block.rows) + 30
    return read_package(pdf.save(path))


def test_across_formats_only_the_change_is_told(tmp_path: Path) -> None:
    both = f"{TEXT}\n{TABLE}"
    published = changed(both, ("2.00\t1.26", "2.00\t1.62"), ("编制41人", "编制44人"))
    filed = make_docx(tmp_path / "报送稿.docx", both)
    for other in (make_pdf(tmp_path / "公开稿.pdf", published), package(published, name="公开稿.txt")):
        found = wrong(one(filed, other))
        assert sorted(f.stated for f in found) == ["1.62万元", "44人"]
        assert all(e.place.file.endswith("报送稿.docx") for f in found for e in f.related[:1])


@pytest.mark.parametrize(
    ("filed", "published", "verdict"),
    [
        ("62.55万元", "62.55万元", "consistent"),
        ("62.55", "62.55万元", "consistent"),
        ("1,234.50万元", "1234.5万元", "consistent"),
        ("62.55万元", "62.55万", "consistent"),
        ("62.55万元", "625500元", "rounding"),
        ("62.55万元", "62.6万元", "rounding"),
        ("4706.6万元", "4700万元", "rounding"),
        ("约80人", "80人", "rounding"),
        ("62.55万元", "62.56万元", "inconsistent"),
        ("62.55万元", "62.55元", "inconsistent"),
        ("约800人", "约810人", "inconsistent"),
        ("38人", "38家", "inconsistent"),
        ("95.33%", "95.3%", "rounding"),
    ],
)
def test_judge(filed: str, published: str, verdict: str) -> None:
    a, b = parse(filed), parse(published)
    assert a is not None
    assert b is not None
    assert judge(a, b) == verdict


@given(st.decimals(Decimal("0.01"), Decimal(10) ** 8, places=2))
def test_a_value_is_itself_in_every_unit(value: Decimal) -> None:
    quantities = [parse(f"{value}元"), parse(f"{value.scaleb(-4)}万元"), parse(f"{value.scaleb(-8):f}亿元")]
    assert all(a and b and judge(a, b) in ("consistent", "rounding") for a in quantities for b in quantities)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_counts_have_no_tolerance(a: int, b: int) -> None:
    x, y = parse(f"{a}人"), parse(f"{b}人")
    assert x is not None
    assert y is not None
    assert (judge(x, y) == "consistent") == (a == b)
