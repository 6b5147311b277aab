"""Numbers in the narrative's item list: "卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）…年初预算为…，支出决算为…"
become facts of the functional classification, so that they meet the rows of the tables (T5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from yibao.proofread.forms.facts import Fact
from yibao.proofread.part_year import part_of_year
from yibao.proofread.prose import Mention, Sentence
from yibao.vocabulary.classification import load_classification
from yibao.vocabulary.figures import basis_of

_ITEM = re.compile(
    r"(?P<parent>[^（）。；，0-9、]{2,30})（\d{0,5}款）(?P<name>[^（）。；，0-9]{2,30}(?:（[^（）项]{1,8}）)?[^（）。；，0-9]{0,12})（\d{0,7}项）|[\u4e00-\u9fff]+-(?P<parent2>[\u4e00-\u9fff]+)-(?P<name2>[\u4e00-\u9fff]+)\"?(?:科目|（项）)"
)
#: all that names an amount where the item was named in the paragraph before: no subject of its own
_SAME_SUBJECT = re.compile(
    r"(?:20\d\d年(?:度)?|本年度?|当年|年初|年中|全年|调整后?|追加|财政拨款|一般公共预算|支出|预算|决算|执行|安排|完成|批复|数|额|的|为)*"
)
_FIRST = re.compile(r"（\d{0,7}项）[\"”]?(?:支出)?(?:数|为|：)?$")


def item_facts(sentences: Sequence[Sentence], years: Mapping[str, int | None], kinds: Mapping[str, str]) -> list[Fact]:
    """Facts `code:<code>` (or `item:<name>` where the classification has no such name), scope "total"."""
    out: list[Fact] = []
    current: tuple[str, int, str] | None = None  # file, block, figure
    for sentence in sentences:
        if sentence.place.table is not None:
            continue
        found = _ITEM.findall(sentence.text)
        year = years.get(sentence.place.file)
        if len(found) == 1:
            parent, name = (found[0][0] or found[0][2]), (found[0][1] or found[0][3])
            current = (sentence.place.file, sentence.block, figure_of_item(parent, name, year))
        elif found or current is None or current[0] != sentence.place.file or not _goes_on(sentence, current[1]):
            current = None
            continue
        out.extend(_facts(sentence, current[2], year, kinds.get(sentence.place.file, "")))
    return out


def _goes_on(sentence: Sentence, block: int) -> bool:
    """The amounts of an item stand in its paragraph or in the next one, unless that one names a subject of its own."""
    if sentence.block == block:
        return True
    if sentence.block != block + 1 or not re.match(r"年初预算|\d{4}年|支出决算|本年", sentence.text):
        return False
    first = next((m for m in sentence.mentions if m.dimension == "money"), None)
    return first is not None and _SAME_SUBJECT.fullmatch(first.label) is not None


def figure_of_item(parent: str, name: str, year: int | None) -> str:
    """One name of a 项 stands under many 款, so the 款 decides the code.

    >>> figure_of_item("行政事业单位医疗", "行政单位医疗", 2023), figure_of_item("某某事务", "一般行政管理事务", 2023)
    ('code:2101101', 'item:某某事务/一般行政管理事务')
    """
    functional = load_classification("functional")
    above = functional.code_of(parent, year)
    code = functional.code_of(name, year, under=above) if above else None
    return f"code:{code}" if code else f"item:{parent}/{name}"


def _facts(sentence: Sentence, figure: str, year: int | None, kind: str) -> Iterator[Fact]:
    budget = kind == "部门预算公开"
    for m in sentence.mentions:
        if m.dimension != "money" or m.change or m.previous or part_of_year(m, sentence):
            continue
        basis = _basis(m, budget)
        if basis and _this_year(m, year):
            yield Fact(figure, "total", year, basis, m.quantity, m.evidence, "text", "prose", m.key)


def _basis(m: Mention, budget: bool) -> str | None:
    if _FIRST.search(m.lead):
        return "initial" if budget else "final"
    basis = basis_of(m.clause)
    if budget:
        return "initial" if basis in ("budget", "initial") and "执行" not in m.clause else None
    return basis if basis in ("initial", "final", "adjusted") else None


def _this_year(m: Mention, year: int | None) -> bool:
    named = re.findall(r"(20\d{2})年", m.clause)
    return not named or year is None or int(named[-1]) == year
