"""Numbers in prose get names: the figure of the register, the year and the basis (guide §7.4), so that they can meet
the tables' facts. Also the way from a named rate to its operands, through the relations declared in the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from yibao.proofread.forms.facts import Fact
from yibao.proofread.part_year import part_of_year
from yibao.proofread.prose import Mention, Sentence
from yibao.vocabulary.figures import Figure, basis_of, load_figures

_YEAR = re.compile(r"(20\d{2})年(?!.{0,4}(?:以来|起|开始))")
_LAST_YEAR = re.compile(r"上年|去年|上一年")
_OTHER_PERIOD = re.compile(
    r"截至目前|季度|(?:(?<!\d)\d|1[01])月[底末]|历年|以来|近[一二两三四五\d]年|累计上解|下年|明年|次年|每年|每月|月均"
)
#: labels that name no subject of their own
_NO_SUBJECT = re.compile(
    r"(?:我局|本局|单位|部门|整体|年度|本年|当年|年初|年中|年末|年终|全年|实际|财政|拨款|资金|支出|收入|预算|决算|执行|调整后?|追加|安排|使用"
    r"|完成|支付|到位|下达|批复|总额|总|合计|结转|结余|和|数|额|率|的)*"
)
REACH = 200  #: characters before a number in which its owner is looked for
_SUBJECT = re.compile(
    r"(?:\d{1,2}[、.]|（\d{1,2}）)?([\u4e00-\u9fff（）]{2,14})："
)  #: "个人账户：收入 5 亿元，支出 4 亿元"
#: "项目支出全年预算数 9 万元，年初预算数 5 万元，追加预算 4 万元": the figure is the one named before
_ONLY_BASIS = re.compile(
    r"(?:年初|年中|全年|调整|调整后|追加|调整追加)*(?:预算|决算|追加|执行|支出决算)(?:安排)?(?:数|为)?"
)
SAID, CARRIED, ASSUMED = (
    "prose",
    "prose, basis carried",
    "prose, basis assumed",
)  #: forms of facts, by how sure their basis is
_FUND = re.compile(r"(?<!政府性)基金")
#: figures that every set of books has: whose they are, the words before them say
_ANY_BOOKS = ("dept.income.", "dept.expense.total", "dept.expense.grand", "dept.balance", "dept.carry.", "dept.funds.")
_WHOSE = re.compile(
    r"(?P<department>部门|财政拨款|一般公共预算|我局|本局|本单位|我单位|医保局|医疗保障局|机关|中心|政府性基金)"
    r"|(?P<fund>大病保险|大病医疗|医疗救助|长期护理|长护险|生育保险|补充医疗保险|公务员医疗补助|离休人员医疗"
    r"|基金(?!监管|监督|安全|管理|稽核|使用|预算财政|预算拨款))"
)
_LOSS = re.compile(r"亏损|赤字|缺口|超支")
_LISTED_CHANGE = re.compile(r"(?:减少|增加|新增|追加|压减)[^。；]*$")


def named_facts(sentences: Sequence[Sentence], years: Mapping[str, int | None]) -> list[Fact]:
    """Every number in prose that the register knows, with year and basis. `years` gives the year of each file."""
    out: list[Fact] = []
    previous: Basis | None = None
    for sentence in sentences:
        subjects = [found[1]] if (found := _SUBJECT.match(sentence.text)) else []
        same = previous is not None and (sentence.block, sentence.place) == (
            previous.sentence.block,
            previous.sentence.place,
        )
        basis = previous = Basis(sentence, previous if same else None)
        told: Fact | None = None
        before: list[tuple[Mention, bool]] = []
        for m in sentence.mentions:
            fact = name_mention(m, sentence, subjects, years.get(sentence.place.file), basis)
            if (
                told is not None
                and _ONLY_BASIS.fullmatch(m.label)
                and m.dimension == told.quantity.dimension
                and not m.change
                and not ("支出" in m.label and ".income" in told.figure)
            ):
                fact = replace(told, basis=basis.of(m)[0], quantity=m.quantity, evidence=m.evidence, key=m.key)
            if fact is not None and not part_of_year(m, sentence) and not _of_another(m, fact.figure, before):
                out.append(fact)
                told = fact
            before.append((m, fact is not None))
            if m.label and m.dimension != "ratio":
                subjects.append(m.label)
    return out


def figure_of(m: Mention, sentence: Sentence, subjects: Sequence[str] = ()) -> Figure | None:
    """The figure a mention's label names, read under its headings and after the subjects named before it."""
    if not m.label:
        return None
    context = (*sentence.section, *subjects[1:][-3:], *subjects[:1])
    found = (load_figures().match(words, context) for words in (m.label, m.clause) if words)
    figure = next((f for f in found if f is not None and f.measured_in(m.dimension)), None)
    if figure is None:
        return None
    if (
        figure.domain == "dept"
        and figure.role == "rate"
        and _FUND.search("".join((*sentence.section[-1:], sentence.text)))
    ):
        return None  # 预算执行率 among the figures of a fund is the fund's
    return None if figure.id.startswith(_ANY_BOOKS) and _of_a_fund(m, sentence) else figure


def _of_a_fund(m: Mention, sentence: Sentence) -> bool:
    """ "大病保险……本年收入": the money of a fund is not the department's. The last owner named before the number counts."""
    at = m.key[-1]
    paragraph = sentence.norm.text[max(0, at - REACH) : at]
    owners = [m.lastgroup for m in _WHOSE.finditer("。".join((*sentence.section[-1:], paragraph)))]
    return owners[-1:] == ["fund"]


def _of_another(m: Mention, figure: str, before: Sequence[tuple[Mention, bool]]) -> bool:
    """ "某项目预算 9 万元，执行 8 万元，执行率 88.9%": a rate or a balance of the amounts before it, which no figure names."""
    if not figure.startswith(("dept.rate.", "dept.balance")):
        return False
    for x, named in reversed(before):
        if x.dimension in ("money", "ratio") and not x.change and not _NO_SUBJECT.fullmatch(x.label):
            return not named
    return False


class Basis:
    """The basis of amount after amount: said in the clause itself, else carried on from before, else from the headings."""

    def __init__(self, sentence: Sentence, before: Basis | None = None) -> None:
        headings = [b for title in sentence.section if (b := basis_of(title))]
        self.carried: str | None = before.carried if before else headings[-1] if headings else None
        self.sentence = sentence

    def of(self, m: Mention) -> tuple[str, str]:
        """The basis and how it is known, as the `form` of a fact: said in the number's clause, carried on, or assumed."""
        own = basis_of(m.clause)
        if own and "占" in m.clause:  # "占全年预算 5 万元": said of the denominator alone
            return own, SAID
        if own:
            odd = own == "budget" and self.carried == "final"  # a budget amid final figures: a slip, or another thing
            self.carried = self.carried if own == "added" or odd else own
            return own, CARRIED if odd else SAID
        carried = _outer_basis(m, self.sentence) or self.carried
        return (carried or "final"), CARRIED if carried else ASSUMED


def name_mention(
    m: Mention, sentence: Sentence, subjects: Sequence[str], year: int | None, basis: Basis
) -> Fact | None:
    words, form = basis.of(m)
    if m.change or m.previous or "占" in m.clause or m.quantity.operator in ("≥", "≤", ">", "<"):
        return None
    if re.search(r"大于|小于|高于|低于|多于|少于|超过|相比|比上年|较上年", m.clause):
        return None
    if re.search(r"主要|原因|因为", sentence.text[: m.key[-1] - sentence.start]) and _LISTED_CHANGE.search(
        sentence.text[: m.key[-1] - sentence.start]
    ):
        return None  # "主要是减少甲 3 万元、乙 2 万元": changes, of which only the first says so
    if _OTHER_PERIOD.search(m.clause) or (re.search(r"每|人均.{0,3}$", m.clause) and m.dimension != "money"):
        return None
    figure = figure_of(m, sentence, subjects)
    if figure is None:
        return None
    q = m.quantity
    if _LOSS.search(m.clause) and q.value > 0 and "balance" in figure.id:
        q = replace(q, value=-q.value)
    form = SAID if figure.role != "amount" else form
    if figure.id.startswith("dept.carry"):
        words = "final"  # the 年初 of 年初结转 is no initial budget
    return Fact(figure.id, "", _year_of(m, sentence, year), words, q, m.evidence, "text", form, m.key)


def _outer_basis(m: Mention, sentence: Sentence) -> str | None:
    """ "年初预算为 10 万元（职工 4 万元）": inside brackets the basis of the number before them holds."""
    if m.depth and m.index:
        outer = next((x for x in reversed(sentence.mentions[: m.index]) if x.depth < m.depth), None)
        return basis_of(outer.clause) if outer else None
    return None


def _year_of(m: Mention, sentence: Sentence, year: int | None) -> int | None:
    """The year said in the number's own clause, else at the beginning of its sentence, else the document's."""
    own = m.key[-1] - sentence.start
    near = re.split(r"[，；。]", sentence.text[max(0, own - 60) : own])[-1]
    if _LAST_YEAR.search(near):
        return None if year is None else year - 1
    if found := _YEAR.findall(near):
        return int(found[-1])
    if "现有" in near or "目前" in near:
        return year
    opening = re.match(r"(?:截至|截止|到|至|[一二三四五]是)?(20\d{2})年(?:度|末|底|\d{1,2}月)?", sentence.text)
    return int(opening[1]) if opening else year
