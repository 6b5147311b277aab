"""Invented rules and histories that reach every knob of ADR 0014 and every value of each; the same seed gives the same cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.draw_rules import CARES, PERSONS, Rules, draw_rules
from tests.oracle.visit import Visit

AREAS = ("home", "home", "home", "settled_away", "referred", "away_emergency", "unreferred")
IDENTITIES = ((), (), (), ("tekun",), ("dibao",), ("dibao", "tekun"), ("dibao_bianyuan",), ("dibao_bianyuan", "tekun"))
LARGEST = 10**12  #: fen; the largest bill drawn


def cases(
    seed: int, n: int, *, visits: int = 24, late: bool = True, out_of_order: bool = True
) -> Iterator[tuple[Rules, list[Visit]]]:
    """`n` sets of rules, each with up to `visits` rows of one to three persons, interleaved.

    `late`: some bills are settled after bills of later months or years. `out_of_order`: some reversals point past a later visit.
    """
    for number in range(n):
        random = Random(f"{seed}/{number}")
        rules = draw_rules(random)
        yield rules, History(random, rules, late, out_of_order).draw(random.randint(1, visits))


class History:
    """Rows of one case in the order of settlement; a person's state goes along."""

    def __init__(self, random: Random, rules: Rules, late: bool, out_of_order: bool) -> None:
        self.random, self.rules, self.late, self.out_of_order = random, rules, late, out_of_order
        self.schemes = [key.split(".")[0] for key in rules if key.endswith(".rounding")]
        self.people = [self.person(name) for name in "甲乙丙"[: random.randint(1, 3)]]
        self.days = dict.fromkeys("甲乙丙", date(2024, random.randint(6, 12), random.randint(1, 28)))
        self.standing: dict[str, list[Visit]] = {name: [] for name in "甲乙丙"}

    def person(self, name: str) -> Visit:
        """A person as a visit without a bill."""
        random = self.random
        scheme = random.choice(self.schemes)
        return Visit(
            "",
            name,
            scheme,
            person=random.choice(PERSONS[scheme]),
            identities=random.choice(IDENTITIES),
            civil=random.random() < 0.3,
            enterprise=random.random() < 0.3,
            age=random.choice((0, 6, 7, 40, 69, 70, 71, 95)),
            cap_raise=random.choice((0, 0, 300_000, 999_999, 10**8)),
        )

    def draw(self, rows: int) -> list[Visit]:
        return [row for number in range(rows) for row in self.rows(f"{number:03}")]

    def rows(self, id: str) -> list[Visit]:
        """One row, or two where a stay is settled at the year end and again at discharge."""
        random = self.random
        at = random.randrange(len(self.people))
        name = self.people[at].person_no
        standing = self.standing[name]
        if standing and random.random() < 0.15:
            back = standing.pop(random.randrange(len(standing)) if self.out_of_order and random.random() < 0.4 else -1)
            return [Visit(id, name, reverses=back.id)]
        self.people[at] = self.later(self.people[at])
        visit = self.visit(id, self.people[at])
        rows = self.across(visit) if random.random() < 0.15 else [visit]
        standing.extend(rows)
        return rows

    def later(self, person: Visit) -> Visit:
        """Time passes: an identity begins or ends, the scheme changes, the account is credited."""
        random = self.random
        if random.random() < 0.1:
            person = replace(person, identities=random.choice(IDENTITIES))
        if random.random() < 0.1:
            scheme = random.choice(self.schemes)
            person = replace(person, scheme=scheme, person=random.choice(PERSONS[scheme]))
        if random.random() < 0.1:
            person = replace(person, cap_raise=random.choice((0, 300_000, 600_000)), age=person.age + 1)
        return replace(person, credited=person.credited + random.choice((0, 0, 1, 8_333, 200_000)))

    def visit(self, id: str, person: Visit) -> Visit:
        random = self.random
        day = self.days[person.person_no] = self.days[person.person_no] + timedelta(random.choice((0, 1, 9, 25, 70)))
        if self.late and random.random() < 0.1:
            day -= timedelta(random.randint(20, 250))
        care = random.choice([care for care in CARES if f"{person.scheme}.{care}.deductible" in self.rules])
        continues = random.choice((0, 0, 0, 0, 1, 2, 3, 4)) if self.standing[person.person_no] else 0
        return replace(
            person,
            id=id,
            care=care,
            discharge=day,
            year=day.year,
            level=random.randrange(4),
            area=random.choice(AREAS),
            disease=random.choice(("", "D1", "D1", "D2")),
            provider=random.choice(("H1", "H1", "H2")),
            maternity=random.choice(("", "M1", "M2")),
            fetus=random.choice((0, 1, 2)),
            signed=random.random() < 0.5,
            transfer=(continues == 2) != (random.random() < 0.1),
            mid_stay=(continues == 1) != (random.random() < 0.1),
            epidemic=random.random() < 0.2,
            across=random.random() < 0.3,
            continues=continues,
            uses_account=random.random() < 0.7,
            family=random.choice((0, 0, 1, 20_000, 10**8)),
            **self.bill(),
        )

    def bill(self) -> dict[str, Any]:
        """A total in its four buckets, some empty."""
        random = self.random
        total = random.choice(
            (
                *(0, 1, 2, 3),
                *(9_999 * random.randrange(1, 99, 2) for _ in range(4)),
                *(random.randint(1, 200_000) for _ in range(6)),
                *(random.randint(1, 20_000_000) for _ in range(12)),
                *(100 * random.randint(1, 100_000) for _ in range(4)),
                random.randint(1, LARGEST),
            )
        )
        cuts = sorted(random.choice((0, 0, 0, random.randint(0, total // 3))) for _ in range(3))
        buckets = (cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], total - cuts[2])
        return dict(zip(("full_selfpay", "over_cap", "pre_selfpay", "in_scope"), buckets, strict=True)) | {
            "total": total
        }

    def across(self, visit: Visit) -> list[Visit]:
        """The stay ends in January of the next year, as the knob of its care wants it."""
        how = self.rules.get(f"{visit.scheme}.{visit.care}.year_end")
        if how is None:
            return [visit]
        year = visit.year + 1
        end = date(year, 1, self.random.randint(1, 28))
        self.days[visit.person_no] = max(self.days[visit.person_no], end)
        if how == "two_settlements":
            first = replace(visit, id=f"{visit.id}a", discharge=date(year - 1, 12, 31), mid_stay=True)
            return [first, replace(visit, id=f"{visit.id}b", discharge=end, year=year, continues=1, **self.bill())]
        start = date(year - 1, 12, 31) - timedelta(self.random.choice((0, 3, 30, 364)))
        return [replace(visit, start=start, discharge=end, year=year)]
