"""A quote is found again in the document, or at least its block."""

from __future__ import annotations

import pytest

from tests.proofread.report import sample
from yibao.proofread.document import Cell, Package, Paragraph, Place, Source, Table
from yibao.proofread.findings import Evidence
from yibao.proofread.report.locate import Finder, Spot, find_squeezed, text_at

GRID = Table(
    (
        (Cell("合计", 0, 0, col_span=2), Cell("", 0, 1, origin=(0, 0)), Cell("7.80", 0, 2)),
        (Cell("甲", 1, 0), Cell("4.10", 1, 1), Cell("4.10", 1, 2)),
    ),
    caption="表一",
    notes=("填报日期：2032年4月2日",),
)
PACKAGE = Package(
    (
        Source("dir/甲.txt", "text", (Paragraph("支出 12.3 万元，收入\n12.3 万元。"), GRID)),
        Source("dir/乙.txt", "text", (Paragraph("别的一句。"), Paragraph("支出 45.6 万元。"))),
    )
)


def find(quote: str, **place: object) -> Spot | None:
    return Finder(PACKAGE).find(Evidence(quote, Place(**{"file": "dir/甲.txt", "block": 0, **place})))  # type: ignore[arg-type]


def test_offsets_are_believed_where_the_quote_stands() -> None:
    assert find("12.3 万元", start=14, end=21) == Spot(0, 0, start=14, end=21)


def test_quote_is_found_with_blanks_ignored_nearest_to_the_offset() -> None:
    first, second = find("12.3万元"), find("收入12.3万元", start=99, end=120)
    assert first == Spot(0, 0, start=3, end=10)
    assert second is not None
    assert text_at(PACKAGE.sources[0].blocks[0], second)[second.start : second.end] == "收入\n12.3 万元"


def test_wrong_offsets_are_not_believed() -> None:
    spot = find("支出 12.3 万元", start=5, end=12)
    assert spot == Spot(0, 0, start=0, end=10)


def test_quote_in_another_block_of_the_file_is_found_there() -> None:
    assert find("支出45.6万元", file="dir/乙.txt", block=0) == Spot(1, 1, start=0, end=10)


def test_block_may_be_numbered_through_the_package() -> None:
    assert find("支出45.6万元", file="dir/乙.txt", block=3) == Spot(1, 1, start=0, end=10)


def test_quote_that_is_gone_marks_its_block() -> None:
    assert find("没有这句话") == Spot(0, 0)


@pytest.mark.parametrize("file", ["乙.txt", "C:\\公开\\乙.txt"])
def test_file_is_found_by_its_name(file: str) -> None:
    spot = find("支出45.6万元", file=file, block=1)
    assert spot is not None
    assert spot.source == 1


def test_unknown_file_is_nowhere() -> None:
    assert find("支出", file="丙.txt") is None


@pytest.mark.parametrize(
    ("quote", "place", "spot"),
    [
        ("4.10", {"row": 1, "column": 2}, Spot(0, 1, 1, 2, 0, 4)),
        ("甲\t4.10\t4.10", {"row": 1, "column": 2}, Spot(0, 1, 1, 2)),
        ("甲 | 4.10 | 4.10", {"row": 1}, Spot(0, 1, 1, None)),
        ("甲\t4.10\t4.10", {}, Spot(0, 1, 1, None)),
        ("7.80", {}, Spot(0, 1, 0, 2, 0, 4)),
        ("合计", {"row": 0, "column": 1}, Spot(0, 1, 0, 0, 0, 2)),
        ("合计\t7.80", {"row": 0, "column": 1}, Spot(0, 1, 0, 0)),
        ("2032年4月2日", {}, Spot(0, 1, start=5, end=14, line=1)),
        ("表一", {}, Spot(0, 1, start=0, end=2, line=0)),
        ("没有", {"row": 0, "column": 0}, Spot(0, 1)),
        ("4.10", {"row": 99, "column": 99}, Spot(0, 1, 1, 1, 0, 4)),
    ],
)
def test_table_places(quote: str, place: dict[str, int], spot: Spot) -> None:
    assert find(quote, block=1, **place) == spot


def test_caption_that_is_a_paragraph_too_is_found_there() -> None:
    package = Package((Source("a.txt", "text", (Paragraph("表一"), GRID)),))
    assert Finder(package).find(Evidence("表一", Place("a.txt", 1))) == Spot(0, 0, start=0, end=2)


def test_every_finding_of_the_sample_stands_where_it_says() -> None:
    package, finder = sample.package(), Finder(sample.package())
    for finding in sample.report().findings:
        spot = finder.find(finding.evidence)
        assert spot is not None
        text = text_at(package.sources[0].blocks[spot.block], spot)
        assert text[spot.start : spot.end] == finding.evidence.quote


def test_empty_quote_marks_the_block() -> None:
    assert find("") == Spot(0, 0)
    assert find_squeezed("abc", "") is None
