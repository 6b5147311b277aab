"""Why a row is refused, in the words of the clerk who made it: heading, value, what is wrong. SQL over the few rows that need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from yibao.store.importing.rules import columns_of, holds
from yibao.store.importing.stage import declared, unread
from yibao.store.importing.typed import LOST, Cell, quoted, typed_rows
from yibao.vocabulary.tables import RowCheck, Table, Type, Vocabulary

Finding = tuple[str, str, str]  #: the condition, what is said, the same without values; all SQL
KINDS: Mapping[Type, str] = {
    "flag": "不是“是”或“否”",
    "date": "不是日期，应如 2025-01-05",
    "time": "不是日期时间，应如 2025-01-05 08:30:00",
    "year": "不是年度，应如 2025",
    "month": "不是年月，应如 202501",
    "count": "不是整数",
    "money": "不是金额",
    "price": "不是单价",
    "quantity": "不是数量",
    "rate": "不是比例",
    "decimal": "不是数",
}
MOST_VALUES = 9  #: columns of a check whose values are told
LOST_DIGITS = "是科学计数法，后面的数字已经丢失，请在 Excel 里把这一列设为文本后重新导出"


def reasons_sql(
    relation: str, table: Table, cells: Sequence[Cell], vocabulary: Vocabulary, carried: Sequence[str], fault: str = ""
) -> str:
    """A SELECT over raw rows: the carried columns, `why`, and `brief`, the same without values; '' where nothing is wrong with the row by itself."""
    by_name = {cell.column.name: cell for cell in cells}
    found = [(f"{fault} IS NOT NULL", fault, fault)] if fault else []
    for cell in cells:
        found += [(f"{unread(cell.column)} AND {when}", why, brief) for when, why, brief in _unread(cell, vocabulary)]
    found += [_broken(check, table, by_name) for check in table.checks if check.severity == "refuse"]
    absent = "".join(f", {declared(column, False)}" for column in table.columns if column.name not in by_name)
    rows = typed_rows(relation, cells, vocabulary, [*carried, *([fault] if fault else [])])
    why = ", ".join(f"CASE WHEN {when} THEN {said} END" for when, said, _ in found)
    brief = ", ".join(f"CASE WHEN {when} THEN {said} END" for when, _, said in found)
    said = f"concat_ws('；', {why}) AS why, concat_ws('；', {brief}) AS brief"
    return f"SELECT {', '.join(carried)}, {said} FROM (SELECT *{absent} FROM ({rows}))"


def _unread(cell: Cell, vocabulary: Vocabulary) -> Iterator[Finding]:
    """What can be wrong with one cell, at most one of these at a time."""
    z, name, earlier = f"_z_{cell.column.name}", f"“{cell.heading}”", [f"_z_{cell.column.name} IS NULL"]
    yield earlier[0], quoted(f"{name}为空"), quoted(f"{name}为空")
    kind = KINDS.get(cell.column.type, "不能作为代码")
    for condition, why in [
        (f"contains({z}, '{LOST}')", "有不能解读的字节，原文已损坏"),
        *_whys(cell, vocabulary),
        ("true", kind),
    ]:
        value = f"{quoted(f'{name}的值 ')} || left({cell.raw}, 40) || {quoted(f' {why}')}"
        yield f"NOT ({' OR '.join(earlier)}) AND COALESCE({condition}, false)", value, quoted(f"{name}{why}")
        earlier.append(f"COALESCE({condition}, false)")


def _whys(cell: Cell, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Conditions under which more can be said than the kind of the column."""
    column = cell.column
    z, f = f"_z_{column.name}", f"_f_{column.name}"
    if column.type == "code":
        yield f"is_scientific({z})", LOST_DIGITS
        codes = vocabulary.codes_of(column)
        if codes is not None and not codes.is_open:
            known = "、".join(f"{value} {label}" for value, label in list(codes.values.items())[:12])
            yield "true", f"不在代码表“{codes.label}”里（{known}{'…' if len(codes.values) > 12 else ''}）"
        if column.element.digits:
            yield f"regexp_full_match({f}, '[0-9]+')", "位数不对，前面的 0 可能已经丢失"
    elif column.type in ("money", "price", "quantity", "rate", "count", "decimal"):
        yield f"regexp_full_match({z}, '.*[0-9][eE][-+]?[0-9]+')", "是科学计数法，后面的数字可能已经丢失"
        yield f"abs(TRY_CAST({f} AS DOUBLE)) * 1e{cell.digits} >= 9e18", "超出能保存的范围"
        yield f"{f} IS NOT NULL", f"小数超过 {cell.digits} 位" if cell.digits else "应是整数，没有小数"


def _broken(check: RowCheck, table: Table, cells: Mapping[str, Cell]) -> Finding:
    """What the check says, with the values that it is about."""
    named = [cells[name] for name in columns_of(check, table) if name in cells][:MOST_VALUES]
    values = " || '，' || ".join(f"{quoted(f'{cell.heading} ')} || COALESCE({cell.raw}, '空')" for cell in named)
    said = f"{quoted(f'{check.says}（')} || {values} || '）'" if values else quoted(check.says)
    return f"NOT {holds(check)}", said, quoted(check.says)
