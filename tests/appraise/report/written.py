"""Reports as files of a folder, for tests that read them back."""

from __future__ import annotations

from pathlib import Path

from yibao.appraise.report.composed import Report
from yibao.appraise.report.pdf import write_pdfs
from yibao.appraise.report.write import report_documents


def write_reports(reports: tuple[Report, ...], out: Path, pdf: bool = False) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / document.name for document in report_documents(reports)]
    for path, document in zip(paths, report_documents(reports), strict=True):
        path.write_bytes(document.content)
    return paths + (write_pdfs(paths) if pdf else [])
