"""When does a text say why? Words that announce a reason, and words that announce one and give none.

A bureau that fills in its year and a reader of what it published ask the same: "没有写明原因，待补写" is no reason.
"""

from __future__ import annotations

import re

LEAST = 4  #: characters of a reason
BRIEF = 2  #: in a column that asks for one: 疫情, 停产
#: opens a reason; 起因, 因公 and the like do not
MARK = re.compile(
    r"原因(?:主要)?(?:是|为|系|在于|[：:])|由于|因为|主要(?:是|系|因)(?!用于)|(?<![原起])因(?!公(?!务)|素|此|而|果|子|为|病|地|人)"
)
_VOID = re.compile(
    r"(?:没有|未|尚未|无法)(?:写明|说明|载明|列明|注明|明确|填写|查明|提供|公开)"
    r"|(?<![接招款优])待(?:进一步)?(?:补|查|核|定|单位|完善|说明)|不(?:详|明|清楚)$|暂无|^略$|^无$|^见|同上"
)
_CLAUSE = re.compile(r"[，。；：！？（）、,;:!?()\s]")


def says_something(words: str, least: int = LEAST) -> bool:
    """Is there more in a remark than that there is none, or that it comes later?

    >>> says_something("经办窗口搬迁"), says_something("待补充"), says_something("160%")
    (True, False, False)
    """
    clauses = (c for c in _CLAUSE.split(words) if c and not _VOID.search(c))
    characters = sum(1 for clause in clauses for char in clause if "\u4e00" <= char <= "\u9fff")
    return characters >= least


def gives_reason(words: str) -> bool:
    """Does a text say why, with something behind the word that announces it?

    >>> gives_reason("原因：经办窗口搬迁"), gives_reason("原因：无"), gives_reason("主要用于机构运转")
    (True, False, False)
    """
    return any(says_something(words[m.end() :]) for m in MARK.finditer(words))
