"""The commands. `yibao check` proofreads documents, `yibao appraise` scores a year, `yibao enrol` tells who is insured; everything a user reads is Chinese.

Standard output carries the report and nothing else; progress, notes and errors go to standard error. Exit codes: 0
nothing wrong, 1 a finding of severity error or something that blocks publication, 2 something could not be read, 130 stopped by the user or by the reader of
a pipe.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from yibao import __version__
from yibao.commands import appraise as appraise_commands
from yibao.commands import check as check_commands
from yibao.commands import demo as demo_commands
from yibao.commands import demo_compare, dip_build, dip_pack, dip_pay, dip_verify, dip_watch
from yibao.commands import dictionary as dictionary_commands
from yibao.commands import dip as dip_commands
from yibao.commands import enrol as enrol_commands
from yibao.commands import importing as importing_commands
from yibao.commands import infer as infer_commands
from yibao.commands import policy as policy_commands
from yibao.commands import prune as prune_commands
from yibao.commands import quality as quality_commands
from yibao.commands import settle as settle_commands
from yibao.commands import simulate as simulate_commands
from yibao.commands import workspace as workspace_commands
from yibao.commands.telling import CLEAN, DEBUG, STOPPED, UNREADABLE, say, trace
from yibao.errors import UserError
from yibao.proofread.report.text import pad, wrap

WIDTH, LEFT = 80, 30  #: cells: a help page, its left column


class ChineseCommand(TyperCommand):
    """A command whose help page is Chinese, and plain text."""

    def get_help(self, ctx: Any) -> str:
        return _help_page(self, ctx)


class ChineseGroup(TyperGroup):
    """The program, likewise."""

    def get_help(self, ctx: Any) -> str:
        rows = [(name, command.help or "") for name, command in self.commands.items()]
        hint = f"用 {ctx.command_path} 命令 --help 查看一个命令的用法。"
        return "\n".join([_help_page(self, ctx), "", "命令：", *_columns(rows), "", hint])


def _help_page(command: Any, ctx: Any) -> str:
    params = [p for p in command.get_params(ctx) if p.param_type_name == "option"]
    arguments = [p for p in command.get_params(ctx) if p.param_type_name == "argument"]
    usage = " ".join([ctx.command_path, *(p.metavar for p in arguments), "[选项]"])
    rows = [(", ".join(p.opts) + (f" {p.metavar}" if p.metavar else ""), _option_help(p)) for p in params]
    lines = [f"用法：{usage}", "", *wrap(command.help or "", WIDTH), ""]
    if arguments:
        lines += [*_columns([(p.metavar, p.help or "") for p in arguments]), ""]
    return "\n".join([*lines, "选项：", *_columns(rows)])


def _option_help(option: Any) -> str:
    return "显示这份说明" if "--help" in option.opts else option.help or ""


def _columns(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, text in rows:
        for i, line in enumerate(wrap(text, WIDTH - LEFT) or [""]):
            yield "  " + pad("" if i else name, LEFT - 2) + line


app = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)


@app.callback(
    invoke_without_command=True,
    help="医保：医疗保障局的数字账本。现有功能：校对公开文件，绩效自评，标准表的工作区，参保征缴，待遇结算和测算，按病种分组。",
)
def program(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="显示版本")] = False,
) -> int:
    if version:
        print(f"yibao {__version__}")
    elif context.invoked_subcommand is None:
        print(context.get_help())
    return CLEAN


_EXTRA = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.+)\)")
_STRANGE = re.compile(r"No such command '(.+?)'")


def _misuse(error: typer.TyperException, command: str) -> str:
    """One Chinese sentence for what Typer found wrong with the command line."""
    name, message = getattr(error, "option_name", None), error.format_message()
    context, missing = getattr(error, "ctx", None), getattr(error, "param", None)
    if name and "such option" in message:
        sentence = f"没有“{name}”这个选项。"
    elif name:
        sentence = f"选项“{name}”后面缺少内容，或写法不对。"
    elif missing is not None and message.startswith("Missing"):
        sentence = f"没有写“{missing.metavar or missing.name}”。"
    elif missing is not None and message.startswith("Invalid value"):
        place = missing.opts[0] if missing.param_type_name == "option" else missing.metavar or missing.name
        sentence = f"“{place}”{'应是一个整数' if 'integer' in message else '写法不对'}。"
    elif found := _EXTRA.search(message):
        sentence = f"多写了“{found[1]}”。"
    elif found := _STRANGE.search(message):
        sentence = f"没有“{found[1]}”这个命令。"
    else:
        sentence = f"命令写法不对（{message}）。"
    return f"{sentence}用 {context.command_path if context else f'yibao {command}'} --help 查看用法。"


app.command("check", cls=ChineseCommand, help=check_commands.HELP)(check_commands.check)
app.command("appraise", cls=ChineseCommand, help=appraise_commands.HELP)(appraise_commands.appraise)
app.command("init", cls=ChineseCommand, help=workspace_commands.INIT_HELP)(workspace_commands.init)
app.command("history", cls=ChineseCommand, help=workspace_commands.HISTORY_HELP)(workspace_commands.history)
app.command("prune", cls=ChineseCommand, help=prune_commands.HELP)(prune_commands.prune)
app.command("import", cls=ChineseCommand, help=importing_commands.HELP)(importing_commands.import_)
app.command("quality", cls=ChineseCommand, help=quality_commands.HELP)(quality_commands.quality)
app.command("settle", cls=ChineseCommand, help=settle_commands.HELP)(settle_commands.settle)
app.command("simulate", cls=ChineseCommand, help=simulate_commands.HELP)(simulate_commands.simulate)
app.command("dictionary", cls=ChineseCommand, help=dictionary_commands.HELP)(dictionary_commands.dictionary)

demo_app = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
demo_app.callback(invoke_without_command=True)(demo_commands.demo)
demo_app.command("county", cls=ChineseCommand, help=demo_commands.COUNTY_HELP)(demo_commands.county)
demo_app.command("compare", cls=ChineseCommand, help=demo_compare.HELP)(demo_compare.compare)
app.add_typer(demo_app, name="demo", help=demo_commands.HELP)

policy_app = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
policy_app.callback(invoke_without_command=True)(policy_commands.policy)
policy_app.command("show", cls=ChineseCommand, help=policy_commands.SHOW_HELP)(policy_commands.show)
policy_app.command("diff", cls=ChineseCommand, help=policy_commands.DIFF_HELP)(policy_commands.diff)
policy_app.command("check", cls=ChineseCommand, help=policy_commands.CHECK_HELP)(policy_commands.check)
policy_app.command("infer", cls=ChineseCommand, help=infer_commands.HELP)(infer_commands.infer)
app.add_typer(policy_app, name="policy", help=policy_commands.HELP)
enrol_app = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
enrol_app.callback(invoke_without_command=True)(enrol_commands.enrol)
for _name, (_command, _help) in enrol_commands.SUBCOMMANDS.items():
    enrol_app.command(_name, cls=ChineseCommand, help=_help)(_command)
app.add_typer(enrol_app, name="enrol", help=enrol_commands.HELP)

pack_app = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
pack_app.callback(invoke_without_command=True)(dip_pack.pack)
pack_app.command("import", cls=ChineseCommand, help=dip_pack.IMPORT_HELP)(dip_pack.import_)
pack_app.command("show", cls=ChineseCommand, help=dip_pack.SHOW_HELP)(dip_pack.show)

dip_app = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
dip_app.callback(invoke_without_command=True)(dip_commands.dip)
dip_app.command("group", cls=ChineseCommand, help=dip_commands.GROUP_HELP)(dip_commands.group)
dip_app.command("verify", cls=ChineseCommand, help=dip_verify.HELP)(dip_verify.verify)
dip_app.command("build", cls=ChineseCommand, help=dip_build.BUILD_HELP)(dip_build.build)
dip_app.command("compare", cls=ChineseCommand, help=dip_build.COMPARE_HELP)(dip_build.compare)
dip_app.command("open", cls=ChineseCommand, help=dip_pay.OPEN_HELP)(dip_pay.open_)
dip_app.command("settle", cls=ChineseCommand, help=dip_pay.SETTLE_HELP)(dip_pay.settle)
dip_app.command("clear", cls=ChineseCommand, help=dip_pay.CLEAR_HELP)(dip_pay.clear)
dip_app.command("paid", cls=ChineseCommand, help=dip_pay.PAID_HELP)(dip_pay.paid)
dip_app.command("watch", cls=ChineseCommand, help=dip_watch.HELP)(dip_watch.watch)
dip_app.add_typer(pack_app, name="pack", help=dip_pack.HELP)
app.add_typer(dip_app, name="dip", help=dip_commands.HELP)

COMMANDS = frozenset(
    [*(command.name for command in app.registered_commands), *(group.name for group in app.registered_groups)]
)


def run(args: Sequence[str]) -> int:
    """Carry out a command line; the exit code. Nothing the user can cause leaves a traceback."""
    first = next((arg for arg in args if not arg.startswith("-")), None)
    try:
        if first is not None and first not in COMMANDS:
            raise UserError(f"没有“{first}”这个命令。要校对文件，请用：yibao check {first}")
        code = int(app(args=list(args), prog_name="yibao", standalone_mode=False) or CLEAN)
        if code == STOPPED:
            say("已停止。")
        return code
    except UserError as error:
        say(error.sentence, "red")
    except typer.TyperException as error:
        say(_misuse(error, first or "check"), "red")
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # whoever read us has gone: no second error at exit
        return STOPPED
    except Exception as error:
        trace()
        say(f"程序出错（{type(error).__name__}）。请把这句话和所用的命令反馈给维护人员。", "red")
    return UNREADABLE


def main() -> None:
    """The entry point. Output is UTF-8 everywhere, also down a pipe on Windows; libraries keep their remarks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if os.environ.get(DEBUG) != "1":
        warnings.simplefilter("ignore")
        logging.basicConfig(level=logging.CRITICAL)
    sys.exit(run(sys.argv[1:]))
