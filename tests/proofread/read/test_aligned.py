"""Tables flattened to plain lines: sure where the layout says the column, else weak; never guessed where a row does not fit."""

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


def padded(text: str) -> Table:
    [table] = tables(assemble(text))
    assert not table.weak
    assert len(table.raw_rows) == len(table.rows)
    assert all(raw in text for raw in table.raw_rows)
    return table


PADDED = (
    "基金收支表\n\n单位：万元\n"
    "收入                    支出\n"
    "项  目          金额  项目            金额\n"
    "一、保费        8120  一、待遇支出    7000\n"
    "二、利息          31  二、其他支出     4.5\n"
    "三、补助         500\n"
    "                      结余          1646.5\n"
    "合计            8651  合计            8651\n\n"
    "正文在此。"
)


def test_the_place_of_a_padded_cell_says_its_column() -> None:
    table = padded(PADDED)
    assert texts(table)[:2] == [["收入", "", "支出", ""], ["项目", "金额", "项目", "金额"]]
    assert texts(table)[4:6] == [["三、补助", "500", "", ""], ["", "", "结余", "1646.5"]]
    assert (table.caption, table.unit) == ("基金收支表", "万元")


def test_a_text_over_several_padded_columns_is_one_cell() -> None:
    table = padded(
        "科目        年初预算  全年预算  执行数\n基本支出         120       130     125\n"
        "            按来源分：拨款125\n项目支出          80        85      82\n"
    )
    assert texts(table)[2] == ["", "按来源分：拨款125", "^", ""]


def test_a_row_that_counts_the_columns_stands_under_the_headers() -> None:
    table = padded(
        "科目        合计      基本支出\n栏次        1         2\n社会保障    1120.50      20.50\n卫生健康      20.00       5.00\n"
    )
    assert texts(table)[1:3] == [["栏次", "1", "2"], ["社会保障", "1120.50", "20.50"]]


@pytest.mark.parametrize(
    "row",
    [
        "丙类               5   5",  # under no column
        "丙类            123456789",  # under two
        "丙类  小类     5     5     5",  # two cells in one column
        "丙类               5",  # a blank beside a number out of line
    ],
)
def test_padded_rows_out_of_line_prove_nothing(row: str) -> None:
    text = f"类别          上年    本年    来年\n甲类         30.10   20.10   10.10\n乙类          4.10    2.10    1.10\n{row}\n丁类          6.10    3.10    2.10\n"
    assert all(table.weak for table in tables(assemble(text)))


def test_a_label_wrapped_around_its_padded_row_is_left_to_the_words() -> None:
    text = "编码     名称              合计   基本\n2080505  机关事业单位养老   446.1  446.1\n         险缴费支出\n2080506  职业年金           225.1  225.1\n210      卫生健康            23.6   23.6\n"
    assert all(table.weak for table in tables(assemble(text)))


LISTED = "某县基金公开（单位：万元）\n【职工】\n一、上年结余 10.5\n二、收入合计 61\n  1、保费收入 50\n  2、利息收入 11\n三、滚存结余 71.5\n【居民】\n一、上年结余 4\n二、收入合计 3\n  其中：利息收入 2.1\n三、支出合计 3\n四、滚存结余 4\n注：本级。"


def test_numbered_labels_with_one_number_each() -> None:
    first, second = tables(assemble(LISTED))
    assert texts(first)[0] == ["一、上年结余", "10.5"]
    assert texts(second)[2] == ["其中：利息收入", "2.1"]
    assert [(t.caption, t.unit, t.weak, len(t.rows)) for t in (first, second)] == [
        ("职工", "万元", False, 5),
        ("居民", "万元", False, 5),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "一、概况 1\n二、职责 3\n三、收入 3\n四、支出 12",  # a table of contents
        "一、收入 1.5\n二、支出 2.5\n三、结余 3.5",  # too short
        "四、补助 四、公共 1.5\n五、事业 五、教育 2.5\n六、经营 六、科技 3.5\n七、其他 七、文化 4.5",  # two sides, one blank
        "二、收入 1.5\n三、支出 2.5\n四、结余 3.5\n五、合计 4.5",  # the first is missing
    ],
)
def test_other_numbered_lines_are_no_list_of_figures(text: str) -> None:
    assert all(table.weak for table in tables(assemble(text)))


def test_many_header_like_lines_are_no_table() -> None:
    assert tables(assemble("项目  金额  备注\n" * 20_000)) == []


@pytest.mark.parametrize("blank", ["     —", "    —"], ids=["half a character wide", "a character wide"])
def test_columns_are_found_whatever_width_a_dash_has(blank: str) -> None:
    text = f"类别    上年    本年    来年    后年\n甲    {blank}  {blank}  {blank}   30.10\n乙     20.10   30.10   40.10   50.10\n丙      1.10    2.10    3.10    4.10\n"
    assert texts(padded(text))[1] == ["甲", "—", "—", "—", "30.10"]
