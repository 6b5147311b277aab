"""`yibao init`, `history` and `dictionary`, as a clerk meets them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from yibao.cli import run
from yibao.store.manifest import Input, Produced
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace


def _write(folder: Path, amounts: dict[str, int], command: str) -> None:
    with Workspace.open(folder) as workspace:
        schema = arrow_schema(workspace.table("bank_lines"))
        rows = [
            {
                "bank_account_no": "6222",
                "bank_line_no": number,
                "fund": "310",
                "bank_date": dt.date(2025, 1, 2),
                "direction": "1",
                "bank_amount": fen,
                "bank_balance": 0,
            }
            for number, fen in amounts.items()
        ]
        made_from = (Input(kind="file", name="银行.csv", content="ab" * 32),)
        produced = Produced(command=command, inputs=made_from, code="0.1", parameters={"year": 2025})
        workspace.write("bank_lines", pa.Table.from_pylist(rows, schema=schema), produced)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path / "county"), "--region", "cn-4309"]) == 0
    _write(tmp_path / "county", {"1": 123_456, "2": 5}, "yibao import")
    _write(tmp_path / "county", {"1": 123_400}, "yibao import")
    return tmp_path / "county"


def test_history_says_when_how_much_and_from_what(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["history", "bank_lines", "--workspace", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "共 2 个版本" in said
    assert said.index("版本 2") < said.index("版本 1")
    assert "1,234.61元" in said
    assert "由 yibao import（程序 0.1） 产生" in said
    assert "来自文件 银行.csv　abababababab" in said
    assert "参数 year=2025" in said


def test_history_of_a_row(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    capsys.readouterr()
    monkeypatch.chdir(folder / "outputs")
    assert run(["history", "bank_lines", "--key", "6222,1"]) == 0
    assert "1,234.56元 → 1,234.00元" in capsys.readouterr().out
    assert run(["history", "bank_lines", "--key", "6222,2"]) == 0
    assert "版本 2" in (said := capsys.readouterr().out)
    assert said.endswith("删去\n")


def test_history_before_anything_was_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "人员", "--workspace", str(folder)]) == 0
    assert "“人员”（persons）还没有数据" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["init"], "请写明文件夹和地区代码"),
        (["init", "x", "--region", "zz"], "没有代码为 zz 的地区包"),
        (["init", "x", "--region", "cn", "--engine", "oracle"], "--engine 只能是"),
        (["init", ".", "--region", "cn"], "里已有文件"),
        (["history"], "请写明是哪一张表"),
        (["history", "persons"], "当前文件夹不在工作区里"),
        (["dictionary", "nope"], "没有“nope”这张表"),
    ],
)
def test_mistakes_are_one_sentence(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    assert run(words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_the_dictionary_lists_tables_and_prints_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dictionary"]) == 0
    assert "fee_lines" in capsys.readouterr().out
    assert run(["dictionary", "费用明细"]) == 0
    assert "| line_amount | 明细项目费用总额 | 金额（分） |" in capsys.readouterr().out


def test_prune_says_first_and_deletes_on_yes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["prune", "--keep", "1", "--workspace", str(folder)]
    capsys.readouterr()
    assert run(asked) == 0
    said = capsys.readouterr().out
    assert "（bank_lines）共 2 个版本：1 个文件" in said
    assert "第 1 版的数据" in said
    assert "没有删除" in said
    assert run([*asked, "--yes"]) == 0
    assert "已删除 1 个文件" in capsys.readouterr().out
    assert run(asked) == 0
    assert "没有可以清理的" in capsys.readouterr().out
    assert run(["history", "bank_lines", "--workspace", str(folder)]) == 0
    assert capsys.readouterr().out.count("数据已清理") == 1
    assert run(["history", "bank_lines", "--key", "6222,1", "--workspace", str(folder)]) == 0
    assert "到第 1 版为止）的数据已经清理" in capsys.readouterr().out
    assert run(["prune", "--keep", "0", "--workspace", str(folder)]) == 2
