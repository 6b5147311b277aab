"""Word documents as .pdf, through LibreOffice where it is installed; fonts that are missing give way as in Word."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from yibao.appraise.report.typography import typography

PROGRAMS = ("soffice", "libreoffice")
PATIENCE = 120  #: seconds
_SYSTEM_FONTS = "/etc/fonts/fonts.conf"


def write_pdfs(documents: Sequence[Path]) -> list[Path]:
    """A .pdf beside each document; none where LibreOffice is missing, gives up or takes too long."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None or not documents:
        return []
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "pdf"]
        fonts = Path(profile) / "fonts.conf"
        fonts.write_text(stand_ins(os.environ.get("FONTCONFIG_FILE", _SYSTEM_FONTS)), encoding="utf-8")
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        for folder in dict.fromkeys(d.parent for d in documents):
            own = [str(d) for d in documents if d.parent == folder]
            try:
                subprocess.run(
                    [*command, "--outdir", str(folder), *own],
                    check=True,
                    capture_output=True,
                    timeout=PATIENCE,
                    env=environment,
                )
            except (OSError, subprocess.SubprocessError):
                continue
    return [pdf for d in documents if (pdf := d.with_suffix(".pdf")).is_file()]


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
