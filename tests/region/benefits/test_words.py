"""The words of conditions."""

from __future__ import annotations

import pytest

from yibao.region.benefits.plan import Situation
from yibao.region.benefits.words import DIMENSIONS, IDENTITIES, WORDS, in_chinese, read_word, said
from yibao.vocabulary.tables import load_tables

OTHERWISE_SAID = {"gongwuyuan", "lixiu"}  #: civil servants are a flag, retired cadres a scheme


def test_a_dimension_is_a_field_of_a_situation() -> None:
    fields = set(Situation.__dataclass_fields__) - {"scheme", "care", "on"}
    assert set(DIMENSIONS) == fields | {"nth"}


def test_the_identities_are_those_of_the_vocabulary() -> None:
    listed = load_tables().codes["identity_type"].values
    assert set(IDENTITIES) == set(listed) - OTHERWISE_SAID | {"ordinary"}
    for word in WORDS:
        if word.value in listed:
            assert read_word(listed[str(word.value)], {}).values == {word.value}


def test_no_form_means_two_things() -> None:
    forms = [form for word in WORDS for form in {word.word, word.chinese, *word.aliases}]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.word)
def test_every_form_of_a_word_reads_alike(word) -> None:  # type: ignore[no-untyped-def]
    found = {read_word(form, {}) for form in (word.word, word.chinese, *word.aliases)}
    assert len(found) == 1
    assert found.pop().values == {word.value}
    assert said(word.dimension, word.value) == word.chinese


@pytest.mark.parametrize(
    ("text", "dimension", "low", "high"),
    [
        ("age>=70", "age", 70, None),
        ("年龄≤6", "age", 0, 6),
        ("nth>2", "nth", 3, None),
        ("次数=2", "nth", 2, 2),
        ("bill<=30000", "bill", 0, 3_000_000),
        ("费用<30000.50", "bill", 0, 3_000_049),
        ("fetus>=2", "fetus", 2, None),
    ],
)
def test_ranges(text: str, dimension: str, low: int, high: int | None) -> None:
    test = read_word(text, {})
    assert (test.dimension, test.low) == (dimension, low)
    assert high is None or test.high == high


@pytest.mark.parametrize("text", ["disease:MI1000", "病种:MI1000", "病种：MI1000"])
def test_codes(text: str) -> None:
    assert read_word(text, {}).values == {"MI1000"}


def test_a_group_stands_for_its_identities() -> None:
    test = read_word("困难群众", {"困难群众": frozenset({"tekun", "dibao"})})
    assert (test.dimension, test.values, test.group) == ("identity", {"tekun", "dibao"}, True)


@pytest.mark.parametrize(
    ("text", "hint"),
    [("levle3", "是不是“level3”"), ("三极", "是不是"), ("age>=七十", "不认识"), ("nht>=2", "是不是“nth>=”"), ("bill>1.005", "金额"), ("age>1.5", "整数"), ("age<0", "永远不会成立")],
)  # fmt: skip
def test_a_strange_word_is_named_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        read_word(text, {})


def test_conditions_are_printed_in_chinese() -> None:
    assert in_chinese("level3 retired nth>=2") == "三级、退休、次数≥2"
    assert in_chinese("disease:MI1000") == "病种:MI1000"
    assert in_chinese("else") == "其他"
