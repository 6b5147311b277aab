"""The page of an official document: paper, margins, page numbers outside, fonts and stand-ins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.section import Section
from docx.shared import Mm, Pt
from lxml import etree

from yibao.paper.typography import Margins, Type, Typography

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FONT_TABLE = "/word/fontTable.xml"


def element(name: str, attributes: Mapping[str, str] | None = None) -> Any:
    """A Word element, attributes in Word's name space."""
    made = OxmlElement(name)
    for attribute, value in (attributes or {}).items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def set_page(document: Document, typography: Typography, cover: bool) -> None:
    """Paper, margins and page numbers of the first section; `cover`: the first page carries no number."""
    section, page = document.sections[0], typography.page
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    set_margins(section, page)
    section.different_first_page_header_footer = cover
    _without_grid(section)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section, typography)
    _stand_ins(document, typography)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = typography.latin, Pt(typography.styles["body"].size)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), typography.fonts["仿宋"].name)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def set_margins(section: Section, margins: Margins) -> None:
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.footer_distance = Mm(margins.footer)


def _without_grid(section: Section) -> None:
    """No grid of lines: the exact line spacing sets 22 lines a page, and a grid would pull the rows of forms apart."""
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)


def _number(section: Section, typography: Typography) -> None:
    """— 1 —, right on odd pages, left on even ones, one character from the edge of the text."""
    kind = typography.styles["number"]
    sides = ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT))
    for footer, side in sides:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        layout = paragraph.paragraph_format
        layout.left_indent = layout.right_indent = Pt(kind.size)
        for text, code in (("— ", ""), ("", "PAGE"), (" —", "")):
            _field(paragraph, text, code, kind, typography)


def _field(paragraph: Any, text: str, code: str, kind: Type, typography: Typography) -> None:
    run = set_font(paragraph.add_run(text), kind, typography)
    if code:
        run._r.append(element("w:fldChar", {"fldCharType": "begin"}))
        instruction = element("w:instrText")
        instruction.text = code
        run._r.append(instruction)
        run._r.append(element("w:fldChar", {"fldCharType": "end"}))


def set_font(run: Any, kind: Type, typography: Typography, bold: bool = False) -> Any:
    """Chinese characters in the style's font, Latin ones and digits in the document's; 宋体 numbers the pages whole."""
    name = typography.fonts[kind.font].name
    latin = name if kind.font == "宋体" else typography.latin
    run.font.name, run.font.size = latin, Pt(kind.size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    if kind.spacing:
        run._r.get_or_add_rPr().append(element("w:spacing", {"val": str(round(kind.spacing * 20))}))
    if bold or kind.bold:
        run.font.bold = True
    return run


def _stand_ins(document: Document, typography: Typography) -> None:
    """The font table names what to take where a font is not installed."""
    part: Any = next(p for p in document.part.package.iter_parts() if str(p.partname) == _FONT_TABLE)
    table = parse_xml(part.blob)
    for font in typography.fonts.values():
        for old in table.findall(f"{{{_W}}}font"):
            if old.get(f"{{{_W}}}name") == font.name:
                table.remove(old)
        made = element("w:font", {"name": font.name})
        made.append(element("w:altName", {"val": ",".join(font.fallbacks)}))
        made.append(element("w:charset", {"val": "86"}))
        table.append(made)
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)
