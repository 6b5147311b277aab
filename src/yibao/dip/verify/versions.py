"""The versions of a catalogue, each ready to group: made from the city's table of groups, or from packs.

The table says nothing of the kind of treatment of an operation; it is read off the groups that name it alone, and off the results where
they agree. What stays unknown counts as any kind but conservative, and every group that it may lead to is allowed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from yibao.dip.codes import CodeList
from yibao.dip.expressions import expression, written
from yibao.dip.grouping.cases import Case
from yibao.dip.grouping.group import Grouper
from yibao.dip.pack import Manifest, Pack
from yibao.dip.pack import Row as PackRow
from yibao.dip.pack_rows import read_row
from yibao.dip.settings import KINDS, Settings, choice_said, edition_defaults
from yibao.dip.verify.found import Row, decimal
from yibao.dip.verify.sheets import Codes
from yibao.errors import UserError
from yibao.money import round_fen
from yibao.region.pack import Pack as RegionPack

AGREE, ENOUGH = (
    2,
    2,
)  #: results that show the kind of an operation: so many times as many as others, and at least so many


@dataclass(frozen=True, slots=True)
class Group:
    """A row of a catalogue; the mean is fen."""

    code: str
    layer: str
    score: Decimal | None
    mean: int | None
    row: PackRow


@dataclass
class Version:
    """A catalogue with its groupers: one, or where operations have no known kind one for each kind that they may have."""

    name: str
    groups: Mapping[str, Group]
    packs: Sequence[Pack]
    unknown: frozenset[str] = frozenset()  #: operations of no known kind
    first_day: date | None = None
    last_day: date | None = None
    chooses: bool = True  #: does anybody say which of several groups that fit alike is taken?
    _groupers: list[Grouper] = field(init=False, repr=False)
    _known: dict[object, tuple[str | None, ...]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._groupers = [Grouper(pack) for pack in self.packs]

    def may_be(self, codes: Codes, fee: int | None = None) -> tuple[str | None, ...]:
        """The groups of a stay, the likeliest first; more than one only where the kind of an operation is not known."""
        key = (codes, fee if self._by_cost else None)
        if key not in self._known:
            groupers = self._groupers if codes.operations & self.unknown else self._groupers[:1]
            case = _case(codes, fee)
            self._known[key] = tuple(dict.fromkeys(grouper.group(case).group for grouper in groupers))
        return self._known[key]

    def group(self, codes: Codes, fee: int | None = None) -> str | None:
        return self.may_be(codes, fee)[0]

    def alike(self, group: str, codes: Codes) -> frozenset[str]:
        """The groups with operations that fit as many of the stay's operations as this one, under the same diagnosis."""
        own = self.groups[group].row
        matched = _matched(own, codes)
        others = (other for other in self._having if set(other.row.diagnoses) & set(own.diagnoses))
        return (
            frozenset(other.code for other in others if _matched(other.row, codes) == matched)
            if matched
            else frozenset()
        )

    @property
    def _having(self) -> Iterable[Group]:
        return (group for group in self.groups.values() if group.row.operations)

    @property
    def _by_cost(self) -> bool:
        settings = self.packs[0].settings
        return any("closest_cost" in (*layer.choose, *settings.tie_order) for layer in settings.layers.values())


def _matched(row: PackRow, codes: Codes) -> int:
    return max((len(one) for one in row.operations if one <= codes.operations), default=0)


def _case(codes: Codes, fee: int | None) -> Case:
    beside = tuple(sorted(codes.operations - {codes.main}))
    cost = None if fee is None else Decimal(fee) / 100
    return Case("", codes.principal, codes.main, beside, codes.others, cost=cost)


def versions_of(groups: Sequence[Row], results: Sequence[Row], region: RegionPack | None, year: int) -> list[Version]:
    """One version for each that the city's table holds, by name."""
    kinds = kinds_of(groups, results)
    unknown = _unknown(results, kinds)
    by_version: dict[str, list[Row]] = defaultdict(list)
    for row in groups:
        by_version[row["pack_version"]].append(row)
    return [_version(name, rows, kinds, unknown, region, year) for name, rows in sorted(by_version.items())]


def _version(
    name: str, rows: Sequence[Row], kinds: Mapping[str, int], unknown: frozenset[str], region: RegionPack | None, year: int
) -> Version:  # fmt: skip
    settings = settings_of(name, rows, region, year)
    read = tuple(_read(name, place, row) for place, row in enumerate(rows))
    manifest = Manifest(
        name=name, edition=edition_of(name, rows), source="统筹区的病种目录", status="inferred", settings=settings
    )
    packs = [Pack(manifest, read, kinds=known, version=name) for known in _guesses(kinds, unknown)]
    found = {one.group: Group(one.group, one.layer, one.score, _fen(one.mean_cost), one) for one in read}
    chooses = region is not None and region.find("dip.choice", on=date(year, 12, 31)) is not None
    return Version(name, found, packs, unknown, chooses=chooses)


def _read(name: str, place: int, row: Row) -> PackRow:
    try:
        return read_row(place, _cells(row), _score(row))
    except ValueError as error:
        raise UserError(f"病种目录 {name} 的病种 {row['dip_group_code']}：{error}。") from None


def from_pack(pack: Pack, results: Sequence[Row]) -> Version:
    """A pack that somebody made, with its own dates and settings; kinds of operations that it does not say are read off as for the table."""
    found = {row.group: Group(row.group, row.layer, row.score, _fen(row.mean_cost), row) for row in pack.rows}
    packs, unknown = [pack], frozenset[str]()
    if not pack.kinds:
        rows = [
            {"dip_group_code": row.group, "dip_layer": row.layer, "treatment_kind": row.kind, "operation_expression": written(row.operations)}
            for row in pack.rows
        ]  # fmt: skip
        kinds = kinds_of(rows, results)
        unknown = _unknown(results, kinds)
        packs = [replace(pack, kinds=known) for known in _guesses(kinds, unknown)]
    return Version(pack.title, found, packs, unknown, pack.manifest.valid_from, pack.manifest.valid_to)


def _unknown(results: Sequence[Row], kinds: Mapping[str, int]) -> frozenset[str]:
    return frozenset(code for row in results for code in operations_of(row["operation_expression"])) - kinds.keys()


def _guesses(kinds: Mapping[str, int], unknown: frozenset[str]) -> list[dict[str, tuple[int, int]]]:
    """Rank and level of each operation; where some are unknown once for each kind but conservative, the highest first."""
    ranks = range(len(KINDS) - 1, 0, -1) if unknown else range(1)
    return [{code: (rank, 0) for code, rank in {**dict.fromkeys(unknown, guess), **kinds}.items()} for guess in ranks]


def _fen(mean: Decimal | None) -> int | None:
    return None if mean is None else round_fen(mean)


def edition_of(name: str, rows: Sequence[Row]) -> str:
    """1.0, 2.0 or 3.0 as the name of a version begins; else by its layers.

    >>> edition_of("2.0-2025", [])
    '2.0'
    """
    if name[:3] in ("1.0", "2.0", "3.0"):
        return name[:3]
    return "3.0" if any(row["dip_layer"] in ("XQ", "BX", "FZ", "JC") for row in rows) else "2.0"


def settings_of(name: str, rows: Sequence[Row], region: RegionPack | None, year: int) -> Settings:
    """The settings of the edition; between several groups that fit, what the region says (dip.choice)."""
    settings = Settings.model_validate(edition_defaults(edition_of(name, rows)))
    said = region.find("dip.choice", on=date(year, 12, 31)) if region is not None else None
    if said is None:
        return settings
    choose = choice_said(said)
    layers = {
        layer: policy.model_validate({**policy.model_dump(), "choose": choose})
        if layer in ("core", "primary")
        else policy
        for layer, policy in settings.layers.items()
    }
    return settings.model_copy(update={"layers": layers, "tie_order": ("table_order",)})


def operations_of(cell: str | None) -> frozenset[str]:
    """The operations of a cell, in no order; `+` and `|` alike between them.

    >>> sorted(operations_of("54.5101+47.0100")), operations_of(None)
    (['47.0100', '54.5101'], frozenset())
    """
    return frozenset(filter(None, (cell or "").replace("|", "+").replace(" ", "").split("+")))


def kinds_of(groups: Sequence[Row], results: Sequence[Row]) -> dict[str, int]:
    """Operation → rank of its kind, as groups that name it alone say, and results in 综合病种 where they agree."""
    kinds = {}
    for row in groups:
        if row["dip_layer"] != "comprehensive" and row["treatment_kind"] in KINDS:
            for codes in expression(row["operation_expression"] or ""):
                if len(codes) == 1:
                    kinds[next(iter(codes))] = KINDS.index(row["treatment_kind"])
    kind_of_group = {
        row["dip_group_code"]: row["treatment_kind"] for row in groups if row["dip_layer"] == "comprehensive"
    }
    shown: dict[str, Counter[str]] = defaultdict(Counter)
    for row in results:
        strange = operations_of(row["operation_expression"]) - kinds.keys()
        kind = kind_of_group.get(row["dip_group_code"])
        if len(strange) == 1 and kind in KINDS:
            shown[next(iter(strange))][kind] += 1
    for code, counted in sorted(shown.items()):
        (kind, most), *rest = counted.most_common(2)
        if most >= ENOUGH and all(most >= AGREE * other for _, other in rest):
            kinds[code] = KINDS.index(kind)
    return kinds


def _cells(row: Row) -> dict[str, str]:
    return {
        "seq": row["dip_group_code"], "layer": row["dip_layer"], "principal_dx": row["principal_diagnosis"], "other_dx": "",
        "proc_expr": row["operation_expression"] or "", "related_proc": "", "condition": "", "name": row["dip_group_name"] or "",
        "kind": row["treatment_kind"] or "", "level": "",
    }  # fmt: skip


def _score(row: Row) -> dict[str, str]:
    mean = row["group_mean_cost"]
    return {"score": str(decimal(row["base_score"])), "mean_cost": "" if mean is None else str(Decimal(mean) / 100)}


def codes_of_row(row: Row) -> Codes:
    """The codes of a stay as the sheet has them."""
    return Codes(row["diagnosis_code"], (), "", operations_of(row["operation_expression"]))


def same_codes(sheet: Codes, record: Codes) -> bool:
    """Principal diagnosis and operations, in one writing."""
    diagnoses, operations = CodeList("diagnosis"), CodeList("operation")
    written = [{operations.read(code).code for code in one.operations} for one in (sheet, record)]
    return diagnoses.read(sheet.principal).code == diagnoses.read(record.principal).code and written[0] == written[1]
