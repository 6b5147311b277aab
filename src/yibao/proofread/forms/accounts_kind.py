"""Which published table a grid is, by its title and the words of its header and rows; never by its number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yibao.proofread.forms.accounts_columns import header_texts
from yibao.proofread.forms.accounts_words import class_code, words
from yibao.proofread.forms.facts import FormContext
from yibao.proofread.forms.grid import Grid
from yibao.proofread.norm import normalise

_ECONOMIC_NAMES = ("工资福利支出", "商品和服务支出")
_NOTE = re.compile(r"(?:单位|部门|编制单位|编制部门|填报单位)：|^公开\d{2}表$")
_SOURCE_COLUMN = re.compile(r"财政拨款收入|上级补助|事业收入|本年收入合计|附属单位上缴|收入预算")


def title_of(grid: Grid) -> str:
    """The caption, else a title printed as a row of its own above the header."""
    caption = normalise(grid.table.caption[:200]).text
    if caption:
        return caption
    for row in grid.table.rows[: min(grid.header, 3)]:
        texts = [t for c in row if c.origin is None and (t := normalise(c.text[:200]).text) and not _NOTE.search(t)]
        if len(texts) == 1 and words().titles.find(texts[0]):
            return texts[0]
    return next(
        (t for n in grid.table.notes if words().titles.find(t := normalise(n[:200]).text) and t.endswith("表")), ""
    )


def kind_of(grid: Grid, title: str) -> str | None:
    if words().foreign.search(title):
        return None
    named = words().titles.find(title)
    if named == "project_list":
        return None
    header = "".join(header_texts(grid))
    labels = _body_texts(grid)
    if _is_three_public(grid, header, labels, named):
        return "three_public"
    if _is_economic(labels):
        return "basic" if named in ("basic", None) else "economic"
    if _is_two_sided(grid, header, labels):
        return _two_sided_kind(named, header)
    return _item_kind(grid, named, header, labels)


def _body_texts(grid: Grid) -> list[str]:
    return [
        t for row in grid.table.rows[grid.header :] for c in row[:12] if c.text and (t := normalise(c.text[:60]).text)
    ]


def _is_three_public(grid: Grid, header: str, labels: Sequence[str], named: str | None) -> bool:
    def tells(text: str) -> bool:
        return "出国" in text and "接待" in text and ("公务用车" in text or "公车" in text)

    if named not in ("three_public", None):
        return False
    if any(re.fullmatch(r"3\d{4}", t) for t in labels) or any("编制" in t or "在职" in t for t in labels):
        return False
    few = len(grid.table.rows) - grid.header <= 14
    return tells(header) or (few and tells("".join(labels)) and not any(class_code(t) for t in labels))


def _is_economic(labels: Sequence[str]) -> bool:
    codes = sum(bool(re.match(r"30[1-39]\d{2}(?!\d)", t)) for t in labels)
    split = sum(t in ("301", "302", "303") for t in labels)
    return (
        codes >= 3
        or split >= 5
        or (sum(n in t for t in labels for n in _ECONOMIC_NAMES) >= 2 and any("基本工资" in t for t in labels))
    )


def _is_two_sided(grid: Grid, header: str, labels: Sequence[str]) -> bool:
    for row in grid.table.rows[grid.header :]:
        texts = [
            t
            for c in row
            if c.origin is None and (t := normalise(c.text[:40]).text) and (row[0].row, c.col) not in grid.quantities
        ]
        if (
            len(texts) >= 2
            and words().income_rows.find(texts[0]) in ("grand", "total")
            and words().expense_rows.find(texts[1]) in ("grand", "total")
        ):
            return any("支出" in t for t in (*texts[1:], header))
    return (
        "收入" in header
        and "支出" in header
        and sum(class_code(t) is not None for t in labels) >= 3
        and any("总计" in t for t in labels)
    )


def _two_sided_kind(named: str | None, header: str) -> str:
    if named in ("fiscal", "summary"):
        return named
    if named in ("fund", "capital", "general", "basic"):
        return "balance"
    return "fiscal" if "一般公共预算" in header and "政府性基金" in header else "summary"


def _item_kind(grid: Grid, named: str | None, header: str, labels: Sequence[str]) -> str | None:
    coded = sum(bool(re.match(r"[12]\d{2}(?:\d{2}){0,2}(?!\d)", t)) for t in labels)
    headed = "科目" in header or "功能分类" in header or ("类" in header and "款" in header)
    if not coded and not (headed and named):
        return None
    has_sources, has_basic = _SOURCE_COLUMN.search(header), "基本支出" in header and "项目支出" in header
    if has_sources and not has_basic:
        return "income"
    carries = re.search(r"年初.{0,6}结", header) and "本年收入" in header
    if named in ("fund", "capital", "general", "expense"):
        return named if has_basic or carries or named in ("fund", "capital") else None
    if not has_basic:
        return None
    if re.search(r"上缴上级|对附属单位", header):
        return "expense"
    return "items" if coded else None


def basis_of(grid: Grid, title: str, context: FormContext) -> str:
    texts = (title, "".join(header_texts(grid)), "".join(context.section[-2:]))
    for text in texts:
        if words().final.search(text):
            return "final"
        if words().budget.sub("", text) != text and not re.search(r"预算财政拨款", text):
            return "budget"
    return "final" if words().final.search("".join(texts)) else "budget"
