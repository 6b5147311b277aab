"""Rows of a file that are no data: blank rows, headings repeated on each page, totals, remarks. By rules, and only among rows that are wrong anyway.

A total is not thrown away: its amounts are held against the sum of the rows above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from yibao.store.importing.headings import plain
from yibao.store.importing.staging import raw_names
from yibao.store.importing.typed import quoted
from yibao.vocabulary.tables import Table

Kind = Literal["blank", "heading", "total", "remark"]
LABELS: Mapping[Kind, str] = {"blank": "空白行", "heading": "重复的表头", "total": "合计行", "remark": "备注行"}
TOTAL = "(?:[^0-9]{0,12})(?:合计|小计|总计|共计)(?:[(].{0,8}[)])?:?"
LABELLED = 3  #: cells in front, one of which says that a row is a total
#: the numbers of the columns below the headings: 栏次 1 2 3=1*2, 甲 乙 1 2
NUMBERED = "(?:栏次 |序号 |[-—] )?(?:[甲乙丙丁] ){0,4}(?:1|[(]1[)]|①)(?: [(]?(?:[0-9]{1,2}|[①-⑳])[)]?(?:=[^ ]*)?)+"
REMARK = "制表|打印|审核|复核|填报|填表|负责人|经办|页|单位:|日期:|备注|注:|说明|数据来源|以下空白|共[0-9]+[条行笔]"


def kind_sql(headings: Sequence[str]) -> str:
    """Which kind a row of raw cells is; NULL for a row of data."""
    names = raw_names(len(headings))
    cells = f"list_filter([{', '.join(f'plain_cell({name})' for name in names)}], lambda x: x <> '')"
    same = " + ".join(
        f"CAST(plain_cell({n}) = {quoted(plain(h))} AS INTEGER)"
        for n, h in zip(names, headings, strict=True)
        if plain(h)
    )
    return f"kind_of({cells}, {same or '0'})"


MACROS = f"""
CREATE OR REPLACE TEMP MACRO plain_cell(c) AS lower(regexp_replace(folded(COALESCE(c, '')), '[\\s*]', '', 'g'));
CREATE OR REPLACE TEMP MACRO kind_of(cells, same) AS
    CASE WHEN len(cells) = 0 THEN 'blank'
    WHEN same >= 2 AND same * 2 >= len(cells) THEN 'heading'
    WHEN len(cells) >= 3 AND regexp_full_match(array_to_string(cells, ' '), '{NUMBERED}') THEN 'heading'
    WHEN len(list_filter(cells[1:{LABELLED}], lambda x: regexp_full_match(x, '{TOTAL}'))) > 0 THEN 'total'
    WHEN len(cells) <= 3 AND len(list_filter(cells, lambda x: regexp_matches(x, '{REMARK}'))) > 0 THEN 'remark' END;
"""


@dataclass(frozen=True, slots=True)
class Total:
    """A total of the file beside what its rows add up to, as the column keeps it (fen). `row`: as Excel counts."""

    row: int
    label: str
    column: str
    stated: int
    computed: int

    @property
    def agrees(self) -> bool:
        return self.stated == self.computed


def check_totals(con: Any, table: Table) -> list[Total]:
    """Every total row against the sum of its section (since the total before) or of everything above, whichever it means.

    Reads `stage` and `nodata` (_row, kind, label); rejected rows count as far as their amounts can be read, since the file counts them.
    """
    if not table.added or not con.execute("SELECT count(*) FROM nodata WHERE kind = 'total'").fetchone()[0]:
        return []
    sums = ", ".join(f"CAST(COALESCE(SUM({name}), 0) AS HUGEINT)" for name in table.added)
    sections = con.execute(
        f"""WITH totals AS (SELECT _pos FROM nodata WHERE kind = 'total'),
        data AS (SELECT _pos, {", ".join(table.added)} FROM stage WHERE _pos NOT IN (SELECT _pos FROM nodata))
        SELECT t._pos, {sums} FROM data d ASOF JOIN totals t ON d._pos < t._pos GROUP BY t._pos"""
    ).fetchall()
    stated = con.execute(
        f"""SELECT n._pos, n._row, n.label, {", ".join(f"s.{name}" for name in table.added)}
        FROM nodata n JOIN stage s ON s._pos = n._pos WHERE n.kind = 'total' ORDER BY n._pos"""
    ).fetchall()
    behind = con.execute(
        f"""SELECT {sums} FROM stage WHERE _pos NOT IN (SELECT _pos FROM nodata)
        AND _pos > (SELECT max(_pos) FROM nodata WHERE kind = 'total')"""
    ).fetchone()
    return _compared(table, {pos: values for pos, *values in sections}, stated, [int(one) for one in behind])


def _compared(
    table: Table, sections: Mapping[int, Sequence[int]], stated: Sequence[tuple[Any, ...]], behind: Sequence[int]
) -> list[Total]:
    """`sections`: sums of the rows before each total since the one before it, by its position; `behind`: of those after the last."""
    found = []
    nothing = [0] * len(table.added)
    running = nothing
    parts = [*(sections.get(pos, nothing) for pos, *_ in stated), behind]
    everything = [sum(column) for column in zip(*parts, strict=True)]
    for at, (_, row, label, *amounts) in enumerate(stated):
        section = parts[at]
        running = [a + b for a, b in zip(running, section, strict=True)]
        for name, amount, part, whole, after, all_of in zip(
            table.added, amounts, section, running, parts[at + 1], everything, strict=True
        ):
            if amount is not None and amount in (after, all_of):  # a total above its rows
                found.append(Total(row, label, name, amount, amount))
            elif amount is not None:
                of_section = amount == part or (amount != whole and "小计" in label)
                found.append(Total(row, label, name, amount, int(part if of_section else whole)))
    return found
