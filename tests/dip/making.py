"""Cases and packs in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from yibao.dip.grouping.cases import Case
from yibao.dip.grouping.group import Grouper
from yibao.dip.importing.catalogue import import_pack
from yibao.dip.importing.rows import Imported, Wanted
from yibao.dip.pack import Pack
from yibao.dip.packing import load_pack

HEADINGS = ("seq", "layer", "principal_dx", "other_dx", "proc_expr", "related_proc", "condition", "kind", "level", "score", "mean_cost")  # fmt: skip


def case(dx: str, main: str = "", related: str = "", others: str = "", **more: Any) -> Case:
    """`related` and `others` are codes with blanks between them."""
    if (cost := more.pop("cost", None)) is not None:
        more["cost"] = Decimal(cost)
    return Case("1", dx, main, tuple(related.split()), tuple(others.split()), **more)


def group(grouper: Grouper, *said: str, **more: Any) -> str | None:
    return grouper.group(case(*said, **more)).group


def catalogue(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    lines = ["\t".join(HEADINGS), *("\t".join(row.get(name, "") for name in HEADINGS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def row(seq: str, layer: str, dx: str, procs: str = "", **more: str) -> dict[str, str]:
    return {"seq": seq, "layer": layer, "principal_dx": dx, "proc_expr": procs, **more}


def made(folder: Path, edition: str, rows: Sequence[Mapping[str, str]], settings: str = "", **lists: str) -> Pack:
    """A pack from rows, settings as YAML, and other tables as TSV texts."""
    return made_with(folder, edition, rows, settings, **lists)[0]


def made_with(
    folder: Path, edition: str, rows: Sequence[Mapping[str, str]], settings: str = "", **lists: str
) -> tuple[Pack, Imported]:
    given = {}
    for table, text in lists.items():
        given[table] = folder / f"{table}.tsv"
        given[table].write_text(text, encoding="utf-8")
    declared = folder / "settings.yaml"
    declared.write_text(settings, encoding="utf-8")
    wanted = Wanted(catalogue(folder / "groups.tsv", rows), edition, given, settings=declared)
    done = import_pack(wanted, folder / "pack")
    return load_pack(folder / "pack"), done
