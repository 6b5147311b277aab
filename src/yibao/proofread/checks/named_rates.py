"""Rates that have a name, recomputed from the numbers that the name asks for: 执行率, 征缴率, 回收率, 结余率 …"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yibao.proofread.checks.carried import opens
from yibao.proofread.checks.completion import BUDGET, NO_BUDGET, budget_and_final
from yibao.proofread.checks.differences import CUMULATIVE
from yibao.proofread.checks.ratio import behind, fits, ratio_check, unbound
from yibao.proofread.findings import Check, Verdict
from yibao.proofread.part_year import part_of_year
from yibao.proofread.prose import Mention, Sentence

_TARGET = re.compile(r"年初预算[^，]*率|目标|指标值|不高于|不低于|控制在|以上|以内|要求|计划|应达|力争|确保|降幅|平均")
_SCOPES = ("统筹", "个人", "职工", "居民", "住院", "门诊", "收入", "支出", "征缴", "待遇", "基本", "项目")


@dataclass(frozen=True, slots=True)
class Pair:
    """A numerator over a denominator; `explicit` when the rate's own sentence names both."""

    over: Mention
    under: Mention
    explicit: bool = False
    kind: str = "percent_of"
    alone: bool = False  #: no other number can be the numerator


@dataclass(frozen=True, slots=True)
class _Named:
    """A rate by its name, with the words of what is counted and of what it is counted of."""

    name: re.Pattern[str]
    over: re.Pattern[str]
    under: re.Pattern[str]
    strict: bool = True  #: the name leaves no choice of numbers: a difference is an error


def _named(name: str, over: str, under: str, *, strict: bool = True) -> _Named:
    return _Named(re.compile(rf"(?:{name})(?:为|是|达到?)*$"), re.compile(over), re.compile(under), strict)


_NAMED = (
    _named("回收率", r"回收|收回", r"发放|发出|下发"),
    _named("征缴率|收缴率|缴费率|征收率", r"实缴|已缴|实收|实际(?:征|缴|收)|征缴|入库", r"应缴|应征|应收"),
    _named("到位率", r"到位", r"下达|应到位|预算|计划|安排|应"),
    _named("拨付率|支付率|兑付率", r"(?<!应)(?:拨付|支付|兑付)", r"应拨|应付|应支付|应兑付|下达"),
    _named("参保率|参保覆盖率", r"参保", r"应参保|应保|户籍|常住|总人口", strict=False),
    _named("办结率|结案率", r"办结|结案", r"受理|收到|接收|立案|交办|转办"),
    _named("通过率", r"通过", r"申请|受理|提交|报送|参加|应考", strict=False),
    _named("问题率|检出率", r"问题|检出", r"抽查|检查|审核", strict=False),
    _named("整改率|整改完成率", r"整改", r"问题|发现|反馈|移交"),
    _named("追回率|追缴率", r"(?<!应)(?:追回|追缴|收回)", r"应追|应收回|查实|认定"),
    _named("合格率", r"合格", r"抽查|检查|检验|抽检|审核|评审", strict=False),
    _named("满意率|满意度", r"满意", r"调查|访问|访谈|受访|回访|测评|有效|回收", strict=False),
    _named("抽查率|检查率|检查覆盖率|抽查比例|检查比例|监管覆盖率", r"抽查|检查", r"定点|机构|共有|总", strict=False),
    _named("违规率", r"违规", r"检查|抽查|审核", strict=False),
    _named(
        "报销比例|报销率|支付比例|补偿比例?|实际报销比", r"报销|支付|补偿", r"总费用|费用总额|医疗费|费用", strict=False
    ),
    _named("节约率|节支率|节省率", r"节约|节支|节省", r"预算|控制价|限价|概算", strict=False),
    _named("人员控制率|在编率|编制使用率", r"在职|实有|在编", r"编制(?!内)"),
    _named("资产负债率", r"负债", r"资产"),
)


def named_pair(m: Mention, sentence: Sentence) -> Pair | None:
    """The two numbers that the rate's name asks for: before it, or in the bracket behind it."""
    words = m.clause or m.label
    named = next((n for n in _NAMED if n.name.search(words)), None)
    if named is None or (
        "政策范围" in words and "政策范围" not in sentence.text[: m.key[-1] - sentence.start - len(words)]
    ):
        return None
    earlier = [x for x in sentence.mentions[: m.index] if not x.previous]
    cut = max((i for i, x in enumerate(earlier) if x.dimension == "ratio"), default=-1) + 1
    told = behind(m, sentence)
    for pool, sure in ((earlier[cut:], True), (told, True), ([*earlier[cut:], *told], True), (earlier, False)):
        pairs = _pairs(named, pool)
        if pairs:
            alone = len({x.quantity.base for x, _ in pairs}) == 1
            over, under = next((p for p in pairs if fits(m, *p)), pairs[-1])
            whole = len({x.quantity.base for _, x in pairs}) == 1
            return Pair(over, under, sure and named.strict and alone and whole, alone=alone)
    return None


def _pairs(named: _Named, pool: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Numerators with denominators, by their words; a number that has both is what its last words say."""
    unders = [x for x in pool if named.under.search(x.clause) and not _counted(named, x)]
    overs = [x for x in pool if x not in unders and named.over.search(x.clause)]
    return [(x, y) for x in overs for y in unders if x.dimension == y.dimension and x.dimension != "ratio"]


def _counted(named: _Named, x: Mention) -> bool:
    """The words of the numerator stand behind those of the denominator: "检查机构中违规", "医疗费用报销"."""
    a, b = ([f.end() for f in p.finditer(x.clause)] for p in (named.over, named.under))
    return bool(a) and bool(b) and a[-1] > b[-1]


def check_named_rate(m: Mention, words: str, sentence: Sentence, before: Sequence[Sentence]) -> Iterator[Check]:
    if _TARGET.search(words) and not re.search(r"实际|达到|完成", words):
        return
    kind = _kind_of_rate(m.label or words)
    name = m.label or words
    expected = _score_pair(m, sentence) or _expected_pair(m, kind, sentence, before)
    if expected is not None and fits(m, expected.over, expected.under):
        yield ratio_check(kind, m, expected.over, expected.under)
        return
    around = [
        x
        for s in (*before[-3:], sentence)
        for x in s.mentions
        if x.dimension not in ("ratio", "", "score", "months", "days")
    ]
    fit = _fitting_pair(m, around)
    if expected is not None and expected.explicit:
        cause = f"{fit.over.quantity.raw}/{fit.under.quantity.raw}恰为{m.quantity.raw}，疑分子或分母取错" if fit else ""
        yield ratio_check(kind, m, expected.over, expected.under, Verdict.INCONSISTENT, cause)
    elif fit is not None and kind != "percent_of":
        yield ratio_check(kind, m, fit.over, fit.under)
    elif expected is not None and fit is None and expected.alone:
        yield ratio_check(kind, m, expected.over, expected.under, Verdict.SUSPICIOUS)
    elif (pair := _part_and_whole(m, sentence)) is not None and (fit is None or fits(m, pair.over, pair.under)):
        yield ratio_check(kind, m, pair.over, pair.under, Verdict.SUSPICIOUS)
    else:
        yield unbound(kind, m, f"未找到计算“{name}”所需的数")


def _score_pair(m: Mention, sentence: Sentence) -> Pair | None:
    """ "决策 16.5 分（满分 20 分），得分率 82.5%"."""
    points = [x for x in sentence.mentions[max(0, m.index - 2) : m.index] if x.dimension == "score"]
    full = [x for x in points if re.search(r"满分|分值|权重", x.clause)]
    if not m.label.endswith("得分率") or len(points) != 2 or len(full) != 1:
        return None
    over = points[0] if points[1] is full[0] else points[1]
    return Pair(over, full[0], True)


def _part_and_whole(m: Mention, sentence: Sentence) -> Pair | None:
    """ "在册患者 2316 人，规范管理 2241 人，规范管理率 96.76%": the part has the rate's name, the whole stands before it."""
    if m.index < 2 or not m.label.endswith("率") or len(m.label) < 4 or m.tail.startswith("的"):
        return None
    under, over = sentence.mentions[m.index - 2 : m.index]
    named = over.label.endswith(m.label[:-1]) or over.label[-4:] == m.label[-5:-1]
    alike = under.dimension == over.dimension and not under.change and not over.change and over.quantity.exact
    return Pair(over, under) if named and alike and 0 < over.quantity.base <= under.quantity.base else None


def _kind_of_rate(label: str) -> str:
    if "执行率" in label or "完成率" in label or "使用率" in label or "支出率" in label:
        return "execution_rate"
    return "control_rate" if "控制率" in label else "percent_of"


def _expected_pair(m: Mention, kind: str, sentence: Sentence, before: Sequence[Sentence]) -> Pair | None:
    """Numerator and denominator by their words, in the sentence (explicit) or in the paragraph."""
    if "结余率" in m.label and "结转" not in m.label:
        return _balance_pair(m, sentence, before)
    if (told := named_pair(m, sentence) or _subject_pair(m, kind, sentence, before)) is not None:
        return told
    if kind not in ("execution_rate", "control_rate") or re.search(r"预算控制率|调整率|变动率", m.label):
        return None
    budget_final = budget_and_final(m, sentence, initial=False)
    if budget_final is None:
        return None
    final, budget, sure = budget_final
    level = [x for x in sentence.mentions[: m.index] if x.dimension == final.dimension and not x.change]
    level = [x for x in level if not re.search(r"追加|调增|结转|压减|结余", x.clause)]
    arrived = [x for x in level if "到位" in x.clause and x is not final]
    level = [x for x in level if x not in arrived or x.quantity.base != budget.quantity.base]  # all of it has arrived
    scopes = {s for s in _SCOPES if s in m.label}
    spent = {x.quantity.base for x in level if not BUDGET.search(x.clause) or NO_BUDGET.search(x.clause)}
    clear = len(spent) == 1 or len(level) == 2
    return Pair(final, budget, sure and clear and all(s in sentence.text for s in scopes), kind)


def _subject_pair(m: Mention, kind: str, sentence: Sentence, before: Sequence[Sentence]) -> Pair | None:
    """ "三公经费控制率" is of the numbers that are called 三公经费, where both are printed."""
    subject = re.sub(r"(?:预算|支出|收入)*(?:控制率|执行率|完成率|使用率)$|^(?:实际|全年|本年)", "", m.label)
    if len(subject) < 3 or kind not in ("execution_rate", "control_rate"):
        return None
    pool = [
        x
        for s in (*before[-2:], sentence)
        for x in s.mentions
        if x.key < m.key and x.dimension == "money" and subject in x.label and not x.change
    ]
    budgets = [x for x in pool if BUDGET.search(x.label) and not re.search(r"追加|年初", x.label)]
    finals = [x for x in pool if x not in budgets and re.search(r"支出|决算|执行|实际", x.label)]
    one = len({x.quantity.base for x in budgets}) == len({x.quantity.base for x in finals}) == 1
    return Pair(finals[-1], budgets[-1], True, kind) if one else None


def _balance_pair(m: Mention, sentence: Sentence, before: Sequence[Sentence]) -> Pair | None:
    pool = [
        x for s in (*before, sentence) for x in s.mentions if x.key < m.key and x.dimension == "money" and not x.change
    ]
    months = part_of_year(m, sentence)
    pool = [x for x in pool if part_of_year(x, sentence) == months]
    balances = [x for x in pool if re.search(r"结余|亏损|缺口|赤字", x.label)]
    if "累计" not in m.label:
        balances = [x for x in balances if not CUMULATIVE.search(x.clause) and not opens(x)]
    if not balances:
        return None
    over = balances[-1]
    special = [s for s in ("统筹", "个人账户", "个人帐户") if s in (m.label + over.label)]
    incomes = [x for x in pool if "收入" in x.label and all(s in x.label for s in special)]
    incomes = incomes if special else [x for x in incomes if not re.search(r"统筹|个人", x.label)]
    if not any("收入" in x.label for x in pool):  # "资金到位 300 万元，支出 270 万元，结余 30 万元"
        incomes = [x for x in pool if re.search(r"到位|预算|下达", x.clause) and x.key[-1] >= sentence.start]
    if not incomes:
        return None
    return Pair(over, incomes[-1], len({x.quantity.base for x in incomes}) == 1, "percent_of")


def _fitting_pair(m: Mention, around: Sequence[Mention]) -> Pair | None:
    """Any two numbers nearby that give the rate. A coincidence is unlikely at two printed decimals; below that, none is tried."""
    if m.quantity.decimals < 1 or len(around) > 40:
        return None
    for over in reversed(around):
        for under in reversed(around):
            if over is not under and over.dimension == under.dimension and fits(m, over, under, strict=True):
                return Pair(over, under)
    return None
