"""Workbooks of a bureau brought in and checked, and their usual columns under the words of another city."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.dip.verify.bureau import HOSPITALS, Month, commas
from yibao.dip.verify.places import keep
from yibao.dip.verify.run import Verified, verify
from yibao.region.packs import region
from yibao.store.importing.importer import Request, import_files
from yibao.store.workspace import Workspace

Told = set[tuple[str, str, str, str]]


def verified(folder: Path, files: Sequence[Path], code: str = "cn") -> Verified:
    """The files alone in a workspace that holds nothing else."""
    with Workspace.create(folder / "w", code) as workspace:
        return again(workspace, files, code)


def again(workspace: Workspace, files: Sequence[Path], code: str = "cn") -> Verified:
    result = import_files(workspace, Request(tuple(files)))
    assert result.refused == [], result.refused
    assert [(one.where, one.reasons) for one in result.imported if one.rejected] == []
    keep(workspace, result.imported, files, "by hand")
    return verify(workspace, region(code), [], 2025)


def told(found: Verified, *sheets: str) -> Told:
    return {
        (one.sheet, one.key, one.step, one.cause)
        for one in found.found.differences
        if not sheets or one.sheet in sheets
    }


def ran(found: Verified) -> dict[str, str]:
    return {one.name: one.reason for one in found.found.checks}


STAYS: dict[str, Any] = {
    "序号": lambda one: int(one.number[4:]), "结算单号": lambda one: one.number, "医疗机构名称": lambda one: one.hospital, "险种": lambda one: one.insurance,
    "结算日期": lambda one: one.when.strftime("%Y%m%d"), "主要诊断编码": lambda one: one.dx, "手术及操作编码": lambda one: one.operation or None,
    "DIP编码": lambda one: one.group, "病种类型": lambda one: one.layer, "基础分值": lambda one: float(one.score), "医院系数": lambda one: float(one.coefficient),
    "偏差率": lambda one: float(one.ratio), "病例类型": lambda one: one.band, "费用偏差系数": lambda one: float(one.factor), "病例点数": lambda one: float(one.points),
    "总费用": lambda one: commas(one.fee), "统筹支付": lambda one: commas(one.booked),
}  # fmt: skip


def without(columns: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: read for name, read in columns.items() if name not in names}


MONTHS: dict[str, Any] = {
    "医疗机构": lambda one: one.hospital, "医保类型": lambda one: one.insurance, "结算人次": lambda one: one.count, "总分值": lambda one: float(one.points),
    "医疗总费用": lambda one: float(one.fee), "个人负担": lambda one: float(one.share), "点值": lambda one: float(one.value),
    "统筹应付": lambda one: float(one.payable), "质保金": lambda one: float(one.deposit), "扣款": lambda one: float(one.deduction) or None,
    "实际拨付": lambda one: float(one.paid),
}  # fmt: skip


def changed(rows: Sequence[Month], at: int, **by: Any) -> Month:
    """A row put wrong in place."""
    for name, value in by.items():
        setattr(rows[at], name, value)
    return rows[at]


def coded(key: str) -> str:
    for name, (code, _) in HOSPITALS.items():
        key = key.replace(name, code)
    return key
