"""Amounts of a part of the year ("1-9月", "截至9月底", "上半年"): they are no printing of the year's figure.

The months may stand before the amount's own clause: they hold until the paragraph speaks of the whole year again.
"""

from __future__ import annotations

import re
from functools import lru_cache

from yibao.proofread.prose import Mention, Sentence
from yibao.vocabulary.figures import basis_of

REACH = 400  #: characters in which the months are looked for before an amount
_WHEN = re.compile(
    r"(?P<month>20\d\d年(?:1[01]|[1-9])月(?=[，\u4e00-\u9fff])(?![底末初至到]|[^。；]{0,40}(?:成立|组建|挂牌|设立|批复|印发|核定)))"
    r"|(?P<year>1月?(?:份)?[-~至到]12月|(?:截至|截止|至|到)?(?:20\d\d年)?12月(?:底|末|31日)"
    r"|20\d\d年(?:度|末|底)?(?!(?:1[01]|[1-9])月[底末]|[1-9]月?[-~至到])"
    r"|年末|年底|年终|(?<!每)(?:全年|本年度?|当年|年度)(?!预算|计划|目标|任务|绩效))"
    r"|(?P<part>(?:截至|截止|至|到)(?:20\d\d年)?(?:1[01]|[1-9])月|(?<!\d)(?:1[01]|[1-9])月[底末](?!之?前)"
    r"|(?<!\d)\d{1,2}(?:月份?)?[-~至到](?:1[01]|[1-9])月|[上下]半年|前(?:[二三四五六七八九十两]|十一|1[01]|[2-9])个?月"
    r"|(?<![每各])(?:前?[一二三两1-3]|第[一二三四1-4]|四)个?季度)"
)
_BUDGETS = ("initial", "adjusted", "budget", "added", "target")


def part_of_year(m: Mention, sentence: Sentence) -> bool:
    """Does an amount of the sentence's paragraph count some months only? Budgets and targets are set for the year."""
    if basis_of(m.clause) in _BUDGETS:
        return False
    if m.tail.startswith("（") and _spoken_of(m.tail[1:].partition("）")[0]) == "part":
        return True
    text, end = sentence.norm.text, m.key[-1]
    first = max(0, end - REACH)
    begin = max(text.rfind(mark, first, end) for mark in "。！？") + 1 or first
    own = _spoken_of(text[begin:end])
    if own or "决算" in m.clause:  # final accounts are of the year, unless the sentence itself names months
        return own in ("part", "month")
    return _spoken_of(text[first:begin]) == "part"


@lru_cache(maxsize=8192)  # one amount is held against many
def _spoken_of(text: str) -> str | None:
    """ "year", "part" or a single "month" (which holds for its sentence alone), by the last words of time in a text.

    >>> [_spoken_of(x) for x in ("1至9月支出", "截至12月底支出", "2031年1-9月", "上半年占全年预算的", "2031年6月，", "支出")]
    ['part', 'year', 'part', 'part', 'month', None]
    """
    last = None
    for found in _WHEN.finditer(text):
        last = found.lastgroup
    return last
