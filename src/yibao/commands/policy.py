"""`yibao policy`: the rules of a region as they stand, what differs between two of them, and what is wrong or missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError
from yibao.proofread.report.text import pad

if TYPE_CHECKING:
    from yibao.region.benefits.told import Line
    from yibao.region.pack import Pack

HELP = "政策包：查看一个地区的待遇规则，比较两个地区或两个日期，检查写法。"
SHOW_HELP = "列出待遇规则：条件、数值、出处、起止日期。可只看一项或一部分，如 resident.inpatient、住院、起付线。"
DIFF_HELP = "两个地区的待遇规则有什么不同；只写一个地区时，用两个 --on 比较两个日期。"
CHECK_HELP = "检查政策包：错误（文件和行）、需要再看的地方、还没有写的项目。有错误时退出码为 1。"
REGION_HELP = "地区代码，如 cn-4309；不写则用工作区的地区"
PACK_HELP = "政策包的文件夹（里面有 pack.yaml），代替地区代码"
ON_HELP = "哪一天执行的规则，如 2025-06-30；不写为今天"
KNOWN_HELP = "按这一天已经公布的文件；不写为全部"
WIDE = 34  #: cells of the column of conditions
CLEAN, FOUND = 0, 1

Region = Annotated[str | None, typer.Option("--region", metavar="地区", help=REGION_HELP)]
Folder = Annotated[str | None, typer.Option("--pack", metavar="文件夹", help=PACK_HELP)]
Known = Annotated[str | None, typer.Option("--known-at", metavar="日期", help=KNOWN_HELP)]
Space = Annotated[str | None, typer.Option("--workspace", metavar="文件夹", help=WORKSPACE_HELP)]


def policy(context: typer.Context) -> int:
    """Without a command: the help page."""
    if context.invoked_subcommand is None:
        print(context.get_help())
    return CLEAN


def show(
    part: Annotated[str | None, typer.Argument(metavar="[项目]", help="参数名的开头，或中文名称的一段")] = None,
    region: Region = None,
    on: Annotated[str | None, typer.Option("--on", metavar="日期", help=ON_HELP)] = None,
    known_at: Known = None,
    pack: Folder = None,
    workspace: Space = None,
) -> int:
    found = _meant_pack(pack or region, workspace)
    day, known = _date(on) or date.today(), _date(known_at)
    keys = _keys(found, day, known, part)
    if not keys:
        raise UserError(f"“{found.name}”的政策包里没有 {day.isoformat()} 执行的“{part or '待遇规则'}”。")
    print(f"{found.name}（{found.code}）　{day.isoformat()} 执行的规则" + (f"，{known} 已公布" if known else ""))
    heading = ""
    for name in keys:
        label, _ = _lines(found, name, day, known)
        above, _, last = label.rpartition("·")
        if above != heading:
            print(f"\n{above}")
            heading = above
        print("\n".join(_shown(found, name, last, day, known)))
    return CLEAN


def diff(
    one: Annotated[str, typer.Argument(metavar="地区", help="地区代码，或政策包的文件夹")],
    other: Annotated[str | None, typer.Argument(metavar="[地区]", help="与它比较的地区或文件夹")] = None,
    on: Annotated[list[str] | None, typer.Option("--on", metavar="日期", help="比较的日期，可写两次")] = None,
    known_at: Known = None,
) -> int:
    from yibao.region.packs import opened

    days = [_date(text) or date.today() for text in on or []]
    if (other is None and len(days) != 2) or len(days) > 2:
        raise UserError(
            "请写两个地区，或一个地区和两个 --on 日期。用法：yibao policy diff cn-9904 --on 2024-12-31 --on 2025-01-01"
        )
    left, right = opened(one), opened(other or one)
    before, after = (days or [date.today()])[0], (days or [date.today()])[-1]
    print(f"{left.name}（{left.code}）{before.isoformat()} → {right.name}（{right.code}）{after.isoformat()}")
    known = _date(known_at)
    differences = list(_differences(_all_lines(left, before, known), _all_lines(right, after, known)))
    print("\n".join(differences) if differences else "没有不同。")
    return CLEAN


def check(
    what: Annotated[
        str | None, typer.Argument(metavar="[地区]", help="地区代码，或政策包的文件夹；不写则用工作区的地区")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="日期", help="按这一天列出还没有写的项目；不写为今天")
    ] = None,
    workspace: Space = None,
) -> int:
    """Exit code 1 where something is wrong."""
    from yibao.region.benefits.checks import problems
    from yibao.region.benefits.survey import missing, warnings

    try:
        found = _meant_pack(what, workspace, checked=False)
        errors = [problem.sentence for above in found.chain() for problem in problems(above)]
    except UserError as error:
        return _told("", [error.sentence], [], [])
    if errors:
        return _told(f"{found.name}（{found.code}）", errors, [], [])
    day = _date(on) or date.today()
    code = _told(f"{found.name}（{found.code}）", [], list(warnings(found)), _labelled(missing(found, day)))
    print(_census(found, day))
    return code


def _told(name: str, errors: list[str], remarks: list[str], absent: list[str]) -> int:
    for title, said in (("错误", errors), ("需要再看", remarks), ("还没有写，用到时会拒绝结算", absent)):
        if said:
            print(f"{title}（{len(said)} 项）：")
            print("\n".join(f"  {line}" for line in said))
    print(f"{name}：没有错误。" if not errors else f"共 {len(errors)} 项错误，请改正后再检查。")
    return FOUND if errors else CLEAN


def _census(pack: Pack, on: date) -> str:
    """How many rules there are, and how far they were checked."""
    from yibao.region.benefits.told import STATUSES

    values = [pack.parameter(name, on=on) for name in _keys(pack, on, None, None)]
    if not values:
        return f"{on.isoformat()} 没有待遇规则。"
    counted = [f"{said} {n}" for status, said in STATUSES.items() if (n := sum(v.status == status for v in values))]
    return f"{on.isoformat()} 执行的待遇规则 {len(values)} 项：{'，'.join(counted)}。"


def _labelled(keys: list[str]) -> list[str]:
    from yibao.region.benefits.knobs import key

    return [f"{pad(name, WIDE)} {key(name).label}" for name in keys]


def _meant_pack(said: str | None, workspace: str | None, *, checked: bool = True) -> Pack:
    """The pack that is meant: as it was said, or that of the workspace."""
    from yibao.region.packs import opened, workspace_pack
    from yibao.store.settings import find_workspace, read_settings

    if said is not None:
        return opened(said, checked=checked)
    try:
        folder = find_workspace(workspace)
    except UserError:
        if workspace is not None:
            raise
        raise UserError("请写明地区，如 --region cn-9904；在工作区里可以不写。") from None
    return workspace_pack(folder, read_settings(folder).region, checked=checked)


def _date(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UserError(f"“{text}”不是日期，应写成 2025-01-31。") from None


def _keys(pack: Pack, on: date, known: date | None, part: str | None) -> list[str]:
    """The keys in force that are meant, in the order of the manual."""
    from yibao.region.benefits.knobs import CARES, KNOBS, LAYERS, SCHEMES, is_benefit, key
    from yibao.region.benefits.rivals import superseded

    names = {name for above in pack.chain() for name in above.parameters}
    places = [*SCHEMES], ["", *CARES, *LAYERS], [knob.name for knob in KNOBS]

    def place(name: str) -> tuple[object, ...]:
        found = key(name) if is_benefit(name) else None
        steps = (found.scheme, found.part, found.knob.name) if found else (name, "", "")
        return (*(known.index(step) if step in known else 99 for step, known in zip(steps, places, strict=True)), name)

    held = [name for name in names if pack.find(name, on=on, known_at=known) and not superseded(pack, name, on, known)]
    asked = [name for name in held if _meant(name, part)]
    return sorted(asked, key=place)


def _meant(name: str, part: str | None) -> bool:
    from yibao.region.benefits.groups import GROUPS, ORDER
    from yibao.region.benefits.knobs import is_benefit, key

    own = name in (GROUPS, ORDER)
    if part is None:
        return own or is_benefit(name)
    said = key(name).label if is_benefit(name) else "身份" if own else ""
    return name == part or name.startswith(f"{part}.") or part in said


def _lines(pack: Pack, name: str, on: date, known: date | None) -> tuple[str, list[Line]]:
    """Label and lines of the value in force."""
    from yibao.region.benefits.groups import GROUPS, ORDER, declared
    from yibao.region.benefits.knobs import is_benefit, key
    from yibao.region.benefits.told import lines
    from yibao.region.benefits.words import in_chinese

    value = pack.parameter(name, on=on, known_at=known)
    if is_benefit(name):
        return key(name).label, lines(key(name), value, declared(pack, on, known))
    if name == ORDER:
        return "身份·次序", [("", "、".join(map(in_chinese, value.value)))]
    if name == GROUPS:
        return "身份·分组", [(group, "、".join(map(in_chinese, of))) for group, of in value.value.items()]
    return name, [("", str(value.value))]


def _shown(pack: Pack, name: str, label: str, on: date, known: date | None) -> Iterator[str]:
    from yibao.region.benefits.told import GRADES, STATUSES, stretch

    value = pack.parameter(name, on=on, known_at=known)
    _, lines = _lines(pack, name, on, known)
    start, end = stretch(pack, name, on, known)
    dates = f"{start.isoformat()} 起" if end is None else f"{start.isoformat()} 至 {end.isoformat()}"
    published = f"，{value.known_from.isoformat()} 公布" if value.known_from else ""
    yield f"  {label}　{name}"
    for who, what in lines:
        yield "      " + (pad(who, WIDE) if who else "") + what
    yield f"      出处：{value.cited}，{dates}{published}（{GRADES[value.grade]}，{STATUSES[value.status]}）"
    if value.reason:
        yield f"      说明：{value.reason}"


def _all_lines(pack: Pack, on: date, known: date | None) -> dict[str, tuple[str, list[Line]]]:
    return {name: _lines(pack, name, on, known) for name in _keys(pack, on, known, None)}


def _differences(old: dict[str, tuple[str, list[Line]]], new: dict[str, tuple[str, list[Line]]]) -> Iterator[str]:
    for name in [*old, *(name for name in new if name not in old)]:
        before, after = dict(old[name][1]) if name in old else {}, dict(new[name][1]) if name in new else {}
        if before == after:
            continue
        yield ""
        yield f"{(old.get(name) or new[name])[0]}　{name}" + (
            "　新增" if name not in old else "　没有了" if name not in new else ""
        )
        for who in [*before, *(who for who in after if who not in before)]:
            if before.get(who) != after.get(who):
                said = " → ".join(found.get(who, "没有写") for found, of in ((before, old), (after, new)) if name in of)
                yield "    " + (pad(who, WIDE) if who else "") + said
