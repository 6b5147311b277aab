"""Years, bases and computed columns."""

import pytest

from tests.proofread.forms.lines import context, table
from yibao.proofread.forms.columns import Period, derived_checks, derived_columns, period_of, title_year
from yibao.proofread.forms.grid import read_grid


@pytest.mark.parametrize(
    ("header", "year", "basis"),
    [
        ("2030年决算数", 2030, "final"),
        ("2031年预算", 2031, "budget"),
        ("上年决算", 2030, "final"),
        ("本年年初预算", 2031, "initial"),
        ("调整预算数", 2031, "adjusted"),
        ("金额", 2031, "final"),
    ],
)
def test_headers_tell_year_and_basis(header: str, year: int, basis: str) -> None:
    assert period_of(header, 2031) == Period(year, basis)


def test_a_silent_header_takes_the_basis_of_the_title() -> None:
    assert period_of("金额", 2031, "2031年某基金预算表").basis == "budget"


def test_the_title_year_wins_over_the_document() -> None:
    assert title_year(("某某2029年度情况表", "单位：万元"), 2031) == 2029
    assert title_year(("情况表",), 2031) == 2031


def derived(text: str, row: int = 1) -> list[str]:
    grid = read_grid(table(text, unit="万元"), context())
    amounts = {c.index: period_of(c.name, 2031) for c in grid.value_columns}
    columns = derived_columns(grid)
    for column in columns:
        amounts.pop(column.column)
    return [f"{c.kind} {c.verdict}" for d in columns for c in derived_checks(grid, d, row, amounts, 2031)]


@pytest.mark.parametrize(
    ("rate", "expected"), [("95.00%", "consistent"), ("95", "consistent"), ("98.00%", "inconsistent")]
)
def test_execution_columns(rate: str, expected: str) -> None:
    assert derived(f"项目|预算数|决算数|执行率\n门票|200.00|190.00|{rate}") == [f"execution_rate {expected}"]


def test_an_execution_column_may_mean_either_budget() -> None:
    assert derived("项目|年初预算数|调整预算数|决算数|完成预算%\n门票|100.00|190.00|190.00|190.00%") == [
        "execution_rate consistent"
    ]


def test_growth_and_change_columns() -> None:
    text = "项目|上年决算数|本年决算数|增减额|增长率\n门票|80.00|100.00|20.00|25.00%"
    assert derived(text) == ["difference consistent", "growth consistent"]
    assert derived(text.replace("|20.00|", "|21.00|")) == ["difference inconsistent", "growth consistent"]
