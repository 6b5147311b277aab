"""The grouper: a stay through the layers of a pack, with the trace of what was tried.

A stay is first cut down to what can change its group (`Plan.kept`); each such remainder is decided once and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from yibao.dip.auxiliary.subtype import Subtype, Subtyper, subtypes_of
from yibao.dip.codes import Code, CodeList, blank
from yibao.dip.grouping.cases import MOST, Case
from yibao.dip.grouping.decide import decide
from yibao.dip.grouping.decision import Decision
from yibao.dip.grouping.plans import Plan, Plans
from yibao.dip.grouping.remainder import Cutter, Remainder
from yibao.dip.numbered import Numbered
from yibao.dip.pack import Pack, Row
from yibao.money import round_fen

MISSING = Decision(None, ("MISSING_INPUT", "UNGROUPED"), why="NO_DIAGNOSIS")
UNREAD = Decision(None, ("UNGROUPED",), why="DIAGNOSIS_UNREAD")
OPERATIONS = ("principal_proc", "related_procs")
#: what a flag says to a clerk
FLAGS: Mapping[str, str] = {
    "NOT_GROUPABLE": "主要诊断在不纳入分组的名单上",
    "UNGROUPED": "没有入组",
    "UNMAPPED_CODE": "有编码在对照表里找不到医保版编码，没有用它分组",
    "AMBIGUOUS_CODE": "有编码可能是几个编码之一，没有用它分组",
    "UNKNOWN_CODE": "有编码不在编码库里或写法不对：亚目认得的按亚目分组，其余没有用它分组",
    "REPAIRED_CODE": "有编码按唯一的可能修复",
    "MAIN_PROC_EXCLUDED": "主要手术操作不能用来分组",
    "MAIN_PROC_MISSING": "有其他手术操作，没有主要手术操作",
    "MISSING_INPUT": "缺少分组或辅助分型要用的数据",
    "KIND_UNKNOWN": "有手术操作没有分类，按保守治疗看待",
    "TIE_TABLE_ORDER": "几个病种同样符合，按目录次序取第一个",
    "PRIMARY_CARE": "基层病种",
    "TCM": "中医优势病种",
    "VENT_CONTRADICTS": "呼吸机手术操作编码与使用时长矛盾",
}


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a stay came to."""

    id: str
    row: Row | None
    flags: tuple[str, ...]
    decision: Decision
    codes: tuple[tuple[str, Code], ...]  #: role (principal_dx …) and code, in the order of the record
    subtype: Subtype | None = None  #: where the pack splits groups
    undecided: tuple[str, ...] = ()  #: levels (`kind:level`) of subtypes that could not be decided for want of a cost

    @property
    def group(self) -> str | None:
        return self.row.group if self.row else None


class Grouper:
    """One pack, ready to group. Not shared between threads: it remembers what it has decided."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.plans = Plans(pack)
        self.cutter = Cutter(self.plans)
        self._decided: dict[Remainder, Decision] = {}
        self._subtyper = Subtyper(pack)
        self._diagnoses = Numbered(pack.diagnoses.read, lambda code: 0)

    def group(self, case: Case) -> Grouping:
        """The group of a stay, with flags, trace and subtype."""
        return self.group_all([case])[0]

    def group_all(self, cases: Sequence[Case]) -> list[Grouping]:
        """Each stay alone; subtypes, where the pack splits groups, of all together."""
        found = [self._grouped(case) for case in cases]
        if self._subtyper.rules is None or not found:
            return found
        stays = [_asked(case, grouping) for case, grouping in zip(cases, found, strict=True)]
        subtypes = subtypes_of(self._subtyper, stays, [grouping.group for grouping in found], self._diagnoses)
        return [
            replace(grouping, subtype=subtype, undecided=undecided, flags=with_missing(grouping.flags, bool(undecided)))
            for grouping, (subtype, undecided) in zip(found, subtypes, strict=True)
        ]

    def _grouped(self, case: Case) -> Grouping:
        codes = self.read(case)
        principal = codes[0][1]
        if not (principal.raw and principal.counts):
            decision = UNREAD if principal.raw else MISSING
            return Grouping(case.id, None, self._flags(case, codes, decision), decision, codes)
        plan = self.plans.plan(principal)
        decision = self.decision(self.remainder(plan, case, codes)).resolved(case.cost)
        return Grouping(case.id, decision.row, self._flags(case, codes, decision), decision, codes)

    def decision(self, remainder: Remainder) -> Decision:
        """The decision on what matters of a stay, made once."""
        found = self._decided.get(remainder)
        if found is None:
            found = self._decided[remainder] = decide(self.plans, remainder)
        return found

    def read(self, case: Case) -> tuple[tuple[str, Code], ...]:
        """The codes of a record, normalised; the principal diagnosis is the first, the main operation the second, blank where there is none."""
        diagnoses, operations, system = self.pack.diagnoses, self.pack.operations, case.code_system
        return (
            ("principal_dx", _read(diagnoses, case.principal_dx, system)),
            ("principal_proc", _read(operations, case.principal_proc, system)),
            *(("related_procs", operations.read(raw, system)) for raw in case.related_procs if not blank(raw)),
            *(("other_dx", diagnoses.read(raw, system)) for raw in case.other_dx if not blank(raw)),
        )

    def remainder(self, plan: Plan, case: Case, codes: tuple[tuple[str, Code], ...]) -> Remainder:
        """What can change the group."""
        main = codes[1][1]
        operations = [code.code for role, code in codes if role == "related_procs" and code.counts]
        others = [code for role, code in codes if role == "other_dx" and code.counts]
        return self.cutter.cut(plan, main, operations, others, case.age_day, case.birth_weight_g)

    def _flags(self, case: Case, codes: tuple[tuple[str, Code], ...], decision: Decision) -> tuple[str, ...]:
        found = [*decision.flags, *(code.status for _, code in codes if code.status != "OK" and code.raw)]
        operations = [code.code for role, code in codes if role in OPERATIONS and code.raw]
        if self.pack.kinds and any(code not in self.pack.kinds for code in operations):
            found.append("KIND_UNKNOWN")
        if self.contradicts(case.vent_hours, operations):
            found.append("VENT_CONTRADICTS")
        return tuple(dict.fromkeys(found))

    def contradicts(self, hours: Decimal | None, operations: list[str]) -> bool:
        """Do the hours of ventilation contradict an operation that stands for hours?"""
        stands = [self.pack.settings.ventilation[code] for code in operations if code in self.pack.settings.ventilation]
        if hours is None or not stands:
            return False
        return any(hours < int(s[2:]) if s.startswith(">=") else hours >= int(s[1:]) for s in stands)


def with_missing(flags: Sequence[str], missing: bool) -> tuple[str, ...]:
    """Flags, and that an input is missing."""
    return tuple(dict.fromkeys((*flags, "MISSING_INPUT"))) if missing else tuple(flags)


def _read(codes: CodeList, raw: str, system: str) -> Code:
    return Code("", "") if blank(raw) else codes.read(raw, system)


def _asked(case: Case, found: Grouping) -> dict[str, Any]:
    """What the levels of subtypes ask of a stay, a row of ASKED."""
    others = [code.code for role, code in found.codes if role == "other_dx" and code.counts]
    seconds = None if case.icu_days is None else int(case.icu_days * 86_400)
    numbers = {"age_day": case.age_day, "age_years": case.age, "los_days": case.los, "icu_seconds": seconds}
    known = {name: None if value is None else min(value, MOST) for name, value in numbers.items()}
    money = {"cost": case.cost, "treatment": case.treatment_cost, "drug": case.drug_cost}
    fen = {name: None if value is None else round_fen(min(value, Decimal(MOST))) for name, value in money.items()}
    return {
        "principal_dx": found.codes[0][1].code,
        "other_dx": others,
        "discharge_way": case.discharge_way,
        **known,
        **fen,
    }
