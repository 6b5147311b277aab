"""Why the city has a stay in another group than ours: other codes, another version, another choice between groups that fit alike.

Each hypothesis is a pure function of a `Parting`: the sentence where it explains the city's group, else None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from yibao.dip.pay.scoring import half_up
from yibao.dip.verify.sheets import Codes
from yibao.dip.verify.versions import Version, same_codes

MOST_LOST = 4  #: operations that are tried as lost in every combination


@dataclass(frozen=True, slots=True)
class Parting:
    """A stay: the city's group and score, our codes and those of the sheet, the version that holds and the others."""

    official: str | None
    score: Decimal
    record: Codes
    sheet: Codes
    version: Version
    others: Sequence[Version]
    fee: int | None = None

    @property
    def own(self) -> tuple[str | None, ...]:
        return self.version.may_be(self.record, self.fee)

    @property
    def agrees(self) -> bool:
        """Is it our group, or where nobody says how to choose one that fits alike?"""
        own = self.own
        if self.official in own:
            return True
        return (
            not self.version.chooses and own[0] is not None and self.official in self.version.alike(own[0], self.record)
        )

    def gives(self, codes: Codes) -> bool:
        return self.official in self.version.may_be(codes, self.fee)


Hypothesis = Callable[[Parting], str | None]


def by_another_choice(stay: Parting) -> str | None:
    """Another group fits as many of the operations (tie)."""
    own = stay.own[0]
    if own is None or stay.official is None or stay.official not in stay.version.alike(own, stay.record):
        return None
    return f"两个病种同样符合，按规定取 {own}"


def by_codes_of_the_sheet(stay: Parting) -> str | None:
    """The sheet's codes are not those of the record, and lead to the city's group (code_map)."""
    if same_codes(stay.sheet, stay.record) or not stay.gives(stay.sheet):
        return None
    return f"表上的编码（{said(stay.sheet)}）与病案（{said(stay.record)}）不同"


def by_no_operation(stay: Parting) -> str | None:
    """As if nothing had been done (code_map)."""
    if stay.record.operations and stay.gives(replace(stay.record, main="", operations=frozenset())):
        return f"手术操作 {'+'.join(sorted(stay.record.operations))} 没有算进去"
    return None


def by_lost_operations(stay: Parting) -> str | None:
    """As if some of the operations were not known (code_map)."""
    codes = sorted(stay.record.operations)
    for number in range(1, len(codes)) if len(codes) <= MOST_LOST else (1,):
        for lost in combinations(codes, number):
            left = stay.record.operations - set(lost)
            if stay.gives(
                replace(stay.record, main=stay.record.main if stay.record.main in left else "", operations=left)
            ):
                return f"手术操作 {'+'.join(lost)} 没有算进去"
    return None


def by_another_diagnosis(stay: Parting) -> str | None:
    """As if another diagnosis of the record were the principal one (code_map)."""
    for other in stay.record.others:
        if stay.gives(replace(stay.record, principal=other, others=(stay.record.principal,))):
            return f"按其他诊断 {other} 分的组，主要诊断是 {stay.record.principal}"
    return None


def by_unread_diagnosis(stay: Parting) -> str | None:
    """As if the principal diagnosis were not known (code_map)."""
    return f"主要诊断 {stay.record.principal} 没有认出，没有入组" if stay.official is None else None


def by_another_version(stay: Parting) -> str | None:
    """The group of another version (pack)."""
    for version in stay.others:
        if stay.official is not None and stay.official in version.may_be(stay.record, stay.fee):
            return f"是目录 {version.name} 的病种，应按 {stay.version.name}"
        if stay.official is not None and stay.official in version.groups and stay.official not in stay.version.groups:
            return f"病种 {stay.official} 只在目录 {version.name} 里"
    return None


#: in the order in which they are tried; the city's score decides first whether another version comes before all
HYPOTHESES: Mapping[Hypothesis, str] = {
    by_another_choice: "tie",
    by_codes_of_the_sheet: "code_map",
    by_no_operation: "code_map",
    by_lost_operations: "code_map",
    by_another_diagnosis: "code_map",
    by_another_version: "pack",
    by_unread_diagnosis: "code_map",
}


def group_cause(stay: Parting) -> tuple[str, str]:
    """Why the group is another: (cause, sentence)."""
    elsewhere = any(fits_score(version, stay.official, stay.score) for version in stay.others)
    here = fits_score(stay.version, stay.official, stay.score)
    if elsewhere and not here and (told := by_another_version(stay)):
        return "pack", told
    for hypothesis, cause in HYPOTHESES.items():
        if told := hypothesis(stay):
            return cause, told
    return "unexplained", f"按病案编码（{said(stay.record)}）应是 {stay.own[0] or '未入组'}"


def fits_score(version: Version, group: str | None, score: Decimal) -> bool:
    """Does a version give a group this score?"""
    found = version.groups.get(group or "")
    return found is not None and found.score == score


def score_cause(stay: Parting) -> tuple[str, str]:
    """Why the score of the group is another: (cause, sentence)."""
    for version in stay.others:
        if fits_score(version, stay.official, stay.score):
            return "pack", f"是目录 {version.name} 的分值，应按 {stay.version.name}"
    own = stay.version.groups.get(stay.official or "")
    if own is not None and own.score is not None:
        for places in range(4):
            if half_up(own.score, places) == stay.score:
                return "rounding", f"只保留了 {places} 位小数"
    for code, group in stay.version.groups.items():
        if group.score == stay.score:
            return "unexplained", f"是病种 {code} 的分值"
    return "unexplained", "目录里没有这个分值"


def said(codes: Codes) -> str:
    """
    >>> said(Codes("K35.300", operations=frozenset(["47.0100"])))
    'K35.300，47.0100'
    """
    return f"{codes.principal}，{'+'.join(sorted(codes.operations)) or '没有手术操作'}"
