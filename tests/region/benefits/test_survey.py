"""What is worth a second look, and what is not there yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.region.benefits.conftest import AID, ON, STAY, Rules
from yibao.errors import UserError
from yibao.region.benefits.survey import hidden_in, missing, warnings
from yibao.region.packs import load_packs, region


def test_a_pack_that_is_whole_has_no_remarks(rules: Rules) -> None:
    pack = rules({"resident.inpatient.layers": "[aid]", **AID})
    assert (list(warnings(pack)), missing(pack, ON)) == ([], [])


def test_what_a_settlement_would_ask_for(rules: Rules) -> None:
    pack = rules(
        {
            "resident.inpatient.layers": "[aid]",
            "resident.inpatient.caps": None,
            "resident.aid.rate": "0.7",
            "resident.rounding": None,
        }
    )
    assert missing(pack, ON) == [
        "resident.rounding",
        "resident.inpatient.caps",
        *(name for name in AID if name != "resident.aid.rate"),
    ]


def test_bands_stand_for_a_rate_and_ask_where_they_begin(rules: Rules) -> None:
    pack = rules({"resident.inpatient.rate": None, "resident.inpatient.bands": "[{to: 5, rate: 0}, {rate: 1}]"})
    assert missing(pack, ON) == ["resident.inpatient.bands_from"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"resident.inpatient.rate": "{level3: 0.5, level2: 0.6}"}, "条件没有包括所有情形（只有“level3”、“level2”）"),
        ({"resident.aids.rate": "0.5", "resident.inpatient.layers": "[aid]", **AID}, "layers 写了“aids”，是不是“aid”？"),
    ],
)  # fmt: skip
def test_remarks_with_their_place(rules: Rules, more: dict[str, str | None], said: str) -> None:
    (remark,) = warnings(rules(more))
    assert said in remark
    assert "rules.yaml 第" in remark


def test_four_levels_leave_nobody_out(rules: Rules) -> None:
    assert (
        list(warnings(rules({"resident.inpatient.rate": "{level3: 0.5, level2: 0.6, level1: 0.7, level0: 0.7}"}))) == []
    )


def test_a_list_of_diseases_is_meant_as_it_is(rules: Rules) -> None:
    assert (
        list(warnings(rules({"resident.inpatient.caps": '[{per: year, amount: {"disease:A": 5}, each: disease}]'})))
        == []
    )


@pytest.mark.parametrize(
    ("grade", "said"), [("secondary", "测试〔2025〕9号是转载的资料"), ("unverified", "是未经核对的资料")]
)
def test_a_source_that_nobody_compared_is_flagged(rules: Rules, grade: str, said: str) -> None:
    extra = f"  - {{source: 测试〔2025〕9号, from: 2025-05-01, grade: {grade}, status: example, sets: [{{key: resident.rounding, value: down}}]}}\n"
    (remark,) = warnings(rules(extra=extra))
    assert said in remark


def test_a_late_notice_without_end_hides_a_later_one(rules: Rules) -> None:
    later = "  - {source: 二号, from: 2025-05-01, grade: proposal, status: example, sets: [{key: resident.rounding, value: down}]}\n"
    late = "  - {source: 三号, from: 2025-03-01, known_from: 2025-09-01, grade: proposal, status: example, sets: [{key: resident.rounding, value: half_even}]}\n"
    (remark,) = warnings(rules(extra=later + late))
    assert "后公布的三号从 2025-03-01 起执行又没有写 to，盖过了二号从 2025-05-01 起的值" in remark


HIDDEN = "  - {source: 二号, from: 2025-05-01, grade: proposal, status: example, sets: [{key: resident.rounding, value: down}]}\n"
LATE = "  - {source: 三号, from: 2025-03-01, known_from: 2025-09-01, grade: proposal, status: example, sets: [{key: resident.rounding, value: VALUE}]}\n"


def test_a_hidden_notice_is_told_for_the_years_that_it_would_reach(rules: Rules) -> None:
    pack = rules(extra=HIDDEN + LATE.replace("VALUE", "half_even"))
    (line,) = hidden_in(pack, 2025)
    assert "后公布的三号没有写 to，盖过了二号从 2025-05-01 起的 1 项（resident.rounding）" in line
    assert hidden_in(pack, 2026) != []
    assert hidden_in(pack, 2024) == []
    assert hidden_in(pack, 2025, date(2025, 8, 31)) == []


def test_a_notice_that_says_the_same_hides_nothing(rules: Rules) -> None:
    assert hidden_in(rules(extra=HIDDEN + LATE.replace("VALUE", "down")), 2025) == []


# ---- bounds ------------------------------------------------------------------------------------------------------

BOUND = "id: floor, from: 2021-01-01, source: 国发〔2021〕1号, grade: official, status: inferred"


@pytest.fixture
def bounded(tmp_path: Path):  # type: ignore[no-untyped-def]
    def written(cell: str, bound: str = 'key: "*.aid.rate", when: [tekun, dibao], min: 0.7', on: str = "2025-01-01"):  # type: ignore[no-untyped-def]
        for code, text in (("xx", ""), ("xx-11", "parent: xx\n")):
            (tmp_path / code).mkdir(exist_ok=True)
            (tmp_path / code / "pack.yaml").write_text(
                f"code: {code}\nname: 测试\nstatus: example\n{text}", encoding="utf-8"
            )
        (tmp_path / "xx" / "b.yaml").write_text(f"bounds:\n  - {{{bound}, {BOUND}}}\n", encoding="utf-8")
        values = {
            **STAY,
            **AID,
            "resident.inpatient.layers": "[aid]",
            "resident.aid.rate": cell,
            "identity.groups": "{困难: [tekun, dibao]}",
        }
        sets = ", ".join(f"{{key: {k}, value: {v}}}" for k, v in values.items())
        text = f"notices:\n  - {{source: 市, from: {on}, grade: proposal, status: example, sets: [{sets}]}}\n"
        (tmp_path / "xx-11" / "r.yaml").write_text(text, encoding="utf-8")
        return load_packs(tmp_path)["xx-11"]

    return written


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("0.7", 0),
        ("0.65", 2),
        ("{tekun: 0.9, dibao: 0.6, else: 0}", 1),
        ("{困难: 0.75, else: 0}", 0),
        ("{困难: 0.65, dibao: 0.7, else: 0}", 1),
        ("{dibao: 0.7, tekun: 0.7, else: 0.1}", 0),
        ('{困难: 0.7, "困难 unreferred": 0.5, else: 0}', 2),
    ],
)
def test_a_value_outside_is_a_remark_for_whom_it_concerns(bounded, cell: str, count: int) -> None:  # type: ignore[no-untyped-def]
    assert len(list(warnings(bounded(cell)))) == count


def test_the_remark_names_the_bound(bounded) -> None:  # type: ignore[no-untyped-def]
    (remark,) = warnings(bounded("{tekun: 0.9, dibao: 0.6, else: 0}"))
    assert "resident.aid.rate：低保适用的“低保”低于国发〔2021〕1号的下限 0.7" in remark


def test_a_ceiling_in_yuan(bounded) -> None:  # type: ignore[no-untyped-def]
    assert len(list(warnings(bounded("1", 'key: "*.inpatient.deductible", max: 999.99')))) == 1
    assert list(warnings(bounded("1", 'key: "*.inpatient.deductible", max: 1000'))) == []


def test_a_bound_reaches_only_values_of_its_time(bounded) -> None:  # type: ignore[no-untyped-def]
    pack = bounded("0.5", 'key: "*.aid.rate", to: 2024-12-31, min: 0.7')
    assert list(warnings(pack)) == []


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("key: a", "min 或 max"),
        ("key: a, least: 1", "不认识“least”"),
        ("key: a, min: 1, when: tekun", "when 应是一个列表"),
    ],
)
def test_a_bound_written_wrongly(bounded, bound: str, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError, match=said):
        bounded("1", bound)


# ---- the example pack --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2019, 2022, 2025, 2028])
def test_the_example_county_is_whole(year: int) -> None:
    pack = region("cn-9904")
    assert list(warnings(pack)) == []
    assert missing(pack, date(year, 12, 31)) == []


def test_a_scheme_that_nobody_knows_is_refused(rules: Rules) -> None:
    with pytest.raises(UserError, match="没有“residents”这个险种"):
        rules({"residents.inpatient.rate": "0.5"})
