"""`yibao appraise new DIR`: a folder to fill in, commented, with 【待填】 where the bureau has to write."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from yibao.appraise.choices import FILE as CHOICES
from yibao.appraise.folder import BUREAU, DATA, ROOT, SHEETS, WHOLE
from yibao.appraise.report.layout import Layout, layout_named
from yibao.appraise.report.text import TEXTS
from yibao.appraise.template_report import data_file, scored, text_blank, texts
from yibao.errors import UserError

MONEY, ACCOUNTS, QUOTED, SHEET = (
    f"{DATA}/部门经费.yaml",
    f"{DATA}/部门决算.yaml",
    f"{DATA}/报告用数.yaml",
    f"{SHEETS}/{WHOLE}",
)


def write_template(folder: Path, layout: str = "") -> list[Path]:
    """The files written under `folder`/figures for a layout (版式). UserError where there is such a folder already:
    nothing is overwritten.
    """
    chosen = layout_named(layout)
    root = folder / ROOT
    if root.exists():
        raise UserError(f"“{root}”已经有了，没有改动。请换一个文件夹，或先把它移走。")
    try:
        return list(_written(_files(chosen), root))
    except OSError as error:
        raise UserError(f"“{root}”写不了（{error.strerror}），请检查位置和权限。") from error


def _files(layout: Layout) -> dict[str, str]:
    """What stands in the folder, by path: the bureau, the form, the figures of forms and report, the texts needed."""
    money = MONEY if scored(layout) else ACCOUNTS
    own = template_text(money)
    files = {
        BUREAU: template_text(BUREAU).replace('版式: ""', f"版式: {layout.name}", 1),
        CHOICES: template_text(CHOICES),
    }
    files[money] = own
    if scored(layout):
        files[SHEET] = template_text(SHEET)
    quoted, needed = data_file(layout, own)
    if needed:
        files[QUOTED] = quoted
    else:
        files[money] = f"{own}\n{quoted}"
    files |= {f"{TEXTS}/{name}.md": text_blank(layout, name) for name in texts(layout)[0]}
    return files


def template_text(name: str) -> str:
    """One file of the template."""
    return files("yibao.appraise").joinpath("template", *name.split("/")).read_text(encoding="utf-8")


def _written(files: dict[str, str], root: Path) -> Iterator[Path]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        yield path
