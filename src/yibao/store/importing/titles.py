"""What the title of a sheet says for all its rows: the month, the year, the insurance, the hospital. Pure; only what can mean one thing.

The rows above the headings are asked first, then the name of the sheet, then that of the file; a place that names two says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from yibao.store.importing.headings import plain
from yibao.vocabulary.tables import Codes, Column, Table, Vocabulary

_MONTH = re.compile(
    r"(?<!\d)(20\d\d)(?:年度?|[-./])(1[0-2]|0?[1-9])(?:月(?!\d)|(?![\d日]))|(?<!\d)(20\d\d)(1[0-2]|0[1-9])(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|(?!\d))|(?<!\d)(20\d\d)(?:1[0-2]|0[1-9])(?!\d)")
_SPAN = re.compile(r"\d月?(?:至|到|[-—~～])\d{1,2}月")
_PROVIDER_CODE = re.compile(r"(?:机构|医院)(?:编码|编号|代码)\s*[:：(（]?\s*([a-z]?\d[0-9a-z]{5,})", re.IGNORECASE)
_PROVIDER_NAME = re.compile(
    r"(?:机构名称|医院名称|定点机构|医疗机构|机构|医院|单位名称)\s*[:：]\s*([^\s:：,，。;；()（）]{3,30})"
)
_HOSPITAL = re.compile(
    r"([\u4e00-\u9fff]{2,20}?(?:医院|卫生院|保健院|服务中心|医疗中心|疗养院|门诊部))(?:[(](?:本部|总院)[)])?"
)
_DATED = re.compile(r"^.*?(?:年度?|月份?|\d)(?=[\u4e00-\u9fff])")


def titled(
    table: Table, above: Sequence[Sequence[str]], names: Iterable[str], vocabulary: Vocabulary
) -> dict[str, str]:
    """Column → what the title says, for the columns of the table that may stand there. `names`: of the sheet and of the file."""
    if table.foreign is None:
        return {}
    cells = [cell for row in above for cell in dict.fromkeys(row) if plain(cell)]
    found = {}
    for name in table.foreign.titled:
        read = _reader(table.by_name[name], vocabulary)
        if read is not None and (said := _said(read, [cells, *([one] for one in names)])):
            found[name] = said
    return found


def _said(read: Callable[[str], set[str]], places: Sequence[Sequence[str]]) -> str:
    for place in places:
        values: set[str] = set().union(*(read(cell) for cell in place))
        if len(values) == 1:
            return next(iter(values))
        if values:
            return ""
    return ""


def _reader(column: Column, vocabulary: Vocabulary) -> Callable[[str], set[str]] | None:
    if column.name == "provider_code":
        return _provider
    if (codes := vocabulary.codes_of(column)) is not None:
        return lambda text: _coded(plain(text), codes)
    read = _BY_TYPE.get(column.type)
    return (lambda text: read(plain(text))) if read is not None else None


def _months(text: str) -> set[str]:
    """
    >>> _months("示例市2025年3月dip月预结算表"), _months("dip结算202503"), _months("2025年度"), _months("打印日期:2025-04-02")
    ({'202503'}, {'202503'}, set(), set())
    """
    if _SPAN.search(text) or "日期" in text:
        return set()
    return {f"{a or c}{int(b or d):02d}" for a, b, c, d in _MONTH.findall(text)}


def _years(text: str) -> set[str]:
    """
    >>> _years("2025年度清算表"), _years("dip结算202503")
    ({'2025'}, {'2025'})
    """
    return set() if "日期" in text or "号" in text else {a or b for a, b in _YEAR.findall(text)}


def _days(text: str) -> set[str]:
    """The first day of the month that is named: no day is known, the month is.

    >>> _days("2025年3月分组结果")
    {'2025-03-01 00:00:00'}
    """
    return {f"{month[:4]}-{month[4:]}-01 00:00:00" for month in _months(text)}


def _provider(text: str) -> set[str]:
    """A code where one is written, else the name of a hospital.

    >>> _provider("机构编码：H99042100001"), _provider("2025年3月甲县人民医院dip结算明细"), _provider("医疗机构：甲县人民医院　月份：3月")
    ({'H99042100001'}, {'甲县人民医院'}, {'甲县人民医院'})
    """
    if codes := _PROVIDER_CODE.findall(text):
        return {code.upper() for code in codes}
    if names := _PROVIDER_NAME.findall(text):
        return {found[0] if (found := _HOSPITAL.findall(name)) else name for name in names}
    text = plain(text)
    return {name for said in _HOSPITAL.findall(text) if (name := _DATED.sub("", said)) and "定点医" not in name}


def _coded(text: str, codes: Codes) -> set[str]:
    """Values whose label or spoken name stands there.

    >>> _coded("城乡居民dip月结算", Codes(label="险种", status="own", source="", values={"390": "居民医保"}, spoken={"居民": "390"}))
    {'390'}
    """
    words: Mapping[str, str] = {**{label: value for value, label in codes.values.items()}, **codes.spoken}
    return {value for word, value in words.items() if len(word) > 1 and plain(word) in text}


_BY_TYPE: Mapping[str, Callable[[str], set[str]]] = {"month": _months, "year": _years, "time": _days, "code": _years}
