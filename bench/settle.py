"""Settlement under load: the kernel, file to file, memory, one visit; beside OpenFisca-core on an equal chain.

    python bench/settle.py --county DIR [--visits 2] [--openfisca PYTHON] [--memory 50] [--simulate]

Visits (millions) are those of a county's workspace, its people repeated under other numbers. OpenFisca-core (AGPL, only for this
comparison) runs in an interpreter of its own, given by --openfisca, or in this one where it is installed. Bars: kernel 5 M visits/s, file to file
2 M visits/s, below 4 GiB for 50 M visits, one visit below 1 ms, 20 simulations of a county at scale 1 in 60 s.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yibao.region.benefits.plan import Band, Cap, Component, Fund, Layer, Merge, Per, Plan, Rounding
from yibao.region.benefits.resolve import Benefits
from yibao.region.packs import region
from yibao.settle import arrays as a
from yibao.settle.arrays import State, Visits
from yibao.settle.batches import RESULT, Settler, result, visits_of
from yibao.settle.compile import Compiled
from yibao.settle.effects import Effects
from yibao.settle.kernel import settle
from yibao.settle.prepared import prepare
from yibao.settle.run import BILLS, ORDER, collect_bills
from yibao.settle.simulate import from_day, outcome
from yibao.store.groups import TARGET, whole_groups
from yibao.store.manifest import Produced
from yibao.store.workspace import Workspace

YEAR = 2025
RECORDED = "openIMIS, recorded in the design guide, not run here: 3.3 claims/s end to end"
PEER = Path(__file__).with_name("openfisca_chain.py")


def _best(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    best, found = float("inf"), None
    for _ in range(times):
        began = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - began)
    return best, found


def _said(what: str, visits: int, seconds: float, more: str = "") -> None:
    print(f"{what:44} {seconds:8.2f} s  {visits / seconds / 1e6:6.2f} M visits/s  {more}", flush=True)


def _peak() -> str:
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576:.2f} GiB"


def repeated(bills: pa.Table, visits: int) -> Iterator[pa.RecordBatch]:
    """The bills again and again, the people of each round under other numbers, until there are enough; in order."""
    for at in range(-(-visits // bills.num_rows)):
        head, named = pa.scalar(f"{at:04d}"), bills
        for name in ("person_no", "bill_id", "reverses_bill_id", "visit_id"):
            column = pc.binary_join_element_wise(head, bills[name], "")
            named = named.set_column(named.schema.get_field_index(name), named.schema.field(name), column)
        yield from named.slice(0, visits - at * bills.num_rows).to_batches(max_chunksize=TARGET)


def kernel_alone(settler: Settler, bills: pa.Table, visits: int) -> None:
    """Whole persons in parts, as `apply` hands them over, arrays ready."""
    tables = list(whole_groups(repeated(bills, min(visits, 2_000_000)), ["person_no"]))
    parts = [visits_of(table, settler.situations.numbers(table)) for table in tables]
    rules, slots = settler.situations.rules(), settler.situations.compiled.slots
    size = sum(part.person.size for part in parts)
    buffer, trace = np.zeros((max(part.person.size for part in parts), a.WIDTH), np.int64), a.empty_trace()
    states = [State.fresh(slots, part.person.size) for part in parts]

    def run() -> None:
        for part, state in zip(parts, states, strict=True):
            state.stamp[:] = -1
            state.undone[:] = 0
            settle(part, rules, state, buffer[: part.person.size], trace, -1)

    def clear() -> None:
        buffer[:] = 0

    best = float("inf")
    for _ in range(3):
        clear()
        best = min(best, _best(run, 1)[0])
    _said("kernel, one core, arrays ready", size, best, "bar 5")
    seconds, _ = _best(lambda: [settler.settled(part) for part in parts], 2)
    _said("  with its result array made anew", size, seconds)
    seconds, _ = _best(lambda: [visits_of(t, settler.situations.numbers(t)) for t in tables], 2)
    _said("  Arrow to arrays, kinds of bills told", size, seconds)
    outs = [settler.settled(part) for part in parts[:2]]
    seconds, _ = _best(lambda: [result(t, out, *_codes(settler)) for t, out in zip(tables, outs, strict=False)], 2)
    _said("  arrays to Arrow", sum(t.num_rows for t in tables[:2]), seconds)


def _codes(settler: Settler) -> tuple[Any, ...]:
    """What `result` wants beside bills and amounts."""
    codes = getattr(settler.situations.compiled, "codes", None)
    return () if codes is None else (codes,)


def file_to_file(folder: Path, settler: Settler, bills: pa.Table, visits: int) -> None:
    """Bills as Parquet → sorted → kernel → settlements as Parquet: bare files, then through the workspace with its checks."""
    with Workspace.create(folder / "w", "cn-9904") as workspace:
        rows = pa.RecordBatchReader.from_batches(bills.schema, repeated(bills, visits))
        workspace.write("bills", rows, Produced(command="bench/settle.py"), in_order=True)
        for codec in ("snappy", "zstd"):
            began = time.perf_counter()
            with pq.ParquetWriter(folder / f"{codec}.parquet", RESULT, compression=codec) as writer:
                for batch in workspace.apply(BILLS, "person_no", ORDER, settler, RESULT, year=YEAR):
                    writer.write_batch(batch)
            _said(
                f"file to file, sorted, {codec}",
                visits,
                time.perf_counter() - began,
                f"{_peak()}{', bar 2' if codec == 'snappy' else ''}",
            )
        began = time.perf_counter()
        made = workspace.apply(BILLS, "person_no", ORDER, settler, RESULT, year=YEAR)
        workspace.write("computed_settlements", made, Produced(command="bench/settle.py"), str(YEAR), in_order=True)
        _said("file to file, checked, hashed, published", visits, time.perf_counter() - began, _peak())


def one_visit(settler: Settler, bills: pa.Table) -> None:
    """One bill from its row: kind, arrays, kernel, amounts."""
    last = bills.slice(0, 1)
    seconds, _ = _best(lambda: [settler(last) for _ in range(20)])
    visits = visits_of(last, settler.situations.numbers(last))
    compute, _ = _best(lambda: [settler.settled(visits) for _ in range(200)])
    print(
        f"{'one visit: compute, and from row to row':44} {compute / 200 * 1e3:8.3f} ms, {seconds / 20 * 1e3:.2f} ms, bar 1 ms of compute"
    )


# the chain of the peer: in scope → deductible, ratio and cap by level → critical illness in four bands → cash


def chain_plans() -> list[Plan]:
    fen = lambda *yuan: [int(y * 100) for y in yuan]  # noqa: E731
    deductible, ratio = fen(200, 200, 500, 1000), (870_000, 870_000, 740_000, 620_000)
    ends, rates = [*fen(30_000, 80_000, 200_000), None], (600_000, 650_000, 700_000, 750_000)
    owed = frozenset({Component.OVER_POOL_CAP, Component.COINSURANCE, Component.DEDUCTIBLE})
    pool = Layer("inpatient", Fund.POOL, frozenset(), False, "pool", 0, (Band(None, 0),), False, (), None)
    critical = Layer(
        "critical", Fund.RESIDENT_CRITICAL_ILLNESS, owed, False, "critical", 1_300_000,
        tuple(Band(end, rate) for end, rate in zip(ends, rates, strict=True)), False, (), None,
    )  # fmt: skip
    first = Plan(
        scheme="resident", care="inpatient", nth=1, first_pay=0, deductible=0, deductible_per=Per.VISIT, deductible_slot="d", merge=Merge.NONE,
        continuous=False, counts=True, pool=pool, layers=(critical,), account=frozenset(), joint_rate=None, joint_of_total=False,
        rounding=Rounding.HALF_UP, round_each_band=False, sources={},
    )  # fmt: skip
    return [
        replace(
            first, deductible=d, pool=replace(pool, bands=(Band(None, r),), caps=(Cap("pool", Per.VISIT, 15_000_000),))
        )
        for d, r in zip(deductible, ratio, strict=True)
    ]


def beside_openfisca(folder: Path, people: int, python: str | None) -> None:
    random = np.random.default_rng(3)
    scope = np.exp(random.normal(12.6, 1.2, people)).astype(np.int64) + 1
    total = scope + scope // 7
    level = random.integers(0, 4, people)
    compiled = Compiled()
    rows = np.array([compiled.add((plan,)) for plan in chain_plans()], np.int64)
    zeros = np.zeros(people, np.int64)
    visits = Visits(
        person=np.arange(people), year=zeros + YEAR, month=zeros + 202506, plan=rows[level], provider=zeros, continues=zeros, total=total,
        full_selfpay=total - scope, over_cap=zeros, pre_selfpay=zeros, in_scope=scope, credited=zeros, uses_account=zeros, family=zeros,
        cap_raise=zeros, reverses=zeros - 1,
    )  # fmt: skip
    rules = compiled.rules()
    out = np.zeros((people, a.WIDTH), np.int64)

    def ours() -> None:
        settle(visits, rules, State.fresh(compiled.slots, people), out, a.empty_trace(), -1)

    ours()
    best = float("inf")
    for _ in range(3):
        out[:] = 0
        best = min(best, _best(ours, 1)[0])
    _said("chain of the peer, ours, one core", people, best)
    python = python or (sys.executable if importlib.util.find_spec("openfisca_core") else None)
    if python is None:
        print(
            "chain of the peer, OpenFisca: skipped, OpenFisca-core is not installed here and --openfisca names no interpreter that has it"
        )
        return
    np.savez(folder / "given.npz", level=level, in_scope=scope / 100, total=total / 100)
    without = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([python, str(PEER), str(folder / "given.npz"), str(folder / "found.npz")], check=True, env=without)
    found = np.load(folder / "found.npz")
    theirs = np.rint(found["cash"].astype(np.float64) * 100).astype(np.int64)
    wrong = int((theirs != out[:, a.CASH]).sum())
    _said(
        "chain of the peer, OpenFisca-core",
        people,
        float(found["seconds"]),
        f"ours {float(found['seconds']) / best:.0f} times as fast",
    )
    print(
        f"{'':44} its cash ({found['cash'].dtype}) is wrong in {wrong:,} of {people:,} records ({100 * wrong / people:.2f} %), ours in {_wrong(scope, total, level, out):,}"
    )


def _wrong(scope: Any, total: Any, level: Any, out: Any, sample: int = 50_000) -> int:
    """Of the first records those whose cash a plain Decimal reading of the chain contradicts."""
    plans, cent = chain_plans(), Decimal(1)
    wrong = 0
    for s, t, at, cash in zip(
        scope[:sample].tolist(), total[:sample].tolist(), level.tolist(), out[:, a.CASH].tolist(), strict=False
    ):
        plan = plans[at]
        base = max(0, s - plan.deductible)
        pool = min((Decimal(base) * plan.pool.bands[0].rate / 1_000_000).quantize(cent, "ROUND_HALF_UP"), 15_000_000)
        over, low, paid = max(Decimal(0), s - pool - 1_300_000), Decimal(0), Decimal(0)
        for band in plan.layers[0].bands:
            end = over if band.upto is None else min(over, Decimal(band.upto))
            paid += max(Decimal(0), end - low) * band.rate / 1_000_000
            low = end
        wrong += int(t - pool - paid.quantize(cent, "ROUND_HALF_UP")) != cash
    return wrong


def simulations(workspace: Workspace, benefits: Benefits, times: int = 20) -> None:
    """The bills prepared once, the policy in force settled once, then so many policies with all their effects."""
    on, began = date(YEAR, 7, 1), time.perf_counter()
    policies = [benefits.set("resident.inpatient.rate", "level2", Decimal(70 + n % 20) / 100, on) for n in range(times)]
    prepared = prepare(workspace, YEAR, benefits, policies[:1])
    ready = time.perf_counter()
    before = outcome(prepared, benefits.plans)
    for policy in policies:
        effects = Effects(prepared, before, outcome(prepared, from_day(benefits, policy, on)))
        told = [effects.totals(), *effects.funds(), *effects.largest(20)]
        told += [row for grouping in prepared.groupings for row in effects.groups(grouping)]
    done = time.perf_counter()
    print(
        f"{f'{times} simulations of {prepared.size:,} bills':44} {done - began:8.2f} s: {ready - began:.1f} to prepare, "
        f"{(done - ready) / (times + 1):.2f} each, bar 60 s; {_peak()}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--county", type=Path, required=True, help="a workspace made by `yibao demo county`")
    options.add_argument("--visits", type=float, default=2, help="millions")
    options.add_argument("--memory", type=float, help="only file to file, with so many millions of visits")
    options.add_argument("--openfisca", help="an interpreter with OpenFisca-core")
    options.add_argument("--simulate", action="store_true", help="twenty simulations of the county too")
    said = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="settle-"))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; numbers of a loaded machine are lower bounds")
    try:
        with Workspace.open(said.county) as county:
            benefits = Benefits(region(county.settings.region))
            collect_bills(county, benefits.pack, YEAR)
            bills = county.query(BILLS, year=YEAR).read_all().sort_by([(n, "ascending") for n in ("person_no", *ORDER)])
            settler = Settler(benefits)
            settler(bills.slice(0, 1000))
            if said.memory:
                file_to_file(folder, settler, bills, int(said.memory * 1_000_000))
                return
            kernel_alone(settler, bills, int(said.visits * 1_000_000))
            one_visit(settler, bills)
            file_to_file(folder, settler, bills, int(said.visits * 1_000_000))
            beside_openfisca(folder, 1_000_000, said.openfisca)
            print(RECORDED)
            if said.simulate:
                simulations(county, benefits)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
