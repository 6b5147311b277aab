"""Rows, columns, header paths, units and precision of a table."""

import pytest

from tests.proofread.forms.lines import context, table
from yibao.proofread.document import Cell, Table
from yibao.proofread.forms.grid import (
    MAX_COLUMNS,
    cell_quantity,
    clean_label,
    declared_unit,
    is_subset,
    rank_of,
    read_grid,
    row_quote,
)


@pytest.mark.parametrize(
    ("printed", "rank", "name"),
    [
        ("一、甲类", 1, "甲类"),
        ("（三）乙类", 2, "乙类"),
        ("4、丙 类", 3, "丙类"),
        ("12.丁类", 3, "丁类"),
        ("（5）戊类", 4, "戊类"),
        ("②己类", 5, "己类"),
        ("其中：2.庚类（万元）", 3, "庚类"),
        ("#其中:辛类：", None, "辛类"),
        ("减：壬类", None, "壬类"),
        ("3.5亿元项目", None, "3.5亿元项目"),
    ],
)
def test_labels_lose_their_numbering(printed: str, rank: int | None, name: str) -> None:
    assert rank_of(printed) == rank
    assert clean_label(printed) == name


def test_a_subset_is_seen() -> None:
    assert is_subset("其中：办公耗材")
    assert not is_subset("办公耗材（其中含快递）")


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("本年数（万元）", "万元"),
        ("金额单位：元", "元"),
        ("单位:人次", "人次"),
        ("占比(%)", "%"),
        ("单位：某某局", None),
        ("数量", None),
    ],
)
def test_units_are_declared_in_headers_and_notes(text: str, symbol: str | None) -> None:
    unit = declared_unit(text)
    assert (unit.symbol if unit else None) == symbol


@pytest.mark.parametrize("text", ["2031年", "", "—", "×", "约定俗成", "1" * 30, "长" * 50])
def test_what_is_no_number(text: str) -> None:
    assert cell_quantity(text) is None


def test_header_paths_continue_over_blank_cells() -> None:
    grid = read_grid(
        table(
            """
            项目|上年数|||本年数
            |小计|甲|乙|小计|甲|乙
            收费|5.5|2.5|3|6.5|3|3.5
            """
        ),
        context(),
    )
    assert grid.header == 2
    assert [c.name for c in grid.columns[1:]] == [
        "上年数/小计", "上年数/甲", "上年数/乙", "本年数/小计", "本年数/甲", "本年数/乙",
    ]  # fmt: skip
    assert [c.kind for c in grid.columns] == ["label", *["value"] * 6]


def test_merged_header_cells_are_spread() -> None:
    top = (Cell("项目", 0, 0, row_span=2), Cell("合并数", 0, 1, col_span=2), Cell("", 0, 2, origin=(0, 1)))
    low = (Cell("", 1, 0, origin=(0, 0)), Cell("甲", 1, 1), Cell("乙", 1, 2))
    body = (Cell("租金", 2, 0), Cell("1", 2, 1), Cell("2", 2, 2))
    grid = read_grid(Table((top, low, body)), context())
    assert [c.name for c in grid.columns] == ["项目", "合并数/甲", "合并数/乙"]


def test_codes_and_line_numbers_are_no_values() -> None:
    grid = read_grid(table("科目编码|名称|行次|金额\n2105001|某项|1|7.25\n2105002|某款|2|8.5"), context())
    assert [c.kind for c in grid.columns] == ["index", "label", "index", "value"]


def test_two_sided_tables_have_two_label_columns() -> None:
    grid = read_grid(table("收入|金额|支出|金额\n一、票款|3|一、薪酬|2\n二、利息|1|二、水电|2"), context())
    assert grid.number(1, 3) is not None
    assert grid.row(1, 3).name == "薪酬"
    assert grid.row(1, 1).name == "票款"


def test_units_are_taken_from_the_nearest_place() -> None:
    grid = read_grid(
        table("项目|本年（元）|去年\n房租|100|0.02\n人数（人）|7|8\n押金|50|3万元", unit="万元"), context()
    )
    found = {(r, c): n.quantity.unit for r in (1, 2, 3) for c in (1, 2) if (n := grid.number(r, c))}
    assert [found[k].symbol if found[k] else None for k in sorted(found)] == ["元", "万元", "元", "人", "元", "万元"]


def test_whole_amounts_carry_the_decimals_of_their_table() -> None:
    grid = read_grid(table("项目|金额\n甲|4.25\n乙|5\n丙|0.75", unit="万元"), context())
    plain = read_grid(table("项目|金额\n甲|4\n乙|5\n丙|3", unit="万元"), context())
    five, rounded = grid.number(2, 1), plain.number(2, 1)
    assert five is not None
    assert rounded is not None
    assert five.quantity.decimals == 2
    assert rounded.quantity.decimals == 0


def test_places_name_row_and_column() -> None:
    grid = read_grid(table("项目|2030年\n（一）门票|12", caption="门票表"), context())
    number = grid.number(1, 1)
    assert number is not None
    place = number.evidence.place
    assert (place.row, place.column, place.row_label, place.column_label, place.table) == (
        1,
        1,
        "（一）门票",
        "2030年",
        "门票表",
    )
    assert number.evidence.quote == "（一）门票|12"
    assert number.key == (3, 1, 1)


def test_a_total_name_may_open_a_header_row() -> None:
    grid = read_grid(table("预算数|||决算数||\n合计|甲|乙|合计|甲|乙\n3|1|2|3|1|2"), context())
    assert grid.header == 2
    assert grid.columns[0].name == "预算数/合计"


def test_column_numbers_belong_to_the_header() -> None:
    grid = read_grid(table("项目|甲|乙\n栏次|1|2\n收费|8|9"), context())
    assert grid.header == 2
    assert [c.name for c in grid.columns] == ["项目", "甲", "乙"]


def test_hostile_width_is_cut() -> None:
    cells = tuple(Cell(str(i), 0, i) for i in range(10_000))
    grid = read_grid(Table((cells, cells)), context())
    assert len(grid.columns) == MAX_COLUMNS


@pytest.mark.parametrize("rows", [(), ((),), ((Cell("", 0, 0),),)])
def test_empty_tables_give_empty_grids(rows: tuple[tuple[Cell, ...], ...]) -> None:
    grid = read_grid(Table(rows), context())
    assert list(grid.rows()) == []
    assert grid.number(0, 0) is None


def test_a_long_row_is_quoted_around_the_cell() -> None:
    long = table("甲|" + "话" * 2000 + "|88|89")
    quote = row_quote(long, 0, 2)
    assert len(quote) <= 400
    assert "88" in quote
    assert quote in long.raw_rows[0]
