"""Files that are meant to hurt, or merely broken: refused in seconds, with bounded memory, in one sentence."""

from __future__ import annotations

import resource
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.store.importing.conftest import Bring
from yibao.store.importing.result import Result

BringAll = Callable[..., Result]
HEAD = "区划代码,区划名称,区划层级\n"
MEGABYTES = 400
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


@pytest.fixture(autouse=True)
def bounds() -> Iterator[None]:
    """No gigabytes."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES


def refused(result: Result) -> str:
    (sentence,) = result.refused
    assert result.imported == []
    assert sentence.endswith("。")
    assert "\n" not in sentence
    return sentence


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """A sound workbook with parts replaced or added."""

    def make(parts: dict[str, bytes | str], declared: dict[str, int] | None = None) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["区划代码", "区划名称", "区划层级"])
        sheet.append(["990101", "甲乡", "town"])
        sound, path = tmp_path / "sound.xlsx", tmp_path / "数据.xlsx"
        book.save(sound)
        with zipfile.ZipFile(sound) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                if name not in parts:
                    target.writestr(name, source.read(name))
            for name, content in parts.items():
                target.writestr(name, content)
        return path

    return make


def test_a_sound_workbook_is_taken(bring: Bring, workbook: Callable[..., Path]) -> None:
    assert bring(workbook({})).new == 1


def test_a_zip_bomb(bring_all: BringAll, tmp_path: Path, workbook: Callable[..., Path]) -> None:
    path = workbook({})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/x.xml", "w") as part:
        for _ in range(300):
            part.write(b"\0" * (1 << 20))
    assert "压缩炸弹" in refused(bring_all(path))


def test_a_bomb_that_lies_about_its_size(bring_all: BringAll, workbook: Callable[..., Path]) -> None:
    path = workbook({"xl/worksheets/sheet1.xml": SHEET.format("<row r='1'><c r='A1'><v>1</v></c></row>" * 100_000)})
    content = bytearray(path.read_bytes())
    at = content.rfind(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(content)
    assert "损坏" in (sentence := refused(bring_all(path))) or "过大" in sentence


def test_a_cell_in_the_last_corner(bring_all: BringAll, workbook: Callable[..., Path]) -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>区划代码</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "格" in refused(bring_all(workbook({"xl/worksheets/sheet1.xml": SHEET.format(rows)})))


def test_external_entities(bring_all: BringAll, workbook: Callable[..., Path]) -> None:
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + SHEET.format(
        "<row r='1'><c r='A1'><v>&e;</v></c></row>"
    )
    assert "DOCTYPE" in refused(bring_all(workbook({"xl/worksheets/sheet1.xml": evil})))


def test_macros(bring_all: BringAll, workbook: Callable[..., Path]) -> None:
    assert "宏" in refused(bring_all(workbook({"xl/vbaProject.bin": b"x"})))


def test_another_zip(bring_all: BringAll, tmp_path: Path) -> None:
    path = tmp_path / "数据.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "不是 .xlsx 工作簿" in refused(bring_all(path))


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.99])
def test_a_truncated_workbook(bring_all: BringAll, workbook: Callable[..., Path], keep: float) -> None:
    path = workbook({})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert "损坏" in refused(bring_all(path))


def test_a_truncated_parquet(bring_all: BringAll, tmp_path: Path) -> None:
    path = tmp_path / "数据.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 100)
    assert "损坏" in refused(bring_all(path))


@pytest.mark.parametrize(
    ("magic", "said"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Excel"), (b"%PDF-1.7", "PDF"), (b"\x1f\x8b\x08\0", "解压")],
)
def test_other_kinds_of_files(bring_all: BringAll, tmp_path: Path, magic: bytes, said: str) -> None:
    path = tmp_path / "数据.csv"
    path.write_bytes(magic + b"\0" * 600)
    assert said in refused(bring_all(path))


def test_one_line_of_a_hundred_megabytes(bring_all: BringAll, tmp_path: Path) -> None:
    path = tmp_path / "数据.csv"
    with path.open("wb") as file:
        file.write(HEAD.encode())
        for _ in range(100):
            file.write(b"x" * (1 << 20))
    assert "超过 2 MB" in refused(bring_all(path))


def test_a_quote_that_never_closes(bring_all: BringAll, tmp_path: Path) -> None:
    path = tmp_path / "数据.csv"
    path.write_text(HEAD + '990101,"甲乡,town\n' + "990102,乙乡,town\n" * 200_000, encoding="utf-8")
    assert "引号没有成对" in refused(bring_all(path))


def test_nul_bytes(bring_all: BringAll, tmp_path: Path) -> None:
    path = tmp_path / "数据.csv"
    path.write_bytes(HEAD.encode() + b"990101,\0,town\n")
    assert "空字节" in refused(bring_all(path))


@pytest.mark.parametrize("columns", [3_000, 1_000_000])
def test_a_million_columns(bring_all: BringAll, tmp_path: Path, columns: int) -> None:
    path = tmp_path / "数据.csv"
    path.write_text(",".join(["a"] * columns) + "\n", encoding="utf-8")
    assert "列" in refused(bring_all(path))


def test_an_empty_file_and_headings_alone(bring_all: BringAll, bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "数据.csv"
    path.write_bytes(b"")
    assert "空文件" in refused(bring_all(path))
    path.write_text(HEAD, encoding="utf-8")
    assert (bring(path, as_="areas").read, bring(path, as_="areas").version) == (0, None)


def test_random_bytes(bring_all: BringAll, tmp_path: Path) -> None:
    import random

    path = tmp_path / "数据.csv"
    path.write_bytes(random.Random(7).randbytes(1 << 20))
    refused(bring_all(path))


def test_a_text_that_is_cut_off_in_its_last_row(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "数据.csv"
    path.write_text(HEAD + "990101,甲乡,town\n990102,乙", encoding="utf-8")
    done = bring(path, as_="areas")
    assert (done.new, done.rejected) == (1, 1)
    assert "可能中断了" in done.reasons[0][0]
    path.write_text(HEAD + "990101,甲乡,town\n990102,乙乡,town", encoding="utf-8")
    assert [f.says[:11] for f in bring(path, as_="areas").flagged] == ["文件最后一行没有换行，"]


def test_merged_cells_without_end(bring: Bring, workbook: Callable[..., Path]) -> None:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c><c r="B{0}" t="inlineStr"><is><t>{2}</t></is></c><c r="C{0}" t="inlineStr"><is><t>{3}</t></is></c></row>'
    rows = row.format(1, "区划代码", "区划名称", "区划层级") + row.format(2, "990101", "甲乡", "town")
    merges = "".join(f'<mergeCell ref="A{i}:XFD{i + 100}"/>' for i in range(3, 30_000))
    sheet = SHEET.format(rows).replace("</worksheet>", f"<mergeCells>{merges}</mergeCells></worksheet>")
    assert bring(workbook({"xl/worksheets/sheet1.xml": sheet})).new == 1


def test_a_date_in_every_century_makes_no_thousand_files(bring_all: BringAll, tmp_path: Path) -> None:
    path = tmp_path / "数据.csv"
    lines = [f"T{y},employee,310,2025,{y}-01-01,1.00" for y in range(1900, 9900, 3)]
    path.write_text("完税凭证号,基金,险种,待遇年度,入库日期,征缴金额\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert "分区" in refused(bring_all(path))
