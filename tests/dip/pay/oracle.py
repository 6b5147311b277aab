"""The clearing of a scheme once more, in Fractions and from the guide alone (§8.1 F12, F13, F16; §9): shares no code with the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction as F
from math import floor

Bands = Sequence[tuple[F | None, bool, F | None, F | None]]  #: below, inclusive, keep, bear


@dataclass(frozen=True)
class Stay:
    hospital: str
    disease: str
    points: F
    fee: int
    booked: int


@dataclass(frozen=True)
class Rules:
    base: str
    mode: str
    fixed: F
    fixed_share: F
    levels: Sequence[tuple[str, Bands]]
    cap_times: F | None
    caps: Mapping[str, int]
    assessed: Mapping[str, F]
    deducted: Mapping[str, int]
    digits: int = 4


@dataclass(frozen=True)
class Result:
    value: F
    due: Mapping[str, int]
    shared: Mapping[str, int]
    capped: Mapping[str, int]
    amount: Mapping[str, int]


def half_up(x: F, digits: int = 0) -> F:
    scaled = abs(x) * 10**digits
    n = floor(scaled + F(1, 2))
    return F(n if x >= 0 else -n, 10**digits)


def fen(x: F) -> int:
    return int(half_up(x))


def largest_remainder(total: int, weights: Mapping[object, F]) -> dict[object, int]:
    whole = sum(weights.values())
    exact = {k: F(total) * w / whole for k, w in weights.items()}
    down = {k: floor(x) for k, x in exact.items()}
    order = sorted(exact, key=lambda k: (down[k] - exact[k], k))  # type: ignore[operator, return-value]
    for k in order[: total - sum(down.values())]:
        down[k] += 1
    return down


def clear(stays: Sequence[Stay], fund: int, rules: Rules) -> Result:
    points, fee, booked = (sum((getattr(s, n) for s in stays), F(0)) for n in ("points", "fee", "booked"))
    ratio = half_up(booked / fee, rules.digits)
    floating = (
        (F(fund) + fee - booked) / points / 100 if rules.base == "patient_share" else F(fund, 100) / ratio / points
    )
    share = {"floating": F(0), "fixed": F(1), "elastic": rules.fixed_share}[rules.mode]
    value = half_up(share * rules.fixed + (1 - share) * floating, rules.digits)

    def worth(s: Stay) -> F:
        price = s.points * value * 100
        if rules.base == "ratio":
            return price * ratio
        if rules.base == "case_ratio":
            return price * s.booked / s.fee
        return max(F(0), price - (s.fee - s.booked))

    hospitals = sorted({s.hospital for s in stays})
    exact = {h: sum((worth(s) for s in stays if s.hospital == h), F(0)) for h in hospitals}
    gives_all = rules.mode == "floating" and rules.base != "case_ratio"
    if gives_all and not any(exact.values()):
        raise ValueError("nobody is due anything")
    due = largest_remainder(fund, exact) if gives_all else {h: fen(x) for h, x in exact.items()}
    shared = dict.fromkeys(hospitals, 0)
    cut = any("disease" in level for level, _ in rules.levels)  # else a hospital is one cell
    stays = stays if cut else [replace(s, disease="") for s in stays]
    cells: dict[tuple[str, str], int] = {}
    for h in hospitals:
        mine = [s for s in stays if s.hospital == h]
        of = {d: sum((worth(s) for s in mine if s.disease == d), F(0)) for d in {s.disease for s in mine}}
        parts = largest_remainder(due[h], of) if due[h] else dict.fromkeys(of, 0)  # type: ignore[arg-type]
        cells |= {(h, str(d)): p for d, p in parts.items()}
    for level, bands in rules.levels:
        places: dict[object, list[tuple[str, str]]] = {}
        for h, d in sorted(cells):
            at = {"region": "", "institution": h, "disease": d, "institution_disease": (h, d)}[level]
            places.setdefault(at, []).append((h, d))
        for of_place in places.values():
            b = sum(s.booked for s in stays if (s.hospital, s.disease) in of_place)
            total = sum(cells[c] for c in of_place)
            extra = added(bands, b, total)
            if extra:
                parts = largest_remainder(abs(extra), {c: F(cells[c]) for c in of_place})
                for c, p in parts.items():
                    cells[c] += p if extra > 0 else -p  # type: ignore[index]
                    shared[c[0]] += p if extra > 0 else -p  # type: ignore[index]
    capped, amount = {}, {}
    for h in hospitals:
        own = sum(s.booked for s in stays if s.hospital == h)
        tops = [fen(own * rules.cap_times)] if rules.cap_times is not None else []
        tops += [rules.caps[h]] if h in rules.caps else []
        before = due[h] + shared[h]
        after = min([before, *tops])
        capped[h] = before - after
        amount[h] = fen(after * rules.assessed[h]) - rules.deducted.get(h, 0)
    return Result(value, due, shared, capped, amount)  # type: ignore[arg-type]


def added(bands: Bands, booked: int, due: int) -> int:
    """Piecewise on r = booked ÷ due: what saving may not be kept is negative, what overspending is borne positive."""
    if due <= 0:
        return 0
    r = F(booked, due)
    if r <= 1:
        for below, inclusive, keep, _ in bands:
            if below is None or r < below or (inclusive and r == below):
                assert keep is not None
                return fen((booked - due) * (1 - keep))
    total, low = F(0), F(0)
    for below, _, _, bear in bands:
        if bear is not None:
            top = r if below is None else min(r, below)
            total += max(F(0), top - max(F(1), low)) * bear
        low = below if below is not None else low
    return fen(total * due)
