"""What became of one row."""

from __future__ import annotations

import pytest

from tests.store.small import BY_HAND, line, lines
from yibao.errors import UserError
from yibao.store.life import life
from yibao.store.workspace import Workspace


def test_a_row_comes_is_corrected_and_goes(workspace: Workspace) -> None:
    for rows in (
        [line("V1", 1)],
        [line("V1", 1), line("V2", 1)],
        [line("V1", 1, amount=7), line("V2", 1)],
        [line("V2", 1)],
    ):
        workspace.write("lines", lines(rows), BY_HAND)
    moments = life(workspace, "lines", "V1,1")
    assert [(m.manifest.version, m.row is None, m.changed) for m in moments] == [
        (1, False, ()),
        (3, False, ("amount",)),
        (4, True, ()),
    ]


def test_a_row_that_never_was(county: Workspace) -> None:
    assert life(county, "lines", "V1，99") == []


@pytest.mark.parametrize(("key", "said"), [("V1", "请用逗号隔开写 2 个值"), ("V1,x", "“x”不是 line_no")])
def test_a_key_that_does_not_fit(county: Workspace, key: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        life(county, "lines", key)
