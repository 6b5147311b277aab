"""The forms of the year as attachments of its reports."""

from __future__ import annotations

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.forms.attachments import attachments
from yibao.appraise.report.composed import Attachment


def attachments_of(appraisal: Appraisal) -> tuple[Attachment, ...]:
    """The forms that the year's figures fill, in the order of the attachments."""
    return tuple(Attachment(a.title, a.forms, inside=not a.number) for a in attachments(appraisal))
