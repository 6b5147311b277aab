"""Formula-like text on its way out and back."""

from __future__ import annotations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.store.neutral import neutralise, restore, restored_sql

ALPHABET = st.text("'=+-@\t\r＝＋－＠a1.,%张", max_size=6)


@given(ALPHABET)
def test_restore_undoes_neutralise(text: str) -> None:
    assert restore(neutralise(text)) == text


@given(ALPHABET)
def test_nothing_that_leaves_opens_a_formula(text: str) -> None:
    written = neutralise(text)
    assert not written.startswith(("=", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert not written.startswith(("+", "-")) or written[1:2].isdigit()


@settings(max_examples=20, deadline=None)
@given(st.lists(ALPHABET, min_size=1, max_size=50))
def test_the_importer_restores_exactly(texts: list[str]) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE raw (i INTEGER, c VARCHAR)")
        con.executemany("INSERT INTO raw VALUES (?, ?)", list(enumerate(texts)))
        found = [row[0] for row in con.execute(f"SELECT {restored_sql('c')} FROM raw ORDER BY i").fetchall()]
    assert found == [restore(text) for text in texts]
