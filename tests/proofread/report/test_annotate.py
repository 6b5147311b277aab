"""Comments in a copy of the Word file, anchored at the quoted characters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.proofread.report import sample
from yibao.errors import UserError
from yibao.proofread.document import Paragraph, Place, Source
from yibao.proofread.findings import Evidence, Finding, Report, Severity, Verdict
from yibao.proofread.report import annotate
from yibao.proofread.report.annotate import AUTHOR, paragraph_text

W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


def anchored(path: Path) -> dict[str, str]:
    """First line of each comment → the characters between its range marks."""
    document = docx.Document(str(path))
    out: dict[str, str] = {}
    for comment in document.comments:
        words, inside = [], False
        for element in document.element.body.iter():
            if element.tag == qn("w:commentRangeStart") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = True
            elif element.tag == qn("w:commentRangeEnd") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = False
            elif inside and element.tag == qn("w:t"):
                words.append(element.text or "")
        out[f"{comment.comment_id} {comment.text.splitlines()[0]}"] = "".join(words)
    return out


def annotated(tmp_path: Path) -> Path:
    path = sample.word_file(tmp_path / "自评报告.docx")
    out = tmp_path / "批注.docx"
    annotate(path, [sample.report(str(path))], out, source=sample.source(str(path)))
    return out


def one_paragraph(tmp_path: Path, xml_runs: str, quote: str, raw: str) -> tuple[Path, int]:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml_runs}</w:p>"))
    path, out = tmp_path / "a.docx", tmp_path / "b.docx"
    document.save(str(path))
    source = Source(str(path), "docx", (Paragraph(raw, anchor=0),))
    found = Finding(
        "sum", Severity.ERROR, Verdict.INCONSISTENT, Evidence(quote, Place(str(path), 0)), "", None, "不符。"
    )
    return out, annotate(path, [Report(str(path), "", "", None, "", (found,))], out, source=source)


def texts(path: Path) -> Sequence[str]:
    return [paragraph_text(p) for p in docx.Document(str(path)).element.body.iter(qn("w:p"))]


def test_comments_stand_at_the_quoted_characters(tmp_path: Path) -> None:
    places = anchored(annotated(tmp_path))
    found = {text: place for text, place in places.items() if "第" in text.split()[1][:1]}
    assert sorted(found.values()) == sorted(f.evidence.quote for f in sample.report().findings)


def test_related_places_get_a_short_comment(tmp_path: Path) -> None:
    places = anchored(annotated(tmp_path))
    assert [place for text, place in places.items() if "相关：见第2条【错误】差额。" in text] == ["全年预算640.20万元"]
    assert [place for text, place in places.items() if "相关：见第5条" in text] == ["9.4", "30", "20", "30", "10"]


def test_comment_says_what_the_report_says(tmp_path: Path) -> None:
    comments = list(docx.Document(str(annotated(tmp_path))).comments)
    text = next(c.text for c in comments if "差额" in c.text)
    assert text.splitlines()[:4] == [
        "第2条【错误】差额",
        "年末结余 = 640.20 − 601.75 = 38.45万元，文中为38.55万元，相差0.10万元。",
        "应为：38.45万元（文中为 38.55万元）",
        "可能原因：疑录入错误：一个数字不同。",
    ]
    assert {c.author for c in comments} == {AUTHOR}


def test_text_and_formatting_stay_the_same(tmp_path: Path) -> None:
    out = annotated(tmp_path)
    before, after = docx.Document(str(tmp_path / "自评报告.docx")), docx.Document(str(out))
    assert texts(out) == texts(tmp_path / "自评报告.docx")

    def bold(document: object) -> list[str]:
        return ["".join(r.text for r in p.runs if r.bold) for p in document.paragraphs]  # type: ignore[attr-defined]

    assert bold(before) == bold(after)


def test_original_is_untouched(tmp_path: Path) -> None:
    path = sample.word_file(tmp_path / "自评报告.docx")
    before = path.read_bytes()
    annotate(path, [sample.report(str(path))], tmp_path / "批注.docx", source=sample.source(str(path)))
    assert path.read_bytes() == before


def test_existing_comments_stay(tmp_path: Path) -> None:
    path = sample.word_file(tmp_path / "自评报告.docx")
    document = docx.Document(str(path))
    document.add_comment(document.paragraphs[2].runs, "请核实。", author="某")
    document.save(str(path))
    annotate(path, [sample.report(str(path))], tmp_path / "批注.docx", source=sample.source(str(path)))
    comments = list(docx.Document(str(tmp_path / "批注.docx")).comments)
    assert comments[0].text == "请核实。"
    assert len({c.comment_id for c in comments}) == len(comments) == 18


@pytest.mark.parametrize(
    ("runs", "raw", "quote", "anchor"),
    [
        ("<w:r><w:t>一二三四五</w:t></w:r>", "一二三四五", "二三", "二三"),
        ("<w:r><w:t>一二</w:t></w:r><w:r><w:t>三四五</w:t></w:r>", "一二三四五", "二三", "二三"),
        ("<w:r><w:t>一二</w:t><w:t>三四</w:t></w:r>", "一二三四", "二三", "二三"),
        ("<w:r><w:t>支出</w:t><w:tab/><w:t>12.3</w:t></w:r>", "支出\t12.3", "支出 12.3", "支出12.3"),
        ("<w:r><w:t>支出12</w:t><w:br/><w:t>万元。</w:t></w:r>", "支出12\n万元。", "12万元", "12万元"),
        ('<w:hyperlink w:anchor="x"><w:r><w:t>一二三四</w:t></w:r></w:hyperlink>', "一二三四", "二三", "二三"),
        ("<w:ins w:id='9' w:author='某'><w:r><w:t>一二</w:t></w:r></w:ins><w:r><w:t>三四</w:t></w:r>", "一二三四", "二三", "二三"),
        ("<w:r><w:t>一</w:t></w:r><w:del w:id='9' w:author='某'><w:r><w:delText>九</w:delText></w:r></w:del><w:r><w:t>二</w:t></w:r>", "一二", "一二", "一二"),
        ("<w:r><w:t>一二三</w:t></w:r>", "一二三", "没有这句", "一二三"),
    ],
    ids=["one run", "two runs", "two texts", "tab", "break", "hyperlink", "insertion", "deletion", "gone"],
)  # fmt: skip
def test_runs_are_divided_where_the_quote_begins_and_ends(
    tmp_path: Path, runs: str, raw: str, quote: str, anchor: str
) -> None:
    out, written = one_paragraph(tmp_path, runs, quote, raw)
    assert written == 1
    assert list(anchored(out).values()) == [anchor]
    assert texts(out)[0] == texts(tmp_path / "a.docx")[0]


def test_empty_paragraph_can_hold_a_comment(tmp_path: Path) -> None:
    out, written = one_paragraph(tmp_path, "", "没有这句", "")
    assert written == 1
    assert len(anchored(out)) == 1


def test_quote_without_a_place_is_still_commented(tmp_path: Path) -> None:
    path = sample.word_file(tmp_path / "a.docx")
    source = Source(str(path), "docx", (Paragraph("合并的文字", anchor=None),))
    found = Finding(
        "sum", Severity.ERROR, Verdict.INCONSISTENT, Evidence("没有这句", Place(str(path), 0)), "", None, "不符。"
    )
    annotate(path, [Report(str(path), "", "", None, "", (found,))], tmp_path / "b.docx", source=source)
    (comment,) = docx.Document(str(tmp_path / "b.docx")).comments
    assert comment.text.startswith("（未能定位到原文：没有这句）")


def test_of_a_number_that_stands_there_twice_the_named_one_gets_the_comment(tmp_path: Path) -> None:
    raw = "收入5万元，支出5万元"
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>{raw}</w:t></w:r></w:p>"))
    path, out = tmp_path / "a.docx", tmp_path / "b.docx"
    document.save(str(path))
    source = Source(str(path), "docx", (Paragraph(raw, anchor=0),))
    evidence = Evidence("5万元", Place(str(path), 0, start=8, end=11))
    found = Finding("sum", Severity.ERROR, Verdict.INCONSISTENT, evidence, "", None, "不符。")
    annotate(path, [Report(str(path), "", "", None, "", (found,))], out, source=source)
    (paragraph, *_) = docx.Document(str(out)).paragraphs
    assert [run.text for run in paragraph.runs if run.text] == ["收入5万元，支出", "5万元"]


def test_finding_of_another_file_is_left_out(tmp_path: Path) -> None:
    path = sample.word_file(tmp_path / "a.docx")
    assert annotate(path, [sample.report("别的.docx")], tmp_path / "b.docx", source=sample.source(str(path))) == 0


def test_characters_that_xml_forbids_do_not_stop_it(tmp_path: Path) -> None:
    path = sample.word_file(tmp_path / "a.docx")
    evidence = Evidence("3个\x00", Place(str(path), 2))
    found = Finding("sum", Severity.ERROR, Verdict.INCONSISTENT, evidence, "\x01", "\x02二", "坏\x0b\ufffe字", "\x08")
    assert (
        annotate(
            path, [Report(str(path), "", "", None, "", (found,))], tmp_path / "b.docx", source=sample.source(str(path))
        )
        == 1
    )


@pytest.mark.parametrize(
    ("name", "out", "words"),
    [
        ("a.txt", "b.docx", "不是 .docx 文件"),
        ("a.docx", "b.txt", "名称应以 .docx 结尾"),
        ("a.docx", "a.docx", "原文件不会改动"),
        ("a.docx", "../{here}/a.docx", "原文件不会改动"),
        ("a.docx", "没有/b.docx", "文件夹"),
    ],
)
def test_refusals(tmp_path: Path, name: str, out: str, words: str) -> None:
    path = sample.word_file(tmp_path / name)
    with pytest.raises(UserError, match=words):
        annotate(path, [], tmp_path / out.format(here=tmp_path.name), source=sample.source(str(path)))


def test_hard_link_to_the_original_is_refused(tmp_path: Path) -> None:
    path = sample.word_file(tmp_path / "a.docx")
    (tmp_path / "b.docx").hardlink_to(path)
    with pytest.raises(UserError, match="原文件不会改动"):
        annotate(path, [], tmp_path / "b.docx", source=sample.source(str(path)))
