"""Measures against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from tests.dip.watch.making import Stay, made, result, write
from yibao.dip.watch.averages import groups_of
from yibao.dip.watch.measures import Measures, measures
from yibao.dip.watch.pages.pictures import by_month
from yibao.dip.watch.stays import Stays, read_stays
from yibao.dip.watch.year import watch_year
from yibao.region.packs import region

#: group G: 100, 100 and 400 yuan, 2, 4 and 6 days: means 200 yuan, 4 days. A has two of them and a stay without a group, B one, and one of K.
STAYS = [
    Stay("1", "A", 100, 2, score=500),
    Stay("2", "A", 100, 4, score=500, band="low"),
    Stay("3", "A", 50, 1, group="", band="high"),
    Stay("4", "B", 400, 6, score=500),
    Stay("5", "B", 1000, 10, group="K", score=2000, dx="I10.x00"),
]


def by_hospital(stays: Stays) -> list[Measures]:
    return measures(stays, groups_of(stays), stays.hospital, len(stays.hospitals))


def test_two_hospitals(tmp_path: Path) -> None:
    with made(tmp_path / "w", STAYS) as workspace:
        stays = read_stays(workspace, 2025)
    a, b = by_hospital(stays)
    assert (a.cases, a.grouped, a.cost, a.mean_cost, a.mean_days) == (3, 2, 25_000, 8_333, 2_333_333)
    assert (a.cmi, b.cmi) == (500_000_000, 1_250_000_000)
    assert (a.cost_index, b.cost_index) == (500_000, 1_500_000)  # (0.5 + 0.5) ÷ 2, (2 + 1) ÷ 2
    assert (a.time_index, b.time_index) == (750_000, 1_250_000)  # (0.5 + 1) ÷ 2, (1.5 + 1) ÷ 2
    assert (a.ungrouped_share, a.low_share, a.high_share, b.low_share) == (3333, 3333, 3333, 0)


def test_worked_examples(worked: dict[str, dict[str, Any]]) -> None:
    """A mean cost (W28), and F17: scores × cases over cases."""
    blank = dict.fromkeys(Measures.__dataclass_fields__, 0)
    one = Measures(**{**blank, "cases": worked["W28"]["inputs"]["n"], "cost": int(worked["W28"]["inputs"]["total"] * 100)})  # fmt: skip
    assert one.mean_cost == worked["W28"]["expected"]["mean"] * 100
    cmi = Measures(**{**blank, "scored": 4, "score": (1000 * 1 + 500 * 3) * 1_000_000}).cmi
    assert cmi == 625 * 1_000_000


def test_the_region_has_index_one(tmp_path: Path) -> None:
    with made(tmp_path / "w", STAYS) as workspace:
        stays = read_stays(workspace, 2025)
    whole = measures(stays, groups_of(stays), np.zeros(len(stays), np.int64), 1)[0]
    assert (whole.cost_index, whole.time_index, whole.cmi) == (1_000_000, 1_000_000, 875_000_000)


def test_a_group_without_a_score_does_not_thin_the_cmi(tmp_path: Path) -> None:
    with made(tmp_path / "w", [Stay("1", "A", score=500), Stay("2", "A", group="new", score=None)], results=False) as workspace:  # fmt: skip
        stays = read_stays(workspace, 2025)
    [a] = by_hospital(stays)
    assert (a.grouped, a.scored, a.cmi) == (2, 1, 500_000_000)


def test_what_the_fund_had_booked_of_the_cost(tmp_path: Path) -> None:
    with made(tmp_path / "w", [Stay("1", "A", 1000, booked=600), Stay("2", "A", 500, booked=0)]) as workspace:
        [a] = by_hospital(read_stays(workspace, 2025))
    assert a.fund_share == 4000


def test_a_month_without_stays_stands_in_its_place(tmp_path: Path) -> None:
    stays = [Stay(str(month), "A", admitted=date(2025, month, 2)) for month in (3, 6)]
    with made(tmp_path / "w", stays) as workspace:
        found = watch_year(workspace, region("cn-9904"), 2025)
    assert found.months.months == [202501, 202502, 202503, 202504, 202505, 202506]
    assert [m.cases for m in found.months.region] == [0, 0, 1, 0, 0, 1]
    [costs, _] = by_month(found.months.months, found.months.region)
    assert [(mark.label, mark.value) for mark in costs.at] == [("3月", Decimal(3)), ("6月", Decimal(6))]


def test_cv_of_a_group(tmp_path: Path) -> None:
    with made(tmp_path / "w", STAYS) as workspace:
        groups = groups_of(read_stays(workspace, 2025))
    assert groups.names == ["G", "K"]
    assert abs(groups.cv[0] - 2**-0.5) < 1e-12  # deviations 100, 100, 200: √20000 ÷ 200
    assert groups.cv[1] == 0


def test_a_hospital_counts_while_its_agreement_says_so(tmp_path: Path) -> None:
    """An agreement decides day by day; without any the flag of the hospital does."""
    span = {"provider_code": "A", "agreement_no": "1", "payment_method": "dip", "agreement_status": "active", "valid_from": STAYS[1].discharged}  # fmt: skip
    with made(tmp_path / "w", STAYS, provider_agreements=[span]) as workspace:
        assert read_stays(workspace, 2025).rows["visit_id"].to_pylist() == ["2", "4", "5"]


def test_a_stay_without_a_bill_is_told(tmp_path: Path) -> None:
    unpaid = Stay("6", "A")
    with made(tmp_path / "w", [*STAYS, unpaid], settlements=[{"settlement_id": f"S{s.id}", "visit_id": s.id, "is_valid": s.id != "6", "total_fee": 1} for s in (*STAYS, unpaid)]) as workspace:  # fmt: skip
        stays = read_stays(workspace, 2025)
    assert (len(stays), stays.without_bill, len(stays.visits)) == (5, 1, 6)


def test_own_groups_before_the_citys(tmp_path: Path) -> None:
    ungrouped = [Stay("1", "A", group=None), Stay("2", "B", group=None)]
    with made(tmp_path / "city", ungrouped) as workspace:
        assert read_stays(workspace, 2025).groups_of == "city"
    with made(tmp_path / "none", ungrouped, results=False) as workspace:
        stays = read_stays(workspace, 2025)
        assert (stays.groups_of, stays.points_of) == ("", "")
    with made(tmp_path / "own", STAYS) as workspace:
        stays = read_stays(workspace, 2025)
        assert (stays.groups_of, stays.points_of) == ("own", "city")


def test_who_is_not_on_the_list_of_persons_is_no_newborn(tmp_path: Path) -> None:
    with made(tmp_path / "w", [Stay("1", "A", age=0), Stay("2", "A", age=70), Stay("3", "A")]) as workspace:
        write(
            workspace, "persons", [{"person_no": p, "sex_code": "1", "birth_date": date(1955, 1, 1)} for p in ("P2",)]
        )
        assert read_stays(workspace, 2025).age_band.tolist() == [6, 5, 6]


def test_a_city_that_sends_no_bands_still_groups_its_stays(tmp_path: Path) -> None:
    """Its sheet has no column for them: nothing is judged, and no stay is without a group for that."""
    bare = [Stay("1", "A", group=None), Stay("2", "A", group=None)]
    results = [{**result(replace(one, group="G1", score=500)), "deviation_band": None} for one in bare]
    with made(tmp_path / "w", bare, dip_results=results) as workspace:
        [one] = by_hospital(read_stays(workspace, 2025))
    assert (one.cases, one.grouped, one.judged, one.cmi) == (2, 2, 0, 500_000_000)
