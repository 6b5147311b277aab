"""What every command shares: exit codes, sentences to standard error, a bar while one waits, and no traceback."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from yibao.errors import UserError
from yibao.proofread.report.words import file_name, printable

if TYPE_CHECKING:
    from yibao.store.listing import Listing

CLEAN, FOUND, UNREADABLE, STOPPED = 0, 1, 2, 130
Progress = Callable[[str, float], None]  #: what is done now, and the share that is done
SHOWN = 20  #: rows of a listing on the screen
PATIENCE = 2.0  #: seconds of work before a progress bar appears
DEBUG = "YIBAO_DEBUG"


@contextmanager
def waiting(doing: str, *, staged: bool = False) -> Iterator[Progress]:
    """Gives a callback (what is done now, share of the whole that is done); a bar appears on a terminal once the work takes longer than PATIENCE.

    It says what is being done, or where `staged` what is done now.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task(doing, total=None)
    timer = threading.Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda stage, share: bar.update(task, total=1.0, completed=share, description=stage if staged else doing)
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


def tell(listings: Sequence[Listing], out: str | None, name: str, shown: int = SHOWN) -> None:
    """Print listings, and write all their rows as a workbook into the folder `out`, where one is said."""
    from yibao.store.listing import told
    from yibao.store.sheets import write_workbook

    for listing in listings:
        print("\n".join(told(listing, shown)), end="\n\n")
    if out is not None and listings:
        path = Path(out) / f"{name}.xlsx"
        write_workbook(path, listings)
        print(f"全部名单写在“{path}”。")


def tell_page(title: str, remarks: Sequence[str], listings: Sequence[Listing], elsewhere: str = "") -> None:
    """Print a page: its title, what must be known first, its listings. `elsewhere`: how to get all rows, where not by --out."""
    from yibao.store.listing import WHOLE, told

    print(title)
    for remark in remarks:
        print(f"· {remark}")
    for listing in listings:
        print()
        print("\n".join(told(listing, elsewhere=elsewhere or WHOLE)))


@contextmanager
def naming(path: Path, doing: str = "校对") -> Iterator[None]:
    """An error of ours becomes one sentence that names the file."""
    try:
        yield
    except (UserError, KeyboardInterrupt):
        raise
    except Exception as error:
        trace()
        raise UserError(
            f"{doing}“{file_name(str(path))}”时程序出错（{type(error).__name__}），没有{doing}完。请把这句话和文件一起反馈给维护人员。"
        ) from error


def calendar_year(said: int) -> int:
    """A year as it was typed; UserError where it can be none."""
    if not 1990 <= said <= 2100:
        raise UserError(f"年度应是四位数字，如 2025，不能是“{said}”。")
    return said


def trace() -> None:
    if os.environ.get(DEBUG) == "1":
        traceback.print_exc()


def say(sentence: str, style: str = "") -> None:
    Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True).print(
        printable(sentence), style=style
    )
