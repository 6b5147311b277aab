"""The Yiyang year: the published total from the published inputs, and every contradiction among them named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from yibao.appraise.appraisal import Appraisal, appraise
from yibao.appraise.folder import read_folder
from yibao.appraise.typed import Key
from yibao.errors import UserError

YEAR = Path(__file__).resolve().parents[2] / "examples" / "yiyang-2025"


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return appraise(YEAR)


def test_the_totals_are_the_published_ones(appraisal: Appraisal) -> None:
    assert [sheet.total for sheet in appraisal.sheets] == [Decimal("99.54"), Decimal("99.23"), Decimal(100)]
    assert {sheet.grade for sheet in appraisal.sheets} == {"优"}


def test_every_contradiction_is_named_and_chosen(appraisal: Appraisal) -> None:
    assert [s.contradiction.name for s in appraisal.settled] == [
        "日期 自评工作",
        "日期 整体支出自评表填报",
        "日期 基金表填报",
        "机构 直属单位",
        "2025年 服务对象满意度 实际",
        "2025年 基本支出 决算",
        "2025年 年度资金总额 全年预算",
        "2025年 年度资金总额 年初预算",
        "2025年 职工医保参保人数 实际",
        "2025年 三公经费控制率 实际：三公经费控制率 = 决算 ÷ 预算",
        "2025年 职工医保参保人数 实际：职工参保 = 在职 + 退休",
        "整体支出 数量指标 分值",
        "整体支出 时效指标 分值",
        "整体支出 效益指标 分值",
        "整体支出 可持续影响指标 分值",
        "整体支出 满意度指标 分值",
        "整体支出 经济成本指标 分值",
    ]
    assert all(settled.reason for settled in appraisal.settled)


def test_terms_are_told_in_the_order_of_the_formula(appraisal: Appraisal) -> None:
    said = next(s.contradiction.said for s in appraisal.settled if "三公经费控制率" in s.contradiction.name)
    assert said.endswith("各项：2025年 三公经费 决算 1.84万元；2025年 三公经费 预算 15.22万元")


def test_documents_print_the_computed_rate(appraisal: Appraisal) -> None:
    assert appraisal.book.chosen[Key("dept.rate.three_public_control", "", 2025, "final")].number.printed == "12.09%"


def test_the_year_must_warn_and_is_explained(appraisal: Appraisal) -> None:
    said = {d.name: d.said for d in appraisal.deviations}
    assert said["2025年 年度资金总额 全年预算与年初预算"].endswith("183.86%")
    assert said["2025年 公用经费 决算与预算"].endswith("138.65%")
    assert appraisal.blocking == ()


def test_without_its_choices_the_year_is_refused(tmp_path: Path) -> None:
    shutil.copytree(YEAR / "figures", tmp_path / "figures")
    (tmp_path / "figures" / "取舍.yaml").unlink()
    with pytest.raises(UserError, match="有 4 处矛盾还没有取舍"):
        appraise(tmp_path)


def test_each_choice_is_needed(tmp_path: Path) -> None:
    """Leave one out, and the year is refused: no choice stands there for nothing."""
    shutil.copytree(YEAR / "figures", tmp_path / "figures")
    file = tmp_path / "figures" / "取舍.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    choices = [i for i, line in enumerate(lines) if line.startswith("  - {矛盾:")]
    assert len(choices) == 17
    for at in choices:
        file.write_text("".join(lines[:at] + lines[at + 1 :]), encoding="utf-8")
        with pytest.raises(UserError, match="矛盾还没有取舍"):
            appraise(tmp_path)


def test_every_published_figure_of_the_fund_tables_is_typed(shared: Path) -> None:
    published = json.loads((shared / "reference" / "appraisal_figures_yiyang_2025.json").read_text(encoding="utf-8"))
    cells = [
        (table["fund"][:2], column, value)
        for table in published["fund_tables"]
        for row in table["rows"]
        for column, value in row["values"].items()
        if value is not None
    ]
    typed = [t for t in read_folder(YEAR).typed if "收支情况表" in t.sources[0].table]
    assert sorted(value for *_, value in cells) == sorted(t.number.text for t in typed)


def test_every_row_of_the_base_data_is_typed(shared: Path) -> None:
    published = json.loads((shared / "reference" / "appraisal_figures_yiyang_2025.json").read_text(encoding="utf-8"))
    rows = published["base_data_table"]["rows"]
    cells = [value for row in rows for value in row["values"].values() if value is not None]
    typed = [t for t in read_folder(YEAR).typed if t.sources[0].document == "附件1" and t.number.is_money]
    assert sorted(cells) == sorted(t.number.text for t in typed)


def test_what_was_settled_is_told_in_the_same_words_every_time() -> None:
    """No order of a set shows: the same under two seeds of Python's hashes."""
    code = f"from pathlib import Path; from yibao.appraise.appraisal import appraise; print(appraise(Path({str(YEAR)!r})).settled)"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
