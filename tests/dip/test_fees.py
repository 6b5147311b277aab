"""What fee lines say, on the way into the groups of a workspace: 治疗费 and drugs, known only where the lines add up to what was settled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.dip.auxiliary.test_costs import rules, split
from tests.dip.making import made as pack_of
from tests.dip.making import row
from tests.dip.watch.making import Stay, made
from yibao.dip.choose import Choice
from yibao.dip.fees import read_fees
from yibao.dip.grouping.group import Grouper
from yibao.dip.grouping.run import explain_visit, group_year
from yibao.store.workspace import Workspace

#: visit → what its lines add up to by 医疗收费项目类别, yuan; all stays were settled at 30,000 yuan
LINES = {
    "treated": {"05": 15_000, "01": 15_000},
    "drugs": {"09": 5000, "10": 5000, "11": 5000, "05": 14_999, "06": 1},
    "neither": {"06": 20_000, "08": 10_000},  # 手术费 is no 治疗费
    "differs": {"05": 20_000},
    "negative": {"05": -100, "01": 30_100},
}
SQL = "SELECT g.visit_id, g.auxiliary_subtype, g.auxiliary_coefficient, g.grouping_flags, g.grouping_trace FROM dip_groupings AS g"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    stays = [Stay(name, "A", 30_000, dx="C34.900") for name in (*LINES, "none")]
    lines = [
        {"visit_id": visit, "fee_line_no": f"{visit}{category}", "provider_code": "A", "charge_category": category, "line_amount": yuan * 100, "fee_time": datetime(2025, 3, 2)}
        for visit, amounts in LINES.items()
        for category, yuan in amounts.items()
    ]  # fmt: skip
    with made(tmp_path_factory.mktemp("fees") / "w", stays, results=False, fee_lines=lines) as opened:
        yield opened


@pytest.fixture
def grouper(tmp_path: Path) -> Grouper:
    return Grouper(
        split(pack_of(tmp_path, "2.0", [row("L", "core", "C34.9", score="1000", mean_cost="10000")]), rules())
    )


def told(workspace: Workspace, grouper: Grouper) -> dict[str, dict[str, Any]]:
    group_year(workspace, Choice((grouper,), ""), 2025)
    return {line.pop("visit_id"): line for line in workspace.query(SQL).read_all().to_pylist()}


def test_the_lines_of_a_stay(workspace: Workspace) -> None:
    found = {line["visit_id"]: line for line in read_fees(workspace, date(2025, 1, 1), date(2025, 12, 31)).to_pylist()}
    assert found["drugs"] == {"visit_id": "drugs", "total": 3_000_000, "treatment": 1_499_900, "drug": 1_500_000, "material": 0}  # fmt: skip
    assert found["neither"]["material"] == 1_000_000


def test_levels_by_treatment_and_drugs_in_a_workspace(workspace: Workspace, grouper: Grouper) -> None:
    found = told(workspace, grouper)
    assert {visit: line["auxiliary_subtype"] for visit, line in found.items()} == {
        "treated": "severity:treated", "drugs": "severity:drugs", "neither": "severity:other",
        "differs": "severity:other", "negative": "severity:other", "none": "severity:other",
    }  # fmt: skip
    assert found["treated"]["auxiliary_coefficient"] == 2_500_000
    missing = {visit for visit, line in found.items() if line["grouping_flags"] == "MISSING_INPUT"}
    assert missing == {"differs", "negative", "none"}
    assert found["none"]["grouping_trace"] == "core@C34.9 ?severity:treated ?severity:drugs"
    assert found["negative"]["grouping_trace"] == "core@C34.9 ?severity:treated"  # its drugs are known: none
    assert found["treated"]["grouping_trace"] == "core@C34.9"


def test_one_stay_is_explained_as_the_table_tells_it(workspace: Workspace, grouper: Grouper) -> None:
    choice = Choice((grouper,), "")
    assert "  辅助分型：疾病严重程度 drugs，系数 2" in list(explain_visit(workspace, choice, "drugs"))
    said = list(explain_visit(workspace, choice, "none"))
    assert "  辅助分型：疾病严重程度 treated 没有判断，缺少总费用或其中的治疗费、药品费" in said


def test_a_pack_that_does_not_ask_reads_no_fee_lines(workspace: Workspace, grouper: Grouper, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    plain = Grouper(split(grouper.pack, rules({"kind": "severity", "level": "dear", "cost_times": ">=3"})))
    monkeypatch.setattr("yibao.dip.grouping.run.read_fees", None)
    found = told(workspace, plain)
    assert {line["auxiliary_subtype"] for line in found.values()} == {"severity:dear"}
    assert {line["auxiliary_coefficient"] for line in found.values()} == {int(Decimal("1.1") * 1_000_000)}
    assert {line["grouping_flags"] for line in found.values()} == {""}
