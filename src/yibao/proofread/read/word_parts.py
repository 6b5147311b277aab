"""The parts of a Word document behind its text: which XML holds what, and what paragraph styles bring with them."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from yibao.proofread.read.container import BROKEN_ZIP

_MAIN = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_HEADING = re.compile(r"(?:heading|标题)\s?([1-9])$", re.I)


def val(element: Any) -> str:
    """The `w:val` of an element, "" without one."""
    return "" if element is None else str(element.get(qn("w:val"), ""))


class Parts:
    """The XML parts of a document, found by their relationships."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.main = self._related("_rels/.rels", "officeDocument", "")
        folder, name = posixpath.split(self.main)
        self.rels = f"{folder}/_rels/{name}.rels"
        self.folder = folder

    def xml(self, name: str) -> Any:
        data = self.archive.read(name).replace(_STRICT, _MAIN)
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))

    def optional(self, kind: str) -> Any:
        """The root of a related part (styles, numbering, footnotes), None where there is none or it is broken."""
        try:
            return self.xml(self._related(self.rels, kind, self.folder))
        except (etree.LxmlError, *BROKEN_ZIP):
            return None

    def _related(self, rels: str, kind: str, folder: str) -> str:
        for relation in self.xml(rels).iter(_RELATIONSHIP):
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                target = str(relation.get("Target", ""))
                return (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
        raise KeyError(kind)


class Styles:
    """Heading levels and lists that come with the paragraph styles."""

    def __init__(self, root: Any) -> None:
        self.elements: dict[str, Any] = {}
        self.default = ""
        for style in root.iter(qn("w:style")) if root is not None else ():
            name = style.get(qn("w:styleId"), "")
            self.elements[name] = style
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in {"1", "true", "on"}:
                self.default = name

    def chain(self, name: str) -> Iterator[Any]:
        """The style and those it is based on."""
        seen: set[str] = set()
        name = name or self.default
        while name in self.elements and name not in seen:
            seen.add(name)
            yield self.elements[name]
            name = val(self.elements[name].find(qn("w:basedOn")))

    def level(self, name: str) -> int | None:
        """The heading level of a style, from 1; None for body text."""
        for style in self.chain(name):
            outline = val(style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}"))
            if outline.isdecimal():
                return int(outline) + 1 if int(outline) < 9 else None
            heading = _HEADING.match(val(style.find(qn("w:name"))).strip())
            if heading:
                return int(heading[1])
        return None

    def numbering(self, name: str) -> Any:
        return next(
            (
                found
                for style in self.chain(name)
                if (found := style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None
            ),
            None,
        )
