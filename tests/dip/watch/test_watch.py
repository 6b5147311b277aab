"""`yibao dip watch` as it is typed: files, tables, pages, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.dip.watch.making import Stay, made
from tests.dip.watch.test_indicators import PLANTED, changed
from yibao.charts import draw
from yibao.cli import run
from yibao.store.workspace import Workspace

CLEARED = [{"service_year": 2025, "provider_code": h, "insurance_type": "390", "dip_payable": 1_500_000} for h in "ABCD"]  # fmt: skip


def two_years() -> list[Stay]:
    """The year before, D, which is dear, was not there yet, and everything cost a hundred yuan less."""
    now = [replace(s, cost=s.cost + 500) if s.hospital == "D" else s for s in changed(PLANTED["high_score"])]
    then = [replace(s, id=f"{s.id}y", admitted=date(2024, 3, 1), cost=s.cost - 100) for s in now if s.hospital != "D"]
    return [*now, *then]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("watch")
    made(root / "w", two_years(), dip_clearing=CLEARED).close()
    return root


def watch(folder: Path, *more: str) -> int:
    return run(["dip", "watch", "2025", "--workspace", str(folder / "w"), *more])


def test_it_works(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert watch(folder, "--out", str(folder / "out")) == 0
    said = capsys.readouterr().out
    assert "同院同病种的费用变化+100.00元" in said
    assert "新加入的机构（1家）+125.00元" in said
    assert "上年没有出院住院、没有单独列出的机构 1 家：D医院" in said
    assert "应付为市里的年终清算" in said
    assert "没有运行：住院前后的门诊和购药费用（就诊表里没有门诊和购药）" in said
    assert "没有运行：药品、材料、检查化验占比（还没有费用明细）" in said
    names = sorted(p.name for p in (folder / "out").rglob("*.*"))
    assert names == [
        *(f"按病种付费监测-2025-{x}.html" for x in ("A-A医院", "B-B医院", "C-C医院", "D-D医院", "全区")),
        "按病种付费监测-2025.xlsx",
    ]
    sheets = load_workbook(folder / "out" / "按病种付费监测-2025.xlsx", read_only=True).sheetnames
    assert sheets == ["概览", "机构", "逐月", "同比-次均费用", "同比-平均住院日", "盈亏-机构", "盈亏-病种", "盈亏-机构病种", "病种变异", "质控-规则", "质控-机构", "质控-名单", "线索-机构", "线索-类目", "线索-病例"]  # fmt: skip


def test_the_same_bytes_and_no_new_version(folder: Path) -> None:
    assert watch(folder, "--out", str(folder / "one")) == watch(folder, "--out", str(folder / "two")) == 0
    one, two = (sorted(p for p in (folder / n).rglob("*.*")) for n in ("one", "two"))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    with Workspace.open(folder / "w") as workspace:
        assert len(list(workspace.history("dip_indicators"))) == 1
        rows = workspace.query("SELECT i.provider_code, i.peer_rank FROM dip_indicators AS i WHERE i.dip_indicator = 'high_score' AND i.diagnosis_category = '' AND i.peer_rank = 1")  # fmt: skip
        assert rows.read_all().to_pylist() == [{"provider_code": "A", "peer_rank": 1}]


def test_pages_need_nothing_from_elsewhere(folder: Path) -> None:
    watch(folder, "--out", str(folder / "out"))
    for path in (folder / "out").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|<link|src=|@import|url\(", page)
        assert set(re.findall(r"https?://[^\"' ]+", page)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # fmt: skip
        assert ("<svg" in page) == draw.available()
        assert "没有运行的（不等于没有问题）" in page


def test_the_page_of_a_hospital_names_nobody_else(folder: Path) -> None:
    watch(folder, "--out", str(folder / "out"))
    page = (folder / "out" / "机构" / "按病种付费监测-2025-A-A医院.html").read_text(encoding="utf-8")
    assert "A医院：2025 年按病种付费监测" in page
    assert not [h for h in ("B医院", "C医院", "D医院") if h in page]
    assert "1／4" in page


def test_a_name_is_never_markup(tmp_path: Path) -> None:
    strange = [{"provider_code": h, "provider_name": f"<b>{h}&amp;", "provider_type": "hospital", "hospital_level": "2", "is_dip": True} for h in "ABCD"]  # fmt: skip
    made(tmp_path / "w", changed(PLANTED["high_score"]), providers=strange).close()
    assert watch(tmp_path, "--out", str(tmp_path)) == 0
    page = (tmp_path / "机构" / "按病种付费监测-2025-A-_b_A&amp;.html").read_text(encoding="utf-8")
    assert "<b>" not in page
    assert "&lt;b&gt;A&amp;amp;" in page


def test_one_hospital_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "w", [s for s in two_years() if s.hospital == "A"]).close()
    assert watch(tmp_path, "--out", str(tmp_path)) == 0
    assert "没有应付金额" in capsys.readouterr().out


def test_without_groups_it_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "w", [Stay("1", "A", group=None)], results=False).close()
    assert watch(tmp_path) == 2
    assert "请先运行：yibao dip group --pack 分组方案包 --year 2025" in capsys.readouterr().err


def test_groups_without_points_print_what_they_can(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "w", changed(PLANTED["high_score"]), results=False).close()
    assert watch(tmp_path) == 0
    said = capsys.readouterr().out
    assert "没有运行：偏差类型、盈亏（没有点数" in said
    assert "没有运行：同比（2024 年没有按病种付费机构的出院住院）" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "请写明年度"), (["二〇二五"], "年度应是四位数字"), (["2019"], "2019 年没有按病种付费机构的出院住院")],
)
def test_what_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert run(["dip", "watch", *words, "--workspace", str(folder / "w")]) == 2
    assert said in capsys.readouterr().err
