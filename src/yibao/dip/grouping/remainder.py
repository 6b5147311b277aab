"""What is left of a stay when everything is cut off that cannot change its group: equal remainders, equal groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from yibao.dip.codes import Code
from yibao.dip.grouping.plans import Plan, Plans

NONE = -1
SURGERY = 3  #: rank
CLASSED = 10  #: kind × 10 + level of an operation that is more than conservative


class Remainder(NamedTuple):
    """The key of a decision."""

    diagnosis: Code
    main: str  #: as recorded, empty for none
    operations: frozenset[str]  #: beside the main one, those that some row in reach names
    rest: int  #: kind × 10 + level of the greatest of all operations beside the main one, NONE where there is none or it cannot matter
    surplus: bool  #: some operation is named by no row in reach (only where the pack asks for exact sets)
    unread: bool  #: the main operation could not be read
    others: tuple[Code, ...]  #: other diagnoses that some row in reach asks for
    age_days: int | None
    weight: int | None


class Cutter:
    """Cuts stays for the rows of one pack."""

    def __init__(self, plans: Plans) -> None:
        self.plans = plans
        pack = plans.pack
        self.excluded = pack.excluded_operations
        self.kinds = pack.kinds
        policies = pack.settings.layers.values()
        self.needs_kind = pack.settings.kind_of == "highest" or any(p.no_operation == "conservative" for p in policies)
        self.needs_surplus = any("exact" in p.choose for p in policies)
        self.keeps_surgery = pack.settings.surgery_left_over == "comprehensive"
        self._matters: dict[str, tuple[bool, bool]] = {}

    def rank(self, operation: str) -> int:
        """Kind × 10 + level of an operation; NONE where it is excluded from grouping."""
        if operation in self.excluded and self.excluded[operation].handling != "main_in_range":
            return NONE
        kind, level = self.kinds.get(operation, (0, 0))
        return kind * 10 + level

    def matters(self, other: Code) -> tuple[bool, bool]:
        found = self._matters.get(other.code)
        if found is None:
            found = self._matters[other.code] = self.plans.matters(other)
        return found

    def cut(
        self,
        plan: Plan,
        main: Code,
        operations: list[str],
        others: Iterable[Code],
        age_days: int | None,
        weight: int | None,
    ) -> Remainder:
        """`operations` in the order of the record, without the main one."""
        principal = main.code if main.counts else ""
        unread = bool(main.raw) and not main.counts
        gives_way = (not principal and not unread) or principal in self.excluded
        if gives_way and self.plans.settings.next_main == "in_order":
            principal = next((code for code in operations if code not in self.excluded), principal)
        beside = [code for code in operations if code != principal]
        kept = frozenset(code for code in beside if self._named(plan, code))
        kept_others = {code.code: code for code in others if self._kept(plan, code)}
        leads = bool(principal) and principal not in self.excluded
        rest = NONE if leads and not self.needs_kind else max(map(self.rank, beside), default=NONE)
        facts = plan.uses_facts or any(self.matters(code)[0] for code in kept_others.values())
        return Remainder(
            plan.diagnosis,
            principal,
            kept,
            rest,
            self.needs_surplus and any(code not in kept and self.rank(code) != NONE for code in beside),
            unread,
            tuple(kept_others[name] for name in sorted(kept_others)),
            age_days if facts else None,
            weight if facts else None,
        )

    def _named(self, plan: Plan, operation: str) -> bool:
        if operation in plan.kept or any(operation.startswith(prefix) for prefix in self.plans.prefixes):
            return True
        return self.keeps_surgery and self.kinds.get(operation, (0, 0))[0] == SURGERY

    def _kept(self, plan: Plan, other: Code) -> bool:
        always, asked = self.matters(other)
        return always or (asked and plan.uses_others)
