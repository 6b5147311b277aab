"""`write` sorts, checks, cuts and publishes; whatever breaks the declaration leaves the old version standing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.store.small import BY_HAND, LINES, VOCABULARY, line, lines, visits
from yibao.errors import UserError
from yibao.store import parquet
from yibao.store.manifest import Produced
from yibao.store.parquet import exact_sum
from yibao.store.schema import arrow_schema
from yibao.store.workspace import Workspace


def test_rows_are_sorted_by_key_and_cut_by_month(workspace: Workspace) -> None:
    manifest = workspace.write("lines", lines().take([7, 2, 5, 0, 6, 1, 4, 3]), BY_HAND)
    assert manifest.partitions == ("2025-01", "2025-02", "2026-01")
    keys = [pq.read_table(path)["visit_no"].to_pylist() for path in workspace.files("lines")]
    assert keys == [["V1", "V1", "V1", "V2"], ["V3", "V3", "V4"], ["V9"]]


def test_the_manifest_keeps_rows_and_sums_of_money(workspace: Workspace) -> None:
    manifest = workspace.write("lines", lines(), BY_HAND)
    assert (manifest.rows, manifest.sums) == (8, {"amount": 2**53 + 1 + 777 + 333 + 1 + 250})
    assert [file.sums["amount"] for file in manifest.files] == [2**53 + 1, 1111, 250]


def test_a_sum_beyond_int64_is_exact() -> None:
    assert exact_sum(pa.array([2**62, 2**62, 2**62, None, -5])) == 3 * 2**62 - 5


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_same_bytes_at_every_number_of_threads(tmp_path: Path, threads: int) -> None:
    assert _bytes_of(_wide(tmp_path, threads, 1_000)) == _bytes_of(_wide(tmp_path / "other", 1, 40_000))


def _wide(folder: Path, threads: int, batch: int) -> Workspace:
    """40,000 lines in no order, in batches of some size."""
    made = Workspace.create(folder / "county", "cn", vocabulary=VOCABULARY)
    made.settings = made.settings.model_copy(update={"threads": threads})
    order = np.random.default_rng(5).permutation(40_000)
    days = np.datetime64("2025-01-01") + (order % 150).astype("timedelta64[D]")
    columns = [pa.array([f"V{n % 977}" for n in order]), pa.array(order), pa.array(days)]
    columns += [pa.array([f"A{n % 7}" if n % 5 else None for n in order]), pa.array([""] * 40_000), pa.array(order * 3)]
    table = pa.Table.from_arrays([*columns, pa.array(order)], schema=arrow_schema(LINES))
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=batch))
    with made:
        made.write("lines", reader, BY_HAND)
    return made


def _bytes_of(workspace: Workspace) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in workspace.files("lines")}


def test_row_groups_do_not_follow_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 700)
    made = _wide(tmp_path, 1, 333)
    meta = pq.read_metadata(workspace_file := made.files("lines")[0])
    assert {meta.row_group(i).num_rows for i in range(meta.num_row_groups - 1)} == {700}, workspace_file


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.set_column(5, "amount", t["amount"].cast(pa.float64(), safe=False)), "列 amount（标签 amount）的类型是 double，应为 int64"),
        (lambda t: t.set_column(5, "amount", t["amount"].cast(pa.decimal128(38, 0))), "decimal128(38, 0)"),
        (lambda t: t.drop_columns(["note"]), "缺少列 note"),
        (lambda t: t.append_column("more", t["note"]), "没有声明的列 more"),
        (lambda t: t.append_column("note", t["note"]), "列 note 出现了两次"),
        (lambda t: pa.concat_tables([t, t.slice(1, 1)]), "主键 visit_no=V1，line_no=2 不止一行"),
        (lambda t: t.set_column(5, "amount", pa.array([None, *range(7)])), "列 amount（标签 amount） 不能为空，visit_no=V1，line_no=1"),
        (lambda t: t.set_column(3, "item", pa.array(["", *"ABCDEFG"])), "item（标签 item） 在 visit_no=V1，line_no=1 的一行是空文字"),
    ],
    ids=["float", "hugeint", "missing", "strange", "twice", "key", "null", "blank"],
)  # fmt: skip
def test_what_breaks_the_declaration_is_refused(
    county: Workspace, change: Callable[[pa.Table], pa.Table], said: str
) -> None:
    before = county.manifest("lines")
    rows = change(pa.table(lines().to_pydict(), schema=pa.schema([f.with_nullable(True) for f in lines().schema])))
    with pytest.raises(UserError) as error:
        county.write("lines", rows, BY_HAND)
    assert said in error.value.sentence
    assert county.manifest("lines") == before
    assert list(county.shelf("lines").files.glob(".half*")) == []


def test_times_with_a_zone_are_refused(workspace: Workspace) -> None:
    zoned = [datetime(2025, 1, 1, tzinfo=UTC)] * 5
    with pytest.raises(UserError, match="began"):
        workspace.write("visits", visits().set_column(3, "began", pa.array(zoned)), BY_HAND)


def test_narrower_types_and_any_order_of_columns_are_taken(workspace: Workspace) -> None:
    rows = lines().set_column(1, "line_no", lines()["line_no"].cast(pa.int32()))
    rows = rows.set_column(3, "item", rows["item"].dictionary_encode()).select(sorted(rows.column_names))
    assert workspace.write("lines", rows, BY_HAND).content == workspace.write("lines", lines(), BY_HAND).content


def test_duplicate_keys_across_batches_are_seen(workspace: Workspace) -> None:
    rows = pa.RecordBatchReader.from_batches(lines().schema, [b for t in (lines(), lines()) for b in t.to_batches()])
    with pytest.raises(UserError, match="不止一行"):
        workspace.write("lines", rows, BY_HAND)


def test_one_partition_is_replaced_and_the_others_keep_their_files(county: Workspace) -> None:
    before = county.manifest("lines")
    after = county.write("lines", lines([line("V3", 1, "2025-02-03", 9)]), BY_HAND, replaces=["2025-02"])
    assert before is not None
    assert (after.rows, after.files[0], after.files[2]) == (6, before.files[0], before.files[2])


def test_a_partition_can_become_empty(county: Workspace) -> None:
    after = county.write("lines", lines([]), BY_HAND, replaces=["2025-02", "2026-01"])
    assert (after.partitions, after.rows) == (("2025-01",), 4)


def test_rows_outside_the_replaced_partitions_are_refused(county: Workspace) -> None:
    with pytest.raises(UserError, match="2025-03"):
        county.write("lines", lines([line("V8", 1, "2025-03-01")]), BY_HAND, replaces=["2025-02"])


def test_a_key_that_stands_in_a_kept_partition_is_refused(county: Workspace) -> None:
    with pytest.raises(UserError, match="主键 visit_no=V1，line_no=2 在没有替换的分区里已有一行"):
        county.write("lines", lines([line("V1", 2, "2025-02-01")]), BY_HAND, replaces=["2025-02"])


def test_the_same_rows_from_the_same_source_are_no_new_version(county: Workspace) -> None:
    again = county.write("lines", lines(), BY_HAND)
    assert (again.version, len(list(county.history("lines")))) == (1, 1)


def test_the_same_rows_from_elsewhere_are_a_version_unless_unwanted(county: Workspace) -> None:
    other = Produced(command="other")
    assert county.write("lines", lines(), other, publish_equal=False).version == 1
    after = county.write("lines", lines(), other)
    before = list(county.history("lines"))[1]
    assert (after.version, after.files, after.content) == (2, before.files, before.content)


def test_an_error_in_the_stream_comes_out_as_it_was(county: Workspace) -> None:
    def rows() -> object:
        yield lines().to_batches()[0]
        raise UserError("第 9 行读不懂。")

    with pytest.raises(UserError, match="第 9 行读不懂"):
        county.write("lines", pa.RecordBatchReader.from_batches(lines().schema, rows()), BY_HAND)
    assert county.manifest("lines").version == 1  # type: ignore[union-attr]


def test_an_empty_table_can_be_published(workspace: Workspace) -> None:
    manifest = workspace.write("lines", lines([]), BY_HAND)
    assert (manifest.rows, manifest.files, manifest.sums) == (0, (), {"amount": 0})
    assert workspace.query("SELECT amount FROM lines").read_all().num_rows == 0


def test_an_order_that_was_promised_is_checked(workspace: Workspace) -> None:
    rows = visits().sort_by("visit_no")
    made = workspace.write("visits", rows, BY_HAND, in_order=True)
    assert made.content == workspace.write("visits", rows, BY_HAND).content
    with pytest.raises(ValueError, match="not in order"):
        workspace.write("visits", rows.sort_by([("visit_no", "descending")]), BY_HAND, in_order=True)
    assert workspace.manifest("visits") == made
