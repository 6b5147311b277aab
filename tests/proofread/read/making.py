"""Small documents made for the tests: .docx from its XML, PDF from coordinates, and blocks as plain lists."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from yibao.proofread.document import Block, Paragraph, Source, Table

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def p(text: str, properties: str = "") -> str:
    """A Word paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    """A table cell; plain text becomes a paragraph."""
    inner = content if content.startswith("<") else p(content) if content else "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str) -> str:
    return "<w:tr>" + "".join(c if c.startswith("<w:tc") else tc(c) for c in cells) + "</w:tr>"


def tbl(*rows: str) -> str:
    return "<w:tbl><w:tblPr/>" + "".join(rows) + "</w:tbl>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def make_docx(path: Path, body: str, *, namespace: str = W, head: str = "", **parts: str) -> Path:
    """A .docx with the given body XML; `parts` are whole roots: styles=…, numbering=…, footnotes=…."""
    kinds = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for n, name in enumerate(parts)
    )
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'{rels}<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/_rels/document.xml.rels", f"{rels}{kinds}</Relationships>")
        mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
        archive.writestr(
            "word/document.xml",
            f'{head}<w:document xmlns:w="{namespace}" {mc}><w:body>{body}<w:sectPr/></w:body></w:document>',
        )
        for name, root in parts.items():
            archive.writestr(f"word/{name}.xml", root)
    return path


def numbering(*levels: tuple[str, str]) -> str:
    """A numbering part with one list: (number format, text) for each level."""
    inner = "".join(
        f'<w:lvl w:ilvl="{k}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for k, (form, text) in enumerate(levels)
    )
    return f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{inner}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'


def numbered(level: int = 0, num_id: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'


class Pdf:
    """Pages of text and ruled lines at points from the top left corner, A4."""

    HEIGHT = 842
    WIDTH = 595

    def __init__(self) -> None:
        self.pages: list[list[bytes]] = []

    def page(self) -> Pdf:
        self.pages.append([])
        return self

    def text(self, x: float, y: float, text: str, size: int = 12) -> Pdf:
        code = text.encode("utf-16-be").hex()
        self.pages[-1].append(f"BT /F1 {size} Tf {x} {self.HEIGHT - y} Td <{code}> Tj ET".encode())
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Pdf:
        self.pages[-1].append(f"{x0} {self.HEIGHT - y0} m {x1} {self.HEIGHT - y1} l S".encode())
        return self

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        rows: Sequence[Sequence[str | None]],
        height: float = 20,
        sides: bool = True,
    ) -> Pdf:
        """A ruled table. None continues the cell to the left; `sides` False leaves out the left and right border."""
        right = x + sum(widths)
        for r in range(len(rows) + 1):
            self.line(x, y + r * height, right, y + r * height)
        for r, row in enumerate(rows):
            left = x
            for c, cell in enumerate(row):
                if cell is not None and (sides or c):
                    self.line(left, y + r * height, left, y + (r + 1) * height)
                for k, part in enumerate((cell or "").split("\n")):
                    if part:
                        self.text(left + 4, y + r * height + 14 + 9 * k, part, 8)
                left += widths[c]
            if sides:
                self.line(right, y + r * height, right, y + (r + 1) * height)
        return self

    def save(self, path: Path, extra: Iterable[bytes] = ()) -> Path:
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count %d /Kids [%s] >>"
            % (len(self.pages), b" ".join(b"%d 0 R" % (6 + 2 * n) for n in range(len(self.pages)))),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R /DW 1000 /W [1 95 500] >>",
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /Ascent 880 /Descent -120 /CapHeight 880 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /StemV 93 >>",
        ]
        for n, content in enumerate(self.pages):
            stream = zlib.compress(b"\n".join(content))
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
                % (self.WIDTH, self.HEIGHT, 7 + 2 * n)
            )
            objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects += list(extra)
        out = b"%PDF-1.5\n"
        places = []
        for number, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            start,
        )
        path.write_bytes(out)
        return path


def tables(blocks: Source | Iterable[Block]) -> list[Table]:
    found = blocks.blocks if isinstance(blocks, Source) else blocks
    return [block for block in found if isinstance(block, Table)]


def paragraphs(blocks: Source | Iterable[Block]) -> list[str]:
    found = blocks.blocks if isinstance(blocks, Source) else blocks
    return [block.raw for block in found if isinstance(block, Paragraph)]


def texts(table: Table) -> list[list[str]]:
    """The printed text of every cell; "^" for one that a merged cell covers."""
    return [["^" if cell.origin else cell.text for cell in row] for row in table.rows]
