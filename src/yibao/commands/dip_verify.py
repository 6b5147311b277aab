"""`yibao dip verify`: the sheets that the city sent, checked; what differs, why, and a list for each hospital."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import CLEAN, FOUND, calendar_year, say, waiting
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.dip.verify.run import Verified
    from yibao.store.importing.result import Imported
    from yibao.store.workspace import Workspace

HELP = "核对统筹区下发的 DIP 各表：分组结果、月预结算、点值、年终清算。先核对各表自己的算术，再逐个病例与目录和参数核对，说明每处差异的原因。"
FILES_HELP = "统筹区下发的文件，先导入再核对；文件夹则导入其中的全部文件；不写则核对工作区里已有的"
YEAR_HELP = "年度；不写则用最近的一年"
PACK_HELP = "分组方案包；可写几个；不写则用统筹区的病种目录"
REGION_HELP = "没有工作区时写明地区代码，如 cn-990421：只核对这些文件，不留下表"
OUT_HELP = "把工作簿、每家机构一份的清单和统筹区的一份写到这个文件夹"
FEW = 30  #: sheets that are told one by one
MOST = 12  #: differences told of a hospital's list on the terminal


def verify(
    files: Annotated[list[str] | None, typer.Argument(metavar="[文件…]", help=FILES_HELP)] = None,
    year: Annotated[int | None, typer.Option(metavar="年度", help=YEAR_HELP)] = None,
    packs: Annotated[list[str] | None, typer.Option("--pack", metavar="文件夹", help=PACK_HELP)] = None,
    out: Annotated[str | None, typer.Option(metavar="文件夹", help=OUT_HELP)] = None,
    region: Annotated[str | None, typer.Option(metavar="地区", help=REGION_HELP)] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    """Exit code 1 where something differs or a row was refused, 0 where nothing does."""
    from yibao.dip.packs import opened as pack_of
    from yibao.dip.verify.run import verify as verified_of
    from yibao.dip.verify.run import write
    from yibao.dip.verify.sheets import latest_year
    from yibao.region.packs import workspace_pack

    if year is not None:
        calendar_year(year)
    opened_packs = [pack_of(path) for path in packs or ()]
    with _workspace(workspace, region, bool(files)) as (opened, kept):
        refused = _imported(opened, files) if files else 0
        with waiting("核对"):
            of_year = year or latest_year(opened)
            verified = verified_of(opened, workspace_pack(opened.path, opened.settings.region), opened_packs, of_year)
            manifest = write(opened, verified) if kept else None
        _tell(opened, verified, Path(out) if out else None)
        if manifest is not None:
            print(f"差异在“DIP核对差异”表，第 {manifest.version} 版。")
    return FOUND if verified.found.differences or refused else CLEAN


@contextmanager
def _workspace(said: str | None, region: str | None, has_files: bool) -> Iterator[tuple[Workspace, bool]]:
    """The workspace, and whether it stays: with a region and files alone it is made for this once."""
    from yibao.region.packs import region as region_of
    from yibao.store.workspace import Workspace

    if region is None:
        with Workspace.open(_found(said, has_files)) as opened:
            yield opened, True
        return
    if said is not None:
        raise UserError("--workspace 和 --region 只能写一个：工作区有自己的地区。")
    if not has_files:
        raise UserError("写了 --region 而没有文件。用法：yibao dip verify 文件… --region 地区代码。")
    region_of(region)
    with TemporaryDirectory() as folder, Workspace.create(Path(folder) / "w", region) as made:
        yield made, False


def _found(said: str | None, has_files: bool) -> Path:
    from yibao.store.settings import find_workspace

    try:
        return find_workspace(said)
    except UserError:
        if said is not None or not has_files:
            raise
        raise UserError(
            "当前文件夹不在工作区里。请用 --workspace 写明工作区的文件夹；没有工作区的，用 --region 写明地区代码，只核对这些文件。"
        ) from None


def _imported(workspace: Workspace, files: list[str]) -> int:
    """Bring the files in; how many rows were refused. UserError where nothing could be read."""
    from yibao.commands.importing import paths
    from yibao.dip.verify.places import keep
    from yibao.store.importing.importer import Request, import_files
    from yibao.store.importing.told import from_titles

    with waiting("正在导入", staged=True) as told:
        found = tuple(paths(files))
        result = import_files(workspace, Request(found), told)
        keep(workspace, result.imported, found, "yibao dip verify")
    for one in _remarkable(result.imported):
        refused = f"，退回 {one.rejected:,}" if one.rejected else ""
        known = "".join(
            f"，{said} {count:,}"
            for said, count in (("与已有的相同", one.unchanged + one.repeated), ("改了已有的", one.replaced))
            if count
        )
        print(f"{one.where} → {one.table.label}：读入 {one.read:,} 行，接受 {one.accepted:,}{known}{refused}")
        if len(result.imported) <= FEW:
            for line in from_titles(one):
                print(line)
            for heading, count in one.merged.items():
                print(f"  “{heading}”空着或合并的 {count:,} 行按上面的值读入")
        if one.replaced:
            print("  改了已有的行：这份是更正后的表，或者同一行写在几份表里而内容不同，见下面的“重复”。")
        for total in one.totals:
            if not total.agrees:
                print(
                    f"  第 {total.row} 行“{total.label}”的{one.table.by_name[total.column].element.label}不是各行之和，见下面的“合计不符”。"
                )
        for reason, count in one.reasons:
            print(f"  退回 {count:,} 行：{reason}")
    for left in (one for one in result.left if "当作说明" not in one.why and "空的" not in one.why):
        print(f"没有导入：{left.where}（{left.why}）")
    if len(result.refused) == 1 and not result.imported:
        raise UserError(result.refused[0])
    for sentence in result.refused:
        say(sentence, "red")
    if result.refused and not result.imported:
        raise UserError("没有一个文件能导入，没有核对。")
    print()
    return sum(one.rejected for one in result.imported) + len(result.refused)


def _remarkable(imported: list[Imported]) -> list[Imported]:
    """The sheets to tell one by one: all where they are few, else those with something to look at; the others are summed up."""
    of = [
        one for one in imported if one.rejected or one.replaced or one.repeated or any(not t.agrees for t in one.totals)
    ]
    if len(imported) <= FEW:
        return imported
    for label in dict.fromkeys(one.table.label for one in imported):
        mine = [one for one in imported if one.table.label == label]
        read, accepted = sum(one.read for one in mine), sum(one.accepted for one in mine)
        print(f"{len(mine)} 张工作表 → {label}：读入 {read:,} 行，接受 {accepted:,}")
    return of


def _tell(workspace: Workspace, verified: Verified, out: Path | None) -> None:
    from yibao.dip.verify.letter import write_letters
    from yibao.dip.verify.listed import Named, by_cause, by_provider, checks, differences, pot
    from yibao.dip.verify.listed import workbook as listings
    from yibao.store.listing import told
    from yibao.store.sheets import write_workbook

    named = Named(workspace.vocabulary, verified)
    print("\n".join(told(checks(verified, named), most=100)) + "\n")
    found = verified.found.differences
    lacking = sum(1 for one in verified.found.checks if one.reason)
    print(
        f"{verified.sheets.year} 年：{len(found):,} 处差异；{len(verified.found.checks) - lacking} 项核对过，{lacking} 项没有核对。"
    )
    if found:
        shared = pot(verified, named)
        for listing in (
            by_cause(verified, named),
            by_provider(verified, named),
            *differences(verified, named),
            *([shared] if shared else []),
        ):
            print("\n" + "\n".join(told(listing, most=MOST)))
    if out is not None:
        write_workbook(out / f"DIP核对-{verified.sheets.year}.xlsx", listings(verified, named))
        letters = write_letters(out, verified, named)
        print(f"\n工作簿和 {len(letters)} 份清单在“{out}”。")
