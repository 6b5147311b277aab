"""The specification of each kind: its values, its labels, the style of the house."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.charts.pictures import ALL, EXPENSES, FUND, RANGE, SCORES, panel
from yibao.charts.columns import HEADROOM
from yibao.charts.house import ACCENT, FAMILY, INK, LIGHT, MIDDLE, QUIET
from yibao.charts.shapes import Chart, Columns
from yibao.charts.specification import specification


def drawn(chart: Chart) -> list[dict[str, Any]]:
    """All rows of data of a specification."""
    return [row for rows in specification(chart)["datasets"].values() for row in rows]


def labels(chart: Chart) -> set[Any]:
    return {row.get("label") for row in drawn(chart)}


def test_columns_carry_their_values_and_labels() -> None:
    values = {(row["period"], row["series"]): (row["value"], row["label"]) for row in drawn(FUND) if "period" in row}
    assert values["2024年", "收入"] == (203070, "203,070")
    assert values["2025年", "支出"] == (186337, "186,337")
    assert values["2023年末", "期末滚存结余"] == (326637, "326,637")
    assert len(values) == 7


def test_panels_share_one_scale() -> None:
    scales = [panel["layer"][0]["encoding"]["y"]["scale"] for panel in specification(FUND)["hconcat"]]
    assert scales[0] == scales[1]
    assert scales[0]["domain"] == [0, pytest.approx(366954 * (1 + HEADROOM))]


def test_a_deficit_hangs_below_the_ground_line() -> None:
    chart = Columns("万元", (panel("当期结余", "2024年 2025年", 当期结余="100 -40"),))
    domain = specification(chart)["hconcat"][0]["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert domain[0] < -40 < 100 < domain[1]


def test_many_columns_stand_one_panel_above_the_other() -> None:
    years = " ".join(f"{year}年" for year in range(2021, 2026))
    numbers = " ".join(["1203070.25"] * 5)
    many = panel("收入与支出", years, 收入=numbers, 支出=numbers)
    chart = Columns("万元", (many, panel("结余", years, 结余=numbers)))
    assert "vconcat" in specification(chart)
    assert "hconcat" in specification(FUND)


def test_results_stand_beside_their_plans() -> None:
    row = next(row for row in drawn(EXPENSES) if row.get("name") == ["公用经费"])
    assert (row["plan"], row["result"], row["percent"], row["label"]) == ("222.78", "308.88", 138.65, "138.65%")
    assert row["end"] == 138.65
    short = next(row for row in drawn(EXPENSES) if row.get("name") == ["公务接待费"])
    assert short["end"] == 100  # its label stands behind the plan's bar
    heads = {row.get("text") for row in drawn(EXPENSES)}
    assert {"预算（万元）", "决算（万元）", "决算为预算的（预算＝100%）"} <= heads


def test_only_what_is_missing_is_set_off() -> None:
    assert {"9.54／10　扣0.46分", "8／8"} <= labels(SCORES)
    assert {row["label"] for row in drawn(SCORES) if row.get("short")} == {"9.54／10　扣0.46分"}


def test_a_long_name_takes_two_lines() -> None:
    names = [row["name"] for row in drawn(SCORES) if "name" in row]
    assert ["医疗服务价格动态调整与深化医", "疗服务价格改革试点执行情况"] in names


@pytest.mark.parametrize("chart", ALL)
def test_the_style_of_the_house(chart: Chart) -> None:
    spec = specification(chart)
    assert spec["config"]["font"] == FAMILY
    assert spec["background"] == "white"
    assert spec["description"] == chart.alt
    colours = {word for word in json.dumps(spec).split('"') if word.startswith("#")}
    assert colours <= {INK, QUIET, LIGHT, MIDDLE, ACCENT}


def test_the_fills_tell_apart_in_black_and_white() -> None:
    grey = [
        sum(int(fill[at : at + 2], 16) * weight for at, weight in ((1, 299), (3, 587), (5, 114))) / 1000
        for fill in (LIGHT, MIDDLE, ACCENT)
    ]
    assert grey[0] - grey[1] > 50
    assert grey[1] - grey[2] > 50


@pytest.mark.parametrize("chart", ALL)
def test_nothing_is_fetched(chart: Chart) -> None:
    assert "http" not in json.dumps(specification(chart))


def test_curves_label_their_ends_and_what_is_in_force() -> None:
    rows = [row for row in drawn(RANGE) if row["value"] > 15_000]
    assert [row["label"] for row in rows] == ["16,927.7", "16,955.4", "16,983.1"]
    assert [row["now"] for row in rows] == [False, True, False]
    spec = specification(RANGE)
    assert len(spec["vconcat"]) == 2
    assert "71%" in str(spec["vconcat"][0])


def test_each_curve_has_a_scale_of_its_own_around_its_values() -> None:
    low, high = specification(RANGE)["vconcat"][0]["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert 0 < low < 16927.7 < 16983.1 < high
