"""Two packs over one year: who moves, what each hospital gains or loses, the fund to the fen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.dip.build.conftest import write
from tests.dip.making import made, row
from yibao.dip.build.compare import Comparison, compare_year
from yibao.dip.build.compared import listings
from yibao.dip.build.run import Wanted, build_year
from yibao.dip.build.same import sign
from yibao.dip.build.terms import Asked
from yibao.dip.pack import Pack
from yibao.dip.packing import load_pack
from yibao.dip.packs import opened
from yibao.errors import UserError
from yibao.store.listing import Listing
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

FUND = 10_000_003  #: fen; does not divide evenly


@pytest.fixture(scope="module")
def packs(folder: Path, kinds: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Pack, Pack]:
    """The catalogue with a group of its own for adhesiolysis, and the one with everything in cells."""
    found = []
    with Workspace.open(folder) as workspace:
        for threshold in (6, 15):
            out = tmp_path_factory.mktemp("packs") / str(threshold)
            build_year(workspace, Wanted(2025, out, Asked(threshold=threshold), files={"kinds": kinds}))
            found.append(load_pack(out))
    return found[0], found[1]


@pytest.fixture
def paid(folder: Path) -> Iterator[Workspace]:
    """The workspace with the fund of the year."""
    with Workspace.open(folder) as workspace:
        table = workspace.table("dip_point_values")
        schema = arrow_schema(table)
        fund: dict[str, Any] = dict.fromkeys(schema.names, 0) | {
            "service_year": 2025,
            "insurance_type": "390",
            "dip_fund": FUND,
        }
        workspace.write("dip_point_values", pa.Table.from_pylist([fund], schema=schema), workspace.produced("by hand"))
        yield workspace


def named(found: Comparison) -> dict[str, Listing]:
    return {listing.name: listing for listing in listings(found)}


def column(listing: Listing, label: str) -> list[Any]:
    place = [heading for heading, _ in listing.headings].index(label)
    return [row[place] for row in listing.rows]


def test_who_moves(paid: Workspace, packs: tuple[Pack, Pack]) -> None:
    found = compare_year(paid, *packs, 2025)
    assert found.stays == 21
    assert found.left_out == 1
    assert dict(found.moves) == {("K35.3-47.0100", "K35-ZH3"): 4, ("K35.3-47.0100+54.5101", "K35-ZH3"): 3}
    tables = named(found)
    assert tables["换层"].rows == [("核心病种", "综合病种", 7, 3333)]
    assert [row[:5:2] for row in tables["换病种"].rows] == [("K35.3-47.0100", "K35-ZH3", 4), ("K35.3-47.0100+54.5101", "K35-ZH3", 3)]  # fmt: skip
    cases = tables["换病种-病例"].rows
    assert [row[:5] for row in cases[:1]] == [("2025-00", "示例H2", "K35.3-47.0100", "K35-ZH3", 600_000)]
    assert len(cases) == 7
    assert {row[0]: row[1:] for row in tables["总览"].rows}["没有入组"] == (2, 2)


def test_stays_that_the_fund_does_not_pay_by_score_are_left_out(make: Callable[..., Path], packs: tuple[Pack, Pack]) -> None:  # fmt: skip
    """As at payment: the agreement of the day of discharge (8 March) decides, the hospital's flag where there is none."""
    with Workspace.open(make()) as workspace:
        before = compare_year(workspace, *packs, 2025)
        spans = [("H1", date(2025, 1, 1), "dip"), ("H2", date(2025, 4, 1), "dip"), ("H9", date(2025, 1, 1), "dip")]
        write(workspace, "provider_agreements", [{"provider_code": code, "agreement_no": code, "valid_from": day, "payment_method": method} for code, day, method in spans])  # fmt: skip
        found = compare_year(workspace, *packs, 2025)
    assert set(before.cases) == {"H1", "H2", "H3"}
    assert set(found.cases) == {"H1", "H3", "H9"}
    assert found.left_out == before.cases["H2"]


def test_the_fund_is_given_away_to_the_fen_on_both_sides(paid: Workspace, packs: tuple[Pack, Pack]) -> None:
    found = compare_year(paid, *packs, 2025)
    for side in found.sides:
        assert sum(side.money.values()) == FUND
    hospitals, levels = named(found)["机构得失"], named(found)["级别得失"]
    assert sum(column(hospitals, "得失")) == 0
    assert column(levels, "金额后")[-1] == FUND
    assert column(levels, "得失")[-1] == 0
    gains = dict(zip(column(hospitals, "机构"), column(hospitals, "得失"), strict=True))
    assert gains["示例H3"] < 0 < gains["示例H2"]  # the dear cases went into one cell with the cheap ones


def test_points_are_score_times_coefficient(paid: Workspace, packs: tuple[Pack, Pack]) -> None:
    """基层病种 of H1 without the coefficient, H3 with 1.26."""
    found = compare_year(paid, *packs, 2025)
    scores = {row.group: row.score or Decimal(0) for row in packs[0].rows}
    points = found.sides[0].points
    assert points["H1", "390"] == 5 * scores["K35.3-0"] + 6 * scores["I10-0"]
    assert points["H3", "390"] == 3 * scores["K35.3-47.0100+54.5101"] * Decimal("1.26")
    ungrouped = Decimal(700) / (packs[0].manifest.region_mean_cost or 1) * 1000 * Decimal("0.7")
    assert points["H2", "390"] == 4 * scores["K35.3-47.0100"] + scores["K80-ZH3"] + ungrouped


def test_without_a_declared_fund_what_was_booked_is_shared(workspace: Workspace, packs: tuple[Pack, Pack]) -> None:
    found = compare_year(workspace, *packs, 2024)
    assert found.fund_source == "各险种统筹记账金额之和（DIP点值表没有的险种）"
    booked = 70 * (4 * 6000 + 600 + 3 * 9000 + 300 + 5 * 2000 + 500 + 6 * 1500 + 150 + 8000 + 700)
    assert found.fund == {"390": booked}
    assert sum(found.sides[1].money.values()) == booked


def test_a_pack_against_itself_moves_nobody(workspace: Workspace, packs: tuple[Pack, Pack]) -> None:
    tables = named(compare_year(workspace, packs[0], packs[0], 2025))
    assert tables["换病种"].rows == tables["病种对照"].rows == []
    assert set(column(tables["机构得失"], "得失")) == {0}


def test_a_group_under_another_name_is_no_move(workspace: Workspace, packs: tuple[Pack, Pack]) -> None:
    renamed = replace(packs[0], rows=tuple(replace(row, group=f"X{i}") for i, row in enumerate(packs[0].rows)))
    found = compare_year(workspace, packs[0], renamed, 2025)
    assert not found.moves
    assert {row[0] for row in named(found)["病种对照"].rows} == {"改名"}


def test_editions_are_mixed(workspace: Workspace, packs: tuple[Pack, Pack]) -> None:
    found = compare_year(workspace, opened("example-1.0"), opened("example-3.0"), 2025)
    assert found.stays == 21
    assert (
        sum(found.sides[1].groups.values()) == 21 - 5 - 2
    )  # K35.3 without operation is not in it, two have no diagnosis or no group
    found = compare_year(workspace, packs[0], opened("example-3.0"), 2025)
    assert any("没有区域次均费用" in note for note in named(found)["总览"].notes)


def test_a_pack_without_scores_says_why_there_is_no_money(workspace: Workspace, packs: tuple[Pack, Pack], tmp_path: Path) -> None:  # fmt: skip
    plain = made(tmp_path, "2.0", [row("A", "core", "K35.3"), row("B", "core", "I10")])
    found = compare_year(workspace, packs[0], plain, 2025)
    tables = named(found)
    assert set(column(tables["机构得失"], "得失")) == {None}
    assert any("没有分值，没有算得失" in note for note in tables["总览"].notes)


def test_rows_that_ask_alike_are_one_group() -> None:
    rows: Sequence[Any] = opened("example-2.0").rows
    signs = [sign(one) for one in rows]
    assert len(set(signs)) == len(rows)
    assert sign(replace(rows[0], group="other", name="other", score=None)) == signs[0]


def test_a_year_without_stays_and_a_region_without_coefficients(workspace: Workspace, packs: tuple[Pack, Pack], tmp_path: Path) -> None:  # fmt: skip
    with pytest.raises(UserError, match="2019 年没有按病种付费的机构出院的住院"):
        compare_year(workspace, *packs, 2019)
    with Workspace.create(tmp_path / "w", "cn-4306") as other, pytest.raises(UserError, match=r"dip\.coefficient"):
        compare_year(other, *packs, 2025)
