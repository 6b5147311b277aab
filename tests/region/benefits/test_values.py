"""What a knob takes, and what is said of everything else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from yibao.region.benefits.knobs import KNOBS, key
from yibao.region.benefits.values import BandRule, CapRule, JointRule, read


def value(name: str, written: Any) -> Any:
    return read(key(name).knob, written, {})


def test_yuan_become_fen_and_shares_become_millionths() -> None:
    assert value("resident.inpatient.deductible", Decimal("99.99")).rows[0].value == 9999
    assert value("resident.inpatient.rate", Decimal("0.655")).rows[0].value == 655_000
    assert value("resident.inpatient.rate_plus", [Decimal("-0.05")])[0].rows[0].value == -50_000


def test_bands_caps_and_the_joint_ratio() -> None:
    bands = value(
        "employee.inpatient.bands", [{"to": 10000, "rate": Decimal("0.85")}, {"rate": {"退休": 1, "else": 0}}]
    )
    assert [(type(b), b.upto) for b in bands] == [(BandRule, 1_000_000), (BandRule, None)]
    (cap,) = value(
        "resident.chronic.caps",
        [{"per": "每月", "amount": {"特困": "none", "else": 500}, "shares": "门慢", "each": "病种"}],
    )
    assert isinstance(cap, CapRule)
    assert (cap.per, cap.shares, cap.each, [row.value for row in cap.amount.rows]) == (
        "month",
        "门慢",
        True,
        [None, 50_000],
    )
    joint = value("resident.inpatient.joint_ratio", {"rate": Decimal("0.9"), "of": "总费用"})
    assert isinstance(joint, JointRule)
    assert joint.of_total


def test_words_in_chinese_and_in_english() -> None:
    assert value("resident.inpatient.deductible_mode", "每家医院每年") == "institution"
    assert value("resident.aid.base", ["按比例自付", "deductible"]) == ("coinsurance", "deductible")
    assert value("resident.inpatient.layers", []) == ()


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("resident.inpatient.rate", Decimal("1.2"), "应在 0 至 1 之间"),
        ("resident.inpatient.rate", 60, "百分之 60 写成 0.6"),
        ("resident.inpatient.rate", Decimal("0.1234567"), "小数多于六位"),
        ("resident.inpatient.rate", "六成", "不是数"),
        ("resident.inpatient.rate", [Decimal("0.65")], r"“\[0.65\]”不是数"),
        ("resident.inpatient.deductible", 10**20, "大得不可能"),
        ("resident.inpatient.caps", [{"per": "year", "amount": 10**11}], "大得不可能"),
        ("resident.inpatient.layers", [f"a{n}" for n in range(8)], "最多 7 层"),
        ("resident.inpatient.layers", ["critical", "outpatient"], "是就诊类别"),
        ("resident.inpatient.counts_admission", {"nth>=2": 0, "else": 1}, "不能看次数"),
        ("resident.inpatient.rate", {"level3": None}, "没有写数"),
        ("resident.inpatient.rate", {"level3": 1, "退休": 0}, "分不出先后"),
        ("resident.inpatient.deductible", -1, "不能是负数"),
        ("resident.inpatient.deductible", Decimal("0.005"), "小数多于两位"),
        ("resident.inpatient.deductible", True, "不是数"),
        ("resident.inpatient.deductible_mode", "yearly", "是不是“year”"),
        ("resident.inpatient.layers", "aid", "应是一个列表"),
        ("resident.aid.base", ["coinsurance", "按比例自付"], "写了两次"),
        ("resident.aid.base", ["coinsurence"], "是不是“coinsurance”"),
        ("resident.aid.fund", "救助", "是不是“医疗救助”"),
        ("resident.inpatient.bands", [{"to": 1, "rate": 0}], "最后一段不写 to"),
        ("resident.inpatient.bands", [{"rate": 0}, {"rate": 1}], "只有最后一段不写 to"),
        ("resident.inpatient.bands", [{"to": 5, "rate": 0}, {"to": 5, "rate": 1}, {"rate": 1}], "没有超过前一段"),
        ("resident.inpatient.bands", [{"from": 5, "rate": 0}], "不认识“from”"),
        ("resident.inpatient.bands", [{"to": 5}], "缺少 rate"),
        ("resident.inpatient.caps", [{"per": "year"}], "缺少 amount"),
        ("resident.inpatient.caps", [{"per": "year", "amount": 1}, {"per": "每年", "amount": 2}], "两条封顶"),
        ("resident.inpatient.caps", [{"per": "year", "amount": 1, "each": "person"}], "不认识“person”"),
        ("resident.inpatient.counts_admission", 2, "1 或 0"),
        ("resident.inpatient.joint_ratio", Decimal("0.9"), "每项写 of、rate"),
        ("resident.inpatient.deductible_shares", "a.b", "不含点号"),
    ],
)
def test_what_a_knob_does_not_take(name: str, written: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        value(name, written)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("resident.inpatient.rat", "是不是“rate”"),
        ("resident.inpatiant.deductible", "是不是“inpatient”"),
        ("resident.roundings", "是不是“rounding”"),
        ("resident.critical.deductible", "没有“deductible”这个项目"),
        ("resident", "应写成"),
        ("resident.inpatient.rate.level3", "应写成"),
        ("citizen.inpatient.rate", "应写成"),
    ],
)
def test_a_strange_key_is_named_with_the_nearest(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        key(name)


def test_a_pack_names_its_own_layers() -> None:
    found = key("resident.政府重特大补助.rate")
    assert (found.part, found.label) == ("政府重特大补助", "居民·政府重特大补助·支付比例")


def test_every_knob_has_a_label_of_its_own_within_its_part() -> None:
    for of in ("care", "layer", "scheme"):
        labels = [knob.label for knob in KNOBS if of in knob.of]
        assert len(labels) == len(set(labels))
