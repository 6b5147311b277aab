"""Sentences as data: what is filled in, what is left out, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.appraise.filled import DATA, folder, more
from yibao.appraise.appraisal import appraise
from yibao.appraise.quotes import NotInBook
from yibao.appraise.report.computed import Rounding
from yibao.appraise.report.speech import quoted, say
from yibao.appraise.report.voice import Voice


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    data = more("dept.three_public.total: {数值: 0万元, 口径: 决算}", DATA)
    data = more("dept.three_public.total: {数值: 3.00万元, 口径: 决算, 年度: 2024}", data)
    made = appraise(folder(tmp_path, data=data))
    return Voice(made, Rounding(), made.sheets[0])


def said(voice: Voice, template: str) -> str:
    return "".join(run.text for run in say(voice, template))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{年度}年，{单位}在职{dept.staff.in_post}", "2025年，东河县医疗保障局在职18人"),
        ("在职{dept.staff.in_post}[，退休{dept.staff.retired}]。", "在职18人。"),
        ("在职[{dept.staff.in_post}[，其中行政{dept.staff.in_post_admin}]]。", "在职18人。"),
        ("占{比率(dept.staff.in_post, dept.staff.establishment)}", "占90.00%"),
        ("{高低(dept.funds.total, dept.funds.total:全年预算)}预算", "低于预算"),
        ("差{相差(dept.funds.total:全年预算, dept.funds.total)}", "差50.5万元"),
        ("“三公”经费{增减(dept.three_public.total)}", "“三公”经费比上年减少3.00万元，下降100.00%"),
        ("{若零(dept.three_public.total)}没有支出", "没有支出"),
        ("自评{总得分()}，{等次()}", "自评99.23分，优"),
        ("产出{分值(产出指标)}分得{得分(产出指标)}分", "产出60分得60分"),
        ("于{日期(自评)}", "于2026年3月2日"),
    ],
)
def test_a_sentence_is_filled_in(voice: Voice, template: str, expected: str) -> None:
    assert said(voice, template) == expected


@pytest.mark.parametrize(
    "template",
    [
        "退休{dept.staff.retired}",
        "{增减(dept.staff.in_post)}",  # no last year
        "{比率(dept.funds.total, dept.three_public.total)}",  # a base of zero
        "{比率(dept.funds.total, dept.staff.in_post)}",  # money by persons
        "{若有(dept.three_public.total)}有支出",
        "{机构(内设科室)}",
        "{dept.funds.total:决算/*}",  # no project
    ],
)
def test_a_missing_figure_is_never_invented(voice: Voice, template: str) -> None:
    with pytest.raises(NotInBook):
        say(voice, template)
    assert said(voice, f"甲[{template}]乙") == "甲乙"


@pytest.mark.parametrize("template", ["[甲", "甲]", "{年度", "年度}", "{没有这个数}", "{没有(dept.staff.in_post)}"])
def test_a_wrong_template_is_an_error_and_not_left_out(voice: Voice, template: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        say(voice, template)
    assert not isinstance(raised.value, NotInBook)


def test_a_number_knows_its_figure(voice: Voice) -> None:
    runs = say(voice, "在职{dept.staff.in_post}，占{比率(dept.staff.in_post, dept.staff.establishment)}")
    assert [(run.text, run.key.figure if run.key else None, bool(run.said)) for run in runs] == [
        ("在职", None, False),
        ("18人", "dept.staff.in_post", False),
        ("，占", None, False),
        ("90.00%", None, True),
    ]


def test_square_brackets_in_the_bureaus_own_words_are_characters(voice: Voice) -> None:
    assert "".join(run.text for run in quoted(voice, "见[附件]，在职{dept.staff.in_post}")) == "见[附件]，在职18人"
