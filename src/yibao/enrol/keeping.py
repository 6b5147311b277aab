"""Which of two overlapping relations to keep, and why: a pure rule over two sides, every row of it a parameter (guide benefits §5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from yibao.enrol.history import EMPLOYEE
from yibao.enrol.rules import Book
from yibao.enrol.words import named

METHODS = ("employer", "residence", "school", "employee", "able_to_pay", "manual")
MINOR = "14"  #: 居民（未成年）: who may be at school


@dataclass(frozen=True, slots=True)
class KeepRule:
    """What to keep, by kind of pair: one of METHODS. `continuous_months`: so many in a row and employment goes before residence."""

    methods: Mapping[str, str]
    continuous_months: int


@dataclass(frozen=True, slots=True)
class Side:
    """One relation of a pair."""

    relation: str
    insurance: str
    category: str
    start: date
    pause: date | None
    employer: str | None
    area: str
    home: str | None
    months: int  #: paid for, under this insurance, of the last `continuous_months` up to `last_month`
    last_month: int  #: yyyymm; 0 where nothing was paid


def keep_rule(book: Book, on: date) -> KeepRule:
    key = "enrol.duplicates"
    needed = ("employee_employee", "resident_resident", "resident_student", "employee_resident", "otherwise")
    said = book.mapping(key, on, (*needed, "continuous_months"))
    methods = {name: str(said[name]) for name in needed}
    if strange := [m for m in methods.values() if m not in METHODS]:
        raise book.wrong(key, f"里的办法只能是 {'、'.join(METHODS)}，不能是“{strange[0]}”")
    return KeepRule(methods, book.whole(key, said["continuous_months"]))


def keep(rule: KeepRule, a: Side, b: Side) -> tuple[str | None, str]:
    """The relation to keep, None where the rule cannot tell, and the reason in words. The order of the two does not matter."""
    kind = kind_of(a.insurance, b.insurance)
    said = named("duplicate_kind", kind)
    method = rule.methods[kind]
    if kind == "resident_resident" and MINOR in (a.category, b.category):
        method = rule.methods["resident_student"]
    elif kind == "employee_resident":
        working = a if a.insurance == EMPLOYEE else b
        enough = working.months >= rule.continuous_months
        method = method if enough else rule.methods["otherwise"]
        said = f"职工最近 {rule.continuous_months} 个月里缴费 {working.months} 个月，{'满' if enough else '不满'}连续 {rule.continuous_months} 个月"
    kept, why = _by(method, a, b)
    return kept, f"{said}：{why}"


def _by(method: str, a: Side, b: Side) -> tuple[str | None, str]:
    if method == "employee":
        return _one(a, b, lambda s: s.insurance == EMPLOYEE, "保留职工医保")
    if method == "residence":
        return _one(a, b, lambda s: (s.home or "").startswith(s.area), "保留常住地的参保")
    if method == "employer":
        return _latest(a, b, lambda s: s.employer is not None, "保留正在就业缴费的单位")
    if method == "able_to_pay":
        return _latest(a, b, lambda s: s.pause is None, "保留能够正常享受待遇的")
    if method == "school":
        return None, "在校学生保留学校所在地的参保，记录里没有学籍，由经办人员核实后决定"
    return None, "由经办人员核实后决定"


def _one(a: Side, b: Side, holds: Callable[[Side], bool], why: str) -> tuple[str | None, str]:
    found = [s for s in (a, b) if holds(s)]
    return (found[0].relation, why) if len(found) == 1 else (None, f"{why}，两段都符合或都不符合，由经办人员核实后决定")


def _latest(a: Side, b: Side, holds: Callable[[Side], bool], why: str) -> tuple[str | None, str]:
    """Of those that fit the one that was paid for last, then the one that was joined last."""
    found = sorted((s for s in (a, b) if holds(s)), key=lambda s: (s.last_month, s.start))
    if not found or (
        len(found) == 2 and (found[0].last_month, found[0].start) == (found[1].last_month, found[1].start)
    ):
        return None, f"{why}，从记录看不出是哪一段，由经办人员核实后决定"
    last = found[-1]
    return last.relation, f"{why}（缴费到 {last.last_month}）" if last.last_month else why


def kind_of(first: str, second: str) -> str:
    same = {EMPLOYEE: "employee_employee", "390": "resident_resident"}
    return same[first] if first == second else "employee_resident"


def one_digit_apart(first: str, second: str) -> bool:
    """Do two numbers differ in one of the 17 digits before the check digit? Old numbers of 15 digits are lengthened first.

    >>> one_digit_apart("990421199001011234", "990421199001011318"), one_digit_apart("990421900101123", "990421199001011234")
    (False, True)
    >>> one_digit_apart("990421199001011234", "990421199001011240")
    True
    """
    a, b = _seventeen(first), _seventeen(second)
    if len(a) != 17 or len(b) != 17:
        return False
    return sum(x != y for x, y in zip(a, b, strict=True)) <= 1


def _seventeen(number: str) -> str:
    plain = number.strip()
    return plain[:6] + "19" + plain[6:] if len(plain) == 15 else plain[:17]
