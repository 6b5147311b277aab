"""Tab-separated rows become one table; lists and contents pages do not."""

from __future__ import annotations

from tests.proofread.read.making import paragraphs, tables, texts
from yibao.proofread.document import Table
from yibao.proofread.read.assemble import assemble


def only(text: str) -> Table:
    [table] = tables(assemble(text))
    assert all(raw in text for raw in table.raw_rows)
    assert len(table.raw_rows) == len(table.rows)
    return table


def test_rows_with_trailing_blanks() -> None:
    table = only("项目\t预算数\t\t决算数\t\n三公经费\t9.5\t\t8.1\t\n其中：接待费\t9.5\t\t8.1\t\n")
    assert texts(table) == [
        ["项目", "预算数", "", "决算数"],
        ["三公经费", "9.5", "", "8.1"],
        ["其中：接待费", "9.5", "", "8.1"],
    ]
    assert not table.weak
    assert table.line == 1
    assert table.quote(1) == "三公经费\t9.5\t\t8.1"


def test_ragged_rows_are_padded() -> None:
    table = only("收入\t金额\t支出\t金额\n财政拨款\t12\n其他收入\t1\t项目支出\t3")
    assert texts(table)[1] == ["财政拨款", "12", "", ""]


def test_blank_line_ends_the_table() -> None:
    found = tables(assemble("甲\t1\t2\n乙\t3\t4\n\n丙\t5\t6\n丁\t7\t8"))
    assert [texts(t) for t in found] == [[["甲", "1", "2"], ["乙", "3", "4"]], [["丙", "5", "6"], ["丁", "7", "8"]]]


def test_stray_line_without_tab_stays_a_row() -> None:
    table = only("项目\t预算\t决算\n财政拨款\t3\t3\n上年结转资金\n其他资金\t1\t1\n合计\t4\t4")
    assert texts(table)[2] == ["上年结转资金", "", ""]


def test_title_between_two_tables_parts_them() -> None:
    text = "项目\t金额\n办公费\t3\n支出决算明细表\n单位：万元\n项目\t金额\n印刷费\t5\n"
    first, second = tables(assemble(text))
    assert texts(first)[-1] == ["办公费", "3"]
    assert (second.caption, second.unit) == ("支出决算明细表", "万元")
    assert paragraphs(assemble(text)) == ["支出决算明细表", "单位：万元"]


def test_row_broken_inside_a_cell_is_put_together() -> None:
    table = only("项目\t年初\t全年\t执行\n资金总额\t10\t12\t11\n当年财政\n拨款\t10\t12\t11\n合计\t10\t12\t11\n")
    assert len(table.rows[0]) == 4
    broken = only("项目\t年初预\n算数\t全年\t执行\n资金\t10\t12\t11\n结转\t1\t2\t1\n合计\t11\t14\t12\n")
    assert texts(broken)[0] == ["项目", "年初预算数", "全年", "执行"]


def test_numbered_list_with_tabs_is_prose() -> None:
    text = "1.\t拟订全县医疗保障规划并组织实施。\n2.\t监督管理医疗保障基金。\n3.\t完成其他任务。"
    assert tables(assemble(text)) == []
    assert paragraphs(assemble(text)) == text.split("\n")


def test_contents_page_is_no_table() -> None:
    text = "目录\n\n一、部门概况\t1\n二、收入情况\t3\n三、支出情况\t5\n"
    assert tables(assemble(text)) == []


def test_prose_indented_with_tabs_is_prose() -> None:
    text = (
        "\t"
        + "全县基金收支总体平稳，各项待遇按时足额支付，参保群众满意度进一步提高。" * 2
        + "\n\t"
        + "下一步将继续加强基金监管，完善制度，堵塞漏洞，确保基金安全平稳运行，持续提升。" * 2
    )
    assert tables(assemble(text)) == []
    assert len(paragraphs(assemble(text))) == 2


def test_title_and_unit_rows_in_the_grid_become_lines() -> None:
    text = "某县收入决算表\t\t\t\n部门：某局\t\t单位：万元\t\n项目\t金额\t占比\t备注\n拨款\t3\t100%\t无\n"
    [table] = tables(assemble(text))
    assert texts(table)[0] == ["项目", "金额", "占比", "备注"]
    assert (table.caption, table.unit) == ("某县收入决算表", "万元")
    assert all(line in text for line in paragraphs(assemble(text)))
