"""Formulas come from the declared identities, give the printed number, and never go in a circle."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yibao.appraise.forms.formulas import alive, places_in, summed, value_of
from yibao.appraise.forms.table import Cell, laid_out
from yibao.appraise.typed import Key


def figure(text: str, name: str, basis: str = "final", unit: str = "", year: int = 2025) -> Cell:
    key = Key(name, "", year, basis)  # type: ignore[arg-type]
    decimals = len(text.partition(".")[2])
    return Cell(text + unit, number=Decimal(text) if text else None, decimals=decimals, unit=unit, key=key)


def test_a_total_is_the_sum_of_its_parts() -> None:
    rows = [
        [figure("1.84", "dept.three_public.total")],
        [figure("1.74", "dept.three_public.vehicle")],
        [figure("", "dept.three_public.abroad")],
        [figure("0.10", "dept.three_public.reception")],
    ]
    cell = alive(rows)[0][0]
    assert cell is not None
    assert places_in(cell.formula) == {(1, 0), (2, 0), (3, 0)}


def test_a_published_total_that_does_not_add_up_stays_as_it_is() -> None:
    rows = [
        [figure("1.85", "dept.three_public.total")],
        [figure("1.74", "dept.three_public.vehicle")],
        [figure("", "dept.three_public.abroad")],
        [figure("0.10", "dept.three_public.reception")],
    ]
    assert all(cell and not cell.formula for row in alive(rows) for cell in row)


def test_a_total_whose_parts_the_form_lacks_stays_as_it_is() -> None:
    rows = [[figure("1.84", "dept.three_public.total")], [figure("1.84", "dept.three_public.vehicle")]]
    assert all(cell and not cell.formula for row in alive(rows) for cell in row)


def test_an_upper_bound_is_no_sum() -> None:
    """公用经费 is at least its parts, even where they happen to make it up."""
    rows = [
        [figure("10", "dept.expense.public")],
        [figure("5", "dept.office"), figure("3", "dept.utilities_travel"), figure("2", "dept.meeting_training")],
    ]
    rows[0] += [Cell(""), Cell("")]
    assert all(cell and not cell.formula for row in alive(rows) for cell in row)


def test_a_rate_is_computed_at_its_printed_places() -> None:
    rows = [[figure("60", "dept.staff.establishment"), figure("59", "dept.staff.in_post")]]
    rows[0].append(figure("98.33", "dept.staff.control_rate", unit="%"))
    cell = alive(rows)[0][2]
    assert cell is not None
    assert cell.formula == "ROUND({0,1}/{0,0},4)"


def test_no_formula_rests_on_itself() -> None:
    """全年 = 年初 + 追加 and 追加 = 全年 − 年初 are not both alive."""
    rows = [[figure("3", "dept.funds.total", "adjusted"), figure("1", "dept.funds.total", "initial")]]
    rows[0].append(figure("2", "dept.funds.total", "added"))
    grid = alive(rows)
    used = {(0, c): places_in(cell.formula) for c, cell in enumerate(grid[0]) if cell}
    seen: set[tuple[int, int]] = set()
    open_ = [place for places in used.values() for place in places]
    assert open_, "the whole-year budget is a sum"
    while open_:
        place = open_.pop()
        assert place != (0, 0)
        if place not in seen:
            seen.add(place)
            open_ += used.get(place, ())


def test_a_builders_formula_that_gives_another_number_is_dropped() -> None:
    rows = [[Cell("1", number=Decimal(1)), Cell("2", number=Decimal(2), formula=summed([(0, 0)], 0))]]
    cell = alive(rows)[0][1]
    assert cell is not None
    assert (cell.formula, cell.number) == ("", Decimal(2))


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("ROUND({0,0}-{0,1},2)", Decimal("-0.50")),
        ("MIN({0,1},{0,0})", Decimal("1.5")),
        ("ROUND({0,0}*{0,1}+1,0)", Decimal(4)),
        ("{0,0}/{0,2}", None),
        ("{0,0}+{0,3}", None),
        ("ROUND(SUM({0,0},{0,3}),1)", Decimal("1.5")),
        ("{0,0}+{7,7}", None),
    ],
)
def test_formulas_are_computed_before_they_are_written(formula: str, value: Decimal | None) -> None:
    numbers = [Cell("", number=Decimal(text)) for text in ("1.5", "2.0", "0")]
    assert value_of(formula, laid_out([[*numbers, Cell("—")]])) == value
