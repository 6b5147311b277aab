"""An invented bureau's published tables in many layouts: every number follows from a few items, so that all identities hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from yibao.proofread.document import Cell, Table
from yibao.proofread.forms.facts import FormContext

ITEMS = {
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
    "2101101": "行政单位医疗",
    "2101102": "事业单位医疗",
    "2101501": "行政运行",
    "2101502": "一般行政管理事务",
    "2101506": "医疗保障经办事务",
    "2101301": "城乡医疗救助",
    "2210201": "住房公积金",
}
NAMES = {
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出", "210": "卫生健康支出", "21011": "行政事业单位医疗",
    "21013": "医疗救助", "21015": "医疗保障管理事务", "221": "住房保障支出", "22102": "住房改革支出", **ITEMS,
}  # fmt: skip
ECONOMIC = {
    "301": {"30101": "基本工资", "30102": "津贴补贴", "30108": "机关事业单位基本养老保险缴费", "30109": "职业年金缴费",
            "30110": "职工基本医疗保险缴费", "30113": "住房公积金"},
    "302": {"30201": "办公费", "30211": "差旅费", "30217": "公务接待费", "30231": "公务用车运行维护费", "30239": "其他交通费用"},
    "303": {"30302": "退休费", "30307": "医疗费补助"},
    "310": {"31002": "办公设备购置", "31003": "专用设备购置"},
}  # fmt: skip
ECONOMIC_NAMES = {"301": "工资福利支出", "302": "商品和服务支出", "303": "对个人和家庭的补助", "310": "资本性支出"}
CLASSES = ("一般公共服务支出", "外交支出", "社会保障和就业支出", "卫生健康支出", "住房保障支出")
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Layout:
    """How a province prints the tables."""

    name: str
    unit: str = "万元"
    codes: str = "one"  #: one, three, sparse (levels printed once), glued (code and name in one cell)
    levels: bool = True  #: 类 and 款 rows as well
    total_last: bool = False
    lines: bool = True  #: 行次 columns and a row 栏次
    three: str = "halves"  #: halves, pairs, vertical
    blank: str = ""  #: how zero is printed
    thousands: bool = False
    zeros: bool = True  #: False prints 105.60 as 105.6
    budget: bool = False


@dataclass
class Bureau:
    """Amounts in fen, by item: (basic, project)."""

    seed: int = 1
    items: dict[str, tuple[int, int]] = field(default_factory=dict)
    economic: dict[str, int] = field(default_factory=dict)
    three: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        draw = random.Random(self.seed)

        def cents(low: int, high: int) -> int:
            return draw.randint(low, high) * 1_000_000 + draw.randint(0, 99) * 10_000

        self.economic = {c: cents(1, 40) for group in ECONOMIC.values() for c in group}
        self.economic["30217"], self.economic["30231"] = 730_000, 3_210_000
        basic = sum(self.economic.values())
        codes = list(ITEMS)
        shares = {"2080505": self.economic["30108"], "2080506": self.economic["30109"], "2210201": self.economic["30113"],
                  "2101101": self.economic["30110"] // 20_000 * 10_000}  # fmt: skip
        shares["2101102"] = self.economic["30110"] - shares["2101101"]
        rest = basic - sum(shares.values())
        for code in codes:
            self.items[code] = (shares.get(code, 0), 0)
        self.items["2101501"] = (rest, cents(2, 30))
        for code in ("2101502", "2101506", "2101301"):
            self.items[code] = (0, cents(5, 120))
        self.three = {
            "abroad": (0, 0),
            "purchase": (0, 0),
            "running": (4_000_000, 3_560_000),
            "reception": (2_000_000, 1_120_000),
        }

    def amount(self, prefix: str, part: int | None = None) -> int:
        """Basic (0), project (1) or both of every item below a code."""
        return sum(sum(v) if part is None else v[part] for c, v in self.items.items() if c.startswith(prefix))


def tables(bureau: Bureau, layout: Layout) -> list[tuple[Table, FormContext]]:
    """The tables 01 to 06 and 09 as they would be read, each with its context."""
    word = "预算" if layout.budget else "决算"
    made = [
        ("收入支出决算总表" if not layout.budget else "部门收支预算总表", _summary(bureau, layout)),
        (f"收入{word}表", _items(bureau, layout, "income")),
        (f"支出{word}表", _items(bureau, layout, "expense")),
        (f"财政拨款收入支出{word}总表", _fiscal(bureau, layout)),
        (f"一般公共预算财政拨款支出{word}表", _items(bureau, layout, "general")),
        (f"一般公共预算财政拨款基本支出{word}表", _basic(bureau, layout)),
        (f"财政拨款“三公”经费支出{word}表", _three(bureau, layout)),
    ]
    return [
        (grid(rows, caption, layout.unit), FormContext("样例.txt", 10 + i, year=2031))
        for i, (caption, rows) in enumerate(made)
    ]


def changed(table: Table, row: int, col: int, text: str) -> Table:
    """The table with one cell printed otherwise."""
    rows = [[c.text for c in r] for r in table.rows]
    rows[row][col] = text
    return grid(rows, table.caption, table.unit, weak=table.weak)


def grid(rows: list[list[str]], caption: str, unit: str, *, weak: bool = False) -> Table:
    width = max(len(r) for r in rows)
    cells = tuple(
        tuple(Cell(t, r, c) for c, t in enumerate(row + [""] * (width - len(row)))) for r, row in enumerate(rows)
    )
    return Table(cells, caption, unit, raw_rows=tuple("\t".join(r) for r in rows), weak=weak)


def _printer(layout: Layout) -> Callable[[int], str]:
    def show(fen: int) -> str:
        if fen == 0:
            return layout.blank
        value = (
            Decimal(fen) / 100
            if layout.unit == "元"
            else (Decimal(fen) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
        )
        text = f"{value:,.2f}" if layout.thousands else f"{value:.2f}"
        return text if layout.zeros else text.rstrip("0").rstrip(".")

    return show


def _codes(bureau: Bureau, layout: Layout) -> list[str]:
    leaves = [c for c in ITEMS if bureau.amount(c)]
    return sorted({c[:n] for c in leaves for n in (3, 5, 7)}) if layout.levels else leaves


def _code_cells(code: str, name: str, layout: Layout) -> list[str]:
    if layout.codes == "one":
        return [code, name]
    if layout.codes == "glued":
        return [f"{code} {name}"]
    parts = [code[:3], code[3:5], code[5:7]]
    if layout.codes == "sparse" and layout.levels:
        last = max(i for i, p in enumerate(parts) if p)
        parts = [p if i == last else "" for i, p in enumerate(parts)]
    return [*parts, name]


def _items(bureau: Bureau, layout: Layout, kind: str) -> list[list[str]]:
    show = _printer(layout)
    lead = {"one": ["功能分类科目编码", "科目名称"], "glued": ["科目"]}.get(
        layout.codes, ["类", "款", "项", "科目名称"]
    )
    values = {
        "income": [
            "本年收入合计",
            "财政拨款收入",
            "上级补助收入",
            "事业收入",
            "经营收入",
            "附属单位上缴收入",
            "其他收入",
        ],
        "expense": ["本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"],
        "general": ["小计", "基本支出", "项目支出"],
    }[kind]
    head = [["项目", *[""] * (len(lead) - 1), *(["本年支出", "", ""] if kind == "general" else values)]]
    head.append([*lead, *(values if kind == "general" else [""] * len(values))])
    if layout.lines:
        head.append(["栏次", *[""] * (len(lead) - 1), *(str(i + 1) for i in range(len(values)))])

    def row(prefix: str) -> list[str]:
        if kind == "income":
            return [show(bureau.amount(prefix))] * 2 + [show(0)] * 5
        cells = [show(bureau.amount(prefix)), show(bureau.amount(prefix, 0)), show(bureau.amount(prefix, 1))]
        return cells + [show(0)] * (len(values) - 3)

    body = [[*_code_cells(c, NAMES[c], layout), *row(c)] for c in _codes(bureau, layout)]
    total = [["合计", *[""] * (len(lead) - 1), *row("")]]
    return [*head, *body, *total] if layout.total_last else [*head, *total, *body]


def _class_amounts(bureau: Bureau) -> dict[str, int]:
    codes = {name: code for code, name in NAMES.items() if len(code) == 3}
    return {name: bureau.amount(codes[name]) if name in codes else 0 for name in CLASSES}


def _summary(bureau: Bureau, layout: Layout) -> list[list[str]]:
    show = _printer(layout)
    total = bureau.amount("")
    left = [
        ("一、一般公共预算财政拨款收入", total),
        ("二、政府性基金预算财政拨款收入", 0),
        ("三、上级补助收入", 0),
        ("四、事业收入", 0),
        ("五、其他收入", 0),
    ]
    right = [(f"{NUMERALS[i]}、{name}", amount) for i, (name, amount) in enumerate(_class_amounts(bureau).items())]
    left += [("本年收入合计", total), ("使用非财政拨款结余", 0), ("年初结转和结余", 0), ("总计", total)]
    right += [("本年支出合计", total), ("结余分配", 0), ("年末结转和结余", 0), ("总计", total)]
    return _two_sided(
        layout, [[name, show(v)] for name, v in left], [[name, show(v)] for name, v in right], ["决算数"], ["决算数"]
    )


def _fiscal(bureau: Bureau, layout: Layout) -> list[list[str]]:
    show = _printer(layout)
    total = bureau.amount("")
    left = [("一、一般公共预算财政拨款", total), ("二、政府性基金预算财政拨款", 0), ("三、国有资本经营预算财政拨款", 0), ("", 0), ("", 0), ("本年收入合计", total),
            ("年初财政拨款结转和结余", 0), ("一般公共预算财政拨款", 0), ("总计", total)]  # fmt: skip
    right = [(f"{NUMERALS[i]}、{name}", amount) for i, (name, amount) in enumerate(_class_amounts(bureau).items())]
    right += [("本年支出合计", total), ("年末财政拨款结转和结余", 0), ("", 0), ("总计", total)]
    columns = ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    return _two_sided(
        layout,
        [[n, show(v) if n else ""] for n, v in left],
        [[n, *(2 * [show(v) if n else ""]), "", ""] for n, v in right],
        ["金额"],
        columns,
    )


def _two_sided(
    layout: Layout, left: list[list[str]], right: list[list[str]], left_columns: list[str], right_columns: list[str]
) -> list[list[str]]:
    def numbered(row: list[str], n: int) -> list[str]:
        return [row[0], str(n), *row[1:]] if layout.lines else row

    mark = ["行次"] if layout.lines else []
    head = [["收入", *[""] * (len(mark) + len(left_columns)), "支出", *[""] * (len(mark) + len(right_columns))]]
    head.append(["项目", *mark, *left_columns, "项目", *mark, *right_columns])
    if layout.lines:
        head.append(["栏次", "", "1", "栏次", "", *(str(i + 2) for i in range(len(right_columns)))])
    body = [
        numbered(a, i + 1) + numbered(b, len(left) + i + 1) for i, (a, b) in enumerate(zip(left, right, strict=True))
    ]
    return head + body


def _basic(bureau: Bureau, layout: Layout) -> list[list[str]]:
    show = _printer(layout)
    groups = (["301", *ECONOMIC["301"], "303", *ECONOMIC["303"]], ["302", *ECONOMIC["302"]], ["310", *ECONOMIC["310"]])
    names = {**ECONOMIC_NAMES, **{c: n for g in ECONOMIC.values() for c, n in g.items()}}

    def value(code: str) -> int:
        return bureau.economic[code] if len(code) == 5 else sum(bureau.economic[x] for x in ECONOMIC[code])

    if layout.budget:
        rows = [["科目编码", "科目名称", "合计", "人员经费", "公用经费"]]
        for c in sorted(x for g in groups for x in g):
            staff = c[:3] in ("301", "303")
            rows.append([c, names[c], show(value(c)), show(value(c) if staff else 0), show(0 if staff else value(c))])
        staff = value("301") + value("303")
        rest = value("302") + value("310")
        rows.append(["合计", "", show(staff + rest), show(staff), show(rest)])
        return rows
    rows = [["经济分类科目编码", "科目名称", "决算数"] * 3]
    for i in range(max(map(len, groups))):
        rows.append(
            [t for g in groups for t in ((g[i], names[g[i]], show(value(g[i]))) if i < len(g) else ("", "", ""))]
        )
    rows.append(
        [
            "人员经费合计",
            "",
            show(value("301") + value("303")),
            "公用经费合计",
            "",
            "",
            "",
            "",
            show(value("302") + value("310")),
        ]
    )
    return rows


def _three(bureau: Bureau, layout: Layout) -> list[list[str]]:
    show = _printer(layout)

    def values(half: int) -> list[str]:
        v = {k: pair[half] for k, pair in bureau.three.items()}
        vehicle = v["purchase"] + v["running"]
        return [
            show(x)
            for x in (
                v["abroad"] + vehicle + v["reception"],
                v["abroad"],
                vehicle,
                v["purchase"],
                v["running"],
                v["reception"],
            )
        ]

    budget, final = values(0), values(1)
    if layout.three == "vertical":
        names = (
            "合计",
            "1.因公出国（境）费用",
            "2.公务用车购置及运行维护费",
            "（1）公务用车购置费",
            "（2）公务用车运行维护费",
            "3.公务接待费",
        )
        return [["项目", "预算数", "决算数"], *([n, b, f] for n, b, f in zip(names, budget, final, strict=True))]
    if layout.three == "pairs":
        top = [
            t
            for label in ("合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费")
            for t in (label, "")
        ]
        second = [t for label in ("", "", "小计", "购置费", "运行维护费", "") for t in (label, "")]
        return [top, second, ["预算数", "决算数"] * 6, [t for pair in zip(budget, final, strict=True) for t in pair]]
    head = ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费"]
    sub = ["", "", "小计", "公务用车购置费", "公务用车运行维护费", ""]
    rows = [["预算数", *[""] * 5, "决算数", *[""] * 5], head * 2, sub * 2]
    if layout.lines:
        rows.append([str(i + 1) for i in range(12)])
    return [*rows, [*budget, *final]]


LAYOUTS = (
    Layout("湘式：项级一列编码，行次"),
    Layout("湘式：只列项，去尾零", levels=False, zeros=False),
    Layout("川式：三列编码，三级", codes="three", lines=False, blank="0.00"),
    Layout("川式：三列编码，上级不重复", codes="sparse", lines=False, total_last=True),
    Layout("粤式：编码与名称同格", codes="glued", lines=False, blank="—", thousands=True),
    Layout(
        "沪式：元，合计在下，三公成对",
        unit="元",
        total_last=True,
        lines=False,
        three="pairs",
        thousands=True,
        blank="0.00",
    ),
    Layout("赣式：元，只列项", unit="元", levels=False, three="vertical", lines=False),
    Layout("三公竖排，去尾零", three="vertical", zeros=False, blank="0"),
    Layout(
        "预算：三列编码",
        budget=True,
        codes="three",
        lines=False,
        total_last=True,
        unit="元",
        thousands=True,
        blank="0.00",
    ),
    Layout("预算：一列编码，万元", budget=True, levels=False, lines=False, three="vertical"),
)
