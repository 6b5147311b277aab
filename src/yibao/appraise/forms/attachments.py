"""Which forms a year has, in the order of the attachments: numbers, titles, names of files and of sheets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.accounts import accounts
from yibao.appraise.forms.base_data import base_data
from yibao.appraise.forms.booklet import booklet
from yibao.appraise.forms.funds import funds
from yibao.appraise.forms.government_fund import government_fund
from yibao.appraise.forms.institutions import institutions
from yibao.appraise.forms.scorecard import scorecard
from yibao.appraise.forms.scoresheet import scoresheet
from yibao.appraise.forms.shape import Attached, shapes, told
from yibao.appraise.forms.table import Form

LONGEST_NAME = 40  #: characters of a project in a file name: 255 bytes is what file systems take, a character has three
_FORBIDDEN = re.compile(r"[\\/:*?\"<>|\s]+")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment of the report, number 0 for forms that stand inside its text. `files`: (name of the workbook without
    its ending, the label in it, its forms), none for forms that are no workbook."""

    number: int
    title: str
    forms: tuple[Form, ...]
    files: tuple[tuple[str, str, tuple[Form, ...]], ...]


def attachments(appraisal: Appraisal) -> tuple[Attachment, ...]:
    """The attachments that the year's figures fill, numbered from 1 without gaps; forms inside the report have no number."""
    found: list[Attachment] = []
    layout, number = appraisal.bureau.layout, 0
    for attached in shapes(layout).attachments:
        wanted = not attached.layouts or layout in attached.layouts
        forms = _forms(attached, appraisal) if wanted else ()
        if forms:
            number += not attached.inside
            own = 0 if attached.inside else number
            found.append(Attachment(own, told(attached.title, appraisal), forms, tuple(_files(attached, own, forms))))
    return tuple(found)


def _forms(attached: Attached, appraisal: Appraisal) -> tuple[Form, ...]:
    if attached.forms == "base_data":
        return _present(base_data(appraisal))
    if attached.forms == "government_fund":
        return _present(government_fund(appraisal))
    if attached.forms in _SEVERAL:
        return _SEVERAL[attached.forms](appraisal)
    own = attached.forms == "projects"
    return tuple(scoresheet(appraisal, sheet) for sheet in appraisal.sheets if bool(sheet.filed.sheet.project) == own)


_SEVERAL: Mapping[str, Callable[[Appraisal], tuple[Form, ...]]] = {
    "accounts": accounts, "funds": funds, "scorecard": scorecard, "institutions": institutions, "booklet": booklet,
}  # fmt: skip


def _present(form: Form | None) -> tuple[Form, ...]:
    return () if form is None else (form,)


def _files(attached: Attached, number: int, forms: tuple[Form, ...]) -> Iterator[tuple[str, str, tuple[Form, ...]]]:
    """One file an attachment; one a project where there are projects; none without a name."""
    if not attached.file:
        return
    if not number:
        yield attached.file, "", forms
        return
    if attached.forms != "projects":
        yield f"附件{number}-{attached.file}", f"附件{number}", forms
        return
    for at, form in enumerate(forms, 1):
        label = f"附件{number}-{at}" if len(forms) > 1 else f"附件{number}"
        project = file_words(form.id.partition(":")[2])
        yield f"{label}-{attached.file}（{project}）", label, (form,)


def file_words(text: str) -> str:
    """A name as a part of a file name on every system: no separators, no control characters, not too long.

    >>> file_words("能力/提升: “一期” "), len(file_words("长" * 300))
    ('能力_提升_“一期”', 40)
    """
    plain = "".join("_" if unicodedata.category(c)[0] == "C" else c for c in unicodedata.normalize("NFC", text))
    return _FORBIDDEN.sub("_", plain)[:LONGEST_NAME].strip("._ ") or "项目"
