"""Forms flattened to one cell a line: rows rebuilt, parts told apart, prose set free."""

from __future__ import annotations

from tests.proofread.read.making import paragraphs, tables, texts
from yibao.proofread.document import Block
from yibao.proofread.read.assemble import assemble


def form(*rows: list[str]) -> str:
    """A form as converters write it: each cell "<tab>text<newline>", a blank line after each row."""
    return "\n".join("".join(f"\t{cell}\n" for cell in row) for row in rows)


def read(text: str) -> list[Block]:
    blocks = assemble(text)
    for table in tables(blocks):
        assert len(table.raw_rows) == len(table.rows)
        assert all(raw in text for raw in table.raw_rows)
    assert all(line in text for line in paragraphs(blocks))
    return blocks


INCOME = form(
    ["一、收支情况"],
    ["年度收入情况（万元）"],
    ["机构", "收入合计", "其中："],
    ["", "", "上年结转", "财政拨款", "其他收入"],
    ["局机关", "30", "5", "20", "5"],
    ["下属中心", "12", "", "12", "0"],
)


def test_rows_and_header_spans_are_rebuilt() -> None:
    blocks = read(INCOME)
    [table] = tables(blocks)
    assert texts(table) == [
        ["机构", "收入合计", "其中：", "^", "^"],
        ["^", "^", "上年结转", "财政拨款", "其他收入"],
        ["局机关", "30", "5", "20", "5"],
        ["下属中心", "12", "", "12", "0"],
    ]
    assert table.rows[0][2].col_span == 3
    assert table.spread(1, 0) == "机构"
    assert (table.caption, table.unit) == ("年度收入情况（万元）", "万元")
    assert paragraphs(blocks) == ["一、收支情况", "年度收入情况（万元）"]


def test_header_span_is_found_by_the_words_it_carries() -> None:
    text = form(
        ["机构", "支出合计", "其中：", "结余"],
        ["", "", "基本支出", "项目支出", "当年结余", "累计结余"],
        ["局机关", "20", "12", "8", "0", "1"],
        ["下属中心", "9", "4", "5", "0", "0"],
    )
    [table] = tables(read(text))
    assert [cell.col_span for cell in table.rows[0] if cell.origin is None] == [1, 1, 2, 2]


def test_next_part_of_a_form_is_a_table_of_its_own() -> None:
    text = (
        INCOME
        + "\n"
        + form(
            ["机构", "固定资产\n\n合计", "其中："],
            ["", "", "在用", "出租"],
            ["局机关", "34", "30", "4"],
            ["下属中心", "2", "2", "0"],
        )
    )
    first, second = tables(read(text))
    assert first.width == 5
    assert texts(second)[0] == ["机构", "固定资产\n合计", "其中：", "^"]


def test_blank_line_inside_a_cell_does_not_end_the_row() -> None:
    text = form(
        ["一级指标", "二级指标", "指标内容", "分值"],
        ["产出", "数量", "指标1：参保人数", "5"],
        ["", "质量", "指标1：及时支付\n\n指标2：规范管理\n\n", "6"],
        ["", "", "指标3：群众满意\n\n", "4"],
    )
    [table] = tables(read(text))
    assert texts(table)[2:] == [["", "质量", "指标1：及时支付\n指标2：规范管理", "6"], ["", "", "指标3：群众满意", "4"]]


def test_total_row_of_merged_labels_ends_at_the_right() -> None:
    text = form(["指标", "内容", "分值"], ["产出", "参保", "60"], ["效益", "满意", "40"], ["综合得分", "100"])
    [table] = tables(read(text))
    assert texts(table)[3] == ["综合得分", "^", "100"]


def test_prose_cells_become_paragraphs() -> None:
    long = "（一）全力抓好居民医保征缴工作。年初即召开动员会，分解任务到各乡镇，逐户宣传动员，全年共参保三十万人，参保率保持在百分之九十五以上。"
    text = form(
        ["联系人", "某人", "电话", "123"],
        ["编制", "20", "实有", "19"],
        ["主要成绩", f"{long}\n\n（二）持续加强基金监管。追回基金二十万元。"],
        ["二、支出情况"],
    )
    blocks = read(text)
    assert texts(tables(blocks)[0]) == [["联系人", "某人", "电话", "123"], ["编制", "20", "实有", "19"]]
    assert paragraphs(blocks) == ["主要成绩", long, "（二）持续加强基金监管。追回基金二十万元。", "二、支出情况"]


def test_prose_after_the_form_is_read_as_prose() -> None:
    text = INCOME + "\n\t二、综述\n\n一、概况\n\n我局现有干部职工二十人。\n"
    assert paragraphs(read(text))[2:] == ["二、综述", "一、概况", "我局现有干部职工二十人。"]


def test_prose_between_two_forms_parts_them() -> None:
    first = form(["项目", "金额", "上年"], ["一、收入", "5", "4"], ["二、支出", "3", ""])
    second = form(["项目", "金额"], ["一、收入", "7"], ["二、支出", "6"])
    blocks = read(f"{first}\n全年收入五元，\n支出三元。\n\n居民基金收支表\n\n单位：元\n{second}")
    assert [texts(table)[0] for table in tables(blocks)] == [["项目", "金额", "上年"], ["项目", "金额"]]
    assert [table.rows[1][0].col_span for table in tables(blocks)] == [1, 1]
    assert [(table.caption, table.unit) for table in tables(blocks)][1] == ("居民基金收支表", "元")


def test_text_after_a_cell_of_text_goes_on_with_it() -> None:
    text = (
        form(["指标", "内容", "分值"], ["产出", "参保", "完成较好"])
        + "\n各乡镇均已完成\n\n"
        + form(["效益", "满意", "4"])
    )
    [table] = tables(read(text))
    assert texts(table)[1][2] == "完成较好\n各乡镇均已完成"
