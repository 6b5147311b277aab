"""What a layout wants of a newcomer: the texts that it needs and may have, the figures that its sentences quote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from yibao.appraise.forms.shape import shapes
from yibao.appraise.literal_yaml import BLANK_MARK
from yibao.appraise.naming import basis_named, figure_named
from yibao.appraise.report.layout import Item, Layout, SectionPlan
from yibao.appraise.report.template import Filled, parsed
from yibao.appraise.report.template import places as all_places
from yibao.appraise.typed import Key
from yibao.vocabulary.figures import load_figures
from yibao.vocabulary.units import UNITS

Wanted = tuple[str, str]  #: figure, basis as a data file names it
_QUOTED = re.compile(r"(?P<figure>[a-z]\w*(?:\.\w+)+)(?::(?P<basis>[^,(){}@/]+))?(?P<scope>/\*)?")
_PREFERRED = re.compile(r"[^,(|]+\|")  #: an alternative that is not the last
_MONEY = "万元"
_HEAD = """\
# {layout}报告的句子要用的数。前面没有 # 的一定要填；有 # 的是可选的，要用就删去行首的“# ”再填，没有就不管。
# “来源”的文件写这些数印在哪里，如 部门决算报表、医保基金决算表。
# 上年的数另写一组，加一行“年度: 上年的年份”，报告就会写“比上年增加……”。
"""


def sections_of(layout: Layout) -> Iterator[SectionPlan]:
    """Every section of the layout's reports, those of project reports last."""

    def walk(plans: Sequence[SectionPlan]) -> Iterator[SectionPlan]:
        for plan in plans:
            yield plan
            yield from walk(plan.sections)

    for report in layout.plans if scored(layout) else layout.reports[:1]:
        yield from walk(report.sections)


def scored(layout: Layout) -> bool:
    """Does the layout's main report tell about score sheets? Final accounts do not."""
    return layout.reports[0].kind == "整体支出"


def texts(layout: Layout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(needed, optional) names of the bureau's own texts: needed is what alone surely fills a section that has to be there."""
    found = {item.text: plan for plan in sections_of(layout) for item in plan.body if item.text}
    needed = tuple(name for name, plan in found.items() if plan.need and not any(_sure(layout, i) for i in plan.body))
    return needed, tuple(name for name in found if name not in needed)


def _sure(layout: Layout, item: Item) -> bool:
    """Something is said there in any year: not of a case that may not be there (若有), not a list that may be empty."""
    return bool(item.say and not layout.blocks[item.say][0].startswith("{若有(")) or item.indicators is not None


def text_blank(layout: Layout, name: str) -> str:
    """The file of a needed text before it is written."""
    heading = next(plan.heading for plan in sections_of(layout) for item in plan.body if item.text == name)
    return f"{BLANK_MARK}报告“{heading}”一节的文字。写好后删去这一行；数不要打字，写引用，如 {{年度}}、{{dept.balance}}。\n"


def figures(layout: Layout) -> tuple[list[Wanted], list[Wanted]]:
    """(needed, optional) figures of the department: needed is what a needed section opens with."""
    needed: dict[Wanted, None] = {}
    wanted: dict[Wanted, None] = {}
    for plan in sections_of(layout):
        for item in plan.body:
            sentences = layout.blocks[item.say] if item.say else ()
            for i, sentence in enumerate(sentences):
                wanted |= dict.fromkeys(_figures(all_places(sentence)))
                if i == 0 and plan.need and item is plan.body[0] and _sure(layout, item):
                    needed |= dict.fromkeys(_figures(_due(layout, sentence)))
    needed |= dict.fromkeys(_due_in_forms(layout, needed))
    return list(needed), [found for found in wanted if found not in needed]


def _due(layout: Layout, sentence: str) -> Iterator[str]:
    """The places of a sentence that have to be filled; in final accounts the parts in brackets too: tables show them.

    Of alternatives (甲|乙) the last, which every bureau has; not what only decides between two sentences (若无).
    """
    inside = (node.inside for node in parsed(sentence) if isinstance(node, Filled))
    found = inside if scored(layout) else all_places(sentence)
    return (_PREFERRED.sub("", place) for place in found if not place.startswith("若无("))


def _due_in_forms(layout: Layout, needed: Iterable[Wanted]) -> Iterator[Wanted]:
    """What the base data form must not leave blank, once one of its rows is filled."""
    rows = shapes(layout.name).base_data.spending.rows
    if {row.figure for row in rows if row.required} & {figure for figure, _ in needed}:
        yield from ((row.figure, Key(row.figure, "", 0, "final").basis_name) for row in rows if row.required)


def _figures(places: Iterator[str]) -> Iterator[Wanted]:
    for place in places:
        for m in _QUOTED.finditer(place):
            if m["figure"] in load_figures() and not m["scope"]:
                figure = figure_named(m["figure"])
                basis = basis_named((m["basis"] or "决算").strip(), figure)
                yield figure.id, Key(figure.id, "", 0, basis).basis_name


def data_file(layout: Layout, known: str) -> tuple[str, bool]:
    """The data file for what the layout quotes and the file `known` does not ask for; is anything in it needed?

    Where nothing is, all of it is comment, and belongs at the end of `known`.
    """
    needed, optional = ([w for w in found if f"{w[0]}:" not in known] for found in figures(layout))
    groups: dict[tuple[str, str], list[tuple[Wanted, bool]]] = {}
    for wanted, due in [*((w, True) for w in needed), *((w, False) for w in optional)]:
        groups.setdefault((_unit(wanted[0]), wanted[1]), []).append((wanted, due))
    ordered = sorted(groups.items(), key=lambda g: not any(due for _, due in g[1]))
    blocks = ("\n".join(_block(unit, basis, rows)) for (unit, basis), rows in ordered)
    start = "数据:\n" if needed else ""
    return _HEAD.format(layout=layout.name) + start + "\n\n".join(blocks) + "\n", bool(needed)


def _block(unit: str, basis: str, rows: Sequence[tuple[Wanted, bool]]) -> Iterator[str]:
    off = "" if any(due for _, due in rows) else "# "
    yield f"{off}  - 来源: {{文件: {BLANK_MARK}}}"
    if unit:
        yield f'{off}    单位: "{unit}"'
    yield f"{off}    口径: {basis}"
    yield f"{off}    数:"
    for (figure, _), due in rows:
        yield f"{'' if due else '# '}      {figure}: {BLANK_MARK}  # {load_figures().get(figure).label}"


def _unit(figure: str) -> str:
    """The unit that offices print it in."""
    known = load_figures().get(figure)
    if UNITS[known.unit].dimension == "money":
        return _MONEY
    return known.unit
