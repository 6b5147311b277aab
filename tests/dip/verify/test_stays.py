"""One stay beside ours: the first step at which they part, and why; sheets made by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.dip.making import made, row
from tests.dip.verify.making import GROUPS, judged, of_stay, record, stay
from yibao.dip.verify.sheets import Codes

APPENDECTOMY = "K35.3-47.0100"


def test_a_right_stay_is_not_told() -> None:
    rows = [stay(1, "K35.300", "47.0100", APPENDECTOMY, 9_000), stay(2, "J18.900", None, "J18.9-0", 3_500)]
    assert of_stay(judged(rows), 0) == []


#: codes of the record, of the sheet, the city's group and version; cause
PARTINGS: dict[str, tuple[Codes, tuple[str, str | None], tuple[str, str], tuple[str, str]]] = {
    "operation ignored": (record("K35.300", "47.0100"), ("K35.300", "47.0100"), ("K35.3-0", "2.0-2025"), ("group", "code_map")),
    "operation lost in the sheet": (record("K35.300", "47.0100"), ("K35.300", None), ("K35.3-0", "2.0-2025"), ("group", "code_map")),
    "one of two operations lost": (record("K35.300", "47.0100 54.5101"), ("K35.300", "47.0100+54.5101"), (APPENDECTOMY, "2.0-2025"), ("group", "code_map")),
    "another diagnosis": (record("K35.300", "", "J18.900"), ("K35.300", None), ("J18.9-0", "2.0-2025"), ("group", "code_map")),
    "another diagnosis in the sheet": (record("K35.300"), ("J18.900", None), ("J18.9-0", "2.0-2025"), ("group", "code_map")),
    "the lower of two that fit": (record("K35.300", "47.0100 47.0900"), ("K35.300", "47.0100+47.0900"), ("K35.3-47.0900", "2.0-2025"), ("group", "tie")),
    "last year's group": (record("K35.300", "47.0100 54.5101"), ("K35.300", "47.0100+54.5101"), (APPENDECTOMY, "2.0-2024"), ("group", "pack")),
    "last year's score": (record("K35.300"), ("K35.300", None), ("K35.3-0", "2.0-2024"), ("score", "pack")),
    "a group that only last year's has": (record("E11.900"), ("E11.900", None), ("I10-0", "2.0-2024"), ("group", "pack")),
    "no reason": (record("K35.300"), ("K35.300", None), ("E11-ZH0", "2.0-2025"), ("group", "unexplained")),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTINGS)
def test_why_the_group_is_another(name: str) -> None:
    ours, (dx, operations), (group, version), told = PARTINGS[name]
    found = judged([stay(1, dx, operations, group, 4_400, version)], {"V1": ours})
    assert of_stay(found, 1) == [told]


def test_other_codes_that_lead_to_the_same_group_are_a_note() -> None:
    found = judged([stay(1, "K35.300", "47.0100", APPENDECTOMY, 9_000)], {"V1": record("K35.200", "47.0100")})
    assert of_stay(found, 1) == [("group", "code_map")]
    found = judged([stay(1, "K35.301", "47.0100", APPENDECTOMY, 9_000)], {"V1": record("K35.300", "47.0100")})
    assert of_stay(found, 1) == []
    assert any("1 例表上的编码与病案不同" in one.note for one in found.found.checks)


#: what is wrong in a right row, cost in yuan; step and cause
STEPS: dict[str, tuple[int, dict[str, Any], tuple[str, str]]] = {
    "twice the standard is still normal": (10_000, {"deviation_band": "high", "deviation_factor": 1_000_000}, ("band", "band")),
    "half the standard is no longer low": (2_500, {"deviation_band": "low", "deviation_factor": 500_000}, ("band", "band")),
    "a dear stay read as normal": (15_000, {"deviation_band": "normal", "deviation_factor": 1_000_000}, ("band", "band")),
    "a cheap stay without its factor": (2_000, {"deviation_factor": 1_000_000}, ("factor", "band")),
    "last year's coefficient": (5_000, {"institution_coefficient": 1_020_000}, ("coefficient", "coefficient")),
    "the coefficient of a higher level": (5_000, {"institution_coefficient": 1_260_000}, ("coefficient", "coefficient")),
    "last year's coefficient in the points alone": (5_000, {"dip_points": 510_000_000}, ("points", "coefficient")),
    "points without their places": (2_013, {"dip_points": 201_000_000}, ("points", "rounding")),
    "a ratio by last year's mean": (4_500, {"deviation_ratio": 1_000_000}, ("ratio", "pack")),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_why_the_number_is_another(name: str) -> None:
    fee, wrong, told = STEPS[name]
    assert of_stay(judged([stay(1, "K35.300", None, "K35.3-0", fee, **wrong)]), 1) == [told]


def test_the_bound_is_named() -> None:
    found = judged([stay(1, "K35.300", None, "K35.3-0", 10_000, deviation_band="high")])
    assert [one.says for one in found.found.differences if one.key == "S1"] == [
        "费用偏差率正好是界限 2，按规定算费用正常"
    ]


def test_a_primary_care_group_bears_no_coefficient() -> None:
    found = judged([stay(1, "J18.900", None, "J18.9-0", 3_000, institution_coefficient=1_020_000)])
    assert of_stay(found, 1) == [("coefficient", "coefficient")]


def ours(subtype: str | None, coefficient: int | None, group: str = "K35.3-0") -> dict[str, Any]:
    return {
        "visit_id": "V1",
        "dip_group_code": group,
        "auxiliary_subtype": subtype,
        "auxiliary_coefficient": coefficient,
    }


#: ours, the sheet's coefficient and points; what is told
SUBTYPES: dict[str, tuple[dict[str, Any], int, int, list[tuple[str, str]]]] = {
    "alike": (ours("icu:2-7", 1_300_000), 1_300_000, 650_000_000, []),
    "left out": (ours("icu:2-7", 1_300_000), 1_000_000, 500_000_000, [("auxiliary", "coefficient")]),
    "another": (ours("icu:2-7", 1_300_000), 1_500_000, 750_000_000, [("auxiliary", "coefficient")]),
    "none of ours": (ours(None, None), 1_300_000, 650_000_000, [("auxiliary", "coefficient")]),
    "in the points alone": (ours("icu:2-7", 1_300_000), 1_300_000, 500_000_000, [("points", "coefficient")]),
    "grouped otherwise, so not compared": (ours("icu:2-7", 1_300_000, "K35.3-1"), 1_500_000, 750_000_000, []),
}  # fmt: skip


@pytest.mark.parametrize("name", SUBTYPES)
def test_auxiliary_coefficients_beside_ours(name: str) -> None:
    """Guide dip §7: score × institution coefficient × auxiliary coefficient; ours is of our own grouping of the stay."""
    mine, coefficient, points, told = SUBTYPES[name]
    row = {**stay(1, "K35.300", None, "K35.3-0", 5_000), "auxiliary_coefficient": coefficient, "dip_points": points}
    others = {"V2": {**ours("age:0-28", 1_200_000), "visit_id": "V2"}}
    found = judged([row], subtypes={"V1": mine, **others})
    assert of_stay(found, 1) == told
    if name == "left out":
        [one] = [one for one in found.found.differences if one.key == "S1"]
        assert one.effect == (500 - 650) * 10 * 60


def special(result: str, score: int | None = None) -> dict[str, Any]:
    return {
        "S1": {"settlement_id": "S1", "special_result": result, "special_score": score, "applied_on": date(2025, 4, 1)}
    }


def test_a_reviewed_stay_is_held_against_its_review() -> None:
    row = stay(1, "K35.300", None, "K35.3-0", 30_000)
    assert of_stay(judged([row], specials=special("adjusted", 2_000_000_000)), 1) == [("points", "special")]
    assert of_stay(judged([row], specials=special("refused")), 1) == []
    paid = {**row, "dip_points": 3_000_000_000}  # 30,000 yuan at 10 yuan a point
    assert of_stay(judged([paid], specials=special("itemised")), 1) == []


def test_without_a_group_cost_over_the_mean_of_the_region() -> None:
    none = {"dip_group_code": None, "dip_layer": None, "deviation_ratio": None}
    row = {
        **stay(1, "Z99.900", None, "K35.3-0", 10_000),
        **none,
        "deviation_band": "normal",
        "deviation_factor": 1_000_000,
    }
    right = {**row, "base_score": 1_400_000_000, "dip_points": 1_400_000_000}  # 10,000 ÷ 5,000 × 1,000 × 0.7
    assert of_stay(judged([right]), 1) == []
    assert of_stay(judged([{**right, "dip_points": 2_000_000_000, "base_score": 2_000_000_000}]), 1) == [
        ("points", "unexplained")
    ]


def test_the_price_is_at_the_opening_value() -> None:
    found = judged([stay(1, "K35.300", "47.0100", "K35.3-0", 5_000)], {"V1": record("K35.300", "47.0100")})
    [one] = found.found.differences[-1:]
    assert (one.key, one.effect) == ("S1", (500 - 1_000) * 10 * 60)  # points × 10 yuan × 0.6, in fen


def test_packs_instead_of_the_citys_table(tmp_path: Path) -> None:
    """A pack by its dates; the kind of operation 86.2200 stands nowhere, so only that it is none is asked of 综合病种."""
    this_year = [one[1:] for one in GROUPS if one[0] == "2.0-2025"]
    rows = [row(code, layer, key, operations or "", kind=kind, score=str(score), mean_cost=str(mean)) for code, layer, kind, key, operations, score, mean in this_year]  # fmt: skip
    rows += [row("E11-ZH3", "comprehensive", "E11", kind="surgery", score="2000", mean_cost="20000")]
    settings = "layers: {core: {main: free, no_operation: none, choose: [matched, max_score]}}"
    pack = made(tmp_path, "2.0", rows, settings)
    wrong = stay(1, "K35.300", "47.0100", "K35.3-0", 5_000)
    operated = {**stay(2, "E11.900", "86.2200", "E11-ZH0", 4_000), "visit_id": "V2"}
    assert of_stay(judged([wrong], packs=[pack]), 1) == [("group", "code_map")]
    surgery = {**operated, "dip_group_code": "E11-ZH3", "base_score": 2_000_000_000, "deviation_ratio": 200_000, "deviation_band": "low", "deviation_factor": 200_000, "dip_points": 400_000_000}  # fmt: skip
    assert of_stay(judged([surgery], packs=[pack]), 2) == []
    assert of_stay(judged([operated], packs=[pack]), 2) == [("group", "code_map")]
