"""The closing check: the finished documents are proofread before anything is published.

appraise does not know the proofreader: the command line hands it in. An error blocks publication. A warning blocks it
until the bureau explains it in 取舍.yaml (提醒说明, by the name that is told here) and the report prints that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.choices import FILE as CHOICES
from yibao.appraise.choices import Answer
from yibao.appraise.declared import listed
from yibao.appraise.publish import Document, forms_documents, write_documents
from yibao.errors import UserError
from yibao.vocabulary.labels import normal


@dataclass(frozen=True, slots=True)
class Remarked:
    """What the proofreader says of a finished document. `info`: rounding, or a warning that the documents explain."""

    level: Literal["error", "warning", "info"]
    name: str  #: by which 取舍.yaml explains it
    said: str
    place: str


Proofreader = Callable[[Path], Sequence[Remarked]]


def proofread_documents(appraisal: Appraisal, more: Sequence[Document], proofread: Proofreader) -> Sequence[Remarked]:
    """What is said of the year's documents, written into a folder that nobody sees; `more` as in `publish`."""
    with TemporaryDirectory(prefix="yibao-") as folder:
        write_documents([*more, *forms_documents(appraisal)], Path(folder))
        return proofread(Path(folder))


def unexplained(remarks: Sequence[Remarked], answers: Sequence[Answer]) -> tuple[str, ...]:
    """What still keeps the documents from being published; UserError for explanations of nothing."""
    known = {normal(remark.name) for remark in remarks}
    idle = [answer.about for answer in answers if normal(answer.about) not in known]
    if idle:
        raise UserError(f"“{CHOICES}”的提醒说明里这些条目没有对应的提醒，请删去或改正名称：\n{listed(idle)}")
    return tuple(dict.fromkeys(_told(remarks, {normal(answer.about) for answer in answers})))


def _told(remarks: Sequence[Remarked], answered: set[str]) -> Iterator[str]:
    for remark in remarks:
        where = f"{remark.place}：{remark.said}"
        if remark.level == "error":
            yield f"校对出错误，{where}。请改正数据、取舍或文字"
        elif remark.level == "warning" and normal(remark.name) in answered:
            yield f"校对的提醒【{remark.name}】，{where}。提醒说明没有印在报告里，或没有说出原因，请补正"
        elif remark.level == "warning":
            yield f"校对的提醒【{remark.name}】，{where}。请改正，或在“{CHOICES}”的提醒说明里照此名称写明理由"
