"""What a row cannot know of itself: that its key occurs twice in the file, and that it names what is not there.

Both work on hashes and keys of the whole table `stage`; the rows themselves are looked at only where something is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from yibao.store.importing.typed import quoted
from yibao.vocabulary.tables import Relation, Table, Vocabulary

Policy = Literal["refuse", "flag"]
TABLES = """
CREATE OR REPLACE TABLE late (_pos BIGINT, reason VARCHAR, brief VARCHAR);
CREATE OR REPLACE TABLE repeated (_pos BIGINT);
"""


@dataclass(frozen=True, slots=True)
class Reference:
    """What became of one relation: rows that name what is not there; `ran` False where that table is empty as yet."""

    column: str
    table: str
    policy: Policy
    ran: bool
    rows: int = 0
    examples: tuple[str, ...] = ()


def find_repeated(con: Any, table: Table, first_row: int) -> None:
    """Rows of one key: equal ones after the first go to `repeated`, differing ones all to `late` with each other's numbers.

    In a sheet of another office the first of differing rows is taken in, so that it can be compared.
    """
    if not con.execute(
        "SELECT count(*) FROM (SELECT 1 FROM stage WHERE NOT _bad GROUP BY _key HAVING count(*) > 1)"
    ).fetchone()[0]:
        return
    key, names = ", ".join(table.key), ", ".join(table.by_name)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE twins AS
        SELECT _pos, count(*) OVER same AS n, min(h) OVER same = max(h) OVER same AS is_equal, row_number() OVER (same ORDER BY _pos) AS nth,
            list(_pos + {first_row}) OVER same AS rows
        FROM (SELECT _pos, {key}, hash({names}) AS h FROM stage
            WHERE NOT _bad AND _key IN (SELECT _key FROM stage WHERE NOT _bad GROUP BY _key HAVING count(*) > 1))
        WINDOW same AS (PARTITION BY {key})"""
    )
    con.execute("INSERT INTO repeated SELECT _pos FROM twins WHERE n > 1 AND is_equal AND nth > 1")
    label = "、".join(table.by_name[name].element.label for name in table.key)
    first_counts = (
        " AND nth > 1" if table.foreign is not None else ""
    )  # another office's sheet: the first counts, both are told
    others = f"array_to_string(list_sort(list_filter(rows, lambda x: x <> _pos + {first_row}))[1:5], '、')"
    con.execute(
        f"""INSERT INTO late SELECT _pos, {quoted(f"主键（{label}）与第 ")} || {others} || ' 行相同而内容不同，不知以哪一行为准',
            {quoted(f"主键（{label}）相同而内容不同，不知以哪一行为准")} FROM twins WHERE NOT is_equal{first_counts}"""
    )


def policy_of(relation: Relation, table: Table) -> Policy:
    """A row that is a part of another (its key begins with the other's) is refused without it; any other is only flagged.

    What another office wrote is never refused: that it knows what we do not is for the one who compares to tell.
    """
    if table.foreign is not None:
        return "flag"
    return "refuse" if relation.column in table.key and relation.table != table.name else "flag"


def find_unknown(
    con: Any, table: Table, vocabulary: Vocabulary, files: Mapping[str, Sequence[Path]]
) -> list[Reference]:
    """Each relation against the tables as they are now; `files`: table → its Parquet files, none where it was never written."""
    return [_reference(con, relation, table, vocabulary, files.get(relation.table, ())) for relation in table.relations]


def _reference(con: Any, relation: Relation, table: Table, vocabulary: Vocabulary, files: Sequence[Path]) -> Reference:
    target, policy, column = vocabulary.tables[relation.table], policy_of(relation, table), relation.column
    is_own = target.name == table.name
    if not files and not is_own:
        return Reference(column, target.name, policy, ran=False)
    key = target.key[0]
    known = [f"SELECT {key} AS k FROM read_parquet([{', '.join(quoted(str(f)) for f in files)}])"] if files else []
    known += [f"SELECT {key} AS k FROM stage WHERE NOT _bad"] if is_own else []
    said = f"SELECT DISTINCT {column} AS said FROM stage WHERE NOT _bad AND {column} IS NOT NULL"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE strange AS SELECT said FROM ({said}) ANTI JOIN ({' UNION ALL '.join(known)}) ON said = k"
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE lost AS SELECT _pos, {column} AS said FROM stage
        WHERE NOT _bad AND {column} IN (SELECT said FROM strange)"""
    )
    rows = con.execute("SELECT count(*) FROM lost").fetchone()[0]
    examples = tuple(v for (v,) in con.execute("SELECT DISTINCT said FROM lost ORDER BY said LIMIT 3").fetchall())
    if rows and policy == "refuse":
        label, missing = table.by_name[column].element.label, f"在“{target.label}”里没有"
        con.execute(
            f"INSERT INTO late SELECT _pos, {quoted(f'{label} ')} || said || {quoted(f' {missing}')}, {quoted(label + missing)} FROM lost"
        )
    return Reference(column, target.name, policy, True, rows, examples)
