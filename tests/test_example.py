"""The shipped example: its figures are the published ones, and the proofreader finds every contradiction in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from examples.make_yiyang import BASE_DATA, FUND_TABLES, PROJECT_FORMS, PUBLISHED, SUMMARY, WHOLE_FORM, make

from yibao.proofread import check_package
from yibao.proofread.document import Paragraph, Source
from yibao.proofread.findings import Finding, Severity
from yibao.proofread.read import read_file, read_package

#: root → its places (file, words that stand there), and the figures that the finding must name
ROOTS: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "直属单位4个，列出1+2个": ([(SUMMARY, "直属单位4个")], ["4个", "3个"]),
    "2025年度自评写在2025年4月进行": ([(SUMMARY, "2025年4月14日至4月18日")], ["2025年4月14日"]),
    "整体支出自评表填报日期2025年": ([(WHOLE_FORM, "2025年4月24日")], ["2025年4月24日"]),
    "职工参保43.42与43.47万人": ([(SUMMARY, "43.42万人"), (WHOLE_FORM, "43.47万人")], ["43.42", "43.47"]),
    "满意度100%与97.45%": ([(SUMMARY, "满意度为100%"), (WHOLE_FORM, "97.45%")], ["100%", "97.45%"]),
    "效益分值正文30、自评表35": ([(SUMMARY, "效益指标（分值30分")], ["30分", "35分"]),
    "经济成本指标10分，分项10+8": (
        [(SUMMARY, "经济成本指标（分值10分"), (WHOLE_FORM, "经济成本指标\t预算执行情况")],
        ["10分", "18分"],
    ),
    "三公控制率11.43%应为12.09%": ([(SUMMARY, "控制率11.43%"), (WHOLE_FORM, "11.43%")], ["11.43%", "12.09%"]),
    "基础数据表基本支出填1997.21": ([(BASE_DATA, "部门基本支出预算调整")], ["1997.21", "1371.71"]),
    "年初预算1123.77与1138.21": ([(SUMMARY, "1138.21万元"), (WHOLE_FORM, "1123.77")], ["1123.77", "1138.21"]),
    "按收入性质分20092.71": ([(WHOLE_FORM, "按收入性质分：20092.71")], ["20092.71", "2092.71"]),
}
FILES = [SUMMARY, BASE_DATA, WHOLE_FORM, PROJECT_FORMS, FUND_TABLES]


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return [finding for report in check_package(read_package(PUBLISHED)) for finding in report.findings]


def is_about(finding: Finding, root: str) -> bool:
    """The finding stands at a place of the root, or names it as related, and says its figures."""
    places, figures = ROOTS[root]
    told = f"{finding.message}{finding.stated}{finding.expected}"
    stands = [(Path(e.place.file).name, e.quote) for e in (finding.evidence, *finding.related)]
    there = any(file == name and words in quote for file, words in places for name, quote in stands)
    return there and all(figure in told for figure in figures)


@pytest.mark.parametrize("root", ROOTS)
def test_contradiction_is_found(findings: list[Finding], root: str) -> None:
    found = [finding for finding in findings if is_about(finding, root)]
    assert any(finding.severity in (Severity.ERROR, Severity.WARNING) for finding in found), root


def test_every_weight_that_differs_is_part_of_one_root(findings: list[Finding]) -> None:
    """满意度 10 and 5, 可持续影响 5 and 10 cancel out: both are told with 效益 30 and 35."""
    finding = next(f for f in findings if is_about(f, "效益分值正文30、自评表35"))
    quotes = " ".join(e.quote for e in (finding.evidence, *finding.related))
    assert "满意度指标（分值10分" in quotes
    assert "可持续影响指标（分值5分" in quotes


def test_no_error_is_found_elsewhere(findings: list[Finding]) -> None:
    errors = [f for f in findings if f.severity is Severity.ERROR]
    assert [f.message for f in errors if not any(is_about(f, root) for root in ROOTS)] == []


@pytest.mark.parametrize("name", [PROJECT_FORMS, FUND_TABLES])
def test_a_consistent_file_has_no_error(findings: list[Finding], name: str) -> None:
    assert not [f for f in findings if f.severity is Severity.ERROR and Path(f.evidence.place.file).name == name]


# ---- the files ---------------------------------------------------------------------------------------------------


def test_make_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    first, second = make(tmp_path / "a"), make(tmp_path / "b")
    assert [path.name for path in first] == FILES
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("name", FILES)
def test_committed_file_is_what_the_script_makes(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    assert read_file(PUBLISHED / name).blocks == read_file(tmp_path / name).blocks


def test_nothing_else_is_published() -> None:
    assert sorted(path.name for path in PUBLISHED.iterdir()) == sorted(FILES)


def words_of(source: Source) -> Iterator[str]:
    for block in source.blocks:
        yield from [block.raw] if isinstance(block, Paragraph) else [c.text for row in block.rows for c in row]


@pytest.mark.parametrize("name", FILES)
def test_no_person_and_no_telephone_is_named(name: str) -> None:
    text = "\n".join(words_of(read_file(PUBLISHED / name)))
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)
    assert not re.search(r"(?:填[报表]人|签字|负责人)：[ \u3000]*(?!填报|联系|单位)[\u4e00-\u9fff]", text)


# ---- the figures -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference(shared: Path) -> Any:
    return json.loads((shared / "reference" / "appraisal_figures_yiyang_2025.json").read_text(encoding="utf-8"))


def numbers(*names: str) -> set[str]:
    text = "\n".join(word for name in names for word in words_of(read_file(PUBLISHED / name)))
    return set(re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")))


def values(rows: Any) -> set[str]:
    return {value for row in rows for value in row["values"].values() if value is not None}


def test_fund_tables_and_base_data_are_as_published(reference: Any) -> None:
    for table in reference["fund_tables"]:
        assert values(table["rows"]) <= numbers(FUND_TABLES)
    assert values(reference["base_data_table"]["rows"]) <= numbers(BASE_DATA)


def test_every_number_of_the_narrative_is_published(reference: Any) -> None:
    """Nothing is invented: what the summary prints is a figure of the document, a year, a date or an ordinal."""
    published = set(re.findall(r"\d+(?:\.\d+)?", json.dumps(reference, ensure_ascii=False)))
    ordinals = {str(n) for n in range(10)} | {"2.0"}
    assert numbers(SUMMARY) <= published | ordinals


def test_the_summary_keeps_the_published_narrative(reference: Any) -> None:
    narrated = {figure["value"] for figure in reference["narrative_figures"]}
    assert narrated <= numbers(SUMMARY)
