"""The reports of a year as finished Word files."""

from __future__ import annotations

from pathlib import Path

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.publish import Document, marked
from yibao.appraise.report.compose import compose
from yibao.appraise.report.composed import Report, printed
from yibao.appraise.report.tables import attachments_of
from yibao.appraise.report.text import read_texts
from yibao.appraise.report.word import word_document

_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', "_"))
_LONGEST = 70  #: characters of a file's name: 255 bytes


def reports_of(appraisal: Appraisal, folder: Path, *, draft: bool = False) -> tuple[Report, ...]:
    """The reports of the year in `folder`, with its own texts and the forms that its figures fill.

    () where the bureau has written no text yet: figures alone make no report. Unwritten where a needed section has no
    content and no `draft` is asked for.
    """
    texts = read_texts(folder)
    return compose(appraisal, texts, attachments_of(appraisal), draft=draft) if texts else ()


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
