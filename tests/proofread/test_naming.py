"""Numbers get names: the figure, the year and the basis; items of the functional classification; pairs in forms."""

from __future__ import annotations

import pytest

from tests.proofread.documents import package
from yibao.proofread.forms.facts import Fact
from yibao.proofread.itemised import figure_of_item
from yibao.proofread.reading import read

HEAD = "2031年度云岭县医疗保障局部门决算\n"


def facts(text: str) -> list[Fact]:
    return list(read(package(HEAD + text)).facts)


def named(text: str) -> list[tuple[str, int | None, str, str]]:
    return [(f.figure, f.year, f.basis, f.quantity.raw) for f in facts(text)]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("公务接待费支出决算1.26万元。", ("dept.three_public.reception", 2031, "final", "1.26万元")),
        ("公务接待费年初预算2.00万元。", ("dept.three_public.reception", 2031, "initial", "2.00万元")),
        ("公务接待费全年预算2.00万元。", ("dept.three_public.reception", 2031, "adjusted", "2.00万元")),
        ("2030年公务接待费支出决算1.50万元。", ("dept.three_public.reception", 2030, "final", "1.50万元")),
        ("截至2030年末，核定编制40人。", ("dept.staff.establishment", 2030, "final", "40人")),
        ("核定编制41人。", ("dept.staff.establishment", 2031, "final", "41人")),
        ("居民医保参保人数48.15万人。", ("fund.insured.resident", 2031, "final", "48.15万人")),
        ("政府采购支出总额96.40万元。", ("dept.procurement.total", 2031, "final", "96.40万元")),
        ("预算执行率94.00%。", ("dept.rate.execution", 2031, "final", "94.00%")),
        ("一、城乡居民基本医疗保险基金情况\n当期亏损700万元。", ("fund.resident.balance", 2031, "final", "700万元")),
    ],
)
def test_a_number_is_named(text: str, fact: tuple[str, int, str, str]) -> None:
    assert fact in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "公务接待费比上年减少0.24万元。",
        "上年公务接待费支出决算1.50万元。",
        "公务接待费占公用经费1.26万元。",
        "公务接待费≤2.00万元。",
        "公务接待费支出小于2.00万元。",
        "上半年公务接待费支出0.90万元。",
        "每年公务接待费支出1.00万元。",
        "主要原因是压减公务接待费0.24万元。",
        "公务接待21批次。其中外事接待0批次。",
        "核定编制41辆。",
    ],
)
def test_a_number_that_is_not_the_figure_itself(text: str) -> None:
    assert [f for f in named(text) if f[0] in ("dept.three_public.reception", "dept.staff.establishment")] == []


def test_a_loss_is_negative() -> None:
    (fact,) = [
        f for f in facts("一、城乡居民基本医疗保险基金情况\n当期亏损700万元。") if f.figure == "fund.resident.balance"
    ]
    assert fact.quantity.value == -700


def test_the_subject_before_a_colon_names_what_follows() -> None:
    found = [(f, b) for f, _, _, b in named("一、职工基本医疗保险基金情况\n个人账户：收入5000万元，支出4700万元。")]
    assert all(not f.startswith("fund.resident") for f, _ in found)


def test_a_basis_is_carried_on() -> None:
    found = named("公务接待费年初预算2.00万元，公务用车运行维护费5.00万元。")
    assert ("dept.three_public.vehicle_running", 2031, "initial", "5.00万元") in found


def test_the_basis_of_brackets_is_that_before_them() -> None:
    found = named("三公经费年初预算7.00万元（公务接待费2.00万元），支出决算6.06万元。")
    assert ("dept.three_public.reception", 2031, "initial", "2.00万元") in found


@pytest.mark.parametrize(
    ("parent", "name", "figure"),
    [
        ("行政事业单位医疗", "行政单位医疗", "code:2101101"),
        ("住房改革支出", "住房公积金", "code:2210201"),
        ("医疗保障管理事务", "行政运行", "code:2101501"),
        ("不存在的款", "行政运行", "item:不存在的款/行政运行"),
        ("住房改革支出", "没有的项", "item:住房改革支出/没有的项"),
    ],
)
def test_an_item_has_its_code(parent: str, name: str, figure: str) -> None:
    assert figure_of_item(parent, name, 2023) == figure


def test_items_of_the_narrative_are_facts() -> None:
    text = "1.住房保障支出（类）住房改革支出（款）住房公积金（项）。年初预算为20.00万元，支出决算为20.20万元，完成年初预算的101.00%。"
    found = [f for f in named(text) if f[0] == "code:2210201"]
    assert found == [("code:2210201", 2031, "initial", "20.00万元"), ("code:2210201", 2031, "final", "20.20万元")]


def test_the_amounts_of_an_item_may_stand_in_the_next_paragraph() -> None:
    text = "1.住房保障支出（类）住房改革支出（款）住房公积金（项）。\n年初预算为20.00万元，支出决算为20.20万元。"
    assert ("code:2210201", 2031, "final", "20.20万元") in named(text)


def test_a_sentence_that_names_two_items_is_no_item() -> None:
    text = "住房保障支出（类）住房改革支出（款）住房公积金（项）和购房补贴属于住房改革支出（款）购房补贴（项），支出决算为20.20万元。"
    assert [f for f in named(text) if f[0].startswith("code:")] == []


def test_label_and_value_side_by_side() -> None:
    found = [f for f in facts("人员情况表\n人员编制\t41\t实有人数\t38\n备注\t无\t说明\t无") if f.form == "pairs"]
    assert [(f.figure, f.quantity.raw, f.quantity.unit.symbol if f.quantity.unit else "") for f in found] == [
        ("dept.staff.establishment", "41", "人"),
        ("dept.staff.in_post", "38", "人"),
    ]


@pytest.mark.parametrize("cell", ["41.5", "41万元", "约", "—", "四十一"])
def test_a_pair_needs_a_count(cell: str) -> None:
    found = [f for f in facts(f"人员情况表\n人员编制\t{cell}\t其他\t无\n备注\t无\t说明\t无") if f.form == "pairs"]
    assert found == []
