"""The reports of a year written into a folder."""

from __future__ import annotations

from pathlib import Path

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.printed import Printed
from yibao.appraise.report.compose import compose
from yibao.appraise.report.composed import Report, printed
from yibao.appraise.report.pdf import write_pdfs
from yibao.appraise.report.tables import attachments_of
from yibao.appraise.report.text import read_texts
from yibao.appraise.report.word import word_document
from yibao.errors import UserError

_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', "_"))
_LONGEST = 70  #: characters of a file's name: 255 bytes


def reports_of(appraisal: Appraisal, folder: Path) -> tuple[Report, ...]:
    """The reports of the year in `folder`, with its own texts and the forms that its figures fill."""
    return compose(appraisal, read_texts(folder), attachments_of(appraisal))


def write_report(appraisal: Appraisal, folder: Path, out: Path, pdf: bool = False) -> list[Path]:
    """The reports as .docx in `out`, as .pdf too where asked for and LibreOffice is there; the paths written."""
    return write_reports(reports_of(appraisal, folder), out, pdf)


def write_reports(reports: tuple[Report, ...], out: Path, pdf: bool = False) -> list[Path]:
    """Reports that are composed already, as files."""
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for report in reports:
            path = out / file_name(report)
            path.write_bytes(word_document(report))
            written.append(path)
    except OSError as error:
        raise UserError(f"“{out}”写不了（{error.strerror}），请关闭打开着的文件，或换一个位置。") from error
    return written + (write_pdfs(written) if pdf else [])


def file_name(report: Report) -> str:
    """The name of the report's file on any system."""
    return f"{report.name.translate(_FORBIDDEN)[:_LONGEST].strip('. ')}.docx"


def printed_figures(reports: tuple[Report, ...]) -> tuple[Printed, ...]:
    """Every figure that the reports print, for figures.xlsx."""
    return tuple(item for report in reports for item in printed(report, file_name(report)))
