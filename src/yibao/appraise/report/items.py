"""What a section may consist of besides sentences: forms, and the items of the functional classification (类款项)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.accounts import codes_of
from yibao.appraise.forms.table import Form
from yibao.appraise.quotes import NotInBook
from yibao.appraise.report.composed import Attachment, Paragraph, Run, Section
from yibao.vocabulary.classification import load_classification

SPENT = "dept.expense.general"  #: the figure whose items final accounts go through one by one
OWN_ITEM = "科目-"  #: 文字/科目-<code>.md: why an item's result differs from its budget


def forms_named(attachments: Sequence[Attachment], pattern: str) -> tuple[Form, ...]:
    """The forms whose id fits, in their order; NotInBook where none does."""
    found = tuple(form for attachment in attachments for form in attachment.forms if fnmatchcase(form.id, pattern))
    if not found:
        raise NotInBook("数据里没有这张表的数")
    return found


def tables(attachments: Sequence[Attachment], pattern: str) -> Iterator[Section]:
    """A section for each form, headed by its title, on a page of its own."""
    for form in forms_named(attachments, pattern):
        yield Section(Paragraph((Run(form.title),), "table"), forms=(form,), apart=True)


def listed(attachments: Sequence[Attachment]) -> Iterator[Paragraph]:
    """The attachments behind the report, by number and title."""
    behind = [attachment for attachment in attachments if not attachment.inside]
    if not behind:
        raise NotInBook("没有附件")
    for number, attachment in enumerate(behind, 1):
        yield Paragraph((Run(f"{number}.{attachment.title}"),))


def spent_on(appraisal: Appraisal) -> list[str]:
    """The codes that general public money was spent on, the lowest level of each; NotInBook where there are none."""
    names = load_classification("functional")
    codes = codes_of(appraisal, [SPENT], names)
    lowest = [code for code in codes if not any(other != code and other.startswith(code) for other in codes)]
    if not lowest:
        raise NotInBook("数据里没有按科目的一般公共预算财政拨款支出（范围写科目编码）")
    return lowest


def in_full(code: str, year: int) -> str:
    """A code as final accounts name it, by class, group and item.

    >>> in_full("2101501", 2025)
    '卫生健康支出（类）医疗保障管理事务（款）行政运行（项）'
    """
    names = load_classification("functional")
    path = (*names.parents(code), code)
    return "".join(f"{names.name_of(c, year) or c}（{names.level_names[(names.level(c) or 1) - 1]}）" for c in path)
