"""`yibao policy infer YEAR`: the rules that a year of reported settlements follows, as a pack for checking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import CLEAN, say, tell_page, waiting
from yibao.commands.workspace import WORKSPACE_HELP
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.region.pack import Pack
    from yibao.settle.infer import Inferred

HELP = (
    "从一个年度的平台结算推断起付线、支付比例和封顶线，写出每类能解释多少记录、哪些例外；推断的规则只能核对，不能结算。"
)
YEAR_HELP = "待遇年度，如 2025"
OUT_HELP = "把推断的规则写成政策包，放到这个新的或空的文件夹"
EXCEPTIONS_HELP = "另把全部例外写到这个工作簿"


def infer(
    year: Annotated[int | None, typer.Argument(metavar="年度", help=YEAR_HELP)] = None,
    out: Annotated[str | None, typer.Option(metavar="文件夹", help=OUT_HELP)] = None,
    book: Annotated[str | None, typer.Option("--book", metavar="工作簿", help=EXCEPTIONS_HELP)] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    from yibao.commands.inferred_told import listings, remarks
    from yibao.region.packs import workspace_pack
    from yibao.settle.evidence import evidence
    from yibao.settle.infer import infer as infer_rules
    from yibao.store.settings import find_workspace
    from yibao.store.sheets import write_workbook
    from yibao.store.workspace import Workspace

    if year is None:
        raise UserError("请写明一个年度。用法：yibao policy infer 2025 --out 文件夹。")
    with Workspace.open(find_workspace(workspace)) as opened, waiting("推断"):
        pack = workspace_pack(opened.path, opened.settings.region)
        found = infer_rules(evidence(opened, pack, year))
    title, said = f"{pack.name} {year} 年平台结算推断的待遇规则", remarks(found)
    tables = listings(found)
    tell_page(title, said, tables, elsewhere="用 --book 文件.xlsx 写成工作簿")
    if book is not None:
        write_workbook(Path(book), tables, (title, *said))
        say(f"已写出“{book}”。")
    if out is not None:
        _write_pack(Path(out), found, pack)
    return CLEAN


def _write_pack(folder: Path, found: Inferred, pack: Pack) -> None:
    from yibao.settle.inferred_pack import pack_files

    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"“{folder}”不是空的。推断的政策包要写到新的或空的文件夹，以免盖掉已经录入的规则。")
    _write(folder, {name: text.encode() for name, text in pack_files(found, pack).items()})


def _write(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
            say(f"已写出“{folder / name}”。")
    except OSError as error:
        raise UserError(f"不能写到“{folder}”（{error.strerror}）。请检查文件夹和权限。") from error
