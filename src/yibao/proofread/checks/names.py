"""The unit's name, identical throughout: 云州市 / 云川市, 规划与自然资源局 / 规划和自然资源局, a title with another unit (T13)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from yibao.proofread.checks.passages import Passage, passages
from yibao.proofread.findings import Check, Evidence, Severity, Verdict
from yibao.proofread.lookalike import alike
from yibao.proofread.reading import FileReading, Reading

SHORTEST_NAME = 6  #: characters of a name that is searched with another character
OFTEN = 3  #: times a name must stand to be the one
_TAIL = r"(?:医疗保障局|医保局|医疗保障事务中心|医疗保障服务中心|医疗保险服务中心|医疗保障基金中心)"
_PLACE = r"(?:自治州|自治县|管理区|开发区|高新区|新区|省|市|县|区|旗|州|盟)"
_PLACED = re.compile(rf"(?P<place>[\u4e00-\u9fff]{{2,7}}?{_PLACE})(?P<tail>{_TAIL})")
_LABEL = re.compile(
    r"(?:(?:评价|预算|编制|填报|决算|主管|报送)(?:单位|部门)|预算主管部门|(?<![\u4e00-\u9fff])(?:单位|部门)(?:（单位）|（部门）)?(?:名称)?)(?:（[^）]{1,4}）)?：$"
)
_TITLE = re.compile(
    r"^(?:第[一二三四五六]部分)?(?P<name>[\u4e00-\u9fff]{2,30}(?:局|委员会|办公室|办事处|中心|厅|委|院|部|协会|联合会))(?:（本级）)?"
    r"(?:部门|单位)?(?:20\d{2}年|概况|主要职能|机构设置)"
)
_VERB_AFTER = re.compile(
    r"(?:医疗保障)(?=是(?:20|[\u4e00-\u9fff]{0,6}(?:部门|单位|机构|新组建|组成))|为(?:正|副|市|县|区)|主要(?:职能|职责)|负责|内设|核定|现有|党组)"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_LEVELS = "省市县区旗州盟"
_HEADER = re.compile(r"^(?:编制)?(?:部门|单位)(?:名称)?：(?P<name>[\u4e00-\u9fff]{5,30}?)(?=单位：|金额|$)")
_LEVEL_TITLE = re.compile(r"(?P<level>[市区县省])级(?:部门|单位)预算")
_LEVEL_TEXT = re.compile(r"(?P<level>[市区县省])级预算主管部门及所属")
_VISITED = re.compile(r"赴|考察|学习|交流|联合|协同|对口|兄弟|外地|异地|转至")
_GENERIC = re.compile(r"^(?:全|本|我|各|该|上级|国家|其他|有关)")


@dataclass(frozen=True, slots=True)
class Named:
    """One printed name with where it stands; `labelled` behind 单位：, `titled` in a title."""

    name: str
    evidence: Evidence
    labelled: bool = False
    titled: bool = False


def run(reading: Reading) -> Iterator[Check]:
    for file in reading.files:
        lines = list(passages(file))
        yield from _bureaus(lines)
        yield from _titles(file, lines)
        yield from _one_character(file, lines)
        yield from _headers(file, lines)
        yield from _torn(file, lines)
        yield from _levels(file, lines)


def _bureaus(lines: Sequence[Passage]) -> Iterator[Check]:
    """Bureaus of places whose names differ in one character from the place of the document."""
    found = list(_placed(lines))
    times: dict[str, list[Named]] = defaultdict(list)
    for named in found:
        times[named.name].append(named)
    if not times:
        return
    own = max(times, key=lambda name: len(times[name]))
    if len(times[own]) < 2:
        return
    wrong = [name for name in times if name != own and _one_apart(own, name) and _outnumbered(times[name], times[own])]
    for name in wrong:
        for named in times[name]:
            yield _other_name(named, own, times[own], len(times[name]))
    for named in times[own][:3]:
        yield Check("name", Verdict.CONSISTENT, named.evidence, own, None, f"与全文{len(times[own])}处一致")


def _outnumbered(few: Sequence[Named], many: Sequence[Named]) -> bool:
    return 3 * len(few) <= len(many) or (len(few) == 1 and len(many) == 2)


def _placed(lines: Sequence[Passage]) -> Iterator[Named]:
    for passage in lines:
        for m in _PLACED.finditer(passage.text):
            name = _whole_name(passage.text, m)
            if name is None:
                continue
            labelled = bool(_LABEL.search(passage.text[: m.start("place")][-16:])) or (
                passage.is_cell and len(passage.text) == len(m.group())
            )
            yield Named(name, passage.clause(m.start(), m.end()), labelled, len(passage.text) <= 40)


def _whole_name(text: str, m: re.Match[str]) -> str | None:
    """The place without the words glued before it; None for 全市, 各县 and the like."""
    place = re.sub(
        r"^.*(?:和|与|及|向|由|对|在|据|将|年|度|于|到|从|经|为|是|以|的|请|按|把|被|让|赴|区财政|市财政)(?=[\u4e00-\u9fff]{2,})",
        "",
        m["place"],
    )
    if _GENERIC.match(place) or len(place) < 3:
        return None
    return place + m["tail"].replace("医保局", "医疗保障局")


def _one_apart(a: str, b: str) -> bool:
    """Equal but for one character that does not tell the level of the place."""
    if len(a) != len(b):
        return False
    different = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(different) == 1 and not set(different[0]) <= set(_LEVELS)


def _other_name(named: Named, own: str, others: Sequence[Named], times: int) -> Check:
    """Proven where the unit names itself, or where the characters look or sound alike; else another place may be meant."""
    x, y = next((x, y) for x, y in zip(own, named.name, strict=True) if x != y)
    sure = times == 1 and (named.labelled or alike(x, y))
    message = f"此处为“{named.name}”，全文其余{len(others)}处为“{own}”，“{y}”与“{x}”一字之差"
    verdict = Verdict.INCONSISTENT if sure else Verdict.SUSPICIOUS
    visited = _VISITED.search(named.evidence.quote)
    severity = Severity.ERROR if sure else Severity.INFO if visited and not named.labelled else Severity.WARNING
    related = tuple(n.evidence for n in others[:2])
    return Check("name", verdict, named.evidence, named.name, own, message, "疑单位名称录入错误", related, severity)


def _titles(file: FileReading, lines: Sequence[Passage]) -> Iterator[Check]:
    """Titles that open with a unit: the same unit everywhere, whole or without the places above it."""
    own = file.profile.bureau
    if len(own) < 5 or sum(p.text.count(own) for p in lines) < OFTEN:
        return
    for passage in lines:
        m = (
            _TITLE.match(passage.text)
            if not passage.is_cell and len(passage.text) <= 60 and "。" not in passage.text
            else None
        )
        if m is None:
            continue
        name = m["name"]
        if name == own:
            yield Check("name", Verdict.CONSISTENT, passage.head(), name, None, f"标题中的单位名称与全文一致：“{own}”")
        elif _shortened(name, own):
            continue
        elif _subsequence(name, own) and own.endswith(name[-4:]):
            missing = "".join(_left_out(name, own))
            message = f"标题中的单位为“{name}”，全文为“{own}”，少“{missing}”"
            yield Check(
                "name",
                Verdict.INCONSISTENT,
                passage.head(),
                name,
                own,
                message,
                "疑标题单位名称不全或套用上级名称",
                severity=Severity.WARNING,
            )


def _shortened(name: str, own: str) -> bool:
    """The usual short forms: without province and city, 医保局 for 医疗保障局, the unit's own branches."""
    plain = [text.replace("医疗保障局", "医保局") for text in (name, own)]
    return plain[1].endswith(plain[0]) or plain[0].endswith(plain[1]) or plain[1] in plain[0] or name.startswith(own)


def _subsequence(name: str, own: str) -> bool:
    rest = iter(own)
    return all(char in rest for char in name)


def _left_out(name: str, own: str) -> Iterator[str]:
    k = 0
    for char in own:
        if k < len(name) and name[k] == char:
            k += 1
        else:
            yield char


def _one_character(file: FileReading, lines: Sequence[Passage]) -> Iterator[Check]:
    """The unit's long name with exactly one other character: 规划与自然资源局 for 规划和自然资源局."""
    own = file.profile.bureau
    if (
        len(own) < SHORTEST_NAME
        or own.endswith(("医疗保障局", "医保局"))
        or sum(p.text.count(own) for p in lines) < OFTEN
    ):
        return
    half = len(own) // 2
    for passage in lines:
        text = passage.text
        for anchor, shift in ((own[:half], 0), (own[half:], half)):
            at = text.find(anchor)
            while at >= 0:
                start = at - shift
                window = text[start : start + len(own)] if start >= 0 else ""
                if window[-1:] == own[-1] and _CHINESE.fullmatch(window) and _is_slip(own, window):
                    x, y = next((x, y) for x, y in zip(own, window, strict=True) if x != y)
                    message = f"此处为“{window}”，全文为“{own}”，“{y}”与“{x}”一字之差"
                    evidence = passage.clause(start, start + len(own))
                    group = f"name:{window}:{file.source.path}"
                    yield Check(
                        "name",
                        Verdict.INCONSISTENT,
                        evidence,
                        window,
                        own,
                        message,
                        "疑单位名称录入错误",
                        severity=Severity.WARNING,
                        group=group,
                    )
                at = text.find(anchor, at + 1)


def _torn(file: FileReading, lines: Sequence[Passage]) -> Iterator[Check]:
    """The unit's name without its last character: 某市医疗保障是2019年新组建单位."""
    for passage in lines:
        for m in _VERB_AFTER.finditer(passage.text):
            before = passage.text[max(0, m.start() - 8) : m.start()]
            place = re.search(rf"[\u4e00-\u9fff]{{2,7}}{_PLACE}$", before)
            if place is None or f"{place.group()[-3:]}医疗保障局" not in file.profile.bureau.replace(
                "医保局", "医疗保障局"
            ):
                continue
            start = m.start() - len(place.group())
            message = f"“{passage.text[start : m.end()]}”后疑漏“局”字"
            expected = f"{place.group()}医疗保障局"
            yield Check(
                "name",
                Verdict.SUSPICIOUS,
                passage.clause(start, m.end()),
                place.group() + "医疗保障",
                expected,
                message,
                "疑漏字",
            )


def _is_slip(own: str, window: str) -> bool:
    """One other character, and not another office of the same place: 民政局 is no slip of 财政局."""
    return (
        window != own
        and _one_apart(own, window)
        and not any(window.endswith(o) and not own.endswith(o) for o in _offices())
    )


@cache
def _offices() -> tuple[str, ...]:
    text = (files("yibao.proofread") / "data" / "offices.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text)["offices"].split())


def _headers(file: FileReading, lines: Sequence[Passage]) -> Iterator[Check]:
    """The unit named above the tables: one that differs from all the others."""
    named: dict[str, list[Evidence]] = defaultdict(list)
    for passage in lines:
        m = _HEADER.search(passage.text) if len(passage.text) <= 60 else None
        if m is not None:
            named[m["name"]].append(passage.head())
    own = max(named, key=lambda name: len(named[name]), default="")
    if len(named.get(own, ())) < OFTEN:
        return
    for name, places in named.items():
        if (
            name == own
            or _shortened(name, own)
            or len(places) * 3 > len(named[own])
            or name[-1] != own[-1]
            or _one_apart(name, own)
        ):
            continue
        message = f"表头单位为“{name}”，其余{len(named[own])}张表为“{own}”"
        yield Check("name", Verdict.SUSPICIOUS, places[0], name, own, message, "疑套用其他单位的表", (named[own][0],))


def _levels(file: FileReading, lines: Sequence[Passage]) -> Iterator[Check]:
    """A district's budget whose glossary speaks of 市级预算主管部门."""
    own = _LEVEL_TITLE.search(file.profile.title)
    for passage in lines if own is not None else ():
        m = _LEVEL_TEXT.search(passage.text)
        if m is not None and own is not None and m["level"] != own["level"]:
            words, right = m.group(), m.group().replace(m["level"], own["level"])
            message = f"本文是{own['level']}级预算，此处写“{words}”"
            group = f"level:{file.source.path}"
            evidence = passage.cite(0, m.end())
            yield Check(
                "label",
                Verdict.INCONSISTENT,
                evidence,
                words,
                right,
                message,
                "疑套用上级模板",
                severity=Severity.WARNING,
                group=group,
            )
