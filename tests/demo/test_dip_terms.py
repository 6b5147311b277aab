"""The city's arithmetic by hand (numbers of packs/cn-9904, all invented)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.demo.dip_cases import score
from yibao.demo.dip_catalogue import Catalogue, Group, kind_of, stem
from yibao.demo.dip_sheets import sharing
from yibao.demo.dip_terms import Terms, distribute
from yibao.region.packs import region

TERMS = Terms.of(region("cn-990421"), 2025)


def group(code: str, *operations: str, points: str = "1000", mean: int = 400_000, layer: str = "core") -> Group:
    key = code.split("-")[0]
    kind = kind_of(operations)
    return Group(code, code, layer, kind, key, "", frozenset(operations), Decimal(points), Decimal(mean), 20)


@pytest.mark.parametrize(
    ("fee", "band", "factor", "points"),
    [
        (400_000, "normal", "1", "1000"),
        (200_000, "normal", "1", "1000"),  # half of the standard is still normal
        (199_900, "low", "0.4998", "499.8"),
        (800_000, "normal", "1", "1000"),
        (1_000_000, "high", "1.5", "1500"),  # 250 % of the standard less one
    ],
)
def test_a_case_far_from_its_standard_scores_by_its_cost(fee: int, band: str, factor: str, points: str) -> None:
    found = score(TERMS, Catalogue("", Decimal(400_000)), group("J18.9-0"), 2, fee)
    assert (found.band, found.factor, found.points) == (band, Decimal(factor), Decimal(points))


def test_the_standard_is_that_of_the_hospitals_level_but_not_of_a_primary_group() -> None:
    catalogue = Catalogue("", Decimal(400_000))
    assert score(TERMS, catalogue, group("J18.9-0"), 3, 400_000).points == 1260
    assert score(TERMS, catalogue, group("J18.9-0", layer="primary"), 3, 400_000).points == 1000


def test_a_stay_without_a_group_scores_a_share_of_its_cost() -> None:
    found = score(TERMS, Catalogue("", Decimal(400_000)), None, 3, 200_000)
    assert (found.points, found.ratio) == (350, None)  # half the mean cost, 70 %


def test_the_most_operations_then_the_highest_score_decide() -> None:
    plain, one, two = group("N20.1-0"), group("N20.1-a", "56.0x00"), group("N20.1-b", "98.5100", points="1100")
    both = group("N20.1-c", "56.0x00", "98.5100", points="900")
    rest = group("N20-ZH2", layer="comprehensive")
    done = frozenset(["56.0x00", "98.5100"])
    assert Catalogue("", Decimal(1), [plain, one, two, both]).candidates("N20.100", done)[0] == both
    assert Catalogue("", Decimal(1), [plain, one, two]).candidates("N20.100", done) == [two, one]
    assert Catalogue("", Decimal(1), [plain, one]).candidates("N20.100", frozenset()) == [plain]
    assert Catalogue("", Decimal(1), [plain, rest]).candidates("N20.100", frozenset(["47.0100"])) == []


def test_the_placeholder_stands_for_the_category() -> None:
    assert [stem(code) for code in ("I10.x00", "D34.x00", "K80.100", "I67.800x003")] == ["I10", "D34", "K80.1", "I67.8"]


@pytest.mark.parametrize(
    ("booked", "added"),
    [
        (80_000, -20_000),
        (85_000, 0),
        (100_000, 0),
        (110_000, 6_000),
        (200_000, 9_000),
    ],  # at most 15 % over counts, of it 60 %
)
def test_a_hospital_keeps_what_it_saved_and_bears_part_of_the_rest(booked: int, added: int) -> None:
    assert sharing(TERMS, booked, 100_000) == added


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any))
def test_parts_are_the_whole_and_near_their_share(total: int, weights: list[int]) -> None:
    parts = distribute(total, [Decimal(weight) for weight in weights])
    assert sum(parts) == total
    assert all(
        abs(part - Decimal(total) * weight / sum(weights)) <= 1 for part, weight in zip(parts, weights, strict=True)
    )


def test_nothing_is_shared_by_nobody() -> None:
    assert distribute(100, [Decimal(0), Decimal(0)]) == [0, 0]
