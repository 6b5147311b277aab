"""What the columns of a catalogue mean: official workbooks and city catalogues name the same things differently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from yibao.dip.expressions import narrow

#: a table's columns → headings, without blanks and without what stands in brackets; several columns may make one condition
NAMES: Mapping[str, tuple[str, ...]] = {
    "group": ("group", "病种编码", "病种代码", "分组编码", "dip编码", "dip代码", "组编码", "dip病种编码", "dip组编码", "dip分组编码", "病种分组编码"),
    "seq": ("seq", "序号", "编号", "方案序号", "病种序号"),
    "layer": ("layer", "类别", "分类", "层次", "成组层次", "病种类型", "病种类别", "分组类别", "分组类型", "类型", "组类型"),
    "principal_dx": ("principal_dx", "主要诊断编码", "主要诊断代码", "主诊断编码", "主诊断代码", "诊断编码", "诊断代码", "亚目编码", "类目编码", "主要诊断亚目编码", "icd10", "icd-10", "icd10编码", "疾病编码", "icd-10编码", "icd-10代码", "icd10代码"),
    "proc_name": ("主要手术操作名称", "手术操作名称", "手术名称", "操作名称", "主手术名称", "主要手术名称", "手术及操作名称", "主要手术及操作名称"),
    "dx_name": ("主要诊断名称", "主诊断名称", "诊断名称", "亚目名称", "疾病名称"),
    "other_dx": ("other_dx", "其他诊断编码", "其他诊断代码", "其他诊断"),
    "proc_expr": ("proc_expr", "proc", "principal_proc", "主要手术操作编码", "主要手术操作代码", "手术操作编码", "手术操作代码", "手术编码", "手术代码", "操作编码", "主要手术操作/相关手术操作编码", "主手术操作编码", "主手术编码", "icd9", "icd-9-cm-3", "icd9编码", "手术及操作编码", "手术及操作代码", "主要手术及操作编码", "主要手术及操作代码", "icd-9-cm-3编码", "icd-9-cm-3代码", "icd9代码"),
    "related_proc": ("related_proc", "相关手术操作编码", "相关手术操作代码", "相关手术编码", "其他手术操作编码", "其他手术及操作编码", "相关手术及操作编码"),
    "condition": ("condition", "入组条件", "条件", "说明", "备注"),
    "age": ("天龄", "日龄", "年龄"),
    "weight": ("出生体重", "体重"),
    "resistant": ("是否耐药", "耐药"),
    "name": ("name", "名称", "分组名称", "病种名称", "组名称", "dip名称", "病种组名称"),
    "kind": ("kind", "治疗方式", "治疗方式类别", "手术操作类别", "操作类别", "操作类型", "手术操作类型", "手术属性", "操作属性", "手术操作属性", "手术类别", "手术类型"),
    "level": ("level", "手术级别", "手术等级", "级别"),
    "score": ("score", "rw", "分值", "病种分值", "基准分值", "病种基准分值", "标准分值", "rw值"),
    "mean_cost": ("mean_cost", "次均费用", "例均费用", "平均费用", "均费", "病种次均费用", "次均住院费用", "例均住院费用"),
    "code": ("code", "编码", "代码", "主要编码", "医保编码", "医保代码", "国家编码", "国家代码"),
    "rule": ("rule", "处理规则", "规则", "处理方式", "handling"),
    "dx_range": ("dx_range", "限定主诊断范围", "主诊断范围"),
}  # fmt: skip
_BY_NAME = {name: column for column, names in NAMES.items() for name in names}
_CODE = re.compile(r"[A-Za-z]\d\d(\.[0-9A-Za-z.+*]*)?|\d{1,2}\.\d[0-9A-Za-z]*")
_BRACKETS = re.compile(r"\([^()]*\)")
_LISTS = {
    "excluded_diagnoses": {"principal_dx": "code"},
    "tb_resistant": {"principal_dx": "code"},
    "excluded_procedures": {"proc_expr": "code", "condition": "rule"},
    "kinds": {"proc_expr": "code", "layer": "kind"},
}
_NEEDED = {"groups": "principal_dx", "primary_care": "principal_dx", "scores": "score"}


def heading(cell: str) -> str:
    """The column that a heading names, empty for none.

    >>> heading("主要手术操作/\\n 相关手术操作编码"), heading("病种分值（RW）"), heading("K35.3")
    ('proc_expr', 'score', '')
    """
    return _BY_NAME.get(_BRACKETS.sub("", narrow(cell)).lower(), "")


def is_code(cell: str) -> bool:
    """Does it look like a code? Where one stands, there is no heading.

    >>> is_code("K35.3"), is_code("6.31"), is_code("编码"), is_code("2.0版编码")
    (True, True, False, False)
    """
    return bool(_CODE.fullmatch(narrow(cell)))


def columns(table: str, cells: Sequence[str], above: Sequence[str] = ()) -> dict[str, int] | None:
    """Columns of a row of headings, by name; None where the row is none. The first of two equal headings counts.

    `above`: the row before, where the headings may stand in two rows of merged cells (主要诊断 over 编码 and 名称).

    >>> columns("groups", ["", "编码", "名称", ""], ["序号", "主要诊断", "", "分值"])
    {'seq': 0, 'principal_dx': 1, 'dx_name': 2, 'score': 3}
    """
    renamed = _LISTS.get(table, {})
    found: dict[str, int] = {}
    named = 0
    for place, name in enumerate(_headings(cells, above)):
        if name:
            named += 1
            found.setdefault(renamed.get(name, name), place)
    is_alone = not above and sum(map(bool, cells)) == 1
    needed = _NEEDED.get(table, "code")
    return found if needed in found and (named > 1 or is_alone) and not any(map(is_code, cells)) else None


def _headings(cells: Sequence[str], above: Sequence[str]) -> Iterator[str]:
    """The column that each place names; a cell under a wide one is read with it, else alone."""
    over = ""
    for cell, upper in zip_longest(cells, above, fillvalue=""):
        over = upper or over
        yield heading(over + cell if cell else upper) or heading(cell or upper) if above else heading(cell)


def table_of(sheet: str, edition: str) -> str:
    """What a sheet of a workbook is, by its name."""
    if "不纳入" in sheet:
        return "excluded_diagnoses" if "诊断" in sheet else "excluded_procedures"
    if "耐药" in sheet:
        return "tb_resistant"
    if any(word in sheet for word in ("手术操作分类", "手术操作属性", "手术操作级别", "手术分级")):
        return "kinds"
    if "基层" in sheet and edition == "3.0":
        return "primary_care"
    return "groups"
