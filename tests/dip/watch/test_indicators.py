"""Each indicator rises where its problem was planted, and stays where something only looks like it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.dip.watch.making import Stay, made
from yibao.dip.watch.handed import Handed, hand
from yibao.dip.watch.indicators import Indicator, NotRun, indicators
from yibao.dip.watch.rules import watch_rules
from yibao.dip.watch.stays import read_stays
from yibao.region.packs import region

RULES = replace(watch_rules(region("cn"), date(2025, 12, 31)), least=10)
Change = Callable[[Stay, int], Stay]


def county() -> list[Stay]:
    """Four hospitals of one level with the same forty stays each: pneumonia, simple (group G, 1000 points) and severe (K, 3000)."""
    return [
        Stay(f"{h}{i:02}", h, cost=(900 if i % 2 else 2900) + 10 * i, days=4 + i % 3, group="G" if i % 2 else "K", score=1000 if i % 2 else 3000, age=80 if i % 8 < 2 else 50)
        for h in "ABCD"
        for i in range(40)
    ]  # fmt: skip


def handed(folder: Path, stays: list[Stay], **more: Any) -> tuple[Handed, list[NotRun]]:
    with made(folder, stays, **more) as workspace:
        read = read_stays(workspace, 2025)
        found = list(indicators(workspace, read, RULES))
    return hand(read, [x for x in found if isinstance(x, Indicator)], 2025, RULES.least), [
        x for x in found if isinstance(x, NotRun)
    ]


def row(found: Handed, code: str, hospital: str = "A", window: int = 0) -> dict[str, Any]:
    """The row of a hospital."""
    hits = [
        r for r in found.indicators
        if (r["dip_indicator"], r["provider_code"], r["diagnosis_category"]) == (code, hospital, "") and r["window_days"] == window
    ]  # fmt: skip
    assert len(hits) == 1
    return hits[0]


def changed(change: Change, hospital: str = "A") -> list[Stay]:
    return [change(s, int(s.id[1:])) if s.hospital == hospital else s for s in county()]


def first(found: Handed, code: str, window: int = 0) -> bool:
    """Is hospital A on the first place, above what is expected?"""
    mine = row(found, code, "A", window)
    return bool(mine["peer_rank"] == 1 and mine["standardised_excess"] > 1_000_000)


#: indicator → what hospital A does
PLANTED: dict[str, Change] = {
    "high_score": lambda s, i: replace(s, group="K", score=3000) if i % 4 == 1 else s,
    "more_diagnoses": lambda s, i: replace(s, others=("I10.x00", "E11.900", "K29.500")),
    "thin_cost": lambda s, i: replace(s, cost=1000) if s.group == "K" else s,
    "low_score": lambda s, i: replace(s, cost=2500) if s.group == "G" else s,
    "low_admission": lambda s, i: replace(s, band="low", days=1) if i % 2 else s,
    "own_expense": lambda s, i: replace(s, own_expense=400),
    "transfer_out": lambda s, i: replace(s, way="2") if i % 2 else s,
    "few_severe": lambda s, i: replace(s, age=50),
}
#: near misses: what A does as everybody does, or what has its reason
NEAR: dict[str, tuple[str, Change]] = {
    "sicker patients, of another category": ("high_score", lambda s, i: replace(s, dx="I63.900", group="I", score=2000) if i % 4 < 2 else s),
    "the same diagnosis written twice more": ("more_diagnoses", lambda s, i: replace(s, others=("J18.000", "J18.100"))),
    "low cost of simple cases": ("thin_cost", lambda s, i: replace(s, cost=500) if s.group == "G" else s),
    "dear severe cases": ("low_score", lambda s, i: replace(s, cost=9000) if s.group == "K" else s),
    "cheap, short and operated": ("low_admission", lambda s, i: replace(s, band="low", days=1, op="47.0100")),
    "cheap but as long as usual": ("low_admission", lambda s, i: replace(s, band="low", days=9)),
    "left against advice": ("transfer_out", lambda s, i: replace(s, way="4")),
    "all old": ("few_severe", lambda s, i: replace(s, age=90)),
}  # fmt: skip


@pytest.mark.parametrize("code", PLANTED)
def test_what_is_planted_stands_out(tmp_path: Path, code: str) -> None:
    """Everybody does it a little: what varies nowhere has no error to be measured by."""
    few = [replace(PLANTED[code](s, 1), id=s.id) if s.id in ("B01", "C05") else s for s in changed(PLANTED[code])]
    found, not_run = handed(tmp_path / "w", few)
    assert first(found, code)
    assert [r["provider_code"] for r in found.indicators if r["dip_indicator"] == code and r["peer_rank"] == 1] == ["A"]
    assert [x.what for x in not_run] == ["住院前后的门诊和购药费用"]


@pytest.mark.parametrize("name", NEAR)
def test_what_only_looks_like_it_does_not(tmp_path: Path, name: str) -> None:
    code, change = NEAR[name]
    found, _ = handed(tmp_path / "w", changed(change))
    assert not first(found, code)


def again(s: Stay, days: int, **more: Any) -> Stay:
    """A second stay of the same person."""
    return replace(s, id=f"{s.id}x", person=s.who, admitted=s.discharged + timedelta(days=days), **more)


@pytest.mark.parametrize(("gap", "windows"), [(3, {14: True, 30: True}), (14, {14: True, 30: True}), (20, {14: False, 30: True}), (31, {14: False, 30: False})])  # fmt: skip
def test_readmissions_by_window(tmp_path: Path, gap: int, windows: dict[int, bool]) -> None:
    stays = county()
    more = [again(s, gap) for s in stays if s.hospital == "A" and int(s.id[1:]) < 8]
    found, _ = handed(tmp_path / "w", [*stays, *more])
    assert {w: first(found, "readmission_same", w) for w in windows} == windows
    assert not first(found, "readmission_other", 30)
    if windows[14]:
        listed = {r["visit_id"]: r["related_visit_id"] for r in found.stays if r["dip_indicator"] == "readmission_same" and r["window_days"] == 14}  # fmt: skip
        assert listed == {s.id: f"{s.id}x" for s in stays if s.hospital == "A" and int(s.id[1:]) < 8}


def test_another_hospital_takes_them_in(tmp_path: Path) -> None:
    stays = county()
    found, _ = handed(tmp_path / "w", [*stays, *(again(s, 2, hospital="B") for s in stays if s.hospital == "A")])
    assert first(found, "readmission_other", 14)
    assert not first(found, "readmission_same", 14)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"planned": True}, {}),  # planned to come back
        ({"way": "2"}, {}),  # transferred
        ({}, {"dx": "K35.300"}),  # something else
        ({"dx": "Z51.101"}, {"dx": "Z51.101"}),  # cycles of chemotherapy
        ({"op": "39.9500"}, {"op": "39.9500"}),  # dialysis
    ],
)
def test_readmissions_that_have_their_reason(tmp_path: Path, before: dict[str, Any], after: dict[str, Any]) -> None:
    stays = changed(lambda s, _: replace(s, **before))
    more = [again(s, 3, **{"planned": False, "way": "1", **after}) for s in stays if s.hospital == "A"]
    found, _ = handed(tmp_path / "w", [*stays, *more])
    hits = [r["indicator_numerator"] for r in found.indicators if r["dip_indicator"].startswith("readmission")]
    assert set(hits) == {0}
    assert not [r for r in found.stays if r["dip_indicator"].startswith("readmission")]


def test_fees_outside_the_stay(tmp_path: Path) -> None:
    stays = county()

    def outside(s: Stay, days: int) -> Stay:
        return replace(s, id=f"{s.id}o{days}", person=s.who, care="11", days=0, admitted=s.discharged + timedelta(days=days), cost=300)  # fmt: skip

    shifted = [outside(s, 3) for s in stays if s.hospital == "A"]
    late = [outside(s, 8) for s in stays if s.hospital == "B"]
    found, not_run = handed(tmp_path / "w", [*stays, *shifted, *late])
    assert not_run == []
    assert first(found, "outside_fees", 7)
    assert row(found, "outside_fees", "A", 7)["indicator_value"] == 300_000_000
    assert row(found, "outside_fees", "B", 7)["indicator_value"] == 0


def test_few_cases_are_counted_but_not_ranked(tmp_path: Path) -> None:
    found, _ = handed(tmp_path / "w", [s for s in changed(PLANTED["high_score"]) if s.hospital != "A" or int(s.id[1:]) < 9])  # fmt: skip
    mine = row(found, "high_score")
    assert (mine["compared_count"], mine["peer_rank"], mine["peer_count"]) == (9, None, 3)


def test_alone_at_a_level_is_not_ranked(tmp_path: Path) -> None:
    """E is the only hospital of level three: compared with all, and told so, but ranked among nobody."""
    found, _ = handed(tmp_path / "w", [replace(s, hospital="E", id=f"E{s.id[1:]}") if s.hospital == "A" else s for s in changed(PLANTED["high_score"])])  # fmt: skip
    mine = row(found, "high_score", "E")
    assert (mine["peer_rank"], mine["is_level_peers"]) == (None, False)
    assert mine["standardised_excess"] > 0


def test_one_hospital_has_no_peers(tmp_path: Path) -> None:
    found, _ = handed(tmp_path / "w", [s for s in county() if s.hospital == "A"])
    assert found == Handed([], [])


def test_without_points_the_low_band_is_not_run(tmp_path: Path) -> None:
    found, not_run = handed(tmp_path / "w", county(), results=False)
    assert "low_admission" not in {r["dip_indicator"] for r in found.indicators}
    assert [x.what for x in not_run] == ["低标准入院", "住院前后的门诊和购药费用"]


def test_the_money_behind(tmp_path: Path) -> None:
    """Stays above what peers have, their fees and what was booked for them; the categories add up to the hospital."""
    found, _ = handed(tmp_path / "w", changed(PLANTED["high_score"]))
    mine = row(found, "high_score")
    behind = [r for r in found.stays if r["dip_indicator"] == "high_score" and r["provider_code"] == "A"]
    assert mine["behind_count"] == len(behind) == 30
    assert mine["total_fee"] == sum(r["total_fee"] for r in behind)
    assert mine["booked_pay"] == sum(r["booked_pay"] for r in behind) == 30 * 60_000
    parts = [r for r in found.indicators if r["dip_indicator"] == "high_score" and r["provider_code"] == "A" and r["diagnosis_category"]]  # fmt: skip
    assert sum(r["indicator_excess"] for r in parts) == mine["indicator_excess"]


def test_a_stay_like_all_its_peers_is_not_pointed_at(tmp_path: Path) -> None:
    """Everywhere the same score in a family: its mean, divided out, is that score but for the last binary place."""
    same = [
        Stay(f"{h}S{i}", h, dx="I10.x00", group="H", score=777 if i % 3 else 1234, age=50 if i % 3 else 80)
        for h in "ABCD"
        for i in range(11)
    ]
    found, _ = handed(tmp_path / "w", changed(PLANTED["high_score"]) + same)
    assert row(found, "high_score")["behind_count"] == 30
    assert {r["diagnosis_category"] for r in found.stays if r["dip_indicator"] == "high_score"} == {"J18"}


def test_a_year_without_groups_or_diagnoses_is_told_not_broken(tmp_path: Path) -> None:
    found, not_run = handed(tmp_path / "w", [replace(stay, group=None) for stay in county()])
    assert "高套、低码高编、低套、低标准入院" in [one.what for one in not_run]
    assert "high_score" not in {row["dip_indicator"] for row in found.indicators}
