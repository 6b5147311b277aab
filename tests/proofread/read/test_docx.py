"""Word documents: order, merges, revisions, text boxes, automatic numbers, anchors."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from tests.proofread.read.making import (
    W,
    make_docx,
    numbered,
    numbering,
    p,
    paragraphs,
    span,
    tables,
    tbl,
    tc,
    texts,
    tr,
)
from yibao.errors import UserError
from yibao.proofread.document import Paragraph, Source, Table
from yibao.proofread.read import docx as reader
from yibao.proofread.read import read_file

HEADING_STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="mine"><w:name w:val="小标题"/><w:basedOn w:val="2"/></w:style>
<w:style w:type="paragraph" w:styleId="lvl"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="0"/><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
</w:styles>"""


def read(tmp_path: Path, body: str, **parts: str) -> Source:
    return read_file(make_docx(tmp_path / "报告.docx", body, **parts))


def only(source: Source) -> Table:
    [table] = tables(source)
    return table


def test_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    source = read(
        tmp_path, p("收入决算表") + p("单位：万元") + tbl(tr("项目", "金额"), tr("拨款", "3")) + p("注：四舍五入。")
    )
    assert [type(block) for block in source.blocks] == [Paragraph, Paragraph, Table, Paragraph]
    table = only(source)
    assert (table.caption, table.unit, table.notes) == ("收入决算表", "万元", ("单位：万元", "注：四舍五入。"))
    assert (source.format, source.warnings) == ("docx", ())


def test_anchor_finds_the_paragraph_again(tmp_path: Path) -> None:
    body = p("") + p("第一段。") + tbl(tr("甲", tc(p("") + p("乙"))), tr("丙", "丁")) + p("第二段。")
    path = make_docx(tmp_path / "a.docx", body)
    all_p = list(docx.Document(str(_with_types(path))).element.body.iter(qn("w:p")))
    source = read_file(path)
    for block in source.blocks:
        if isinstance(block, Paragraph):
            assert block.anchor is not None
            assert WordParagraph(all_p[block.anchor], None).text == block.raw  # type: ignore[arg-type]
    cell = only(source).rows[0][1]
    assert cell.anchor is not None
    assert WordParagraph(all_p[cell.anchor + 1], None).text == "乙"  # type: ignore[arg-type]


def _with_types(path: Path) -> Path:
    """python-docx wants content types; ours leaves them out."""
    import shutil
    import zipfile

    copy = path.with_name("typed.docx")
    shutil.copy(path, copy)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for item in old.namelist():
            data = old.read(item)
            if item == "[Content_Types].xml":
                main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
                data = (
                    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                    f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
                ).encode()
            new.writestr(item, data)
    return copy


def test_grid_span_and_vertical_merge(tmp_path: Path) -> None:
    source = read(
        tmp_path,
        tbl(
            tr(tc("项目", '<w:vMerge w:val="restart"/>'), tc("金额", span(2))),
            tr(tc("", "<w:vMerge/>"), "预算", "决算"),
            tr("接待费", "2", "1"),
        ),
    )
    table = only(source)
    assert texts(table) == [["项目", "金额", "^"], ["^", "预算", "决算"], ["接待费", "2", "1"]]
    assert table.rows[1][0].origin == (0, 0)
    assert table.rows[0][0].row_span == 2
    assert table.spread(1, 0) == "项目"


def test_continued_merge_without_a_start_is_a_cell(tmp_path: Path) -> None:
    assert texts(only(read(tmp_path, tbl(tr(tc("甲", "<w:vMerge/>"), "1"), tr("乙", "2"))))) == [
        ["甲", "1"],
        ["乙", "2"],
    ]


def test_row_that_starts_further_right(tmp_path: Path) -> None:
    late = '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("3") + "</w:tr>"
    assert texts(only(read(tmp_path, tbl(tr("甲", "1"), late)))) == [["甲", "1"], ["", "3"]]


def test_title_and_note_rows_of_a_form_become_paragraphs(tmp_path: Path) -> None:
    body = tbl(
        tr(tc("某县收入情况表", span(3))),
        tr(tc("单位：万元", span(3))),
        tr("项目", "预算", "决算"),
        tr("拨款", "3", "3"),
        tr(tc(p("一是加强监管。") + p("二是严格审核。"), span(3))),
        tr("项目", "人数", "备注"),
        tr("在职", "19", ""),
    )
    source = read(tmp_path, body)
    assert paragraphs(source) == ["某县收入情况表", "单位：万元", "一是加强监管。", "二是严格审核。"]
    first, second = tables(source)
    assert (first.caption, first.unit) == ("某县收入情况表", "万元")
    assert texts(second) == [["项目", "人数", "备注"], ["在职", "19", ""]]
    anchors = [block.anchor for block in source.blocks if isinstance(block, Paragraph)]
    assert anchors == sorted(set(anchors), key=lambda a: a or 0)


def test_nested_tables_and_layout_cells(tmp_path: Path) -> None:
    inner = tbl(tr("项目", "金额"), tr("拨款", "3"))
    layout = read(tmp_path, tbl(tr(tc(p("说明如下。") + inner + p("完。")))))
    assert [type(b).__name__ for b in layout.blocks] == ["Paragraph", "Table", "Paragraph"]
    both = tables(read(tmp_path, tbl(tr("左", tc(p("右") + inner)), tr("下", "1"))))
    assert [texts(t)[0] for t in both] == [["左", "右"], ["项目", "金额"]]


def test_revisions_are_taken_as_accepted(tmp_path: Path) -> None:
    ins = '<w:ins w:id="1" w:author="x"><w:r><w:t>三百</w:t></w:r></w:ins>'
    gone = '<w:del w:id="2" w:author="x"><w:r><w:delText>二百</w:delText></w:r></w:del>'
    moved = '<w:moveFrom w:id="3"><w:r><w:t>旧处</w:t></w:r></w:moveFrom>'
    body = f"<w:p><w:r><w:t>收入</w:t></w:r>{ins}{gone}{moved}<w:r><w:t>万元。</w:t></w:r></w:p>"
    deleted_row = '<w:tr><w:trPr><w:del w:id="4"/></w:trPr>' + tc("旧") + tc("9") + "</w:tr>"
    source = read(tmp_path, body + tbl(tr("甲", "1"), deleted_row, tr("乙", "2")))
    assert paragraphs(source) == ["收入三百万元。"]
    assert texts(only(source)) == [["甲", "1"], ["乙", "2"]]


def test_text_boxes_follow_their_paragraph_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('框中的话。')}</w:txbxContent>"
    both = f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    source = read(tmp_path, f"<w:p><w:r><w:t>正文。</w:t></w:r>{both}</w:p>" + p("下一段。"))
    assert paragraphs(source) == ["正文。", "框中的话。", "下一段。"]


def test_content_controls_links_tabs_and_hidden_text(tmp_path: Path) -> None:
    control = f"<w:sdt><w:sdtContent>{p('控件里的话。')}</w:sdtContent></w:sdt>"
    link = "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    field = '<w:r><w:instrText>PAGE 1</w:instrText></w:r><w:r><w:br w:type="page"/><w:tab/><w:t>后</w:t><w:br/><w:t>行</w:t></w:r>'
    source = read(tmp_path, control + f"<w:p><w:r><w:t>见</w:t></w:r>{link}{hidden}{field}</w:p>")
    assert paragraphs(source) == ["控件里的话。", "见链接\t后\n行"]


def test_automatic_numbers_are_printed(tmp_path: Path) -> None:
    body = (
        p("单位概况", numbered())
        + p("职能", numbered(1))
        + p("机构", numbered(1))
        + p("收入情况", numbered())
        + p("无号", numbered(0, 0))
    )
    source = read(tmp_path, body, numbering=numbering(("chineseCounting", "%1、"), ("chineseCounting", "（%2）")))
    assert paragraphs(source) == ["一、单位概况", "（一）职能", "（二）机构", "二、收入情况", "无号"]


def test_numbers_and_levels_that_come_with_styles(tmp_path: Path) -> None:
    body = (
        p("概况", '<w:pStyle w:val="lvl"/>')
        + p("职能", '<w:pStyle w:val="mine"/>')
        + p("正文。")
        + p("题", '<w:outlineLvl w:val="3"/>')
    )
    source = read(tmp_path, body, styles=HEADING_STYLES, numbering=numbering(("decimal", "%1.")))
    found = [(b.raw, b.level) for b in source.blocks if isinstance(b, Paragraph)]
    assert found == [("1.概况", 1), ("职能", 2), ("正文。", None), ("题", 4)]


def test_footnotes_come_last(tmp_path: Path) -> None:
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator">{p("-")}</w:footnote><w:footnote w:id="2">{p("含上年结转。")}</w:footnote></w:footnotes>'
    assert paragraphs(read(tmp_path, p("收入三百元。"), footnotes=notes)) == ["收入三百元。", "含上年结转。"]


def test_strict_documents_are_read(tmp_path: Path) -> None:
    path = make_docx(tmp_path / "a.docx", p("正文。"), namespace="http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert paragraphs(read_file(path)) == ["正文。"]


def test_document_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有文字"):
        read(tmp_path, p(""))


def test_entity_attack_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    path = make_docx(tmp_path / "a.docx", p("&e;"), head=head)
    with pytest.raises(UserError, match="外部实体"):
        read_file(path)


def test_entities_stay_unresolved_even_if_a_dtd_slips_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "refuse_dtd", lambda path: None)
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    path = make_docx(
        tmp_path / "a.docx", p("公开。") + p("&e;"), head=f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    )
    assert "秘密" not in "".join(paragraphs(read_file(path)))


def test_broken_xml_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="已损坏"):
        read(tmp_path, "<w:p><w:r>")


def test_tables_nested_without_end_are_bounded(tmp_path: Path) -> None:
    body = p("里")
    for _ in range(60):
        body = tbl(tr(tc(body)))
    with pytest.raises(UserError):
        read(tmp_path, body)


def test_broken_style_chain_ends(tmp_path: Path) -> None:
    circle = f"""<w:styles xmlns:w="{W}"><w:style w:styleId="x"><w:basedOn w:val="y"/></w:style><w:style w:styleId="y"><w:basedOn w:val="x"/></w:style></w:styles>"""
    assert paragraphs(read(tmp_path, p("正文。", '<w:pStyle w:val="x"/>'), styles=circle)) == ["正文。"]
