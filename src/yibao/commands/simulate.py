"""`yibao simulate`: a year settled again under a changed policy, beside the policy in force. Writes nothing to the tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import CLEAN, Progress, say, tell_page, waiting
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.charts.shapes import Curves
    from yibao.commands.simulation_told import Asked
    from yibao.dip.pay.under import Under
    from yibao.region.benefits.resolve import Benefits
    from yibao.settle.changes import Changed, Sweep
    from yibao.settle.effects import Effects
    from yibao.settle.prepared import Prepared
    from yibao.store.listing import Listing
    from yibao.store.workspace import Workspace

HELP = (
    "政策测算：把一个年度的单据按现行政策和假设的政策各算一遍，比较基金支出、个人负担、谁受益谁多负担、基金可支付月数。"
)
SET_HELP = "假设：参数=数值，如 resident.inpatient.rate.level2=0.75；可写几次，一起生效"
FROM_HELP = "假设自哪一天起执行（按出院日），如 2025-07-01"
PACK_HELP = "与另一个地区的待遇规则比较，写地区代码；与 --set 同写时，在它的上面再改"
YEAR_HELP = "算哪个待遇年度；不写为 --from 的那一年"
SWEEP_HELP = "一个参数的一段取值：参数=起:止:步长，如 resident.inpatient.rate.level2=0.70:0.80:0.01，逐个测算并画图"
OUT_HELP = "另把结果写到这个文件夹：工作簿；有 --sweep 时还有图（SVG、PNG）和网页"
KNOWN_HELP = "只用到这一天为止已经发布的文件（年-月-日）；不写则用全部文件"
USAGE = "请写明假设和执行日期。用法：yibao simulate --set resident.inpatient.rate.level2=0.75 --from 2025-07-01。"
BOOK, PAGE, PICTURE = "政策测算.xlsx", "政策测算.html", "政策测算"


def simulate(
    sets: Annotated[list[str] | None, typer.Option("--set", metavar="参数=数值", help=SET_HELP)] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="日期", help=FROM_HELP)] = None,
    pack: Annotated[str | None, typer.Option("--pack", metavar="地区", help=PACK_HELP)] = None,
    sweep: Annotated[str | None, typer.Option("--sweep", metavar="参数=起:止:步长", help=SWEEP_HELP)] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="年度", help=YEAR_HELP)] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="文件夹", help=OUT_HELP)] = None,
    known_at: Annotated[str | None, typer.Option("--known-at", metavar="日期", help=KNOWN_HELP)] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.region.benefits.resolve import Benefits
    from yibao.region.packs import opened as pack_opened
    from yibao.region.packs import workspace_pack
    from yibao.settle.changes import change, with_changes
    from yibao.settle.changes import sweep as swept_over
    from yibao.settle.prepared import prepare
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    if start is None or not (sets or pack or sweep):
        raise UserError(USAGE)
    on, known = _day(start, "--from"), _day(known_at, "--known-at") if known_at else None
    changes, swept = [change(said) for said in sets or ()], swept_over(sweep) if sweep else None
    if year is not None and year < on.year:
        raise UserError(f"假设自 {on} 起执行，{year} 年度的单据都在它之前，算不出变动。请改 --from 或 --year。")
    with Workspace.open(find_workspace(workspace)) as opened, waiting("测算", staged=True) as progress:
        held = Benefits(workspace_pack(opened.path, opened.settings.region), known)
        other = Benefits(pack_opened(pack), known) if pack else held
        assumed = with_changes(other, changes, on)
        others = [assumed, with_changes(assumed, [swept.at(swept.values[0])], on)] if swept else [assumed]
        progress("读取单据", 0.0)
        prepared = prepare(opened, year or on.year, held, others, (other.pack, on) if pack else None)
        asked = _asked(opened, held, on, prepared.year, changes, other if pack else None)
        if swept is None:
            return _once(opened, prepared, held, assumed, asked, out)
        return _over(opened, prepared, held, assumed, asked, swept, out, progress)


def _day(said: str, option: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise UserError(f"{option} 应是日期，如 2025-07-01，不能是“{said}”。") from None


def _asked(
    workspace: Workspace, held: Benefits, on: date, year: int, changes: list[Changed], other: Benefits | None
) -> Asked:
    from yibao.commands.simulation_told import Asked
    from yibao.settle.changes import written

    said = [f"待遇规则换成“{other.pack.name}”的（{other.pack.code}）"] if other else []
    base = other or held
    for changed in changes:
        before = written(base, changed, on)
        said.append(f"{changed.label}：{f'现为 {before}，' if before else ''}改为 {changed.value}（{changed.key}）")
    return Asked(held.pack.name, year, on, tuple(said))


def _once(
    workspace: Workspace, prepared: Prepared, held: Benefits, assumed: Benefits, asked: Asked, out: str | None
) -> int:
    from yibao.commands.simulation_told import NO_DIP, dip, listings, remarks
    from yibao.settle.effects import Effects
    from yibao.settle.reserves import reserves
    from yibao.settle.simulate import from_day, outcome

    effects = Effects(
        prepared, outcome(prepared, held.plans), outcome(prepared, from_day(held, assumed, asked.on), assumed=True)
    )
    reserve = list(reserves(workspace, held.pack, effects))
    names = dict(workspace.vocabulary.codes["fund"].values)
    found, said = listings(effects, reserve, names), remarks(asked, prepared)
    due = _due(workspace, held, effects)
    if due:
        found = (*found, dip(due, workspace.vocabulary.codes["insurance_type"].values))
        tell_page(asked.title, said, found)
    else:
        _print(asked, said, found, NO_DIP)
    if out is not None:
        _book(out, (asked.title, *said, *(() if due else (f"DIP 应付：{NO_DIP}",))), found)
    return CLEAN


def _due(workspace: Workspace, held: Benefits, effects: Effects) -> list[Under]:
    """What hospitals are due under DIP, before and after; nothing where no stay of the year has points."""
    from yibao.dip.pay.terms import Terms
    from yibao.dip.pay.under import due_under
    from yibao.region.benefits.plan import Fund

    year = effects.prepared.year
    by = effects.after.amounts[:, Fund.POOL] - effects.before.amounts[:, Fund.POOL]
    bills = effects.prepared.bill_id.take(by.nonzero()[0]).to_pylist()
    changes: dict[str, int] = {}
    for bill, fen in zip(bills, by[by != 0].tolist(), strict=True):
        changes[bill] = changes.get(bill, 0) + fen
    return due_under(workspace, Terms(held.pack, date(year, 12, 31)), year, changes)


def _over(
    workspace: Workspace,
    prepared: Prepared,
    held: Benefits,
    assumed: Benefits,
    asked: Asked,
    swept: Sweep,
    out: str | None,
    progress: Progress,
) -> int:
    from yibao.commands import simulation_told as told
    from yibao.region.benefits.knobs import key
    from yibao.settle.changes import with_changes, written
    from yibao.settle.effects import Effects
    from yibao.settle.simulate import from_day, outcome

    before, points = outcome(prepared, held.plans), []
    kind = key(swept.key).knob.kind
    for place, value in enumerate(swept.values):
        progress(f"测算 {value}", place / len(swept.values))
        policy = with_changes(assumed, [swept.at(value)], asked.on)
        effects = Effects(prepared, before, outcome(prepared, from_day(held, policy, asked.on), assumed=True))
        points.append((told.said_of(value, kind), value, effects.totals()))
    first = swept.at(swept.values[0])
    present = written(held, first, asked.on)
    now = next((n for n, value in enumerate(swept.values) if present and str(present) == str(value.normalize())), None)
    listing, chart = told.swept(first.label, points, now)
    said = (
        f"逐个取值：{first.label}（{first.key}）{f'，现为 {present}' if present else ''}",
        *told.remarks(asked, prepared),
    )
    _print(asked, said, (listing,), told.NO_DIP_SWEPT)
    if out is not None:
        _book(out, (asked.title, *said, told.NO_DIP_SWEPT), (listing,))
        _written(out, _pictures(asked, said, listing, chart))
    return CLEAN


def _print(asked: Asked, remarks: tuple[str, ...], listings: tuple[Listing, ...], last: str) -> None:
    tell_page(asked.title, remarks, listings)
    print()
    print("六、DIP 应付" if len(listings) > 1 else "DIP 应付")
    print(last)


def _book(folder: str, remarks: tuple[str, ...], listings: tuple[Listing, ...]) -> None:
    from yibao.store.sheets import write_workbook

    path = Path(folder) / BOOK
    write_workbook(path, listings, remarks)
    say(f"已写出“{path}”。")


def _pictures(asked: Asked, remarks: tuple[str, ...], listing: Listing, chart: Curves) -> dict[str, bytes]:
    """The chart as SVG and PNG, and a page with chart and table; without the drawing libraries a remark."""
    from yibao.charts import draw
    from yibao.commands.simulation_page import page

    if not draw.available():
        say("没有画图：缺少画图的组件，图和网页没有写。", "yellow")
        return {}
    svg = draw.svg(chart)
    return {
        f"{PICTURE}.svg": svg.encode(),
        f"{PICTURE}.png": draw.png(chart),
        PAGE: page(asked.title, remarks, listing, svg, chart.alt).encode(),
    }


def _written(folder: str, files: dict[str, bytes]) -> None:
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (target / name).write_bytes(content)
            say(f"已写出“{target / name}”。")
    except OSError as error:
        raise UserError(f"不能写到“{target}”（{error.strerror}）。请检查文件夹和权限，或另选一个 --out。") from error
