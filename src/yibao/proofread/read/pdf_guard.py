"""What a PDF may cost: streams that unpack beyond bounds, and drawings that draw each other without end."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from pdfminer.pdftypes import PDFStream, resolve1
from pdfplumber.page import Page

from yibao.errors import UserError

MAX_STREAM = 60 * 2**20  #: bytes of one unpacked content stream
MAX_STREAMS = 400 * 2**20  #: bytes of all of them
_STREAM = re.compile(rb"stream\r?\n")
MAX_DRAWINGS = 20_000  #: forms drawn on one page, each counted as often as it is drawn
_DRAW = re.compile(rb"/([^\s/<>\[\](){}%]{1,127})\s{1,9}Do\b")


def refuse_bomb(path: Path) -> None:
    """Raises UserError where a compressed content stream unpacks beyond the bounds. Pictures are never unpacked."""
    data = path.read_bytes()
    total = 0
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - 400) : found.start()]
        if b"/Image" in head[head.rfind(b"obj") + 1 :] or data[found.end() : found.end() + 1] != b"\x78":
            continue
        unpacked = _unpacked(data[found.end() : found.end() + MAX_STREAM], 0)
        total += unpacked
        if unpacked >= MAX_STREAM or total >= MAX_STREAMS:
            raise UserError(f"文件“{path}”解开后过大（疑似压缩炸弹），为安全起见不予读取。")


def _unpacked(data: bytes, depth: int) -> int:
    try:
        out = zlib.decompressobj().decompress(data, MAX_STREAM)
    except zlib.error:
        return 0
    if out[:1] == b"\x78" and depth < 3:
        return max(len(out), _unpacked(out, depth + 1))
    return len(out)


def draws_too_much(page: Page) -> bool:
    """True for a page whose forms draw other forms more often than a page of a report ever does, or themselves."""
    resources = resolve1(page.page_obj.resources) or {}
    forms = resolve1(resources.get("XObject")) or {}
    if not forms:
        return False
    contents = [resolve1(content) for content in page.page_obj.contents]
    data = b"\n".join(content.get_data() for content in contents if isinstance(content, PDFStream))
    return _drawings(data, forms, {}, frozenset()) > MAX_DRAWINGS


def _drawings(data: bytes, forms: dict[str, Any], known: dict[int, int], above: frozenset[int]) -> int:
    """How many forms a content stream draws, the ones inside them included; more than allowed for a circle."""
    total = 0
    for name, times in Counter(found[1].decode("latin-1") for found in _DRAW.finditer(data)).items():
        form = resolve1(forms.get(name))
        if not isinstance(form, PDFStream) or getattr(form.get("Subtype"), "name", "") != "Form":
            continue
        key = int(form.objid or id(form))
        if key in above:
            return MAX_DRAWINGS + 1
        if key not in known:
            own = resolve1(resolve1(form.get("Resources") or {}).get("XObject")) or forms
            known[key] = 1 + _drawings(form.get_data(), own, known, above | {key})
        total += times * known[key]
        if total > MAX_DRAWINGS:
            break
    return total
