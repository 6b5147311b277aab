"""The reports of a year as finished Word files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.publish import Document, marked
from yibao.appraise.report.compose import compose
from yibao.appraise.report.composed import Remark, Report, printed
from yibao.appraise.report.tables import attachments_of
from yibao.appraise.report.text import read_texts
from yibao.appraise.report.word import word_document
from yibao.charts.draw import available

_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', "_"))
NO_PICTURES = "没有画图：这台电脑上画图的组件（altair、vl-convert 和字体）装不全，文字、数和表不受影响，报告照常写出"
_LONGEST = 70  #: characters of a file's name: 255 bytes


def reports_of(appraisal: Appraisal, folder: Path, *, draft: bool = False) -> tuple[Report, ...]:
    """The reports of the year in `folder`, with its own texts and the forms that its figures fill.

    () where the bureau has written no text yet: figures alone make no report. Where pictures cannot be drawn the reports
    go without them, and the first one remarks it. Unwritten where a needed section has no content and no `draft` is asked for.
    """
    texts = read_texts(folder)
    if not texts:
        return ()
    drawable = available()
    reports = compose(appraisal, texts, attachments_of(appraisal), pictures=drawable, draft=draft)
    if drawable:
        return reports
    return (replace(reports[0], remarks=(Remark("图", NO_PICTURES), *reports[0].remarks)), *reports[1:])


def report_documents(reports: tuple[Report, ...], *, draft: bool = False) -> list[Document]:
    """The reports as finished files, with the figures that each prints."""
    found = []
    for report in reports:
        name = file_name(report)
        places = printed(report, marked(name, draft))
        found.append(Document(name, word_document(report, draft=draft), places))
    return found


def file_name(report: Report) -> str:
    """The name of the report's file on any system."""
    return f"{report.name.translate(_FORBIDDEN)[:_LONGEST].strip('. ')}.docx"
