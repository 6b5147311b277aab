"""`yibao dip`: rule packs of disease groups (import, show), and stays grouped by them, with the trace."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yibao.commands.telling import UNREADABLE, calendar_year, say, waiting
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError
from yibao.proofread.report.text import pad

if TYPE_CHECKING:
    from yibao.dip.choose import Choice
    from yibao.dip.grouping.cases import Case, Unread
    from yibao.dip.grouping.group import Grouper, Grouping

HELP = "按病种分值付费：分组方案，目录测算，分组，核对，年初点值，月预结算，年终清算，监测。"
GROUP_HELP = "分组：一个 JSON Lines 文件里的病例，或工作区里一个年度出院的全部住院。"
GROUPED_PACK_HELP = "分组方案包；可写几个，按出院日期选用"
TOGETHER = 1000  #: cases that are read before they are printed
SHOWN = 10  #: lines that were not grouped, of those that are told
CLEAN = 0
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def dip(context: typer.Context) -> int:
    if context.invoked_subcommand is None:
        print(context.get_help())
    return CLEAN


def group(
    packs: Annotated[list[str] | None, typer.Option("--pack", metavar="文件夹", help=GROUPED_PACK_HELP)] = None,
    cases: Annotated[str | None, typer.Option(metavar="文件", help="病例，JSON Lines，一行一例")] = None,
    output: Annotated[str, typer.Option("--format", metavar="格式", help="text（默认）或 jsonl")] = "text",
    explain: Annotated[str | None, typer.Option(metavar="ID", help="说明一例怎样分组，换一个编码会怎样")] = None,
    what_if: Annotated[
        bool, typer.Option("--what-if", help="jsonl 的 trace 里也写去掉或换一个编码会怎样（较慢）")
    ] = False,
    year: Annotated[int | None, typer.Option(metavar="年度", help="工作区里这一年出院的住院")] = None,
    region: Annotated[str | None, typer.Option(metavar="地区", help="地区代码；工作区用自己的")] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.dip.choose import Choice
    from yibao.dip.grouping.group import Grouper
    from yibao.dip.packs import opened

    if not packs:
        raise UserError("请用 --pack 写明分组方案包，可写几个。")
    if output not in ("text", "jsonl"):
        raise UserError(f"--format 只能是 text 或 jsonl，不能是“{output}”。")
    if (cases is None) == (year is None):
        raise UserError("请写明 --cases 病例文件，或 --year 年度（工作区）。")
    if year is not None:
        calendar_year(year)
    groupers = [Grouper(opened(path)) for path in packs]
    if year is not None:
        if output != "text" or what_if or region is not None:
            say("--format、--what-if、--region 只用于 --cases 的病例，这里没有用。")
        return _workspace(groupers, year, workspace, explain)
    assert cases is not None
    choice = Choice(groupers, region or "")
    if explain is not None:
        return _explained(choice, Path(cases), explain)
    return _cases(choice, Path(cases), output, what_if)


def _cases(choice: Choice, path: Path, output: str, what_if: bool) -> int:
    from yibao.dip.grouping.cases import Unread, read_cases
    from yibao.dip.grouping.explain import what_ifs
    from yibao.dip.grouping.trace import as_object

    counts: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    refused: list[str] = []
    cases = read_cases(path)
    while some := list(islice(cases, TOGETHER)):
        for found, grouper, case in _grouped(choice, some):
            if isinstance(found, Unread):
                refused.append(found.sentence)
            else:
                counts[found.row.layer if found.row else ""] += 1
                flags.update(found.flags)
            said = as_object(found) if output == "jsonl" else {}
            if what_if and said and grouper is not None:
                said["trace"]["what_if"] = what_ifs(grouper, case)
            sys.stdout.write((_ENCODE(said) if said else _line(found)) + "\n")
    if output == "text":
        print("\n".join((*_totals(counts), *_flagged(flags))))
    return _refused(refused, counts.total())


def _explained(choice: Choice, path: Path, name: str) -> int:
    from yibao.dip.grouping.cases import Unread, read_cases
    from yibao.dip.grouping.explain import explain

    for case in read_cases(path):
        if case.id == name:
            if isinstance(case, Unread):
                raise UserError(case.sentence)
            print("\n".join(explain(choice.grouper(case.discharge_date, f"病例 {case.id} "), case)))
            return CLEAN
    raise UserError(f"“{path.name}”里没有 id 为“{name}”的病例。")


def _refused(sentences: Sequence[str], grouped: int) -> int:
    """The lines that were not grouped, told; their rows stand in the result."""
    for sentence in sentences[:SHOWN]:
        say(sentence, "red")
    if len(sentences) > SHOWN:
        say(f"……还有 {len(sentences) - SHOWN:,} 行", "red")
    if sentences and grouped:
        say(f"{len(sentences):,} 行没有分组（结果里标有 NOT_READ），其余 {grouped:,} 行已分组。", "red")
    return UNREADABLE if sentences else CLEAN


def _grouped(choice: Choice, cases: Sequence[Case | Unread]) -> Iterator[tuple[Grouping | Unread, Grouper | None, Any]]:
    """Runs of cases of one pack together; a case for which no pack holds is given back with the reason."""
    judged = [_judged(choice, case) for case in cases]
    for grouper, run in groupby(judged, key=itemgetter(0)):
        some = [case for _, case in run]
        found = some if grouper is None else grouper.group_all(some)
        yield from ((one, grouper, case) for one, case in zip(found, some, strict=True))


def _judged(choice: Choice, case: Case | Unread) -> tuple[Any, Any]:
    """The case with its grouper, or without one what there is to say."""
    from yibao.dip.grouping.cases import Unread

    if isinstance(case, Unread):
        return None, case
    try:
        return choice.grouper(case.discharge_date, f"病例 {case.id} "), case
    except UserError as error:
        return None, Unread(case.id, error.sentence)


def _line(found: Grouping | Unread) -> str:
    from yibao.dip.grouping.cases import Unread
    from yibao.dip.grouping.explain import result
    from yibao.dip.grouping.group import FLAGS

    if isinstance(found, Unread):
        return f"{pad(found.id or '—', 24)}没有分组：{found.sentence}"

    flags = "；".join(FLAGS.get(flag, flag) for flag in found.flags if flag not in ("NOT_GROUPABLE", "UNGROUPED"))
    return f"{pad(found.id, 24)}{result(found)}{f'　［{flags}］' if flags else ''}"


def _totals(counts: Counter[str]) -> Iterator[str]:
    from yibao.dip.settings import LAYER_NAMES

    yield ""
    total = sum(counts.values())
    said = "，".join(f"{LAYER_NAMES.get(layer, layer or '没有入组')} {n:,}" for layer, n in counts.most_common())
    yield f"共 {total:,} 例：{said}。" if total else "没有病例。"


def _flagged(flags: Counter[str]) -> Iterator[str]:
    from yibao.dip.grouping.group import FLAGS

    yield from (f"  {pad(f'{n:,} 例', 12)}{FLAGS[flag]}" for flag, n in flags.most_common() if flag in FLAGS)


def _workspace(groupers: list, year: int, workspace: str | None, explain: str | None) -> int:  # type: ignore[type-arg]
    from yibao.dip.choose import Choice
    from yibao.dip.grouping.run import explain_visit, group_year
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
