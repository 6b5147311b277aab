"""The words of conditions: each declared once, with its Chinese forms and what it says of a situation (ADR 0014).

A word fixes one dimension of a situation (`level3`, `三级`) or holds it in a range (`nth>=2`, `次数>=2`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from yibao.money import exact_fen

ELSE = ("else", "其他")
Kind = Literal["one", "named", "range"]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that a condition may ask of a visit: the field of a Situation, or `nth`."""

    name: str
    label: str
    kind: Kind  #: one of the words declared; a code after the name (`disease:M03900`); a range of whole numbers
    money: bool = False  #: a range written in yuan, held in fen


@dataclass(frozen=True, slots=True)
class Word:
    """One word, as packs and people write it."""

    word: str
    dimension: str
    value: object  #: what the situation's field is where the word holds
    chinese: str  #: how it is printed
    aliases: tuple[str, ...] = ()  #: other forms that are read


DIMENSIONS = {
    d.name: d
    for d in (
        Dimension("level", "医院等级", "one"),
        Dimension("area", "就医地", "one"),
        Dimension("across", "跨省", "one"),
        Dimension("person", "人员类别", "one"),
        Dimension("identity", "困难身份", "one"),
        Dimension("civil", "公务员补助", "one"),
        Dimension("enterprise", "企业补充", "one"),
        Dimension("signed", "签约", "one"),
        Dimension("transfer", "转院", "one"),
        Dimension("mid_stay", "中途结算", "one"),
        Dimension("epidemic", "疫情", "one"),
        Dimension("disease", "病种", "named"),
        Dimension("provider", "机构", "named"),
        Dimension("maternity", "生育类别", "named"),
        Dimension("age", "年龄", "range"),
        Dimension("nth", "次数", "range"),
        Dimension("bill", "费用", "range", money=True),
        Dimension("fetus", "胎儿数", "range"),
    )
}

WORDS = (
    Word("level0", "level", 0, "未定级", ("无等级",)),
    Word("level1", "level", 1, "一级"),
    Word("level2", "level", 2, "二级"),
    Word("level3", "level", 3, "三级"),
    Word("home", "area", "home", "本地", ("统筹区内",)),
    Word("settled_away", "area", "settled_away", "异地长期居住", ("异地安置", "长期异地")),
    Word("referred", "area", "referred", "转诊", ("异地转诊",)),
    Word("away_emergency", "area", "away_emergency", "异地急诊"),
    Word("unreferred", "area", "unreferred", "未转诊", ("未备案", "临时外出")),
    Word("across", "across", True, "跨省"),
    Word("in_service", "person", "in_service", "在职"),
    Word("retired", "person", "retired", "退休"),
    Word("flexible", "person", "flexible", "灵活就业"),
    Word("adult", "person", "adult", "成年居民", ("成年",)),
    Word("minor", "person", "minor", "未成年人", ("未成年",)),
    Word("student", "person", "student", "大学生", ("学生",)),
    Word("newborn", "person", "newborn", "新生儿"),
    Word("cadre", "person", "cadre", "离休"),
    Word("ordinary", "identity", "ordinary", "普通", ("普通人员",)),
    Word("tekun", "identity", "tekun", "特困", ("特困人员",)),
    Word("guer", "identity", "guer", "孤儿"),
    Word("dibao", "identity", "dibao", "低保", ("低保对象",)),
    Word("fanpin", "identity", "fanpin", "返贫致贫", ("返贫致贫人口",)),
    Word("jiance_tuopin", "identity", "jiance_tuopin", "脱贫不稳定", ("脱贫不稳定户",)),
    Word("jiance_bianyuan", "identity", "jiance_bianyuan", "边缘易致贫", ("边缘易致贫户",)),
    Word("jiance_yanzhong", "identity", "jiance_yanzhong", "突发严重困难", ("突发严重困难户",)),
    Word("dibao_bianyuan", "identity", "dibao_bianyuan", "低保边缘", ("低保边缘家庭成员",)),
    Word("yinbing_zhipin", "identity", "yinbing_zhipin", "因病致贫", ("因病致贫重病患者",)),
    Word("zhongcan", "identity", "zhongcan", "重残", ("重度残疾人",)),
    Word("youfu", "identity", "youfu", "优抚", ("优抚对象",)),
    Word("civil", "civil", True, "公务员"),
    Word("enterprise", "enterprise", True, "企业补充"),
    Word("signed", "signed", True, "已签约", ("签约",)),
    Word("unsigned", "signed", False, "未签约"),
    Word("transfer", "transfer", True, "转院"),
    Word("mid_stay", "mid_stay", True, "中途结算"),
    Word("epidemic", "epidemic", True, "疫情"),
)

_BY_FORM: Mapping[str, Word] = {form: w for w in WORDS for form in (w.word, w.chinese, *w.aliases)}
_BY_VALUE: Mapping[tuple[str, object], Word] = {(w.dimension, w.value): w for w in WORDS}
_DIMENSION: Mapping[str, Dimension] = {form: d for d in DIMENSIONS.values() for form in (d.name, d.label)}
IDENTITIES = tuple(str(w.value) for w in WORDS if w.dimension == "identity")

_RANGE = re.compile(r"^(?P<name>[^\W\d]+)(?P<sign>>=|<=|=|>|<|≥|≤)(?P<number>\d+(?:\.\d+)?)$")
_NAMED = re.compile(r"^(?P<name>[^\W\d]+)[:：](?P<code>[^\s:：]+)$")
_SIGNS = {"≥": ">=", "≤": "<="}
TOP = 2**62  #: a range without upper end


@dataclass(frozen=True, slots=True)
class Test:
    """What one word asks: the dimension is one of some values, or lies between two whole numbers (both included)."""

    dimension: str
    values: frozenset[object] = frozenset()
    low: int = 0
    high: int = TOP
    group: bool = False  #: a group of identities

    @property
    def is_range(self) -> bool:
        return DIMENSIONS[self.dimension].kind == "range"


def read_word(text: str, groups: Mapping[str, frozenset[str]]) -> Test:
    """The test of one word; ValueError (Chinese) for one that nobody knows.

    >>> read_word("三级", {}).values, read_word("次数>=2", {}).low, read_word("bill<30000", {}).high
    (frozenset({3}), 2, 2999999)
    """
    if word := _BY_FORM.get(text):
        return Test(word.dimension, frozenset({word.value}))
    if text in groups:
        return Test("identity", frozenset(groups[text]), group=True)
    if (found := _NAMED.match(text)) and (known := _DIMENSION.get(found["name"])) and known.kind == "named":
        return Test(known.name, frozenset({found["code"]}))
    if (found := _RANGE.match(text)) and (known := _DIMENSION.get(found["name"])) and known.kind == "range":
        return _range(known, _SIGNS.get(found["sign"], found["sign"]), found["number"])
    raise ValueError(f"不认识“{text}”这个条件词{_nearest(text, groups)}")


def _range(dimension: Dimension, sign: str, number: str) -> Test:
    try:
        at = exact_fen(number) if dimension.money else int(number)
    except ValueError:
        raise ValueError(
            f"“{dimension.label}”后面的 {number} 应是{'最多两位小数的金额' if dimension.money else '整数'}"
        ) from None
    low, high = {">=": (at, TOP), ">": (at + 1, TOP), "<=": (0, at), "<": (0, at - 1), "=": (at, at)}[sign]
    if high < low:
        raise ValueError(f"“{dimension.label}{sign}{number}”永远不会成立")
    return Test(dimension.name, low=low, high=high)


def domain(dimension: str) -> frozenset[object]:
    """Every value that a dimension of declared words can take; for codes the empty one, which stands for all others.

    >>> sorted(domain("level")), sorted(domain("civil")), domain("disease")
    ([0, 1, 2, 3], [False, True], frozenset({''}))
    """
    if DIMENSIONS[dimension].kind == "named":
        return frozenset({""})
    values = frozenset(w.value for w in WORDS if w.dimension == dimension)
    return values | {False} if values <= {True, False} else values


def _nearest(text: str, groups: Mapping[str, frozenset[str]]) -> str:
    named = [f"{form}:" if d.kind == "named" else f"{form}>=" for form, d in _DIMENSION.items() if d.kind != "one"]
    near = get_close_matches(text, [*_BY_FORM, *groups, *ELSE, *named], 1, 0.5)
    return f"，是不是“{near[0]}”？" if near else ""


def said(dimension: str, value: object) -> str:
    """A value of a situation in the words of a clerk; empty where nothing is to be said.

    >>> said("level", 3), said("civil", False), said("age", 71), said("disease", "M03900")
    ('三级', '', '年龄71', '病种:M03900')
    """
    if word := _BY_VALUE.get((dimension, value)):
        return word.chinese
    known = DIMENSIONS[dimension]
    if known.kind == "one" or value == "":
        return ""
    if known.kind == "range":
        return f"{known.label}{_yuan(value) if known.money else value}"
    return f"{known.label}:{value}"


def _yuan(fen: object) -> str:
    whole, part = divmod(int(str(fen)), 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)


def in_chinese(condition: str) -> str:
    """A condition as it is printed: every word in its Chinese form.

    >>> in_chinese("level3 nth>=2"), in_chinese("else"), in_chinese("poor")
    ('三级、次数≥2', '其他', 'poor')
    """
    return "、".join(_printed(word) for word in condition.split()) if condition else "全部"


def _printed(text: str) -> str:
    if text in ELSE:
        return ELSE[1]
    if word := _BY_FORM.get(text):
        return word.chinese
    for pattern in (_NAMED, _RANGE):
        if (found := pattern.match(text)) and found["name"] in _DIMENSION:
            rest = text[len(found["name"]) :].replace(">=", "≥").replace("<=", "≤")
            return _DIMENSION[found["name"]].label + rest
    return text


def table() -> Iterator[tuple[str, str, str]]:
    """Dimension, word, Chinese forms: the table of the manual."""
    for word in WORDS:
        yield DIMENSIONS[word.dimension].label, word.word, "、".join((word.chinese, *word.aliases))
    for dimension in DIMENSIONS.values():
        if dimension.kind == "named":
            yield dimension.label, f"{dimension.name}:代码", f"{dimension.label}:代码"
        elif dimension.kind == "range":
            yield dimension.label, f"{dimension.name}>=数", f"{dimension.label}>=数"
    yield "", *ELSE
