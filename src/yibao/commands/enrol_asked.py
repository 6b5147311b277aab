"""What every `yibao enrol` command is about: the workspace, the rules, the year and the day; its listings told."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from yibao.commands.telling import SHOWN, tell, waiting
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.enrol.rules import Book
    from yibao.store.listing import Listing
    from yibao.store.workspace import Workspace


@dataclass(frozen=True)
class Asked:
    """The workspace, the rules of its region, the benefit year and the day that a command is about."""

    workspace: Workspace
    book: Book
    year: int
    on: date


def listed(
    name: str,
    make: Callable[[Asked], Sequence[Listing]],
    on: str | None,
    year: str | None,
    out: str | None,
    workspace: str | None,
    shown: int = SHOWN,
) -> int:
    """Make the listings, print them, write them where `out` is said."""
    with _asked(on, year, workspace) as asked:
        with waiting(f"正在计算{name}"):
            listings = make(asked)
        tell(listings, out, f"{name}-{asked.on.isoformat()}", shown)
    return 0


@contextmanager
def _asked(on: str | None, year: str | None, folder: str | None) -> Iterator[Asked]:
    from yibao.enrol.rules import Book
    from yibao.region.packs import workspace_pack
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    day = _day(on)
    of = _year(year)
    with Workspace.open(find_workspace(folder)) as opened:
        when = day or _last_day(opened)
        yield Asked(opened, Book(workspace_pack(opened.path, opened.settings.region)), of or when.year, when)


def _last_day(workspace: Workspace) -> date:
    """The end of the last month that the contribution records know, today at the latest."""
    from yibao.enrol.texts import rows

    known: date | None = rows(workspace, "records_reach")[0]["last_day"]
    if known is None:
        return date.today()
    return min(known.replace(day=monthrange(known.year, known.month)[1]), date.today())


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise UserError(f"--on 应写成 2025-12-31 的样子，不能是“{said}”。") from None


def _year(said: str | None) -> int | None:
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and 2000 <= int(said) <= 2100):
        raise UserError(f"--year 应是一个年度，如 2025，不能是“{said}”。")
    return int(said)
