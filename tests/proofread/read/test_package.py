"""A folder read as one package: order, subfolders, and nothing silently lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from yibao.errors import UserError
from yibao.proofread.read import package, read_package


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.stem}的内容。", encoding="utf-8")
    return folder


def names(folder: Path, **options: Path) -> list[str]:
    return [Path(source.path).name for source in read_package(folder, **options).sources]


def test_files_come_in_natural_order_subfolders_last(tmp_path: Path) -> None:
    write(tmp_path, "附件10.txt", "附件2.txt", "附件1.md", "一/表2.txt", "一/表1.txt")
    assert names(tmp_path) == ["附件1.md", "附件2.txt", "附件10.txt", "表1.txt", "表2.txt"]


def test_one_file_is_a_package_too(tmp_path: Path) -> None:
    found = read_package(write(tmp_path, "报告.txt") / "报告.txt")
    assert len(found.sources) == 1
    assert found.offsets == (0,)


def test_lock_files_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "报告.txt", "~$报告.docx", ".DS_Store", ".~lock.报告.docx#")
    found = read_package(tmp_path)
    assert len(found.sources) == 1
    assert found.sources[0].warnings == ()


def test_what_is_left_out_is_named(tmp_path: Path) -> None:
    write(tmp_path, "报告.txt", "数据.json", "页面.html", "参数.yaml", "a/b/深.txt")
    [warning, deeper] = read_package(tmp_path).sources[0].warnings
    assert "数据.json" in warning
    assert "页面.html" in warning
    assert "a/b" in deeper


def test_unreadable_file_is_a_warning_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, "报告.txt")
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04")
    found = read_package(tmp_path)
    assert len(found.sources) == 1
    assert "坏.docx" in found.sources[0].warnings[0]


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有能校对的文件"):
        read_package(write(tmp_path, "数据.json"))
    (tmp_path / "空.docx").touch()
    with pytest.raises(UserError, match=r"空\.docx"):
        read_package(tmp_path)


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="找不到"):
        read_package(tmp_path / "无")


def test_last_year_comes_last(tmp_path: Path) -> None:
    write(tmp_path / "今年", "报告.txt")
    write(tmp_path / "去年", "旧报告.txt")
    assert names(tmp_path / "今年", last_year=tmp_path / "去年") == ["报告.txt", "旧报告.txt"]


def test_too_many_files_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_FILES", 2)
    write(tmp_path, *(f"附件{n}.txt" for n in range(4)))
    found = read_package(tmp_path)
    assert len(found.sources) == 2
    assert "只读了前 2 个" in found.sources[0].warnings[0]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_link_loops_end(tmp_path: Path) -> None:
    write(tmp_path, "报告.txt")
    (tmp_path / "环").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "断.txt").symlink_to(tmp_path / "无")
    found = read_package(tmp_path)
    assert len(found.sources) == 1
    assert any("环" in warning for warning in found.sources[0].warnings)
