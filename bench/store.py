"""The workspace under load: fee lines made up and streamed into `write`, then scanned and added up.

    python bench/store.py --lines 5 [--folder DIR] [--shuffled] [--spark]

Millions of lines over one year, with all 31 columns of the declared table. Prints seconds, lines a second, the size of the
files and the peak memory of the process (bar: 50 million lines in less than 4 GiB).
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao.store.manifest import Produced
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace

BATCH = 250_000
TOTAL = """
SELECT provider_code, YEAR(service_time) * 100 + MONTH(service_time) AS month, charge_category,
       COUNT(*) AS lines, CAST(SUM(line_amount) AS BIGINT) AS amount, CAST(SUM(line_in_scope) AS BIGINT) AS in_scope
FROM fee_lines GROUP BY provider_code, YEAR(service_time) * 100 + MONTH(service_time), charge_category
"""
PAIRS = """
SELECT a.visit_id, COUNT(*) AS pairs FROM fee_lines a JOIN fee_lines b
ON a.visit_id = b.visit_id AND CAST(a.service_time AS DATE) = CAST(b.service_time AS DATE)
WHERE a.national_item_code = '330000013' AND b.national_item_code = '330000026' GROUP BY a.visit_id
"""


def made_up(lines: int, shuffled: bool, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Batches of synthetic fee lines: about ten a visit, keys in order or not at all."""
    random = np.random.default_rng(11)
    step = 2_654_435_761 if shuffled else 1  # a prime: every number once, in no order
    for first in range(0, lines, BATCH):
        at = np.arange(first, min(first + BATCH, lines))
        number = at * step % _above(lines) if shuffled else at
        yield _batch(number[number < lines] if shuffled else number, random, schema)
    if shuffled:  # numbers that the walk pushed beyond the end
        rest = np.arange(lines, _above(lines)) * step % _above(lines)
        yield _batch(rest[rest < lines], random, schema)


def _above(lines: int) -> int:
    return lines + 1 if lines % 2_654_435_761 == 0 else lines


def _batch(number: np.ndarray, random: np.random.Generator, schema: pa.Schema) -> pa.RecordBatch:
    count = len(number)
    visit = number // 10
    amount = random.integers(1, 200_000, count)
    own = amount // 10
    minutes = (visit * 7 % (365 * 1440)).astype("timedelta64[m]")
    columns = {
        "fee_line_no": _code("FL", number, 12),
        "visit_id": _code("V", visit, 10),
        "person_no": _code("P", visit * 31 % 430_000, 12),
        "provider_code": _code("H4399", visit % 400, 6),
        "settlement_id": _code("S", visit, 11),
        "service_time": pa.array(np.datetime64("2025-01-01T00:00", "us") + minutes),
        "national_item_code": _code("33", number * 13 % 3000, 7),
        "provider_item_code": _code("H", number * 13 % 5000, 5),
        "provider_item_name": pc.binary_join_element_wise("项目", _code("", number * 13 % 5000, 4), ""),
        "catalogue_type": _code("", number % 3 + 101, 3),
        "charge_category": _code("", number % 14 + 1, 2),
        "reimbursement_class": _code("", number % 3 + 1, 2),
        "quantity": random.integers(1, 9, count) * 10_000,
        "unit_price": amount * 10_000,
        "line_amount": amount,
        "pre_selfpay_ratio": number % 2 * 1000,
        "line_full_selfpay": np.zeros(count, np.int64),
        "line_over_cap": np.zeros(count, np.int64),
        "line_pre_selfpay": own,
        "line_in_scope": amount - own,
        "is_restricted_use": number % 97 == 0,
        "prescriber_code": _code("D", visit % 9000, 8),
    }
    empty = {f.name: pa.nulls(count, f.type) for f in schema if f.name not in columns}
    return pa.RecordBatch.from_arrays([pa.array({**columns, **empty}[f.name], f.type) for f in schema], schema=schema)


def _code(head: str, number: np.ndarray, width: int) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(head, digits, "") if head else digits


def _timed(what: str, lines: int, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    said = work()
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    print(f"{what:28} {took:7.1f} s  {lines / took / 1e6:6.2f} M lines/s  peak {peak:5.2f} GiB  {said}", flush=True)


def _written(workspace: Workspace, lines: int, shuffled: bool) -> str:
    schema = arrow_schema(workspace.table("fee_lines"))
    rows = pa.RecordBatchReader.from_batches(schema, made_up(lines, shuffled, schema))
    manifest = workspace.write("fee_lines", rows, Produced(command="bench/store.py"))
    size = sum(file.bytes for file in manifest.files) / 1e9
    return f"{manifest.rows:,} rows, {size:.2f} GB in {len(manifest.files)} files"


def _rows(workspace: Workspace, sql: str) -> str:
    return f"{sum(batch.num_rows for batch in workspace.query(sql)):,} rows"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=float, default=5, help="millions")
    options.add_argument("--folder", type=Path)
    options.add_argument("--shuffled", action="store_true", help="keys in no order, so that the sort has work")
    options.add_argument("--spark", action="store_true", help="ask Spark too")
    said = options.parse_args()
    folder, lines = Path(tempfile.mkdtemp(dir=said.folder)), int(said.lines * 1_000_000)
    schema = None
    try:
        with Workspace.create(folder / "county", "cn") as workspace:
            schema = arrow_schema(workspace.table("fee_lines"))
            _timed("generate alone", lines, lambda: sum(b.num_rows for b in made_up(lines, said.shuffled, schema)))
            _timed("write (sort, check, cut)", lines, lambda: _written(workspace, lines, said.shuffled))
            _timed("scan every column", lines, lambda: _rows(workspace, "SELECT * FROM fee_lines"))
            _timed("add up by provider, month", lines, lambda: _rows(workspace, TOTAL))
            _timed("pairs on one day", lines, lambda: _rows(workspace, PAIRS))
            if said.spark:
                spark = Workspace.open(workspace.path, engine="spark")
                _timed("add up, Spark with start", lines, lambda: _rows(spark, TOTAL))
                _timed("add up, Spark", lines, lambda: _rows(spark, TOTAL))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
