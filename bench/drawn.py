"""Clean documents drawn at random: invented counties, invented figures, many layouts, all identities kept.

draw("hunan_accounts", 7)   the same document every time
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from bench.accounts_facts import Purse, draw_accounts
from bench.accounts_prose import PROVINCES, Narrative
from bench.accounts_tables import Book, Shape
from bench.budget import Budget
from bench.county import draw_county
from bench.evaluation import booklet, guangdong_report, hunan_report
from bench.forms import Evaluation, Forms, draw_evaluation
from bench.funds import FundPrinter, draw_fund, insured
from bench.marked import FACTOR, Draft, Drawn, Style
from bench.passages import Passages

SHAPES = {"hunan": Shape(), "shanghai": Shape(split_codes=True, ranks=False, numbered=False, pairs=True, order=("01", "02", "03", "04", "05", "06", "09", "07", "08")),
          "yunnan": Shape(ranks=False), "sichuan": Shape(tree=False, numbered=False)}  # fmt: skip


def _style(rng: random.Random, **fixed: object) -> Style:
    """One office's habits."""
    habits: dict[str, object] = {
        "year": rng.randint(2020, 2025),
        "trim": rng.random() < 0.35,
        "rate_decimals": rng.choice([2, 2, 2, 1]),
        "thousands": rng.random() < 0.2,
        "blank": rng.choice(["", "", "0.00", "0", "—"]),
        "wide_digits": rng.random() < 0.06,
        "spaced": rng.random() < 0.15,
        "wrap": rng.choice([0, 0, 0, 38, 45]),
        "hashes": rng.random() < 0.15,
        "half_width": rng.random() < 0.1,
        "exact": rng.random() < 0.6,
    }
    return Style(**(habits | fixed))  # type: ignore[arg-type]


def _grain(style: Style) -> Decimal:
    """Amounts are whole in the coarsest unit printed; where each figure is rounded by itself they end in a fen."""
    if not style.exact:
        return Decimal("0.01")
    units = {style.text_unit, style.table_unit}
    return max(FACTOR[u].scaleb(-(style.yuan_decimals if u == "元" else style.decimals)) for u in units)


def _accounts(province: str, layout: str, seed: int) -> Drawn:
    rng = random.Random(f"{layout}-{seed}")
    units = {"yunnan": ("元", "元")}.get(province) or rng.choice([("万元", "万元"), ("万元", "万元"), ("万元", "元")])
    style = _style(rng, text_unit=units[0], table_unit=units[1], trim=rng.random() < 0.2 and units[1] == "万元")
    d, county = Draft(style, rng), draw_county(rng)
    accounts = draw_accounts(rng, _grain(style))
    book = Book(d, accounts, county.bureau, SHAPES[province])
    d.pair_kind = "cross_table"
    d.title(f"{d.year()}年度{d.name(county.bureau)}部门决算")
    book.write()
    PROVINCES[province](Narrative(d, accounts, county, book))
    return d.finish(layout, seed)


def _budget(layout: str, seed: int) -> Drawn:
    rng = random.Random(f"{layout}-{seed}")
    style = _style(rng, table_unit=rng.choice(["元", "元", "万元"]), yuan_decimals=rng.choice([0, 2]))
    d, county = Draft(style, rng), draw_county(rng)
    purse = Purse(rng, _grain(style))
    budget = Budget(d, draw_accounts(rng, purse.grain), county, purse, rng.random() < 0.6)
    d.pair_kind = "cross_table"
    d.title(f"{d.name(county.bureau)}{d.year()}年部门预算")
    budget.narrative()
    budget.tables()
    budget.rest()
    return d.finish(layout, seed)


def _hunan_report(layout: str, seed: int) -> Drawn:
    rng = random.Random(f"{layout}-{seed}")
    style = _style(rng, decimals=rng.choice([2, 2, 1, 0]), blank=rng.choice(["", "0"]), thousands=False)
    d, county = Draft(style, rng), draw_county(rng)
    purse = Purse(rng, _grain(style))
    evaluation = draw_evaluation(rng, purse)
    funds = [draw_fund(rng, r, Decimal(1_000_000)) for r in (False, True)] if rng.random() < 0.6 else []
    hunan_report(d, county, evaluation, purse, funds)
    Forms(d, county, evaluation).department()
    return d.finish(layout, seed)


def _forms(layout: str, seed: int) -> Drawn:
    rng = random.Random(f"{layout}-{seed}")
    style = _style(rng, decimals=rng.choice([2, 2, 1, 0]), blank=rng.choice(["", "0"]), thousands=False, hashes=False)
    d, county = Draft(style, rng), draw_county(rng)
    purse = Purse(rng, _grain(style))
    evaluation = draw_evaluation(rng, purse)
    forms = Forms(d, county, evaluation)
    names = rng.sample(["医疗保障信息系统运维经费", "基金监管专项经费", "医保政策宣传经费", "经办服务能力提升经费"], 2)
    first = purse.near(evaluation.project, 0.2, 0.8)
    projects = {n: _project(rng, purse, v) for n, v in zip(names, (first, evaluation.project - first), strict=True)}
    d.title(f"{d.year()}年度{d.name(county.bureau)}绩效自评附表")
    forms.base_data(purse, (rng.randint(30, 80), rng.randint(20, 30)), projects)
    forms.department()
    for name, project in projects.items():
        forms.project(name, project, purse.near(project.spent, 0.05, 0.2) if rng.random() < 0.5 else Decimal(0))
    return d.finish(layout, seed)


def _project(rng: random.Random, purse: Purse, spent: Decimal) -> Evaluation:
    """One project of the department: its budget was not adjusted in the year."""
    out = draw_evaluation(rng, purse)
    out.spent, out.budget = spent, purse.near(spent, 1.01, 1.15)
    out.initial = out.budget
    return out


def _guangdong(layout: str, seed: int) -> Drawn:
    rng = random.Random(f"{layout}-{seed}")
    style = _style(rng, decimals=rng.choice([2, 2, 1, 0]))
    d, county = Draft(style, rng), draw_county(rng)
    purse = Purse(rng, _grain(style))
    evaluation = draw_evaluation(rng, purse)
    evaluation.own = purse.amount(1, 20)
    guangdong_report(d, county, evaluation, purse)
    return d.finish(layout, seed)


def _booklet(layout: str, seed: int) -> Drawn:
    rng = random.Random(f"{layout}-{seed}")
    style = _style(rng, blank="0", thousands=False, decimals=rng.choice([2, 2, 1, 0]))
    d, county = Draft(style, rng), draw_county(rng)
    purse = Purse(rng, _grain(style))
    booklet(d, county, draw_evaluation(rng, purse), purse)
    return d.finish(layout, seed)


def _funds(layout: str, seed: int) -> Drawn:
    rng = random.Random(f"{layout}-{seed}")
    unit, decimals, grain = rng.choice(
        [("万元", 0, Decimal(10_000)), ("万元", 2, Decimal(100)), ("元", 2, Decimal("0.01")), ("元", 0, Decimal(1))]
    )
    style = _style(
        rng,
        table_unit=unit,
        text_unit=unit,
        decimals=decimals,
        trim=False,
        blank=rng.choice(["", "0", "—"]),
        yuan_decimals=decimals,
    )
    d, county = Draft(style, rng), draw_county(rng)
    d.title(f"{d.year()}年度{county.full}医疗保险基金收支情况")
    funds = [draw_fund(rng, resident, grain) for resident in (False, True)]
    sided = rng.random() < 0.4
    for i, fund in enumerate(funds):
        printer = FundPrinter(d, fund, county, f"fund{i}")
        if sided:
            printer.two_sided()
        else:
            printer.bureau_table()
        printer.text(*rng.choice([("万元", decimals), ("亿元", 2)]) if unit == "万元" else ("万元", 2))
    insured(d, county, funds, ["fund0", "fund1"])
    return d.finish(layout, seed)


def _passages(layout: str, seed: int) -> Drawn:
    rng = random.Random(f"{layout}-{seed}")
    style = _style(rng, text_unit=rng.choice(["万元", "万元", "万元", "亿元", "元"]), hashes=False)
    d, county = Draft(style, rng), draw_county(rng)
    large = style.text_unit == "亿元"
    grain = Decimal(1_000_000) if large and style.exact else _grain(style)
    Passages(d, county, Purse(rng, grain, 2_000 if large else 1)).write()
    return d.finish(layout, seed)


LAYOUTS: dict[str, Callable[[str, int], Drawn]] = {
    **{f"{province}_accounts": partial(_accounts, province) for province in PROVINCES},
    "budget": _budget,
    "hunan_report": _hunan_report,
    "guangdong_report": _guangdong,
    "booklet": _booklet,
    "forms": _forms,
    "funds": _funds,
    "passages": _passages,
}
ENCODINGS = {"booklet": ("cells", "tabs", "docx"), "guangdong_report": ("text",), "passages": ("text", "docx")}
EVERY = ("tabs", "pipes", "aligned", "docx", "xlsx")


def draw(layout: str, seed: int) -> Drawn:
    return LAYOUTS[layout](layout, seed)


def encoding(layout: str, seed: int) -> str:
    """How the document of a seed is written; each layout goes through all of its encodings."""
    choices = ENCODINGS.get(layout, (*EVERY, "cells") if layout in ("forms", "funds") else EVERY)
    return choices[seed % len(choices)]
