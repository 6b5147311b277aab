"""`yibao enrol`: what is asked for, read from the command line; listings to the screen and, where wished, to a workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.enrol_asked import Asked, listed
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.store.listing import Listing

HELP = (
    "参保征缴：参保率、未参保、重复参保、等待期、激励、资助、缴费、个人账户、进度、结构、预警；不写子命令则给出一页概览"
)
PERSON_HELP = "一人一档：一个人的参保关系、身份、缴费、待遇，按时间排列。"
COVERAGE_HELP = "参保率：分母写明；按乡镇、村、困难群众；四册比对和未参保台账。"
DUPLICATES_HELP = "重复参保：找出时间重叠的参保关系，提出保留哪一段的建议，等待审批；从不删除。"
WAITING_HELP = "居民待遇等待期：按缴费记录重新计算，写入“居民待遇等待期”表。"
INCENTIVE_HELP = "连续参保和零报销激励：重新计算事件和大病限额，写入两张表，列出受影响的结算。"
AID_HELP = "资助参保逐人依据；应保未保、应资助未资助、应救未救、没有名单依据的身份。"
LEVY_HELP = "缴费核对：职工、居民应缴与已缴，逐人；财政补助各级应到与实到。"
ACCOUNTS_HELP = "个人账户：逐人逐月应划入与已划入，余额滚存，家人共济的登记核对。"
PROGRESS_HELP = "居民征缴进度：本年度和下一年度，按乡镇排名。"
STRUCTURE_HELP = "参保结构：在职与退休、年龄、原单位（关闭破产企业）的费用。"
WATCH_HELP = "监测预警：年度个人负担累计达到门槛的人，逐月，写明通知哪个部门。"
ON_HELP = "统计日，如 2025-12-31；不写则为缴费记录最后一个月的月末"
YEAR_HELP = "待遇年度；不写则为统计日所在的年度"
OUT_HELP = "把全部名单写成工作簿，放进这个文件夹"
BASIS_HELP = "乡镇和村用哪种分母：户籍、常住、应参保"

On = Annotated[str | None, typer.Option("--on", metavar="日期", help=ON_HELP)]
Year = Annotated[str | None, typer.Option("--year", metavar="年度", help=YEAR_HELP)]
Out = Annotated[str | None, typer.Option("--out", metavar="文件夹", help=OUT_HELP)]
Folder = Annotated[str | None, typer.Option("--workspace", metavar="文件夹", help=WORKSPACE_HELP)]


def enrol(context: typer.Context, on: On = None, year: Year = None, out: Out = None, workspace: Folder = None) -> int:
    if context.invoked_subcommand is not None:
        return 0

    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol import overview

        return [overview.overview(overview.Asked(a.workspace, a.book, a.year, a.on))]

    return listed("概览", made, on, year, out, workspace)


def person(
    who: Annotated[str, typer.Argument(metavar="人员编号", help="人员编号，或完整的证件号码")],
    out: Out = None,
    workspace: Folder = None,
) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol.person import dossier

        return [dossier(a.workspace, who)]

    return listed(f"一人一档-{_plain(who)}", made, None, None, out, workspace, shown=200)


def coverage(
    on: On = None,
    basis: Annotated[str | None, typer.Option("--basis", metavar="口径", help=BASIS_HELP)] = None,
    out: Out = None,
    workspace: Folder = None,
) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol import coverage as of

        return [*of.coverage(a.workspace, a.on, basis), *of.groups(a.workspace, a.on), *of.rosters(a.workspace, a.on)]

    return listed("参保率", made, on, None, out, workspace)


def duplicates(
    approve: Annotated[str | None, typer.Option("--approve", metavar="建议编号", help="批准一条建议")] = None,
    reject: Annotated[str | None, typer.Option("--reject", metavar="建议编号", help="不同意一条建议")] = None,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="审批人")] = "",
    on: On = None,
    out: Out = None,
    workspace: Folder = None,
) -> int:
    if approve and reject:
        raise UserError("--approve 和 --reject 一次只能写一个。")

    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol import duplicates as of

        if number := approve or reject:
            row = of.decide(a.workspace, number, "approved" if approve else "rejected", by, date.today())
            print(
                f"已记录：{number} {'已批准' if approve else '不同意'}，审批人 {row['decided_by']}。参保关系没有改动，请在平台办理。"
            )
            return []
        of.propose(a.workspace, a.book, a.on)
        return [of.listing(a.workspace, a.book, a.on)]

    return listed("重复参保", made, on, None, out, workspace)


def waiting(on: On = None, out: Out = None, workspace: Folder = None) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol.rights import waiting as of

        return of(a.workspace, a.book, a.on)

    return listed("等待期", made, on, None, out, workspace)


def incentive(on: On = None, out: Out = None, workspace: Folder = None) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol.rights import incentives

        return incentives(a.workspace, a.book, a.on)

    return listed("参保激励", made, on, None, out, workspace)


def aid(on: On = None, year: Year = None, out: Out = None, workspace: Folder = None) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol import aid as of

        proofs = of.proofs(a.workspace, a.book.fresh(), a.year, a.on)
        relief = of.unrelieved(a.workspace, a.book.fresh(), a.year, a.on)
        return [*proofs, of.uninsured(a.workspace, a.on), relief, of.unproven(a.workspace, a.on)]

    return listed("资助参保", made, on, year, out, workspace)


def levy(on: On = None, year: Year = None, out: Out = None, workspace: Folder = None) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol.levy import levy as of

        return of(a.workspace, a.book, a.year, a.on)

    return listed("缴费核对", made, on, year, out, workspace)


def accounts(on: On = None, year: Year = None, out: Out = None, workspace: Folder = None) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol.accounts import accounts as of

        return of(a.workspace, a.book, a.year, a.on)

    return listed("个人账户", made, on, year, out, workspace)


def progress(on: On = None, year: Year = None, out: Out = None, workspace: Folder = None) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol.progress import progress as of

        return [of(a.workspace, a.book.fresh(), y, a.on) for y in (a.year, a.year + 1)]

    return listed("征缴进度", made, on, year, out, workspace)


def structure(on: On = None, year: Year = None, out: Out = None, workspace: Folder = None) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol.structure import structure as of

        return of(a.workspace, a.year, a.on)

    return listed("参保结构", made, on, year, out, workspace)


def watch(on: On = None, year: Year = None, out: Out = None, workspace: Folder = None) -> int:
    def made(a: Asked) -> Sequence[Listing]:
        from yibao.enrol.watch import watch as of

        return of(a.workspace, a.book, a.year, a.on)

    return listed("监测预警", made, on, year, out, workspace)


def _plain(said: str) -> str:
    """A name that a file may have; a long number is not spelled out."""
    letters = "".join(c for c in said if c.isalnum())
    return letters[-6:] or "x"


#: subcommand → (function, help), in the order of the help page
SUBCOMMANDS: dict[str, tuple[Callable[..., int], str]] = {
    "person": (person, PERSON_HELP),
    "coverage": (coverage, COVERAGE_HELP),
    "duplicates": (duplicates, DUPLICATES_HELP),
    "waiting": (waiting, WAITING_HELP),
    "incentive": (incentive, INCENTIVE_HELP),
    "aid": (aid, AID_HELP),
    "levy": (levy, LEVY_HELP),
    "accounts": (accounts, ACCOUNTS_HELP),
    "progress": (progress, PROGRESS_HELP),
    "structure": (structure, STRUCTURE_HELP),
    "watch": (watch, WATCH_HELP),
}
