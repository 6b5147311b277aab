"""Identities between figures speak of figures that exist, and lists of parts are known to be complete or not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.intervals import Range
from yibao.vocabulary.relations import (
    Operand,
    Relation,
    covering_partition,
    load_partitions,
    load_relations,
    relations_for,
)

ARITY = {"ratio": 2, "change": 2, "equal": 1, "between": 2}


@pytest.mark.parametrize("relation", load_relations(), ids=lambda r: r.id)
def test_relation_is_well_formed(relation: Relation) -> None:
    register = load_figures()
    assert [figure for figure in relation.figures if figure not in register] == []
    assert relation.label
    assert relation.source
    assert len(relation.terms) == ARITY.get(relation.op, len(relation.terms))
    assert relation.optional <= {term.figure for term in relation.terms}
    assert relation.complete or relation.op == "sum"


@pytest.mark.parametrize("relation", [r for r in load_relations() if r.op in ("sum", "difference")], ids=lambda r: r.id)
def test_sums_add_like_to_like(relation: Relation) -> None:
    units = {load_figures().get(figure).unit for figure in relation.figures}
    assert len(units) == 1 or units == {"人次", "人"}


def test_each_member_gets_its_relation() -> None:
    ids = {relation.id for relation in load_relations()}
    assert {"fund.employee.balance", "fund.resident.balance", "fund.employee.pooling.balance"} <= ids


def test_operands_carry_basis_and_year() -> None:
    carry = next(r for r in load_relations() if r.id == "fund.resident.carry")
    assert carry.terms == (Operand(figure="fund.resident.closing", basis="final", shift=-1),)
    rate = next(r for r in load_relations() if r.id == "dept.rate.execution")
    assert [term.basis for term in rate.terms] == ["final", "adjusted"]


def test_what_is_left_flows_from_three() -> None:
    carry = next(r for r in load_relations() if r.id == "dept.carry.government_fund")
    computed = carry.computed([Range.number(Decimal(n)) for n in (10, 8, 6)])
    assert computed is not None
    assert computed.value == 12


def test_a_bad_operand_is_refused() -> None:
    with pytest.raises(ValueError, match="not an operand"):
        Relation.model_validate(
            {"id": "x", "kind": "sum", "op": "sum", "result": "A B", "terms": [], "label": "x", "source": "x"}
        )


def test_relations_for_a_figure() -> None:
    assert {r.op for r in relations_for("dept.three_public.total")} == {"sum"}
    assert relations_for("dept.nothing") == ()


@pytest.mark.parametrize(
    ("labels", "whole", "name"),
    [
        (["其中行政编制", "事业编制"], "我局共有编制", "编制性质"),
        (["行政编制", "事业编制", "工勤编制"], "编制", "编制性质（含工勤）"),
        (["职工医保参保人数", "城乡居民医保参保人数"], "基本医疗保险参保人数", "医保制度"),
        (["在职", "退休"], "职工医保参保人数", "职工参保"),
        (["人员经费", "日常公用经费"], "基本支出", "基本支出"),
        (["基本支出", "项目支出"], "支出合计", "支出性质"),
        (["统筹基金收入", "个人帐户基金收入"], "职工基金总收入", "职工基金"),
        (["政府采购货物支出", "政府采购工程支出", "政府采购服务支出"], "政府采购支出总额", "政府采购"),
        (["因公出国（境）费", "公务用车购置及运行费", "公务接待费"], "“三公”经费", "三公经费"),
        (["因公出国费", "公务用车购置费", "公务用车运行维护费", "公务接待费"], "三公经费", "三公经费（车辆分列）"),
        (["公务用车购置费", "公务用车运行维护费"], "公务用车购置及运行费", "公务用车费"),
    ],
)
def test_complete_lists(labels: list[str], whole: str, name: str) -> None:
    for order in (labels, labels[::-1]):
        found = covering_partition(order, whole)
        assert found is not None
        assert found.name == name


@pytest.mark.parametrize(
    ("labels", "whole"),
    [
        (["行政编制"], "编制"),
        (["行政编制", "行政编制"], "编制"),
        (["行政编制", "工勤编制"], "编制"),
        (["行政事业编制", "工勤编制"], "编制"),
        (["公务接待费", "公务用车运行维护费"], "三公经费"),
        (["在职人员", "退休人员"], "编制"),
        (["门诊", "住院"], "医疗费用"),
        ([], "编制"),
        (["", ""], ""),
    ],
)
def test_lists_that_may_leave_something_out(labels: list[str], whole: str) -> None:
    assert covering_partition(labels, whole) is None


def test_usual_lists_are_soft() -> None:
    found = covering_partition(["门诊", "住院"], "医疗费用", hard=False)
    assert found is not None
    assert not found.hard


def test_longest_word_decides_between_members() -> None:
    found = covering_partition(["公立医疗机构", "非公立医疗机构"], "定点医疗机构", hard=False)
    assert found is not None
    assert found.name == "医疗机构性质"


def test_partitions_have_distinct_members() -> None:
    for partition in load_partitions():
        words = [word for member in partition.members for word in member]
        assert len(words) == len(set(words)) >= 2, partition.name
