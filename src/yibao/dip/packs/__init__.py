"""The packs that ship: small, invented, one of each edition, and the demo county's catalogue of 2025; and opening a pack by name or by folder."""

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
    return load_pack(folder_of(name))


def folder_of(name: str) -> Path:
    """The folder that is meant."""
    folder = Path(name)
    return _root() / name if not folder.exists() and name in shipped() else folder


def _root() -> Path:
    return Path(str(files("yibao.dip.packs")))
