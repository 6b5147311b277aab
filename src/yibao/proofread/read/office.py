"""Conversion by LibreOffice of what we cannot read ourselves (.doc, .wps, .rtf, .odt), where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yibao.errors import UserError

TIMEOUT = 120  #: seconds for one conversion
_NAMES = ("soffice", "libreoffice", "soffice.exe", "soffice.com")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
    "/usr/lib/libreoffice/program/soffice",
)


def find_office() -> str | None:
    """The LibreOffice program, None where none is installed."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    roots = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432")]
    windows = [str(Path(root) / "LibreOffice" / "program" / "soffice.exe") for root in roots if root]
    return next((place for place in (*_PLACES, *windows) if Path(place).is_file()), None)


@contextmanager
def convert(path: Path, form: str) -> Iterator[Path]:
    """The file converted to `form` ("docx" or "xlsx"), for the time of the `with` block.

    LibreOffice runs without a window, with a profile of its own and without macros. Raises UserError where it is not
    installed, fails or takes too long.
    """
    office = find_office()
    if office is None:
        raise UserError(f"“{path}”是本程序不能直接读的旧格式，请用 Word/WPS 打开后“另存为” .{form} 再校对。")
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        work = Path(folder)
        copy = work / f"in{path.suffix.lower()}"
        shutil.copyfile(path, copy)
        profile = _safe_profile(work / "profile")
        command = [
            office,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--norestore",
            "--convert-to",
            form,
            "--outdir",
            folder,
            str(copy),
        ]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=TIMEOUT, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise UserError(
                f"转换“{path}”超过 {TIMEOUT} 秒，已放弃；请用 Word/WPS 打开后“另存为” .{form} 再校对。"
            ) from None
        except OSError:
            raise UserError(
                f"LibreOffice 启动失败，无法转换“{path}”；请用 Word/WPS 打开后“另存为” .{form} 再校对。"
            ) from None
        made = work / f"in.{form}"
        if not made.is_file():
            raise UserError(f"LibreOffice 转换“{path}”失败；请用 Word/WPS 打开后“另存为” .{form} 再校对。")
        yield made


def _safe_profile(folder: Path) -> str:
    """A fresh profile that runs no macro and follows no link, as the URL that LibreOffice wants."""
    settings = (("DisableMacrosExecution", "true"), ("BlockUntrustedRefererLinks", "true"), ("MacroSecurityLevel", "3"))
    path = "/org.openoffice.Office.Common/Security/Scripting"
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for name, value in settings
    )
    user = folder / "user"
    user.mkdir(parents=True)
    head = '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    (user / "registrymodifications.xcu").write_text(f"{head}{items}</oor:items>", encoding="utf-8")
    return folder.as_uri()
