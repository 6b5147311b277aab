"""A new folder filled in by program, as a clerk would: line by line, until no blank is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from yibao.appraise.appraisal import Appraisal
from yibao.appraise.naming import basis_named, figure_named
from yibao.appraise.typed import Key

BLANK = "【待填】"
DAYS = {"自评": "2027-04-12", "填报": "2027-04-20", "落款": "2027-04-22", "公开": "2027-04-29"}


def fill(folder: Path, last: Appraisal, changed: Mapping[Key, str]) -> None:
    """Every blank of `folder` with last year's number, or with what is `changed`; the rest in words."""
    root = folder / "figures"
    for file in sorted((root / "数据").glob("*.yaml")):
        file.write_text(_data(file.read_text(encoding="utf-8"), last, changed), encoding="utf-8")
    for file in [root / "单位.yaml", *(root / "指标").glob("*.yaml")]:
        lines = file.read_text(encoding="utf-8").splitlines()
        sheet = next((s.filed for s in last.sheets if s.filed.shown.endswith(file.name)), None)
        text = "\n".join(_words(line, sheet) for line in lines) + "\n"
        file.write_text(text, encoding="utf-8")
        assert BLANK not in text, [line for line in text.splitlines() if BLANK in line]


def _data(text: str, last: Appraisal, changed: Mapping[Key, str]) -> str:
    out, scope, bases = [], "", [""]
    for line in text.splitlines():
        if line.startswith("  - 来源"):
            scope, bases = "", [""]
        elif found := re.fullmatch(r"    范围: (.*)", line):
            scope = found[1].strip('"')
        elif found := re.fullmatch(r"    口径: (.*)", line):
            bases = [found[1]]
        elif found := re.fullmatch(r"    列: \[(.*)\]", line):
            bases = found[1].split(", ")
        elif BLANK in line and (found := re.match(r"      ([\w.]+): (.*?)  #", line)):
            cells = found[2].strip("[]").split(", ")
            filled = [
                _number(found[1], scope, b, last, changed) if c == BLANK else c
                for b, c in zip(bases, cells, strict=True)
            ]
            line = f"      {found[1]}: " + (filled[0] if len(bases) == 1 else f"[{', '.join(filled)}]")
        out.append(line)
    return "\n".join(out) + "\n"


def _number(figure: str, scope: str, basis: str, last: Appraisal, changed: Mapping[Key, str]) -> str:
    known = figure_named(figure)
    key = Key(known.id, scope, last.bureau.year, basis_named(basis, known))
    typed = last.book.chosen[key]
    return changed.get(key, typed.number.text)


def _words(line: str, filed: object) -> str:
    kind = re.search(r"类别: (\w+)", line)
    if kind:
        return line.replace(BLANK, DAYS[kind[1]])
    if "偏差原因" in line:
        return line.split(":")[0] + ": 专项资金年中下达，当年没有全部支出"
    if "当年财政拨款" in line:
        return (
            line.replace("全年预算: 【待填】, 全年执行: 【待填】", "全年预算: 652, 全年执行: 601.5")
            if "年初" not in line
            else re.sub(BLANK, "24", line)
        )
    row = re.search(r"分值: ([\d.]+)", line)
    target = re.search(r"目标: ([^,]+)", line)
    if row and target:
        line = line.replace("得分: 【待填】", f"得分: {Decimal(row[1])}")
        actual = {"652": "601.5", "24": "24", "80": "100", "90": "100"}.get(target[1], target[1])
        return line.replace(BLANK, actual)
    return line.replace(BLANK, "按要求完成")
