"""Old versions give up their files; the current one, and every version that is kept, never does."""

from __future__ import annotations

import pytest

from tests.store.small import BY_HAND, line, lines
from yibao.errors import UserError
from yibao.store.life import life
from yibao.store.prune import prune, superfluous
from yibao.store.workspace import Workspace

JANUARY = line("V1", 1, "2025-01-05")


@pytest.fixture
def four(workspace: Workspace) -> Workspace:
    """Four versions of `lines`: January is the same in all, February and March are not."""
    for number in range(4):
        second = line("V2", number, "2025-02-05" if number % 2 else "2025-03-05")
        workspace.write("lines", lines([JANUARY, second]), BY_HAND)
    return workspace


def _there(workspace: Workspace) -> list[bool]:
    return [workspace.has_rows("lines", manifest) for manifest in workspace.history("lines")]


def test_only_files_of_older_versions_go(four: Workspace) -> None:
    (found,) = superfluous(four, keep=2)
    assert (found.versions, found.lost, found.strays) == (4, (1, 2), 0)
    assert sorted(path.name[:7] for path in found.files) == ["2025-02", "2025-03"], (
        "January is shared with what is kept"
    )
    assert _there(four) == [True] * 4, "nothing goes by asking"
    assert prune(four, keep=2) == [found]
    assert _there(four) == [True, True, False, False]
    assert superfluous(four, keep=2) == []
    assert four.query("SELECT COUNT(*) AS n FROM lines").read_all().to_pylist() == [{"n": 2}]


def test_the_current_version_always_stays(four: Workspace) -> None:
    prune(four, keep=0)
    assert _there(four) == [True, False, False, False]


def test_a_table_with_few_versions_gives_nothing(four: Workspace) -> None:
    assert superfluous(four) == []


def test_files_that_no_version_names_go(four: Workspace) -> None:
    (four.shelf("lines").files / ".half-00001.parquet").write_bytes(b"x")
    (found,) = superfluous(four)
    assert (found.lost, found.strays, found.size) == ((), 1, 1)
    prune(four)
    assert superfluous(four) == []


def test_the_life_of_a_row_is_told_from_the_versions_that_are_left(four: Workspace) -> None:
    assert [moment.manifest.version for moment in life(four, "lines", "V2,0")] == [1, 2]
    prune(four, keep=2)
    assert life(four, "lines", "V2,0") == []
    assert [moment.manifest.version for moment in life(four, "lines", "V1,1")] == [3]


def test_nothing_is_deleted_while_another_writes(four: Workspace) -> None:
    with (
        Workspace.open(four.path, vocabulary=four.vocabulary) as other,
        other.writing("导入文件"),
        pytest.raises(UserError, match="导入文件"),
    ):
        prune(four, keep=1)
    assert _there(four) == [True] * 4
