"""The walk through the layers: each layer names its best row, the order of the pack says whose turn it is (guide dip §5, §6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from yibao.dip.expressions import Range
from yibao.dip.grouping.between import Won, Worth, best, rules_of
from yibao.dip.grouping.decision import Decision, Ungrouped
from yibao.dip.grouping.match import Hit, Miss, Stay, hold, hold_kind
from yibao.dip.grouping.plans import Bucket, Plan, Plans
from yibao.dip.grouping.remainder import CLASSED, NONE, SURGERY, Remainder
from yibao.dip.pack import Row
from yibao.dip.settings import KINDS, Layer, Settings


def decide(plans: Plans, remainder: Remainder) -> Decision:
    """The group of a remainder."""
    plan = plans.plan(remainder.diagnosis)
    if plan.excluded:
        return Decision(None, ("NOT_GROUPABLE",), "excluded", plan.excluded)
    return _Walk(plans, plan, remainder).decision()


class _Walk:
    """One remainder on its way."""

    def __init__(self, plans: Plans, plan: Plan, remainder: Remainder) -> None:
        self.plans, self.plan, self.remainder = plans, plan, remainder
        self.settings: Settings = plans.settings
        self.excluded = self._excluded()
        self.stay = self._stay()
        self.touching = self.stay.operations | self.stay.removed
        self.misses: list[Miss] = []
        self._won: dict[str, Won | None] = {}

    def decision(self) -> Decision:
        for layer, kind in self._steps():
            won = self._winner(layer, kind)
            if won is not None and kind in ("", _turn(won.hit.row)):
                return self._decision(layer, won)
        return Decision(
            None, (*self._flags(), "UNGROUPED", *self._primary()), misses=tuple(self.misses), excluded=self.excluded,
            why=self._why(),
        )  # fmt: skip

    def _why(self) -> Ungrouped:
        """Why nothing fits."""
        if self.remainder.unread:
            return "OPERATION_UNREAD"
        own = (bucket for buckets in self.plan.layers.values() for bucket in buckets)
        about = any(not row.condition.any_diagnosis and "*" not in row.diagnoses for b in own for row in b.rows)
        return "NO_FIT" if about else "NO_ROW"

    def _decision(self, layer: str, won: Won) -> Decision:
        flags = [*self._flags(), *self._primary(), *self._tcm(won.hit.row)]
        if won.rule == "table_order":
            flags.append("TIE_TABLE_ORDER")
        hit = won.hit
        own = (str(key) for key in hit.row.diagnoses if key in self.stay.diagnosis.keys)
        key = next(own, won.key) if won.key == "*" else won.key
        return Decision(
            hit.row, tuple(flags), layer, key, tuple(sorted(hit.codes)), tuple(sorted(hit.related)), hit.others,
            tuple(self.misses), self.excluded, won.rule, won.tied, won.lost + self._later(hit),
        )  # fmt: skip

    def _later(self, hit: Hit) -> tuple[tuple[Row, str], ...]:
        """The best of layers that were looked into and whose turn had not come."""
        best = (won.hit.row for won in self._won.values() if won is not None)
        return tuple((row, "later") for row in best if row.layer != hit.row.layer)

    # what is left of the operations

    def _excluded(self) -> tuple[tuple[str, str], ...]:
        """Operations that may not be the main one here, with the way they are handled."""
        rules = self.plans.pack.excluded_operations
        found = []
        for code in sorted({self.remainder.main, *self.remainder.operations} & rules.keys()):
            rule = rules[code]
            inside = any(_covers(key, self.plan) for key in rule.ranges)
            if rule.handling != "main_in_range" or not inside:
                found.append((code, rule.handling))
        return tuple(found)

    def _stay(self) -> Stay:
        r = self.remainder
        removed = frozenset(code for code, handling in self.excluded if handling == "conservative")
        never_main = frozenset(code for code, _ in self.excluded)
        effective = ({r.main, *r.operations} - {""}) - removed
        leads = bool(r.main) and r.main not in never_main
        mains = {r.main} if leads else set() if r.unread else effective - never_main
        kind, level = self._kind(effective - never_main, leads)
        resistant = self.plans.pack.resistant
        return Stay(
            diagnosis=r.diagnosis,
            operations=self._with_prefixes(effective),
            mains=self._with_prefixes(mains),
            removed=removed,
            bars=leads or r.unread or (bool(r.main) and (bool(mains) or r.rest >= CLASSED)),
            surplus=r.surplus,
            others=r.others,
            resistant=any(key in resistant for code in (r.diagnosis, *r.others) for key in code.keys),
            age_days=r.age_days,
            weight=r.weight or None,  # nobody weighs nothing: 0 is how empty fields are exported
            kind=kind,
            level=level,
            conservative=self._conservative(kind, level, effective),
        )

    def _with_prefixes(self, codes: set[str]) -> frozenset[str]:
        return frozenset(codes) | {p for p in self.plans.prefixes for code in codes if code.startswith(p)}

    def _kind(self, effective: set[str], leads: bool) -> tuple[int | None, int]:
        """The kind of treatment of the record, as rank, and its level."""
        kinds, r = self.plans.pack.kinds, self.remainder
        if not kinds:
            return (None, 0) if effective or r.rest != NONE else (0, 0)
        first = self.settings.kind_of in ("main", "first") and leads
        counted = {r.main} if first else effective
        ranks = [kinds.get(code, (0, 0)) for code in counted]
        if not first and r.rest != NONE:
            ranks.append(divmod(r.rest, 10))
        return max(ranks, default=(0, 0))

    def _conservative(self, kind: int | None, level: int, effective: set[str]) -> bool:
        if self.remainder.unread:
            return False  # what could not be read may have been a surgery, whatever stands beside it
        if not effective and self.remainder.rest == NONE:
            return True
        limit = self.settings.conservative_below_level
        return kind == 0 and (not limit or level < limit)

    # the layers

    def _steps(self) -> Sequence[tuple[str, str]]:
        steps = self.plans.steps
        if self.settings.surgery_left_over == "comprehensive" and self._leaves_surgery():
            return (("comprehensive", "surgery"), *steps)
        return steps

    def _leaves_surgery(self) -> bool:
        """Does every core row leave a surgery of the stay unused? (宜昌)"""
        kinds = self.plans.pack.kinds
        surgeries = {code for code in self.stay.operations if kinds.get(code, (0, 0))[0] == SURGERY}
        used = [won.hit.codes for layer in ("core", "primary") if (won := self._winner(layer, "")) is not None]
        return bool(surgeries) and not any(surgeries <= codes for codes in used)

    def _winner(self, layer: str, kind: str) -> Won | None:
        policy = self.settings.layers[layer]
        if policy.by == "kind":
            return self._by_kind(layer, policy, kind)
        if layer not in self._won:
            self._won[layer] = self._by_operations(layer, policy)
        return self._won[layer]

    def _by_operations(self, layer: str, policy: Layer) -> Won | None:
        for bucket in self.plan.layers[layer]:
            if found := self._held(layer, policy, bucket):
                return self._best(found, policy, bucket.key)
        return None

    def _held(self, layer: str, policy: Layer, bucket: Bucket) -> list[Hit]:
        """The rows that fit; those without operations only where none with operations does."""
        hits: list[Hit] = []
        if not bucket.named.isdisjoint(self.touching):
            required = policy.main == "required" and (layer != "XQ" or self.settings.xq_main_required != "never")
            always = self.settings.xq_main_required == "always"
            for row in bucket.having:
                silent = replace(row, condition=replace(row.condition, any_operation=False)) if always else row
                self._sort(hold(silent, self.stay, required, policy.no_operation), hits)
        if not hits:
            for row in bucket.without:
                self._sort(hold(row, self.stay, False, policy.no_operation), hits)
        return hits

    def _sort(self, found: Hit | Miss | None, hits: list[Hit]) -> None:
        if isinstance(found, Hit):
            hits.append(found)
        elif found is not None:
            self.misses.append(found)

    def _by_kind(self, layer: str, policy: Layer, kind: str) -> Won | None:
        """Category × kind of treatment, the narrower key first (guide dip §6.3)."""
        own = self.stay.kind
        if kind and (own is None or KINDS[own] != kind):
            return None
        found = self._first_of_kind(self.plan.layers[layer], policy, own)
        if found is None and self.settings.comprehensive_fallback == "conservative" and own is not None:
            found = self._first_of_kind(self.plan.layers[layer], policy, 0)
        return found

    def _first_of_kind(self, buckets: Sequence[Bucket], policy: Layer, kind: int | None) -> Won | None:
        for bucket in buckets:
            hits = [hit for row in bucket.rows if (hit := hold_kind(row, self.stay, kind)) is not None]
            if hits:
                return self._best(hits, policy, bucket.key)
        return None

    def _best(self, hits: list[Hit], policy: Layer, key: str) -> Won:
        recorded = frozenset({self.remainder.main, *self.remainder.operations} - {""}) - self.stay.removed
        worth = Worth(self.stay, recorded, self.plans.prefixes)
        return best(hits, rules_of(policy, self.settings), worth, key)

    # what a clerk should look at

    def _flags(self) -> Iterator[str]:
        r = self.remainder
        if not r.main and not r.unread and (r.operations or r.rest != NONE):
            yield "MAIN_PROC_MISSING"
        if any(code == r.main for code, _ in self.excluded):
            yield "MAIN_PROC_EXCLUDED"
        if self._lacks_facts() or any(miss.why == "MISSING_INPUT" for miss in self.misses):
            yield "MISSING_INPUT"

    def _tcm(self, row: Row) -> Iterator[str]:
        """中医优势病种, which the pack marks: a part of an institution's points of its own."""
        if "tcm" in self.plans.pack.marks.get(row.group, ()):
            yield "TCM"

    def _lacks_facts(self) -> bool:
        """Is a small newborn without age or weight, whichever group it is in?"""
        stay = self.stay
        if stay.age_days is not None and stay.weight is not None:
            return False
        return self.plan.is_newborn or any(map(self.plans.is_newborn, stay.others))

    def _primary(self) -> Iterator[str]:
        """基层病种 is asked after grouping: it changes the pay, not the group."""
        for row in self.plan.primary:
            if isinstance(hold(row, self.stay, True, "none"), Hit):
                yield "PRIMARY_CARE"
                return


def _turn(row: Row) -> str:
    """The kind under which a row has its turn; operations that nobody has classed come first, as surgery."""
    return row.kind or ("surgery" if row.operations else "conservative")


def _covers(key: str | Range, plan: Plan) -> bool:
    return plan.diagnosis.code in key if isinstance(key, Range) else key == "*" or key in plan.diagnosis.keys
