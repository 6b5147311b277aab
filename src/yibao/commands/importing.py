"""`yibao import`: files into the tables of a workspace, and what became of every row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from yibao.commands.telling import CLEAN, FOUND, UNREADABLE, say, waiting
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError

HELP = "导入文件：CSV、TSV、xlsx、Parquet 进入标准表。每一行都有下落：接受、退回（连同原因另存），或不是数据。"
FILES_HELP = "一个或几个文件；文件夹则导入其中的全部文件"
AS_HELP = "是哪张表，英文名或名称；不写则按表头判断"
MAPPING_HELP = "映射文件（YAML）：表头对应的列、单位、代码"
DRY_HELP = "只检查，不写入"
KINDS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".parquet"})


def import_(
    files: Annotated[list[str] | None, typer.Argument(metavar="文件…", help=FILES_HELP)] = None,
    as_: Annotated[str | None, typer.Option("--as", metavar="表", help=AS_HELP)] = None,
    mapping: Annotated[str | None, typer.Option(metavar="文件", help=MAPPING_HELP)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=DRY_HELP)] = False,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    """Exit code 0 where every row was accepted, 1 where rows were refused, 2 where a file could not be read."""
    from yibao.store.importing.importer import Request, import_files
    from yibao.store.importing.mapping import read_mapping
    from yibao.store.importing.told import lines
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    if not files:
        raise UserError("请写明要导入的文件。用法：yibao import 文件…；用 yibao import --help 查看选项。")
    with Workspace.open(find_workspace(workspace)) as opened:
        mapped = read_mapping(Path(mapping), opened.vocabulary) if mapping else None
        name = as_ or (mapped.table if mapped else "")
        request = Request(tuple(paths(files)), opened.table(name) if name else None, mapped, dry_run)
        with waiting("正在导入", staged=True) as told:
            result = import_files(opened, request, told)
            if any(one.placed is not None for one in result.imported):
                from yibao.dip.verify.places import keep

                keep(opened, result.imported, request.files, "yibao import")
        for line in lines(result, opened.vocabulary):
            print(line)
    for sentence in result.refused:
        say(sentence, "red")
    return UNREADABLE if result.refused else FOUND if any(i.rejected for i in result.imported) else CLEAN


def paths(said: list[str]) -> Iterator[Path]:
    """The files that were named, those of a folder in order; UserError for what is not there."""
    for path in map(Path, said):
        if not path.exists():
            raise UserError(f"没有“{path}”这个文件。")
        if path.is_dir():
            found = sorted(
                p for p in path.iterdir() if p.suffix.lower() in KINDS and not p.name.startswith(("~$", "."))
            )
            if not found:
                raise UserError(f"文件夹“{path}”里没有能导入的文件（{'、'.join(sorted(KINDS))}）。")
            yield from found
        else:
            yield path
