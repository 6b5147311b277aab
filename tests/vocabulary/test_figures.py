"""The register of figures: labels name the right figure, and none rather than a wrong one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yibao.vocabulary.figures import basis_of, load_figures
from yibao.vocabulary.labels import normal
from yibao.vocabulary.units import UNITS

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("figure_labels.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['label']}|{'/'.join(c.get('context', []))}")
def test_label_names_its_figure(case: dict[str, Any]) -> None:
    found = load_figures().match(case["label"], case.get("context", ()))
    assert (found.id if found else None) == case["figure"]


def test_fixture_is_large_and_holds_negatives() -> None:
    assert len(CASES) >= 80
    assert sum(case["figure"] is None for case in CASES) >= 20


def test_every_figure_is_declared_well() -> None:
    for figure in load_figures():
        assert figure.id.partition(".")[0] == figure.domain, figure.id
        assert {figure.unit, *figure.counters} <= set(UNITS), figure.id
        assert figure.synonyms, figure.id
        assert any("一" <= char <= "鿿" for char in figure.label), figure.id
        assert (figure.unit in ("%", "个月")) <= (figure.role == "rate"), figure.id


def test_first_synonym_of_a_plain_figure_names_it() -> None:
    """A figure that asks for nothing around it is found under its own names."""
    register = load_figures()
    for figure in register:
        for reading in figure.readings:
            if reading.within or reading.also:
                continue
            for name in (*reading.synonyms, *reading.alone):
                found = register.match(name)
                assert (found.id if found else None) == figure.id, name


@pytest.mark.parametrize(
    "label",
    [
        "公务接待费",
        "公 务 接 待 费",
        "（3）公务接待费（万元）",
        "其中：公务接待费",
        "、公务接待费",
        "公务接待费：",
        "３、公务接待费",
    ],
)
def test_signs_and_numbering_do_not_matter(label: str) -> None:
    found = load_figures().match(label)
    assert found is not None
    assert found.id == "dept.three_public.reception"


def test_the_nearest_heading_decides() -> None:
    match = load_figures().match
    headings = ["城镇职工基本医疗保险基金", "城乡居民基本医疗保险基金"]
    found = [match("基金总收入", headings), match("基金总收入", headings[::-1])]
    assert [figure.id for figure in found if figure] == ["fund.resident.income.total", "fund.employee.income.total"]


def test_two_schemes_in_one_heading_name_neither() -> None:
    assert load_figures().match("基金总收入", ["城镇职工和城乡居民基本医疗保险基金"]) is None


def test_counters_vary_where_units_do_not() -> None:
    cases, insured = load_figures().get("audit.cases"), load_figures().get("fund.insured.total")
    assert [cases.measured_in(dimension) for dimension in ("件", "起", "宗", "money")] == [True, True, True, False]
    assert insured.measured_in("persons")
    assert not insured.measured_in("visits")


def test_unknown_id_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_figures().get("dept.nothing")
    assert "dept.nothing" not in load_figures()


@given(st.text(max_size=200), st.lists(st.text(max_size=40), max_size=3))
def test_any_text_is_read_without_a_crash(label: str, context: list[str]) -> None:
    found = load_figures().match(label, context)
    assert found is None or found.id in load_figures()


@given(st.sampled_from(CASES), st.sampled_from(["2031年", "2031年度我局", "全市", "其中：", "东河市医疗保障局2031年"]))
def test_a_neutral_prefix_never_changes_the_figure(case: dict[str, Any], prefix: str) -> None:
    register, context = load_figures(), case.get("context", ())
    plain = register.match(case["label"], context)
    longer = register.match(prefix + case["label"].removeprefix("其中"), context)
    assert plain is None or longer is None or longer.id == plain.id


def test_hostile_labels_are_answered() -> None:
    for text in ("预算" * 5000, "（" * 5000, "市" * 5000, "支出数" * 3000 + "万", "一、" * 4000, "占" * 5000):
        found = load_figures().match(text, [text])
        assert found is None or found.id in {figure.id for figure in load_figures()}
        assert isinstance(basis_of(text), str | None)


@pytest.mark.parametrize(
    ("words", "basis"),
    [
        ("年初预算数", "initial"),
        ("年初预算", "initial"),
        ("年中调整追加预算", "added"),
        ("调整追加", "added"),
        ("全年预算数", "adjusted"),
        ("调整后预算", "adjusted"),
        ("2031年预算数", "budget"),
        ("支出预算为", "budget"),
        ("预算安排数", "budget"),
        ("2030年决算数", "final"),
        ("支出决算为", "final"),
        ("全年执行数", "final"),
        ("预算执行", "final"),
        ("实际支出数为", "final"),
        ("年度指标值", "target"),
        ("实际完成值", "actual"),
        ("一般公共预算财政拨款支出决算", "final"),
        ("一般公共预算财政拨款支出", None),
        ("政府性基金预算财政拨款收入", None),
        ("预算执行率", None),
        ("预决算收支情况", None),
        ("编制数", None),
        ("", None),
    ],
)
def test_basis_of(words: str, basis: str | None) -> None:
    assert basis_of(words) == basis


@given(st.text(max_size=60))
def test_normal_form_has_no_blanks_quotes_or_brackets(text: str) -> None:
    assert not set(normal(text)) & set(' \u3000\t\n()（）“”"《》')
