"""What a clerk can get wrong with `yibao dip`: one Chinese sentence, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from yibao.cli import run
from yibao.store.workspace import Workspace

PACK = "example-2.0"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds nothing yet."""
    path = tmp_path_factory.mktemp("refused") / "w"
    with Workspace.create(path, "cn-990421"):
        return path


@pytest.mark.parametrize("year", ["0", "202513", "99999"])
@pytest.mark.parametrize(
    "command",
    [
        ["open", "YEAR", "--published"],
        ["open", "YEAR", "--pack", PACK],
        ["clear", "YEAR"],
        ["paid", "YEAR", "--on", "2026-04-10", "--part", "advance"],
        ["build", "YEAR"],
        ["compare", PACK, PACK, "--year", "YEAR"],
        ["group", "--pack", PACK, "--year", "YEAR"],
        ["verify", "--year", "YEAR"],
        ["watch", "YEAR"],
    ],
)
def test_a_year_that_is_none_is_refused(
    empty: Path, command: list[str], year: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [year if word == "YEAR" else word for word in command]
    assert run(["dip", *words, "--workspace", str(empty)]) == 2
    assert capsys.readouterr().err.strip() == f"年度应是四位数字，如 2025，不能是“{year}”。"
    assert not list((empty / "tables").glob("*"))


def test_one_file_that_cannot_be_read_is_one_sentence(
    empty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "月预结算.pdf").write_bytes(b"%PDF-1.4")
    assert run(["dip", "verify", str(tmp_path / "月预结算.pdf"), "--workspace", str(empty)]) == 2
    assert capsys.readouterr().err.strip() == "“月预结算.pdf”是 PDF，不能导入。请导出为 Excel 或 CSV。"
