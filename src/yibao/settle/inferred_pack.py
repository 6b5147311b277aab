"""What was inferred as a pack: YAML with status “inferred”, good for checking, refused for paying (ADR 0014 keys and words)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yibao.region.benefits.knobs import key
from yibao.region.pack import Pack
from yibao.settle.across_years import WHOLE
from yibao.settle.evidence import Cell
from yibao.settle.infer import CareEstimate, Estimate, Inferred
from yibao.settle.inferred_limits import SHARING, Limit
from yibao.settle.inferred_ratio import RATE_BASE, Ratio

FIELDS = (2, 3, 4)  #: of a cell: hospital level, area, person
SHARED = "outpatient"  #: the name under which cares count together
NO_LAYERS = "没有推断统筹之后的各层（大病、大额、公务员、救助等），核对时只看起付线和统筹支付"
_PLAIN = re.compile(r"^[A-Za-z_]\w*$")


@dataclass(frozen=True, slots=True)
class _Set:
    key: str
    value: Any
    reason: str


def pack_files(found: Inferred, pack: Pack) -> dict[str, str]:
    """The files of the pack folder by name. Cells of which nothing could be said are left out, so that a settlement refuses by name."""
    name = f"{pack.name}（{found.year} 年结算推断）"
    head = [f"code: {pack.code}", f"name: {name}"]
    if pack.parent is not None:
        head.append(f"parent: {pack.parent.code}")
    lines = [
        f"# 从 {found.year} 年平台结算推断的待遇规则：只能用来核对和测算，不能用来结算。逐条对照文件后，改写出处并把 status 改为 verified。",
        "parameters:",
    ]
    for item in _sets(found):
        lines += [
            f"  - key: {item.key}",
            f"    label: {key(item.key).label}",
            "    values:",
            f"      - from: {found.year}-01-01",
            f"        value: {flow(item.value)}",
            f"        source: {found.year} 年平台结算推断",
            f"        reason: {item.reason}",
            "        grade: proposal",
            "        status: inferred",
        ]
    return {"pack.yaml": "\n".join([*head, "status: inferred"]) + "\n", "benefits.yaml": "\n".join(lines) + "\n"}


def _sets(found: Inferred) -> Iterator[_Set]:
    for scheme in sorted({care.scheme for care in found.cares}):
        yield _Set(f"{scheme}.rounding", "half_up", "推断时按四舍五入到分")
    for care in found.cares:
        yield from _of_care(care, _counted_elsewhere(found, care))


def _counted_elsewhere(found: Inferred, care: CareEstimate) -> list[dict[str, Any]]:
    """The sums of other cares' shared caps to which a care adds without being limited by them: no cap of its own was seen."""
    if care.care not in SHARING or (care.limit and care.limit.shared):
        return []
    others = {
        other.limit.per for other in found.cares if other.scheme == care.scheme and other.limit and other.limit.shared
    }
    return [{"per": per, "amount": "none", "shares": SHARED} for per in sorted(others)]


def _of_care(care: CareEstimate, counted: list[dict[str, Any]]) -> Iterator[_Set]:
    known = [cell for cell in care.cells if cell.ratio is not None]
    if not known:
        return
    name = f"{care.scheme}.{care.care}"
    said = explained(care.cells)
    yield _Set(f"{name}.deductible", _deductibles(known), said)
    yield _Set(f"{name}.deductible_mode", care.mode, said)
    if care.shared_deductible:
        yield _Set(f"{name}.deductible_shares", SHARED, said)
    first = {cell.cell: _share(cell.ratio.first_pay) for cell in known if cell.ratio}
    if any(first.values()):
        yield _Set(f"{name}.first_pay", as_cell(first), said)
    yield from _rates(name, {cell.cell: cell.ratio for cell in known if cell.ratio}, said)
    yield _Set(
        f"{name}.caps",
        [*([_cap(care.limit)] if care.limit else []), *counted],
        said if care.limit else "没有支付在某个额度上停止，或停止的太少",
    )
    if care.care == "inpatient" and care.whole_at_discharge:
        stays, right = care.crossing
        yield _Set(f"{name}.year_end", WHOLE, f"{stays} 笔跨年住院按出院时一次结算，{right} 笔分毫不差")
    yield _Set(f"{name}.layers", [], NO_LAYERS)


def explained(cells: tuple[Estimate, ...]) -> str:
    """How many records follow the estimates.

    >>> explained((Estimate(("resident", "inpatient", 3, "home", "adult"), 200, 199, (1000,), None),))
    '200 条记录中 199 条分毫不差'
    """
    return f"{sum(cell.records for cell in cells)} 条记录中 {sum(cell.explained for cell in cells)} 条分毫不差"


def _deductibles(cells: list[Estimate]) -> Any:
    """The first stay's standards, and rows for later stays where they are others."""
    written, before = _standards(cells, 1), 1
    more: list[tuple[int, Any]] = []
    for nth in range(2, max(len(cell.deductibles) for cell in cells) + 1):
        if any(_told(cell, nth) not in (None, _told(cell, before)) for cell in cells):
            more.append((nth, _standards(cells, nth)))
            before = nth
    for place, (nth, rows) in enumerate(more):
        sign = "=" if place + 1 < len(more) and more[place + 1][0] == nth + 1 else ">="
        written = written if isinstance(written, dict) else {"else": written}
        rows = rows if isinstance(rows, dict) else {"": rows}
        written |= {f"{condition} nth{sign}{nth}".strip(): value for condition, value in rows.items()}
    return written


def _told(cell: Estimate, nth: int) -> int | None:
    return cell.deductibles[nth - 1] if len(cell.deductibles) >= nth else None


def _standards(cells: list[Estimate], nth: int) -> Any:
    """The condition table of one admission count; empty where no cell tells."""
    return as_cell({cell.cell: _yuan(fen) for cell in cells if (fen := _told(cell, nth)) is not None})


def _rates(name: str, ratios: Mapping[Cell, Ratio], said: str) -> Iterator[_Set]:
    """One cell, or bands at the union of all ends; a cell without records beyond an end goes on as before it."""
    ends = sorted({upto for ratio in ratios.values() for upto, _ in ratio.bands if upto is not None})
    if not ends:
        yield _Set(f"{name}.rate", as_cell({cell: _share(ratio.bands[0][1]) for cell, ratio in ratios.items()}), said)
        return
    bands: list[dict[str, Any]] = []
    for at, end in enumerate((*ends, None)):
        told = {cell: _share(_rate_at(ratio, end)) for cell, ratio in ratios.items() if len(ratio.bands) > at}
        untold = {cell: _share(ratio.bands[-1][1]) for cell, ratio in ratios.items() if len(ratio.bands) <= at}
        bands.append({**({"to": _yuan(end)} if end is not None else {}), "rate": as_cell(told, untold)})
    thin = sum(len(ratio.bands) <= len(ends) for ratio in ratios.values())
    remark = f"；{thin} 类没有足够的高额记录，高段按同级同类人员的，没有的暂按低段的" if thin else ""
    yield _Set(f"{name}.bands", bands, said + remark)
    longest = max(ratios.values(), key=lambda ratio: len(ratio.bands))
    yield _Set(f"{name}.bands_from", "zero" if longest.from_zero else "deductible", said)


def _rate_at(ratio: Ratio, end: int | None) -> int:
    """The rate of the band that ends there, or that an end of another cell cuts."""
    for upto, rate in ratio.bands:
        if upto is None or (end is not None and end <= upto):
            return rate
    raise AssertionError("the last band has no end")


def _cap(limit: Limit) -> dict[str, Any]:
    amounts: dict[str, Any] = {}
    values = set(limit.amounts)
    for (person, disease), amount in sorted(values):
        same = [other for (_, other_disease), other in values if other_disease == disease]
        word = f"disease:{disease}" if disease else ""
        amounts[word if len(set(same)) == 1 else f"{word} {person}".strip()] = _yuan(amount)
    written: Any = amounts[""] if set(amounts) == {""} else {**amounts, "else": "none"}
    return {
        "per": limit.per,
        "amount": written,
        **({"shares": SHARED} if limit.shared else {}),
        **({"each": "disease"} if limit.each else {}),
    }


def as_cell(values: Mapping[Cell, Any], spare: Mapping[Cell, Any] | None = None) -> Any:
    """The shortest condition table: what makes no difference is left out, and one value alone is that value.

    `spare` says what holds for cells that the table then does not reach.

    >>> cells = {("resident", "inpatient", level, "home", who): level for level in (1, 2) for who in ("adult", "minor")}
    >>> as_cell(cells), as_cell(dict.fromkeys(cells, 5))
    ({'level1': 1, 'level2': 2}, 5)
    """
    if not values:
        return {}
    fields = list(FIELDS)
    for field in reversed(FIELDS):
        fewer = [other for other in fields if other != field]
        places = {tuple(cell[at] for at in fewer) for cell in values}
        if len({(tuple(cell[at] for at in fewer), value) for cell, value in values.items()}) == len(places):
            fields = fewer
    if not fields:
        return next(iter(values.values()))
    rows = {tuple(cell[at] for at in fields): value for cell, value in {**(spare or {}), **values}.items()}
    return {
        " ".join(_word(field, said) for field, said in zip(fields, place, strict=True)): value
        for place, value in sorted(rows.items(), key=lambda row: str(row[0]))
    }


def _word(field: int, said: object) -> str:
    return f"level{said}" if field == FIELDS[0] else str(said)


def _share(millionths: int) -> Decimal:
    return (Decimal(millionths) / RATE_BASE).normalize()


def _yuan(fen: int) -> Decimal:
    return (Decimal(fen) / 100).normalize()


def flow(value: Any) -> str:
    """A value as YAML in one line.

    >>> flow({"level3 nth>=2": Decimal("1E+3"), "else": "none"}), flow([{"per": "year", "amount": 420}])
    ('{"level3 nth>=2": 1000, else: none}', '[{per: year, amount: 420}]')
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_named(name)}: {flow(held)}" for name, held in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _named(name: str) -> str:
    return name if _PLAIN.match(name) else f'"{name}"'
