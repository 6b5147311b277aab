"""Budget codes: names by year, and the tree that the digits make."""

from __future__ import annotations

from typing import Literal

import pytest

from yibao.vocabulary.classification import load_classification

KINDS: tuple[Literal["functional", "economic"], ...] = ("functional", "economic")


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_hangs_on_its_parents(kind: Literal["functional", "economic"]) -> None:
    classification = load_classification(kind)
    known = {code.code for code in classification.codes}
    for code in classification.codes:
        assert classification.level(code.code) is not None, code.code
        assert set(classification.parents(code.code)) <= known, code.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_has_one_name_in_a_year(kind: Literal["functional", "economic"]) -> None:
    codes = load_classification(kind).codes
    for year in range(2018, 2031):
        valid = [code.code for code in codes if code.holds_in(year)]
        assert len(valid) == len(set(valid))


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("20805", 2019, "行政事业单位离退休"),
        ("20805", 2025, "行政事业单位养老支出"),
        ("2101506", 2025, "医疗保障经办事务"),
        ("2101506", 2017, None),
        ("2109999", 2025, None),
        ("", 2025, None),
    ],
)
def test_name_of(code: str, year: int, name: str | None) -> None:
    assert load_classification("functional").name_of(code, year) == name


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("functional", "医疗保障经办事务（项）", "2101506"),
        ("functional", "城乡医疗救助支出", "2101301"),
        ("functional", "卫生健康支出（类）", "210"),
        ("functional", "没有的科目", None),
        ("economic", "因公出国（境）费用", "30212"),
        ("economic", "因公出国(境)费", "30212"),
        ("economic", "其他支出", None),  # 399 and 39999: two codes, no answer
    ],
)
def test_code_of(kind: Literal["functional", "economic"], name: str, code: str | None) -> None:
    assert load_classification(kind).code_of(name, 2025) == code


def test_code_of_under_a_prefix() -> None:
    assert load_classification("economic").code_of("其他支出", under="39999") == "39999"


@pytest.mark.parametrize(
    ("code", "name", "agrees"),
    [("2210201", "住房公积金", True), ("2210201", "购房补贴", False), ("9999999", "x", None)],
)
def test_code_and_name_agree(code: str, name: str, agrees: bool | None) -> None:
    assert load_classification("functional").agrees(code, name, 2025) is agrees


def test_parents_and_levels() -> None:
    functional = load_classification("functional")
    assert functional.parents("2101506") == ("210", "21015")
    assert [functional.level(code) for code in ("210", "21015", "2101506", "21")] == [1, 2, 3, None]
