"""Measures against numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.dip.watch.making import Stay, made
from yibao.dip.watch.averages import groups_of
from yibao.dip.watch.measures import Measures, measures
from yibao.dip.watch.stays import Stays, read_stays

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
    cmi = Measures(**{**blank, "grouped": 4, "score": (1000 * 1 + 500 * 3) * 1_000_000}).cmi
    assert cmi == 625 * 1_000_000


def test_the_region_has_index_one(tmp_path: Path) -> None:
    with made(tmp_path / "w", STAYS) as workspace:
        stays = read_stays(workspace, 2025)
    whole = measures(stays, groups_of(stays), np.zeros(len(stays), np.int64), 1)[0]
    assert (whole.cost_index, whole.time_index, whole.cmi) == (1_000_000, 1_000_000, 875_000_000)


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
