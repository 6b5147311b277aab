"""The files of one table on the disk: which manifest counts, the chain of those before it, and the one step that publishes.

Everything is written under another name, flushed, and then renamed; `CURRENT` is replaced last. A crash before that leaves
the old version, whatever lies about beside it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from yibao.store.manifest import Manifest

CURRENT = "CURRENT"
T = TypeVar("T")
HALF = ".half-"  #: opens the names of files that are being written


class Shelf:
    """The folder of one table: `tables/<name>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = folder / "files"
        self.manifests = folder / "manifests"

    def current(self) -> Manifest | None:
        """The version that counts now; None before the first."""
        name = self._current_name()
        return None if name is None else self.read(name)

    def read(self, name: str) -> Manifest:
        return Manifest.model_validate_json((self.manifests / name).read_bytes())

    def history(self) -> Iterator[Manifest]:
        """Every version, the newest first."""
        name = self._current_name()
        while name is not None:
            manifest = self.read(name)
            yield manifest
            name = manifest.previous

    def prepare(self) -> None:
        """Room for a writer: the folders, without what a writer that died left half written. Only under the lock."""
        self.files.mkdir(parents=True, exist_ok=True)
        self.manifests.mkdir(exist_ok=True)
        for folder in (self.folder, self.files, self.manifests):
            for left in folder.glob(f"{HALF}*"):
                left.unlink()

    def publish(self, manifest: Manifest) -> None:
        """Make a version the one that counts; its files are in their places already."""
        place(self.manifests / manifest.name, manifest.as_json().encode("utf-8"))
        place(self.folder / CURRENT, f"{manifest.name}\n".encode())

    def _current_name(self) -> str | None:
        try:
            return patiently((self.folder / CURRENT).read_bytes).decode("utf-8").strip()
        except FileNotFoundError:
            return None


def patiently(work: Callable[[], T]) -> T:
    """Windows keeps a name while somebody else looks at it; whoever reads a small file is gone within moments."""
    for _ in range(50 if sys.platform == "win32" else 0):
        try:
            return work()
        except PermissionError:
            time.sleep(0.02)
    return work()


def place(path: Path, content: bytes) -> None:
    """A small file, whole or not at all."""
    half = path.with_name(HALF + path.name)
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    put(half, path)


def put(half: Path, path: Path) -> None:
    """Rename a flushed file into its place, and flush the folder so that the name outlives a power cut."""
    patiently(lambda: half.replace(path))
    if sys.platform != "win32":
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
