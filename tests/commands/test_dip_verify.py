"""`yibao dip verify` as it is typed: with a workspace, with files alone, what is printed and what is written."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pytest

from tests.demo.conftest import small_plan
from yibao.cli import run
from yibao.demo.export import export_county
from yibao.demo.generate import make_county
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("told") / "county"
    make_county(root, small_plan(scale=0.02, years=(2025,)))
    return root


def test_a_workspace_is_checked_and_written(county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(["dip", "verify", "--workspace", str(county), "--out", str(out)]) == 1
    said = capsys.readouterr().out
    assert "2 项没有核对" in said
    assert "差异在“DIP核对差异”表" in said
    book = openpyxl.load_workbook(out / "DIP核对-2025.xlsx")
    assert {"按原因", "按机构", "核对清单", "基金重分", "编码对照", "扣款"} <= set(book.sheetnames)
    letters = sorted(path.name for path in out.glob("*.docx"))
    assert "DIP核对清单-2025-统筹区各表.docx" in letters
    hospital = docx.Document(str(out / next(name for name in letters if "H99042100001" in name)))
    text = "\n".join(paragraph.text for paragraph in hospital.paragraphs)
    assert "一、依据" in text
    assert "机构系数：示例市医保办发〔2024〕24号（虚构）" in text
    assert "盖章" in text
    rows = [[cell.text for cell in row.cells] for row in hospital.tables[0].rows]
    assert rows[0][:3] == ["序号", "表", "结算号或机构"]
    assert rows[-1][0] == "合计"
    assert len(rows) > 2


def test_files_alone_need_a_region(county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    export_county(county)
    files = sorted(map(str, (county / "export").glob("DIP*.xlsx")))
    monkeypatch.chdir(tmp_path)
    assert run(["dip", "verify", *files]) == 2
    assert "--region" in capsys.readouterr().err
    assert run(["dip", "verify", *files, "--region", "cn-990421"]) == 1
    said = capsys.readouterr().out
    assert "DIP年终清算：读入" in said
    assert "工作区里没有这一年的医保结算" in said
    assert "手术操作" in said
    assert not (tmp_path / "tables").exists()


def test_what_cannot_be_done_is_one_sentence(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (
        (["--workspace", str(county), "--year", "2019"], "2019 年"),
        (["--region", "cn-990421"], "没有文件"),
        (["x.xlsx", "--region", "cn-990421", "--workspace", str(county)], "只能写一个"),
        (["nothing.xlsx", "--workspace", str(county)], "没有“nothing.xlsx”"),
        (["--workspace", str(county), "--pack", "nowhere"], "nowhere"),
    ):
        assert run(["dip", "verify", *words]) == 2
        assert said in capsys.readouterr().err


def test_a_pack_about_other_groups_is_told(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dip", "verify", "--workspace", str(county), "--pack", "example-2.0"]) == 1
    assert "分组方案包的病种编码与分组结果的对不上" in capsys.readouterr().out


MONTH = {
    "service_month": 202501, "provider_code": "H1", "insurance_type": "390", "case_count": 1, "dip_points": 100_000_000,
    "total_fee": 100_000, "booked_pay": 60_000, "preliminary_point_value": 10_000_000, "preliminary_pay_ratio": 600_000,
    "dip_payable": 60_000, "quality_deposit": 3_000, "dip_paid": 57_000,
}  # fmt: skip


def test_sheets_that_hold_together_end_with_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Workspace.create(tmp_path / "w", "cn-990421") as made:
        schema = arrow_schema(made.table("dip_monthly"))
        made.write("dip_monthly", pa.Table.from_pylist([MONTH], schema=schema), made.produced("by hand"))
    assert run(["dip", "verify", "--workspace", str(tmp_path / "w")]) == 0
    assert "2025 年：0 处差异" in capsys.readouterr().out
