"""One page: the figures that a bureau is asked for, each with its denominator, its day, and the command that tells more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yibao.enrol import aid, coverage, levy, progress, structure, watch
from yibao.enrol.rules import Book
from yibao.enrol.texts import rows
from yibao.enrol.words import as_of, has_rows, read_from
from yibao.errors import UserError
from yibao.store.listing import Headings, Listing, shown
from yibao.store.workspace import Workspace

Row = tuple[str, str, str, str]
NEEDED = ("persons", "enrolments", "contributions")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is about: a workspace, the rules of its region, a benefit year and a day."""

    workspace: Workspace
    book: Book
    year: int
    on: date


def overview(asked: Asked) -> Listing:
    """A line a figure; a figure that cannot be made says what is missing."""
    if absent := [name for name in NEEDED if not has_rows(asked.workspace, name)]:
        labels = "、".join(asked.workspace.table(name).label for name in absent)
        raise UserError(f"{labels}还没有数据，没有可说的。请先导入：yibao import 文件。")
    table: list[Row] = []
    for make, command in _LINES:
        try:
            table += [(label, value, f"enrol {command}", why) for label, value, why in make(asked)]
        except UserError as error:
            table.append(("未能计算", "—", f"enrol {command}", error.sentence))
    headings: Headings = [("指标", "text"), ("数值", "text"), ("明细命令", "text"), ("分母与说明", "text")]
    notes = [as_of(asked.on), read_from(asked.workspace, *NEEDED, "identities", "settlements")]
    return Listing("概览", f"参保征缴概览（{asked.year} 待遇年度）", headings, table, notes)


Line = tuple[str, str, str]


def _coverage(a: Asked) -> Iterator[Line]:
    county = coverage.coverage(a.workspace, a.on, None)[0]
    for basis, insured, people, rate, source in county.rows:
        if rate is None:
            yield f"参保率（{basis}）", "—", source
        else:
            yield f"参保率（{basis}）", shown(rate, "rate"), f"参保 {insured:,} 人 ÷ {people:,} 人（{source}）"


def _groups(a: Asked) -> Iterator[Line]:
    found = aid.uninsured(a.workspace, a.on)
    people = len({row[1] or row[3] for row in found.rows})
    yield "应保未保", f"{people:,} 人", "在困难群众名单上而没有有效参保关系"
    unproven = len(aid.unproven(a.workspace, a.on).rows)
    yield "没有名单依据的身份", f"{unproven:,} 条", "没有认定部门或名单日期，或名单晚于身份开始"


def _duplicates(a: Asked) -> Iterator[Line]:
    found = rows(a.workspace, "overlapping_relations", most=1)
    pairs = sum(row["match_kind"] == "exact" for row in found)
    waiting = sum(row["proposal_status"] == "waiting" for row in rows(a.workspace, "proposals"))
    yield "重复参保", f"{pairs:,} 对", f"证件号码相同、时间重叠；待审批的处理建议 {waiting:,} 条"


def _aid(a: Asked) -> Iterator[Line]:
    table, wrong = aid.proofs(a.workspace, a.book.fresh(), a.year, a.on)
    _, people, paid, *_ = table.rows[-1]
    yield (
        "资助参保",
        f"{people:,} 人",
        f"资助 {shown(paid, 'money')} 元；依据或金额有问题、应资助未资助的 {len(wrong.rows):,} 人",
    )


def _relief(a: Asked) -> Iterator[Line]:
    found = aid.unrelieved(a.workspace, a.book.fresh(), a.year, a.on)
    yield "应救未救线索", f"{len(found.rows):,} 人", "政策范围内负担超过起付而没有救助支付"


def _levy(a: Asked) -> Iterator[Line]:
    *_, rate, _, _ = (last := levy.subsidies(a.workspace, a.book.fresh(), a.year, a.on).rows[-1])
    yield (
        "财政补助到位率",
        shown(rate, "rate"),
        f"实到 {shown(last[5], 'money')} 元 ÷ 应到 {shown(last[4], 'money')} 元",
    )


def _progress(a: Asked) -> Iterator[Line]:
    for year in (a.year, a.year + 1):
        last = progress.progress(a.workspace, a.book.fresh(), year, a.on).rows[-1]
        yield (
            f"{year} 年度续保率",
            shown(last[4], "rate"),
            f"已续保 {last[3]:,} 人 ÷ {year - 1} 年度参保且健在 {last[2]:,} 人；已缴共 {last[6]:,} 人",
        )


def _structure(a: Asked) -> Iterator[Line]:
    ratio, ages, employers = structure.structure(a.workspace, a.year, a.on)
    yield "在职与退休", f"{ratio.rows[0][1]:,} 比 {ratio.rows[1][1]:,}", ratio.notes[0]
    yield "居民老龄化", shown(structure.elder_rate(ages), "rate"), ages.notes[1]
    yield "关闭破产企业", f"{sum(row[2] != '' for row in employers.rows):,} 家", employers.notes[0]


def _watch(a: Asked) -> Iterator[Line]:
    by_month = watch.watch(a.workspace, a.book.fresh(), a.year, a.on)[0]
    for kind in ("监测对象", "高额费用"):
        people = sum(row[3] for row in by_month.rows if row[2] == kind)
        yield f"预警（{kind}）", f"{people:,} 人", "年度个人负担累计首次达到门槛的人"


_LINES: Sequence[tuple[Callable[[Asked], Iterator[Line]], str]] = (
    (_coverage, "coverage"),
    (_groups, "aid"),
    (_duplicates, "duplicates"),
    (_aid, "aid"),
    (_relief, "aid"),
    (_levy, "levy"),
    (_progress, "progress"),
    (_structure, "structure"),
    (_watch, "watch"),
)
