"""What a document is: kind, evaluated year, bureau, region (guide §7.3). It selects formula versions and obligations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: kind → words of the title or the first pages that speak for it, most telling first
KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("部门决算公开", ("部门决算", "单位决算", "决算公开", "收入支出决算总表")),
    (
        "部门预算公开",
        (
            "部门预算公开",
            "单位预算公开",
            "预算公开",
            "级部门预算",
            "级单位预算",
            "年部门预算",
            "年单位预算",
            "年度部门预算",
            "年度单位预算",
            "收支预算总表",
        ),
    ),
    ("项目支出绩效自评报告", ("项目支出绩效自评报告", "项目绩效自评报告", "项目支出绩效评价报告", "专项资金绩效")),
    ("整体支出绩效自评报告", ("整体支出绩效", "部门整体支出", "绩效自评报告", "自评报告", "绩效评价报告")),
    ("基金预决算表", ("保险基金预决算", "基金决算", "基金预算", "社会保险基金预", "社会保险基金决")),
    ("基础数据表", ("基础数据表",)),
    ("自评表", ("自评表", "评分表")),
)
SUMMARY = "工作总结"
CLOSED = frozenset(
    ("部门决算公开", "项目支出绩效自评报告", "整体支出绩效自评报告", "基金预决算表", "基础数据表", "自评表", SUMMARY)
)  #: kinds that look back on a year that is over
LEAST_SPOKEN = 4  #: sentences that speak of another year before the title is not believed
HEAD = 40  #: lines that are read as the beginning of a document

_SUMMARY = re.compile(r"年度?[^，。；]{0,30}工作(?:情况|总结|报告)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})年?度?")
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d{2})年?度")
_SPOKEN_YEAR = re.compile(r"(?<!\d)(?<![与比较])(20\d{2})年(?!\d{1,2}月(?!31日|底))")
_HEAD_YEAR = re.compile(r"(?<!\d)(20\d{2})(?:年度?|度)(?!\d{1,2}月)(?!\d)")
_TITLE_WORDS = ("报告", "决算", "预算", "自评表", "数据表", "情况表", "收支表")
_ORGAN = r"(?:局|委员会|办公室|办事处|中心|厅|委|院|政府|协会|联合会|总工会|总队|支队|大队|学校|社会工作部|组织部|宣传部|统战部|管理委员会|管委会|监委)"
_LABELLED = re.compile(
    r"(?:(?:评价|预算|编制|填报|决算|主管|实施|报送|申报)?(?:单位|部门)(?:（单位）|（部门）)?(?:名称)?|预算主管部门)(?:（(?:公章|盖章|签章|名称)）)?[：:]"
    r"(?P<name>[\u4e00-\u9fff]{3,30}?)(?=单位[：:]|单位（|部门[：:]|联系|填报|[^\u4e00-\u9fff]|$)"
)
_TITLED = re.compile(
    rf"^(?:附件\d*[：:]?|第[一二三四五]部分)?(?P<name>[\u4e00-\u9fff]{{2,26}}?{_ORGAN})(?:（本级）|机关|本级|部门|单位|\(汇总\)|（汇总）)?(?=(?:关于)?20\d{{2}}|概况|主要职能|整体支出|部门整体)"
)
_YEAR_TITLED = re.compile(
    rf"^20\d{{2}}年?度?(?P<name>[\u4e00-\u9fff]{{2,26}}?{_ORGAN})(?=部门|整体|单位|项目|财政|决算|预算|绩效)"
)
_BUREAU = re.compile(r"[\u4e00-\u9fff]{2,14}?(?:医疗保障局|医保局|医疗保障事务中心|医疗保障服务中心|医疗保险服务中心)")
_ALONE = re.compile(rf"^[\u4e00-\u9fff]{{2,26}}{_ORGAN}$")
_GLUED = re.compile(
    r"^.*(?:年度|年|的|由|及|和|与|对|是|为|以|在|本|向|将|到|从|经|据|至|我|该)(?=[\u4e00-\u9fff]{4,})"
)
_GENERIC = re.compile(
    r"^(?:本|我|各|全|该|其他|有关|主管|省|市|县|区|国家)?(?:部门|单位|局|中心|财政局|财政厅|财政部门|主管部门|医疗保障局|医保局|医保中心|局机关|局办公室|办公室|财政所)$"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """`year` is the evaluated (fiscal) year; `bureau` the name most often printed; both may be unknown."""

    title: str
    kind: str
    year: int | None
    bureau: str

    @property
    def closed(self) -> bool:
        """The document looks back on a year that is over, unlike a budget."""
        return self.kind in CLOSED


def read_profile(lines: Sequence[str], file_name: str) -> Profile:
    """`lines` are normalised texts in order: paragraphs, captions, and the file's name as a last resort."""
    head = [line for line in lines[:HEAD] if line]
    title = _title(head) or file_name
    return Profile(title, _kind(title, head, lines, file_name), _year(title, head, lines, file_name), _bureau(lines))


def _title(head: Sequence[str]) -> str:
    """The first line that reads like a title, with the line above or below that it was torn from."""
    for i, line in enumerate(head[:15]):
        if (
            len(line) > 60
            or line.endswith(("。", "；"))
            or not any(w in line for w in _TITLE_WORDS)
            or _LABELLED.match(line)
        ):
            continue
        before = head[i - 1] if i else ""
        after = head[i + 1] if i + 1 < len(head) else ""
        if line.endswith(("支出", "度", "部门")) and after:
            line += after
        elif (
            i
            and _YEAR.search(before)
            and len(before) <= 40
            and not _YEAR.search(line)
            and not before.endswith(("。", "月", "日"))
        ) or (i and _ALONE.match(before) and not _named(line)):
            line = before + line
        return line[:80]
    return next((line[:60] for line in head if len(line) >= 6), "")


def _named(line: str) -> bool:
    return bool(_TITLED.match(line) or re.search(_ORGAN, line))


def _kind(title: str, head: Sequence[str], lines: Sequence[str], file_name: str) -> str:
    """The kind that the title names, else the first pages, else the words that stand most often in the whole text."""
    for text in (title, file_name):
        for kind, words in KINDS:
            if any(w in text for w in words):
                return kind
    for i, line in enumerate(head[:8]):
        for kind, words in KINDS:
            if len(line) <= 40 and not line.endswith("。") and any(w in line for w in words) and i < 8:
                return kind
    text = "".join(lines)
    counts = [(sum(text.count(w) for w in words), -rank, kind) for rank, (kind, words) in enumerate(KINDS)]
    best = max(counts)
    if best[0] >= 2:
        return best[2]
    return SUMMARY if _SUMMARY.search(title) else "其他"


def _year(title: str, head: Sequence[str], lines: Sequence[str], file_name: str) -> int | None:
    """The title's year, else the year most often printed as "2024年度", else the most frequent year."""
    for text in (title, file_name):
        if m := _TITLE_YEAR.search(text) or _HEAD_YEAR.search(text):
            return _unless_alone(int(m[1]), lines)
    for text in head[:6]:
        if m := _TITLE_YEAR.search(text):
            return int(m[1])
    text = "".join(lines)
    for pattern in (_TITLE_YEAR, _YEAR):
        years = Counter(int(y) for y in pattern.findall(text))
        if years:
            return max(years, key=lambda y: (years[y], -y))
    return None


def _unless_alone(titled: int, lines: Sequence[str]) -> int:
    """The title's year, unless the text never speaks of it but again and again of another: a title left from last year."""
    spoken = Counter(int(y) for line in lines for y in _SPOKEN_YEAR.findall(line) if "。" in line)
    if not spoken or spoken[titled]:
        return titled
    year, times = spoken.most_common(1)[0]
    return year if times >= LEAST_SPOKEN and abs(year - titled) <= 2 else titled


def _bureau(lines: Sequence[str]) -> str:
    """The unit the document is about: named after "单位：" or in a title, and borne out by the text; else the name printed most often.

    A name printed once on the cover does not win over another one that the whole text uses.
    """
    text = "\n".join(lines)
    named = {name: text.count(name) for name in _candidates(lines)}
    printed = Counter(_trim(m.group()) for m in _BUREAU.finditer(text))
    printed.pop("", None)
    best = max(named, key=lambda name: (named[name], len(name)), default="")
    best = max((name for name in named if best in name and named[name] * 2 > named[best]), key=len, default=best)
    often, times = printed.most_common(1)[0] if printed else ("", 0)
    if best and (named[best] > 1 or times < 3):
        return best
    return often or best


def _candidates(lines: Sequence[str]) -> Iterator[str]:
    for i, line in enumerate(lines):
        if len(line) > 80:
            continue
        for pattern in (_LABELLED, _TITLED, _YEAR_TITLED):
            for m in pattern.finditer(line):
                if not _GENERIC.match(m["name"]) and re.search(_ORGAN + "$", m["name"]):
                    yield m["name"]
        if i < 12 and 5 <= len(line) <= 26 and _ALONE.match(line) and not _GENERIC.match(line):
            yield line


def _trim(name: str) -> str:
    """Drop what is glued to a name: "年度云岭县医疗保障局" → "云岭县医疗保障局"."""
    name = _GLUED.sub("", name) if len(name) > 6 else name
    return "" if len(name) < 4 or _GENERIC.match(name) else name
