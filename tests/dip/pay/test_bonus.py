"""New technologies: what is added, to whom, on which days; the total score kept or told; what an institution's points are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dip.pay.terms import pack
from tests.dip.pay.year import STAYS, bureau, cleared, opened, rows, settled, settlement, write
from yibao.dip.pay.bonus import _keep_total
from yibao.dip.pay.month import settle_month
from yibao.dip.pay.parts import part_of
from yibao.dip.pay.terms import Terms
from yibao.errors import UserError
from yibao.periods import month_end
from yibao.store.workspace import Workspace

POINT = 1_000_000
CHANGED = pack()
KEPT = pack(dip__bonus={"several": "highest", "total": "kept"})
LISTED = {"technology_no": "T1", "technology_name": "新技术一", "operation_code": "36.0701", "valid_from": date(2025, 1, 1), "basis_document": "试医保〔2025〕1号"}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with bureau(tmp_path / "w") as made:
        write(made, "visit_operations", [operation("V1", 1, "36.0701"), operation("V1", 2, "36.0701"), operation("V4", 1, "36.0702")])  # fmt: skip
        yield made


def operation(visit: str, number: int, code: str) -> dict[str, Any]:
    return {"visit_id": visit, "sequence_no": number, "operation_code": code, "operation_role": "main"}


def year(workspace: Workspace, region: Any, *listed: dict[str, Any]) -> None:
    write(workspace, "dip_new_technologies", list(listed))
    opened(workspace, region)
    settled(workspace, region, 202501, 202503)


def points(workspace: Workspace) -> dict[str, tuple[int, int | None]]:
    found, given = (rows(workspace, f"computed_dip_{name}", "settlement_id") for name in ("cases", "bonuses"))
    assert given.keys() <= found.keys()
    return {name: (row["dip_points"], given[name]["bonus_points"] if name in given else None) for name, row in found.items()}  # fmt: skip


def test_points_for_the_stay_once_however_often_the_operation_stands_in_it(workspace: Workspace) -> None:
    year(workspace, CHANGED, {**LISTED, "bonus_points": 60 * POINT})
    assert points(workspace)["S1"] == (1260 * POINT, 60 * POINT)
    assert points(workspace)["S2"] == (500 * POINT, None)
    assert rows(workspace, "computed_dip_bonuses", "settlement_id")["S1"]["new_technologies"] == "T1"
    year(workspace, CHANGED)
    assert points(workspace)["S1"] == (1200 * POINT, None)


def test_a_month_says_how_many_were_given_one(workspace: Workspace) -> None:
    write(workspace, "dip_new_technologies", [{**LISTED, "bonus_points": 60 * POINT}])
    opened(workspace, CHANGED)
    found = [settle_month(workspace, Terms(CHANGED, month_end(month)), month).bonuses for month in (202501, 202503)]
    assert found == [1, 0]


def test_a_share_of_the_stays_own_points(workspace: Workspace) -> None:
    year(workspace, CHANGED, {**LISTED, "bonus_share": 50_000})
    assert points(workspace)["S1"] == (1260 * POINT, 60 * POINT)


@pytest.mark.parametrize(
    ("changed", "given"),
    [
        ({"valid_from": date(2025, 1, 10)}, True),
        ({"valid_from": date(2025, 1, 11)}, False),
        ({"valid_to": date(2025, 1, 10)}, True),
        ({"valid_from": date(2024, 1, 1), "valid_to": date(2025, 1, 9)}, False),
        ({"provider_code": "H1"}, True),
        ({"provider_code": "H2"}, False),
        ({"operation_code": "36.07"}, False),
    ],
)
def test_exact_code_on_its_days_in_its_hospital(workspace: Workspace, changed: dict[str, Any], given: bool) -> None:
    year(workspace, CHANGED, {**LISTED, "bonus_points": 60 * POINT, **changed})
    assert (points(workspace)["S1"][1] is not None) is given


def test_of_several_the_highest_or_all(workspace: Workspace) -> None:
    write(workspace, "visit_operations", [operation("V1", 1, "36.0701"), operation("V1", 2, "36.0702")])
    both = ({**LISTED, "bonus_points": 60 * POINT}, {**LISTED, "technology_no": "T2", "operation_code": "36.0702", "bonus_share": 100_000})  # fmt: skip
    year(workspace, CHANGED, *both)
    assert points(workspace)["S1"] == (1320 * POINT, 120 * POINT)
    year(workspace, pack(dip__bonus={"several": "sum", "total": "changed"}), *both)
    assert points(workspace)["S1"] == (1380 * POINT, 180 * POINT)


def test_a_stay_paid_by_item_is_given_none(workspace: Workspace) -> None:
    write(workspace, "dip_special_cases", [{"settlement_id": "S1", "special_result": "itemised"}])
    year(workspace, CHANGED, {**LISTED, "bonus_points": 60 * POINT})
    assert points(workspace)["S1"] == (1000 * POINT, None)


def test_a_region_that_does_not_say_how_is_refused_only_where_a_stay_has_one(workspace: Workspace) -> None:
    silent = pack(dip__bonus=None)
    year(workspace, silent)
    with pytest.raises(UserError, match=r"参数 dip\.bonus"):
        year(workspace, silent, {**LISTED, "bonus_points": 60 * POINT})


def test_the_total_of_the_scheme_is_kept(workspace: Workspace) -> None:
    """390 in January: 1200 + 500, with 60 more: each × 1700 ÷ 1760. 310 has no new technology and stays as it is."""
    year(workspace, KEPT, {**LISTED, "bonus_points": 60 * POINT})
    found = points(workspace)
    assert found["S1"] == (1_217_045_455, 57_954_545)
    assert found["S2"] == (482_954_545, None)
    assert found["S3"] == (1200 * POINT, None)
    assert found["S4"][0] + found["S5"][0] == 750 * POINT


def test_a_stay_that_is_paid_its_cost_keeps_its_points_where_the_total_is_kept(workspace: Workspace) -> None:
    """S2 costs 2,000 of a standard of 5,000: 0.4 × 500 points, as without any new technology; S1 alone gives its bonus back."""
    cheap = [settlement(stay) | ({"total_fee": 200_000} if stay[0] == "S2" else {}) for stay in STAYS]
    write(workspace, "settlements", cheap)
    year(workspace, KEPT, {**LISTED, "bonus_points": 60 * POINT})
    found = points(workspace)
    assert found["S2"] == (200 * POINT, None)
    assert found["S1"] == (1200 * POINT, 57_142_857)


def test_parts_add_up_to_the_points_of_an_institution(workspace: Workspace) -> None:
    for region in (CHANGED, KEPT):
        year(workspace, region, {**LISTED, "bonus_points": 60 * POINT}) if region is CHANGED else None
        made = cleared(workspace, region)
        for row in made.rows:
            mine = [one["dip_points"] for one in made.parts if (one["insurance_type"], one["provider_code"]) == (row["insurance_type"], row["provider_code"])]  # fmt: skip
            assert sum(mine) == row["dip_points"]
        bonus = [one for one in made.parts if one["points_part"] == "bonus"]
        assert [(one["provider_code"], one["case_count"]) for one in bonus] == [("H1", 1)]
        assert {one["points_part"] for one in made.parts} == {"core", "bonus", "ungrouped"}


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({}, "core"),
        ({"dip_layer": "BX"}, "core"),
        ({"dip_layer": "comprehensive"}, "comprehensive"),
        ({"dip_layer": "last"}, "comprehensive"),
        ({"auxiliary_coefficient": 1_200_000}, "auxiliary"),
        ({"auxiliary_coefficient": 1_200_000, "grouping_flags": "TCM"}, "tcm"),
        ({"grouping_flags": "TCM PRIMARY_CARE"}, "primary"),
        ({"dip_layer": "primary"}, "primary"),
        ({"dip_group_code": None, "dip_layer": None}, "ungrouped"),
        ({"dip_group_code": None, "special_result": "itemised"}, "special"),
        ({"special_result": "refused"}, "core"),
    ],
)
def test_a_stay_stands_in_one_part(changed: dict[str, Any], part: str) -> None:
    usual = {"dip_group_code": "G", "dip_layer": "core", "grouping_flags": None, "special_result": None, "auxiliary_coefficient": 1_000_000}  # fmt: skip
    assert part_of({**usual, **changed}) == part


WITH_BONUS = st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**10)), min_size=1, max_size=30)


@given(WITH_BONUS, st.sampled_from([0, 4, 6, 16]))
def test_a_kept_total_is_kept_exactly(stays: list[tuple[int, int]], places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    made = [{"settlement_id": f"{n:03}", "points": (own + bonus) * unit, "bonus": bonus * unit} for n, (own, bonus) in enumerate(stays)]  # fmt: skip
    _keep_total(made, places)
    if any(own for own, _ in stays):
        assert sum(row["points"] for row in made) == sum(own for own, _ in stays) * unit
    assert all(0 <= row["bonus"] <= row["points"] + unit for row in made)
