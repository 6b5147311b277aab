"""The five published documents: every table found as one, sentences whole, every slice literal, and fast."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofread.read.making import paragraphs, tables, texts
from yibao.proofread.document import Source, Table
from yibao.proofread.read import read_file

SEEDS = ("000", "001", "002", "003", "004")


def read(shared: Path, number: str) -> Source:
    return read_file(next((shared / "seeds").glob(f"{number}_*.txt")))


def captioned(source: Source, words: str) -> Table:
    return next(table for table in tables(source) if words in table.caption)


@pytest.mark.parametrize("number", SEEDS)
def test_every_slice_is_literal_and_nothing_is_lost(shared: Path, number: str) -> None:
    source = read(shared, number)
    text = next((shared / "seeds").glob(f"{number}_*.txt")).read_text(encoding="utf-8")
    rows = [raw for table in tables(source) for raw in table.raw_rows]
    assert all(len(table.raw_rows) == len(table.rows) for table in tables(source))
    assert all(part in text for part in [*paragraphs(source), *rows])
    kept = "".join("".join([*paragraphs(source), *rows]).split())
    assert len(kept) == len("".join(text.split()))
    assert sorted(kept) == sorted("".join(text.split()))


@pytest.mark.parametrize(("number", "count"), [("000", 6), ("001", 7), ("002", 0), ("003", 0), ("004", 16)])
def test_number_of_tables(shared: Path, number: str, count: int) -> None:
    found = tables(read(shared, number))
    assert len(found) == count
    assert not any(table.weak for table in found)


def test_tabbed_tables_have_their_rows_titles_and_units(shared: Path) -> None:
    source = read(shared, "004")
    sizes = [(len(table.rows), table.width) for table in tables(source)[:9]]
    assert sizes == [(16, 6), (17, 9), (17, 8), (17, 9), (17, 5), (30, 9), (5, 8), (5, 5), (5, 12)]
    assert all(table.unit == "万元" and table.caption for table in tables(source)[:9])
    assert texts(captioned(source, "支出决算表"))[3][2:5] == ["362.62", "122.83", "239.79"]
    fund = tables(read(shared, "000"))[-1]
    assert (fund.unit, texts(fund)[-1][1:]) == ("万元", ["239981", "245658", "247789"])


def test_flattened_form_is_rebuilt(shared: Path) -> None:
    found = tables(read(shared, "001"))
    assert [(len(table.rows), table.width) for table in found] == [
        (2, 4),
        (6, 7),
        (7, 8),
        (6, 6),
        (6, 5),
        (22, 5),
        (5, 4),
    ]
    spending = found[2]
    assert spending.unit == "万元"
    assert texts(spending)[3][1:] == ["2078", "523.28", "475.66", "47.62", "1554.72", "0", "0"]
    assert [spending.spread(2, c) for c in (2, 3, 4, 5)] == ["基本支出", "人员支出", "公用支出", "项目支出"]
    indicators = found[5]
    assert [row[4].text for row in indicators.rows[1:20]] == [
        "5",
        "5",
        "4",
        "5",
        "5",
        "5",
        "5",
        "5",
        "6",
        "5",
        "10",
        "5",
        "5",
        "5",
        "5",
        "5",
        "5",
        "5",
        "5",
    ]
    assert indicators.rows[20][4].text == "100"


@pytest.mark.parametrize(("number", "joined"), [("000", 4), ("002", 6), ("004", 8)])
def test_sentences_torn_by_page_breaks_are_whole(shared: Path, number: str, joined: int) -> None:
    found = [text for text in paragraphs(read(shared, number)) if "\n\n" in text]
    assert len(found) == joined
    assert all(text.rstrip()[-1] in "。：）)" for text in found)
