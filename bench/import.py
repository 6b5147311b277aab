"""How fast files become checked rows: `python bench/import.py [--lines N] [--runs R]`; in how little memory: `--lines 50000000 --memory`.

One file of fee lines (32 columns, national headings) in UTF-8 and in GBK. Beside it, in the same run, DuckDB's bare `read_csv` with every
cell as text, on the UTF-8 file: once with all cells made and hashed (`read`), once into a Parquet file (`parquet`). Ours:

    checked    read, typed, every check, keys unique, sums: what `--dry-run` does
    published  the same and into the table: sorted, cut by month, Parquet, content hash, manifest

`--memory`: one UTF-8 file (made by another process, so that it does not count) imported once and published, then every column of the table
scanned; the peak of this process is held against its bar.

Every line is judged by the same rules as in a bureau; the tables that lines refer to are empty here, so references are told as not
checked. The best of R runs counts, peers and ours in turn.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from yibao.store.importing.importer import Request, import_files
from yibao.store.workspace import Workspace

MOST_MEMORY = 4.0  #: GiB, for 50 million lines
BARS = {"UTF-8": (400_000, 3.0), "GBK": (250_000, 5.0)}
COLUMNS = """'FL'||lpad((i*7919%1000000000)::varchar,20,'0') feedetl_sn, '' init_feedetl_sn, 'V'||lpad((i//8)::varchar,15,'0') mdtrt_id,
 'P'||lpad((i//8%430000)::varchar,18,'0') psn_no, 'H990001'||lpad((i%30)::varchar,5,'0') fixmedins_code, 'S'||lpad((i//8)::varchar,15,'0') setl_id,
 strftime(timestamp '2025-01-01'+ interval (i*7%31536000) second,'%Y-%m-%d %H:%M:%S') fee_ocur_time,
 '00110'||lpad((i%9000)::varchar,6,'0')||'0000' med_list_codg, 'L'||(i%9000)::varchar medins_list_codg, '静脉采血（项目'||(i%9000)||'）' "医药机构目录名称",
 '医疗服务项目' "目录类别", lpad((i%14+1)::varchar,2,'0') "医疗收费项目类别", (i%3+1)::varchar chrgitm_lv, '1.0000' cnt, ((i%5000)/100.0)::decimal(12,2)::varchar pric,
 ((i%5000)/100.0)::decimal(12,2)::varchar det_item_fee_sumamt, '' pric_uplmt_amt, '0.10' selfpay_prop, '0.00' fulamt_ownpay_amt,'0.00' overlmt_amt,
 '0.00' preselfpay_amt,((i%5000)/100.0)::decimal(12,2)::varchar inscp_scp_amt, '0' lmt_used_flag,'' hosp_appr_flag,'' list_sp_item_flag,'' matn_fee_flag,
 'RX'||(i//8) rx_id, 'D990000'||lpad((i%3000)::varchar,6,'0') bilg_dr_codg, '' "执行人员编码", '内科' "开单科室", '' "部位", '' "侧别\""""


def write_utf8(path: Path, lines: int) -> None:
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"COPY (SELECT {COLUMNS} FROM range({lines}) t(i)) TO '{path}' (HEADER, DELIMITER ',')")


def write_files(folder: Path, lines: int) -> dict[str, Path]:
    """The same lines in both encodings."""
    utf8, gbk = folder / "费用明细.csv", folder / "费用明细.gbk.csv"
    write_utf8(utf8, lines)
    with utf8.open(encoding="utf-8", newline="") as source, gbk.open("w", encoding="gb18030", newline="") as target:
        while block := source.read(1 << 22):
            target.write(block)
    return {"UTF-8": utf8, "GBK": gbk}


def peer(path: Path, folder: Path, into: str) -> None:
    read = f"read_csv('{path}', all_varchar = true, header = true)"
    with duckdb.connect() as con:
        if into == "read":
            con.execute(f"SELECT bit_xor(hash(COLUMNS(*))) FROM {read}").fetchall()
        else:
            con.execute(f"COPY (SELECT * FROM {read}) TO '{folder / 'peer.parquet'}' (COMPRESSION zstd)")


def ours(path: Path, folder: Path, lines: int, *, dry: bool) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place, Workspace.create(Path(place) / "w", "cn-43") as workspace:
        result = import_files(workspace, Request((path,), dry=dry))
        (done,) = result.imported
        assert (done.read, done.new, done.rejected) == (lines, lines, 0), (done.reasons, result.refused)


def timed(work: Callable[[], None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def in_little_memory(folder: Path, lines: int) -> None:
    """One import of a large file, and a scan of the table that it makes."""
    path = folder / "费用明细.csv"
    making = multiprocessing.get_context("spawn").Process(target=write_utf8, args=(path, lines))
    making.start()
    making.join()
    print(f"{lines:,} lines, {path.stat().st_size / 1e9:.1f} GB", flush=True)
    with Workspace.create(folder / "w", "cn-43") as workspace:
        wall, cpu = timed(lambda: imported(workspace, path, lines))
        print(
            f"published: {wall:.0f} s, {lines / wall:,.0f} lines/s, CPU {cpu:.0f} s, peak {peak():.2f} GiB", flush=True
        )
        wall, _ = timed(lambda: scanned(workspace, lines))
        print(f"every column scanned: {wall:.0f} s, peak {peak():.2f} GiB")
    print(f"bar of {MOST_MEMORY:g} GiB {'held' if peak() < MOST_MEMORY else 'NOT held'}")


def imported(workspace: Workspace, path: Path, lines: int) -> None:
    result = import_files(workspace, Request((path,)))
    assert not result.refused, result.refused
    (done,) = result.imported
    assert (done.read, done.new, done.rejected) == (lines, lines, 0), done.reasons


def scanned(workspace: Workspace, lines: int) -> None:
    assert sum(batch.num_rows for batch in workspace.query("SELECT * FROM fee_lines")) == lines


def peak() -> float:
    """The most memory that this process had, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="one large file, once: how much memory it takes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if asked.memory:
            in_little_memory(folder, asked.lines)
            return
        files = write_files(folder, asked.lines)
        works: dict[str, Callable[[], None]] = {
            "peer read": lambda: peer(files["UTF-8"], folder, "read"),
            "peer parquet": lambda: peer(files["UTF-8"], folder, "parquet"),
        }
        for name, path in files.items():
            works[f"{name} checked"] = lambda p=path: ours(p, folder, asked.lines, dry=True)  # type: ignore[misc]
            works[f"{name} published"] = lambda p=path: ours(p, folder, asked.lines, dry=False)  # type: ignore[misc]
        best: dict[str, tuple[float, float]] = {}
        for _ in range(asked.runs):
            for name, work in works.items():
                best[name] = min(best.get(name, (1e9, 1e9)), timed(work))
    report(best, asked.lines)


def report(best: dict[str, tuple[float, float]], lines: int) -> None:
    print(f"{lines:,} lines; peak memory {peak():.2f} GiB")
    print(f"{'':16}{'lines/s':>10}{'wall s':>8}{'CPU s':>8}{'x read':>8}{'x parquet':>11}")
    for name, (wall, cpu) in best.items():
        of_read, of_parquet = wall / best["peer read"][0], wall / best["peer parquet"][0]
        print(f"{name:16}{lines / wall:10,.0f}{wall:8.2f}{cpu:8.2f}{of_read:8.2f}{of_parquet:11.2f}")
    for name, (rate, ratio) in BARS.items():
        wall = best[f"{name} checked"][0]
        held = lines / wall >= rate and wall / best["peer read"][0] <= ratio
        print(f"{name}: bar of {rate:,} checked lines/s and {ratio:g} x the bare read {'held' if held else 'NOT held'}")


if __name__ == "__main__":
    main()
