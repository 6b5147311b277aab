"""A bureau types its own pack, puts it into the workspace, and every command goes by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.settle.live.county import county, exported, stay, told
from tests.settle.test_counted_once import COUNTER
from yibao.cli import run
from yibao.settle.live.entries import settle

PACK = """code: cn-99
name: 松县
parent: cn
status: example
"""
RULES = """notices:
  - source: 松县医保发〔2024〕1号（虚构）
    from: 2025-01-01
    grade: proposal
    status: {status}
    sets:
      - {{key: identity.order, value: []}}
      - {{key: identity.groups, value: {{}}}}
      - {{key: resident.rounding, value: half_up}}
      - {{key: resident.inpatient.deductible, value: 100}}
      - {{key: resident.inpatient.deductible_mode, value: visit}}
      - {{key: resident.inpatient.rate, value: 0.5}}
      - {{key: resident.inpatient.caps, value: []}}
      - {{key: resident.inpatient.layers, value: []}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small county with one settlement of 4,000 yuan in scope, and the pack of 松县 in its folder 地区包."""
    with county(tmp_path / "w") as made:
        told(made, [exported(settle(made, COUNTER, stay("A", 4000)), "S1")])
    write(tmp_path / "w", "example")
    return tmp_path / "w"


def write(folder: Path, status: str) -> None:
    pack = folder / "地区包" / "松县"
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "pack.yaml").write_text(PACK, encoding="utf-8")
    (pack / "rules.yaml").write_text(RULES.format(status=status), encoding="utf-8")


def test_a_year_settles_by_the_pack_in_the_workspace(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settle", "2025", "--workspace", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "按“松县”的规则计算了 1 张单据" in said
    assert "1,950.00" in said  # (4000 − 100) × 50 %


def test_an_inferred_pack_verifies_and_does_not_pay(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "inferred")
    assert run(["settle", "verify", "2025", "--workspace", str(folder)]) == 1
    assert "按“松县”的规则复算，1 笔有差异" in capsys.readouterr().out
    assert run(["settle", "2025", "--workspace", str(folder)]) == 2
    assert "推断的（inferred）" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["policy", "show", "resident.inpatient.rate", "--on", "2025-06-30"],
        ["policy", "check"],
        ["simulate", "--set", "resident.inpatient.rate=0.6", "--from", "2025-01-01"],
        ["policy", "infer", "2025"],
    ],
)
def test_every_command_goes_by_it(folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--workspace", str(folder)]) == 0
    assert "松县" in capsys.readouterr().out


def test_a_mistake_in_it_is_told_with_file_and_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "地区包" / "松县" / "rules.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 0.5", "value: 50"), encoding="utf-8")
    assert run(["settle", "2025", "--workspace", str(folder)]) == 2
    assert "rules.yaml 第 12 行" in capsys.readouterr().err
