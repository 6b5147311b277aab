"""`yibao demo county` makes an invented county: what was asked for, checked; the county; what to say about it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.telling import waiting
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.demo.settings import Plan

HELP = "演示：造一个虚构的县，数据像真的一样"
COUNTY_HELP = "造一个虚构的县：人口、机构、就诊、费用、结算、三本账、基金、部门账，以及埋设的问题（truth 文件夹）。"
FOLDER_HELP = "写到这个文件夹，应是新的或空的"
SEED_HELP = "种子：相同的种子造出逐字节相同的县"
SCALE_HELP = "规模，1 约为 43 万参保人；只缩放人数，不改变结构"
YEARS_HELP = "完整的年度，如 2025 或 2024-2025；之前再有三年住院"
PLANTS_HELP = "埋设哪些问题（YAML）；不写用自带的"
NOISE_HELP = "不加数据瑕疵（缺侧别、迟到的退费、未对照编码、时钟偏差）"
EXPORT_HELP = "另写出各单位会送来的文件（GBK 的 CSV、工作簿）"


def demo(context: typer.Context) -> int:
    if context.invoked_subcommand is None:
        print(context.get_help())
    return 0


def county(
    folder: Annotated[str, typer.Argument(metavar="文件夹", help=FOLDER_HELP)],
    seed: Annotated[str, typer.Option(metavar="数", help=SEED_HELP)] = "1",
    scale: Annotated[str, typer.Option(metavar="倍数", help=SCALE_HELP)] = "1",
    years: Annotated[str, typer.Option(metavar="年度", help=YEARS_HELP)] = "2024-2025",
    plants: Annotated[str | None, typer.Option(metavar="文件", help=PLANTS_HELP)] = None,
    no_noise: Annotated[bool, typer.Option("--no-noise", help=NOISE_HELP)] = False,
    export: Annotated[bool, typer.Option("--export", help=EXPORT_HELP)] = False,
) -> int:
    request = read_request(folder, seed, scale, years, plants, not no_noise, export)
    with waiting("正在造县", staged=True) as progress:
        said = make(request, progress)
    print("\n".join(said), file=sys.stderr)
    return 0


SCALES = (0.01, 20.0)
YEARS = (2022, 2027)


@dataclass(frozen=True)
class Request:
    """One county to make, where, and whether the files of other offices are wanted too."""

    folder: Path
    plan: Plan
    export: bool


def read_request(
    folder: str, seed: str, scale: str, years: str, plants: str | None, noise: bool, export: bool
) -> Request:
    """What the user wrote, checked before anything is made; UserError with one sentence."""
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(f"“{folder}”已经有内容，没有写出。请换一个新的或空的文件夹。")
    if not re.fullmatch(r"\d{1,18}", seed):
        raise UserError(f"--seed 应是一个不带小数的数，如 1，不能是“{seed}”。")
    span = _years(years)
    from yibao.demo.plants import SHIPPED, read_plants
    from yibao.demo.settings import Plan

    chosen = read_plants(Path(plants) if plants else SHIPPED, span[-1])
    return Request(target, Plan(int(seed), _scale(scale), span, noise, chosen), export)


def _scale(text: str) -> float:
    low, high = SCALES
    if not re.fullmatch(r"\d+(\.\d+)?", text) or not low <= float(text) <= high:
        raise UserError(f"--scale 应在 {low} 和 {high:g} 之间，如 0.05，不能是“{text}”。")
    return float(text)


def _years(text: str) -> tuple[int, ...]:
    found = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not (YEARS[0] <= first <= last <= YEARS[1] and last - first < 4):
        raise UserError(
            f"--years 应写成 2025 或 2024-2025，在 {YEARS[0]} 和 {YEARS[1]} 之间、不超过四年，不能是“{text}”。"
        )
    return tuple(range(first, last + 1))


def make(request: Request, progress: Callable[[str, float], None]) -> list[str]:
    """Make it; what happened, in sentences."""
    from yibao.demo.export import export_county
    from yibao.demo.generate import make_county
    from yibao.demo.settings import COUNTY_NAME

    share = 0.7 if request.export else 1.0
    made = make_county(request.folder, request.plan, lambda what, done: progress(what, done * share))
    rows = sum(made.rows.values())
    said = [
        f"已在“{request.folder}”造好{COUNTY_NAME}：{len(made.rows)} 张表，{rows:,} 行，其中费用明细 {made.rows['fee_lines']:,} 行。"
    ]
    planted = "、".join(f"{name} {count} 条" for name, count in made.planted.items())
    said.append(f"埋设的问题记在“{request.folder / 'truth'}”：{planted}。")
    if request.export:
        count = len(export_county(request.folder, lambda what, done: progress(what, share + done * (1 - share))))
        said.append(f"各单位送来的文件在“{request.folder / 'export'}”，{count} 张表。")
    return said
