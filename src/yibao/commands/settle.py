"""`yibao settle`: a year of visits paid as the region's rules say; `verify` holds the platform's results against them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from yibao.commands.workspace import WORKSPACE_HELP, yuan
from yibao.errors import UserError
from yibao.proofread.report.text import pad

if TYPE_CHECKING:
    from yibao.region.benefits.resolve import Benefits
    from yibao.store.workspace import Workspace

HELP = "待遇结算：按地区的待遇规则计算一个年度的每一次结算；verify 复算平台的结算，逐笔列出差异。"
WORDS_HELP = "年度，如 2025；或 verify 年度"
KNOWN_HELP = "只用到这一天为止已经发布的文件（年-月-日）；不写则用全部文件"
SHOWN = 20
CLEAN, FOUND = 0, 1


def settle(
    words: Annotated[list[str] | None, typer.Argument(metavar="[verify] 年度", help=WORDS_HELP)] = None,
    known_at: Annotated[str | None, typer.Option("--known-at", metavar="日期", help=KNOWN_HELP)] = None,
    workspace: Annotated[str | None, typer.Option(metavar="文件夹", help=WORKSPACE_HELP)] = None,
) -> int:
    """Exit code 1 where the platform's results differ from the rules."""
    from yibao.store.settings import find_workspace
    from yibao.store.workspace import Workspace

    asked = words or []
    verb, rest = ("verify", asked[1:]) if asked[:1] == ["verify"] else ("settle", asked)
    if len(rest) != 1 or not (rest[0].isdigit() and len(rest[0]) == 4):
        raise UserError("请写明一个年度。用法：yibao settle 2025，或 yibao settle verify 2025。")
    with Workspace.open(find_workspace(workspace)) as opened:
        benefits = _benefits(opened, known_at)
        return (_verify if verb == "verify" else _settle)(opened, benefits, int(rest[0]))


def _benefits(workspace: Workspace, known_at: str | None) -> Benefits:
    from yibao.region.benefits.resolve import Benefits
    from yibao.region.packs import region

    try:
        day = date.fromisoformat(known_at) if known_at else None
    except ValueError:
        raise UserError(f"--known-at 应是日期，如 2025-06-30，不能是“{known_at}”。") from None
    return Benefits(region(workspace.settings.region), day)


def _settle(workspace: Workspace, benefits: Benefits, year: int) -> int:
    from yibao.settle.run import settle_year

    manifest = settle_year(workspace, benefits, year)
    rows = workspace.query(_TOTALS, year=year).read_all().to_pylist()
    count = sum(row["bills"] for row in rows)
    print(
        f"{year} 年按“{benefits.pack.name}”的规则计算了 {count:,} 张单据（含冲正），结果在“复算结算”表，第 {manifest.version} 版。"
    )
    print()
    print(pad("险种 医疗类别", 30) + "".join(pad(name, 18) for name in ("单据", "总费用", "基金支付", "个人负担")))
    for row in sorted(rows, key=lambda r: (r["insurance_type"], r["care_type"])):
        name = f"{_code(workspace, 'insurance_type', row['insurance_type'])} {_code(workspace, 'care_type', row['care_type'])}"
        cells = [
            f"{row['bills']:,}",
            *(yuan(row[key]) for key in ("total_fee", "fund_pay_total", "person_burden_total")),
        ]
        print(pad(name, 38) + "".join(pad(cell, 18) for cell in cells))
    return CLEAN


_TOTALS = """SELECT c.insurance_type, c.care_type, COUNT(*) AS bills, CAST(SUM(c.total_fee) AS BIGINT) AS total_fee,
    CAST(SUM(c.fund_pay_total) AS BIGINT) AS fund_pay_total, CAST(SUM(c.person_burden_total) AS BIGINT) AS person_burden_total
FROM computed_settlements AS c WHERE c.benefit_year = $year GROUP BY c.insurance_type, c.care_type"""


def _verify(workspace: Workspace, benefits: Benefits, year: int) -> int:
    from yibao.settle.run import collect_bills, write_year
    from yibao.settle.verify import differences, misclassified

    collect_bills(workspace, benefits.pack, year)
    produced = workspace.produced(
        "yibao settle verify", reads=["bills", "settlements"], year=year, region=benefits.pack.code
    )
    write_year(workspace, "settlement_differences", differences(workspace, benefits, year), produced, year)
    rows = workspace.query(_DIFFERENCES, year=year).read_all().to_pylist()
    count = workspace.query(
        "SELECT COUNT(*) AS rows FROM bills AS b WHERE b.benefit_year = $year", year=year
    ).read_all()
    wrong_lines = misclassified(workspace, year)
    settlements = len({row["settlement_id"] for row in rows})
    print(
        f"{year} 年平台结算 {count['rows'][0].as_py():,} 笔，按“{benefits.pack.name}”的规则复算，{settlements:,} 笔有差异。"
    )
    print(
        f"费用明细归类不符的有 {wrong_lines:,} 条。"
        if wrong_lines
        else "费用明细的归类（全自费、超限价、先行自付、范围内）全部相符。"
    )
    if not rows:
        return FOUND if wrong_lines else CLEAN
    print()
    causes = Counter((row["difference_step"], row["difference_cause"]) for row in rows)
    for (step, cause), times in causes.most_common():
        total = sum(
            row["difference_amount"]
            for row in rows
            if (row["difference_step"], row["difference_cause"]) == (step, cause)
        )
        why = _code(workspace, "difference_cause", cause) if cause else "原因待查"
        print(
            f"{pad(_code(workspace, 'settlement_step', step), 16)}{pad(why, 34)}{times:>6,} 笔　平台合计多 {yuan(total)}"
        )
    print()
    print(f"差异最大的 {min(SHOWN, len(rows))} 笔（全部在“结算差异”表）：")
    for row in sorted(rows, key=lambda r: -abs(r["difference_amount"]))[:SHOWN]:
        why = f"，{_code(workspace, 'difference_cause', row['difference_cause'])}" if row["difference_cause"] else ""
        print(
            f"  结算 {row['settlement_id']}　{row['settlement_time']:%Y-%m-%d}　{_code(workspace, 'settlement_step', row['difference_step'])}："
            f"平台 {yuan(row['reported_amount'])}，复算 {yuan(row['computed_amount'])}，差 {yuan(row['difference_amount'])}{why}"
        )
    return FOUND


_DIFFERENCES = "SELECT d.* FROM settlement_differences AS d WHERE d.benefit_year = $year"


def _code(workspace: Workspace, name: str, value: str) -> str:
    """What a code is called."""
    codes = workspace.vocabulary.codes[name]
    return codes.values.get(value, value)
