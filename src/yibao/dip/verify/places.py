"""Where the rows of the city's sheets stand in the files: kept at each import, so that a row in two files, or twice in one, is told.

The tables hold a row once, whatever was sent. A file that repeats most of another one is a correction, or sums the year up: its rows
count once. A row beside that is one that may be paid twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from yibao.dip.verify.found import (
    CLEARING,
    MONTHLY,
    RESULTS,
    VALUES,
    Difference,
    Found,
    Row,
    decimal,
    differs,
    key_of,
    plain,
    yuan,
)
from yibao.dip.verify.presence import month_of
from yibao.dip.verify.priced import beyond
from yibao.dip.verify.sheets import Sheets
from yibao.store.importing.result import Imported
from yibao.store.importing.told import in_words
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

SHEETS = (RESULTS, MONTHLY, VALUES, CLEARING)
PAID = frozenset({"dip_payable", "dip_paid", "clearing_amount", "clearing_balance"})  #: totals by which money moves
BATCH = 50_000  #: rows in hand
MOST = Decimal("0.5")  #: of the smaller of two files, in both: then one stands for the other


Extra = tuple[
    Row, int, int, int
]  #: a row beyond the one that counts: the row, the month of its file, its points (10⁻⁶), those of the one that counts


def keep(workspace: Workspace, imported: Sequence[Imported], files: Sequence[Path], command: str) -> None:
    """Remember where each row stands, and totals that do not add up; a file that comes again takes the place of what it was."""
    mine = [one for one in imported if one.table.name in SHEETS and one.placed is not None]
    if not mine:
        return
    places = pa.array(sorted({one.where for one in mine}))
    for name, told in (("dip_sheet_rows", _rows), ("dip_sheet_totals", _totals)):
        schema = arrow_schema(workspace.table(name))
        added = pa.concat_tables([schema.empty_table(), *(_table(told(one), schema) for one in mine)])
        before = workspace.query(f"SELECT p.* FROM {name} AS p").read_all().cast(schema)
        is_gone = pc.is_in(before["source_place"], places)
        years = pc.unique(
            pa.concat_arrays([*before.filter(is_gone)["service_year"].chunks, *added["service_year"].chunks])
        )
        kept = before.filter(pc.and_(pc.invert(is_gone), pc.is_in(before["service_year"], years)))
        if len(years):
            rows = pa.concat_tables([kept, added])
            produced = workspace.produced(command, inputs=files, rows=rows.num_rows)
            replaces = [str(year) for year in sorted(years.to_pylist())]
            workspace.write(name, rows, produced, replaces, publish_equal=False)


def _table(rows: Iterator[Row], schema: pa.Schema) -> pa.Table:
    """Rows as a table, some ten thousand at a time."""
    parts = iter(lambda: list(islice(rows, BATCH)), [])
    return pa.concat_tables([schema.empty_table(), *(pa.Table.from_pylist(part, schema=schema) for part in parts)])


def _rows(one: Imported) -> Iterator[Row]:
    """The places of one sheet of a file."""
    assert one.placed is not None
    name = one.table.name
    for row in (row for batch in one.placed.to_batches(BATCH) for row in batch.to_pylist()):
        month = month_of(row) if name == RESULTS else row.get("service_month")
        yield {
            "service_year": month // 100 if month else row["service_year"], "dip_sheet": name, "sheet_row_key": key_of(row, name),
            "source_place": one.where, "source_row": row["_row"], "service_month": month, "source_content": row["_content"],
            "dip_points": row.get("dip_points"), "dip_payable": row.get("dip_payable"),
        }  # fmt: skip


def _totals(one: Imported) -> Iterator[Row]:
    """Totals of a sheet that its rows do not come to; of the year of most rows."""
    years = Counter(row["service_year"] for row in _rows(one))
    wrong = [total for total in one.totals if not total.agrees]
    for total in wrong if years else ():
        column = one.table.by_name[total.column]
        yield {
            "service_year": years.most_common(1)[0][0], "dip_sheet": one.table.name, "source_place": one.where,
            "source_row": total.row, "totalled_column": column.element.label,
            "official_value": in_words(total.stated, column.type), "own_value": in_words(total.computed, column.type),
            "effect_amount": total.stated - total.computed if total.column in PAID else None,
        }  # fmt: skip


def check_places(sheets: Sheets, found: Found) -> list[Extra]:
    """Rows that stand more than once, and totals; what is in the sums beyond the rows that count."""
    names = "同一行只在一份文件里出现一次", "各文件的合计行等于各行之和"
    if not sheets.placed:
        for name in names:
            found.not_run(name, "不知道各行在哪份文件里：用 yibao dip verify 文件… 导入的才知道")
        return []
    again = _sent_again(sheets.placed)
    note = "；".join(f"{one}与{other}大部分相同，当作更正或累计" for one, other in sorted(again))
    found.ran(names[0], len(sheets.placed), note)
    extras = list(_repeats(sheets, again, found))
    found.ran(names[1], len({row["source_place"] for row in sheets.placed}))
    for row in sheets.totals:
        where = f"{row['source_place']}第 {row['source_row']} 行"
        says = f"{where}合计的{row['totalled_column']}不是各行之和"
        found.add([
            Difference(row["dip_sheet"], f"{where}|{row['totalled_column']}", "total", "sum", row["official_value"], row["own_value"], says, effect=row["effect_amount"])
        ])  # fmt: skip
    return extras


def _sent_again(placed: Sequence[Row]) -> set[tuple[str, str]]:
    """Pairs of files of which one stands for most of the other."""
    of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in placed:
        of[row["dip_sheet"], row["source_place"]].add(row["sheet_row_key"])
    shared: Counter[tuple[str, str, str]] = Counter()
    for (sheet, _), places in _by_key(placed).items():
        for one, other in combinations(sorted({row["source_place"] for row in places}), 2):
            shared[sheet, one, other] += 1
    return {
        (one, other)
        for (sheet, one, other), number in shared.items()
        if number >= MOST * min(len(of[sheet, one]), len(of[sheet, other]))
    }


def _by_key(placed: Sequence[Row]) -> Mapping[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in placed:
        found[row["dip_sheet"], row["sheet_row_key"]].append(row)
    return found


def _repeats(sheets: Sheets, again: set[tuple[str, str]], found: Found) -> Iterator[Extra]:
    """A difference for each row that stands more than once."""
    months = _month_of_place(sheets.placed)
    there = _there(sheets)
    for (sheet, key), places in sorted(_by_key(sheets.placed).items()):
        row = there.get((sheet, key))
        ordered = sorted(places, key=lambda one: (months[one["source_place"]] != one["service_month"], one["source_place"], one["source_row"]))  # fmt: skip
        first, *rest = ordered
        extra = [one for one in rest if tuple(sorted((first["source_place"], one["source_place"]))) not in again]
        if row is None or not extra:
            continue
        found.add([_difference(sheets, sheet, row, first, extra)])
        if sheet == RESULTS:
            for one in extra:
                yield row, months[one["source_place"]] or month_of(row), one["dip_points"], first["dip_points"]


def _month_of_place(placed: Sequence[Row]) -> dict[str, int | None]:
    """The month of most rows of a file."""
    of: dict[str, Counter[int | None]] = defaultdict(Counter)
    for row in placed:
        of[row["source_place"]][row["service_month"]] += 1
    return {place: counted.most_common(1)[0][0] for place, counted in of.items()}


def _there(sheets: Sheets) -> dict[tuple[str, str], Row]:
    """Rows of the sheets by the key that they had in the file: a stay by its visit, a hospital by its name too."""
    found: dict[tuple[str, str], Row] = {}
    for sheet, rows in ((MONTHLY, sheets.months), (VALUES, sheets.values), (CLEARING, sheets.clearing)):
        for row in rows:
            found[sheet, key_of(row, sheet)] = row
            if sheet != VALUES:
                found.setdefault(
                    (sheet, key_of({**row, "provider_code": sheets.name(row["provider_code"])}, sheet)), row
                )
    for row in sheets.results:
        found[RESULTS, row["settlement_id"]] = row
    for row in sheets.results:
        found.setdefault((RESULTS, row["visit_id"]), row)
    return found


def _difference(sheets: Sheets, sheet: str, row: Row, first: Row, extra: Sequence[Row]) -> Difference:
    all_of = [first, *extra]
    what = "同一次住院" if sheet == RESULTS else "同一家机构的同一行" if sheet in (MONTHLY, CLEARING) else "同一行"
    where = "、".join(f"{one['source_place']}第 {one['source_row']} 行" for one in all_of)
    says = f"{where}是{what}，{_unlike(all_of)}"
    effect = sum(one["dip_payable"] or 0 for one in extra)
    if sheet == RESULTS:
        worth = [beyond(decimal(one["dip_points"]), Decimal(0), row, sheets) for one in extra]
        effect = sum(one for one in worth if one is not None)
    priced = effect if effect else None
    return differs(row, sheet, "file", "duplicate", f"{len(all_of)} 行", "1 行", says, priced)


def _unlike(rows: Sequence[Row]) -> str:
    """Are the rows equal, and what differs where they are not."""
    if len({row["source_content"] for row in rows}) == 1:
        return "内容相同"
    points = [plain(decimal(row["dip_points"])) for row in rows if row["dip_points"] is not None]
    paid = [yuan(row["dip_payable"]) for row in rows if row["dip_payable"] is not None]
    said = [f"点数 {'、'.join(points)}"] if len(set(points)) > 1 else []
    said += [f"应付 {'、'.join(paid)}"] if len(set(paid)) > 1 else []
    return f"内容不同（{'；'.join(said)}）" if said else "内容不同"
