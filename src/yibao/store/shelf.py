"""The files of one table on the disk: which manifest counts, the chain of those before it, and the one step that publishes.

Everything is written under another name, flushed, and then renamed; `CURRENT` is replaced last. A crash before that leaves
the old version, whatever lies about beside it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from yibao.store.manifest import Manifest

CURRENT = "CURRENT"
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
            return (self.folder / CURRENT).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None


def place(path: Path, content: bytes) -> None:
    """A small file, whole or not at all."""
    half = path.with_name(HALF + path.name)
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    put(half, path)


def put(half: Path, path: Path) -> None:
    """Rename a flushed file into its place, and flush the folder so that the name outlives a power cut.

    On Windows a name cannot be replaced while a reader looks at it: readers of small files are gone within moments.
    """
    for attempt in range(50):
        try:
            os.replace(half, path)
            break
        except PermissionError:
            if sys.platform != "win32" or attempt == 49:
                raise
            time.sleep(0.02)
    if sys.platform != "win32":
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
