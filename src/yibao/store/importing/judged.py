"""A source's rows judged: the tables and views that the upsert and the file of rejects take up, and what is told of them.

After `judge`, the connection holds `stage` (all rows), `late` and `repeated` (what only the whole table can know), `raws` (the raw cells
of refused rows and of rows that are no data), `nodata`, and the view `accepted`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from yibao.errors import UserError
from yibao.store.importing.late import TABLES, Reference, find_repeated, find_unknown
from yibao.store.importing.nodata import Kind, Total, check_totals, kind_sql
from yibao.store.importing.reasons import reasons_sql
from yibao.store.importing.result import Flagged
from yibao.store.importing.rules import holds
from yibao.store.importing.sources import Source
from yibao.store.importing.stage import stage_sql
from yibao.store.importing.staging import raw_names
from yibao.store.importing.typed import quoted
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Vocabulary

MOST_TOLD = 12


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
    """Run the one pass; the source that was read in the end (the careful one, where the quick one stumbled)."""
    try:
        con.execute(stage_sql(source.relation, source.reading.table, source.cells, vocabulary, source.fault))
        return source
    except duckdb.Error as error:
        if source.again is None or isinstance(error, duckdb.BinderException | duckdb.ParserException):
            raise
        again = source.again()
    con.execute(stage_sql(again.relation, again.reading.table, again.cells, vocabulary, again.fault))
    return again


def _explain(con: Any, judged: Judged, vocabulary: Vocabulary) -> None:
    """Raw cells of every row that is not simply accepted; what it is, and why it is refused."""
    source, first = judged.source, judged.source.first_row
    names = raw_names(len(source.head.headings))
    raws = ", ".join([*names, *([source.fault] if source.fault else [])])
    con.execute(
        "CREATE OR REPLACE TABLE wanted AS SELECT rowid AS _pos, '' AS reason FROM stage WHERE _bad UNION ALL SELECT _pos, string_agg(reason, '；') FROM late GROUP BY _pos"
    )
    count = con.execute("SELECT count(*) FROM wanted").fetchone()[0]
    relation = f"(SELECT row_number() OVER () - 1 AS _pos, {raws} FROM {source.relation})" if count else None
    empty = ", ".join(f"'' AS {name}" for name in raws.split(", "))
    body = (
        f"SELECT r._pos, r._pos + {first} AS _row, w.reason AS late, r.* EXCLUDE (_pos) FROM {relation} r JOIN wanted w ON r._pos = w._pos"
        if relation
        else f"SELECT 0::BIGINT AS _pos, 0::BIGINT AS _row, '' AS late, {empty} WHERE false"
    )
    con.execute(f"CREATE OR REPLACE TABLE raws AS {body}")
    kinds = kind_sql(source.head.headings)
    label = f"list_filter([{', '.join(f'plain_cell({n})' for n in names)}], lambda x: x <> '')[1]"
    con.execute(
        f"""CREATE OR REPLACE TABLE nodata AS SELECT _row, _pos, kind, label
        FROM (SELECT _row, _pos, {kinds} AS kind, {label} AS label FROM raws WHERE late = '') WHERE kind IS NOT NULL"""
    )
    why = reasons_sql("raws", source.reading.table, source.cells, vocabulary, ["_row", "_pos", "late"], source.fault)
    con.execute(
        f"""CREATE OR REPLACE TABLE refused AS
        SELECT _row, _pos, CASE WHEN late <> '' THEN late WHEN why <> '' THEN why ELSE '这一行不能读作数据' END AS reason
        FROM ({why}) WHERE _row NOT IN (SELECT _row FROM nodata)"""
    )
    kinds_found = con.execute("SELECT kind, list(_row ORDER BY _row) FROM nodata GROUP BY kind ORDER BY kind").fetchall()
    judged.no_data = {kind: tuple(rows) for kind, rows in kinds_found}
    judged.totals = check_totals(con, source.reading.table, first)
    judged.reasons = tuple(_reasons(con))


def _reasons(con: Any) -> Iterator[tuple[str, int]]:
    """Reasons without the values in them, the most frequent first."""
    bare = r"regexp_replace(regexp_replace(reason, '的值 .*? (是科学|不是|不在|小数|超出|应是|位数|不能)', '的值\1', 'g'), '第 [0-9、]+ 行|（[^（）]*）|：.*$', '', 'g')"
    yield from con.execute(f"SELECT {bare} AS why, count(*) AS n FROM refused GROUP BY why ORDER BY n DESC, why LIMIT {MOST_TOLD}").fetchall()


def _accept(con: Any, judged: Judged) -> None:
    """The view of what goes into the table; the counts must close."""
    con.execute("CREATE OR REPLACE TABLE gone AS SELECT _pos FROM late UNION SELECT _pos FROM repeated")
    there = con.execute("SELECT count(*) FROM gone").fetchone()[0]
    names = ", ".join(judged.source.reading.table.by_name)
    gone = " AND rowid NOT IN (SELECT _pos FROM gone)" if there else ""
    con.execute(f"CREATE OR REPLACE VIEW accepted AS SELECT rowid AS _pos, {names} FROM stage WHERE NOT _bad{gone}")
    rows, good = con.execute("SELECT count(*), count_if(NOT _bad) FROM stage").fetchone()
    judged.repeated = con.execute("SELECT count(*) FROM repeated").fetchone()[0]
    judged.refused = con.execute("SELECT count(*) FROM refused").fetchone()[0]
    judged.read = rows - sum(map(len, judged.no_data.values()))
    late = con.execute("SELECT count(DISTINCT _pos) FROM late").fetchone()[0]
    if good - late + judged.refused != judged.read:
        raise UserError(f"{judged.source.where}的行数没有对上（读入 {judged.read}，接受与退回 {good - late + judged.refused}），没有导入。请把文件反馈给维护人员。")


def _look_at_accepted(con: Any, judged: Judged, vocabulary: Vocabulary) -> None:
    """Sums of the money columns, checks that only flag, values outside open lists: one pass over `accepted`."""
    table = judged.source.reading.table
    there = {cell.column.name for cell in judged.source.cells}
    if table.money:
        sums = ", ".join(f"CAST(COALESCE(SUM({name}), 0) AS BIGINT)" for name in table.money)
        judged.sums = dict(zip(table.money, con.execute(f"SELECT {sums} FROM accepted").fetchone(), strict=True))
    for check in table.checks:
        if check.severity == "flag" and (rows := con.execute(f"SELECT count(*) FROM accepted WHERE NOT {holds(check)}").fetchone()[0]):
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
