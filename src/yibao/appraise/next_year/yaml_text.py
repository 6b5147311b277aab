"""YAML as a clerk would type it: plain words where that is safe, quotes where it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

#: words, numbers and Chinese punctuation; nothing that YAML reads as its own
_PLAIN = re.compile(r"(?![-?.%\s])[\w\u4e00-\u9fff≥≤【】“”《》（）、，。；：·.%/÷＋\- ]*[\w\u4e00-\u9fff】”》）。%≥≤]")
_EMPTY = '""'


def scalar(text: str) -> str:
    """A value in one line.

    >>> scalar("完成率"), scalar("{dept.balance}"), scalar("1.20"), scalar("%"), scalar("")
    ('完成率', '"{dept.balance}"', '1.20', '"%"', '""')
    """
    if not text:
        return _EMPTY
    return text if _PLAIN.fullmatch(text) or text in ("≥", "≤", "—") else json.dumps(text, ensure_ascii=False)


def flow(pairs: Mapping[str, str]) -> str:
    """A mapping in one line, empty values left out.

    >>> flow({"文件": "附件1", "表": ""})
    '{文件: 附件1}'
    """
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in pairs.items() if value) + "}"


def flow_list(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(scalar, values)) + "]"
