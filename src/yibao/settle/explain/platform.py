"""What the national platform reported of a bill, where it is not what the rules give: a sentence for its step."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from yibao.region.benefits.resolve import Benefits
from yibao.settle.batches import FUND_COLUMNS
from yibao.settle.explain.replay import Replayed
from yibao.settle.explain.wording import yuan
from yibao.settle.texts import TEXTS
from yibao.settle.verify import STEP_OF_FUND, Verifier
from yibao.store.workspace import Workspace

NOT_SETTLED = "这次就诊平台还没有结算。"
_COLUMNS = (
    ("deductible", ("deductible_paid",)),
    *((step, (FUND_COLUMNS[fund],)) for fund, step in STEP_OF_FUND.items()),
    ("account", ("account_pay",)),
    ("cash", ("cash_pay",)),
)


def reported_of(workspace: Workspace, year: int, person: str) -> pa.Table:
    """What the platform reported of a person's year, in order of settlement, with the bills."""
    sql = f"WITH reported AS ({TEXTS['reported'].sql}) SELECT r.* FROM reported AS r WHERE r.person_no = $person"
    rows = workspace.query(sql, year=year, person=person).read_all()
    return rows.sort_by([("settlement_time", "ascending"), ("bill_id", "ascending")])


def differing(workspace: Workspace, benefits: Benefits, replayed: Replayed) -> dict[str, str]:
    """By step what to say of the platform's amount; nothing where it is equal."""
    bill = replayed.bill
    reported = reported_of(workspace, bill["benefit_year"], bill["person_no"])
    mine = [row for row in reported.to_pylist() if row["bill_id"] == bill["bill_id"]]
    if not mine:
        return {"cash": NOT_SETTLED} if not bill["reverses_bill_id"] else {}
    found = dict(_unequal(replayed, mine[0]))
    differences = Verifier(benefits)(reported).to_pylist()
    causes = workspace.vocabulary.codes["difference_cause"].values
    for row in differences:
        if row["settlement_id"] == bill["bill_id"]:
            why = f"；可能的原因：{causes[row['difference_cause']]}" if row["difference_cause"] else ""
            more = row["difference_amount"]
            found[row["difference_step"]] = (
                f"★ 平台结算为 {yuan(row['reported_amount'])}，按规定应为 {yuan(row['computed_amount'])}，"
                f"平台{'多' if more > 0 else '少'} {yuan(abs(more))}{why}。"
            )
    return found


def _unequal(replayed: Replayed, reported: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Amounts that are not ours; where no step of this bill is wrong, what came before it was."""
    for step, [column] in _COLUMNS:
        theirs = reported[f"reported_{column}"]
        ours = replayed.row[column] - (replayed.row["account_family_pay"] if column == "account_pay" else 0)
        if theirs != ours:
            yield step, f"平台结算为 {yuan(theirs)}，与前面的步骤或今年以前的结算不同有关。"
