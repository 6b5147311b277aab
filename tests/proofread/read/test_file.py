"""One file of any kind: what it really is decides, and everything unreadable gets one Chinese sentence."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.proofread.read.making import make_docx, p, paragraphs
from yibao.errors import UserError
from yibao.proofread.read import container, office, read_file

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


@pytest.fixture(autouse=True)
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\0" * 600


def said(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_file(path)
    sentence = caught.value.sentence
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


def write(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_missing_empty_and_folder(tmp_path: Path) -> None:
    assert "找不到" in said(tmp_path / "无.docx")
    assert "空的" in said(write(tmp_path, "空.docx", b""))
    (tmp_path / "夹.docx").mkdir()
    assert "文件夹" in said(tmp_path / "夹.docx")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_locked_file(tmp_path: Path) -> None:
    path = write(tmp_path, "锁.txt", b"abc")
    path.chmod(0)
    assert "权限" in said(path)


def test_locked_file_is_said_whoever_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "锁.txt", b"abc")

    def refuse(self: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "关闭后再试" in said(path)


@pytest.mark.parametrize("name", ["旧.doc", "旧.wps"])
def test_old_word_without_office(tmp_path: Path, name: str) -> None:
    assert "另存为" in said(write(tmp_path, name, ole("WordDocument")))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("报告.docx", ole("WordDocument"), "旧版 Word"),
        ("报告.docx", b"<html><body>x</body></html>", "网页"),
        ("报告.docx", b"\xef\xbb\xbf<!DOCTYPE html><html>", "网页"),
        ("表.xls", b"<html><table></table></html>", "网页"),
        ("表.xlsx", ole("Workbook"), "旧版 Excel"),
        ("报告.docx", b"%PDF-1.4\n", "PDF"),
        ("报告.docx", "只是文字".encode(), "纯文本"),
        ("报告.txt", b"%PDF-1.4\n", "PDF"),
        ("报告.pdf", "只是文字".encode(), "纯文本"),
        ("图.docx", b"\x89PNG\r\n\x1a\n", "图片"),
        ("包.docx", b"Rar!\x1a\x07", "压缩包"),
        ("稿.ppt", ole("PowerPoint Document"), "演示文稿"),
        ("密.docx", ole("EncryptedPackage"), "密码"),
        ("密.xlsx", ole("EncryptedPackage"), "密码"),
        ("其他.doc", ole("SomethingElse"), "旧版 Office"),
        ("报告.doc", b"<?xml version='1.0'?><w:wordDocument/>", "XML"),
        ("未知.abc", "文字".encode(), "不支持"),
        ("无后缀", "文字".encode(), "没有后缀"),
        ("坏.docx", b"PK\x03\x04" + b"\0" * 50, "已损坏"),
    ],
)
def test_wrong_suffix_and_foreign_kinds_are_said(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    assert words in said(write(tmp_path, name, data))


def test_zip_that_is_no_office_file(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "压缩包" in said(path)


def test_new_word_called_doc_is_read(tmp_path: Path) -> None:
    assert paragraphs(read_file(make_docx(tmp_path / "a.doc", p("正文。")))) == ["正文。"]


def test_too_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_FILE", 10)
    assert "上限" in said(write(tmp_path, "大.txt", b"x" * 11))


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_UNPACKED", 2_000), ("MAX_PART", 2_000), ("MAX_ENTRIES", 3), ("MAX_RATIO", 5)]
)
def test_zip_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    path = make_docx(tmp_path / "炸.docx", p("零" * 5_000))
    assert read_file(path).blocks
    monkeypatch.setattr(container, "RATIO_FROM", 100)
    monkeypatch.setattr(container, limit, value)
    assert "压缩炸弹" in said(path)


def test_size_claimed_too_small_is_broken_not_unpacked(tmp_path: Path) -> None:
    path = make_docx(tmp_path / "a.docx", p("零" * 50_000))
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("word/document.xml")
    size = entry.file_size.to_bytes(4, "little")
    assert data.count(size) >= 2
    path.write_bytes(data.replace(size, (100).to_bytes(4, "little")))
    assert "已损坏" in said(path)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_truncated_docx(tmp_path: Path, cut: float) -> None:
    data = make_docx(tmp_path / "a.docx", p("正文。")).read_bytes()
    assert "已损坏" in said(write(tmp_path, "b.docx", data[: int(len(data) * cut)]))


def test_name_with_line_break_stays_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        read_file(tmp_path / "a\0b.docx")
