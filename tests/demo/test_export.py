"""The files of other offices: GBK, national names and Chinese labels, paper with titles and totals; every fen agrees."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from openpyxl import load_workbook

from tests.demo.conftest import NOT_TOLD, Sql, small_plan
from yibao.demo.export import export_county
from yibao.demo.export_paper import PAGE, PRINTED, WORKBOOKS
from yibao.demo.export_words import as_text, headings
from yibao.demo.generate import make_county
from yibao.vocabulary.tables import Table, load_tables

TABLES = load_tables().tables


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("exported")
    make_county(root, small_plan(scale=0.01, years=(2025,)))
    export_county(root)
    return root


def rows_of(folder: Path, table: Table) -> Iterator[list[str]]:
    """Every row of a table's CSV files, headings too."""
    for path in sorted(folder.glob(f"{table.label}*.csv")):
        if path.stem in (table.label, *(f"{table.label}-{month}" for month in range(202001, 202801))):
            with path.open(encoding="gbk", newline="") as file:
                yield from csv.reader(file)


@pytest.mark.parametrize(
    "name",
    sorted(set(TABLES) - NOT_TOLD - {*WORKBOOKS, *PRINTED}),
)
def test_counts_and_totals_agree_to_the_fen(exported: Path, name: str) -> None:
    table = TABLES[name]
    rows = [row for row in rows_of(exported / "export", table) if row != headings(table)]
    kept = ds.dataset(exported / "tables" / name / "files").to_table()
    assert len(rows) == kept.num_rows
    for column in table.money:
        place = list(table.by_name).index(column)
        said = sum(Decimal(row[place]) for row in rows if row[place])
        assert said * 100 == pa.compute.sum(kept[column]).as_py() or not said


def test_the_platform_has_its_own_names(exported: Path) -> None:
    table = TABLES["fee_lines"]
    head = next(rows_of(exported / "export", table))
    assert head[:3] == ["feedetl_sn", "init_feedetl_sn", "mdtrt_id"]
    assert "line_amount" not in head
    assert next(rows_of(exported / "export", TABLES["pharmacy_sales"]))[0] == "定点医药机构编号"


def test_headings_are_ones_that_the_importer_knows() -> None:
    for table in TABLES.values():
        names = headings(table)
        assert len(set(names)) == len(names)
        assert all(name in column.headings for name, column in zip(names, table.columns, strict=True))


def test_values_are_written_as_people_write_them() -> None:
    lines = TABLES["fee_lines"].by_name
    assert as_text(pa.array([123, -5, None]), lines["line_amount"]).to_pylist() == ["1.23", "-0.05", None]
    assert as_text(pa.array([2_500_000, 10_000_000]), lines["unit_price"]).to_pylist() == ["2.5", "10"]
    assert as_text(pa.array([7_500, -10_000]), lines["quantity"]).to_pylist() == ["0.75", "-1"]
    assert as_text(pa.array([True, None]), lines["is_restricted_use"]).to_pylist() == ["1", None]
    assert as_text(pa.array(["left", "upper"]), lines["body_side"]).to_pylist() == ["左侧", "upper"]


def test_a_printed_list_has_titles_page_headers_and_subtotals(exported: Path) -> None:
    table = TABLES["tax_receipts"]
    rows = list(rows_of(exported / "export", table))
    kept = ds.dataset(exported / "tables" / "tax_receipts" / "files").to_table()
    assert rows[0][0].endswith("税务征缴")
    assert rows.count(headings(table)) == -(-kept.num_rows // PAGE)
    totals = [Decimal(row[-1]) for row in rows if row[0] == "合计"]
    months = [Decimal(row[-1]) for row in rows if row[0] == "小计"]
    assert len(months) == 15  # the last three months of the year before, and twelve
    assert totals == [sum(months)]
    assert totals[0] * 100 == pa.compute.sum(kept["tax_amount"]).as_py()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_have_notes_on_their_second_sheet(exported: Path, name: str) -> None:
    table, heads, count = TABLES[name], headings(TABLES[name]), 0
    for path in (exported / "export").glob(f"{table.label}*.xlsx"):
        book = load_workbook(path, read_only=True)
        assert book.sheetnames == [table.label, "填表说明"]
        rows = [list(row) for row in book[table.label].iter_rows(values_only=True)]
        book.close()
        count += len([row for row in rows[2:] if row != heads and row[0] not in ("小计", "合计")])
    assert count == ds.dataset(exported / "tables" / name / "files").to_table().num_rows


def test_the_city_sends_a_catalogue_a_version_and_results_a_month(exported: Path) -> None:
    names = sorted(path.name for path in (exported / "export").glob("DIP*.xlsx"))
    assert names[:3] == ["DIP分组结果-202501.xlsx", "DIP分组结果-202502.xlsx", "DIP分组结果-202503.xlsx"]
    assert names[12:] == [
        "DIP审核扣款.xlsx",
        "DIP年度考核.xlsx",
        "DIP年终清算.xlsx",
        "DIP月预结算.xlsx",
        "DIP点值.xlsx",
        "DIP病种目录-2.0-2024.xlsx",
        "DIP病种目录-2.0-2025.xlsx",
    ]
    book = load_workbook(exported / "export" / "DIP年终清算.xlsx", read_only=True)
    rows = list(book["DIP年终清算"].iter_rows(values_only=True))
    notes = [row[0] for row in book["填表说明"].iter_rows(values_only=True)]
    book.close()
    assert rows[0][0] == "示例市DIP年终清算"
    assert "考核系数" in " ".join(notes)
    place = headings(TABLES["dip_clearing"]).index("清算金额")
    parts, total = ([row[place] for row in rows if row[0] == label] for label in ("小计", "合计"))
    assert round(sum(parts), 2) == total[0]


def test_it_refuses_a_county_twice_in_one_folder(exported: Path, sql: Sql) -> None:
    from yibao.cli import run

    assert run(["demo", "county", str(exported), "--scale", "0.01"]) == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--scale", "big"],
        ["--scale", "500"],
        ["--seed", "x"],
        ["--years", "2025-2024"],
        ["--years", "25"],
        ["--plants", "nowhere.yaml"],
    ],
)
def test_it_refuses_what_it_cannot_make(tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from yibao.cli import run

    assert run(["demo", "county", str(tmp_path / "new"), *words]) == 2
    assert not (tmp_path / "new").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_the_command_makes_a_county(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from yibao.cli import run

    assert run(["demo", "county", str(tmp_path / "new"), "--scale", "0.01", "--years", "2025", "--seed", "4"]) == 0
    assert "棠泽县" in capsys.readouterr().err
    assert (tmp_path / "new" / "truth" / "split_stay.parquet").is_file()
    assert not (tmp_path / "new" / ".making").exists()
