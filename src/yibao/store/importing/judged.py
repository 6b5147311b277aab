"""A source's rows judged: the tables and views that the upsert and the file of rejects take up, and what is told of them.

After `judge`, the connection holds the view `stage` (all rows), `late` and `repeated` (what only the whole table can know), `raws` (the raw
cells of refused rows and of rows that are no data), `refused`, `nodata`, and the view `accepted`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from yibao.errors import UserError
from yibao.store.importing.late import TABLES, Reference, find_repeated, find_unknown
from yibao.store.importing.nodata import Kind, Total, check_totals, kind_sql
from yibao.store.importing.reasons import reasons_sql
from yibao.store.importing.result import Flagged
from yibao.store.importing.rules import holds
from yibao.store.importing.source import Source
from yibao.store.importing.stage import looked_sql, nothing_looked_sql, odd_sql, quick_sql, stage_sql
from yibao.store.importing.staging import raw_names
from yibao.store.importing.typed import CONTROL, quoted
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Vocabulary

MOST_TOLD = 12
_NOTHING = """
CREATE OR REPLACE TABLE nodata (_row BIGINT, _pos BIGINT, kind VARCHAR, label VARCHAR);
CREATE OR REPLACE TABLE refused (_row BIGINT, _pos BIGINT, reason VARCHAR, brief VARCHAR);
"""


@dataclass(slots=True)
class Judged:
    """Counts and findings; `read` is without the rows that are no data."""

    source: Source
    read: int = 0
    refused: int = 0
    repeated: int = 0
    no_data: dict[Kind, tuple[int, ...]] = field(default_factory=dict)
    totals: list[Total] = field(default_factory=list)
    sums: Mapping[str, int] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    flagged: list[Flagged] = field(default_factory=list)
    reasons: tuple[tuple[str, int], ...] = ()

    def refused_rows(self, con: Any) -> list[tuple[object, ...]]:
        """Row number, reason, raw cells, in the file's order."""
        names = ", ".join(f"r.{name}" for name in raw_names(len(self.source.head.headings)))
        rows: list[tuple[object, ...]] = con.execute(
            f"SELECT q._row, q.reason, {names} FROM refused q JOIN raws r ON q._row = r._row ORDER BY q._row"
        ).fetchall()
        return rows


def judge(con: Any, source: Source, workspace: Workspace) -> Judged:
    """UserError where the file cannot be read to its end."""
    vocabulary, table = workspace.vocabulary, source.reading.table
    source = _stage(con, source, vocabulary)
    con.execute(TABLES)
    find_repeated(con, table, source.first_row)
    files = {r.table: workspace.files(r.table) for r in table.relations}
    judged = Judged(source, references=find_unknown(con, table, vocabulary, files))
    _explain(con, judged, vocabulary)
    _accept(con, judged)
    _look_at_accepted(con, judged, vocabulary)
    return judged


def _stage(con: Any, source: Source, vocabulary: Vocabulary) -> Source:
    """Run the passes; the source that was read in the end (the careful one, where the quick one stumbled)."""
    if source.again is None:
        return _passes(con, source, vocabulary)
    try:
        _passes(con, source, vocabulary)
        rows = con.execute("SELECT count(*) FROM quick").fetchone()[0]
        if rows == source.lines:
            return source
        if rows + _lines_inside(con, source) == source.lines:
            return _passes(con, replace(source, oddities=source.oddities | {CONTROL}), vocabulary)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        pass  # the parser stumbled: read it again with care
    return _passes(con, source.again(), vocabulary)


def _lines_inside(con: Any, source: Source) -> int:
    """Line ends inside quoted cells. With the rows they must make up the lines: a parser that skips some must not go unnoticed."""
    cells = " + ".join(
        f"COALESCE(length({c}) - length(replace({c}, chr(10), '')), 0)" for c in raw_names(len(source.head.headings))
    )
    found = con.execute(f"SELECT CAST(COALESCE(SUM({cells}), 0) AS BIGINT) FROM {source.relation}").fetchone()[0]
    return int(found)


def _passes(con: Any, source: Source, vocabulary: Vocabulary) -> Source:
    table, cells, width = source.reading.table, source.cells, len(source.head.headings)
    con.execute(quick_sql(source.relation, table, cells, vocabulary, width, source.fault))
    con.execute(odd_sql(width, source.fault))
    odd = con.execute("SELECT count(*) FROM odd").fetchone()[0]
    con.execute(looked_sql(table, cells, vocabulary, source.fault) if odd else nothing_looked_sql(table))
    con.execute(stage_sql(table))
    return source


def _explain(con: Any, judged: Judged, vocabulary: Vocabulary) -> None:
    """What the rows that were not accepted are, and why the refused ones are refused."""
    source = judged.source
    names = raw_names(len(source.head.headings))
    con.execute(f"CREATE OR REPLACE TABLE raws AS {_raws(con, source)}")
    if not con.execute("SELECT count(*) FROM raws").fetchone()[0]:
        con.execute(_NOTHING)
        return
    label = f"list_filter([{', '.join(f'plain_cell({n})' for n in names)}], lambda x: x <> '')[1]"
    con.execute(
        f"""CREATE OR REPLACE TABLE nodata AS SELECT _row, _pos, kind, label
        FROM (SELECT _row, _pos, {kind_sql(source.head.headings)} AS kind, {label} AS label FROM raws WHERE late = '') WHERE kind IS NOT NULL"""
    )
    carried = ["_row", "_pos", "late", "late_brief"]
    why = reasons_sql("raws", source.reading.table, source.cells, vocabulary, carried, source.fault)
    other = "'这一行不能读作数据'"
    con.execute(
        f"""CREATE OR REPLACE TABLE refused AS
        SELECT _row, _pos, CASE WHEN late <> '' THEN late WHEN why <> '' THEN why ELSE {other} END AS reason,
            CASE WHEN late <> '' THEN late_brief WHEN why <> '' THEN brief ELSE {other} END AS brief
        FROM ({why}) WHERE _row NOT IN (SELECT _row FROM nodata)"""
    )
    kinds_found = con.execute(
        "SELECT kind, list(_row ORDER BY _row) FROM nodata GROUP BY kind ORDER BY kind"
    ).fetchall()
    judged.no_data = {kind: tuple(rows) for kind, rows in kinds_found}
    judged.totals = check_totals(con, source.reading.table)
    judged.reasons = tuple(_reasons(con))


def _raws(con: Any, source: Source) -> str:
    """Raw cells of the rows that are wrong by themselves (they were kept), and of those that the whole table refuses (read again)."""
    names = ", ".join([*raw_names(len(source.head.headings)), *([source.fault] if source.fault else [])])
    first = source.first_row
    wrong = f"SELECT o._pos, o._pos + {first} AS _row, '' AS late, '' AS late_brief, {names} FROM odd o JOIN looked l ON o._pos = l._pos WHERE l._bad"
    if not con.execute("SELECT count(*) FROM late").fetchone()[0]:
        return wrong
    con.execute(
        """CREATE OR REPLACE TABLE late_rows AS SELECT _pos, string_agg(reason, '；' ORDER BY reason) AS reason,
            string_agg(brief, '；' ORDER BY brief) AS brief FROM late GROUP BY _pos"""
    )
    again = f"SELECT row_number() OVER () - 1 AS _pos, {names} FROM {source.relation}"
    return f"{wrong} UNION ALL SELECT r._pos, r._pos + {first}, w.reason, w.brief, r.* EXCLUDE (_pos) FROM ({again}) r JOIN late_rows w ON r._pos = w._pos"


def _reasons(con: Any) -> list[tuple[str, int]]:
    """Reasons without the values in them, the most frequent first."""
    counted = f"SELECT brief, count(*) FROM refused GROUP BY brief ORDER BY count(*) DESC, brief LIMIT {MOST_TOLD}"
    found: list[tuple[str, int]] = con.execute(counted).fetchall()
    return found


def _accept(con: Any, judged: Judged) -> None:
    """The view of what goes into the table; the counts must close."""
    con.execute("CREATE OR REPLACE TABLE gone AS SELECT _pos FROM late UNION SELECT _pos FROM repeated")
    there = con.execute("SELECT count(*) FROM gone").fetchone()[0]
    names = ", ".join(judged.source.reading.table.by_name)
    gone = " AND _pos NOT IN (SELECT _pos FROM gone)" if there else ""
    con.execute(f"CREATE OR REPLACE VIEW accepted AS SELECT _pos, {names} FROM stage WHERE NOT _bad{gone}")
    rows, good = con.execute("SELECT count(*), count(*) FILTER (NOT _bad) FROM stage").fetchone()
    judged.repeated = con.execute("SELECT count(*) FROM repeated").fetchone()[0]
    judged.refused = con.execute("SELECT count(*) FROM refused").fetchone()[0]
    judged.read = rows - sum(map(len, judged.no_data.values()))
    late = con.execute("SELECT count(DISTINCT _pos) FROM late").fetchone()[0]
    if good - late + judged.refused != judged.read:
        raise UserError(
            f"{judged.source.where}的行数没有对上（读入 {judged.read}，接受与退回 {good - late + judged.refused}），没有导入。请把文件反馈给维护人员。"
        )


def _look_at_accepted(con: Any, judged: Judged, vocabulary: Vocabulary) -> None:
    """Sums of the money columns, checks that only flag, values outside open lists: one pass over `accepted`."""
    table = judged.source.reading.table
    there = {cell.column.name for cell in judged.source.cells}
    if table.money:
        sums = ", ".join(f"CAST(COALESCE(SUM({name}), 0) AS BIGINT)" for name in table.money)
        judged.sums = dict(zip(table.money, con.execute(f"SELECT {sums} FROM accepted").fetchone(), strict=True))
    if judged.source.may_be_cut:
        judged.flagged.append(Flagged("文件最后一行没有换行，文件可能不完整，请核对最后一行", 1))
    for check in table.checks:
        if check.severity == "flag" and (
            rows := con.execute(f"SELECT count(*) FROM accepted WHERE NOT {holds(check)}").fetchone()[0]
        ):
            judged.flagged.append(Flagged(check.says, rows))
    for column in table.columns:
        codes = vocabulary.codes_of(column)
        if codes is not None and codes.is_open and column.name in there:
            judged.flagged += _outside(con, column.name, column.element.label, list(codes.values))


def _outside(con: Any, name: str, label: str, values: Sequence[str]) -> Iterator[Flagged]:
    known = ", ".join(map(quoted, values))
    found = con.execute(
        f"SELECT {name}, count(*) FROM accepted WHERE {name} IS NOT NULL AND {name} NOT IN ({known}) GROUP BY {name} ORDER BY count(*) DESC, {name}"
    ).fetchall()
    if found:
        yield Flagged(f"{label} 不在已知的代码里", sum(n for _, n in found), tuple(value for value, _ in found[:5]))
