"""`yibao settle payables` and `yibao settle resettle`: what is owed for a year, and what a late notice would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yibao.commands.workspace import yuan
from yibao.errors import UserError
from yibao.proofread.report.text import pad

if TYPE_CHECKING:
    from yibao.region.benefits.resolve import Benefits
    from yibao.region.pack import Pack
    from yibao.store.workspace import Workspace

SHOWN = 20


def payables(workspace: Workspace, pack: Pack, year: int) -> int:
    """Write and sum up the payables of a year. Exit code 1 where the payments say that something else is due."""
    from yibao.settle.payables import compared, write_payables

    manifest = write_payables(workspace, pack, year)
    rows = workspace.query(_SUMS, year=year).read_all().to_pylist()
    codes = workspace.vocabulary.codes
    print(
        f"{year} 年的结算产生 {sum(row['number'] for row in rows):,} 笔应付款，在“应付款”表，第 {manifest.version} 版。"
    )
    print()
    print(
        pad("付款方 → 收款方　拨付类别", 48) + "".join(pad(name, 18, right=True) for name in ("应付", "已付", "未付"))
    )
    for row in rows:
        kind = codes["payment_kind"].values.get(row["payment_kind"], "当场支付")
        name = f"{codes['party'].values[row['debtor']]} → {codes['party'].values[row['creditor']]}　{kind}"
        amounts = (row["owed"], row["paid"], row["owed"] - row["paid"])
        print(pad(name, 48) + "".join(pad(yuan(fen), 18, right=True) for fen in amounts))
    owed, paid = sum(row["owed"] for row in rows), sum(row["paid"] for row in rows)
    print(pad("合计", 48) + "".join(pad(yuan(fen), 18, right=True) for fen in (owed, paid, owed - paid)))
    books = compared(workspace, year)
    if books.beyond:
        print(
            f"拨付比到目前的应付多 {yuan(books.beyond)}：预付金或月预结算多付的，清算时收回；没有对应结算的拨付也在其中。"
        )
    if books.owed != books.entered:
        print(
            f"基金的应付款 {yuan(books.owed)}，拨付台账登记的应付 {yuan(books.entered)}，相差 {yuan(books.owed - books.entered)}："
            + (f"按病种付费的记账与清算决定的应付相差 {yuan(books.by_score)}，" if books.by_score else "")
            + f"{'其余' if books.by_score else ''}{'请核对' if books.unexplained else '相符'}"
            + (f"（相差 {yuan(books.unexplained)}）。" if books.unexplained and books.by_score else "。")
        )
        return 1 if books.unexplained else 0
    print(f"基金的应付款与拨付台账登记的应付相符：{yuan(books.owed)}。")
    return 0


_SUMS = """SELECT p.debtor, p.creditor, p.payment_kind, COUNT(*) AS number, CAST(SUM(p.payable_amount) AS BIGINT) AS owed,
    CAST(SUM(p.settled_amount) AS BIGINT) AS paid
FROM payables AS p WHERE p.benefit_year = $year GROUP BY p.debtor, p.creditor, p.payment_kind
ORDER BY p.debtor NULLS FIRST, p.creditor NULLS FIRST, p.payment_kind NULLS FIRST"""


def resettle(workspace: Workspace, before: Benefits, after: Benefits, year: int) -> int:
    """Write and print the settlements that a late notice changes; exit code 1 where there are any."""
    from yibao.settle.resettle import write_resettlements

    if before.known_at == after.known_at:
        raise UserError(
            "请写明哪一天以前发布的文件。用法：yibao settle resettle 2025 --known-at 2025-06-19，或再加 --and 2025-06-20。"
        )
    found = write_resettlements(workspace, before, after, year)
    said = [f"{of.known_at} 以前知道的文件" if of.known_at else "全部文件" for of in (before, after)]
    if not found.num_rows:
        print(f"{year} 年的结算按{said[0]}和按{said[1]}计算，金额都相同。")
        return 0
    rows = found.to_pylist()
    more = sum(row["fund_pay_after"] - row["fund_pay_before"] for row in rows)
    print(
        f"{year} 年有 {len(rows):,} 次结算按{said[1]}计算与按{said[0]}计算不同，基金合计{'少付' if more < 0 else '多付'} {yuan(abs(more))}。没有改动任何结算。"
    )
    for row in rows[:SHOWN]:
        print(
            f"  {row['bill_id']}　{row['settlement_time']:%Y-%m-%d}　基金 {yuan(row['fund_pay_before'])} → {yuan(row['fund_pay_after'])}，"
            f"个人 {yuan(row['person_burden_before'])} → {yuan(row['person_burden_after'])}"
        )
    if len(rows) > SHOWN:
        print(f"  其余 {len(rows) - SHOWN:,} 次在“补差清单”表。")
    return 1
