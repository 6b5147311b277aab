"""A stay's levels from its record, and the one coefficient that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.dip.making import case
from yibao.dip.auxiliary.facts import ASKED, Lists, facts
from yibao.dip.auxiliary.rules import Rules
from yibao.dip.auxiliary.subtype import Subtyper, levels_of
from yibao.dip.codes import CodeList
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.trace import as_object
from yibao.dip.numbered import Numbered
from yibao.dip.pack import Pack
from yibao.dip.packs import opened
from yibao.region.packs import region

NATIONAL = [dict(level) for level in region("cn").parameters["dip.auxiliary.levels"][0].value]
LISTS = Lists({"I50": ("心衰", 1), "I50.9": ("心衰", 1), "N18": ("肾病", 2), "C78": ("转移", 6)}, {"severe": frozenset({"J96", "R57"}), "medium": frozenset({"D62"})})  # fmt: skip


def rules(levels: Sequence[Mapping[str, Any]], **readings: Any) -> Rules:
    return Rules.model_validate({"levels": list(levels), "icu_day": "started", "tumour": ["C00-C97"], "los_over_3_inclusive": True, **readings})  # fmt: skip


def level(by: Rules, kind: str, **stay: Any) -> str | None:
    """The level of a kind that one stay has."""
    row = {"principal_dx": "K35.300", "other_dx": [], "icu_seconds": 0, "discharge_way": "1", "los_days": 5, **stay}
    batch = pa.RecordBatch.from_pylist([row], schema=ASKED)
    codes = Numbered(CodeList("diagnosis").read, lambda code: 0)
    place = int(levels_of(by, facts(by, LISTS, batch, codes), np.zeros(1, np.int64), {}).place[kind][0])  # type: ignore[index]
    return None if place < 0 else by.of(kind)[place].level


@pytest.mark.parametrize(
    ("days", "years", "expected"),
    [
        (0, 0, "0-28d"), (28, 0, "0-28d"), (29, 0, "29d-1y"), (364, 0, "29d-1y"), (366, 1, "1-6y"), (2500, 6, "1-6y"),
        (2600, 7, "7-17y"), (6500, 17, "7-17y"), (6600, 18, None), (None, None, None), (100, None, "29d-1y"),
    ],
)  # fmt: skip
def test_ages_of_the_draft(days: int | None, years: int | None, expected: str | None) -> None:
    assert level(rules(NATIONAL), "age", age_day=days, age_years=years) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, None), (1, None), (2, "2-7"), (7, "2-7"), (8, "8-14"), (15, "15-30"), (30, "15-30"), (31, "31+")])  # fmt: skip
def test_days_of_intensive_care(days: int, expected: str | None) -> None:
    assert level(rules(NATIONAL), "icu", icu_seconds=days * 86_400) == expected


def test_a_begun_day_of_intensive_care_counts_where_the_city_says_so() -> None:
    seconds = 86_400 + 3_600
    assert level(rules(NATIONAL, icu_day="started"), "icu", icu_seconds=seconds) == "2-7"
    assert level(rules(NATIONAL, icu_day="whole"), "icu", icu_seconds=seconds) is None


def test_66_is_over_65_and_65_is_not() -> None:
    for bound in (">65", ">=66"):
        by = rules([{"kind": "age", "level": "old", "age_years": bound}])
        assert [level(by, "age", age_years=years) for years in (65, 66)] == [None, "old"]


def test_over_65_counts_only_together_with_severity() -> None:
    by = rules(
        [
            {"kind": "severity", "level": "severe", "listed": "severe"},
            {"kind": "age", "level": "old", "age_years": ">65", "severity": ["severe"]},
        ]
    )
    assert level(by, "age", age_years=70) is None
    assert level(by, "age", age_years=70, other_dx=["J96.000"]) == "old"
    assert level(by, "age", age_years=50, other_dx=["J96.000"]) is None


@pytest.mark.parametrize(("days", "inclusive", "expected"), [(3, True, "II"), (3, False, None), (4, False, "II"), (2, True, None)])  # fmt: skip
def test_three_days_and_more(days: int, inclusive: bool, expected: str | None) -> None:
    by = rules([{"kind": "severity", "level": "II", "listed": "medium", "los": "over_3"}], los_over_3_inclusive=inclusive)  # fmt: skip
    assert level(by, "severity", los_days=days, other_dx=["D62.x00"]) == expected


def test_light_i_a_asks_for_both_never_one_or_the_other() -> None:
    """A public engine wrote `years == 0 OR days <= 3`, which held for nearly every stay (guide §7)."""
    by = rules([{"kind": "severity", "level": "I-A", "age_years": "0", "los": "<=3"}])
    stays = [(0, 3, "I-A"), (0, 9, None), (40, 3, None), (40, 9, None)]
    for years, days, expected in stays:
        assert level(by, "severity", age_years=years, los_days=days) == expected


def test_of_a_kind_the_first_level_that_holds_counts() -> None:
    by = rules([{"kind": "severity", "level": "died", "died": True}, {"kind": "severity", "level": "severe", "listed": "severe"}])  # fmt: skip
    assert level(by, "severity", discharge_way="5", other_dx=["R57.000"]) == "died"
    assert level(by, "severity", discharge_way="1", other_dx=["R57.000"]) == "severe"
    assert level(by, "severity", discharge_way=None) is None


def test_a_condition_counts_once_however_many_of_its_codes_there_are() -> None:
    by = rules([{"kind": "cci", "level": "one", "cci": "1"}, {"kind": "cci", "level": "three", "cci": "3"}])
    assert level(by, "cci", other_dx=["I50.900", "I50.001", "I50.900"]) == "one"
    assert level(by, "cci", other_dx=["I50.900", "N18.900"]) == "three"
    assert level(by, "cci", principal_dx="N18.900", other_dx=[]) is None


def test_spread_asks_for_a_malignant_diagnosis_of_another_category() -> None:
    by = rules([{"kind": "severity", "level": "spread", "tumour": True, "other_malignancy": True, "los": "over_3"}])
    assert level(by, "severity", principal_dx="C34.900", other_dx=["C78.000"]) == "spread"
    assert level(by, "severity", principal_dx="C34.900", other_dx=["C34.100"]) is None
    assert level(by, "severity", principal_dx="K35.300", other_dx=["C78.000"]) is None


def split(pack: Pack, **marks: frozenset[str]) -> Pack:
    """H001 split by age and intensive care."""
    table = {("H001", "age", "1-6y"): Decimal("1.2"), ("H001", "icu", "2-7"): Decimal("1.5"), ("H001", "icu", "31+"): Decimal("1.1")}  # fmt: skip
    manifest = pack.manifest.model_copy(update={"auxiliary": rules(NATIONAL)})
    return replace(pack, manifest=manifest, auxiliary=table, marks=marks)


def test_only_the_highest_coefficient_of_those_hit_counts() -> None:
    grouper = Grouper(split(opened("example-2.0")))
    child = case("K35.300", "47.0100", age=5, age_day=2000)
    assert grouper.group(child).subtype == ("age:1-6y", Decimal("1.2"))
    assert grouper.group(replace(child, icu_days=Decimal(3))).subtype == ("icu:2-7", Decimal("1.5"))
    assert grouper.group(replace(child, icu_days=Decimal(40))).subtype == ("age:1-6y", Decimal("1.2"))
    assert grouper.group(case("K35.300", "47.0100", age=40)).subtype == ("", None)


def test_a_group_that_is_not_in_the_table_has_no_subtype() -> None:
    grouper = Grouper(split(opened("example-2.0")))
    assert grouper.group(case("I10.x00", age=5)).subtype == ("", None)
    assert grouper.group(case("Z99.900", age=5)).subtype == ("", None)


@pytest.mark.parametrize("mark", ["tcm", "bed_day"])
def test_tcm_and_bed_day_groups_are_never_split(mark: str) -> None:
    grouper = Grouper(split(opened("example-2.0"), H001=frozenset({mark})))
    assert grouper.group(case("K35.300", "47.0100", age=5)).subtype == ("", None)


def test_the_result_tells_the_subtype_only_where_the_pack_splits() -> None:
    child = case("K35.300", "47.0100", age=5)
    told = as_object(Grouper(split(opened("example-2.0"))).group(child))
    assert (told["auxiliary_subtype"], told["auxiliary_coefficient"]) == ("age:1-6y", 1.2)
    assert "auxiliary_subtype" not in as_object(Grouper(opened("example-2.0")).group(child))


def test_columns_say_what_single_stays_say() -> None:
    pack = split(opened("example-2.0"))
    stays = [{"principal_dx": "K35.300", "other_dx": [], "age_day": None, "age_years": years, "los_days": 3, "icu_seconds": icu * 86_400, "discharge_way": "1"} for years in (None, 0, 1, 6, 7, 90) for icu in (0, 2, 31)]  # fmt: skip
    batch = pa.RecordBatch.from_pylist(stays, schema=ASKED)
    codes = Numbered(pack.diagnoses.read, lambda code: 0)
    found = Subtyper(pack).found(batch, pa.array(["H001"] * len(stays)), codes).to_pylist()
    grouper = Grouper(pack)
    for stay, own in zip(stays, found, strict=True):
        one = grouper.group(case("K35.300", "47.0100", age=stay["age_years"], icu_days=Decimal(stay["icu_seconds"]) / 86_400, los=3, discharge_way="1")).subtype  # fmt: skip
        assert one is not None
        assert (own["auxiliary_subtype"], own["auxiliary_coefficient"]) == (one.said, None if one.coefficient is None else int(one.coefficient * 1_000_000))  # fmt: skip


def test_many_stays_together_are_what_each_is_alone() -> None:
    grouper = Grouper(split(opened("example-2.0")))
    cases = [case("K35.300", "47.0100", age=age, icu_days=Decimal(days)) for age in (1, 6, 50) for days in (0, 3, 99)]
    cases += [case("", age=3), case("Q1", age=3)]
    assert grouper.group_all(cases) == [grouper.group(one) for one in cases]
    assert [grouping.subtype for grouping in grouper.group_all(cases)[-2:]] == [("", None)] * 2
    assert grouper.group_all([]) == []


def test_an_age_beyond_all_numbers_is_no_error() -> None:
    grouper = Grouper(split(opened("example-2.0")))
    assert grouper.group(case("K35.300", "47.0100", age=10**30, icu_days=Decimal(10**30))).subtype == (
        "icu:31+",
        Decimal("1.1"),
    )
