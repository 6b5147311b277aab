"""`yibao check`: documents in, findings out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from yibao import proofread
from yibao.commands.telling import CLEAN, FOUND, UNREADABLE, naming, say, waiting
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
from yibao.proofread.report.words import SEVERITY_NAME, count_severities, file_name, printable

HELP = "校对公开文件：找出数字、日期、文字前后矛盾的地方。"
FORMATS = ("text", "json", "html")
PATHS_HELP = "要校对的文件（.docx .pdf .xlsx .xls .txt .md）。几个文件各出一份报告；一个文件夹作为一套互相核对"
FORMAT_HELP = "text 文字（默认）、json 供程序读取、html 网页"
ANNOTATE_HELP = "另存一份加了批注的 Word 文件（只用于一个 .docx），原文件不动"
SAME_HELP = "与公开稿逐个数字比较，列出报送稿与公开稿不同的数"
REGION_HELP = "用哪个地区的公式和评分规则，如 cn-43（湖南）；不写用国家通用规则"
EXPLAIN_HELP = "说明一种核对做什么，附例子；写“全部”列出所有种类"


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
            with naming(path):
                results.append(_proofread(path, request))
        except UserError as error:
            say(error.sentence, "red")
            failed = True
    if results:
        _hand_over(results, request)
    errors = count_severities([r for result in results for r in result.reports])[Severity.ERROR]
    return UNREADABLE if failed else FOUND if errors else CLEAN


def _proofread(path: Path, request: Request) -> Result:
    with waiting(f"正在校对 {file_name(str(path))}") as progress:
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
        say(f"已写出批注文件“{request.annotated}”，共 {count} 条批注；原文件没有改动。")
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
    say(f"{counts}。请用浏览器打开。")


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
    say(f"已写出“{out}”。")


def _explain(word: str, paths: Sequence[str]) -> int:
    if paths:
        raise UserError("--explain 单独使用，不能同时写要校对的文件。")
    if word.strip() in ("全部", "all"):
        print(list_kinds())
        return CLEAN
    kind = find_kind(word)
    if kind is None:
        say(f"没有“{word}”这种核对，下面是全部种类。", "red")
        print(list_kinds())
        return UNREADABLE
    print(explain_kind(kind))
    return CLEAN
