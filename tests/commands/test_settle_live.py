"""`yibao settle explain | presettle | accept | reverse | close | payables`, as a clerk meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.settle.live.county import county, rows
from yibao.cli import run
from yibao.store.workspace import Workspace

REQUEST = {
    "request_id": "A", "就诊ID": "VA", "人员编号": "P1", "定点医药机构编号": "H2", "险种类型": "390", "医疗类别": "21", "结算时间": "2025-06-10 09:00:00",
    "开始日期": "2025-06-05", "结束日期": "2025-06-10", "医疗费总额": "10000.00", "全自费金额": 0, "超限价自费费用": 0, "先行自付金额": 0, "符合政策范围金额": "10000.00",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small county, under the rules of the example region."""
    made = county(tmp_path / "w")
    made.close()
    settings = made.path / "yibao.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("cn-99", "cn-9904"), encoding="utf-8")
    return made.path


def written(folder: Path, **more: Any) -> str:
    path = folder.parent / "请求.json"
    path.write_text(json.dumps(REQUEST | more, ensure_ascii=False), encoding="utf-8")
    return str(path)


def settle(folder: Path, *words: str) -> int:
    return run(["settle", *words, "--workspace", str(folder)])


def stored(folder: Path) -> list[str]:
    with Workspace.open(folder) as workspace:
        return [row["bill_id"] for row in rows(workspace)]


def test_try_settle_explain_and_print(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert settle(folder, "presettle", written(folder)) == 0
    assert "试算，没有保存" in capsys.readouterr().out
    assert stored(folder) == []
    assert settle(folder, "accept", written(folder)) == 0
    assert settle(folder, "explain", "VA") == 0
    said = capsys.readouterr().out
    assert "(10,000.00 − 500.00) × 74% = 7,030.00。" in said
    assert "张*，" in said
    assert settle(folder, "explain", "A", "--slip", str(folder.parent / "单.docx"), "--names") == 0
    first = docx.Document(str(folder.parent / "单.docx")).tables[0]
    assert first.rows[0].cells[1].text == "张三"


def test_an_earlier_settlement_is_reversed_only_with_the_list_that_was_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(folder, "accept", written(folder))
    settle(
        folder,
        "accept",
        written(
            folder,
            request_id="B",
            就诊ID="VB",
            结算时间="2025-06-20 09:00:00",
            开始日期="2025-06-15",
            结束日期="2025-06-20",
        ),
    )
    capsys.readouterr()
    assert settle(folder, "reverse", "A", "--request", "R") == 1
    shown = re.search(r"--list (\w+)", capsys.readouterr().out)
    assert shown is not None
    assert stored(folder) == ["A", "B"]
    assert settle(folder, "reverse", "A", "--request", "R", "--by", "王五", "--reason", "重复", "--list", shown[1]) == 0
    assert stored(folder) == ["A", "B", "R-1", "R-2", "R-3"]


def test_a_closed_year_is_closed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert settle(folder, "close", "2025") == 2
    assert settle(folder, "close", "2025", "--by", "李四") == 0
    assert settle(folder, "accept", written(folder)) == 2
    assert "YEAR_CLOSED" in capsys.readouterr().err


def test_payables_that_the_payments_do_not_know_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settle(folder, "accept", written(folder))
    assert settle(folder, "payables", "2025") == 1
    said = capsys.readouterr().out
    assert "相差 7,030.00元" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain"], "请写明一次就诊或结算"),
        (["explain", "X"], "没有就诊ID或结算ID"),
        (["explain", "A", "--slip", "单.pdf"], "没有就诊ID或结算ID"),
        (["presettle"], "请写明请求文件"),
        (["presettle", "没有.json"], "读不出"),
        (["reverse", "A"], "请写明结算ID和请求号"),
        (["reverse", "A", "--request", "R"], "没有逐笔结算的结算 A"),
        (["reverse", "A", "--request", "R", "--by", "王五"], "批准要同时写明"),
        (["payables"], "请写明一个年度"),
        (["payables", "2031"], "没有结算"),
        (["resettle", "2025", "--and", "昨天"], "应是日期"),
    ],
)
def test_misuse_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert settle(folder, *words) == 2
    assert said in capsys.readouterr().err


def test_the_request_is_not_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder.parent / "x.json"
    path.write_text("{", encoding="utf-8")
    assert settle(folder, "presettle", str(path)) == 2
    assert "不是 JSON" in capsys.readouterr().err


def test_a_resettlement_list_compares_two_days(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--known-at", "2025-06-19", "--and", "2025-06-19"]):
        assert settle(folder, "resettle", "2025", *words) == 2
        assert "请写明哪一天以前发布的文件" in capsys.readouterr().err
