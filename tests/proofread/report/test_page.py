"""The HTML page: marks in place, nothing of the document executed, nothing loaded."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.proofread.report import sample
from yibao.proofread.document import Cell, Package, Paragraph, Place, Source, Table
from yibao.proofread.findings import Check, Evidence, Finding, Report, Severity, Verdict
from yibao.proofread.report import render_page

HOSTILE = """<script>alert(1)</script><img src=x onerror="alert(2)">' " & {{ 7*7 }} </style> javascript:alert(3)"""


class Reader(HTMLParser):
    """Collects marks (findings → text), ids, links and the tags seen."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._open: list[list[str]] = []
        self._sup = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.attributes += attrs
        self._sup = tag == "sup" or (self._sup and tag != "mark")
        if "id" in values:
            self.ids.append(values["id"] or "")
        if tag == "a":
            self.links.append(values.get("href") or "")
        if tag == "mark":
            self._open.append([values["class"] or "", values["data-f"] or "", ""])

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup":
            self._sup = False
        if tag == "mark":
            style, numbers, text = self._open.pop()
            self.marks.append((style, numbers, text))

    def handle_data(self, data: str) -> None:
        if self._open and not self._sup:
            self._open[-1][2] += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def finding(path: str, block: int, quote: str, **place: object) -> Finding:
    return Finding(
        "sum", Severity.ERROR, Verdict.INCONSISTENT, Evidence(quote, Place(path, block, **place)), "", None, quote
    )  # type: ignore[arg-type]


def report(path: str, *findings: Finding, checks: tuple[Check, ...] = ()) -> Report:
    return Report(path, "标题", "其他", 2031, "青禾县医疗保障局", findings, checks)


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(sample.package(), [sample.report()])


def test_every_quote_is_marked_with_its_severity(page: str) -> None:
    marks = read(page).marks
    text_of = {
        n: "".join(t for style, numbers, t in marks if n in numbers.split() and "related" not in style)
        for n in map(str, range(1, 9))
    }
    assert text_of["1"] == "内设3个股室：办公室、基金监管股"
    assert text_of["2"] == "全年支出601.75万元，年末结余38.55万元"
    assert text_of["5"] == "98.4"
    assert {style.split()[0] for style, numbers, _ in marks if numbers == "6"} == {"warning"}
    assert {style.split()[0] for style, numbers, _ in marks if numbers == "8"} == {"info"}


def test_stated_number_stands_out_within_its_quote(page: str) -> None:
    assert ("error stated", "2", "38.55万元") in read(page).marks


def test_related_places_are_marked_lightly(page: str) -> None:
    assert ("related", "2", "全年预算640.20万元") in read(page).marks
    assert [t for style, n, t in read(page).marks if style == "related" and n == "5"] == ["9.4", "30", "20", "30", "10"]


def test_every_link_leads_somewhere_and_ids_are_unique(page: str) -> None:
    reader = read(page)
    assert len(set(reader.ids)) == len(reader.ids)
    assert {link[1:] for link in reader.links} <= set(reader.ids)
    assert {f"m{n}" for n in range(1, 9)} <= set(reader.ids)


def test_list_of_findings_has_everything_a_clerk_needs(page: str) -> None:
    item = page[page.index('id="f2"') : page.index('id="f3"')]
    for part in (
        "错误",
        "差额",
        "相差0.10万元",
        "38.55万元",
        "38.45万元",
        "疑录入错误",
        "第1页 · 二、预算执行情况 · 第5段",
        "全年预算640.20万元",
    ):
        assert part in item


def test_ledger_lists_all_checks_and_what_was_not_run(page: str) -> None:
    ledger = page[page.index('class="ledger"') :]
    assert "共核对 17 项，另有 2 项未能进行" in ledger
    assert ledger.count('class="verdict ') == 17
    assert "没有给出上年文件" in ledger


def test_merged_cells_keep_their_span(page: str) -> None:
    assert re.search(r'<td rowspan="2">产出指标</td>', page)


def test_nothing_is_loaded_and_only_our_script_may_run(page: str) -> None:
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert "url(" not in page
    assert "@import" not in page
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert policy[1].count("sha256-") == 2


def test_hashes_of_the_policy_are_those_of_the_style_and_the_script(page: str) -> None:
    import base64
    import hashlib

    for tag in ("style", "script"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert content
        assert base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode() in page


def test_hostile_text_is_text_everywhere() -> None:
    cells = ((Cell(HOSTILE, 0, 0), Cell("2", 0, 1)), (Cell("甲", 1, 0), Cell(HOSTILE, 1, 1)))
    source = Source(
        f"{HOSTILE}.txt",
        "text",
        (Paragraph(HOSTILE, level=1), Paragraph(HOSTILE), Table(cells, HOSTILE, HOSTILE, (HOSTILE,))),
    )
    nasty = Evidence(HOSTILE, Place(source.path, 1, section=(HOSTILE,)))
    cell = Evidence(HOSTILE, Place(source.path, 2, table=HOSTILE, row=1, column=1, row_label=HOSTILE))
    found = Finding(HOSTILE, Severity.ERROR, Verdict.INCONSISTENT, nasty, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (cell,))
    check = Check(HOSTILE, Verdict.SUSPICIOUS, cell)
    page = render_page(Package((source,)), [Report(source.path, HOSTILE, HOSTILE, 2031, HOSTILE, (found,), (check,))])
    reader = read(page)
    assert reader.tags.count("script") == 1
    assert "img" not in reader.tags
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert "49" not in [text for _, _, text in reader.marks]
    assert "&lt;script&gt;alert(1)" in page
    assert ("error", "1", HOSTILE) in reader.marks


def test_overlapping_findings_share_their_common_words() -> None:
    source = Source("a.txt", "text", (Paragraph("预算10万元，支出12万元，结余3万元。"),))
    one, two = (
        finding("a.txt", 0, "预算10万元，支出12万元"),
        finding("a.txt", 0, "支出12万元，结余3万元", start=7, end=19),
    )
    marks = read(render_page(Package((source,)), [report("a.txt", one, two)])).marks
    assert [(n, t) for _, n, t in marks] == [("1", "预算10万元，"), ("1 2", "支出12万元"), ("2", "，结余3万元")]


def test_quote_that_is_gone_marks_the_whole_block() -> None:
    source = Source("a.txt", "text", (Paragraph("第一段。"), Paragraph("第二段。")))
    page = render_page(Package((source,)), [report("a.txt", finding("a.txt", 1, "没有这句话"))])
    assert re.search(r'<div id="b1-1" class="p whole error" data-f="1">', page)


def test_whole_row_is_marked_when_no_column_is_named() -> None:
    rows = ((Cell("项目", 0, 0), Cell("金额", 0, 1)), (Cell("甲", 1, 0), Cell("4.10", 1, 1)))
    page = render_page(
        Package((Source("a.xlsx", "xlsx", (Table(rows),)),)),
        [report("a.xlsx", finding("a.xlsx", 0, "甲\t4.10", row=1))],
    )
    assert [t for _, _, t in read(page).marks] == ["甲", "4.10"]


def test_package_is_one_page_with_a_tab_for_each_file() -> None:
    package = Package((sample.source("甲.docx"), sample.source("乙.txt")))
    page = render_page(package, [sample.report("甲.docx"), sample.report("乙.txt")])
    reader = read(page)
    assert reader.tags.count("main") == 2
    assert [v for k, v in reader.attributes if k == "role"].count("tab") == 2
    assert {f"f{n}" for n in range(1, 17)} <= set(reader.ids)
    assert page.count('<span class="num">1</span>') == 2, "findings are counted anew in each file"


def test_related_place_in_another_file_is_linked_and_named() -> None:
    sources = (
        Source("甲.txt", "text", (Paragraph("支出12万元"),)),
        Source("乙.txt", "text", (Paragraph("支出21万元"),)),
    )
    found = replace(finding("甲.txt", 0, "支出12万元"), related=(Evidence("支出21万元", Place("乙.txt", 0)),))
    page = render_page(Package(sources), [report("甲.txt", found), report("乙.txt")])
    assert '<a href="#m1-1">支出21万元</a><small>乙.txt' in page
    assert ("related", "1", "支出21万元") in read(page).marks


def test_file_without_findings_says_so() -> None:
    assert "这份文件没有发现问题" in render_page(Package((sample.source(),)), [replace(sample.report(), findings=())])


def test_markdown_heading_signs_are_not_shown() -> None:
    page = render_page(Package((Source("a.md", "text", (Paragraph("## 二、预算", level=2),)),)), [report("a.md")])
    assert ">二、预算</div>" in page


def test_a_long_document_shows_every_finding() -> None:
    blocks = tuple(
        Paragraph(f"第{i}项支出{i}.50万元，其中人员经费{i}.20万元，公用经费0.30万元，占比12.50%。") for i in range(900)
    )
    checks = tuple(
        Check("sum", Verdict.CONSISTENT, Evidence(f"第{i}项支出{i}.50万元", Place("a.txt", i))) for i in range(900)
    )
    found = tuple(finding("a.txt", i, f"其中人员经费{i}.20万元") for i in range(0, 900, 9))
    package = Package((Source("a.txt", "text", blocks),))
    assert sum(len(b.raw.encode()) for b in blocks) > 60_000
    page = render_page(package, [report("a.txt", *found, checks=checks)])
    assert page.count("<mark") >= len(found)
