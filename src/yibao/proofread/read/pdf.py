"""PDF with a text layer: ruled tables, joined across pages, and the text around them. A scan is refused.

The text of the file is what remains after page numbers and running heads are taken off; quotes are literal in it.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from yibao.errors import UserError
from yibao.proofread.document import Block, Source, Table
from yibao.proofread.read.assemble import Assembler
from yibao.proofread.read.grid import sections
from yibao.proofread.read.page import PageContent, TextLine, read_page
from yibao.proofread.read.pdf_flow import read_flow
from yibao.proofread.read.pdf_guard import refuse_bomb
from yibao.proofread.read.surround import dress

MAX_PAGES = 500
MAX_SECONDS = 120.0  #: for all pages; what is left then is reported as not read
FEWEST_CHARACTERS = 15  #: a page; less on average is a scan
FULL_PAGE = 200  #: characters; one page with so many makes it no scan
MARGIN_ZONE = 0.09  #: share of the page height at top and bottom where running heads and page numbers stand
_PAGE_NUMBER = re.compile(r"[-—–·\s第]{0,6}\d{1,4}[-—–·\s页]{0,6}(?:[/共]\s?\d{1,4}\s?页?)?$")


def read_pdf(path: Path) -> Source:
    """A PDF as blocks. Raises UserError for a scan, an encrypted, broken or unreadable one."""
    refuse_bomb(path)
    pages, total, warnings = _pages(path)
    characters = sum(page.characters for page in pages)
    looked_at = [page for page in pages if not page.unread]
    if characters < FEWEST_CHARACTERS * len(looked_at) and all(page.characters < FULL_PAGE for page in looked_at):
        raise UserError(
            f"“{path}”是扫描件（只有图像没有文字），无法校对；请提供 Word、Excel 原件，或由 Word 直接导出的文字版 PDF。"
        )
    if sum(page.unmapped for page in pages) * 5 > characters:
        raise UserError(f"“{path}”的字体没有文字编码，读出来是乱码；请提供 Word、Excel 原件。")
    scanned = [str(page.number) for page in pages if page.characters < FEWEST_CHARACTERS and page.pictures]
    if scanned:
        warnings.append(f"“{path}”第 {'、'.join(scanned[:20])} 页是图片，没有读。")
    warnings += [f"“{path}”{page.unread}" for page in pages if page.unread]
    _strip_margins(pages)
    blocks = _blocks(pages)
    if not blocks:
        raise UserError(f"“{path}”里没有读到文字；请提供 Word、Excel 原件。")
    return Source(str(path), "pdf", tuple(dress(blocks)), total, tuple(warnings))


def _pages(path: Path) -> tuple[list[PageContent], int, list[str]]:
    """(pages read, pages in the file, warnings). A broken page is left out with a warning."""
    all_pages = _open(path)
    warnings: list[str] = []
    pages: list[PageContent] = []
    started = time.monotonic()
    for number, page in enumerate(all_pages[:MAX_PAGES], 1):
        if time.monotonic() - started > MAX_SECONDS:
            warnings.append(f"“{path}”读得太慢，第 {number} 页起没有读。")
            break
        try:
            pages.append(read_page(page, number))
            page.close()
        except Exception:  # see `_open`
            warnings.append(f"“{path}”第 {number} 页已损坏，没有读。")
    if len(all_pages) > MAX_PAGES:
        warnings.append(f"“{path}”共 {len(all_pages)} 页，只读了前 {MAX_PAGES} 页。")
    if not pages:
        raise _broken(path)
    return pages, len(all_pages), warnings


def _open(path: Path) -> list[Page]:
    """The pages of the file, not yet read. Raises UserError for an encrypted or broken file."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        return list(pdfplumber.open(io.BytesIO(path.read_bytes())).pages)
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise UserError(f"文件“{path}”加了密码，请先去掉密码再校对。") from None
        raise _broken(path) from None
    except Exception:  # pdfminer raises whatever a broken file makes it stumble over
        raise _broken(path) from None


def _broken(path: Path) -> UserError:
    return UserError(f"PDF 文件“{path}”已损坏，打不开；请重新导出或下载后再试。")


def _strip_margins(pages: Sequence[PageContent]) -> None:
    """Take off page numbers, and lines that stand at the same place at the edge of most pages."""

    def in_margin(page: PageContent, line: TextLine) -> bool:
        return line.top < page.height * MARGIN_ZONE or line.top + line.size > page.height * (1 - MARGIN_ZONE)

    seen = Counter((line.text, round(line.top / 5)) for page in pages for line in page.lines if in_margin(page, line))
    often = max(3, len(pages) // 2)
    for page in pages:
        page.lines = [
            line
            for line in page.lines
            if not (
                in_margin(page, line)
                and (_PAGE_NUMBER.match(line.text) or seen[line.text, round(line.top / 5)] >= often)
            )
        ]


def _blocks(pages: Sequence[PageContent]) -> list[Block]:
    flow = read_flow(pages)
    assembler = Assembler(flow.text, [line for part in flow.parts for line in part.lines])
    blocks: list[Block] = []
    for part in flow.parts:
        if part.table is not None:
            blocks.extend(sections(Table(part.table.rows(), page=part.page)))
        else:
            blocks.extend(assembler.blocks(part.lines))
    return blocks
