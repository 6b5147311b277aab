"""Number formats of an old .xls: python-calamine reads its values, but not how they are shown.

Reads just enough of the OLE container and of the BIFF8 records (MS-XLS: FORMAT, XF, BOUNDSHEET, cell records) to tell
the format of each number. Everything is bounded; what is not understood is left out, and `known` stays False.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.styles.numbers import BUILTIN_FORMATS

MAX_AREA = 4_000_000  #: cells of the smallest rectangle around a sheet's cells: calamine holds all of it in memory
MAX_RECORDS = 3_000_000
MAX_CHAIN = 200_000  #: sectors followed in one chain
_END = 0xFFFFFFFA
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0
_SINGLE = {0x0203, 0x027E, 0x0006, 0x0205, 0x0204, 0x00FD}  # NUMBER, RK, FORMULA, BOOLERR, LABEL, LABELSST
_MULRK, _BLANK = 0x00BD, {0x0201, 0x00BE}


@dataclass
class Formats:
    """`of[sheet][row, column]` is the format code of a number cell."""

    of: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    known: bool = False
    encrypted: bool = False
    too_large: bool = False


def number_formats(data: bytes) -> Formats:
    """The formats of a workbook's bytes; an empty `Formats` where the file cannot be followed."""
    formats = Formats()
    try:
        stream = _workbook_stream(data)
        if stream:
            _read_globals(stream, formats)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        formats.known = False
    return formats


def _workbook_stream(data: bytes) -> bytes:
    """The stream "Workbook" of an OLE container; b"" if there is none."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    if not (128 <= sector <= 65536 and 16 <= small <= 4096):
        return b""
    fat = _fat(data, sector)
    directory = _chain(data, fat, struct.unpack_from("<I", data, 48)[0], sector)
    root_start, found = 0, None
    for place in range(0, len(directory) - 127, 128):
        entry = directory[place : place + 128]
        size = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(0, min(size, 64) - 2)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:
            root_start = start
        elif name.lower() in {"workbook", "book"}:
            found = (start, length)
    if found is None:
        return b""
    start, length = found
    if length >= struct.unpack_from("<I", data, 56)[0]:
        return _chain(data, fat, start, sector)[:length]
    mini = _chain(data, fat, root_start, sector)
    minifat = _longs(_chain(data, fat, struct.unpack_from("<I", data, 60)[0], sector))
    out = [mini[n * small : (n + 1) * small] for n in _follow(minifat, start)]
    return b"".join(out)[:length]


def _longs(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _sector(data: bytes, n: int, size: int) -> bytes:
    return data[(n + 1) * size : (n + 2) * size]


def _fat(data: bytes, size: int) -> list[int]:
    sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < _END]
    more = struct.unpack_from("<I", data, 68)[0]
    seen = 0
    while more < _END and seen < 2_000:
        block = _longs(_sector(data, more, size))
        sectors += [n for n in block[:-1] if n < _END]
        more = block[-1] if block else _END
        seen += 1
    return [entry for n in sectors for entry in _longs(_sector(data, n, size))]


def _follow(fat: list[int], start: int) -> Iterator[int]:
    n, steps = start, 0
    while n < len(fat) and steps < MAX_CHAIN:
        yield n
        n, steps = fat[n], steps + 1


def _chain(data: bytes, fat: list[int], start: int, size: int) -> bytes:
    return b"".join(_sector(data, n, size) for n in _follow(fat, start))


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """(type, body) of the records from a place to the end of its substream."""
    count = 0
    while place + 4 <= len(stream) and count < MAX_RECORDS:
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        if kind == _EOF:
            return
        place, count = place + 4 + length, count + 1


def _read_globals(stream: bytes, formats: Formats) -> None:
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    styles: list[int] = []
    sheets: list[tuple[str, int]] = []
    for kind, body in _records(stream, 0):
        if kind == _BOF and struct.unpack_from("<H", body)[0] != 0x0600:
            return  # BIFF5 and older
        if kind == _FILEPASS:
            formats.encrypted = True
            return
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2, 2)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _BOUNDSHEET:
            sheets.append((_text(body, 6, 1), struct.unpack_from("<I", body)[0]))
    shown = [codes.get(n, "") for n in styles]
    for name, place in sheets:
        formats.of[name] = _sheet_formats(stream, place, shown, formats)
    formats.known = True


def _text(body: bytes, place: int, length_bytes: int) -> str:
    """A short Unicode string: length, flag, then one or two bytes a character."""
    length = struct.unpack_from("<H" if length_bytes == 2 else "<B", body, place)[0]
    wide = body[place + length_bytes] & 1
    raw = body[place + length_bytes + 1 :][: length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _sheet_formats(stream: bytes, place: int, shown: list[str], formats: Formats) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    rows, columns = 0, 0
    for kind, body in _records(stream, place):
        if kind in _SINGLE:
            row, col, style = struct.unpack_from("<HHH", body)
            found[row, col] = shown[style] if style < len(shown) else ""
            rows, columns = max(rows, row), max(columns, col)
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for n in range((len(body) - 6) // 6):
                style = struct.unpack_from("<H", body, 4 + 6 * n)[0]
                found[row, first + n] = shown[style] if style < len(shown) else ""
                rows, columns = max(rows, row), max(columns, first + n)
        elif kind in _BLANK:
            row, col = struct.unpack_from("<HH", body)
            rows, columns = max(rows, row), max(columns, col)
    formats.too_large = formats.too_large or (rows + 1) * (columns + 1) > MAX_AREA
    return found
