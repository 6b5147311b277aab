"""Names and identity numbers: invented people, an area that no province has, a valid check digit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Ints
from yibao.demo.people import People
from yibao.demo.settings import COUNTY_CODE, Plan

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉玲萍波宁云飞雪梅春生海燕志林凤琴斌鹏宇浩然子轩雨涵欣怡梓晨诗思远嘉琪俊豪佳慧晓东小龙金凤国庆长江月娥菊香冬梅德福永康立新光荣友谊学文爱民"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)


def birth_serials(people: People, plan: Plan) -> Ints:
    """The serial of each person among those of one birth date: odd for men, even for women, each once."""
    size = len(people)
    order = np.lexsort((plan.stream("identity").random(size), people.sex, people.birth))
    key = people.birth[order] * 2 + people.sex[order] - 1
    starts = np.concatenate(([True], key[1:] != key[:-1]))
    first = np.maximum.accumulate(np.where(starts, np.arange(size), 0))
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size) - first
    if place.max(initial=0) >= 500:
        raise ValueError("more than 500 births of one sex on one day")
    return place * 2 + np.where(people.sex == 1, 1, 0)


def identity_numbers(birth: Ints, serial: Ints, area: str = COUNTY_CODE) -> pa.Array:
    """18 characters: area, birth date, serial, check digit of GB 11643."""
    size = len(birth)
    text = _digits(np.stack([np.full(size, int(area)), _dates(birth), serial], axis=1), (6, 8, 3))
    total = ((text - ord("0")) * _WEIGHTS).sum(axis=1) % 11
    text = np.concatenate([text, _CHECK[total][:, None]], axis=1)
    offsets = np.arange(size + 1, dtype=np.int32) * 18
    return pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text)))


def _digits(numbers: Ints, widths: tuple[int, ...]) -> np.ndarray:
    columns = []
    for i, width in enumerate(widths):
        columns += [numbers[:, i] // 10 ** (width - 1 - d) % 10 for d in range(width)]
    return (np.stack(columns, axis=1) + ord("0")).astype(np.uint8)


def _dates(days: Ints) -> Ints:
    """Days since 1970 as the number yyyymmdd."""
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    year = date.astype("datetime64[Y]")
    parts = year.astype(np.int64) + 1970, (month - year).astype(np.int64) + 1, (date - month).astype(np.int64) + 1
    return parts[0] * 10_000 + parts[1] * 100 + parts[2]


def person_names(rng: np.random.Generator, size: int) -> pa.Array:
    """A surname and one or two more characters; equal names happen, as in life."""
    weight = 1.0 / np.arange(4, len(_SURNAMES) + 4)
    surname = np.array(list(_SURNAMES))[rng.choice(len(_SURNAMES), size, p=weight / weight.sum())]
    given = np.array(list(_GIVEN))
    second = np.where(rng.random(size) < 0.82, given[rng.integers(0, len(given), size)], "")
    return pa.array(np.char.add(np.char.add(surname, given[rng.integers(0, len(given), size)]), second), pa.string())
