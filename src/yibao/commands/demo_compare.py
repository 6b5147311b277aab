"""`yibao demo compare`: is what was imported what the county had, table by table, on every engine there is?"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import CLEAN, FOUND, say
from yibao.money import Fen, in_unit

if TYPE_CHECKING:
    from yibao.demo.compare import Compared
    from yibao.store.settings import EngineName

HELP = "比较两个工作区：各表的行数、金额合计（到分）和每一行的内容；装有 Spark 的，两种引擎都算一遍。"


def compare(
    one: Annotated[str, typer.Argument(metavar="工作区甲", help="如造好的县")],
    other: Annotated[str, typer.Argument(metavar="工作区乙", help="如导入后的工作区")],
) -> int:
    from yibao.demo.compare import compare as compared

    engines = _engines()
    found = list(compared(Path(one), Path(other), engines))
    print("\n".join(_told(found)), file=sys.stdout)
    differing = sum(not (table.agrees and table.same_rows) for table in found)
    rows = sum(table.counted[0][1].rows for table in found)
    if differing:
        say(f"{len(found)} 张表中 {differing} 张不一致。", "red")
        return FOUND
    print(f"{len(found)} 张表，{rows:,} 行：行数、各项金额合计、每一行的内容都一致（{'、'.join(engines)}）。")
    return CLEAN


def _engines() -> list[EngineName]:
    if find_spec("pyspark") and (os.environ.get("JAVA_HOME") or shutil.which("java")):
        return ["duckdb", "spark"]
    say("没有装 pyspark 或 Java，只用 duckdb 计算。", "yellow")
    return ["duckdb"]


def _told(found: list[Compared]) -> Iterator[str]:
    """A line for each table that differs: what each side counts."""
    for table in found:
        name = f"{table.table.label}（{table.table.name}）"
        if not table.agrees:
            for where, counted in table.counted:
                sums = "，".join(f"{column} {in_unit(Fen(fen))}" for column, fen in counted.sums)
                yield f"{name} {where}：{counted.rows:,} 行，{sums}"
        elif not table.same_rows:
            yield f"{name}：行数和合计一致，但有的行内容不同"
