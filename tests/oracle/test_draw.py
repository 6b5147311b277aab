"""The drawn cases reach what they claim to reach."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from random import Random

import pytest

from tests.oracle import Paid, Refused, Visit, settle
from tests.oracle.draw import LARGEST, cases
from tests.oracle.knobs import EVERY, RANGES, features, turned


def test_the_same_seed_gives_the_same_cases() -> None:
    assert list(cases(7, 20)) == list(cases(7, 20))
    assert list(cases(7, 20)) != list(cases(8, 20))


def test_every_drawn_case_settles() -> None:
    for rules, visits in cases(2, 150):
        assert len(settle(rules, visits)) == len(visits)


def test_every_knob_and_every_value_is_drawn() -> None:
    found = Counter(feature for rules, _ in cases(3, 300) for feature in features(rules))
    assert not EVERY - set(found)
    assert min(found[feature] for feature in EVERY) >= 10


def test_turning_any_knob_changes_some_result() -> None:
    """Not only drawn: in play. A few knobs of each case are turned, the rarest first."""
    in_play: Counter[str] = Counter()
    for rules, visits in cases(4, 600, visits=12):
        before = settle(rules, visits)
        every = list(turned(rules))
        Random(1).shuffle(every)
        for feature, changed in islice(sorted(every, key=lambda one: in_play[one[0]]), 8):
            in_play[feature] += _settled(changed, visits) not in (before, None)
    refused = "pool.year_end=two_settlements"  # such a stay comes as two bills: nothing to change
    assert sorted(feature for feature in EVERY - {refused} if not in_play[feature]) == []
    drawn = {feature.removeprefix("word=") for feature in in_play if feature.startswith("word=")}
    assert {"age>=", "age<=", "age>", "age<", "age=", "nth>=", "nth>", "nth<", "nth=", "bill<=", "bill>", "fetus>=", "fetus="} <= drawn & set(RANGES)  # fmt: skip


def _settled(rules: dict[str, object], visits: list[Visit]) -> list[Paid] | None:
    try:
        return settle(rules, visits)
    except Refused:
        return None


def test_histories_reach_what_is_hard() -> None:
    seen: Counter[str] = Counter()
    for rules, visits in cases(5, 300):
        seen.update(_events(visits))
        for visit, paid in zip(visits, settle(rules, visits), strict=True):
            seen.update(_outcomes(visit, paid))
    assert set(seen) == {*EVENTS, *OUTCOMES}
    assert min(seen.values()) >= 20


EVENTS = (
    *("reversal of the last", "reversal of an earlier one", "late", "another month", "another quarter", "another year"),
    *("another person", "another scheme", "another identity", "mid-stay", "transfer", "referral up", "referral down"),
    *("no bill", "one fen", "huge", "odd cents", "across the year"),
)


def _events(visits: list[Visit]) -> list[str]:
    found = []
    last: dict[str, Visit] = {}
    standing: dict[str, list[str]] = {}
    for before, visit in zip([visits[0], *visits], visits, strict=False):
        found += ["another person"] * (before.person_no != visit.person_no)
        ids = standing.setdefault(visit.person_no, [])
        if visit.reverses:
            found.append("reversal of the last" if ids[-1] == visit.reverses else "reversal of an earlier one")
            ids.remove(visit.reverses)
            continue
        ids.append(visit.id)
        found += [("", "mid-stay", "transfer", "referral up", "referral down")[visit.continues]] * bool(visit.continues)
        amounts = {"no bill": visit.total == 0, "one fen": visit.total == 1, "huge": visit.total > LARGEST // 10**3}
        amounts |= {"odd cents": visit.total % 9_999 == 0 < visit.total, "across the year": visit.start is not None}
        found += [name for name, holds in amounts.items() if holds]
        earlier = last.get(visit.person_no, visit)
        was, now = earlier.discharge, visit.discharge
        changed = {
            "late": now < was and (now.year, now.month) != (was.year, was.month),
            "another month": (now.year, now.month) != (was.year, was.month),
            "another quarter": (now.year, (now.month + 2) // 3) != (was.year, (was.month + 2) // 3),
            "another year": visit.year != earlier.year,
            "another scheme": visit.scheme != earlier.scheme,
            "another identity": visit.identities != earlier.identities,
        }
        found += [name for name, holds in changed.items() if holds]
        last[visit.person_no] = visit
    return found


OUTCOMES = (
    *(
        "pool capped",
        "layer capped",
        "layer pays",
        "two layers pay",
        "deductible met before",
        "deductible beyond the bill",
    ),
    *("fourth admission", "first pay", "account pays", "account short", "family pays", "nothing left in cash"),
)


def _outcomes(visit: Visit, paid: Paid) -> list[str]:
    if visit.reverses:
        return []
    pays = [layer.pay for layer in paid.layers]
    holds = {
        "pool capped": paid.pool_pay < paid.pool_due,
        "layer capped": any(layer.pay < layer.due for layer in paid.layers),
        "layer pays": any(pays),
        "two layers pay": sum(pay > 0 for pay in pays) > 1,
        "deductible met before": paid.deductible_due < paid.standard,
        "deductible beyond the bill": paid.deductible_paid < paid.deductible_due,
        "fourth admission": paid.n >= 4,
        "first pay": paid.first_pay > 0,
        "account pays": paid.account > paid.family,
        "account short": paid.account > paid.family and paid.cash > 0,
        "family pays": paid.family > 0,
        "nothing left in cash": visit.total > 0 == paid.cash,
    }
    return [name for name, true in holds.items() if true]


def test_ties_of_half_a_fen_are_drawn() -> None:
    """Half-up and half-even part only where a product ends on exactly half a fen."""
    ties = 0
    for rules, visits in cases(6, 200):
        up, even = ({key: way if key.endswith(".rounding") else value for key, value in rules.items()} for way in ("half_up", "half_even"))  # fmt: skip
        ties += sum(a != b for a, b in zip(settle(up, visits), settle(even, visits), strict=True))
    assert ties >= 100


@pytest.mark.parametrize("words", [{"late": False}, {"out_of_order": False}])
def test_what_a_kernel_may_leave_out_can_be_left_out(words: dict[str, bool]) -> None:
    seen = Counter(event for _, visits in cases(5, 100, **words) for event in _events(visits))
    assert not seen["late" if "late" in words else "reversal of an earlier one"]
