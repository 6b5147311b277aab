"""The bureau's own words: figures/文字/*.md, one file a section, figures quoted so that no number is typed twice.

Paragraphs (blank lines between), lists (- or 1.), **bold**, nothing else. UserError with file and line for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yibao.appraise.folder import ROOT
from yibao.appraise.leftovers import older_years, surely_older
from yibao.appraise.literal_yaml import BLANK_MARK
from yibao.appraise.report.composed import Paragraph, Remark, Run
from yibao.appraise.report.speech import quoted
from yibao.appraise.report.voice import Voice
from yibao.errors import UserError

TEXTS = "文字"
LIMIT = 200_000  #: bytes of one file
LONGEST = 5_000  #: characters of one line
_ITEM = re.compile(r"\s*(?:[-*+]|(?P<number>\d{1,2})[.、)])\s+(?P<rest>.*)")
_REFUSED = (
    (re.compile(r"\s*#{1,6}(\s|$)"), "不能写标题，标题由版式给出；一节一个文件"),
    (re.compile(r"\s*\|.*\|"), "不能写表格，表由程序生成"),
    (re.compile(r".*!?\[[^\]]*\]\([^)]*\)"), "不能写链接和图片"),
    (re.compile(r".*<[/!a-zA-Z][^>]*>"), "不能写网页标记"),
    (re.compile(r".*(```|~~~|`)"), "不能写代码标记"),
    (re.compile(r"\s*([-*_]\s*){3,}$"), "不能写分隔线"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """Lines of a file that make one paragraph. `at`: the first of them, from 1."""

    words: str
    at: int
    item: str = ""  #: the number before it, where it is one of a numbered list


@dataclass(frozen=True, slots=True)
class OwnText:
    """One file of the bureau's words."""

    shown: str
    lines: tuple[Line, ...]
    blank: bool = False  #: the template's mark still stands in it


def read_texts(folder: Path) -> Mapping[str, OwnText]:
    """The files of `folder`/figures/文字 by their name without extension, none where there is no such folder."""
    root = folder / ROOT / TEXTS
    found = sorted(root.glob("*.md")) if root.is_dir() else []
    return {file.stem: read_text(file, f"{TEXTS}/{file.name}") for file in found}


def read_text(path: Path, shown: str) -> OwnText:
    """One file as paragraphs."""
    try:
        if path.stat().st_size > LIMIT:
            raise UserError(f"“{shown}”超过 {LIMIT // 1000} KB，不像是一节文字，没有读取。请检查放错了文件没有。")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"“{shown}”不是 UTF-8 编码，请用 UTF-8 另存后再运行。") from error
    except OSError as error:
        raise UserError(f"“{shown}”打不开（{error.strerror}），请检查文件和权限。") from error
    if BLANK_MARK in text:
        return OwnText(shown, (), blank=True)
    return OwnText(shown, tuple(_paragraphs(text, shown)))


def _paragraphs(text: str, shown: str) -> Iterator[Line]:
    held: Line | None = None
    for at, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        _refuse(line, at, shown)
        item = _ITEM.fullmatch(line)
        if held is not None and (item or not line.strip()):
            yield held
            held = None
        if item:
            held = Line(item["rest"].strip(), at, item["number"] or "")
        elif line.strip():
            held = replace(held, words=_joined(held.words, line.strip())) if held else Line(line.strip(), at)
    if held is not None:
        yield held


def _joined(first: str, second: str) -> str:
    """Two lines of one paragraph: a blank only between Latin letters."""
    space = " " if first[-1].isascii() and first[-1].isalnum() and second[0].isascii() and second[0].isalnum() else ""
    return f"{first}{space}{second}"


def _refuse(line: str, at: int, shown: str) -> None:
    where = f"“{shown}”第 {at} 行"
    if len(line) > LONGEST:
        raise UserError(f"{where}有 {len(line)} 个字，太长了，请分段。")
    if _CONTROL.search(line):
        raise UserError(f"{where}有看不见的控制字符，请删去后再运行。")
    for pattern, why in _REFUSED:
        if pattern.match(line):
            raise UserError(f"{where}{why}。只用段落、列表和 **加粗**。")


def told(own: OwnText, voice: Voice) -> Iterator[Paragraph]:
    """The paragraphs with their quotes filled in; UserError with file and line for a quote that is none."""
    for line in own.lines:
        try:
            runs = tuple(_bold(line.words, voice))
        except ValueError as error:
            raise UserError(f"“{own.shown}”第 {line.at} 行：{error}，请改正。") from error
        yield Paragraph(runs, item=int(line.item or 0))


def _bold(words: str, voice: Voice) -> Iterator[Run]:
    pieces = words.split("**")
    if len(pieces) % 2 == 0:
        raise ValueError("** 没有成对")
    for i, piece in enumerate(pieces):
        for run in quoted(voice, piece):
            yield replace(run, bold=bool(i % 2))


def stale(own: OwnText, year: int) -> Iterator[Remark]:
    """Clauses that still name an older year and compare nothing with it."""
    for line in own.lines:
        for clause, old in older_years(line.words, year):
            yield Remark(f"{own.shown} 第 {line.at} 行", f"“{clause}”还写着 {old} 年，评价的是 {year} 年度")


def wrong_years(own: OwnText, voice: Voice) -> Iterator[Remark]:
    """Clauses that surely tell of another year than the appraised one."""
    year = voice.appraisal.bureau.year
    for line in own.lines:
        for clause, old in older_years(line.words, year):
            if surely_older(clause):
                yield Remark(f"{own.shown} 第 {line.at} 行", f"“{clause}”写的是 {old} 年，评价的是 {year} 年度")
