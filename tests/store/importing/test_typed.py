"""What spreadsheets and people do to a cell, and what it is read as; None: the row is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.store.importing.typed import LOST, ODDITIES, Cell, macros, quick, spellings_of, typed_rows
from yibao.store.neutral import neutralise
from yibao.vocabulary.tables import load_tables

VOCABULARY = load_tables()


def read(where: str, *texts: str | None, power: int = 0, odd: str = "".join(ODDITIES)) -> list[object]:
    """The texts as cells of one column, the careful way; held against the quick way wherever that gives a value."""
    table, name = where.split(".")
    cell = Cell("c0", VOCABULARY.tables[table].by_name[name], name, power, oddities=frozenset(odd))
    with duckdb.connect() as con:
        con.execute(macros())
        con.execute("CREATE TABLE raw (c0 VARCHAR)")
        con.executemany("INSERT INTO raw VALUES (?)", [[text] for text in texts])
        careful = [
            row[0] for row in con.execute(f"SELECT {name} FROM ({typed_rows('raw', [cell], VOCABULARY)})").fetchall()
        ]
        fast = [row[0] for row in con.execute(f"SELECT {quick(cell, VOCABULARY)} FROM raw").fetchall()]
    assert all(q is None or q == c for q, c in zip(fast, careful, strict=True))
    return careful


MONEY = {
    "12.34": 1234, "12": 1200, "0.1": 10, ".5": 50, "-3": -300, "+3.5": 350, "12.340000": 1234, "0.00": 0,
    "1,234.50": 123450, "1,234,567": 123456700, "￥12.00": 1200, "¥ 12": 1200, "5元": 500, "１２．５０": 1250, " 7.10 ": 710, "(3.20)": -320, "（3.20）": -320,
    "0.30000000000000004": 30, "1997.2100000000003": 199721, "4303.999999999999": 430400,
    "12.345": None, "33.333333333333336": None, "0.001": None, "1.5E+06": None, "1e3": None, "abc": None, "-": None, "1_000": None, "1,2345": None,
    "1.234,56": None, "12..3": None, "": None, "NULL": None, "92233720368547758.07": 2**63 - 1, "92233720368547758.08": None, "1e400": None,
}  # fmt: skip


def test_money() -> None:
    assert dict(zip(MONEY, read("fee_lines.line_amount", *MONEY), strict=True)) == MONEY


def test_money_in_other_units() -> None:
    assert read("fee_lines.line_amount", "12.34", "0.123456", "0.1234567", "1,234.5", power=4) == [
        12340000,
        123456,
        None,
        1234500000,
    ]
    assert read("fee_lines.line_amount", "1234", "12.5", power=-2) == [1234, None]
    assert read("fee_lines.line_amount", "0.00000001", "1.5", power=8) == [100, 15_000_000_000]


def test_large_numbers() -> None:
    texts = ("3446893.7962", "1000000", "999999.999999", "9223372036854.775807", "99999999999999")
    found = [3446893796200, 1000000000000, 999999999999, 9223372036854775807, None]
    assert read("dip_monthly.dip_points", *texts) == found
    assert read("fee_lines.line_amount", "100000000000000", "999999999999999999.99") == [10_000_000_000_000_000, None]


def test_rates() -> None:
    texts = ("0.1", "10%", "１０％", "12.345%", "0.00001", "1")
    assert read("fee_lines.pre_selfpay_ratio", *texts) == [1000, 1000, 1000, None, None, 10000]
    assert read("fee_lines.pre_selfpay_ratio", "10", "10.5", power=-2) == [1000, 1050]


def test_counts() -> None:
    texts = ("5", "5.0", "1,000", "5.5", "-3", "9223372036854775808", "007")
    assert read("visits.ventilator_minutes", *texts) == [5, 5, 1000, None, -3, None, 7]


TIMES = {
    "2025-01-05 08:30:00": datetime(2025, 1, 5, 8, 30), "2025-01-05 08:30:00.120": datetime(2025, 1, 5, 8, 30, 0, 120000),
    "2025-01-05 08:30:00.0": datetime(2025, 1, 5, 8, 30), "2025-01-05T08:30:00": datetime(2025, 1, 5, 8, 30), "2025/1/5 8:30": datetime(2025, 1, 5, 8, 30),
    "2025/01/05 08:30:15": datetime(2025, 1, 5, 8, 30, 15), "2025-1-5": datetime(2025, 1, 5), "20250105": datetime(2025, 1, 5), "2025.1.5": datetime(2025, 1, 5),
    "20250105083000": datetime(2025, 1, 5, 8, 30), "20250105 08:30:00": datetime(2025, 1, 5, 8, 30), "2025年1月5日": datetime(2025, 1, 5),
    "2025年1月5日8时30分": datetime(2025, 1, 5, 8, 30), "２０２５年１月５日": datetime(2025, 1, 5), "45662": datetime(2025, 1, 5), "45662.5": datetime(2025, 1, 5, 12),
    "45662.354166666664": datetime(2025, 1, 5, 8, 30), "9999-12-31": datetime(9999, 12, 31),
    "2025-02-30": None, "2025-13-01": None, "5/1/2025": None, "25-1-5": None, "0001-01-01": None, "123456": None, "昨天": None, "2025-01-05 25:00:00": None, "": None,
}  # fmt: skip


def test_times() -> None:
    assert dict(zip(TIMES, read("fee_lines.service_time", *TIMES), strict=True)) == TIMES


def test_dates() -> None:
    texts = ("1990-02-03", "1990/2/3", "32907", "1990-02-03 00:00:00", "19900230")
    assert read("persons.birth_date", *texts) == [date(1990, 2, 3)] * 4 + [None]


def test_months_and_years() -> None:
    texts = ("202501", "2025-01", "2025年1月", "2025/1", "45662", "202501.0", "2025-01-05", "202513", "1")
    assert read("contributions.contribution_month", *texts) == [202501] * 7 + [None] * 2
    assert (
        read("contributions.benefit_year", "2025", "2025年", "2025年度", "２０２５", "2025.0", "25", "1200")
        == [2025] * 5 + [None] * 2
    )


CODES = {
    "00123": "00123", '="00123"': "00123", "'00123": "00123", "ＦＬ１": "FL1", "\t123": "123", "123\t": "123", "123　": "123", "内科": "内科", "5E10": "5E10",
    "FL-1+2": "FL-1+2", "1.23457E+17": None, "4.30102199001010E+17": None, "": None, "NULL": None, "x�": None,
}  # fmt: skip


def test_codes_keep_their_zeros() -> None:
    assert dict(zip(CODES, read("fee_lines.fee_line_no", *CODES), strict=True)) == CODES


def test_lost_zeros_come_back_where_only_one_code_can_be_meant() -> None:
    texts = ("01", "1", "1.0", "床位费", "14", "99")
    assert read("fee_lines.charge_category", *texts) == ["01", "01", "01", "01", "14", "99"], (
        "an open list takes strangers"
    )
    assert read("persons.sex_code", "1", "男", "１", "M", "01") == ["1", "1", "1", None, None]
    items = ("001103000010000", "1103000010000", "103000010000", "XA01BAA", "1.103E+12", "991103000010000", "0" * 20)
    assert read("fee_lines.national_item_code", *items) == [
        "001103000010000", "001103000010000", None, "XA01BAA", None, "991103000010000", "0" * 20,
    ], "what has fifteen places has lost none"  # fmt: skip


@pytest.mark.parametrize("name", VOCABULARY.codes)
def test_no_spelling_of_a_code_is_ambiguous(name: str) -> None:
    codes = VOCABULARY.codes[name]
    spellings = spellings_of(codes)
    assert all(spellings[value] == value for value in codes.values)
    assert set(spellings.values()) - {""} == set(codes.values)  # "": a word for none of them


def test_flags() -> None:
    texts = ("1", "0", "是", "否", "Y", "n", "TRUE", "false", "１", "也许", "2", "")
    assert read("fee_lines.is_restricted_use", *texts) == [
        True,
        False,
        True,
        False,
        True,
        False,
        True,
        False,
        True,
        None,
        None,
        None,
    ]


def test_words() -> None:
    texts = (" 静脉采血　", "（甲）药", "=1+1", "'=1+1", "'引号", "-", "x�y", "NULL")
    assert read("fee_lines.provider_item_name", *texts, odd=LOST) == [
        "静脉采血",
        "（甲）药",
        "=1+1",
        "=1+1",
        "'引号",
        "-",
        None,
        None,
    ]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(-(10**14), 10**14), min_size=30, max_size=60))
def test_every_fen_survives_a_float_cell(amounts: list[int]) -> None:
    texts = [repr(fen / 100) if "e" not in repr(fen / 100) else f"{Decimal(fen) / 100}" for fen in amounts]
    assert read("fee_lines.line_amount", *texts) == amounts


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12), min_size=20, max_size=40)
)
def test_words_of_our_own_exports_come_back(words: list[str]) -> None:
    blanks = " \t\r\n\u00a0\u200b\ufeff　"
    whole = [
        w
        for w in words
        if w.strip(blanks) == w and w not in ("", "NULL", "null", "\\N") and LOST not in w and not w.startswith("'")
    ]
    assert read("fee_lines.provider_item_name", *map(neutralise, whole), odd="") == whole
