"""Spark behind a workspace whose settings name its master: on this machine, or a cluster with workers of its own; and what it says meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.parity.conftest import ABSENT
from tests.store.small import BY_HAND, VOCABULARY, lines
from yibao.store.workspace import Workspace

ROOT = Path(__file__).parents[3]
ASKING = """
import sys
import pyarrow as pa
from tests.store.small import VOCABULARY
from yibao.errors import UserError
from yibao.store.workspace import Workspace

def counted(groups):
    return groups.group_by("visit_no").aggregate([("amount", "count")]).rename_columns(["visit_no", "n"])

if __name__ == "__main__":
    try:
        with Workspace.open(sys.argv[1], vocabulary=VOCABULARY) as workspace:
            schema = pa.schema([("visit_no", pa.string()), ("n", pa.int64())])
            rows = workspace.apply("SELECT visit_no, amount FROM lines", "visit_no", "amount", counted, schema)
            print(sorted(rows.read_all().to_pydict()["visit_no"]))
    except UserError as error:
        print(error.sentence)
"""


def _asked(folder: Path, master: str) -> tuple[str, str]:
    """What another process says that opens the workspace: standard output and standard error."""
    with Workspace.create(folder / "county", "cn", "spark", vocabulary=VOCABULARY) as workspace:
        workspace.write("lines", lines(), BY_HAND)
    settings = folder / "county" / "yibao.yaml"
    text = settings.read_text(encoding="utf-8")
    assert "spark: local[*]" in text
    settings.write_text(text.replace("spark: local[*]", f"spark: {master}"), encoding="utf-8")
    script = folder / "asking.py"
    script.write_text(ASKING, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, str(script), str(folder / "county")],
        env=environment, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    return done.stdout.strip(), done.stderr.strip()


@pytest.mark.slow
@pytest.mark.skipif(bool(ABSENT), reason=f"Spark is not tested here: no {' and no '.join(ABSENT)}")
@pytest.mark.parametrize("master", ["local[1]", "local-cluster[1,1,1024]"])
def test_the_settings_name_the_master(tmp_path: Path, master: str) -> None:
    said, remarks = _asked(tmp_path, master)
    assert said == "['V1', 'V2', 'V3', 'V4', 'V9']"
    assert remarks == "", "the lines of Spark and Java go to its log"
    assert "WARN" in (tmp_path / "county" / ".work" / "spark.log").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(bool(ABSENT), reason=f"Spark is not tested here: no {' and no '.join(ABSENT)}")
def test_a_master_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    said, remarks = _asked(tmp_path, "nowhere:7077")
    assert said.startswith("Spark（nowhere:7077）没有启动起来")
    assert (said.count("\n"), remarks) == (0, "")
