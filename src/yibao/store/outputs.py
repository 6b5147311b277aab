"""Files that are written for a reader: workbooks, documents, pages."""

from __future__ import annotations

from pathlib import Path

from yibao.errors import UserError


def put_file(path: Path, content: bytes) -> None:
    """Write the file, and its folder where there is none. UserError where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UserError(
            f"“{path}”写不进去（{error.strerror}）。请关闭打开它的程序，或检查写入权限和磁盘空间。"
        ) from error
