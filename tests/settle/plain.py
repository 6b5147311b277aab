"""Rules of plain numbers, of which exact things can be said."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.oracle import Visit

Rules = dict[str, Any]
IN_SCOPE = ["over_pool_cap", "coinsurance", "deductible"]

percents = st.integers(0, 100).map(lambda whole: f"{whole / 100:.2f}")
tenths = st.integers(0, 10).map(lambda whole: f"{whole / 10:.1f}")
yuan = st.sampled_from([0, 100, 800, 1_000, 5_000, 10_000])
limits = st.sampled_from([0, 500, 3_000, 20_000, 100_000])
#: tens of yuan
bills = st.one_of(st.integers(0, 30), st.integers(0, 2_000), st.integers(0, 40_000)).map(lambda tens: tens * 1_000)


@st.composite
def formulas(draw: st.DrawFn, part: str, rates: st.SearchStrategy[str], periods: list[str]) -> Rules:
    bounds = sorted(draw(st.sets(st.sampled_from([500, 3_000, 30_000, 70_000]), max_size=3)))
    rows = [{"to": bound, "rate": draw(rates)} for bound in bounds]
    per = draw(st.lists(st.sampled_from(periods), unique=True, max_size=2))
    return {
        f"{part}.bands": [*rows, {"rate": draw(rates)}],
        f"{part}.bands_from": draw(st.sampled_from(["zero", "deductible"])),
        f"{part}.caps": [{"per": one, "amount": draw(limits)} for one in per],
    }


@st.composite
def plain_rules(
    draw: st.DrawFn,
    *,
    rates: st.SearchStrategy[str] = percents,
    mode: str | None = None,
    over: str | None = None,
    periods: tuple[str, ...] = ("visit", "month", "quarter", "year"),
) -> Rules:
    """Stays of residents with up to two layers over one base. `mode` and `over` fix what they name."""
    layers = draw(st.sampled_from([[], ["critical"], ["critical", "aid"]]))
    rules: Rules = {
        "resident.rounding": "half_up",
        "resident.inpatient.layers": layers,
        "resident.inpatient.deductible": draw(yuan),
        "resident.inpatient.deductible_mode": mode or draw(st.sampled_from(["visit", "year", "month"])),
        "resident.inpatient.bands_over": over or draw(st.sampled_from(["visit", "year"])),
        **draw(formulas("resident.inpatient", rates, list(periods))),
    }
    for layer in layers:
        rules |= {
            f"resident.{layer}.fund": "other",
            f"resident.{layer}.base": IN_SCOPE,
            f"resident.{layer}.over": over or draw(st.sampled_from(["visit", "year"])),
            f"resident.{layer}.threshold": draw(yuan),
            **draw(formulas(f"resident.{layer}", rates, list(periods))),
        }
    return rules


@st.composite
def stays(draw: st.DrawFn, most: int = 6) -> list[Visit]:
    """Stays of one person in one year, in any order of discharge."""
    found = []
    for number in range(draw(st.integers(1, most))):
        in_scope, outside = draw(bills), draw(st.integers(0, 50_000))
        month = draw(st.integers(1, 12))
        found.append(
            Visit(
                f"{number}",
                discharge=date(2025, month, 15),
                total=in_scope + outside,
                full_selfpay=outside,
                in_scope=in_scope,
            )
        )
    return found
