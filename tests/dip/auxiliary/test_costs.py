"""Levels that ask what a stay cost: multiples of the standard of its group, shares of treatment and drugs; exactly at the bound, and unknown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from tests.dip.making import case, made, row
from yibao.dip.auxiliary.rules import Rules
from yibao.dip.grouping.bulk import CASE, BulkGrouper
from yibao.dip.grouping.explain import explain
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.run import _with_undecided
from yibao.dip.grouping.trace import as_object
from yibao.dip.pack import Pack
from yibao.dip.packing import load_pack, write_pack
from yibao.errors import UserError

TREATED = {"kind": "severity", "level": "treated", "tumour": True, "cost_times": ">=3", "treatment_share": ">=50%"}
DRUGS = {"kind": "severity", "level": "drugs", "tumour": True, "cost_times": ">=3", "drug_share": ">=50%"}
OTHER = {"kind": "severity", "level": "other", "tumour": True}
COEFFICIENTS = {"treated": "2.5", "drugs": "2.0", "other": "0.9"}


def rules(*levels: dict[str, Any], **readings: Any) -> Rules:
    return Rules.model_validate({"tumour": ["C00-C97"], "standard": "mean", "levels": levels or (TREATED, DRUGS, OTHER), **readings})  # fmt: skip


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """C34.9 costs 10,000 yuan on the average and scores 1,000; C50.9 has no mean cost."""
    rows = [row("L", "core", "C34.9", score="1000", mean_cost="10000"), row("B", "core", "C50.9", score="500")]
    return split(made(tmp_path, "2.0", rows), rules())


def split(pack: Pack, by: Rules) -> Pack:
    table = {("L", level.kind, level.level): Decimal(COEFFICIENTS.get(level.level, "1.1")) for level in by.levels}
    return replace(pack, manifest=pack.manifest.model_copy(update={"auxiliary": by}), auxiliary=table)


def said(pack: Pack, cost: Any = None, treatment: Any = None, drug: Any = None, dx: str = "C34.900") -> tuple[str, ...]:
    """Subtype, and then the flags of one stay; costs in yuan."""
    money = {"treatment_cost": treatment, "drug_cost": drug}
    known = {name: None if value is None else Decimal(value) for name, value in money.items()}
    found = Grouper(pack).group(case(dx, cost=cost, **known))
    assert found.subtype is not None
    return found.subtype.said, *found.flags


def test_exactly_three_times_and_exactly_half_are_enough_and_a_fen_less_is_not(pack: Pack) -> None:
    assert said(pack, 30_000, 15_000, 0) == ("severity:treated",)
    assert said(pack, "29999.99", 15_000, 0) == ("severity:other",)
    assert said(pack, 30_000, "14999.99", 0) == ("severity:other",)
    assert said(pack, 30_000, "14999.99", 15_000) == ("severity:drugs",)
    assert said(pack, 30_000, 15_000, 15_000) == ("severity:treated",)  # the first that holds


def test_a_bound_that_leaves_its_end_out(pack: Pack) -> None:
    strict = split(pack, rules({**TREATED, "cost_times": ">3"}, {**DRUGS, "drug_share": ">50%"}, OTHER))
    assert said(strict, 30_000, 20_000, 0) == ("severity:other",)
    assert said(strict, "30000.01", 20_000, 0) == ("severity:treated",)
    assert said(strict, 30_000, 0, 15_000) == ("severity:other",)
    assert said(strict, 30_000, 0, "15000.01") == ("severity:drugs",)
    upper = split(pack, rules({**OTHER, "level": "cheap", "cost_times": "<0.5"}, {**OTHER, "level": "plain", "cost_times": "0.5-2"}))  # fmt: skip
    costs = ("4999.99", 5000, 20_000, "20000.01")
    assert [said(upper, cost)[0] for cost in costs] == ["severity:cheap", "severity:plain", "severity:plain", ""]


def test_the_standard_may_be_the_score_at_a_point_value(pack: Pack) -> None:
    by_score = split(pack, rules(standard="score", point_value="8.8885"))  # 1,000 points: 8,888.50 yuan
    assert said(by_score, "26665.50", 20_000, 0) == ("severity:treated",)
    assert said(by_score, "26665.49", 20_000, 0) == ("severity:other",)


def test_what_is_not_known_does_not_hold_and_is_told(pack: Pack) -> None:
    assert said(pack) == ("severity:other", "MISSING_INPUT")
    assert said(pack, 30_000) == ("severity:other", "MISSING_INPUT")
    assert said(pack, 30_000, 100) == ("severity:other", "MISSING_INPUT")  # drugs may be half of it
    assert said(pack, 30_000, 20_000) == ("severity:treated",)  # whatever the drugs
    assert said(pack, 30_000, None, 20_000) == ("severity:drugs", "MISSING_INPUT")  # treatment goes before
    assert said(pack, 29_000) == ("severity:other",)  # nothing can make it three times
    assert said(pack, None, 0, 0) == ("severity:other", "MISSING_INPUT")
    assert said(pack, dx="J18.900") == ("", "UNGROUPED")
    assert said(pack, 30_000, dx="C50.900") == ("",)  # its group is not split


def test_the_trace_names_what_could_not_be_decided(pack: Pack) -> None:
    grouper = Grouper(pack)
    told = as_object(grouper.group(case("C34.900", cost=30_000)))
    assert told["trace"]["undecided"] == ["severity:treated", "severity:drugs"]
    assert "undecided" not in as_object(grouper.group(case("C34.900", cost=1)))["trace"]
    lines = list(explain(grouper, case("C34.900", cost=30_000)))
    assert "  辅助分型：疾病严重程度 treated 没有判断，缺少总费用或其中的治疗费、药品费" in lines
    assert "  提示：缺少分组或辅助分型要用的数据" in lines


def test_columns_say_what_single_stays_say(pack: Pack) -> None:
    money = [(c, t, d) for c in (None, 0, 2_999_999, 3_000_000) for t in (None, 0, 1_500_000) for d in (None, 1_500_000, 3_000_000)]  # fmt: skip
    stays = [
        {"principal_dx": dx, "related_procs": [], "other_dx": [], "cost": cost, "treatment": treatment, "drug": drug}
        for cost, treatment, drug in money
        for dx in ("C34.900", "C50.900", "", "J18.900")
    ]
    batch, bulk, grouper = pa.RecordBatch.from_pylist(stays, schema=CASE), BulkGrouper(Grouper(pack)), Grouper(pack)
    found = bulk.group(batch)
    subtypes = bulk.subtypes(batch, found["dip_group_code"])
    told = _with_undecided(found, subtypes["undecided"])
    rows = zip(stays, subtypes["auxiliary_subtype"].to_pylist(), told["grouping_flags"].to_pylist(), told["grouping_trace"].to_pylist(), strict=True)  # fmt: skip
    for stay, subtype, flags, trace in rows:
        yuan = [None if stay[name] is None else Decimal(stay[name]) / 100 for name in ("cost", "treatment", "drug")]
        one = grouper.group(case(stay["principal_dx"], cost=yuan[0], treatment_cost=yuan[1], drug_cost=yuan[2]))
        assert one.subtype is not None
        assert (subtype, flags) == (one.subtype.said, " ".join(one.flags))
        assert trace.endswith("".join(f" ?{level}" for level in one.undecided))


def test_an_amount_beyond_all_numbers_is_no_error(pack: Pack) -> None:
    assert said(pack, 10**30, 10**30, 0) == ("severity:treated",)


def test_a_group_that_is_split_must_have_the_standard(pack: Pack, tmp_path: Path) -> None:
    """C50.9 has a score and no mean cost."""
    rows = [("B", "severity", "treated", "2.5", "9")]
    groups = [("B", "core", "C50.9", "", "", "", "", "", "conservative", "")]
    (tmp_path / "p").mkdir()
    write_pack(tmp_path / "p", pack.manifest, {"groups": groups, "scores": [("B", "500", "")], "auxiliary": rows})
    with pytest.raises(UserError, match=r"要用病种“B”的次均费用作费用标准，scores\.tsv 里没有"):
        load_pack(tmp_path / "p")
    by_score = pack.manifest.model_copy(update={"auxiliary": rules(standard="score", point_value="8.88")})
    write_pack(tmp_path / "p", by_score, {"groups": groups})
    assert load_pack(tmp_path / "p").manifest.auxiliary == rules(standard="score", point_value="8.88")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"standard": None}, "须写明 standard"),
        ({"standard": "score"}, "须写明 point_value"),
        ({"point_value": "9"}, "不是的不写"),
        ({"standard": "score", "point_value": "0"}, "应大于 0"),
    ],
)
def test_the_reading_of_the_standard_must_be_said(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        rules(**more)
    assert rules(OTHER, standard=None).standard is None


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cost_times", "3", "看不懂的界限"),
        ("cost_times", ">=three", "看不懂的界限"),
        ("treatment_share", "50%", "看不懂的界限"),
        ("treatment_share", ">=50", "应在 0 与 100% 之间"),
        ("drug_share", ">=33.333%", "最多写到万分之一"),
    ],
)
def test_a_bound_without_its_sign_or_beyond_the_whole_is_refused(name: str, text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        rules({**OTHER, name: text})
