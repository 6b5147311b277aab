"""`yibao dip watch`: a year of stays watched; listings on the screen, a workbook and pages where wished, two tables for audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yibao.commands.telling import calendar_year, waiting
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError

HELP = "监测一个年度：CMI、次均费用和同比、指数、偏差、盈亏、清单质控、交给稽核的指标；写成工作簿和页面。"
OUT_HELP = "写工作簿、全区一页、每家机构一页，放进这个文件夹"
CLEAN, MOST = 0, 40


def watch(
    year: Annotated[str | None, typer.Argument(metavar="年度", help="出院的年度，如 2025")] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="文件夹", help=OUT_HELP)] = None,
    workspace: Annotated[str | None, typer.Option("--workspace", metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.dip.watch.told import hospitals, overview, year_on_year
    from yibao.dip.watch.told_leads import quality, top_leads
    from yibao.dip.watch.written import write_files
    from yibao.dip.watch.year import watch_year
    from yibao.region.packs import workspace_pack
    from yibao.store.listing import told
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    asked = _year(year)
    with Workspace.open(find_workspace(workspace)) as opened:
        pack = workspace_pack(opened.path, opened.settings.region)
        with waiting("监测", staged=True) as progress:
            found = watch_year(opened, pack, asked)
            files = write_files(found, pack.name, Path(out), progress) if out else []
        shown = [overview(found), hospitals(found), *year_on_year(found), next(quality(found)), top_leads(found)]
    for listing in shown:
        print("\n".join(told(listing, MOST)), end="\n\n")
    print("指标和所指的住院已写入“DIP监测指标”“DIP监测指标病例”两张表，清单质控不符的住院已写入“DIP清单质控”表。")
    if files:
        print(f"已写出 {files[0]}、{files[1].name} 和 {len(files) - 2} 家机构的页面。")
    return CLEAN


def _year(said: str | None) -> int:
    if said is None:
        raise UserError("请写明年度。用法：yibao dip watch 2025。")
    if not (said.isascii() and said.isdigit()):
        raise UserError(f"年度应是四位数字，如 2025，不能是“{said}”。")
    return calendar_year(int(said))
