"""`yibao dip`: rule packs of disease groups (import, show), and stays grouped by them, with the trace."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import waiting
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError
from yibao.proofread.report.text import pad

if TYPE_CHECKING:
    from yibao.dip.cases import Case
    from yibao.dip.choose import Choice
    from yibao.dip.group import Grouping

HELP = "按病种分值付费：分组方案，分组，核对统筹区下发的表。"
GROUP_HELP = "分组：一个 JSON Lines 文件里的病例，或工作区里一个年度出院的全部住院。"
GROUPED_PACK_HELP = "分组方案包；可写几个，按出院日期选用"
CLEAN = 0


def dip(context: typer.Context) -> int:
    if context.invoked_subcommand is None:
        print(context.get_help())
    return CLEAN


def group(
    packs: Annotated[list[str] | None, typer.Option("--pack", metavar="文件夹", help=GROUPED_PACK_HELP)] = None,
    cases: Annotated[str | None, typer.Option(metavar="文件", help="病例，JSON Lines，一行一例")] = None,
    output: Annotated[str, typer.Option("--format", metavar="格式", help="text（默认）或 jsonl")] = "text",
    explain: Annotated[str | None, typer.Option(metavar="ID", help="说明一例怎样分组，换一个编码会怎样")] = None,
    year: Annotated[int | None, typer.Option(metavar="年度", help="工作区里这一年出院的住院")] = None,
    region: Annotated[str | None, typer.Option(metavar="地区", help="地区代码；工作区用自己的")] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.dip.choose import Choice
    from yibao.dip.group import Grouper
    from yibao.dip.packs import opened

    if not packs:
        raise UserError("请用 --pack 写明分组方案包，可写几个。")
    if output not in ("text", "jsonl"):
        raise UserError(f"--format 只能是 text 或 jsonl，不能是“{output}”。")
    if (cases is None) == (year is None):
        raise UserError("请写明 --cases 病例文件，或 --year 年度（工作区）。")
    groupers = [Grouper(opened(path)) for path in packs]
    if year is not None:
        return _workspace(groupers, year, workspace, explain)
    assert cases is not None
    return _cases(Choice(groupers, region or ""), Path(cases), output, explain)


def _cases(choice: Choice, path: Path, output: str, explain: str | None) -> int:
    from yibao.dip.cases import read_cases
    from yibao.dip.explain import explain as explained
    from yibao.dip.trace import as_object

    counts: Counter[str] = Counter()
    for case in read_cases(path):
        if explain is not None and case.id != explain:
            continue
        grouper = choice.grouper(case.discharge_date, f"病例 {case.id} ")
        if explain is not None:
            print("\n".join(explained(grouper, case)))
            return CLEAN
        found = grouper.group(case)
        if output == "jsonl":
            sys.stdout.write(json.dumps(as_object(found), ensure_ascii=False) + "\n")
        else:
            print(_line(case, found))
        counts[found.row.layer if found.row else ""] += 1
    if explain is not None:
        raise UserError(f"“{path.name}”里没有 id 为“{explain}”的病例。")
    if output == "text":
        print("\n".join(_totals(counts)))
    return CLEAN


def _line(case: Case, found: Grouping) -> str:
    from yibao.dip.explain import result
    from yibao.dip.group import FLAGS

    flags = "；".join(FLAGS.get(flag, flag) for flag in found.flags if flag not in ("NOT_GROUPABLE", "UNGROUPED"))
    return f"{pad(case.id, 24)}{result(found)}{f'　［{flags}］' if flags else ''}"


def _totals(counts: Counter[str]) -> Iterator[str]:
    from yibao.dip.settings import LAYER_NAMES

    yield ""
    total = sum(counts.values())
    said = "，".join(f"{LAYER_NAMES.get(layer, layer or '没有入组')} {n:,}" for layer, n in counts.most_common())
    yield f"共 {total:,} 例：{said}。" if total else "没有病例。"


def _workspace(groupers: list, year: int, workspace: str | None, explain: str | None) -> int:  # type: ignore[type-arg]
    from yibao.dip.choose import Choice
    from yibao.dip.run import explain_visit, group_year
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    with Workspace.open(find_workspace(workspace)) as opened:
        choice = Choice(groupers, opened.settings.region)
        if explain is not None:
            print("\n".join(explain_visit(opened, choice, explain)))
            return CLEAN
        with waiting("分组"):
            manifest = group_year(opened, choice, year)
        counts = {
            row["dip_layer"] or "": row["stays"] for row in opened.query(_LAYERS, year=year).read_all().to_pylist()
        }
        print(f"{year} 年出院的住院已分组，结果在“DIP分组（自算）”表，第 {manifest.version} 版。")
        print("\n".join(_totals(Counter(counts))))
    return CLEAN


_LAYERS = """SELECT g.dip_layer, COUNT(*) AS stays FROM dip_groupings AS g
WHERE YEAR(g.discharge_time) = $year GROUP BY g.dip_layer"""
