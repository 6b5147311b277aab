"""Versions of named rates: which are known, which is valid where, and what they give."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.errors import UserError
from yibao.region.formulas import evaluate, parsed, variants
from yibao.region.packs import load_packs, region, shipped_packs

HUNAN, YUEYANG, OTHER = region("cn-43"), region("cn-4306"), region("cn-44")
D = Decimal
CONTROL = {"initial": D("1138.21"), "added": D("954.5"), "adjusted": D("2092.71"), "final": D("1997.21")}


def percent(value: Decimal | None) -> Decimal | None:
    return None if value is None else (value * 100).quantize(D("0.01"))


def test_control_rate_has_two_meanings_one_hundred_points_apart() -> None:
    versions = variants("预算控制率", 2025, HUNAN)
    found = {v.expr: (v.valid, percent(v.evaluate(CONTROL))) for v in versions}
    assert found["added / initial"] == (True, D("83.86"))
    assert found["adjusted / initial"] == (False, D("183.86"))
    assert versions[0].valid


def test_only_the_region_says_which_version_is_valid() -> None:
    assert not any(v.valid for v in variants("预算控制率", 2025, OTHER))
    assert variants("预算执行率", 2025, OTHER)[0].valid


def test_the_city_has_its_own_points() -> None:
    def points(place: str) -> Decimal | None:
        return variants("预算控制率", 2025, region(place))[0].points(D("8.5"))

    assert points("cn-4309") == 4
    assert points("cn-4306") == 2


@pytest.mark.parametrize(
    ("name", "terms", "value"),
    [
        ("“三公”经费控制率", {"final": "1.84", "budget": "15.22"}, "12.09"),
        ("预算执行率", {"final": "1997.21", "adjusted": "2092.71"}, "95.44"),
        ("财政供养人员控制率", {"in_post": "60", "establishment": "60"}, "100.00"),
        ("预算完成率", {"opening": "10", "initial": "80", "added": "10", "closing": "5"}, "95.00"),
        ("当期结余率", {"income": "200", "expense": "180"}, "10.00"),
        ("三公经费变动率", {"budget": "9", "last_budget": "10"}, "-10.00"),
    ],
)
def test_valid_version(name: str, terms: dict[str, str], value: str) -> None:
    version = variants(name, 2025, HUNAN)[0]
    assert version.valid
    assert set(terms) == set(version.terms)
    assert percent(version.evaluate({term: D(number) for term, number in terms.items()})) == D(value)


def test_months_payable() -> None:
    months = variants("可支付月数", 2025, OTHER)[0].evaluate({"closing": D(60), "expense": D(80)})
    assert months == 9


@pytest.mark.parametrize(
    ("percent_", "points"),
    [("0", "5"), ("0.01", "4"), ("10", "4"), ("20", "3"), ("30", "2"), ("30.01", "0"), ("83.86", "0")],
)
def test_bands_of_the_control_rate(percent_: str, points: str) -> None:
    assert variants("预算控制率", 2025, HUNAN)[0].points(D(percent_)) == D(points)


@pytest.mark.parametrize(("percent_", "points"), [("95", "5"), ("90", "5"), ("89.9", "4"), ("70", "3"), ("59", "0")])
def test_bands_with_lower_bounds(percent_: str, points: str) -> None:
    assert variants("重点支出安排率", 2025, HUNAN)[0].points(D(percent_)) == D(points)


@pytest.mark.parametrize(
    ("name", "percent_", "weight", "points"),
    [
        ("三公经费控制率", "100", "8", "8"),
        ("三公经费控制率", "102", "8", "6"),
        ("三公经费控制率", "101.2", "8", "6"),
        ("三公经费控制率", "150", "8", "0"),
        ("财政供养人员控制率", "103", "5", "3.5"),
        ("预算完成率", "98", "5", "3"),
        ("预算完成率", "100", "5", "5"),
        ("当期结余率", "10", "5", None),
    ],
)
def test_deductions(name: str, percent_: str, weight: str, points: str | None) -> None:
    found = variants(name, 2025, HUNAN)[0].points(D(percent_), D(weight))
    assert found == (None if points is None else D(points))


def test_a_rule_with_its_own_weight_needs_none_from_the_form() -> None:
    assert variants("三公经费控制率", 2025, YUEYANG)[0].points(D(103)) == 3


def test_unknown_name_has_no_versions() -> None:
    assert variants("没有的比率", 2025, HUNAN) == ()


@pytest.mark.parametrize("pack", sorted(shipped_packs()))
def test_every_shipped_formula_is_well_formed(pack: str) -> None:
    rules = [rule for rule in shipped_packs()[pack].own_rules if rule.kind == "formulas"]
    for rule in rules:
        for name in rule.body["names"]:
            found = variants(name, 2025, region(pack))
            assert found
            assert all(v.evaluate(dict.fromkeys(v.terms, D(0))) is None for v in found), "0/0 is no rate"
            assert sum(v.valid for v in found) <= 1, name


def test_points_lie_between_nothing_and_the_weight() -> None:
    for rule in HUNAN.rules("formulas", on=date(2025, 12, 31)):
        for version in variants(rule.body["names"][0], 2025, HUNAN):
            for value in range(-50, 400, 7):
                points = version.points(D(value), D(5))
                assert points is None or 0 <= points <= 6


@pytest.mark.parametrize(
    "expression",
    ["", "a **", "a ** b", "a // b", "f(a)", "a.b", "a[0]", "1.5 * a", "'x'", "-a", "a if b else c", "(a := b)", "a, b",
     "True + a", "a" * 300, "__import__('os')", "lambda: a"],
)  # fmt: skip
def test_anything_but_arithmetic_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"算式|只能有"):
        parsed(expression)


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_evaluation_is_ordinary_arithmetic(a: Decimal, b: Decimal, c: Decimal) -> None:
    terms = {"a": a, "b": b, "c": c}
    assert evaluate("(a + b - c) * 12", terms, D) == (a + b - c) * 12
    assert evaluate("a / (b - c)", terms, D) == (a / (b - c) if b != c else None)


def test_missing_term_gives_nothing() -> None:
    assert evaluate("a / b", {"a": D(1)}, D) is None


def test_a_bad_formula_is_shown_with_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "pack.yaml").write_text("code: xx\nname: 测试\nstatus: example\n", encoding="utf-8")
    head = "from: 2020-01-01, source: 甲, grade: proposal, status: example, unit: percent"
    (folder / "f.yaml").write_text(
        f"formulas:\n  - {{id: a, names: [好], expr: x / y, {head}}}\n  - {{id: b, names: [坏], expr: x ^ y, {head}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError, match=r"f\.yaml 第 3 行的规则“b”有误"):
        variants("坏", 2025, load_packs(tmp_path)["xx"])
