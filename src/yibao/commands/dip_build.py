"""`yibao dip build`, `yibao dip compare`: a catalogue from three years of stays; one year of stays by two catalogues."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import calendar_year, waiting
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.dip.build.run import Built

BUILD_HELP = "用前三年的住院测算一个付费年度的病种目录、分值和系数，写成分组方案包。"
COMPARE_HELP = "同一年的住院用两个分组方案各分一次：哪些病例换了病种，哪些机构得失多少。"
SUMMARY, REPORT = (
    4,
    10,
)  #: listings that are printed, the first of them and those behind the report; all are in report.xlsx
CLEAN = 0


def build(
    year: Annotated[int | None, typer.Argument(metavar="付费年度", help="用它前面三年出院的住院")] = None,
    out: Annotated[
        str | None, typer.Option(metavar="文件夹", help="写成分组方案包，内有 report.xlsx；不写只显示")
    ] = None,
    edition: Annotated[str | None, typer.Option(metavar="版本", help="1.0、2.0 或 3.0；不写按地区包")] = None,
    threshold: Annotated[int | None, typer.Option(metavar="例数", help="核心病种的最低例数；不写按地区包")] = None,
    coverage: Annotated[
        str | None, typer.Option(metavar="比例", help="核心病种的病例覆盖率，如 0.95；不写按地区包")
    ] = None,
    national: Annotated[
        str | None, typer.Option(metavar="文件夹", help="国家目录的分组方案包：先用它的病种，本地的另加")
    ] = None,
    kinds: Annotated[str | None, typer.Option(metavar="文件", help="手术操作的治疗方式和级别")] = None,
    excluded_diagnoses: Annotated[
        str | None, typer.Option("--excluded-diagnoses", metavar="文件", help="不纳入分组的主要诊断")
    ] = None,
    excluded_procedures: Annotated[
        str | None, typer.Option("--excluded-procedures", metavar="文件", help="不纳入分组的手术操作")
    ] = None,
    cci: Annotated[str | None, typer.Option(metavar="文件", help="合并症指数表：编码、合并症、权重")] = None,
    severity: Annotated[str | None, typer.Option(metavar="文件", help="严重程度诊断名单：编码、名单")] = None,
    tcm: Annotated[str | None, typer.Option(metavar="文件", help="中医优势病种，一行一个病种编码")] = None,
    bed_day: Annotated[str | None, typer.Option("--bed-day", metavar="文件", help="按床日付费的病种，同上")] = None,
    diagnoses: Annotated[str | None, typer.Option(metavar="文件", help="诊断编码库（医保版）")] = None,
    operations: Annotated[str | None, typer.Option(metavar="文件", help="手术操作编码库（医保版）")] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.dip.build.run import Wanted, build_year
    from yibao.dip.build.terms import Asked
    from yibao.dip.packs import folder_of
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    if year is None:
        raise UserError("请写明付费年度。用法：yibao dip build 2025 --kinds 手术操作分类.xlsx --out 目录2025。")
    given = {
        "kinds": kinds, "excluded_diagnoses": excluded_diagnoses, "excluded_procedures": excluded_procedures, "comorbidities": cci,
        "severity": severity, "tcm": tcm, "bed_day": bed_day, "diagnoses": diagnoses, "operations": operations,
    }  # fmt: skip
    calendar_year(year)
    files = {name: Path(path) for name, path in given.items() if path}
    asked = Asked(edition, threshold, _share(coverage))
    with Workspace.open(find_workspace(workspace)) as opened, waiting("测算目录"):
        built = build_year(
            opened, Wanted(year, Path(out) if out else None, asked, folder_of(national) if national else None, files)
        )
    _tell(built)
    return CLEAN


def _tell(built: Built) -> None:
    from yibao.store.listing import told

    for listing in [*built.listings[:SUMMARY], *built.listings[REPORT:]]:
        print("\n".join(told(listing)), end="\n\n")
    if built.out is None:
        print("没有写成分组方案包；要写请用 --out 文件夹，全部名单在其中的 report.xlsx。")
    else:
        print(f"分组方案包写在“{built.out}”，全部名单在其中的 report.xlsx；分组用 yibao dip group --pack {built.out}。")


def _share(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        raise UserError(f"--coverage 应是一个比例，如 0.95，不能是“{text}”。") from None


def compare(
    before: Annotated[str | None, typer.Argument(metavar="方案A", help="现用的分组方案包")] = None,
    after: Annotated[str | None, typer.Argument(metavar="方案B", help="要换用的分组方案包")] = None,
    year: Annotated[int | None, typer.Option(metavar="年度", help="用这一年出院的住院")] = None,
    out: Annotated[str | None, typer.Option(metavar="文件夹", help="全部名单写成工作簿 DIP方案比较.xlsx")] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.dip.build.compare import compare_year
    from yibao.dip.build.compared import listings
    from yibao.dip.packs import opened as opened_pack
    from yibao.store.listing import told
    from yibao.store.settings import find_workspace
    from yibao.store.sheets import write_workbook
    from yibao.store.workspace import Workspace

    if before is None or after is None or year is None:
        raise UserError("请写明两个分组方案包和年度。用法：yibao dip compare 方案A 方案B --year 2025。")
    calendar_year(year)
    packs = (opened_pack(before), opened_pack(after))
    with Workspace.open(find_workspace(workspace)) as opened, waiting("比较分组方案"):
        found = listings(compare_year(opened, *packs, year))
    for listing in found:
        print("\n".join(told(listing)), end="\n\n")
    if out is not None:
        path = Path(out) / "DIP方案比较.xlsx"
        write_workbook(path, found)
        print(f"全部名单写在“{path}”。")
    return CLEAN
