"""The new folder written, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from yibao.appraise.appraisal import Appraisal, appraise_folder
from yibao.appraise.bureau import Bureau, Institutions
from yibao.appraise.choices import FILE as CHOICES
from yibao.appraise.folder import BUREAU, DATA, ROOT, SHEETS, blanks_in, read_folder
from yibao.appraise.leftovers import Leftover, leftovers
from yibao.appraise.literal_yaml import BLANK_MARK
from yibao.appraise.next_year.figures import LAST_FILE, blank_files, last_year_file
from yibao.appraise.next_year.sheets import blank_sheet
from yibao.appraise.next_year.yaml_text import flow, scalar
from yibao.appraise.report.text import TEXTS, read_texts
from yibao.appraise.template_folder import template_text
from yibao.appraise.typed import points
from yibao.errors import UserError


@dataclass(frozen=True, slots=True)
class NextYear:
    """A new folder: its year, its files, what is to be filled in, what still looks like an older year."""

    year: int
    files: tuple[str, ...]
    last_values: int
    blanks: tuple[str, ...]
    leftovers: tuple[Leftover, ...]


def write_next_year(folder: Path, last: Path) -> NextYear:
    """`folder`/figures for the year after `last`'s. UserError where the folder is not empty, or `last` cannot be read."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"“{folder}”已经有内容，没有改动。请换一个空的或新的文件夹。")
    if last.resolve() == folder.resolve() or last.resolve() in folder.resolve().parents:
        raise UserError(f"新的年度不能放在上年的文件夹“{last}”里面，请换一个位置。")
    read = read_folder(last)
    appraisal = appraise_folder(read)
    year = appraisal.bureau.year + 1
    read_texts(last)  # what cannot be read is told before anything is written
    results, count = last_year_file(appraisal.book, appraisal.bureau.year, last.resolve().name)
    files = {BUREAU: _bureau(appraisal, year), CHOICES: template_text(CHOICES), f"{DATA}/{LAST_FILE}": results}
    files |= {f"{DATA}/{name}": text for name, text in blank_files(read.typed, year - 1).items()}
    files |= {filed.shown: blank_sheet(filed.sheet, year) for filed in read.sheets}
    files |= {f"{TEXTS}/{path.name}": path.read_text(encoding="utf-8-sig") for path in _texts(last)}
    _write(folder, files)
    root = folder / ROOT
    return NextYear(year, tuple(files), count, tuple(blanks_in(root)), tuple(leftovers(root, year)))


def _texts(last: Path) -> Iterator[Path]:
    yield from sorted((last / ROOT / TEXTS).glob("*.md"))


def _write(folder: Path, files: dict[str, str]) -> None:
    """All files beside the target first, then the folder moved into place."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        half = Path(mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError as error:
        raise UserError(f"“{folder}”写不了（{error.strerror}），请检查位置和权限。") from error
    try:
        for name in (DATA, SHEETS, TEXTS):
            (half / ROOT / name).mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (half / ROOT / name).write_text(text, encoding="utf-8")
        folder.mkdir(exist_ok=True)
        (half / ROOT).replace(folder / ROOT)
    except OSError as error:
        raise UserError(f"“{folder}”写不了（{error.strerror}），请检查位置和权限。") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _bureau(appraisal: Appraisal, year: int) -> str:
    """单位.yaml: who and by which rules as before, every date blank."""
    bureau = appraisal.bureau
    lines = [f"# {year} 年度。单位、地区、版式、算法和机构沿用上年；日期重新填写，写成 {year + 1}-03-31 这样。"]
    lines += [f"名称: {scalar(bureau.name)}", f"年度: {year}", f"地区: {scalar(bureau.region)}"]
    lines.append(f"版式: {scalar(bureau.layout)}")
    lines += _mapping("口径", bureau.rates) + _mapping("表内文字", bureau.words)
    lines += ["日期:", *_dates(bureau)] if bureau.dates else []
    counted = appraisal.frame.institutions
    lines += ["机构:", *(f"  - {_institutions(item)}" for item in counted)] if counted else []
    return "\n".join(lines) + "\n"


def _mapping(name: str, values: dict[str, str]) -> list[str]:
    return [f"{name}:", *(f"  {key}: {scalar(value)}" for key, value in values.items())] if values else []


def _dates(bureau: Bureau) -> Iterator[str]:
    for item in bureau.dates:
        until = {"至": BLANK_MARK} if item.until else {}
        yield f"  - {flow({'事项': item.what, '类别': item.kind, '日期': BLANK_MARK, **until})}"


def _institutions(item: Institutions) -> str:
    parts = ", ".join(flow({"名称": part.name, "个数": points(part.count)}) for part in item.parts)
    own = flow({"名称": item.name, "个数": points(item.count)})
    return f"{own[:-1]}, 其中: [{parts}]}}" if parts else own
