"""The commands. `yibao check` proofreads documents, `yibao appraise` scores a year; everything a user reads is Chinese.

Standard output carries the report and nothing else; progress, notes and errors go to standard error. Exit codes: 0
nothing wrong, 1 a finding of severity error or something that blocks publication, 2 something could not be read, 130 stopped by the user or by the reader of
a pipe.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from typer.core import TyperCommand, TyperGroup

from yibao import __version__, proofread
from yibao.appraise.appraisal import appraise as appraise_year
from yibao.appraise.publish import blocking, publish, refusal, target
from yibao.appraise.report.pdf import write_pdfs
from yibao.appraise.report.write import report_documents, reports_of
from yibao.appraise.report_text import print_appraisal
from yibao.appraise.template_folder import write_template
from yibao.commands import demo as demo_commands
from yibao.errors import UserError
from yibao.proofread.document import Package, Source
from yibao.proofread.findings import Report, Severity
from yibao.proofread.kinds import find_kind
from yibao.proofread.read import read_package
from yibao.proofread.report import annotate as write_comments
from yibao.proofread.report import (
    explain_kind,
    list_kinds,
    print_text,
    render_json,
    render_page,
    render_text,
)
from yibao.proofread.report.annotate import refuse_target
from yibao.proofread.report.text import pad, wrap
from yibao.proofread.report.words import SEVERITY_NAME, count_severities, file_name, printable

FORMATS = ("text", "json", "html")
CLEAN, FOUND, UNREADABLE, STOPPED = 0, 1, 2, 130
PATIENCE = 2.0  #: seconds of work before a progress bar appears
DEBUG = "YIBAO_DEBUG"
WIDTH, LEFT = 80, 30  #: cells: a help page, its left column

PATHS_HELP = "要校对的文件（.docx .pdf .xlsx .xls .txt .md）。几个文件各出一份报告；一个文件夹作为一套互相核对"
FORMAT_HELP = "text 文字（默认）、json 供程序读取、html 网页"
ANNOTATE_HELP = "另存一份加了批注的 Word 文件（只用于一个 .docx），原文件不动"
SAME_HELP = "与公开稿逐个数字比较，列出报送稿与公开稿不同的数"
REGION_HELP = "用哪个地区的公式和评分规则，如 cn-43（湖南）；不写用国家通用规则"
APPRAISE_HELP = "绩效自评：读取一个年度的数，找出互相矛盾的地方，给自评表计分，写出各张表和指标台账。"
OUT_HELP = "文件写到这个文件夹；不写则写到该年度文件夹下的 out"
DRAFT_HELP = "还有妨碍公开的问题时也写出，每个文件都标明草稿"
PDF_HELP = "报告另存一份 .pdf（电脑上装有 LibreOffice 时）"
FOLDER_HELP = "放着 figures 文件夹的文件夹；前面加 new 则建立一个待填的"
EXPLAIN_HELP = "说明一种核对做什么，附例子；写“全部”列出所有种类"


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


@app.callback(invoke_without_command=True, help="医保：医疗保障局的数字账本。现有功能：校对公开文件，绩效自评计分。")
def program(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="显示版本")] = False,
) -> int:
    if version:
        print(f"yibao {__version__}")
    elif context.invoked_subcommand is None:
        print(context.get_help())
    return CLEAN


@app.command("check", cls=ChineseCommand, help="校对公开文件：找出数字、日期、文字前后矛盾的地方。")
def check(
    paths: Annotated[list[str] | None, typer.Argument(metavar="文件或文件夹…", help=PATHS_HELP)] = None,
    format: Annotated[str, typer.Option(metavar="格式", help=FORMAT_HELP)] = "text",
    out: Annotated[str | None, typer.Option(metavar="文件", help="把报告写进这个文件，不显示在屏幕上")] = None,
    annotate: Annotated[str | None, typer.Option(metavar="新文件.docx", help=ANNOTATE_HELP)] = None,
    last_year: Annotated[str | None, typer.Option(metavar="文件或文件夹", help="上年的文件，用来核对上年数")] = None,
    same: Annotated[str | None, typer.Option(metavar="公开稿", help=SAME_HELP)] = None,
    year: Annotated[str | None, typer.Option(metavar="年度", help="文件的年度，如 2025；不写则从文件中识别")] = None,
    region: Annotated[str | None, typer.Option(metavar="地区", help=REGION_HELP)] = None,
    explain: Annotated[str | None, typer.Option(metavar="种类", help=EXPLAIN_HELP)] = None,
) -> int:
    if explain is not None:
        return _explain(explain, paths or [])
    request = _request(paths or [], format, out, annotate, last_year, same, year, region)
    return _carry_out(request)


@app.command("appraise", cls=ChineseCommand, help=APPRAISE_HELP)
def appraise(
    folders: Annotated[list[str] | None, typer.Argument(metavar="[new] 文件夹", help=FOLDER_HELP)] = None,
    out: Annotated[str | None, typer.Option(metavar="文件夹", help=OUT_HELP)] = None,
    draft: Annotated[bool, typer.Option("--draft", help=DRAFT_HELP)] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help=PDF_HELP)] = False,
) -> int:
    words = folders or []
    if words[:1] == ["new"] and (out is not None or draft or pdf):
        raise UserError("建立新的文件夹时没有文件要写，不用 --out、--draft 和 --pdf。用法：yibao appraise new 文件夹。")
    if len(words) == 2 and words[0] == "new":
        written = write_template(Path(words[1]))
        _say(f"已在“{words[1]}”下写出 {len(written)} 个待填的文件。填好后运行：yibao appraise {words[1]}")
        return CLEAN
    if len(words) != 1 or words[0] == "new":
        raise UserError("请写一个文件夹。用法：yibao appraise 文件夹；建立新的：yibao appraise new 文件夹。")
    return _appraise(Path(words[0]), out, draft, pdf)


def _appraise(year: Path, out: str | None, draft: bool, pdf: bool) -> int:
    """The sheets on the screen, the documents in a folder; what blocks publication leaves the folder as it was."""
    with _naming(year, "处理"):
        appraisal = appraise_year(year)
        folder, reasons = target(year, out), blocking(appraisal)
        print_appraisal(appraisal, Console(file=sys.stdout, highlight=False), reasons)
        if reasons and not draft:
            _say(refusal(reasons), "red")
            return FOUND
        reports = reports_of(appraisal, year)
        for report in reports:
            for remark in report.remarks:
                _say(f"“{report.name}”{remark.place}：{remark.said}", "yellow")
        paths = publish(appraisal, folder, draft=draft, more=report_documents(reports, draft=draft))
        pdfs = write_pdfs([path for path in paths if path.suffix == ".docx"]) if pdf else []
        for path in (*paths, *pdfs):
            _say(f"已写出“{path}”。")
        if pdf and reports and not pdfs:
            _say("没有转出 .pdf：这台电脑没有装 LibreOffice，或它没有转成。请用 Word（WPS）打开 .docx 另存。", "yellow")
    return FOUND if reasons else CLEAN


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, checked as far as it can be before any file is read."""

    paths: tuple[Path, ...]
    format: str
    out: Path | None
    annotated: Path | None
    last_year: Path | None
    same: Path | None
    year: int | None
    region: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A package and what is said about it."""

    package: Package
    reports: list[Report]


def _request(
    paths: Sequence[str],
    format: str,
    out: str | None,
    annotated: str | None,
    last_year: str | None,
    same: str | None,
    year: str | None,
    region: str | None,
) -> Request:
    files = tuple(Path(path) for path in paths)
    if not files:
        raise UserError("没有写要校对的文件。用法：yibao check 文件名。")
    if format not in FORMATS:
        raise UserError(f"--format 只能是 text、json 或 html，不能是“{format}”。")
    if same is not None and len(files) != 1:
        raise UserError("--same 只能用一个文件（或文件夹）与公开稿比较，请只写一个。")
    if same is not None:
        others = {"--annotate": annotated, "--last-year": last_year, "--year": year, "--region": region}
        for option in (name for name, value in others.items() if value is not None):
            raise UserError(f"--same 只比较两份文件的数，不能与 {option} 同时使用，请分两次做。")
    if annotated is not None:
        if len(files) != 1 or files[0].is_dir():
            raise UserError("--annotate 一次只能给一个 .docx 文件加批注，请只写一个文件。")
        refuse_target(files[0], Path(annotated))
    target = _target(Path(out), files) if out is not None else None
    return Request(files, format, target, _path(annotated), _path(last_year), _path(same), _year(year), region or None)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def _target(out: Path, files: Sequence[Path]) -> Path:
    if out.is_dir():
        raise UserError(f"--out 后面应是文件名，“{out}”是文件夹。")
    if not out.resolve().parent.is_dir():
        raise UserError(f"文件夹“{out.parent}”不存在，报告没有写出。请先建立文件夹。")
    if any(out.resolve() == file.resolve() for file in files):
        raise UserError(f"--out 不能写到要校对的文件“{out.name}”上，请换一个文件名。")
    return out


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise UserError(f"--year 应为四位数的年度，如 2025，不能是“{text}”。")
    return int(text)


def _carry_out(request: Request) -> int:
    results, failed = [], False
    for path in request.paths:
        try:
            with _naming(path):
                results.append(_proofread(path, request))
        except UserError as error:
            _say(error.sentence, "red")
            failed = True
    if results:
        _hand_over(results, request)
    errors = count_severities([r for result in results for r in result.reports])[Severity.ERROR]
    return UNREADABLE if failed else FOUND if errors else CLEAN


def _proofread(path: Path, request: Request) -> Result:
    with _waiting(path) as progress:
        if request.same is not None:
            filed, published = read_package(path), read_package(request.same)
            return Result(Package(filed.sources + published.sources), proofread.compare(filed, published))
        package = read_package(path, request.last_year)
        reports = proofread.check_package(package, progress=progress, year=request.year, region=request.region)
        return Result(package, reports)


def _hand_over(results: Sequence[Result], request: Request) -> None:
    """Write the comments, then the report where it was asked for: whoever reads our output may stop reading early."""
    reports = [report for result in results for report in result.reports]
    many = len(request.paths) > 1 or any(path.is_dir() for path in request.paths)
    if request.annotated is not None:
        source = _source(results[0].package, request.paths[0])
        count = write_comments(request.paths[0], reports, request.annotated, source=source)
        _say(f"已写出批注文件“{request.annotated}”，共 {count} 条批注；原文件没有改动。")
    if request.format == "html":
        sources = tuple(source for result in results for source in result.package.sources)
        _hand_over_page(render_page(Package(sources), reports), reports, request)
    elif request.format == "json":
        _write(render_json(reports, as_list=many) + "\n", request.out)
    elif request.out is not None:
        _write(render_text(reports), request.out)
    else:
        print_text(reports, Console(file=sys.stdout, highlight=False))


def _source(package: Package, path: Path) -> Source | None:
    return next((source for source in package.sources if file_name(source.path) == path.name), None)


def _hand_over_page(page: str, reports: Sequence[Report], request: Request) -> None:
    """The page goes to `--out`, or down a pipe, or else into a file in the current folder."""
    if request.out is not None or not sys.stdout.isatty():
        _write(page, request.out)
        return
    first = request.paths[0].resolve()
    stem = (first.name if first.is_dir() else first.stem) + ("等" if len(request.paths) > 1 else "")
    _write(page, Path(f"{printable(stem)}.校对.html"))
    counts = "，".join(f"{SEVERITY_NAME[s]} {n} 条" for s, n in count_severities(reports).items())
    _say(f"{counts}。请用浏览器打开。")


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        out.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(
            f"无法写入“{out}”：可能正被别的程序打开，或没有写入权限。请关闭后再试，或换一个位置。"
        ) from error
    _say(f"已写出“{out}”。")


def _explain(word: str, paths: Sequence[str]) -> int:
    if paths:
        raise UserError("--explain 单独使用，不能同时写要校对的文件。")
    if word.strip() in ("全部", "all"):
        print(list_kinds())
        return CLEAN
    kind = find_kind(word)
    if kind is None:
        _say(f"没有“{word}”这种核对，下面是全部种类。", "red")
        print(list_kinds())
        return UNREADABLE
    print(explain_kind(kind))
    return CLEAN


@contextmanager
def _waiting(path: Path) -> Iterator[Any]:
    """Gives a callback for progress; a bar appears on a terminal once the work takes longer than PATIENCE."""
    console = Console(stderr=True)
    columns = (TextColumn("正在校对 {task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task(file_name(str(path)).replace("[", "\\["), total=None)
    timer = threading.Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda stage, share: bar.update(task, total=1.0, completed=share)
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


@contextmanager
def _naming(path: Path, doing: str = "校对") -> Iterator[None]:
    """An error of ours becomes one sentence that names the file."""
    try:
        yield
    except (UserError, KeyboardInterrupt):
        raise
    except Exception as error:
        _trace()
        raise UserError(
            f"{doing}“{file_name(str(path))}”时程序出错（{type(error).__name__}），没有{doing}完。请把这句话和文件一起反馈给维护人员。"
        ) from error


def _trace() -> None:
    if os.environ.get(DEBUG) == "1":
        traceback.print_exc()


def _say(sentence: str, style: str = "") -> None:
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(printable(sentence), style=style)


def _misuse(error: typer.TyperException) -> str:
    """One Chinese sentence for what Typer found wrong with the command line."""
    name = getattr(error, "option_name", None)
    message = error.format_message()
    if name and "such option" in message:
        sentence = f"没有“{name}”这个选项。"
    elif name:
        sentence = f"选项“{name}”后面缺少内容，或写法不对。"
    else:
        sentence = f"命令写法不对（{message}）。"
    return f"{sentence}用 yibao check --help 查看用法。"


demo_app = typer.Typer(cls=ChineseGroup, add_completion=False, rich_markup_mode=None)
demo_app.callback(invoke_without_command=True)(demo_commands.demo)
demo_app.command("county", cls=ChineseCommand, help=demo_commands.COUNTY_HELP)(demo_commands.county)
app.add_typer(demo_app, name="demo", help=demo_commands.HELP)

COMMANDS = frozenset(
    [*(command.name for command in app.registered_commands), *(group.name for group in app.registered_groups)]
)


def run(args: Sequence[str]) -> int:
    """Carry out a command line; the exit code. Nothing the user can cause leaves a traceback."""
    try:
        first = next((arg for arg in args if not arg.startswith("-")), None)
        if first is not None and first not in COMMANDS:
            raise UserError(f"没有“{first}”这个命令。要校对文件，请用：yibao check {first}")
        code = int(app(args=list(args), prog_name="yibao", standalone_mode=False) or CLEAN)
        if code == STOPPED:
            _say("已停止。")
        return code
    except UserError as error:
        _say(error.sentence, "red")
    except typer.TyperException as error:
        _say(_misuse(error), "red")
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # whoever read us has gone: no second error at exit
        return STOPPED
    except Exception as error:
        _trace()
        _say(f"程序出错（{type(error).__name__}）。请把这句话和所用的命令反馈给维护人员。", "red")
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
