"""A crash leaves the old version or the new one, never half; readers keep what they began with; one writer at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.store.small import BY_HAND, line, lines
from yibao.errors import UserError
from yibao.store.workspace import Workspace

NEW = [line("V1", 1, "2025-01-05"), line("V7", 1, "2025-03-05")]
ROOT = Path(__file__).parents[2]


class PowerCut(Exception):
    """The machine stops at one step."""


def _stop(monkeypatch: pytest.MonkeyPatch, stop_at: int) -> None:
    """Every flush and every rename is a step; the one numbered `stop_at` does not happen, nor anything after it."""
    done = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any) -> Any:
            nonlocal done
            done += 1
            if done >= stop_at:
                raise PowerCut
            return real(*arguments)

        return step

    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    monkeypatch.setattr(os, "replace", counted(os.replace))


def _read(workspace: Workspace) -> list[tuple[str, int]]:
    rows = workspace.query(
        "SELECT visit_no, amount FROM lines ORDER BY visit_no NULLS LAST, line_no NULLS LAST"
    ).read_all()
    return [(row["visit_no"], row["amount"]) for row in rows.to_pylist()]


def test_a_crash_at_any_step_leaves_the_old_version_or_the_new(
    county: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = _read(county), [("V1", 100), ("V7", 100)]
    seen, step = [], 0
    while not seen or seen[-1] != "done":
        step += 1
        assert step < 50
        with monkeypatch.context() as patched:
            _stop(patched, step)
            try:
                county.write("lines", lines(NEW), BY_HAND)
                seen.append("done")
            except PowerCut:
                seen.append("cut")
        with Workspace.open(county.path, vocabulary=county.vocabulary) as later:
            found = _read(later)
        assert found in (old, new)
        if found == new and seen[-1] == "cut":
            county.write("lines", lines(), BY_HAND)  # the replacement had happened: begin again from the old rows
    assert _read(county) == new
    assert step > 8
    assert list(county.path.rglob(".half*")) == []


CHILD = """
import os, sys
from yibao.store.workspace import Workspace
from tests.store.small import BY_HAND, VOCABULARY, line, lines
real, left = os.replace, [int(sys.argv[2])]
def replace(*arguments):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), 9)
    real(*arguments)
os.replace = replace
Workspace.open(sys.argv[1], vocabulary=VOCABULARY).write("lines", lines([line("V1", 1, "2025-01-05"), line("V7", 1, "2025-03-05")]), BY_HAND)
"""


def _child(code: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("renames", [0, 1, 2, 3, 4])
def test_a_killed_writer_leaves_the_old_version_and_no_obstacle(county: Workspace, renames: int) -> None:
    old = _read(county)
    child = _child(CHILD, str(county.path), str(renames))
    child.communicate(timeout=60)
    if renames < 4:
        assert (child.returncode, _read(county)) == (-signal.SIGKILL, old)
    else:
        assert (child.returncode, len(_read(county))) == (0, 2)
    assert county.write("lines", lines([]), BY_HAND).rows == 0
    assert list(county.path.rglob(".half*")) == []


def test_a_reader_keeps_its_version_while_a_writer_publishes(workspace: Workspace) -> None:
    many = [line(f"V{number}", 1, amount=1) for number in range(200_000)]
    workspace.write("lines", lines(many), BY_HAND)
    reader = workspace.query("SELECT amount FROM lines")
    first = reader.read_next_batch()
    workspace.write("lines", lines([line("V1", 1, amount=7)]), BY_HAND)
    assert first.num_rows + sum(batch.num_rows for batch in reader) == 200_000
    assert workspace.query("SELECT amount FROM lines").read_all()["amount"].to_pylist() == [7]


def test_readers_ask_while_a_writer_is_at_work(county: Workspace) -> None:
    with county.writing("试写"), Workspace.open(county.path, vocabulary=county.vocabulary) as other:
        assert len(_read(other)) == 8


HOLDER = """
import sys, time
from yibao.store.workspace import Workspace
from tests.store.small import VOCABULARY
with Workspace.open(sys.argv[1], vocabulary=VOCABULARY).writing("导入 结算.csv"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(county: Workspace) -> Iterator[subprocess.Popen[str]]:
    child = _child(HOLDER, str(county.path))
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with child:
        yield child
        child.kill()


def test_the_second_writer_is_told_who_writes_since_when(county: Workspace, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(UserError) as error:
        county.write("lines", lines([]), BY_HAND)
    assert f"进程 {holder.pid}）从 20" in error.value.sentence
    assert "正在写入：导入 结算.csv" in error.value.sentence


def test_the_lock_of_a_dead_process_is_no_obstacle(county: Workspace, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert county.write("lines", lines([]), BY_HAND).version == 2


def test_another_thread_is_another_writer(county: Workspace) -> None:
    said: list[str] = []

    def write() -> None:
        try:
            county.write("lines", lines([]), BY_HAND)
        except UserError as error:
            said.append(error.sentence)

    with county.writing("结账"):
        county.write("lines", lines(NEW), BY_HAND)  # the holder itself may
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert len(said) == 1
    assert "正在写入：结账" in said[0]


def test_history_goes_back_to_the_first_version(county: Workspace) -> None:
    county.write("lines", lines(NEW), BY_HAND)
    assert [(m.version, m.rows) for m in county.history("lines")] == [(2, 2), (1, 8)]
    first = list(county.history("lines"))[-1]
    assert sum(pq.read_metadata(path).num_rows for path in county.files("lines", first)) == 8
