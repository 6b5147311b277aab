"""The kernel and the oracle, over drawn rules and histories: not one fen apart."""

from __future__ import annotations

import pytest

from tests.oracle import settle
from tests.oracle.draw import cases
from tests.settle.kernel import settle_by_kernel


@pytest.mark.parametrize(
    ("seed", "visits"), [pytest.param(1, 3_000, id="a few"), pytest.param(2, 100_000, id="all", marks=pytest.mark.slow)]
)
def test_the_kernel_pays_what_the_oracle_pays(seed: int, visits: int) -> None:
    done = 0
    for number, (rules, rows) in enumerate(cases(seed, visits)):
        found = settle_by_kernel(rules, rows)
        for row, kernel, oracle in zip(rows, found, settle(rules, rows), strict=True):
            assert kernel == oracle, f"seed {seed}, case {number}, visit {row.id}: {row}\n{rules}"
        done += len(rows)
        if done >= visits:
            return
