"""One Spark for all tests of a run; without pyspark or Java they are skipped, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.store.small import BY_HAND, VOCABULARY, lines, visits
from yibao.store.workspace import Workspace

ABSENT = [name for name, there in (("pyspark", find_spec("pyspark")), ("java", shutil.which("java"))) if not there]


@pytest.fixture(scope="session")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.create(tmp_path_factory.mktemp("parity") / "county", "cn", vocabulary=VOCABULARY) as made:
        made.write("visits", visits(), BY_HAND)
        made.write("lines", lines(), BY_HAND)
        yield made


@pytest.fixture(scope="session")
def spark(duck: Workspace) -> Iterator[Workspace]:
    """The same folder, asked through Spark."""
    if ABSENT:
        pytest.skip(f"engine parity is not tested here: no {' and no '.join(ABSENT)}")
    yield Workspace.open(duck.path, engine="spark", vocabulary=VOCABULARY)
    from pyspark.sql import SparkSession

    if (session := SparkSession.getActiveSession()) is not None:
        session.stop()
