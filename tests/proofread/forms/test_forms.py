"""The registry: which recogniser reads which table; bounded time on hostile input."""

import pytest

from tests.proofread.forms import test_basedata, test_fund, test_institution, test_scoresheet
from tests.proofread.forms.lines import context, table
from yibao.proofread.document import Cell, Paragraph, Source, Table
from yibao.proofread.forms import read_forms, read_table, rules_of
from yibao.region.packs import region


@pytest.mark.parametrize(
    ("text", "caption", "kind"),
    [
        (test_fund.BUREAU, "2031年度某市职工医保基金表", "fund"),
        (test_fund.TWO_SIDED, "2031年城乡居民医保基金预算表", "fund"),
        (test_scoresheet.PROJECT, "2031年度项目支出绩效自评表", "project_sheet"),
        (test_scoresheet.WHOLE, "2031年度部门整体支出绩效自评表", "scoresheet"),
        (test_basedata.COUNTY, "2031年度基础数据表", "base_data"),
        (test_institution.BOOKLET, "2031年度自评报告", "institution"),
    ],
)
def test_every_table_finds_its_recogniser(text: str, caption: str, kind: str) -> None:
    assert [f.kind for f in read_table(table(text, caption, "万元"), context())] == [kind]


def test_keys_count_through_the_package_and_places_through_the_file() -> None:
    source = Source("a.txt", "text", (Paragraph("题"), table(test_fund.BUREAU, "2031年度某市职工医保基金表")))
    (form,) = read_forms(source, 100, ((), ("五、基金",)), 2031, "某市医疗保障局")
    fact = form.facts[0]
    assert (fact.key[0], fact.evidence.place.block, form.block) == (101, 1, 1)
    assert fact.evidence.place.section == ("五、基金",)


def test_rules_come_from_the_region_and_the_year() -> None:
    rules = rules_of(region(), 2031)
    assert rules.scoring is not None
    assert rules.overspent is not None
    assert rules_of(region(), None).scoring is None
    assert rules_of(region(), 2005).scoring is None


@pytest.mark.parametrize("columns", [1, 10_000])
def test_hostile_tables_are_read_to_their_end(columns: int) -> None:
    rows = 400 if columns == 1 else 3
    cells = tuple(tuple(Cell("（（（1" * 3, r, c) for c in range(columns)) for r in range(rows))
    assert read_table(Table(cells, caption="收入合计" * 1000), context()) is not None


def test_an_empty_file_has_no_forms() -> None:
    assert read_forms(Source("leer.txt", "text", ())) == ()
    assert read_forms(Source("leer.txt", "text", (Table(()), Table(((),)))), year=2031) == ()
