"""How far an import is: one share over all files, which only grows and ends at the whole."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from yibao.store.importing import progress
from yibao.store.importing.importer import Request, import_files
from yibao.store.importing.progress import counted, part, parts
from yibao.store.workspace import Workspace


def _files(folder: Path) -> list[Path]:
    areas, receipts = folder / "区划.csv", folder / "税.csv"
    areas.write_text("区划代码,区划名称,区划层级\n990101,甲乡,town\n", encoding="utf-8")
    lines = [f"T{i},employee,310,2025,2025-03-05,1.00" for i in range(60_000)]
    receipts.write_text("\n".join(["完税凭证号,基金,险种,待遇年度,入库日期,征缴金额", *lines]), encoding="utf-8")
    return [receipts, areas]


def test_the_share_grows_over_all_files(tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "TICK", 0.001)
    told: list[tuple[str, float]] = []
    import_files(workspace, Request(tuple(_files(tmp_path))), lambda doing, share: told.append((doing, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, pytest.approx(1.0))
    steps = list(dict.fromkeys(doing for doing, _ in told))
    assert steps == [
        "读取 税.csv",
        "读取 区划.csv",
        "检查 “区划.csv”",
        "写入 行政区划",
        "检查 “税.csv”",
        "写入 税务征缴",
    ]


def test_a_dry_run_ends_with_the_checks(tmp_path: Path, workspace: Workspace) -> None:
    told: list[tuple[str, float]] = []
    import_files(workspace, Request((_files(tmp_path)[1],), dry=True), lambda *said: told.append(said))
    assert told[-1] == ("检查 “区划.csv”", 1.0)


def test_rows_on_their_way_are_the_second_half() -> None:
    schema = pa.schema([("n", pa.int64())])
    batches = [pa.RecordBatch.from_pydict({"n": [1] * count}, schema=schema) for count in (10, 30)]
    told: list[tuple[str, float]] = []
    share = part(lambda *said: told.append(said), "写入", (0.0, 2.0))
    reader = counted(pa.RecordBatchReader.from_batches(schema, batches), 40, share)
    assert reader.read_all().num_rows == 40
    share(0.7)
    assert told == [("写入", 0.0), ("写入", 1.25), ("写入", 2.0)], "what would fall back is not told"


def test_a_file_has_its_part_by_its_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 29)
    (tmp_path / "b").write_bytes(b"x" * 9)
    spans = parts([tmp_path / "a", tmp_path / "b", tmp_path / "none"], 0.0, 4.1)
    assert [begin for begin, _ in spans] == pytest.approx([0.0, 3.0, 4.0])
    assert [end for _, end in spans] == pytest.approx([3.0, 4.0, 4.1])
