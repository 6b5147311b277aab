"""The data dictionary as Markdown: one table, or all of them (docs/data-dictionary.md is made by `python -m yibao.vocabulary.dictionary`)."""

from __future__ import annotations

from yibao.vocabulary.tables import Column, Table, Vocabulary, load_tables

TYPE_NAMES = {
    "code": "代码", "text": "文字", "flag": "是否", "date": "日期", "time": "日期时间", "year": "年度", "month": "年月", "count": "整数",
    "money": "金额", "price": "单价", "quantity": "数量", "rate": "比例", "decimal": "小数",
}  # fmt: skip
STATUS_NAMES = {"standard": "国家标准", "seen": "见于公开资料，不全", "own": "本系统"}
CUTS = {"year": "年", "month": "月"}
_HEAD = "| 列 | 名称 | 类型 | 可空 | 国家接口代码 | 取值 | 说明 |\n|---|---|---|---|---|---|---|"
_OPENING = """# 数据字典

本页由程序生成（`python -m yibao.vocabulary.dictionary > docs/data-dictionary.md`），声明在 `src/yibao/vocabulary/tables/`。
同名的列在各表里意义相同。导入时，列的英文名、名称、国家接口代码和别名都认得。

金额一律以分的整数保存；单价为百万分之一元，数量、比例为万分之一，都是整数。“可空”一栏写“空白”的，空文字本身是一个值。
"""


def dictionary() -> str:
    """The whole dictionary: tables by subject, then the code lists."""
    vocabulary = load_tables()
    parts = [_OPENING, _contents(vocabulary)]
    parts += [describe(table, vocabulary) for table in vocabulary.tables.values()]
    parts += ["## 代码表\n", *(_code_list(name, vocabulary) for name in vocabulary.codes)]
    return "\n".join(parts).rstrip() + "\n"


def describe(table: Table, vocabulary: Vocabulary) -> str:
    """One table: its grain, key, relations, columns and row checks."""
    lines = [
        f"## {table.name} {table.label}\n",
        f"{table.grain}。\n",
        f"- 主键：{'、'.join(_named(table, name) for name in table.key)}",
    ]
    if table.partition:
        lines.append(f"- 分区：按{_named(table, table.partition.of)}的{CUTS[table.partition.by]}")
    for relation in table.relations:
        lines.append(
            f"- {_named(table, relation.column)} → {relation.table}（{vocabulary.tables[relation.table].label}）"
        )
    lines += _foreign(table)
    lines += ["", _HEAD, *(_row(column, vocabulary) for column in table.columns)]
    if table.checks:
        lines += ["", "每行须满足，否则退回（标“提示”的只提示）：", ""]
        lines += [
            f"- {check.says}{'（提示）' if check.severity == 'flag' else ''} `{check.id}`" for check in table.checks
        ]
    return "\n".join(lines) + "\n"


def _foreign(table: Table) -> list[str]:
    """How a table that another office writes is read."""
    if table.foreign is None:
        return []
    instead = (f"{_named(table, name)}没有时用{'、'.join(known)}" for name, known in table.foreign.instead.items())
    titled = "、".join(_named(table, name) for name in table.foreign.titled)
    lines = [f"- 没有这些列时，看标题、工作表名、文件名：{titled}"] if titled else []
    return [*lines, *(f"- {one}" for one in instead)]


def _contents(vocabulary: Vocabulary) -> str:
    rows = (f"| [{t.name}](#{t.name}-{t.label}) | {t.label} | {t.grain} |" for t in vocabulary.tables.values())
    return "\n".join(("| 表 | 名称 | 粒度 |\n|---|---|---|", *rows, ""))


def _named(table: Table, name: str) -> str:
    return f"{name}（{table.by_name[name].element.label}）"


def _row(column: Column, vocabulary: Vocabulary) -> str:
    element, codes = column.element, vocabulary.codes_of(column)
    kind = TYPE_NAMES[element.type] + (f"（{column.unit}）" if column.unit else "")
    empty = "可空" if column.nullable else "空白" if column.blank else ""
    values = f"[{codes.label}](#{element.codes}-{codes.label})" if codes else ""
    others = (*element.aliases, *column.also)
    said = "；".join(filter(None, (element.meaning, f"别名 {'、'.join(others)}" if others else "")))
    cells = (column.name, element.label, kind, empty, " ".join(element.national), values, said)
    return f"| {' | '.join(cells)} |"


def _code_list(name: str, vocabulary: Vocabulary) -> str:
    codes = vocabulary.codes[name]
    values = "；".join(f"`{code}` {label}" for code, label in codes.values.items())
    if codes.spoken:
        values += "\n\n也写作：" + "；".join(
            f"{said} {f'`{value}`' if value else '（空）'}" for said, value in codes.spoken.items()
        )
    return f"### {name} {codes.label}\n\n{values}\n\n{STATUS_NAMES[codes.status]}。来源：{codes.source}\n"


if __name__ == "__main__":
    print(dictionary(), end="")
