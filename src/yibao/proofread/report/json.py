"""The report for programs: the JSON contract of `Report.as_dict`, one object for one file, a list for several."""

from __future__ import annotations

import json
from collections.abc import Sequence

from yibao.proofread.findings import Report


def render_json(reports: Sequence[Report], as_list: bool) -> str:
    """JSON text, Chinese as it is, two blanks of indent; the same reports give the same text.

    `as_list` is for a directory or several files: a list then, even of one. A lone surrogate, which a broken file name
    can carry, becomes "?", because the text must be writable as UTF-8.
    """
    objects = [report.as_dict() for report in reports]
    text = json.dumps(objects if as_list or len(objects) != 1 else objects[0], ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode("utf-8")
