"""`yibao prune` takes the files of old versions off the disk, after it has said which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.store.prune import Superfluous

HELP = "清理工作区：列出（加 --yes 则删除）只有旧版本才用的数据文件。现在的数据不会动。"
KEEP_HELP = "每张表保留最近几个版本的数据；不写则为 10"
YES_HELP = "确认删除；不加只列出"


def prune(
    keep: Annotated[int | None, typer.Option(metavar="版本数", help=KEEP_HELP)] = None,
    yes: Annotated[bool, typer.Option("--yes", help=YES_HELP)] = False,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.store import prune as store
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    kept = store.KEEP if keep is None else keep
    if kept < 1:
        raise UserError(f"--keep 至少是 1：现在的版本总是保留，不能是 {kept}。")
    with Workspace.open(find_workspace(workspace)) as opened:
        try:
            found = store.prune(opened, kept) if yes else store.superfluous(opened, kept)
        except OSError as error:
            raise UserError(f"“{error.filename}”删不掉（{error.strerror}），可能有程序正在读，请稍后再试。") from error
    print("\n".join(_told(found, kept, yes)))
    return 0


def _told(found: list[Superfluous], keep: int, done: bool) -> Iterator[str]:
    if not found:
        yield f"没有可以清理的：每张表最近 {keep} 个版本的数据都在用。"
        return
    for one in found:
        lost = f"第 {'、'.join(map(str, one.lost))} 版的数据" if one.lost else ""
        strays = f"{one.strays} 个中断时留下的文件" if one.strays else ""
        what = "，".join(filter(None, (lost, strays)))
        yield f"{one.table.label}（{one.table.name}）共 {one.versions} 个版本：{len(one.files)} 个文件，{_size(one.size)}（{what}）"
    files, size = sum(len(one.files) for one in found), _size(sum(one.size for one in found))
    if done:
        yield f"已删除 {files} 个文件，共 {size}。版本的记录（行数、金额、来源）仍在，用 yibao history 查看。"
    else:
        yield f"可以删除 {files} 个文件，共 {size}；没有删除。确认后加上 --yes，删除后这些旧版本的数据不能恢复。"


def _size(size: int) -> str:
    """
    >>> _size(900), _size(2_500_000), _size(3_000_000_000)
    ('1 KB', '2.5 MB', '3.0 GB')
    """
    if size < 1_000_000:
        return f"{max(round(size / 1000), 1)} KB"
    return f"{size / 1e6:.1f} MB" if size < 1_000_000_000 else f"{size / 1e9:.1f} GB"
