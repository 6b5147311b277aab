"""Tables flattened to plain lines are recognised, marked weak, and never guessed where a row does not fit."""

from __future__ import annotations

import pytest
from tests.proofread.read.making import paragraphs, tables, texts

from yibao.proofread.document import Table
from yibao.proofread.read.assemble import assemble


def only(text: str) -> Table:
    [table] = tables(assemble(text))
    assert table.weak
    assert all(raw in text for raw in table.raw_rows)
    assert len(table.raw_rows) == len(table.rows)
    return table


def test_rows_with_single_blanks_and_a_header() -> None:
    text = "基金收支情况表\n单位：万元\n项 目 上年决算数 本年预算数 本年决算数\n一、期初余额 326 345 345\n二、收入合计 203 201 207\n1. 利息 收入 4.8 5.1 —\n五、期末余额 345 348 366\n填表人：某某"
    table = only(text)
    assert texts(table)[0] == ["项目", "上年决算数", "本年预算数", "本年决算数"]
    assert texts(table)[3] == ["1. 利息 收入", "4.8", "5.1", "—"]
    assert (table.caption, table.unit) == ("基金收支情况表", "万元")


def test_codes_are_told_from_amounts() -> None:
    table = only(
        "合计 30.5 20.5 10\n208 社会保障支出 10.5 10.5 0\n2080505 养老保险缴费 10.5 10.5 0\n210 卫生健康支出 20 10 10\n"
    )
    assert texts(table)[0] == ["", "合计", "30.5", "20.5", "10"]
    assert texts(table)[2] == ["2080505", "养老保险缴费", "10.5", "10.5", "0"]


def test_code_in_three_pieces() -> None:
    table = only("208 05 02 事业单位离退休 53 53\n208 05 05 养老保险缴费 76 76\n210 11 02 事业单位医疗 50 50\n")
    assert texts(table)[1] == ["208 05 05", "养老保险缴费", "76", "76"]


def test_row_that_does_not_fit_keeps_one_cell() -> None:
    table = only("甲类支出 3 2 1\n乙类支出 4 2 2\n丙类支出 5 5\n丁类支出 6 3 3\n")
    assert texts(table)[2] == ["丙类支出 5 5", "", "", ""]


def test_two_sided_rows() -> None:
    table = only(
        "301 工资福利支出 95.2 302 商品服务支出 18.7\n30101 基本工资 32.1 30201 办公费 5.4\n30102 津贴补贴 13.9 30202 印刷费 3.3\n人员经费合计 95.2 公用经费合计 18.7\n"
    )
    assert texts(table)[1] == ["30101", "基本工资", "32.1", "30201", "办公费", "5.4"]
    assert texts(table)[3] == ["", "人员经费合计", "95.2", "", "公用经费合计", "18.7"]


def test_wrapped_label_is_joined_to_its_row() -> None:
    table = only(
        "2080505 机关事业单位养老保 446.1 446.1\n险缴费支出\n2080506 职业年金 225.1 225.1\n210 卫生健康支出 23.6 23.6\n"
    )
    assert texts(table)[0] == ["2080505", "机关事业单位养老保险缴费支出", "446.1", "446.1"]
    assert table.raw_rows[0] == "2080505 机关事业单位养老保 446.1 446.1\n险缴费支出"


def test_label_above_and_below_its_numbers() -> None:
    table = only(
        "210 卫生健康支出 9 9\n社会保障和就\n208 754.7 754.7\n业支出\n21011 行政单位医疗 2 2\n21012 事业单位医疗 7 7\n"
    )
    assert texts(table)[1] == ["208", "社会保障和就业支出", "754.7", "754.7"]


@pytest.mark.parametrize(
    "text",
    [
        "2025 年 4 月 14 日\n2025 年 4 月 18 日\n2025 年 4 月 22 日",
        "共有编制 60 人，其中行政 12 人\n实有在职 58 人，其中行政 11 人\n退休人员 21 人，其中行政 3 人",
        "联系电话 123 456\n第二行正文在此",
        "截至年末 共有 车辆 3 辆 2 台\n截至年末 共有 设备 3 台 2 套\n截至年末 共有 房屋 3 处 2 间",
    ],
)
def test_prose_with_numbers_is_no_table(text: str) -> None:
    assert tables(assemble(text)) == []
    assert "".join(paragraphs(assemble(text))).replace("\n", "") == text.replace("\n", "")


def test_one_cell_on_each_line() -> None:
    table = only(
        "项目\n行次\n决算数\n一、财政拨款收入\n1\n362.62\n二、事业收入\n2\n0\n三、其他收入\n3\n12.5\n合计\n4\n375.12\n注：本表反映收入。"
    )
    assert texts(table)[0] == ["项目", "行次", "决算数"]
    assert texts(table)[-1] == ["合计", "4", "375.12"]
    assert table.notes == ("注：本表反映收入。",)


def test_cells_parted_by_blank_lines_without_a_strict_beat_stay_text() -> None:
    text = "项目\n\n一、收入\n\n362\n\n二、支出\n\n120\n\n130\n\n三、结余\n\n5"
    assert tables(assemble(text)) == []
