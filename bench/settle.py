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
from dataclasses import dataclass, replace
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
from yibao.settle.batches import CODES, RESULT, Settler, result, visits_of
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
SAMPLE = 50_000  #: records of the chain that are computed in Decimal too
RECORDED = "openIMIS, recorded in the design guide, not run here: 3.3 claims/s end to end"
PEER = Path(__file__).with_name("openfisca_chain.py")


@dataclass
class Timed:
    """The best of some times: wall, and seconds of all cores together, which a busy machine stretches less."""

    wall: float
    cpu: float

    def said(self, what: str, visits: int, more: str = "") -> None:
        rates = f"{visits / self.wall / 1e6:6.2f} M visits/s, {visits / self.cpu / 1e6:6.2f} M per CPU-second"
        print(f"{what:44} {self.wall:7.2f} s {self.cpu:7.2f} CPU-s {rates}  {more}", flush=True)


def _best(work: Callable[[], Any], times: int = 3, before: Callable[[], Any] = lambda: None) -> Timed:
    best = Timed(float("inf"), float("inf"))
    for _ in range(times):
        before()
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        best = min(best, Timed(time.perf_counter() - wall, time.process_time() - cpu), key=lambda timed: timed.wall)
    return best


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
            settle(part, rules, state, buffer[: part.person.size], trace, -1)

    def clear() -> None:
        buffer.fill(0)
        for state in states:
            state.stamp.fill(-1)
            state.undone.fill(0)

    _best(run, before=clear).said("kernel, one core, arrays ready", size, "bar 5")
    tell = lambda table: visits_of(table, settler.situations.numbers(table))  # noqa: E731
    _best(lambda: [tell(table) for table in tables], 2).said("  before: Arrow to arrays, kinds told", size)
    outs = [settler.settled(part) for part in parts[:2]]
    few = sum(table.num_rows for table in tables[:2])
    work = _best(lambda: [result(t, out, *_codes(settler)) for t, out in zip(tables, outs, strict=False)])
    work.said("  after: arrays to Arrow", few)


def _codes(settler: Settler) -> tuple[Any, ...]:
    """What `result` wants beside bills and amounts."""
    codes = getattr(settler.situations.compiled, "codes", None)
    return () if codes is None else (codes,)


def file_to_file(folder: Path, settler: Settler, bills: pa.Table, visits: int, memory: bool = False) -> None:
    """Bills as Parquet → sorted → kernel → settlements as Parquet: bare files, then through the workspace with its checks."""
    with Workspace.create(folder / "w", "cn-9904") as workspace:
        rows = pa.RecordBatchReader.from_batches(bills.schema, repeated(bills, visits))
        workspace.write("bills", rows, Produced(command="bench/settle.py"), in_order=True)

        def stored() -> pa.RecordBatchReader:
            return workspace.apply_stored("bills", str(YEAR), "person_no", settler, RESULT, CODES)

        def anew() -> pa.RecordBatchReader:
            return workspace.apply(BILLS, "person_no", ORDER, settler, RESULT, year=YEAR)

        def publish() -> None:
            workspace.write("computed_settlements", stored(), Produced(command="bench"), str(YEAR), in_order=True)

        ways = (
            ("stored order, uncompressed", "NONE", stored),
            ("stored order, snappy", "snappy", stored),
            ("stored order, zstd", "zstd", stored),
            ("sorted anew, snappy", "snappy", anew),
        )
        for what, codec, rows in ways[:2] if memory else ways:
            timed = _best(lambda rows=rows, codec=codec: _written(folder / "out.parquet", rows(), codec), 1)
            timed.said(f"file to file, {what}", visits, f"{_peak()}, bar 2" if rows is stored else _peak())
        _best(publish, 1).said("file to file, checked, hashed, published", visits, _peak())


def _written(path: Path, rows: pa.RecordBatchReader, codec: str) -> None:
    """A bare Parquet file: numbers as they are, codes as dictionaries."""
    codes = [name for name in CODES if name in RESULT.names]
    with pq.ParquetWriter(path, RESULT, compression=codec, use_dictionary=codes) as writer:
        for batch in rows:
            writer.write_batch(batch)


def one_visit(settler: Settler, bills: pa.Table) -> None:
    """One bill from its row: kind, arrays, kernel, amounts."""
    last = bills.slice(0, 1)
    visits = visits_of(last, settler.situations.numbers(last))
    whole = _best(lambda: [settler(last) for _ in range(20)]).wall / 20 * 1e3
    compute = _best(lambda: [settler.settled(visits) for _ in range(200)]).wall / 200 * 1e3
    print(f"{'one visit: compute, and from row to row':44} {compute:7.3f} ms, {whole:.2f} ms; bar 1 ms of compute")


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
    timed = _best(ours, before=lambda: out.fill(0))
    timed.said("chain of the peer, ours, one core", people)
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
    seconds = float(found["seconds"])
    rate = f"{seconds:7.2f} s {'':13} {people / seconds / 1e6:6.2f} M visits/s"
    print(f"{'chain of the peer, OpenFisca-core':44} {rate}, ours {seconds / timed.wall:.1f} times as fast")
    print(
        f"{'':44} its cash ({found['cash'].dtype}) is wrong in {wrong:,} of {people:,} records ({100 * wrong / people:.2f} %); "
        f"ours in {_wrong(scope, total, level, out)} of the {SAMPLE:,} that were computed in Decimal too"
    )


def _wrong(scope: Any, total: Any, level: Any, out: Any) -> int:
    """Of the first records those whose cash a plain Decimal reading of the chain contradicts."""
    plans, cent = chain_plans(), Decimal(1)
    wrong = 0
    for s, t, at, cash in zip(
        scope[:SAMPLE].tolist(), total[:SAMPLE].tolist(), level.tolist(), out[:, a.CASH].tolist(), strict=False
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
                file_to_file(folder, settler, bills, int(said.memory * 1_000_000), memory=True)
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
