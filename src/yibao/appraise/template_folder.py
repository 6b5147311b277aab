"""`yibao appraise new DIR`: a folder to fill in, commented, with 【待填】 where the bureau has to write."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from yibao.appraise.folder import ROOT
from yibao.errors import UserError


def write_template(folder: Path) -> list[Path]:
    """The files written under `folder`/figures. UserError where there is such a folder already: nothing is overwritten."""
    root = folder / ROOT
    if root.exists():
        raise UserError(f"“{root}”已经有了，没有改动。请换一个文件夹，或先把它移走。")
    try:
        return list(_copied(files("yibao.appraise").joinpath("template"), root))
    except OSError as error:
        raise UserError(f"“{root}”写不了（{error.strerror}），请检查位置和权限。") from error


def template_text(name: str) -> str:
    """One file of the template."""
    return files("yibao.appraise").joinpath("template", name).read_text(encoding="utf-8")


def _copied(source: Traversable, target: Path) -> list[Path]:
    target.mkdir(parents=True)
    written = []
    for item in sorted(source.iterdir(), key=lambda entry: entry.name):
        if item.is_dir():
            written += _copied(item, target / item.name)
        else:
            (target / item.name).write_text(item.read_text(encoding="utf-8"), encoding="utf-8")
            written.append(target / item.name)
    return written
