"""What a file really is, whatever its name says, and whether it is safe to open.

A document is hostile input: sizes are bounded before anything is unpacked, XML with a DTD is refused, macros and links
are never touched.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from yibao.errors import UserError

MAX_FILE = 50 * 2**20  #: bytes of a file
MAX_UNPACKED = 300 * 2**20  #: bytes of everything in a .docx or .xlsx
MAX_PART = 30 * 2**20  #: bytes of one XML part that is held as a tree (about twelve times as much memory)
MAX_STREAMED = 150 * 2**20  #: bytes of one sheet, which is streamed: a million formatted blank rows are not rare
MAX_RATIO = 400  #: unpacked to packed, for parts over `RATIO_FROM`
RATIO_FROM = 10 * 2**20
MAX_ENTRIES = 10_000
#: what zipfile raises where a container is damaged
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError, KeyError)
_DTD_WINDOW = 65_536  #: bytes at the head of a part in which a DTD is looked for


class Kind(StrEnum):
    """What the bytes of a file are."""

    DOCX = "Word 文档（.docx）"
    XLSX = "Excel 工作簿（.xlsx）"
    PPTX = "演示文稿（.pptx）"
    ODF = "OpenDocument 文件（.odt/.ods）"
    ZIP = "压缩包"
    DOC = "旧版 Word 文档（.doc/.wps）"
    XLS = "旧版 Excel 工作簿（.xls/.et）"
    PPT = "旧版演示文稿（.ppt）"
    OLE = "旧版 Office 文件"
    ENCRYPTED = "加了密码的 Office 文件"
    PDF = "PDF"
    RTF = "RTF 文档"
    HTML = "网页（HTML）"
    XML = "XML 文件"
    OFD = "OFD 版式文件"
    IMAGE = "图片"
    ARCHIVE = "压缩包（RAR/7z）"
    TEXT = "纯文本"


_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"{\\rtf", Kind.RTF),
    (b"\x89PNG", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"GIF8", Kind.IMAGE),
    (b"BM", Kind.IMAGE),
    (b"II*\x00", Kind.IMAGE),
    (b"MM\x00*", Kind.IMAGE),
    (b"Rar!", Kind.ARCHIVE),
    (b"7z\xbc\xaf", Kind.ARCHIVE),
)
_OLE_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("EncryptedPackage", Kind.ENCRYPTED),
    ("WordDocument", Kind.DOC),
    ("Workbook", Kind.XLS),
    ("PowerPoint Document", Kind.PPT),
    ("Book", Kind.XLS),
)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of sane size.

    Raises UserError where it is missing, a folder, empty, locked or too large.
    """
    try:
        if path.is_dir():
            raise UserError(f"“{path}”是文件夹，这里需要一个文件。")
        size = path.stat().st_size
        if size == 0:
            raise UserError(f"文件“{path}”是空的，没有内容可校对。")
        if size > MAX_FILE:
            raise UserError(
                f"文件“{path}”有 {size / 2**20:.0f} MB，超过 {MAX_FILE // 2**20} MB 的上限；请压缩其中的图片后再试。"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"找不到文件“{path}”，请检查路径和文件名。") from None
    except PermissionError:
        raise UserError(f"没有权限读取文件“{path}”，可能正被其他程序打开；请关闭后再试。") from None
    except (OSError, ValueError):
        raise UserError(f"文件“{path}”读不出来，请确认磁盘或网络盘可用、文件没有损坏。") from None


def kind_of(data: bytes, path: Path) -> Kind:
    """What the bytes are, by their signature. Raises UserError for a broken container."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _zip_kind(path)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in data), Kind.OLE)
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    for magic, kind in _MAGIC:
        if data.startswith(magic) and (magic != b"BM" or b"\0" in data[:64]):
            return kind
    lower = head[:256].lower()
    if lower.startswith((b"<!doctype html", b"<html", b"mime-version:")) and path.suffix.lower() not in {".md", ".txt"}:
        return Kind.HTML
    if lower.startswith(b"<?xml"):
        return Kind.HTML if b"<html" in data[:4096].lower() else Kind.XML
    return Kind.TEXT


def _zip_kind(path: Path) -> Kind:
    with open_zip(path) as archive:
        names = set(archive.namelist())
    if any(name.startswith("word/") for name in names):
        return Kind.DOCX
    if any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    if any(name.startswith("ppt/") for name in names):
        return Kind.PPTX
    if "OFD.xml" in names:
        return Kind.OFD
    return Kind.ODF if "content.xml" in names and "mimetype" in names else Kind.ZIP


def open_zip(path: Path) -> zipfile.ZipFile:
    """The container, opened. Raises UserError where it is broken, encrypted, or would unpack beyond the bounds."""
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN_ZIP:
        raise UserError(f"文件“{path}”已损坏，打不开；请用 Word/WPS/Excel 打开修复后另存，再试一次。") from None
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    swollen = any(e.file_size > RATIO_FROM and e.file_size > MAX_RATIO * max(1, e.compress_size) for e in entries)
    large = any(e.file_size > _most(e.filename) for e in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or swollen or large:
        archive.close()
        raise UserError(f"文件“{path}”解开后过大或结构异常（疑似压缩炸弹），为安全起见不予读取。")
    if any(entry.flag_bits & 0x1 for entry in entries):
        archive.close()
        raise UserError(f"文件“{path}”加了密码，请先去掉密码再校对。")
    return archive


def _most(name: str) -> int:
    """The bytes that a part of this name may have."""
    if name.startswith("xl/worksheets/"):
        return MAX_STREAMED
    return MAX_PART if name.endswith(".xml") else MAX_UNPACKED


def refuse_dtd(path: Path) -> None:
    """Raises UserError if an XML part brings its own DTD: Office never writes one, attackers do."""
    with open_zip(path) as archive:
        for entry in archive.infolist():
            if not entry.filename.endswith((".xml", ".rels")):
                continue
            try:
                with archive.open(entry) as part:
                    head = part.read(_DTD_WINDOW).replace(b"\0", b"")  # UTF-16 looks like ASCII then
            except BROKEN_ZIP:
                raise UserError(f"文件“{path}”已损坏，打不开；请用 Word/WPS/Excel 打开修复后另存，再试一次。") from None
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise UserError(f"文件“{path}”含有不安全的外部实体定义，不予读取；请用 Word/WPS 另存一份再试。")
