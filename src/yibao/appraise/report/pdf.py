"""Word documents as .pdf, through LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
PATIENCE = 120  #: seconds


def write_pdfs(documents: Sequence[Path]) -> list[Path]:
    """A .pdf beside each document; none where LibreOffice is missing, gives up or takes too long."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None or not documents:
        return []
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "pdf"]
        for folder in dict.fromkeys(d.parent for d in documents):
            own = [str(d) for d in documents if d.parent == folder]
            try:
                subprocess.run(
                    [*command, "--outdir", str(folder), *own], check=True, capture_output=True, timeout=PATIENCE
                )
            except (OSError, subprocess.SubprocessError):
                continue
    return [pdf for d in documents if (pdf := d.with_suffix(".pdf")).is_file()]
