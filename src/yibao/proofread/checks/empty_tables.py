"""A note that says a table is empty must stand under an empty table, and only there (kind empty_table)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from yibao.proofread.document import Paragraph, Table
from yibao.proofread.findings import Check, Evidence, Verdict
from yibao.proofread.quantity import parse
from yibao.proofread.reading import FileReading, Reading

_EMPTY = re.compile(r"(?:本|该|此)表(?:为空表|为空|无数据|无内容|没有数据)|故(?:本)?表?(?:为空|无数据)")
NEAR = 4  #: blocks between a table and its note


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        for i, block in enumerate(file.source.blocks):
            if isinstance(block, Paragraph) and (m := _EMPTY.search(file.norms[i].text)):
                check = _note(file, i, m)
                if check is not None:
                    yield check


def _note(file: FileReading, i: int, m: re.Match[str]) -> Check | None:
    above = next((j for j in range(i - 1, max(-1, i - 1 - NEAR), -1) if isinstance(file.source.blocks[j], Table)), None)
    if above is None:
        return None
    table = file.source.blocks[above]
    assert isinstance(table, Table)
    amounts = [
        q for row in table.rows for cell in row if (q := parse(cell.text)) is not None and q.decimals and q.value
    ]
    norm = file.norms[i]
    start, end = norm.span(max(0, m.start() - 40), m.end())
    evidence = Evidence(norm.raw[start:end], replace(file.place(i), start=start, end=end))
    if not amounts:
        return Check("empty_table", Verdict.CONSISTENT, evidence, m.group(), None, "空表附有说明")
    message = f"说明称“{m.group()}”，但上面的表中有{len(amounts)}个金额（如{amounts[0].raw}）"
    return Check(
        "empty_table",
        Verdict.INCONSISTENT,
        evidence,
        m.group(),
        "删去说明",
        message,
        "疑模板说明未删",
        (Evidence(table.quote(0), file.place(above)),),
    )
