"""The packs that ship: small, invented, one of each edition; and opening a pack by name or by folder."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from yibao.dip.pack import Pack
from yibao.dip.packing import load_pack


def shipped() -> tuple[str, ...]:
    """The names of the packs that ship."""
    return tuple(sorted(path.name for path in _root().iterdir() if path.name.startswith("example-")))


def opened(name: str) -> Pack:
    """A pack by its folder, or by the name of one that ships; UserError where it is neither."""
    folder = Path(name)
    if not folder.exists() and name in shipped():
        folder = _root() / name
    return load_pack(folder)


def _root() -> Path:
    return Path(str(files("yibao.dip.packs")))
