"""Decoding of text files, and what is thrown out of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofread.read.making import paragraphs, tables, texts
from yibao.errors import UserError
from yibao.proofread.read import read_file
from yibao.proofread.read import text as text_reader

SENTENCE = "全年参保三十万人，基金收支平衡。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-32"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes((SENTENCE + "\n").encode(encoding))
    source = read_file(path)
    assert paragraphs(source) == [SENTENCE]
    assert (source.format, source.warnings, source.path) == ("text", (), str(path))


def test_character_outside_gbk(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("姓名㕵𠮷。".encode("gb18030"))
    assert paragraphs(read_file(path)) == ["姓名㕵𠮷。"]


def test_utf16_big_endian_with_bom(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xfe\xff" + SENTENCE.encode("utf-16-be"))
    assert paragraphs(read_file(path)) == [SENTENCE]


def test_few_broken_bytes_are_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((SENTENCE * 50).encode()[:-1])
    source = read_file(path)
    assert len(source.warnings) == 1
    assert "1 处字符损坏" in source.warnings[0]


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, bytes(range(128, 256)) * 20])
def test_binary_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(UserError, match=r"a\.txt"):
        read_file(path)


def test_line_ends_controls_and_surrogates(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("收入\x00三\x1b百元。\r\n支出\ufeff二百元。\r结余一百元。".encode() + b"\xed\xa0\x80" * 0)
    assert paragraphs(read_file(path)) == ["收入三百元。", "支出二百元。", "结余一百元。"]


def test_lone_surrogates_never_come_out(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        "\ufeff".encode("utf-16-le") + "收入。".encode("utf-16-le") + b"\x00\xd8" + "支出。".encode("utf-16-le") * 200
    )
    text = "".join(paragraphs(read_file(path)))
    assert text.encode("utf-8").decode("utf-8") == text
    assert "收入。" in text


def test_blank_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(" \n\u3000\n", encoding="utf-8")
    with pytest.raises(UserError, match="没有文字"):
        read_file(path)


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "收入表.csv"
    path.write_bytes('收入情况表,,\n项目,预算,决算\n"拨款","1,200.00",3\n'.encode("gbk"))
    [table] = tables(read_file(path))
    assert texts(table) == [["项目", "预算", "决算"], ["拨款", "1,200.00", "3"]]


@pytest.mark.parametrize(
    "text",
    [
        "某县医保基金收支平衡，" * 300_000,
        "a" * 3_000_000,
        "|" * 500_000,
        "\t" * 500_000 + "甲",
        "1 " * 500_000,
        "甲\n" * 200_000,
        "甲 1 2\n" * 40_000,
        "\t1\n" * 60_000,
        "（" * 300_000,
        "*" * 300_000,
    ],
)
def test_hostile_text_is_read_to_its_end(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    source = read_file(path)
    assert source.blocks or source.warnings


def test_lines_beyond_the_limit_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_reader, "MAX_LINES", 3)
    path = tmp_path / "a.txt"
    path.write_text("一。\n二。\n三。\n四。\n五。\n", encoding="utf-8")
    source = read_file(path)
    assert paragraphs(source) == ["一。", "二。", "三。"]
    assert "超过 3 行" in source.warnings[0]
