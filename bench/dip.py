"""Stays through the DIP grouper, with flags and trace codes: columns in, columns out.

    python bench/dip.py [--stays 1.0] [--scale] [--build] [--auxiliary] [--costs] [--peers PYTHON]

A synthetic pack of more than 5,000 groups in four layers; stays whose codes are drawn from it and from 9,000 further ones.
Two sets: 60 % and 100 % of the stays have a combination of codes that no other stay has. `--scale` goes from one million to ten.
`--hard` draws every other operation from those that the stay's rows name, so that little can be cut off.
`--build` builds a catalogue from the stays instead, as if they were of three years: read, cleaned, combined, measured, written.
`--auxiliary` gives every group subtypes by age and intensive care, `--costs` by multiples of its mean cost and shares of treatment and drugs as well. `--peers` is the Python of an environment with drgpy and msdrg: they group US stays, one record at a time, so only the order
of magnitude compares. The figure of OpenDRG is quoted as the guide recorded it (§11), not measured here.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa

from yibao.dip.auxiliary.rules import Rules
from yibao.dip.build.catalogue import Marked, build
from yibao.dip.build.count import Counter
from yibao.dip.build.packed import Given, write_catalogue
from yibao.dip.build.stays import COUNTED, Known
from yibao.dip.build.terms import Asked, terms_of
from yibao.dip.grouping.bulk import CASE, STAYS, BulkGrouper
from yibao.dip.grouping.group import Grouper
from yibao.dip.importing.catalogue import import_pack
from yibao.dip.importing.rows import Wanted
from yibao.dip.pack import Pack
from yibao.dip.packing import load_pack
from yibao.dip.settings import Settings, edition_defaults
from yibao.region.packs import region

BATCH = 65_536
BAR = 500_000
LAYERS = (("BX", 1725), ("FZ", 113), ("JC", 3400))
HEADINGS = ("seq", "layer", "principal_dx", "other_dx", "proc_expr", "related_proc", "condition")
LQ_KARL = "LQ-karl/DIP-3.0（Python）：按指南记录自述建目录 1 百万例 603 秒、内存 1.4 GB，未在此测量"
OPENDRG = "OpenDRG（Python，CHS-DRG 1.1）：按指南记录约 1,325 例/秒/核（2 核，3.11.7），未在此测量"
_PACK: list[Pack] = []
_BATCHES: list[pa.RecordBatch] = []


def codes() -> tuple[list[str], list[str]]:
    """Stems of diagnoses, and operations: shapes of the real lists, in no relation to them."""
    stems = [f"{letter}{n:02d}.{d}" for letter in "ABCDEGHIJKLMN" for n in range(0, 100, 5) for d in range(9)]
    operations = [f"{n:02d}.{m:02d}{k:02d}" for n in range(1, 87) for m in range(0, 100, 12) for k in range(8)]
    return stems, operations


def make_pack(folder: Path) -> Pack:
    """XQ 15, BX 1,725, FZ 113, JC 3,268: as many as the national library has."""
    random = np.random.default_rng(3)
    stems, operations = codes()
    rows = [(f"XQ-{i}", "XQ", "*", "", operations[i], "", "ANY_PROC" if i > 10 else "") for i in range(1, 16)]
    number = 15
    for layer, count in LAYERS:
        for _ in range(count):
            number += 1
            stem = stems[random.integers(len(stems))]
            picked = [operations[i] for i in random.choice(len(operations), 3, replace=False)]
            procs = "|".join(picked) if layer != "JC" else picked[0] if random.random() < 0.7 else ""
            related = picked[-1] if layer == "BX" and random.random() < 0.2 else ""
            procs = procs.replace(f"|{related}", "") if related else procs
            others = "C00-C75" if layer == "FZ" else ""
            rows.append((f"{layer}-{number}", layer, stem, others, procs, related, ""))
    text = "\n".join("\t".join(row) for row in (HEADINGS, *rows))
    (folder / "catalogue.tsv").write_text(text, encoding="utf-8")
    import_pack(Wanted(folder / "catalogue.tsv", "3.0"), folder / "pack")
    return load_pack(folder / "pack")


def make_stays(pack: Pack, count: int, distinct: float, hard: bool, seed: int) -> list[pa.RecordBatch]:
    """Stays in batches. A combination of its own gets a pair of other diagnoses that nobody else has."""
    random = np.random.default_rng(seed)
    rows = [row for row in pack.rows if row.layer != "XQ"]
    _, operations = codes()
    fillers = np.array([f"{letter}{n:02d}.{d}00" for letter in "OPQRSTUVWZ" for n in range(100) for d in range(9)])
    stems = np.array([f"{row.diagnoses[0]}00" for row in rows])
    mains = np.array([sorted(next(iter(row.operations), frozenset([""])))[0] for row in rows])
    named = [sorted(row.codes) or [operations[0]] for row in rows]
    own = int(count * distinct)
    row = random.choice(len(rows), count, p=_zipf(len(rows), random))
    row[own:] = row[: count - own][: count - own]
    unmatched = random.random(count) < 0.05
    unmatched[own:] = unmatched[: count - own]
    batches = []
    for begin in range(0, count, BATCH):
        at = np.arange(begin, min(begin + BATCH, count))
        key = np.where(at < own, at, at - own)  # repeats are repeats of the first ones
        picked = row[at]
        main = mains[picked].astype(object)
        main[unmatched[at]] = operations[-1]
        lengths = np.where(main == "", 0, key % 4)  # no main operation, no others
        flat = np.repeat(key, lengths) * 31 + _within(lengths) * 7919
        if hard:
            owners = np.repeat(picked, lengths).tolist()
            related = [named[r][n % len(named[r])] for r, n in zip(owners, flat.tolist(), strict=True)]
        else:
            related = np.array(operations)[flat % len(operations)].tolist()
        many = 3 + key % 4
        pair = np.stack([key % 9000, key // 9000, *[(key * (i + 3)) % 9000 for i in range(4)]], axis=1)
        others = fillers[np.concatenate([pair[i, : many[i]] for i in range(len(at))]) % len(fillers)]
        batches.append(
            pa.RecordBatch.from_arrays(
                [
                    pa.array(stems[picked]), pa.array(main, pa.string()), _lists(lengths, pa.array(related, pa.string())),
                    _lists(many, pa.array(others)), pa.nulls(len(at), pa.int64()), pa.nulls(len(at), pa.int64()),
                    pa.nulls(len(at), pa.int64()), pa.array(at * 37 % 2_000_000),
                ],
                schema=STAYS,
            )
        )  # fmt: skip
    return batches


def _zipf(count: int, random: np.random.Generator) -> np.ndarray:
    weights = 1 / np.arange(1, count + 1) ** 0.8
    random.shuffle(weights)
    return weights / weights.sum()


def _within(lengths: np.ndarray) -> np.ndarray:
    ends = np.cumsum(lengths)
    return np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)


def _lists(lengths: np.ndarray, values: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)), values)


def distinct_share(batches: list[pa.RecordBatch]) -> float:
    """The share of combinations among the stays."""
    seen: set[int] = set()
    for batch in batches:
        columns = [batch[name].to_pylist() for name in STAYS.names[:4]]
        seen |= {hash((a, b, tuple(c), tuple(d))) for a, b, c, d in zip(*columns, strict=True)}
    return len(seen) / sum(map(len, batches))


def with_facts(batch: pa.RecordBatch) -> pa.RecordBatch:
    """CASE rows: ages, LOS and intensive care drawn from the place of the stay."""
    at = np.arange(len(batch))
    more = [
        pa.array(at % 97),
        pa.array(1 + at % 30),
        pa.array((at % 50 == 0) * (at % 40) * 86_400),
        pa.array(["1"] * len(batch)),
        pa.array(at * 131 % 1_000_000),
        pa.array(at * 257 % 1_000_000),
    ]
    return pa.RecordBatch.from_arrays([*batch.columns, *more], schema=CASE)


def with_auxiliary(pack: Pack, costs: bool) -> Pack:
    """Every group split by age and intensive care, and by cost."""
    levels = [{"kind": "age", "level": f"{a}-{a + 9}", "age_years": f"{a}-{a + 9}"} for a in range(0, 100, 10)]
    levels += [{"kind": "icu", "level": f"{d}-{d + 6}", "icu_days": f"{d}-{d + 6}"} for d in range(2, 30, 7)]
    if costs:
        shares = (("treatment_share", ">=50%"), ("drug_share", ">=50%"))
        levels += [{"kind": "severity", "level": name, "cost_times": ">=3", name: bound} for name, bound in shares]
        pack = replace(pack, rows=tuple(replace(row, mean_cost=Decimal(4000)) for row in pack.rows))
    rules = Rules.model_validate({"icu_day": "started", "standard": "mean", "levels": levels})
    known = {(row.group, one["kind"], one["level"]): Decimal("1.1") for row in pack.rows for one in levels}
    return replace(pack, manifest=pack.manifest.model_copy(update={"auxiliary": rules}), auxiliary=known)


def build_catalogue(count: int, distinct: float) -> float:
    """Seconds from batches of stays to the files of a pack."""
    batches = make_stays(_PACK[0], count, distinct, hard=True, seed=11)
    _, operations = codes()
    kinds = {code: (1 + i % 3, 0) for i, code in enumerate(operations)}
    known = Known(Settings.model_validate(edition_defaults("2.0")), _PACK[0].diagnoses, _PACK[0].operations, kinds)
    terms = terms_of(region("cn-9904"), 2025, Asked())
    made = [_counted(with_facts(batch)) for batch in batches]
    begin = time.perf_counter()
    counter = Counter(known, terms.every_hospital, terms.longest_stay, len(terms.years))
    for i, batch in enumerate(made):
        counter.add(batch, i % len(terms.years))
    found = build(counter.done(), known, terms, {}, Marked(), {})
    with tempfile.TemporaryDirectory() as folder:
        write_catalogue(Path(folder), found, known, Given())
    seconds = time.perf_counter() - begin
    print(
        f"  建目录 {count / 1e6:.1f} 百万例，组合不重复 {distinct:.0%}：{seconds:.1f} 秒，{count / seconds:,.0f} 例/秒，{len(found.rows):,} 个病种"
        f"（{len(found.core):,} 个核心），内存峰值 {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB（含造数；{said_load()}）"
    )
    return seconds


def _counted(case: pa.RecordBatch) -> pa.RecordBatch:
    """COUNTED rows of hospitals of all levels."""
    at = np.arange(len(case))
    own = {
        "visit_id": pa.array(at.astype(str)), "provider_code": pa.array(["H"] * len(case)), "hospital_level": pa.array((1 + at % 3).astype(str)),
        "insurance_type": pa.array(["390"] * len(case)), "is_dip": pa.array(np.ones(len(case), bool)), "booked": pa.array(at),
        "cost": pa.array(100_000 + at * 7919 % 2_000_000), "drug": pa.array(at * 3), "material": pa.array(at),
    }  # fmt: skip
    return pa.RecordBatch.from_arrays([own.get(name, case[name] if name in CASE.names else None) for name in COUNTED.names], schema=COUNTED)  # fmt: skip


def _group(every: int = 1, first: int = 0) -> tuple[int, int]:
    """Stays and those with a group, of every n-th batch: a worker has the batches from its parent."""
    bulk = BulkGrouper(Grouper(_PACK[0]))
    grouped = rows = 0
    for batch in _BATCHES[first::every]:
        found = bulk.group(batch)
        if _PACK[0].auxiliary:
            split = bulk.subtypes(batch, found["dip_group_code"])
            assert len(split) == len(found)
        rows += len(found)
        grouped += len(found) - found["dip_group_code"].null_count
        assert found["grouping_trace"].null_count == 0
    return rows, grouped


def timed(workers: int) -> tuple[float, float, int]:
    """Seconds, seconds of processors, and stays with a group; several workers share the batches."""
    begin, used = time.perf_counter(), _used()
    if workers == 1:
        found = [_group()]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
            found = list(pool.map(_group, [workers] * workers, range(workers)))
    return time.perf_counter() - begin, _used() - used, sum(grouped for _, grouped in found)


def _used() -> float:
    """Processor seconds of this process and of the workers that have ended."""
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime


def said_load() -> str:
    return f"负载 {os.getloadavg()[0]:.1f}，{os.cpu_count()} 核"


def run(pack: Pack, count: int, distinct: float, hard: bool) -> tuple[float, float]:
    """Stays a second as the clock has it, the better of one and two processes; and what two processes need of two free cores."""
    _BATCHES[:] = make_stays(pack, count, distinct, hard, seed=7)
    if pack.auxiliary:
        _BATCHES[:] = [with_facts(batch) for batch in _BATCHES]
    share = distinct_share(_BATCHES) if count <= 1_000_000 else distinct
    best = free = 0.0
    for workers in (1, 2):
        seconds, used, grouped = timed(workers)
        best, free = max(best, count / seconds), 2 * count / used
        print(
            f"  {count / 1e6:.1f} 百万例，组合不重复 {share:.0%}{'，难' if hard else ''}，{workers} 个进程："
            f"{seconds:.2f} 秒，{count / seconds:,.0f} 例/秒，每处理器秒 {count / used:,.0f} 例，入组 {grouped / count:.0%}（{said_load()}）"
        )
    return best, free


PEERS = """
import random, time
random.seed(1)
def rate(name, make, call, n):
    records = [make() for _ in range(n)]
    call(records[0])
    begin = time.perf_counter()
    for record in records: call(record)
    print(f"  {name}: {n / (time.perf_counter() - begin):,.0f} 例/秒（一个进程，美国 MS-DRG，逐例）")
DX, PR = ["I5021","J189","K3580","I214","E1110","N179","A419","I10","J9601","K8000"], ["0DTJ4ZZ","02100Z9","0FT44ZZ","5A1955Z",""]
try:
    from drgpy.msdrg import DRGEngine
    engine = DRGEngine()
    rate("drgpy", lambda: (random.sample(DX, 4), [p for p in random.sample(PR, 2) if p]), lambda r: engine.get_drg(*r), 5000)
except Exception as error: print(f"  drgpy 没有测：{type(error).__name__}: {error}")
try:
    import msdrg
    grouper = msdrg.MsdrgGrouper()
    def make():
        dx = random.sample(DX, 4)
        return {"version": 400, "age": 65, "sex": 0, "discharge_status": 1, "pdx": {"code": dx[0]},
            "sdx": [{"code": c} for c in dx[1:]], "procedures": [{"code": p} for p in random.sample(PR, 2) if p]}
    rate("msdrg", make, grouper.group, 20000)
    grouper.close()
except Exception as error: print(f"  msdrg 没有测：{type(error).__name__}: {error}")
"""


def peers(python: str | None) -> None:
    if python is None:
        print("  drgpy、msdrg 没有测：用 --peers 写明装有它们的 Python（pip install drgpy msdrg，单独的环境）")
        return
    subprocess.run([python, "-c", PEERS], check=False, env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stays", type=float, default=1.0, help="millions")
    parser.add_argument("--scale", action="store_true", help="one, two, five and ten million")
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--build", action="store_true")
    parser.add_argument("--auxiliary", action="store_true")
    parser.add_argument("--costs", action="store_true")
    parser.add_argument("--peers", metavar="PYTHON")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _PACK.append(make_pack(Path(folder)))
    if asked.build:
        for distinct in (0.6, 1.0):
            build_catalogue(int(asked.stays * 1e6), distinct)
        print(f"同类：\n  {LQ_KARL}")
        return
    if asked.auxiliary or asked.costs:
        _PACK[0] = with_auxiliary(_PACK[0], asked.costs)
    pack = _PACK[0]
    print(f"分组方案 {len(pack.rows):,} 个病种；{said_load()}")
    sizes = (1.0, 2.0, 5.0, 10.0) if asked.scale else (asked.stays,)
    found = [run(pack, int(m * 1e6), share, asked.hard) for m in sizes for share in (0.6, 1.0)]
    slowest, free = (min(rates) for rates in zip(*found, strict=True))
    print(f"内存峰值 {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    print(
        f"要求每秒 {BAR:,} 例：最慢的一次，按钟 {slowest:,.0f} 例/秒（机器有别的负载时偏低）；按处理器时间折算，两核空闲时 {free:,.0f} 例/秒"
    )
    print("同类：")
    peers(asked.peers)
    print(f"  {OPENDRG}")
    sys.exit(max(slowest, free) < BAR)


if __name__ == "__main__":
    main()
