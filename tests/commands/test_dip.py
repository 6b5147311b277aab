"""`yibao dip` as it is typed: the command of the manual, lines of JSON, sentences, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yibao.cli import run

CASES = [
    {"id": "1", "principal_dx": "K35.300", "principal_proc": "47.0100", "related_procs": ["54.5101"], "other_dx": []},
    {"id": "2", "principal_dx": "P07.100", "age_day": 0, "birth_weight_g": 1200, "los": 3, "age": 0},
    {"id": "3", "principal_dx": "K80.100"},
]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return path


def test_the_command_of_the_manual(
    shared: Path, tmp_path: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference, out = shared / "reference", str(tmp_path / "PACK")
    lists = ["--primary-care", str(reference / "dip30_primary_care.tsv"), "--excluded-procedures", str(reference / "dip30_excluded_proc_sample.tsv")]  # fmt: skip
    command = ["dip", "pack", "import", str(reference / "dip30_excerpt.tsv"), *lists, "--edition", "3.0", "--out", out]
    assert run(command) == 0
    said = capsys.readouterr().out
    assert "病种                      读到 175 行，收下 175 行，拒收 0 行" in said
    assert "基本                      44 个病种（国家目录 3,268）" in said
    assert run(["dip", "group", "--pack", out, "--cases", str(cases), "--format", "jsonl"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(row) for row in found] == [["id", "group", "layer", "kind", "score", "flags", "trace"]] * 3
    assert [(row["id"], row["group"], row["layer"]) for row in found] == [
        ("1", "BX-919", "BX"),
        ("2", "XQ-17", "XQ"),
        ("3", None, None),
    ]


def test_lines_of_json(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dip", "group", "--pack", "example-3.0", "--cases", str(cases), "--format", "jsonl"]) == 0
    first, _, third = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first == {
        "id": "1", "group": "BX-6", "layer": "BX", "kind": "surgery", "score": 960, "flags": [],
        "trace": {
            "step": "BX", "key": "K35", "matched": ["47.0100"], "related": ["54.5101"], "other_dx": [],
            "rule": "related", "also": [{"group": "BX-5", "layer": "BX", "rule": "related"}], "why": None,
            "blocked": [], "excluded": [], "codes": [],
            "said": [
                "BX-6 符合：并项，诊断按 K35 匹配，47.0100、54.5101", "BX-5（并项）也符合，没有取：符合的相关手术操作最多的优先",
            ],
        },
    }  # fmt: skip
    assert third["flags"] == ["NOT_GROUPABLE"]


def test_what_would_change_in_the_trace(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["dip", "group", "--pack", "example-3.0", "--cases", str(cases), "--format", "jsonl", "--what-if"]
    assert run(command) == 0
    first, second, _ = [json.loads(line)["trace"] for line in capsys.readouterr().out.splitlines()]
    assert {"how": "without", "code": "54.5101", "group": "BX-5", "said": "去掉 54.5101 → BX-5 示例：阑尾切除，并项，相关手术，分值 820"} in first["what_if"]  # fmt: skip
    assert second["what_if"] == []


def test_sentences(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dip", "group", "--pack", "example-3.0", "--cases", str(cases)]) == 0
    said = capsys.readouterr().out
    assert "1                       BX-6 示例：阑尾切除加粘连松解，并项，相关手术，分值 960" in said
    assert "共 3 例：并项 1，先期分组 1，没有入组 1。\n  1 例        主要诊断在不纳入分组的名单上\n" in said


def test_one_case_explained(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dip", "group", "--pack", "example-3.0", "--cases", str(cases), "--explain", "1"]) == 0
    said = capsys.readouterr().out
    assert "  去掉 54.5101 → BX-5 示例：阑尾切除，并项，相关手术，分值 820" in said
    assert run(["dip", "group", "--pack", "example-3.0", "--cases", str(cases), "--explain", "9"]) == 2


def test_a_pack_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dip", "pack", "show", "example-2.0"]) == 0
    assert "出院日期：2025-01-01 至 2026-12-31" in capsys.readouterr().out
    assert run(["dip", "pack", "show", "example-3.0"]) == 0
    assert "出院日期：2027-01-01 起\n" in capsys.readouterr().out  # not 至今: the day has yet to come


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "第 1 行不是 JSON"),
        ("[]", "第 1 行应是一个对象"),
        ('{"principal_dx": "I10.x00"}', "第 1 行缺少 id"),
        ('{"id": 1, "principal_dx": 10}', "principal_dx 应是文字"),
        ('{"id": 1, "principal_dx": "I10.x00", "related_procs": "47.0100"}', "related_procs 应是编码的列表"),
        ('{"id": 1, "principal_dx": "I10.x00", "age_day": "初生"}', "age_day 应是不小于零的数"),
        ('{"id": 1, "principal_dx": "I10.x00", "discharge_date": "明天"}', "discharge_date 应是日期"),
        ('{"id": 1, "principal_dx": "I10.x00", "discharge_date": "2026-12-31"}', "没有这一天有效的分组方案"),
    ],
)
def test_a_case_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(line, encoding="utf-8")
    assert run(["dip", "group", "--pack", "example-3.0", "--cases", str(path), "--region", "cn-9904"]) == 2
    assert said in capsys.readouterr().err


def test_a_line_that_cannot_be_read_does_not_keep_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": 1, "principal_dx": "D34.x00"\n' + json.dumps(CASES[0]) + "\n", encoding="utf-8")
    command = ["dip", "group", "--pack", "example-3.0", "--cases", str(path)]
    assert run([*command, "--format", "jsonl"]) == 2
    told = capsys.readouterr()
    first, second = [json.loads(line) for line in told.out.splitlines()]
    assert (first["id"], first["group"], first["flags"]) == (None, None, ["NOT_READ"])
    assert "第 1 行不是 JSON" in first["trace"]["error"]
    assert second["group"] == "BX-6"
    assert "1 行没有分组（结果里标有 NOT_READ），其余 1 行已分组。" in told.err
    assert run(command) == 2
    assert "没有分组：病例文件“cases.jsonl”第 1 行不是 JSON" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["group", "--cases", "x"], "请用 --pack"),
        (["group", "--pack", "example-3.0"], "请写明 --cases"),
        (["group", "--pack", "没有", "--cases", "x"], "不是分组方案包"),
        (["group", "--pack", "example-3.0", "--cases", "没有.jsonl"], "读不出来"),
        (["group", "--pack", "example-3.0", "--cases", "x", "--format", "xml"], "只能是 text 或 jsonl"),
        (["pack", "import", "x"], "请写明文件、版本"),
        (["pack", "import", "x", "--edition", "3.0", "--out", "y", "--from", "明天"], "--from 应是日期"),
        (["pack", "import", "x", "--edition", "3.0", "--out", "y", "--diagnosis-map", "z"], "名称=文件"),
    ],
)
def test_what_is_refused(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert run(["dip", *words]) == 2
    assert said in capsys.readouterr().err
