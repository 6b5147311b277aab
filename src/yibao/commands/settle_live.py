"""`yibao settle presettle | accept | reverse | close`: one settlement at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yibao.commands.workspace import yuan
from yibao.errors import UserError

if TYPE_CHECKING:
    from yibao.region.benefits.resolve import Benefits
    from yibao.settle.live.ledger import Row
    from yibao.settle.live.reversal import Preview
    from yibao.store.workspace import Workspace

_SHOWN = (
    "total_fee", "deductible_paid", "pool_fund_pay", "civil_servant_pay", "enterprise_supplement_pay", "resident_critical_illness_pay",
    "employee_large_amount_pay", "disabled_person_pay", "medical_aid_pay", "other_fund_pay", "hospital_burden", "fund_pay_total",
    "account_pay", "cash_pay",
)  # fmt: skip


def request(workspace: Workspace, benefits: Benefits, words: list[str], *, store: bool) -> int:
    """Try or settle the request in a file."""
    from yibao.settle.live.entries import presettle, settle
    from yibao.settle.live.request import load_request, read_request

    if len(words) != 1:
        raise UserError("请写明请求文件。用法：yibao settle presettle 请求.json，或 yibao settle accept 请求.json。")
    try:
        text = Path(words[0]).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"读不出“{words[0]}”（{getattr(error, 'strerror', None) or '不是 UTF-8 文字'}），请检查。"
        ) from None
    asked = read_request(load_request(text))
    row = (settle if store else presettle)(workspace, benefits, asked)
    print(f"请求 {asked.id}：" + ("已结算。" if store else "试算，没有保存。"))
    print("\n".join(_amounts(workspace, row)))
    return 0


def reverse(
    workspace: Workspace, benefits: Benefits, words: list[str], request_id: str | None, approval: tuple[str | None, ...]
) -> int:
    """Take a settlement back; with later ones and no approval, print the list and do nothing (exit code 1)."""
    from yibao.settle.live import reversal

    if len(words) != 1 or not request_id:
        raise UserError("请写明结算ID和请求号。用法：yibao settle reverse 结算ID --request 请求号。")
    by, reason, list_id = approval
    when = datetime.now().replace(microsecond=0)
    if any(approval) and not all(approval):
        raise UserError("批准要同时写明 --by 批准人、--reason 理由 和 --list 清单号。")
    if by and reason and list_id:
        given = reversal.Approval(by, reason, list_id)
        rows = reversal.reverse(workspace, benefits, words[0], request_id, when, given)
    else:
        shown = _previewed(workspace, benefits, words[0], request_id, when)
        if shown is not None:
            print("\n".join(_list(workspace, shown)))
            return 1
        rows = reversal.reverse(workspace, benefits, words[0], request_id, when)
    print(f"已冲正 {words[0]}，增加了 {len(rows)} 行：")
    for row in rows:
        print(
            f"  {row['bill_id']}　基金支付 {yuan(row['fund_pay_total'])}，个人负担 {yuan(row['person_burden_total'])}"
        )
    return 0


def _previewed(
    workspace: Workspace, benefits: Benefits, bill_id: str, request_id: str, when: datetime
) -> Preview | None:
    """The list to be approved; None where nothing is later, or the request was answered before."""
    from yibao.settle.live.reversal import preview

    sql = "SELECT l.bill_id FROM live_settlements AS l WHERE l.request_id = $request"
    if workspace.query(sql, request=request_id).read_all().num_rows:
        return None
    shown = preview(workspace, benefits, bill_id, request_id, when)
    return shown if shown.later else None


def close(workspace: Workspace, year: int, by: str | None) -> int:
    """Close a benefit year."""
    from yibao.settle.closed_years import close_year

    if not by:
        raise UserError("请写明由谁关闭。用法：yibao settle close 2024 --by 姓名。")
    close_year(workspace, year, by, datetime.now().date())
    print(f"{year} 年度已关闭，不再结算和冲正。")
    return 0


def _amounts(workspace: Workspace, row: Row) -> Iterator[str]:
    elements = workspace.vocabulary.elements
    for name in _SHOWN:
        if row[name]:
            yield f"  {elements[name].label}　{yuan(row[name])}"
    yield f"  您一共要付 {yuan(row['person_burden_total'])}，基金付 {yuan(row['fund_pay_total'])}。"


def _list(workspace: Workspace, shown: Preview) -> Iterator[str]:
    from yibao.settle.live.reversal import changed

    elements: Any = workspace.vocabulary.elements
    yield f"结算 {shown.bill_id} 之后还有 {len(shown.later)} 次结算，没有冲正。若批准，以后各次退回后重新结算："
    for before, after in shown.later:
        amounts = changed(before, after)
        yield f"  {before['bill_id']}　{before['settlement_time']:%Y-%m-%d}" + ("" if amounts else "　金额不变")
        for name, (old, new) in amounts.items():
            yield f"    {elements[name].label}：{yuan(old)} → {yuan(new)}"
    yield f"清单号 {shown.list_id}。批准后再运行，加上：--by 批准人 --reason 理由 --list {shown.list_id}"
