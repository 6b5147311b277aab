"""Word documents as .pdf, through LibreOffice where it is installed; fonts that are missing give way as in Word. The same document gives the same bytes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from yibao.errors import UserError
from yibao.paper.typography import typography

PROGRAMS = ("soffice", "libreoffice")
PATIENCE = 120  #: seconds
_TIMES = re.compile(rb"/(?:Creation|Mod)Date\s?\(D:[0-9]{14}")
_MADE_OF_TIMES = re.compile(rb"/ID\s?\[\s?<[0-9A-F]{32}>\s{0,2}<[0-9A-F]{32}>|/DocChecksum\s?/[0-9A-F]{32}")
_SYSTEM_FONTS = "/etc/fonts/fonts.conf"


def write_pdfs(documents: Sequence[Path]) -> list[Path]:
    """A .pdf beside each document; none where LibreOffice is missing, gives up or takes too long.

    UserError where a .pdf cannot be written.
    """
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None or not documents:
        return []
    with tempfile.TemporaryDirectory() as scratch:
        profile, made = Path(scratch, "profile"), Path(scratch, "made")
        fonts = Path(scratch, "fonts.conf")
        fonts.write_text(stand_ins(os.environ.get("FONTCONFIG_FILE", _SYSTEM_FONTS)), encoding="utf-8")
        command = [program, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "pdf"]
        try:
            subprocess.run(
                [*command, "--outdir", str(made), *map(str, documents)],
                check=True,
                capture_output=True,
                timeout=PATIENCE,
                env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
            )
        except (OSError, subprocess.SubprocessError):
            return []
        return [_put(pdf, d.with_suffix(".pdf")) for d in documents if (pdf := made / f"{d.stem}.pdf").is_file()]


def _put(pdf: Path, path: Path) -> Path:
    try:
        path.write_bytes(steady(pdf.read_bytes()))
    except OSError as error:
        raise UserError(f"无法写入“{path}”（{error.strerror}）：可能正被别的程序打开。请关闭后再试。") from error
    return path


def steady(pdf: bytes) -> bytes:
    """The file with the time of its making, and what is computed from it, as zeros: as many bytes, at the same places.

    >>> steady(b"/CreationDate(D:20261122080137Z')")
    b"/CreationDate(D:19800101000000Z')"
    """
    timed = _TIMES.sub(lambda m: re.sub(rb"[0-9]{14}", b"19800101000000", m[0]), pdf)
    return _MADE_OF_TIMES.sub(lambda m: re.sub(rb"[0-9A-F]{32}", b"0" * 32, m[0]), timed)


def stand_ins(system: str) -> str:
    """What fontconfig takes where a font of `typography.yaml` is not installed, after the settings of the `system`.

    Left alone, it takes a sans-serif font for 仿宋 and 小标宋 alike.
    """
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{escape(font.name)}</string></test>'
        f'<edit name="family" mode="append" binding="same">'
        f"{''.join(f'<string>{escape(name)}</string>' for name in font.fallbacks)}</edit></match>\n"
        for font in typography().fonts.values()
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f'<include ignore_missing="yes">{escape(system)}</include>\n{rules}</fontconfig>\n'
    )
