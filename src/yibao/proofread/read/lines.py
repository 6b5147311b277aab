"""One line of a flat text, and what a line looks like: heading, list item, title of a table, unit, note, number.

Every other reader of flat text asks here, so that a pattern is written once. All patterns are anchored or bounded, and
nothing here looks at more than the first `LONGEST_MARK` characters of a line: a line may be ten megabytes long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_MARK = 200
TERMINAL = "。！？!?；;：:…"
NEVER_FIRST = "，。、；：）)》”〉％%！？"  #: marks that a typesetter does not put at the beginning of a line
CLOSING = "”’」』》〉）)】]*_~\"'"
SPACES = " \u3000\u00a0\u2002\u2003\u2009\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. `start` is its offset in the whole text, `number` counts from 1 (0: lines have none)."""

    text: str
    start: int
    number: int
    page: int | None = None
    full: bool | None = None  #: reaches the right margin, where the layout is known (PDF)
    indented: bool = False  #: begins further right than the text block: a new paragraph (PDF)

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def blank(self) -> bool:
        """Nothing printed. A line of tabs is not blank: it is a row of empty cells."""
        return not self.text or (self.text[0] in SPACES and not self.text.strip(SPACES))


_NUMERAL = "一二三四五六七八九十百"
_BEGINNING = re.compile(
    rf"""(?:
    \#{{1,6}}\s | >\s | [-*+•·●■◆★▲※]\s | \*\*\S | \|          # Markdown
  | [{_NUMERAL}]{{1,4}}\s?[、．.] | [（(]\s?[{_NUMERAL}]{{1,4}}\s?[)）]
  | 第\s?[{_NUMERAL}\d]{{1,4}}\s?[章节部分条]
  | \d{{1,2}}\s?(?:、|[．.](?!\d)) | [（(]\s?\d{{1,2}}\s?[)）] | \d{{1,2}}[)）] | [①-⑳]
  | 附\s?[件表录] | 注\s?\d?\s?[：:] | 备\s?注\s?[：:] | 说\s?明\s?[：:] | 抄送[：:] | 公开\s?\d{{1,2}}\s?表
  | (?:金额)?单位\s?[：:]
  | (?:部门|编制单位|单位名称|预算部门|填[报表](?:单位|人|日期)|联系(?:人|电话)|单位负责人|填报日期)\S{{0,8}}\s?[：:]
  | 指标\s?\d{{1,2}}\s?[：:] | 任务\s?\d{{1,2}}\s?[：:] | 表\s?\d{{1,2}}(?:[-—]\d{{1,2}})?[：:\s]
    )""",
    re.X,
)
_UNIT = re.compile(
    r"(?:金额|计量|货币)?单\s{0,4}位\s{0,4}[：:]\s{0,4}(?:人民币)?([千百万亿]{0,2}元|[千万]?人次?|[%％]|家|个)"
)
_UNIT_IN_TITLE = re.compile(r"[（(]\s?(?:金额)?(?:单位[：:])?\s?([千百万亿]{0,2}元|[万]?人)\s?[)）]")
_NOTE_BEFORE = re.compile(
    r"(?:公开\s?\d{1,2}\s?表|(?:[（(])?(?:金额|计量)?单\s{0,4}位\s{0,4}[：:]|部\s{0,4}门\s?(?:[（(]单位[)）])?(?:名称)?\s?[：:]"
    r"|(?:编制|填报|预算)\s?(?:单位|部门)\s?(?:[（(]\S{1,6}[)）])?\s?[：:]|单位名称\s?[：:]|附\s?[件表]\s?\d{0,2}(?:[-—]\d{1,2})?\s?[：:]?$"
    r"|表\s?\d{1,2}(?:[-—]\d{1,2})?\s?$|[预决]{1,2}算\s?\d{1,2}\s?表|财决\S{0,12}表|(?:填报|编制)?日期\s?[：:]|\d{4}\s?年度?\s?$)"
)
_NOTE_AFTER = re.compile(
    r"(?:注\s?\d?\s?[：:]|备\s?注\s?[：:]|说\s?明\s?[：:]|填\s?[报表]\s?(?:人|日期|时间)|制表|审核|复核|联系(?:人|电话)|单位负责人|负责人|日期\s?[：:]|\d{1,2}\s?[.、]\s?本[表套])"
)
_TITLE_WORD = re.compile(r"表|情况|一览|明细|统计")
_MARKUP = re.compile(r"^[#*>\s]+|[*\s]+$")
_NUMBER = re.compile(r"[-−－—+＋△▲]?[(（]?[-−－]?[¥￥]?\d[\d,，]*(?:[.．]\d+)?[)）]?\s?(?:%|％|‰)?$")
_EMPTY = re.compile(r"[-—－–─/\\×✕无…]{1,4}$")
_UNBROKEN = re.compile(r"[\dA-Za-z.,%:/+-]{0,40}")
_LABEL_DIGITS = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")


def width(text: str) -> int:
    """Printed width in half columns: a Chinese character counts 2."""
    return sum(2 if char > "\u2e7f" else 1 for char in text)


def unbroken(text: str) -> int:
    """Half columns at the beginning of a line that a typesetter keeps together: a number, a word, a mark behind it.

    >>> unbroken("1997.21万元"), unbroken("金。下一步"), unbroken("万元")
    (7, 4, 0)
    """
    line = text[:LONGEST_MARK].lstrip(SPACES + "\t")
    found = _UNBROKEN.match(line)
    run = len(found[0]) if found else 0
    first = run or 1
    marked = line[first : first + 1] in NEVER_FIRST and len(line) > first
    return (run + 2 if run else 4) if marked else run


def begins_anew(text: str) -> bool:
    """The line opens something of its own: a heading, a list item, a note, a unit, a table row.

    >>> begins_anew("７．开展培训"), begins_anew("７６．５９ 万元，支出决算")
    (True, False)
    """
    return bool(_BEGINNING.match(text[:LONGEST_MARK].lstrip(SPACES + "\t")))


def heading_level(text: str) -> int | None:
    """The level that Markdown declares with #, None without."""
    marks = len(text) - len(text.lstrip("#"))
    return marks if 1 <= marks <= 6 and text[marks : marks + 1] in {" ", "\u3000"} else None


def ends_sentence(text: str) -> bool:
    """The line ends in closing punctuation, quotes and brackets after it left aside."""
    tail = text[-LONGEST_MARK:].rstrip(SPACES + "\t")
    return tail.rstrip(CLOSING)[-1:] in TERMINAL if tail else False


def is_number(text: str) -> bool:
    """The whole cell is one number: 1,234.50, 95.44%, -5, (5.2), ２３."""
    return len(text) <= 40 and bool(_NUMBER.match(text.strip().translate(_LABEL_DIGITS)))


def is_figure(text: str) -> bool:
    """A number, or one of the marks that stand for none: —, 无, ×."""
    bare = text.strip()
    return is_number(bare) or bool(_EMPTY.match(bare))


def unit_of(text: str) -> str:
    """The unit that a line declares for a table: "单位：万元" gives 万元."""
    found = _UNIT.search(text[:LONGEST_MARK])
    return found[1].replace("％", "%") if found else ""


def unit_in_title(text: str) -> str:
    """The unit in brackets behind a title: "收入情况（万元）" gives 万元."""
    found = _UNIT_IN_TITLE.search(text[:LONGEST_MARK])
    return found[1] if found else ""


def bare(text: str) -> str:
    """The line without Markdown marks and outer spaces."""
    return _MARKUP.sub("", text.strip(SPACES)) if len(text) <= LONGEST_MARK else text.strip(SPACES)


def is_note_before(text: str) -> bool:
    """A line of the kind printed between a table's title and the table: 公开01表, 单位：, 部门：, 附件2."""
    return len(text) <= 120 and bool(_NOTE_BEFORE.match(bare(text)))


def is_note_after(text: str) -> bool:
    """A line of the kind printed under a table: 注：, 填表人：, 填报日期：."""
    return bool(_NOTE_AFTER.match(bare(text[:LONGEST_MARK])))


def is_title(text: str) -> bool:
    """A short line that may be a table's title: it names a 表, 情况, 明细 and is no sentence."""
    line = bare(text)
    return (
        2 < len(line) <= 60
        and bool(_TITLE_WORD.search(line))
        and not any(mark in line for mark in "。；;，,？！\t|")
        and line[-1] not in "：:、"
        and not is_note_after(line)
    )
