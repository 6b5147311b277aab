"""Pictures as data: they are whole, and they say in words what they show."""

from __future__ import annotations

import pytest

from tests.charts.pictures import ALL, EXPENSES, FUND, RANGE, SCORES, mark, panel
from yibao.charts.shapes import Chart, Columns, Curve, Curves


@pytest.mark.parametrize("chart", ALL)
def test_the_words_of_a_picture_are_one_line_with_its_unit(chart: Chart) -> None:
    assert f"单位：{chart.unit}" in chart.alt
    assert "\n" not in chart.alt


def test_the_words_tell_every_number_as_it_is_printed() -> None:
    assert "2024年收入203070，2024年支出184222" in FUND.alt
    assert "期末滚存结余：2023年末326637，2024年末345485，2025年末366954。" in FUND.alt
    assert "公务接待费：预算10.72，决算0.1，决算为预算的0.93%。" in EXPENSES.alt
    assert "基金支出随住院支付比例（二级）：70%时16927.7，71%（现行）时16955.4，" in RANGE.alt
    assert "预算执行率：分值10，得分9.54（扣0.46分）。" in SCORES.alt


@pytest.mark.parametrize(
    ("periods", "series"),
    [("2024年 2025年", {"收入": "1"}), ("", {"收入": ""}), ("2025年", dict.fromkeys("甲乙丙丁", "1")), ("2025年", {})],
)
def test_a_panel_that_is_not_whole_is_refused(periods: str, series: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="收支"):
        panel("收支", periods, **series)


def test_pictures_are_compared_by_their_content() -> None:
    assert Columns("万元", (panel("收入", "2025年", 收入="1"),)) == Columns(
        "万元", (panel("收入", "2025年", 收入="1"),)
    )
    assert hash(FUND) != hash(EXPENSES)


def test_a_curve_has_a_mark_for_each_place() -> None:
    with pytest.raises(ValueError, match="起付线"):
        Curves("万元", "起付线", (mark("1"), mark("2")), (Curve("基金支出", (mark("1"),)),))
