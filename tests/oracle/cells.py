"""Which row of a cell holds. A cell is a number, or {conditions: number}; conditions are words, all of which must hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from tests.oracle.visit import Visit


class Refused(ValueError):
    """Not settled: a parameter is missing, or rules or visit contradict themselves."""


WORDS = frozenset(
    (
        *("level0", "level1", "level2", "level3"),
        *("home", "settled_away", "referred", "away_emergency", "unreferred"),
        *("in_service", "retired", "flexible", "adult", "minor", "student", "newborn", "cadre"),
        *("ordinary", "civil", "enterprise", "signed", "unsigned", "transfer", "mid_stay", "epidemic", "across"),
    )
)
CHINESE = {
    "三级": "level3", "二级": "level2", "一级": "level1", "本地": "home", "异地长期居住": "settled_away", "在职": "in_service",
    "退休": "retired", "灵活就业": "flexible", "特困": "tekun", "低保": "dibao", "公务员": "civil", "其他": "else",
    "年龄": "age", "次数": "nth", "费用": "bill", "胎数": "fetus",
}  # fmt: skip
NAMED = ("disease:", "provider:", "maternity:")
RANGE = re.compile(r"(age|nth|bill|fetus)(>=|<=|=|<|>)(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a visit: words, and the numbers that ranges ask for (`bill` in yuan, `nth` unknown while it is counted)."""

    words: frozenset[str]
    numbers: Mapping[str, Decimal | None]
    groups: frozenset[str]  #: the words that name a group of identities
    known: frozenset[str]  #: every word that means something under these rules


def facts(rules: Mapping[str, Any], visit: Visit, nth: int | None) -> Facts:
    groups: Mapping[str, list[str]] = rules.get("identity.groups", {})
    identity = chosen(rules, visit.identities)
    true = {f"level{visit.level}", visit.area, visit.person, identity, "signed" if visit.signed else "unsigned"}
    true |= {name for name, members in groups.items() if identity in members}
    true |= {
        word for word in ("civil", "enterprise", "transfer", "mid_stay", "epidemic", "across") if getattr(visit, word)
    }
    true |= {f"disease:{visit.disease}", f"provider:{visit.provider}", f"maternity:{visit.maternity}"}
    numbers = {"age": Decimal(visit.age), "nth": None if nth is None else Decimal(nth), "bill": Decimal(visit.total) / 100, "fetus": Decimal(visit.fetus)}  # fmt: skip
    identities = {*rules.get("identity.order", ()), *(m for members in groups.values() for m in members)}
    return Facts(frozenset(true), numbers, frozenset(groups), WORDS | identities | frozenset(groups))


def chosen(rules: Mapping[str, Any], identities: tuple[str, ...]) -> str:
    """The identity that counts: the first of the order, once; those that the order does not list do not count."""
    return next((str(name) for name in rules.get("identity.order", ()) if name in identities), "ordinary")


def value_of(key: str, cell: Any, facts: Facts) -> Any:
    """The value of the row that holds with the most words; of two, the one that names an identity and not a group."""
    if not isinstance(cell, Mapping):
        return cell
    best: list[str] = []
    weight = (-1, 0)
    for conditions in cell:
        words = split(str(conditions))
        if not all(holds(key, word, facts) for word in words):
            continue
        found = (len(words), -sum(word in facts.groups for word in words))
        if found >= weight:
            best = [conditions] if found > weight else [*best, conditions]
            weight = found
    if not best:
        raise Refused(f"{key}: no row holds")
    if len(best) > 1:
        raise Refused(f"{key}: {best} hold equally")
    return cell[best[0]]


@cache
def split(conditions: str) -> tuple[str, ...]:
    """The words in English; none for `else`.

    >>> split("三级 次数>=2"), split("else")
    (('level3', 'nth>=2'), ())
    """
    words = []
    for word in conditions.split():
        name = re.match(r"[^<>=]*", word)[0]  # type: ignore[index]
        words.append(CHINESE.get(name, name) + word[len(name) :])
    return () if words == ["else"] else tuple(words)


def holds(key: str, word: str, facts: Facts) -> bool:
    if word in facts.known:
        return word in facts.words
    if word.startswith(NAMED):
        return not word.endswith(":") and word in facts.words
    wanted = RANGE.fullmatch(word)
    if wanted is None:
        raise Refused(f"{key}: {word} is no word")
    name, sign, bound = wanted[1], wanted[2], Decimal(wanted[3])
    number = facts.numbers[name]
    if number is None:
        raise Refused(f"{key}: {name} is not known yet")
    return {">=": number >= bound, "<=": number <= bound, "=": number == bound, "<": number < bound, ">": number > bound}[sign]  # fmt: skip
