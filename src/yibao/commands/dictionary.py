"""`yibao dictionary`: the declared tables, or one of them."""

from __future__ import annotations

from typing import Annotated

import typer

from yibao.errors import UserError

HELP = "数据字典：列出所有标准表；写出表名则列出它的各列。"


def dictionary(
    table: Annotated[str | None, typer.Argument(metavar="[表]", help="英文名或名称，如 fee_lines 或 费用明细")] = None,
) -> int:
    from yibao.vocabulary.dictionary import describe
    from yibao.vocabulary.tables import load_tables

    vocabulary = load_tables()
    if table is None:
        width = max(map(len, vocabulary.tables))
        for declared in vocabulary.tables.values():
            print(f"{declared.name:{width}}  {declared.label}：{declared.grain}")
        print("\n用 yibao dictionary 表名 查看一张表的各列。")
        return 0
    try:
        found = vocabulary.table(table)
    except KeyError:
        raise UserError(f"没有“{table}”这张表。用 yibao dictionary 查看所有的表。") from None
    print(describe(found, vocabulary), end="")
    return 0
