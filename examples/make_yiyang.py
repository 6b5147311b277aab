"""Writes examples/yiyang-2025/published/: the package that `make demo` proofreads, contradictions included.

    python -m examples.make_yiyang [FOLDER]

The figures and their source are in yiyang_2025.yaml. The same data gives the same bytes: no clock in the files.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from examples.typeset.layout import RIGHT, base_data, fund_table, project_form, whole_form
from examples.typeset.word import Letter
from examples.typeset.workbook import Book, Page

HERE = Path(__file__).parent
FIGURES = HERE / "yiyang_2025.yaml"
PUBLISHED = HERE / "yiyang-2025" / "published"
SUMMARY = "绩效自评报告摘要.docx"
BASE_DATA = "附件1-基础数据表.xlsx"
WHOLE_FORM = "附件2-整体支出绩效自评表.docx"
PROJECT_FORMS = "附件3-项目支出绩效自评表.docx"
FUND_TABLES = "附件4-医保基金预决算收支情况表.xlsx"

EPOCH = (1980, 1, 1, 0, 0, 0)
UNIT = "单位：万元"
SPACES = "\u3000" * 3
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def make(folder: Path = PUBLISHED) -> list[Path]:
    """Write the five files into `folder`; their paths."""
    data = yaml.safe_load(FIGURES.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    printed = {
        SUMMARY: _summary(data),
        BASE_DATA: _base_data(data),
        WHOLE_FORM: _whole_form(data),
        PROJECT_FORMS: _project_forms(data),
        FUND_TABLES: _fund_tables(data),
    }
    paths = []
    for name, document in printed.items():
        path = folder / name
        document.save(path)
        path.write_bytes(without_clock(path.read_bytes()))
        paths.append(path)
    return paths


def without_clock(archive: bytes) -> bytes:
    """The same office document with every time stamp fixed: of the zip's members and of the core properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2026-04-22T00:00:00Z\g<2>", content)
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(info, content)
    return out.getvalue()


def _summary(data: Any) -> Letter:
    summary = data["summary"]
    letter = Letter(summary["title"], data["note"], margin=2.0, size=10.5)
    letter.title(summary["title"], 15)
    for text in summary["body"]:
        if text.startswith("# "):
            letter.paragraph((text[2:], True), indent=True, space=3)
        else:
            letter.paragraph(*_pieces(text), indent=True)
    letter.paragraph((data["bureau"] + SPACES, False), align=RIGHT, space=6)
    letter.paragraph((summary["signed"] + SPACES, False), align=RIGHT)
    return letter


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The heading of a run-in paragraph bold, the rest plain."""
    if not text.startswith("## "):
        yield text, False
        return
    heading, _, rest = text[3:].partition("｜")
    yield heading, True
    if rest:
        yield rest, False


def _whole_form(data: Any) -> Letter:
    form = data["whole_form"]
    letter = Letter(form["title"], data["note"], margin=1.6, size=9)
    letter.paragraph(("附件2", True))
    letter.title(form["title"], 15)
    letter.form(whole_form(form, data["bureau"]))
    letter.paragraph((_signature(form["filed"], "填报人"), False), space=4)
    return letter


def _project_forms(data: Any) -> Letter:
    forms = data["project_forms"]
    letter = Letter(forms["title"], data["note"], margin=1.6, size=9)
    letter.paragraph(("附件3", True))
    for number, form in enumerate(forms["sheets"]):
        letter.title(forms["title"], 15, new_page=number > 0)
        letter.form(project_form(form, data["bureau"]), size=8.5)
        letter.paragraph(("备注：每个一级项目支出一张表。", False), space=4)
        letter.paragraph((_signature(forms["filed"], "填表人"), False))
    return letter


def _base_data(data: Any) -> Book:
    table = data["base_data"]
    book = Book(table["title"], data["note"])
    notes = "说明：“项目支出”填报基本支出以外的支出；“公用经费”填报基本支出中的商品和服务支出。"
    page = Page("附件1", table["title"], _filed_by(data), UNIT, below=(notes, _signature(table["filed"])))
    book.sheet("基础数据表", page, base_data(table), widths=(36, 13, 13, 13, 16, 16, 15))
    return book


def _fund_tables(data: Any) -> Book:
    tables = data["fund_tables"]
    book = Book("2025年度益阳市医疗保险基金预决算收支情况表", data["note"])
    below = (_signature(tables["filed"]),)
    for sheet in tables["sheets"]:
        page = Page("附件4", sheet["title"], _filed_by(data), UNIT, below, thousands=True, header_rows=2)
        book.sheet(sheet["sheet"], page, fund_table(sheet["rows"], tables["columns"]), widths=(38, 18, 18, 18))
    return book


def _filed_by(data: Any) -> str:
    return f"填报单位：{data['bureau']}"


def _signature(filed: str, who: str = "填表人") -> str:
    """The line that a form ends with; names and telephone numbers are left to the bureau."""
    return SPACES.join((f"{who}：", f"填报日期：{filed}", "联系电话：", "单位负责人签字："))


if __name__ == "__main__":
    for written in make(Path(sys.argv[1]) if len(sys.argv) > 1 else PUBLISHED):
        print(written)
