"""DuckDB and Spark give equal rows: every text that ships, and a corpus that exercises the subset."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.store.small import BY_HAND, VOCABULARY, lines
from yibao.errors import UserError
from yibao.store.content import content_hash
from yibao.store.schema import ARROW_TYPES, arrow_schema
from yibao.store.sql.functions import Kind
from yibao.store.sql.query import KIND_OF
from yibao.store.sql.text import load_texts
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Table, load_tables

pytestmark = pytest.mark.xdist_group("spark")

CORPUS = (Path(__file__).parent / "corpus.sql").read_text(encoding="utf-8")
TEXTS = {
    title: sql.strip() for title, sql in re.findall(r"^-- (.+)\n((?:SELECT|WITH)[^;]+);", CORPUS, flags=re.MULTILINE)
}


def _hash(rows: pa.Table, *, ordered: bool) -> str:
    if not ordered and rows.num_rows:
        rows = rows.sort_by([(name, "ascending") for name in rows.column_names])
    return content_hash(rows.combine_chunks().to_batches(), rows.schema)


def assert_equal(duck: Workspace, spark: Workspace, sql: Any, given: Any = None, **values: Any) -> pa.Table:
    """Rows in order where the text ends in an ORDER BY, else as a set."""
    ours = duck.query(sql, given, **values).read_all()
    theirs = spark.query(sql, given, **values).read_all()
    ordered = duck.check(sql, given, values).tree.args.get("order") is not None
    assert _hash(theirs, ordered=ordered) == _hash(ours, ordered=ordered), f"{ours.to_pylist()}\n{theirs.to_pylist()}"
    return ours


@pytest.mark.parametrize("title", TEXTS)
def test_the_corpus(duck: Workspace, spark: Workspace, title: str) -> None:
    rows = assert_equal(duck, spark, TEXTS[title])
    assert rows.num_rows > 0


def test_the_corpus_was_read_whole() -> None:
    assert len(TEXTS) == CORPUS.count(";\n") > 40


def test_texts_that_ship(spark: Workspace, tmp_path: Path) -> None:
    """Over the real vocabulary, with empty tables: each text is understood by both and gives the declared types."""
    with Workspace.create(tmp_path / "county", "cn") as ours:
        theirs = Workspace.open(ours.path, engine="spark")
        some = {"number": 1, "text": "x", "flag": True, "date": dt.date(2025, 1, 1), "time": dt.datetime(2025, 1, 1)}
        for text in load_texts("yibao").values():
            text.checked(load_tables())
            given = {name: _empty(columns) for name, columns in text.given.items()}
            assert_equal(ours, theirs, text, given, **{name: some[kind] for name, kind in text.takes.items()})


def _empty(columns: Mapping[str, Kind]) -> pa.Table:
    types = {kind: ARROW_TYPES[declared] for declared, kind in KIND_OF.items()}
    return pa.schema([(name, types[kind]) for name, kind in columns.items()]).empty_table()


def test_row_checks_of_the_vocabulary(spark: Workspace, tmp_path: Path) -> None:
    """What the tables demand of a row means the same on both engines, nulls and all."""
    with Workspace.create(tmp_path / "county", "cn") as ours:
        theirs = Workspace.open(ours.path, engine="spark")
        for table in load_tables().tables.values():
            holds = [f"({check.holds}) AS {check.id}" for check in table.checks if check.holds]
            if holds:
                sql = f"SELECT {', '.join((*table.key, *holds))} FROM made_up"
                assert assert_equal(ours, theirs, sql, {"made_up": _made_up(table)}).num_rows == 6


def _made_up(table: Table) -> pa.Table:
    """Six rows: small numbers, one of them negative, every other nullable value empty."""
    schema = arrow_schema(table)
    rows = []
    for row in range(6):
        values: dict[str, Any] = {}
        for at, column in enumerate(table.columns):
            value: Any = f"{'abc'[row % 3]}{row * at % 5}"
            if schema.field(column.name).type == pa.int64():
                value = (row * 7 + at) % 5 - 1
            elif column.type in ("date", "time"):
                value = dt.datetime(2025, 1, 1 + (row + at) % 3)
            elif column.type == "flag":
                value = bool((row + at) % 2)
            values[column.name] = None if column.nullable and (row + at) % 2 else value
        rows.append(values)
    return pa.Table.from_pylist(rows, schema=schema)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT amount // 2 AS x FROM lines",
        "SELECT 7 // quantity AS x FROM lines",
        "SELECT amount % 2 AS x FROM lines",
        "SELECT 7 // (line_no - 1) AS x FROM lines",
    ],
)
def test_division_outside_its_range_is_refused_on_both(duck: Workspace, spark: Workspace, sql: str) -> None:
    for workspace in (duck, spark):
        with pytest.raises(UserError, match="被除数不能小于零"):
            workspace.query(sql).read_all()


def test_overflow_is_refused_on_both(duck: Workspace, spark: Workspace) -> None:
    for workspace in (duck, spark):
        with pytest.raises(UserError, match="超出整数的范围"):
            workspace.query("SELECT amount * amount * 4 AS x FROM lines").read_all()


def test_parameters_of_every_kind(duck: Workspace, spark: Workspace) -> None:
    sql = """SELECT visit_no, amount + $more AS a, note || $mark AS b, day >= $day AS c, $flag AND line_no = 1 AS d, $moment AS e
             FROM lines WHERE day > $day OR item = $mark ORDER BY visit_no NULLS LAST, line_no NULLS LAST"""
    values = {"more": -5, "mark": "it's", "day": dt.date(2025, 1, 30), "flag": True}
    rows = assert_equal(duck, spark, sql, moment=dt.datetime(2025, 1, 1, 8, 0, 0, 5), **values)
    assert rows["e"][0].as_py() == dt.datetime(2025, 1, 1, 8, 0, 0, 5)


def test_rows_that_are_given(duck: Workspace, spark: Workspace) -> None:
    given = pa.table(
        {
            "visit_no": ["V1", None, "V3"],
            "limits": pa.array([1, None, 3], pa.int64()),
            "until": pa.array([dt.datetime(2025, 1, 2), None, None], pa.timestamp("us")),
        }
    )
    sql = "SELECT l.visit_no, l.line_no, g.limits, g.until FROM lines l LEFT JOIN given g ON g.visit_no = l.visit_no"
    assert assert_equal(duck, spark, sql, {"given": given}).num_rows == 8


def test_tables_without_files(spark: Workspace, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "county", "cn", vocabulary=VOCABULARY) as ours:
        theirs = Workspace.open(ours.path, engine="spark", vocabulary=VOCABULARY)
        assert assert_equal(ours, theirs, "SELECT * FROM visits").num_rows == 0


def test_apply_gives_the_same_rows_in_the_same_order(tmp_path: Path, spark: Workspace) -> None:
    """Groups of very different sizes, nulls in the order, over several partitions and batches."""
    schema = pa.schema([("visit_no", pa.string()), ("rows", pa.int64()), ("first", pa.string()), ("sum", pa.int64())])

    def summed(groups: pa.Table) -> pa.Table:
        found: dict[str, list[Any]] = {}
        for row in groups.to_pylist():
            group = found.setdefault(row["visit_no"], [0, row["item"], 0])
            group[0] += 1
            group[2] = group[2] * 3 % 1_000_003 + row["amount"]  # depends on the order of rows
        rows = [{"visit_no": k, "rows": n, "first": i, "sum": s} for k, (n, i, s) in found.items()]
        return pa.Table.from_pylist(rows, schema=schema)

    rows = []
    for visit in range(300):
        for number in range(visit % 7 * visit % 41 + 1):
            item = None if number % 3 == 0 else f"A{number * 7 % 10}"
            rows.append(
                (f"V{visit * 17 % 300:03d}", number, dt.date(2025, 1 + visit % 5, 3), item, "", visit + number, None)
            )
    with Workspace.create(tmp_path / "county", "cn", vocabulary=VOCABULARY) as ours:
        ours.write("lines", lines(rows), BY_HAND)
        theirs = Workspace.open(ours.path, engine="spark", vocabulary=VOCABULARY)
        sql = "SELECT visit_no, line_no, item, amount FROM lines WHERE amount >= $least"
        found = [
            w.apply(sql, "visit_no", ("item", "line_no"), summed, schema, least=3).read_all() for w in (ours, theirs)
        ]
    assert found[0]["visit_no"].to_pylist() == sorted({row[0] for row in rows if row[5] >= 3})
    assert _hash(found[0], ordered=True) == _hash(found[1], ordered=True)


def test_what_spark_computed_is_written_as_the_same_bytes(duck: Workspace, spark: Workspace, tmp_path: Path) -> None:
    sql = "SELECT visit_no, line_no, day, item, note, amount * 2 AS amount, quantity FROM lines WHERE amount < 1000"
    bytes_of = []
    for name, workspace in (("a", duck), ("b", spark)):
        with Workspace.create(tmp_path / name, "cn", vocabulary=VOCABULARY) as target:
            target.write("lines", workspace.query(sql), BY_HAND)
            bytes_of.append({path.name: path.read_bytes() for path in target.files("lines")})
    assert bytes_of[0] == bytes_of[1]
