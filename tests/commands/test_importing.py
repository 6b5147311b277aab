"""`yibao import` and `yibao quality`, as a clerk meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from yibao.cli import run

AREAS = "区划代码,区划名称,区划层级\n990101,甲乡,town\n990102,乙乡,县级\n"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["init", str(tmp_path / "county"), "--region", "cn-43"]) == 0
    capsys.readouterr()
    return tmp_path / "county"


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    path = tmp_path / "区划.csv"
    path.write_text(AREAS, encoding="gbk")
    return path


def test_it_works(folder: Path, areas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(areas), "--as", "行政区划", "--workspace", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "“区划.csv”（CSV，GBK（GB18030））→ 行政区划（areas），认出 3 列" in said
    assert "读入 2 行：接受 1（新增 1），退回 1" in said
    assert "退回 1 行：“区划层级”不在代码表“区划层级”里" in said
    assert str(folder / "rejects" / "区划.退回.xlsx") in said
    assert "已写入，行政区划现为第 1 版" in said


def test_again_changes_nothing(folder: Path, areas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    areas.write_text(AREAS.splitlines()[0] + "\n990101,甲乡,town\n", encoding="utf-8")
    assert run(["import", str(areas), "--workspace", str(folder)]) == 0
    assert run(["import", str(areas), "--workspace", str(folder)]) == 0
    assert "没有变化，表仍是原来的版本" in capsys.readouterr().out


def test_a_dry_run_says_so(folder: Path, areas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(areas), "--as", "areas", "--dry-run", "--workspace", str(folder)]) == 1
    assert "试运行，没有写入" in capsys.readouterr().out
    assert run(["history", "areas", "--workspace", str(folder)]) == 0
    assert "还没有数据" in capsys.readouterr().out


def test_a_folder_and_a_file_that_cannot_be_read(folder: Path, areas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (areas.parent / "说明.txt").write_bytes(b"\x00\x01\x02\x03" * 9)
    assert run(["import", str(areas.parent), "--as", "areas", "--workspace", str(folder)]) == 2
    out, err = capsys.readouterr()
    assert "接受 1" in out
    assert "“说明.txt”" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["import"], "请写明要导入的文件"),
        (["import", "没有.csv"], "没有“没有.csv”这个文件"),
        (["import", "AREAS", "--as", "没有"], "没有“没有”这张表"),
        (["import", "AREAS", "--mapping", "AREAS"], "映射文件"),
        (["quality", "--rows", "没有"], "没有“没有”这条规则"),
        (["quality", "--for", "没有"], "没有“没有”这种结果"),
        (["quality", "--rows", "settled_twice"], "没有运行：医保结算还没有数据"),
    ],
)
def test_it_rejects(folder: Path, areas: Path, args: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    args = [str(areas) if arg == "AREAS" else arg for arg in args]
    assert run([*args, "--workspace", str(folder)]) == 2
    assert said in capsys.readouterr().err.replace("\n", "")


def test_quality_of_an_empty_workspace_is_not_a_pass(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quality", "--workspace", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "没有数据，不等于通过" in said
    assert "没有问题 0 条" in said


def test_quality_leads_to_the_rows(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "人员.csv"
    head = "人员编号,人员证件类型,证件号码,人员姓名,性别,出生日期"
    rows = ["P1,03,=E1,甲,男,1990-01-01", "P2,护照,=E1,甲,1,1990-01-01", "P3,01,990101199001010011,乙,2,1990-01-01"]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assert run(["import", str(path), "--workspace", str(folder)]) == 1
    assert "居民身份证号码的校验码不对" in capsys.readouterr().out
    assert run(["quality", "--for", "enrol", "--workspace", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "同一证件号码有两个人员编号" in said
    assert "暂停：参保统计、待遇结算。" in said
    assert run(["quality", "--rows", "同一证件号码有两个人员编号", "--workspace", str(folder)]) == 1
    assert "第一个人员编号 P1，最后一个人员编号 P2，人数 2" in capsys.readouterr().out
    written = (folder / "outputs" / "quality-identity_number_shared.csv").read_text(encoding="utf-8-sig")
    assert "'=E1" in written
