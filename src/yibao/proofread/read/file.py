"""One file → `Source`, by what its bytes are and not by what its name says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from yibao.errors import UserError
from yibao.proofread.document import Source
from yibao.proofread.read.container import Kind, kind_of, read_bytes
from yibao.proofread.read.docx import read_docx
from yibao.proofread.read.office import convert
from yibao.proofread.read.pdf import read_pdf
from yibao.proofread.read.text import read_text
from yibao.proofread.read.xls import read_xls
from yibao.proofread.read.xlsx import read_xlsx

SUPPORTED = frozenset(
    {
        ".docx",
        ".docm",
        ".pdf",
        ".xlsx",
        ".xlsm",
        ".xls",
        ".txt",
        ".md",
        ".csv",
        ".doc",
        ".wps",
        ".et",
        ".rtf",
        ".odt",
        ".ods",
    }
)
_SUFFIXES: dict[Kind, frozenset[str]] = {  # what a file of this kind may be called
    Kind.DOCX: frozenset({".docx", ".docm", ".dotx", ".wps", ".doc"}),
    Kind.XLSX: frozenset({".xlsx", ".xlsm", ".xltx", ".et", ".xls"}),
    Kind.DOC: frozenset({".doc", ".wps", ".wpt", ".dot"}),
    Kind.XLS: frozenset({".xls", ".et", ".xlt"}),
    Kind.PDF: frozenset({".pdf"}),
    Kind.RTF: frozenset({".rtf", ".doc"}),
    Kind.ODF: frozenset({".odt", ".ods"}),
    Kind.TEXT: frozenset({".txt", ".md", ".csv", ".markdown", ".text", ".tsv"}),
}
_SAVE_AS = "请用 Word/WPS/Excel 打开后“另存为” .docx（表格另存为 .xlsx）再校对。"


def read_file(path: Path) -> Source:
    """The file as blocks in reading order.

    Raises UserError, one Chinese sentence with the file and what to do, for every file that cannot be read.
    """
    path = Path(path)
    data = read_bytes(path)
    kind = kind_of(data, path)
    suffix = path.suffix.lower()
    if kind is Kind.ENCRYPTED:
        raise UserError(f"文件“{path}”加了密码，请先去掉密码再校对。")
    if kind not in _SUFFIXES:
        raise UserError(f"文件“{path}”其实是{kind}，不能校对；{_SAVE_AS}")
    if suffix not in _SUFFIXES[kind]:
        if suffix not in SUPPORTED:
            raise UserError(f"不支持“{suffix or '没有后缀'}”格式的文件“{path}”；{_SAVE_AS}")
        raise UserError(f"文件“{path}”的后缀是 {suffix}，内容其实是{kind}；{_SAVE_AS}")
    return _read(path, data, kind)


def _read(path: Path, data: bytes, kind: Kind) -> Source:
    if kind is Kind.DOCX:
        return read_docx(path)
    if kind is Kind.XLSX:
        return read_xlsx(path)
    if kind is Kind.XLS:
        return read_xls(path)
    if kind is Kind.PDF:
        return read_pdf(path)
    if kind is Kind.TEXT:
        return read_text(data, path)
    return _converted(path, kind)


def _converted(path: Path, kind: Kind) -> Source:
    """What only LibreOffice reads, through a .docx or .xlsx in a temporary folder."""
    with convert(path, "xlsx" if path.suffix.lower() == ".ods" else "docx") as made:
        source = read_xlsx(made) if made.suffix == ".xlsx" else read_docx(made)
    return replace(source, path=str(path))
