"""Codes as records have them: repaired where one code can be meant, flagged where not, never shortened."""

from __future__ import annotations

from pathlib import Path

import pytest

from yibao.dip.codes import Code, CodeList
from yibao.dip.importing.paired import pairs

DIAGNOSES = CodeList(
    "diagnosis",
    frozenset({"K35.300", "K35.301", "I10.x00", "M47.000+G99.2*", "A17.000+G01*", "A01.000", "A01.000+J17.0*"}),
    {"临床版": {"K35.900": ("K35.800",), "A01.000X002": ("A01.000",), "K35.9": ("K35.300", "K35.301")}},
)
OPERATIONS = CodeList("operation", frozenset({"06.1101", "06.3100", "06.3101", "47.0100", "99.2800", "99.2800x005"}))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (" k35.300 ", "K35.300"),
        ("Ｋ３５．３００", "K35.300"),
        ("I10.X00", "I10.x00"),
        ("K35.300.", "K35.300"),
        ("M47.000†G99.2＊", "M47.000+G99.2*"),
    ],
)
def test_spelling_does_not_matter(raw: str, code: str) -> None:
    found = DIAGNOSES.read(raw)
    assert (found.code, found.status, found.raw) == (code, "OK", raw)


def test_the_placeholder_makes_the_category_the_key() -> None:
    assert DIAGNOSES.read("I10.x00").keys == ("I10.x00", "I10")


def test_dagger_and_asterisk_are_told_apart() -> None:
    found = DIAGNOSES.read("M47.000+G99.2*")
    assert found.is_dagger
    assert found.asterisk == "G99.2*"
    assert {"M47.0+", "M47.0", "M47"} <= set(found.keys)


def test_a_pack_may_keep_daggers_out_of_plain_keys() -> None:
    only = CodeList("diagnosis", dagger_key_mode="plain_only")
    assert "M47.0" not in only.read("M47.000+G99.2*").keys
    assert "M47.0+" in only.read("M47.000+G99.2*").keys


def test_a_pair_without_its_asterisk_is_repaired_where_only_pairs_exist() -> None:
    assert DIAGNOSES.read("A17.000").status == "REPAIRED_CODE"
    assert "A17.0+" in DIAGNOSES.read("A17.000").keys
    assert DIAGNOSES.read("A01.000").status == "OK"


def test_a_lost_zero_is_repaired_where_one_code_can_be_meant() -> None:
    assert OPERATIONS.read("6.1101") == Code("6.1101", "06.1101", "REPAIRED_CODE")


def test_a_lost_zero_is_ambiguous_where_several_can() -> None:
    found = OPERATIONS.read("6.31")
    assert (found.status, found.candidates) == ("AMBIGUOUS_CODE", ("06.3100", "06.3101"))
    assert not found.counts


def test_a_lost_dot_is_repaired() -> None:
    assert DIAGNOSES.read("K35300") == Code("K35300", "K35.300", "REPAIRED_CODE", ("K35.300", "K35.3", "K35"))


def test_the_extension_is_never_cut_off() -> None:
    assert OPERATIONS.read("99.2800X005").code == "99.2800x005"
    assert OPERATIONS.read("99.2800x006").status == "UNKNOWN_CODE"


@pytest.mark.parametrize("raw", ["K35.900", "K99.999", "胆囊炎", "K3", "ZZZ.999"])
def test_a_code_that_is_not_in_the_list_is_unknown(raw: str) -> None:
    assert not DIAGNOSES.read(raw).counts


def test_an_unknown_code_of_a_known_stem_keeps_its_keys_and_its_flag() -> None:
    found = DIAGNOSES.read("K35.300x009")
    assert (found.status, found.counts, found.keys) == ("UNKNOWN_CODE", True, ("K35.300x009", "K35.3", "K35"))


@pytest.mark.parametrize("raw", ["ZZZ.999", "35.300", "K35.3x", "阑尾炎"])
def test_without_a_list_the_shape_is_judged(raw: str) -> None:
    assert CodeList("diagnosis").read(raw).status == "UNKNOWN_CODE"


@pytest.mark.parametrize("raw", ["K35", "K35.3"])
def test_a_stem_could_be_several_codes(raw: str) -> None:
    assert CodeList("diagnosis").read(raw).status == "AMBIGUOUS_CODE"


def test_another_system_goes_through_its_map_and_only_through_it() -> None:
    assert DIAGNOSES.read("K35.300", "临床版").status == "UNMAPPED_CODE"
    assert DIAGNOSES.read("K35.9", "临床版").status == "AMBIGUOUS_CODE"
    assert DIAGNOSES.read("K35.900", "临床版").status == "UNKNOWN_CODE"  # maps to a code that the list does not have
    assert DIAGNOSES.read("K35.300", "别的版").status == "UNMAPPED_CODE"


def test_every_shape_of_the_lists_is_known(reference: Path) -> None:
    for side, file in (("diagnosis", "icd10_yb2_names.dat"), ("operation", "icd9cm3_yb2_names.dat")):
        codes = [line.code for line in pairs(reference / file)]
        shapes = CodeList(side)
        assert [code for code in codes if shapes.read(code).status != "OK"] == []
