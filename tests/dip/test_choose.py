"""A pack is chosen by the day of discharge and the region; where none holds, nothing is grouped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from yibao.dip.choose import Choice
from yibao.dip.grouping.group import Grouper
from yibao.errors import UserError


@pytest.fixture(scope="module")
def choice(first: Grouper, second: Grouper, third: Grouper) -> Choice:
    return Choice((first, second, third), "cn-9904")


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2019, 1, 1), "1.0"),
        (date(2024, 12, 31), "1.0"),
        (date(2025, 1, 1), "2.0"),
        (date(2026, 12, 31), "2.0"),
        (date(2027, 1, 1), "3.0"),
    ],
)
def test_the_day_of_discharge_decides(choice: Choice, day: date, edition: str) -> None:
    assert choice.grouper(day, "").pack.manifest.edition == edition


def test_no_pack_no_group(choice: Choice) -> None:
    with pytest.raises(UserError, match=r"病例 7 2018-12-31 出院.*没有这一天有效的分组方案.*2019-01-01 至 2024-12-31"):
        choice.grouper(date(2018, 12, 31), "病例 7 ")


def test_another_region_has_none(second: Grouper, third: Grouper) -> None:
    with pytest.raises(UserError, match="cn-4309"):
        Choice((second, third), "cn-4309").grouper(date(2025, 6, 1), "")


def test_without_a_day_several_packs_are_refused(choice: Choice) -> None:
    with pytest.raises(UserError, match="没有出院日期"):
        choice.grouper(None, "病例 7 ")


def test_two_that_hold_at_once_are_refused(second: Grouper) -> None:
    with pytest.raises(UserError, match="同时有效"):
        Choice((second, second), "cn-9904").grouper(date(2025, 6, 1), "")


def test_one_pack_out_of_its_dates_is_refused_too(second: Grouper) -> None:
    with pytest.raises(UserError, match="没有这一天有效"):
        Choice((second,), "cn-9904").grouper(date(2027, 6, 1), "")


def test_the_region_that_was_not_said_is_asked_for(first: Grouper, second: Grouper) -> None:
    packs = [replace(grouper.pack, manifest=grouper.pack.manifest.model_copy(update={"region": "cn-9904"})) for grouper in (first, second)]  # fmt: skip
    with pytest.raises(UserError, match=r"没有写明地区（--region）.*地区 cn-9904 2025-01-01 至"):
        Choice([Grouper(pack) for pack in packs]).grouper(date(2025, 6, 1), "")
