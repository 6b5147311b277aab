"""监测预警: the month of the crossing, and the office."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yibao.enrol.watch import crossing

THRESHOLDS = {"dibao": (300_000, "minzheng"), "fanpin": (200_000, "nongye"), "others": (1_500_000, "nongye")}


def test_the_month_in_which_the_sum_reaches_the_threshold() -> None:
    held = [("dibao", date(2020, 1, 1), None)]
    found = crossing([(202501, 100_000), (202503, 200_000), (202505, 900_000)], held, THRESHOLDS)
    assert found is not None
    assert (found.month, found.total, found.office, found.group) == (202503, 300_000, "minzheng", "dibao")


def test_a_group_counts_only_while_it_is_held() -> None:
    months = [(202501, 400_000), (202506, 1), (202512, 1)]
    begins = [("dibao", date(2025, 6, 30), None)]
    assert [found.month for h in (begins, []) if (found := crossing(months, h, THRESHOLDS))] == [202506]
    assert crossing(months, [("dibao", date(2024, 1, 1), date(2025, 1, 30))], THRESHOLDS) is None


def test_of_several_groups_the_lowest_threshold() -> None:
    held = [("dibao", date(2020, 1, 1), None), ("fanpin", date(2020, 1, 1), None)]
    found = crossing([(202501, 250_000)], held, THRESHOLDS)
    assert found is not None
    assert (found.group, found.office) == ("fanpin", "nongye")


def test_a_reversal_takes_back_what_was_borne() -> None:
    assert (
        crossing(
            [(202501, 200_000), (202502, -150_000), (202503, 200_000)], [("dibao", date(2020, 1, 1), None)], THRESHOLDS
        )
        is None
    )


@given(st.lists(st.integers(0, 900_000), max_size=12), st.integers(0, 900_000))
def test_more_burden_never_warns_later(burdens: list[int], more: int) -> None:
    months = [(202501 + n, fen) for n, fen in enumerate(burdens)]
    first = crossing(months, [], THRESHOLDS)
    earlier = crossing([(m, fen + more) for m, fen in months], [], THRESHOLDS)
    assert first is None or (earlier is not None and earlier.month <= first.month)
