"""Opening a workspace, asking it, and applying a function to whole groups."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.store.small import BY_HAND, LINES, VISITS, VOCABULARY, line, lines, visits
from yibao.errors import UserError
from yibao.store import groups
from yibao.store.schema import arrow_schema
from yibao.store.settings import SETTINGS, find_workspace
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Column, Element, Table, Vocabulary


def test_an_empty_workspace_answers(workspace: Workspace) -> None:
    assert workspace.query("SELECT * FROM lines").read_all().schema.names == list(LINES.by_name)
    assert workspace.manifest("lines") is None
    assert workspace.files("lines") == ()


def test_results_have_the_declared_types(county: Workspace) -> None:
    rows = county.query(
        "SELECT COUNT(*) AS n, 1 AS one, MIN(began) AS t, MIN(CAST(began AS DATE)) AS d FROM visits"
    ).read_all()
    assert [str(kind) for kind in rows.schema.types] == ["int64", "int64", "timestamp[us]", "date32[day]"]


def test_a_query_streams(county: Workspace) -> None:
    """36 million rows would be 2 GB: the first batch is there at once, and the rest need not be read."""
    big = pa.table({"n": range(6000)})
    reader = county.query("SELECT a.n, b.n AS m FROM big a CROSS JOIN big b", given={"big": big})
    assert reader.read_next_batch().num_rows <= 100_000
    assert county.query("SELECT COUNT(*) AS n FROM lines").read_all()["n"].to_pylist() == [8]


def test_a_table_is_written_from_a_query_of_itself(county: Workspace) -> None:
    rows = county.query(
        "SELECT visit_no, line_no, day, item, note, amount * 2 AS amount, quantity FROM lines WHERE amount < 1000"
    )
    assert county.write("lines", rows, BY_HAND).sums == {"amount": 2 * (777 + 333 + 1 + 250 - 1005)}


def test_what_made_the_rows_is_kept_with_hashes(county: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "费用.csv"
    file.write_bytes(b"abc")
    made = county.produced("yibao import", reads=["visits", "lines"], inputs=[file], year=2025)
    assert [(i.kind, i.name) for i in made.inputs] == [("table", "lines"), ("table", "visits"), ("file", "费用.csv")]
    assert made.inputs[0].content == county.manifest("lines").content  # type: ignore[union-attr]
    assert made.inputs[2].content.startswith("ba7816bf")
    county.write("lines", lines([]), made)
    assert county.manifest("lines").produced_by == made  # type: ignore[union-attr]


def test_a_column_declared_later_is_empty_in_older_files(county: Workspace) -> None:
    more = Column(name="site", element=Element(label="部位", type="text"), nullable=True)
    parts = {name: getattr(LINES, name) for name in Table.model_fields}
    grown = Table(**{**parts, "columns": (*LINES.columns, more)})
    later = Workspace.open(
        county.path, vocabulary=Vocabulary(elements={}, codes={}, tables={"visits": VISITS, "lines": grown})
    )
    assert later.query("SELECT COUNT(*) AS n, COUNT(site) AS m FROM lines").read_all().to_pylist() == [{"n": 8, "m": 0}]
    with pytest.raises(UserError, match="整表重新写入"):
        later.write("lines", arrow_schema(grown).empty_table(), BY_HAND, replaces=["2025-01"])
    later.close()


@pytest.mark.parametrize("target", [1, 3, 50])
def test_apply_hands_over_whole_groups_in_order(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, target: int
) -> None:
    monkeypatch.setattr(groups, "TARGET", target)
    rows = [line(f"V{visit}", number, amount=-number) for visit in range(9) for number in range(visit)]
    workspace.write("lines", lines(rows), BY_HAND)
    seen: list[list[tuple[str, int]]] = []
    schema = pa.schema([("visit_no", pa.string()), ("n", pa.int64())])

    def count(given: pa.Table) -> pa.Table:
        seen.append(list(zip(given["visit_no"].to_pylist(), given["amount"].to_pylist(), strict=True)))
        counted = Counter(given["visit_no"].to_pylist())
        return pa.table({"visit_no": list(counted), "n": list(counted.values())}, schema=schema)

    found = workspace.apply("SELECT visit_no, amount FROM lines", "visit_no", "amount", count, schema).read_all()
    assert found["n"].to_pylist() == list(range(1, 9))
    assert [pair for part in seen for pair in part] == sorted(pair for part in seen for pair in part)
    assert len(seen) == (1 if target == 50 else 2)  # the last group waits for what may follow


def test_apply_cuts_batches_of_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "TARGET", 2)
    keys = [None, None, "a", "b", "b", "b", "c"]
    batches = [pa.RecordBatch.from_pydict({"k": pa.array([key], pa.string())}) for key in keys]
    parts = [table["k"].to_pylist() for table in groups.whole_groups(batches, ["k"])]
    assert parts == [[None, None], ["a"], ["b", "b", "b"], ["c"]]


@pytest.mark.parametrize("target", [1, 3, 50])
def test_stored_rows_are_handed_over_as_apply_would(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, target: int
) -> None:
    monkeypatch.setattr(groups, "TARGET", target)
    rows = [line(f"V{visit}", number, amount=-number) for visit in range(9) for number in range(visit)]
    workspace.write("lines", lines(reversed(rows)), BY_HAND)
    schema = arrow_schema(LINES)
    (label,) = {file.partition for file in workspace.manifest("lines").files}  # type: ignore[union-attr]
    seen: list[list[str]] = []

    def same(given: pa.Table) -> pa.Table:
        assert pa.types.is_dictionary(given["item"].type)
        seen.append(given["visit_no"].unique().to_pylist())
        return given.cast(schema)

    found = workspace.apply_stored("lines", label, "visit_no", same, schema, ["item"]).read_all()
    other = workspace.apply("SELECT * FROM lines", "visit_no", "line_no", lambda t: t.cast(schema), schema).read_all()
    assert found.equals(other)
    assert sum(map(len, seen)) == len({visit for part in seen for visit in part}) == 8  # no group is parted


def test_stored_rows_of_another_order_are_refused(county: Workspace) -> None:
    with pytest.raises(ValueError, match="not stored in order of amount"):
        county.apply_stored("lines", "2025-01", "amount", lambda t: t, arrow_schema(LINES))


def test_a_partition_that_is_not_there_has_no_rows(county: Workspace) -> None:
    assert (
        county.apply_stored("lines", "1999-01", "visit_no", lambda t: t, arrow_schema(LINES)).read_all().num_rows == 0
    )


def test_a_function_that_breaks_its_word_is_told(county: Workspace) -> None:
    with pytest.raises(TypeError, match="declared was"):
        county.apply(
            "SELECT visit_no FROM lines", "visit_no", (), lambda t: t, pa.schema([("x", pa.int64())])
        ).read_all()


@pytest.mark.parametrize("values", [{"day": 1.5}, {"day": dt.datetime(2025, 1, 1, tzinfo=dt.UTC)}])
def test_parameters_that_are_refused(county: Workspace, values: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="参数 day"):
        county.query("SELECT amount FROM lines WHERE day = $day", **values)


def test_the_workspace_of_the_folder_or_of_one_above(workspace: Workspace) -> None:
    assert find_workspace(None, workspace.path / "outputs") == workspace.path.resolve()
    assert find_workspace(workspace.path) == workspace.path


def test_no_workspace_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="当前文件夹不在工作区里"):
        find_workspace(None, tmp_path)
    with pytest.raises(UserError, match="不是工作区"):
        find_workspace(tmp_path)


@pytest.mark.parametrize(
    ("settings", "said"),
    [("region: cn\ncreated_by: x\nengine: oracle", "设置 engine"), ("region: [", "读不出来"), ("[]", "设置 内容"), ("region: cn\ncreated_by: x\nmemory: viel", "设置 memory")],
)  # fmt: skip
def test_broken_settings_are_told(workspace: Workspace, settings: str, said: str) -> None:
    (workspace.path / SETTINGS).write_text(settings, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        Workspace.open(workspace.path)


def test_a_folder_with_files_becomes_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "重要.docx").write_bytes(b"x")
    with pytest.raises(UserError, match="里已有文件"):
        Workspace.create(tmp_path, "cn")


def test_spark_without_pyspark_is_one_sentence(county: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    opened = Workspace.open(county.path, engine="spark", vocabulary=VOCABULARY)
    with pytest.raises(UserError, match="没有安装 pyspark"):
        opened.query("SELECT amount FROM lines")


def test_spark_without_java_is_one_sentence(county: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    opened = Workspace.open(county.path, engine="spark", vocabulary=VOCABULARY)
    with pytest.raises(UserError, match="没有 Java"):
        opened.query("SELECT amount FROM lines")


def test_work_may_be_emptied(county: Workspace) -> None:
    shutil.rmtree(county.path / ".work")
    with Workspace.open(county.path, vocabulary=VOCABULARY) as opened:
        assert opened.write("lines", lines([]), BY_HAND).rows == 0


def test_no_room_for_temporary_files_is_told(county: Workspace) -> None:
    (county.path / "file").write_bytes(b"")
    opened = Workspace.open(county.path, vocabulary=VOCABULARY)
    opened.settings = opened.settings.model_copy(update={"temporary": county.path / "file" / "below"})
    with pytest.raises(UserError, match="写临时文件"):
        opened.query("SELECT amount FROM lines")


def test_the_spill_of_a_dead_process_is_removed(county: Workspace) -> None:
    left = county.path / ".work" / "duckdb-dead"
    left.mkdir()
    (left / "spill.tmp").write_bytes(b"x")
    with Workspace.open(county.path, vocabulary=VOCABULARY) as opened:
        opened.query("SELECT amount FROM lines").read_all()
        assert not left.exists()
        assert len(list((county.path / ".work").glob("duckdb-*"))) == 2
    assert len(list((county.path / ".work").glob("duckdb-*"))) == 1


def test_the_command_line_starts_without_engines() -> None:
    code = "import sys, yibao.cli; yibao.cli.run(['dictionary', 'visits']); print({'duckdb', 'pyarrow', 'sqlglot', 'pyspark'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


def test_rows_of_visits_keep_their_times(workspace: Workspace) -> None:
    workspace.write("visits", visits(), BY_HAND)
    sql = "SELECT visit_no, person, hospital, began, ended, is_urgent FROM visits ORDER BY visit_no NULLS LAST"
    assert workspace.query(sql).read_all().to_pylist() == visits().to_pylist()
