"""The standard tables: declared once, without contradiction, with the field's names."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from yibao.vocabulary import dictionary
from yibao.vocabulary.tables import SCALES, SUBJECTS, Column, Table, load_tables

VOCABULARY = load_tables()
TABLES = tuple(VOCABULARY.tables.values())
ROOT = Path(__file__).parents[2]
DATA = ROOT / "src/yibao/vocabulary/tables"


def test_every_file_of_the_folder_is_a_subject() -> None:
    assert {path.stem for path in DATA.glob("*.yaml")} == {*SUBJECTS, "codes"}


def test_everything_declared_is_used() -> None:
    used = {column.name for table in TABLES for column in table.columns}
    assert set(VOCABULARY.elements) == used
    assert set(VOCABULARY.codes) == {e.codes for e in VOCABULARY.elements.values()} - {""}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_says_what_a_row_is(table: Table) -> None:
    assert table.grain.startswith("一行是")
    assert re.fullmatch("[a-z][a-z_]*", table.name)
    assert all(re.search("[\u4e00-\u9fff]", column.element.label) for column in table.columns)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_reference_names_a_whole_key(table: Table) -> None:
    for relation in table.relations:
        assert len(VOCABULARY.tables[relation.table].key) == 1


def test_flags_are_named_as_questions() -> None:
    flags = [name for name, e in VOCABULARY.elements.items() if e.type == "flag"]
    assert [name for name in flags if not name.startswith(("is_", "counts_", "planned_"))] == []


def test_codes_are_text_so_leading_zeros_live() -> None:
    charge = VOCABULARY.codes["charge_category"]
    assert charge.values["01"] == "床位费"


def test_exact_numbers_have_a_scale() -> None:
    assert SCALES["money"] == 2
    assert {e.type for e in VOCABULARY.elements.values()} - set(SCALES) == {"code", "text", "flag", "date", "time"}


def test_a_column_is_known_by_all_its_names() -> None:
    column: Column = VOCABULARY.table("费用明细").by_name["line_amount"]
    assert {"line_amount", "明细项目费用总额", "det_item_fee_sumamt"} <= set(column.headings)


def test_relations_point_to_the_rows_named() -> None:
    lines = VOCABULARY.table("fee_lines")
    found = {(r.column, r.table) for r in lines.relations}
    assert {
        ("visit_id", "visits"),
        ("original_fee_line_no", "fee_lines"),
        ("prescriber_code", "practitioners"),
    } <= found
    assert ("fee_line_no", "fee_lines") not in found


def test_the_dictionary_is_up_to_date() -> None:
    page = (ROOT / "docs/data-dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary.dictionary(), "run: python -m yibao.vocabulary.dictionary > docs/data-dictionary.md"


def test_national_codes_are_those_of_the_interface(shared: Path) -> None:
    with (shared / "reference/fields.csv").open(encoding="utf-8") as file:
        known = {row["name"] for row in csv.DictReader(file)}
    guides = "".join(
        (shared / "domain" / name).read_text(encoding="utf-8") for name in ("benefits.md", "supervision.md")
    )
    known |= set(re.findall("[a-z][a-z0-9_]+", guides))
    declared = {code for e in VOCABULARY.elements.values() for code in e.national}
    assert declared - known == set()
