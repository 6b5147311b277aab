"""DIR/figures/ read as a whole: the bureau, its typed figures, the choices, the score sheets.

Every problem is a UserError with file and line. Blanks that the template marked come first: they are all told at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yibao.appraise.bureau import Bureau, read_bureau
from yibao.appraise.choices import FILE as CHOICES
from yibao.appraise.choices import Choices, read_choices
from yibao.appraise.declared import listed
from yibao.appraise.entries import read_entries
from yibao.appraise.literal_yaml import BLANK_MARK, blanks, read_block
from yibao.appraise.sheet import Filed, read_sheet
from yibao.appraise.spreadsheet import read_spreadsheet
from yibao.appraise.typed import Typed
from yibao.errors import UserError

ROOT, BUREAU, DATA, SHEETS = "figures", "单位.yaml", "数据", "指标"
WHOLE = "整体支出.yaml"
MOST_FILES = 500
SHOWN_BLANKS = 20
LONGEST = 70  #: characters of a line that is quoted


@dataclass(frozen=True, slots=True)
class Folder:
    """What a year's folder holds, read and checked one file at a time; nothing is compared yet."""

    bureau: Bureau
    typed: tuple[Typed, ...]
    choices: Choices
    sheets: tuple[Filed, ...]


def read_folder(path: Path) -> Folder:
    """The folder `path`/figures."""
    root = path / ROOT
    if not root.is_dir():
        raise UserError(f"“{path}”下没有 {ROOT} 文件夹。请先用 yibao appraise new {path} 建立，再逐项填写。")
    files = sorted(_files(root))
    _refuse_blanks(root, files)
    bureau = read_bureau(root / BUREAU, BUREAU)
    typed = tuple(item for file in files if file.parent == root / DATA for item in _typed(file, bureau.year))
    if not typed:
        raise UserError(f"“{DATA}”里没有一个数。请照模板填写，再运行。")
    sheets = tuple(read_sheet(f, f"{SHEETS}/{f.name}") for f in _in_order(files, root / SHEETS))
    if len({filed.sheet.name for filed in sheets}) < len(sheets):
        raise UserError(f"“{SHEETS}”里有两张表的项目名称相同，请改正。")
    return Folder(bureau, typed, read_choices(root / CHOICES, CHOICES), sheets)


def _files(root: Path) -> Iterator[Path]:
    """The folder's own files; what an office program left there (~$…) is no file of ours, anything else is asked about."""
    found = [f for f in root.rglob("*") if f.is_file() and not f.name.startswith((".", "~$"))]
    if len(found) > MOST_FILES:
        raise UserError(f"“{ROOT}”里有 {len(found)} 个文件，超过 {MOST_FILES} 个，请检查放错了没有。")
    for file in found:
        name = str(file.relative_to(root))
        data = file.parent == root / DATA and file.suffix in (".yaml", ".xlsx")
        sheet = file.parent == root / SHEETS and file.suffix == ".yaml"
        if name not in (BUREAU, CHOICES) and not data and not sheet and file.suffix != ".md":
            raise UserError(
                f"“{ROOT}/{name}”不是要读的文件：数放在“{DATA}”（.yaml、.xlsx），自评表放在“{SHEETS}”（.yaml）。请移走或改名。"
            )
        yield file


def _typed(file: Path, year: int) -> Iterator[Typed]:
    shown = f"{DATA}/{file.name}"
    if file.suffix == ".xlsx":
        yield from read_spreadsheet(file, shown, year)
    elif file.suffix == ".yaml":
        yield from read_entries(file, shown, year)


def _in_order(files: list[Path], folder: Path) -> list[Path]:
    """The department's own form first, then the projects'."""
    return sorted(
        (f for f in files if f.parent == folder and f.suffix == ".yaml"), key=lambda f: (f.name != WHOLE, f.name)
    )


def _refuse_blanks(root: Path, files: list[Path]) -> None:
    if found := list(blanks_in(root, files)):
        more = [f"……共 {len(found)} 行"] if len(found) > SHOWN_BLANKS else []
        raise UserError(f"还有 {len(found)} 行标着{BLANK_MARK}没有填写：\n{listed([*found[:SHOWN_BLANKS], *more])}")


def blanks_in(root: Path, files: list[Path] | None = None) -> Iterator[str]:
    """Every line of a folder that the template's mark still stands in, with what is asked for there."""
    for file in sorted(root.rglob("*")) if files is None else files:
        if file.suffix == ".yaml":
            shown = str(file.relative_to(root))
            lines = dict.fromkeys(blanks(read_block(file, shown)))
            text = file.read_text(encoding="utf-8-sig").splitlines()
            yield from (f"“{shown}”第 {line} 行：{_asked(text, line)}" for line in lines)


def _asked(text: list[str], line: int) -> str:
    """The words of a line, cut where it is long."""
    words = text[line - 1].strip().removeprefix("- ") if line <= len(text) else ""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
