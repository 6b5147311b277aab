"""`yibao appraise`: a year of figures in, score sheets, forms and reports out; `appraise new` makes the folder to fill in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from yibao import proofread
from yibao.appraise.appraisal import Appraisal
from yibao.appraise.appraisal import appraise as appraise_year
from yibao.appraise.closing import Remarked, proofread_documents, unexplained
from yibao.appraise.next_year.write import write_next_year
from yibao.appraise.publish import blocking, publish, refusal, target
from yibao.appraise.report.compose import Unwritten
from yibao.appraise.report.composed import Report as Written
from yibao.appraise.report.layout import layout_named
from yibao.appraise.report.write import report_documents, reports_of
from yibao.appraise.report_text import older_words, print_appraisal, print_next_year
from yibao.appraise.template_folder import write_template
from yibao.appraise.template_report import texts as layout_texts
from yibao.commands.telling import CLEAN, FOUND, naming, say
from yibao.errors import UserError
from yibao.proofread.answers import finding_name
from yibao.proofread.printed_lines import printed_lines
from yibao.proofread.read import read_package
from yibao.proofread.report.words import place_words

HELP = "绩效自评：读取一个年度的数，找出互相矛盾的地方，给自评表计分，写出各张表和指标台账。"
OUT_HELP = "文件写到这个文件夹；不写则写到该年度文件夹下的 out"
DRAFT_HELP = "还有妨碍公开的问题时也写出，每个文件都标明草稿"
FORMS_HELP = "只写各张表和指标台账，不写报告（报告的文字还没有写好时）"
LAST_HELP = "与 new 同用：从上年的文件夹带出单位、文字、指标和上年数，建立新的年度"
LAYOUT_HELP = "与 new 同用：报告的版式，益阳（默认）、岳阳、广东，或决算（部门决算公开）"
PDF_HELP = "报告另存一份 .pdf（电脑上装有 LibreOffice 时）"
FOLDER_HELP = "放着 figures 文件夹的文件夹；前面加 new 则建立一个待填的"


def appraise(
    folders: Annotated[list[str] | None, typer.Argument(metavar="[new] 文件夹", help=FOLDER_HELP)] = None,
    out: Annotated[str | None, typer.Option(metavar="文件夹", help=OUT_HELP)] = None,
    draft: Annotated[bool, typer.Option("--draft", help=DRAFT_HELP)] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help=PDF_HELP)] = False,
    forms: Annotated[bool, typer.Option("--forms", help=FORMS_HELP)] = False,
    layout: Annotated[str | None, typer.Option("--layout", metavar="版式", help=LAYOUT_HELP)] = None,
    last: Annotated[str | None, typer.Option("--from", metavar="上年的文件夹", help=LAST_HELP)] = None,
) -> int:
    words = folders or []
    if last is not None:
        return _next_year(words, last, out is not None or layout is not None or draft or pdf or forms)
    if words[:1] == ["new"] and (out is not None or draft or pdf or forms):
        raise UserError(
            "建立新的文件夹时没有文件要写，不用 --out、--draft、--pdf 和 --forms。用法：yibao appraise new 文件夹。"
        )
    if len(words) == 2 and words[0] == "new":
        return _new(Path(words[1]), layout or "")
    if layout is not None:
        raise UserError("--layout 只在建立新的文件夹时用；已有的年度，版式写在“单位.yaml”里。")
    if len(words) != 1 or words[0] == "new":
        raise UserError("请写一个文件夹。用法：yibao appraise 文件夹；建立新的：yibao appraise new 文件夹。")
    return _appraise(Path(words[0]), out, draft, pdf, forms)


def _new(folder: Path, layout: str) -> int:
    written = write_template(folder, layout)
    chosen = layout_named(layout)
    say(f"已在“{folder}”下写出 {len(written)} 个待填的文件，版式“{chosen.name}”。写着【待填】的地方都要填：")
    for path in written:
        say(f"  {path.relative_to(folder)}")
    say(f"报告里还可以写这些文字（放在 figures/文字，没有的不写）：{'、'.join(layout_texts(chosen)[1])}")
    say(f"填好后运行：yibao appraise {folder}。先只要各张表，加 --forms。")
    return CLEAN


def _next_year(words: list[str], last: str, writing: bool) -> int:
    """A new year's folder from last year's; what has to be filled in and looked at goes to standard output."""
    if len(words) != 2 or words[0] != "new" or writing:
        raise UserError("--from 只在建立新的年度时用。用法：yibao appraise new 新的文件夹 --from 上年的文件夹。")
    folder = Path(words[1])
    with naming(Path(last), "处理"):
        made = write_next_year(folder, Path(last))
    print_next_year(made, Console(file=sys.stdout, highlight=False))
    say(f"已在“{folder}”下写出 {made.year} 年度的 {len(made.files)} 个文件。填好后运行：yibao appraise {folder}")
    return CLEAN


def _appraise(year: Path, out: str | None, draft: bool, pdf: bool, forms: bool) -> int:
    """The sheets on the screen, the documents in a folder; what blocks publication leaves the folder as it was."""
    with naming(year, "处理"):
        appraisal = appraise_year(year)
        folder, reasons = target(year, out), blocking(appraisal)
        reports, gaps = ((), ()) if forms else _reports(appraisal, year)
        reasons = (*reasons, *gaps)
        documents = [] if reasons else report_documents(reports)
        remarks = [] if reasons else proofread_documents(appraisal, documents, _remarks)
        reasons = reasons or unexplained(remarks, appraisal.answers)
        print_appraisal(appraisal, Console(file=sys.stdout, highlight=False), reasons, remarks)
        if reasons and not draft:
            say(refusal(reasons), "red")
            return FOUND
        for sentence in older_words(appraisal):
            say(sentence, "yellow")
        for report in reports:
            for remark in report.remarks:
                say(f"“{report.name}”{remark.place}：{remark.said}", "yellow")
        if draft:
            documents = report_documents(reports, draft=True)
        told: list[str] = []
        paths = publish(appraisal, folder, draft=draft, more=documents, pdf=pdf, lines=printed_lines, tell=told.append)
        for path in paths:
            say(f"已写出“{path}”。")
        for sentence in told:
            say(sentence, "yellow")
        if pdf and reports and not any(path.suffix == ".pdf" for path in paths):
            say("没有转出 .pdf：这台电脑没有装 LibreOffice，或它没有转成。请用 Word（WPS）打开 .docx 另存。", "yellow")
    return FOUND if reasons else CLEAN


def _reports(appraisal: Appraisal, year: Path) -> tuple[tuple[Written, ...], tuple[str, ...]]:
    """The year's reports, and the sections that they still need: then they are as a draft prints them."""
    try:
        return reports_of(appraisal, year), ()
    except Unwritten as error:
        return reports_of(appraisal, year, draft=True), error.gaps


def _remarks(folder: Path) -> list[Remarked]:
    """A folder proofread, for `appraise`, which does not know the proofreader."""
    found = [finding for report in proofread.check_package(read_package(folder)) for finding in report.findings]
    return [
        Remarked(f.severity.value, finding_name(f), f.message, place_words(f.evidence.place, file=True)) for f in found
    ]
