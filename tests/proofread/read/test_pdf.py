"""PDF: ruled tables, tables over page breaks, paragraphs over line breaks, and what is refused."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from tests.proofread.read.making import Pdf, paragraphs, tables, texts
from yibao.errors import UserError
from yibao.proofread.document import Paragraph
from yibao.proofread.read import page as page_reader
from yibao.proofread.read import pdf as reader
from yibao.proofread.read import pdf_guard, read_file
from yibao.proofread.read.page import join_wrapped

PROSE = "某县医疗保障局全年认真落实各项医保政策，基金收支总体平稳。"


def prose_page(pdf: Pdf, top: float = 120) -> Pdf:
    """A paragraph of three lines: indented, full, short."""
    pdf.text(90, top, "全年收入三百万元，其中财政拨款收入二百九十万元，其他收入十万元，比上")
    pdf.text(66, top + 22, "年增加二十万元。支出三百万元，收支平衡，略有结余，各项任务按期完成并上报")
    return pdf.text(66, top + 44, "备案。")


def test_lines_are_joined_by_margin_and_indent(tmp_path: Path) -> None:
    pdf = prose_page(Pdf().page().text(200, 60, "决算情况说明", 16))
    prose_page(pdf, 190)
    source = read_file(pdf.save(tmp_path / "a.pdf"))
    assert len(paragraphs(source)) == 3
    assert (
        paragraphs(source)[1]
        .replace("\n", "")
        .endswith("其他收入十万元，比上年增加二十万元。支出三百万元，收支平衡，略有结余，各项任务按期完成并上报备案。")
    )
    assert (source.format, source.pages, source.warnings) == ("pdf", 1, ())


def test_paragraph_goes_on_after_a_page_break(tmp_path: Path) -> None:
    pdf = prose_page(Pdf().page())
    pdf.text(90, 700, "年末全县职工医保参保人数四万人，居民医保参保人数二十六万人，合计三十")
    pdf.text(290, 820, "- 1 -")
    pdf.page().text(66, 60, "万人，参保率稳定在百分之九十五以上。").text(290, 820, "- 2 -")
    source = read_file(pdf.save(tmp_path / "a.pdf"))
    last = source.blocks[-1]
    assert isinstance(last, Paragraph)
    assert last.raw.replace("\n", "").endswith("合计三十万人，参保率稳定在百分之九十五以上。")
    assert last.page == 1


def test_ruled_table_with_merged_cells(tmp_path: Path) -> None:
    pdf = Pdf().page().text(66, 100, PROSE).text(200, 190, "支出决算表").text(400, 210, "单位：万元")
    pdf.table(
        66,
        220,
        [160, 80, 80],
        [
            ["项目", "决算数", None],
            ["", "小计", "其中"],
            ["一、机关事业单位养\n老保险", "120.50", "20.50"],
            ["合计", "120.50", ""],
        ],
    )
    pdf.text(66, 320, "注：本表反映支出。")
    source = read_file(pdf.save(tmp_path / "a.pdf"))
    [table] = tables(source)
    assert texts(table) == [
        ["项目", "决算数", "^"],
        ["", "小计", "其中"],
        ["一、机关事业单位养老保险", "120.50", "20.50"],
        ["合计", "120.50", ""],
    ]
    assert (table.caption, table.unit, table.page) == ("支出决算表", "万元", 1)
    assert table.notes == ("单位：万元", "注：本表反映支出。")
    assert paragraphs(source) == [PROSE, "支出决算表", "单位：万元", "注：本表反映支出。"]


def test_table_goes_on_after_a_page_break(tmp_path: Path) -> None:
    head = ["项目", "预算", "决算"]
    pdf = Pdf().page().text(66, 60, PROSE).text(200, 90, "支出决算表")
    pdf.table(66, 700, [160, 80, 80], [head, ["甲", "1", "1"], ["乙", "2", "2"]])
    pdf.page().table(66, 60, [160, 80, 80], [head, ["丙", "3", "3"], ["合计", "6", "6"]]).text(66, 150, "注：完。")
    [table] = tables(read_file(pdf.save(tmp_path / "a.pdf")))
    assert [row[0] for row in texts(table)] == ["项目", "甲", "乙", "丙", "合计"]
    assert table.page == 1


def test_title_repeated_on_the_next_page_does_not_part_the_table(tmp_path: Path) -> None:
    pdf = Pdf().page().text(66, 300, PROSE)
    pdf.page().text(200, 90, "支出决算表").text(400, 110, "单位：万元").table(
        66, 120, [160, 80], [["项目", "决算"], ["甲", "1"]]
    )
    pdf.page().text(200, 90, "支出决算表").text(400, 110, "单位：万元").table(
        66, 120, [160, 80], [["项目", "决算"], ["乙", "2"]]
    )
    source = read_file(pdf.save(tmp_path / "a.pdf"))
    assert [texts(t) for t in tables(source)] == [[["项目", "决算"], ["甲", "1"], ["乙", "2"]]]
    assert paragraphs(source) == [PROSE, "支出决算表", "单位：万元"]


def test_new_title_parts_tables_of_the_same_build(tmp_path: Path) -> None:
    pdf = Pdf().page().text(200, 90, "收入决算表，" + PROSE).table(66, 120, [160, 80], [["项目", "决算"], ["甲", "1"]])
    pdf.page().text(200, 90, "支出决算表").table(66, 120, [160, 80], [["项目", "决算"], ["乙", "2"]])
    assert len(tables(read_file(pdf.save(tmp_path / "a.pdf")))) == 2


def test_table_without_side_borders(tmp_path: Path) -> None:
    rows = [["项目", "预算", "决算"], ["甲", "1", "1"], ["乙", "2", "2"]]
    pdf = Pdf().page().text(66, 60, PROSE).table(66, 100, [160, 80, 80], rows, sides=False)
    [table] = tables(read_file(pdf.save(tmp_path / "a.pdf")))
    assert texts(table) == rows


def test_running_heads_and_page_numbers_are_dropped(tmp_path: Path) -> None:
    pdf = Pdf()
    for number in range(1, 5):
        pdf.page().text(66, 40, "某县医疗保障局部门决算").text(
            66, 120, f"第{'一二三四'[number - 1]}页的内容，{PROSE}"
        ).text(290, 820, f"第 {number} 页")
    found = paragraphs(read_file(pdf.save(tmp_path / "a.pdf")))
    assert len(found) == 4
    assert all("内容" in text for text in found)


def test_frame_around_prose_is_no_table(tmp_path: Path) -> None:
    pdf = prose_page(Pdf().page().table(50, 90, [480], [[""]], height=100))
    source = read_file(pdf.save(tmp_path / "a.pdf"))
    assert tables(source) == []
    assert len(paragraphs(source)) == 1


def test_characters_printed_twice_are_read_once(tmp_path: Path) -> None:
    pdf = Pdf().page().text(66, 60, PROSE).text(66.3, 60, PROSE)
    assert paragraphs(read_file(pdf.save(tmp_path / "a.pdf"))) == [PROSE]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["功能分类", "科目编码"], "功能分类科目编码"),
        (["1,234.50", "1,000.00"], "1,234.50\n1,000.00"),
        (["按收入性质分：", "1.一般公共预算"], "按收入性质分：\n1.一般公共预算"),
        (["2023年12", "月31日前"], "2023年12月31日前"),
        (["绩", "效"], "绩效"),
        (["合计", "（单位万元）"], "合计\n（单位万元）"),
        ([], ""),
    ],
)
def test_wrapped_cell_text(lines: list[str], text: str) -> None:
    assert join_wrapped(lines) == text


def test_scan_is_refused(tmp_path: Path) -> None:
    pdf = Pdf().page().line(0, 0, 100, 100).page().text(290, 820, "2")
    with pytest.raises(UserError, match="扫描件"):
        read_file(pdf.save(tmp_path / "a.pdf"))


def test_garbage_is_said(tmp_path: Path) -> None:
    whole = Pdf().page().text(66, 60, PROSE).save(tmp_path / "a.pdf").read_bytes()
    for n, data in enumerate([whole[:200], b"%PDF-1.7\n" + b"\x00" * 500]):
        path = tmp_path / f"{n}.pdf"
        path.write_bytes(data)
        with pytest.raises(UserError, match=rf"{n}\.pdf"):
            read_file(path)


@pytest.mark.parametrize("tenths", range(1, 10))
def test_truncated_file_is_read_or_said(tmp_path: Path, tenths: int) -> None:
    whole = prose_page(Pdf().page()).save(tmp_path / "a.pdf").read_bytes()
    path = tmp_path / "b.pdf"
    path.write_bytes(whole[: len(whole) * tenths // 10])
    try:
        found = "".join(paragraphs(read_file(path)))
    except UserError as error:
        found = error.sentence
    assert "b.pdf" in found or "收支平衡" in found


def test_encrypted_file_is_said(tmp_path: Path) -> None:
    data = Pdf().page().text(66, 60, PROSE).save(tmp_path / "a.pdf").read_bytes()
    encrypt = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> /P -4 >> /ID [<00> <00>] /Root"
    )
    path = tmp_path / "b.pdf"
    path.write_bytes(data.replace(b"/Root", encrypt))
    with pytest.raises(UserError, match="密码"):
        read_file(path)


def test_compression_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_guard, "MAX_STREAM", 10_000)
    bomb = zlib.compress(zlib.compress(b" " * 1_000_000))
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(bomb), bomb)
    path = Pdf().page().text(66, 60, PROSE).save(tmp_path / "a.pdf", extra=[stream])
    with pytest.raises(UserError, match="压缩炸弹"):
        read_file(path)


@pytest.mark.parametrize("last", [b"", b"/F10 Do"])
def test_forms_that_draw_each_other_without_end_are_not_followed(tmp_path: Path, last: bytes) -> None:
    pdf = Pdf().page().text(66, 60, PROSE).page().text(66, 60, PROSE).text(66, 90, PROSE)
    pdf.pages[1].append(b"/F10 Do")
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << %s >> >> /Length %d >>\nstream\n%s\nendstream"
    numbers = range(10, 40)
    known = b" ".join(b"/F%d %d 0 R" % (n, n) for n in numbers)
    forms = [
        form % (known, len(body), body) for n in numbers for body in [b"/F%d Do " % (n + 1) * 10 if n < 39 else last]
    ]
    path = pdf.save(tmp_path / "a.pdf", extra=forms)
    path.write_bytes(
        path.read_bytes().replace(
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents 9",
            b"/Resources << /XObject << /F10 10 0 R >> /Font << /F1 3 0 R >> >> /Contents 9",
        )
    )
    source = read_file(path)
    assert "第 2 页结构异常" in source.warnings[0]
    assert paragraphs(source) == [PROSE]


def test_too_many_pages_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_PAGES", 2)
    pdf = Pdf()
    for _ in range(4):
        pdf.page().text(66, 60, PROSE)
    source = read_file(pdf.save(tmp_path / "a.pdf"))
    assert source.pages == 4
    assert "只读了前 2 页" in source.warnings[0]


def test_broken_page_is_left_out_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(page: object, number: int) -> page_reader.PageContent:
        if number == 2:
            raise RecursionError
        return page_reader.read_page(page, number)  # type: ignore[arg-type]

    monkeypatch.setattr(reader, "read_page", stumble)
    pdf = Pdf().page().text(66, 60, PROSE).page().text(66, 60, PROSE).page().text(66, 60, PROSE)
    source = read_file(pdf.save(tmp_path / "a.pdf"))
    assert "第 2 页已损坏" in source.warnings[0]
    assert len(paragraphs(source)) == 2


def test_drawing_with_too_many_lines_is_read_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_reader, "MAX_EDGES", 5)
    pdf = Pdf().page().text(66, 60, PROSE).table(66, 100, [80, 80], [["项目", "数"], ["甲", "1"]])
    source = read_file(pdf.save(tmp_path / "a.pdf"))
    assert tables(source) == []
    assert "线条过多" in source.warnings[0]
