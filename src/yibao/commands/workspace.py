"""`yibao init` makes an empty workspace; `yibao history` tells where the rows of a table come from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yibao.errors import UserError
from yibao.money import Fen, in_unit
from yibao.vocabulary.tables import SCALES, Column, Table

if TYPE_CHECKING:
    from yibao.store.life import Moment
    from yibao.store.manifest import Manifest

INIT_HELP = "建立一个空的工作区：一个文件夹，存放一个地区的标准表。"
HISTORY_HELP = "列出一张表的各个版本：何时、多少行、各项金额合计、由什么产生；写出主键则列出那一行的变化。"
WORKSPACE_HELP = "工作区的文件夹；不写则从当前文件夹往上找"
REGION_HELP = "地区代码，如 cn-4309（益阳）；用它的公式、评分规则和待遇规则"
ENGINE_HELP = "计算引擎：duckdb（默认，一台电脑）或 spark（全省的数据量，需另装 yibao[spark] 和 Java 17）"
KEY_HELP = "一行的主键；主键有几列的，用逗号隔开"
ENGINES = ("duckdb", "spark")
KIND_NAMES = {"file": "文件", "table": "表", "pack": "地区包", "code": "程序"}
_HASH = 12  #: characters of a hash that people read


def init(
    folder: Annotated[str | None, typer.Argument(metavar="文件夹", help="新的或空的文件夹")] = None,
    region: Annotated[str | None, typer.Option(metavar="地区", help=REGION_HELP)] = None,
    engine: Annotated[str, typer.Option(metavar="引擎", help=ENGINE_HELP)] = "duckdb",
) -> int:
    from yibao import __version__
    from yibao.region.packs import region as pack_of
    from yibao.store.settings import Settings, create_folders

    if folder is None or region is None:
        raise UserError("请写明文件夹和地区代码。用法：yibao init 文件夹 --region cn-43。")
    if engine not in ENGINES:
        raise UserError(f"--engine 只能是 duckdb 或 spark，不能是“{engine}”。")
    pack = pack_of(region)
    create_folders(
        Path(folder), Settings.model_validate({"region": region, "engine": engine, "created_by": __version__})
    )
    print(f"已建立工作区“{folder}”：地区 {region}（地区包：{pack.name}），计算引擎 {engine}。")
    return 0


def history(
    table: Annotated[str | None, typer.Argument(metavar="表", help="英文名或名称，如 fee_lines 或 费用明细")] = None,
    key: Annotated[str | None, typer.Option(metavar="主键", help=KEY_HELP)] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.store.life import life
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    if table is None:
        raise UserError("请写明是哪一张表。用法：yibao history 费用明细；用 yibao dictionary 查看所有的表。")
    with Workspace.open(find_workspace(workspace)) as opened:
        declared = opened.table(table)
        versions = list(opened.history(declared.name))
        pruned = {manifest.version for manifest in versions if not opened.has_rows(declared.name, manifest)}
        if not versions:
            print(f"“{declared.label}”（{declared.name}）还没有数据。")
        elif key is None:
            print("\n".join(_versions(declared, versions, pruned)))
        else:
            print("\n".join(_life(declared, key, life(opened, declared.name, key), len(versions) - len(pruned))))
            if pruned:
                print(f"另有 {len(pruned)} 个版本（到第 {max(pruned)} 版为止）的数据已经清理，看不到了。")
    return 0


def _versions(table: Table, versions: list[Manifest], pruned: Collection[int]) -> Iterator[str]:
    yield f"{table.label}（{table.name}）共 {len(versions)} 个版本，新的在前："
    for manifest in versions:
        yield ""
        gone = "　数据已清理" if manifest.version in pruned else ""
        yield f"版本 {manifest.version}　{_when(manifest)}　{manifest.rows:,} 行　内容 {manifest.content[:_HASH]}{gone}"
        sums = [
            f"{table.by_name[n].element.label} {yuan(fen)}" for n, fen in manifest.sums.items() if n in table.by_name
        ]
        if sums:
            yield f"  合计：{'，'.join(sums)}"
        yield from _produced(manifest)


def _produced(manifest: Manifest) -> Iterator[str]:
    by = manifest.produced_by
    code = f"（程序 {by.code}）" if by.code else ""
    yield f"  由 {by.command}{code} 产生"
    for made_from in by.inputs:
        yield f"    来自{KIND_NAMES[made_from.kind]} {made_from.name}　{made_from.content[:_HASH]}"
    if by.parameters:
        yield f"    参数 {'，'.join(f'{name}={value}' for name, value in by.parameters.items())}"


def _life(table: Table, key: str, moments: list[Moment], versions: int) -> Iterator[str]:
    if not moments:
        yield f"{table.label}（{table.name}）的 {versions} 个版本里都没有主键为 {key} 的行。"
        return
    yield f"{table.label}（{table.name}）主键 {key} 的一行，旧的在前："
    for moment in moments:
        head = f"版本 {moment.manifest.version}　{_when(moment.manifest)}　{moment.manifest.produced_by.command}　"
        yield ""
        if moment.row is None:
            yield head + "删去"
        elif moment.before is None:
            yield head + "写入"
            yield from (f"  {_label(table, n)}：{shown(v, table.by_name.get(n))}" for n, v in moment.row.items())
        else:
            yield head + "更正"
            yield from _changes(table, moment.before, moment.row, moment.changed)


def _changes(
    table: Table, before: Mapping[str, Any], row: Mapping[str, Any], changed: tuple[str, ...]
) -> Iterator[str]:
    for name in changed:
        column = table.by_name.get(name)
        yield f"  {_label(table, name)}：{shown(before.get(name), column)} → {shown(row.get(name), column)}"


def shown(value: Any, column: Column | None) -> str:
    """A value as people write it.

    >>> from yibao.vocabulary.tables import load_tables
    >>> columns = load_tables().table("fee_lines").by_name
    >>> shown(-1050, columns["line_amount"]), shown(12500, columns["quantity"]), shown(None, columns["body_site"])
    ('-10.50元', '1.25', '空')
    """
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if column is not None and column.type == "money":
        return yuan(value)
    if column is not None and (digits := SCALES.get(column.type, 0)):
        whole = f"{abs(value):0{digits + 1}d}"
        return ("-" if value < 0 else "") + f"{whole[:-digits]}.{whole[-digits:]}".rstrip("0").rstrip(".")
    return str(value)


def yuan(fen: int) -> str:
    """
    >>> yuan(123456789)
    '1,234,567.89元'
    """
    return f"{in_unit(Fen(fen)):,}元"


def _label(table: Table, name: str) -> str:
    return f"{name}（{table.by_name[name].element.label}）" if name in table.by_name else name


def _when(manifest: Manifest) -> str:
    return manifest.published_at[:16].replace("T", " ")
