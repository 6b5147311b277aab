"""One writer at a time in a workspace; the second is told who writes since when.

The lock is the operating system's: it ends with its process. The note beside it only tells people who it is.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from yibao.errors import UserError


class WriterLock:
    """Entered again by its holder, it simply counts: a command holds it over several writes."""

    def __init__(self, work: Path) -> None:
        self._note = work / "writer.json"
        self._lock = FileLock(work / "writer.lock", timeout=0)
        self._workspace = work.parent

    @contextmanager
    def held(self, doing: str) -> Iterator[None]:
        """UserError where another process, or another thread of this one, writes."""
        try:
            self._note.parent.mkdir(exist_ok=True)  # people may empty .work
            self._lock.acquire()
        except Timeout:
            raise UserError(self._occupied()) from None
        except OSError as error:
            raise UserError(
                f"工作区“{self._workspace}”锁不住（{error.strerror}），没有写入。请检查写入权限。"
            ) from error
        try:
            if self._lock.lock_counter == 1:
                self._tell(doing)
            yield
        finally:
            if self._lock.lock_counter == 1:
                self._note.unlink(missing_ok=True)
            self._lock.release()

    def _tell(self, doing: str) -> None:
        said = {"doing": doing, "user": _user(), "host": platform.node(), "process": os.getpid()}
        said["since"] = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
        self._note.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")

    def _occupied(self) -> str:
        try:
            said = json.loads(self._note.read_text(encoding="utf-8"))
            who = f"{said['user']}（{said['host']}，进程 {said['process']}）从 {said['since']} 起正在写入：{said['doing']}"
        except (OSError, ValueError, KeyError):
            who = "另一个程序正在写入"
        return f"工作区“{self._workspace}”同时只能由一个程序写入，{who}。请等它结束后再试；查询不受影响。"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "不知名的用户"
