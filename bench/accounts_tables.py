"""Tables 01–09 of 部门决算公开, printed from drawn accounts. Every printed identity is declared as a relation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bench.accounts_facts import CLASSES, ECONOMIC, GROUPS, ITEMS, ZERO, Accounts
from bench.marked import Draft, Merge
from bench.ties import equal, total

ORDER = {"208": "八", "210": "九", "221": "十九", "229": "二十三"}
EMPTY = ["一、一般公共服务支出", "二、外交支出", "三、国防支出", "四、公共安全支出", "五、教育支出"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a province's tables look like."""

    tree: bool = True  #: rows of 类 and 款 above those of 项
    split_codes: bool = False  #: code in three columns 类 款 项
    ranks: bool = True  #: a column 行次
    numbered: bool = True  #: a row 栏次 below the header
    pairs: bool = False  #: 三公 as pairs of 预算数, 决算数
    order: tuple[str, ...] = ("01", "02", "03", "04", "05", "06", "07", "08", "09")


class Book:
    """The nine tables of one department."""

    def __init__(self, draft: Draft, accounts: Accounts, bureau: str, shape: Shape) -> None:
        self.d, self.a, self.bureau, self.shape = draft, accounts, bureau, shape

    def write(self) -> None:
        write = {"01": self.summary, "02": self.income, "03": self.expense, "04": self.fiscal, "05": self.general,
                 "06": self.basic, "07": self.fund, "08": self.capital, "09": self.three_public}  # fmt: skip
        for number in self.shape.order:
            write[number](number)

    # --- pieces -----------------------------------------------------------------------------------------------------
    def above(self, number: str, unit: str) -> list[str]:
        return [f"公开{number}表", f"部门：{self.d.name(self.bureau)}", f"单位：{unit}"]

    def key(self, prefix: str, part: str = "spent") -> str:
        """The general budget's figure is the whole figure wherever nothing else paid."""
        same = part == "basic" or self.a.general(prefix, part) == self.a.spent(prefix, part)
        return f"{prefix or 'expense'}.{part}{'' if same else '.general'}"

    def codes(self, general: bool = False) -> list[str]:
        """The rows of a table by 功能分类, in the order of the codes."""
        items = [c for c in self.a.items if not (general and c.startswith("229"))]
        if not self.shape.tree:
            return items
        return sorted({p for c in items for p in (c[:3], c[:5], c)})

    def label(self, code: str) -> list[str]:
        name = (CLASSES | GROUPS | ITEMS)[code]
        if self.shape.split_codes:
            return [code[:3], code[3:5], code[5:], name]
        return [code, name]

    def head(self, columns: list[str]) -> tuple[list[list[str]], tuple[tuple[int, int, int, int], ...]]:
        """Two header rows and the merges they need."""
        if self.shape.split_codes:
            rows = [["项目", "", "", "", *columns], ["类", "款", "项", "科目名称"] + [""] * len(columns)]
            merges = ((0, 0, 1, 4), *((0, 4 + i, 2, 1) for i in range(len(columns))))
            return rows, merges
        rows = [["项目", "", *columns], ["功能分类科目编码", "科目名称"] + [""] * len(columns)]
        if self.shape.numbered:
            rows.append(["栏次", ""] + [str(i + 1) for i in range(len(columns))])
        return rows, ((0, 0, 1, 2), *((0, 2 + i, 2, 1) for i in range(len(columns))))

    def by_code(self, rows: dict[str, list[str]], top: list[str]) -> None:
        """Every 合计 is the sum of the rows below it, at each depth, in each column."""
        leaves = [c for c in rows if len(c) == 7]
        for column in (i for i, m in enumerate(top) if m):
            self.d.tie(total("table_sum", top[column], [rows[c][column] for c in leaves]))
            if self.shape.tree:
                self.d.tie(total("table_sum", top[column], [rows[c][column] for c in rows if len(c) == 3]))
                for head in (c for c in rows if len(c) < 7):
                    below = [c for c in rows if len(c) == len(head) + 2 and c.startswith(head)]
                    self.d.tie(total("table_sum", rows[head][column], [rows[c][column] for c in below]))

    def by_item(
        self,
        number: str,
        title: str,
        columns: list[str],
        top: list[str],
        rows: dict[str, list[str]],
        wide: int,
        note: str,
    ) -> None:
        """Print a table by 功能分类; columns that never carry a figure stay blank."""
        head, merges = self.head(columns)
        blank = [""] * (len(columns) - wide)
        first = ["合计"] + [""] * (3 if self.shape.split_codes else 1)
        body = [[*first, *top, *blank]] + [[*self.label(c), *rows[c], *blank] for c in rows]
        self.by_code(rows, top)
        unit = self.d.table_unit
        self.d.close_table(title, self.above(number, unit), head + body, len(head), below=(note,), merges=merges)

    # --- tables -----------------------------------------------------------------------------------------------------
    def summary(self, number: str) -> None:
        """01 收入支出决算总表."""
        d, a = self.d, self.a
        d.open_table()
        general = d.money(a.fiscal_income - a.fund, "income.general")
        fund = d.money(a.fund, "income.fund")
        other = d.money(a.other_income, "income.other")
        income, spent = d.money(a.income, "income"), d.money(a.spent_all, "expense.spent")
        opening, closing = d.money(a.opening, "opening"), d.money(a.closing, "closing")
        grand = d.money(a.income + a.opening, "grand"), d.money(a.spent_all + a.closing, "grand")
        left = [("一、一般公共预算财政拨款收入", general), ("二、政府性基金预算财政拨款收入", fund),
                ("三、国有资本经营预算财政拨款收入", ""), ("四、上级补助收入", ""), ("五、事业收入", ""), ("六、经营收入", ""),
                ("七、附属单位上缴收入", ""), ("八、其他收入", other)]  # fmt: skip
        classes = {c: d.money(a.spent(c), f"{c}.spent") for c in CLASSES if a.spent(c)}
        right = [(t, "") for t in EMPTY] + [(f"{ORDER[c]}、{CLASSES[c]}", m) for c, m in classes.items()]
        tail = [("本年收入合计", income, "本年支出合计", spent), ("使用非财政拨款结余", "", "结余分配", ""),
                ("年初结转和结余", opening, "年末结转和结余", closing), ("总计", grand[0], "总计", grand[1])]  # fmt: skip
        d.tie(total("table_sum", income, [general, fund, other]), total("table_sum", spent, list(classes.values())),
              total("table_balance", grand[0], [income, opening]), total("table_balance", grand[1], [spent, closing]),
              equal("table_balance", grand[0], grand[1]))  # fmt: skip
        self.two_sided("收入支出决算总表", number, left, right, tail, ["决算数"], 0)

    def two_sided(self, title: str, number: str, left: list[tuple[str, str]], right: Sequence[tuple[str, ...]],
                  tail: Sequence[tuple[str, ...]], columns: list[str], extra: int) -> None:  # fmt: skip
        """Income beside expense, with or without 行次."""
        n = max(len(left), len(right))
        left = left + [("", "")] * (n - len(left))
        right = [*right, *[("",) * (2 + extra)] * (n - len(right))]
        ranks = self.shape.ranks
        rows = [["收入"] + [""] * (1 + ranks) + ["支出"] + [""] * (len(columns) + ranks),
                ["项目", *["行次"] * ranks, "决算数", "项目", *["行次"] * ranks, *columns]]  # fmt: skip
        body = [(*x, *y) for x, y in zip(left, right, strict=True)] + list(tail)
        for i, (name, value, other, *values) in enumerate(body):
            rank = [str(i + 1)] * ranks, [str(i + 1 + len(body))] * ranks
            rows.append([name, *rank[0], value, other, *rank[1], *values])
        merges = ((0, 0, 1, 2 + ranks), (0, 2 + ranks, 1, 1 + len(columns) + ranks))
        self.d.close_table(title, self.above(number, self.d.table_unit), rows, 2, merges=merges)

    def income(self, number: str) -> None:
        """02 收入决算表."""
        d, a = self.d, self.a
        d.open_table()
        plain = a.opening == a.closing == ZERO and not a.other_income

        def row(prefix: str) -> list[str]:
            fiscal = sum((self.fiscal_of(c) for c in a.items if c.startswith(prefix)), ZERO)
            other = a.other_income if a.other_item.startswith(prefix) else ZERO
            key = f"{prefix}.spent" if plain and prefix else "income" if not prefix else ""
            out = [d.money(fiscal + other, key), d.money(fiscal, "" if prefix else "income.fiscal"), "", "", "", "", d.money(other, "" if prefix else "income.other")]  # fmt: skip
            d.tie(total("row_sum", out[0], [out[1], out[6]]))
            return out

        top = row("")
        rows = {c: row(c) for c in self.codes()}
        columns = [
            "本年收入合计",
            "财政拨款收入",
            "上级补助收入",
            "事业收入",
            "经营收入",
            "附属单位上缴收入",
            "其他收入",
        ]
        self.by_item(number, "收入决算表", columns, top, rows, 7, "注：本表反映部门本年度取得的各项收入情况。")

    def fiscal_of(self, code: str) -> Decimal:
        a = self.a
        value = a.items[code].spent - (a.other_income if code == a.other_item else ZERO)
        return value + (a.closing - a.opening if code == "2101501" else ZERO)

    def expense(self, number: str) -> None:
        """03 支出决算表."""
        columns = ["本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"]
        self.spending(number, "支出决算表", columns, False, "注：本表反映部门本年度各项支出情况。")

    def general(self, number: str) -> None:
        """05 一般公共预算财政拨款支出决算表."""
        columns = ["本年支出合计" if self.shape.split_codes else "小计", "基本支出", "项目支出"]
        note = "注：本表反映部门本年度一般公共预算财政拨款支出情况。"
        self.spending(number, "一般公共预算财政拨款支出决算表", columns, True, note)

    def spending(self, number: str, title: str, columns: list[str], general: bool, note: str) -> None:
        d, a = self.d, self.a
        d.open_table()

        def row(prefix: str) -> list[str]:
            take, key = (a.general, self.key) if general else (a.spent, lambda p, part: f"{p or 'expense'}.{part}")
            out = [d.money(take(prefix, part), key(prefix, part)) for part in ("spent", "basic", "project")]
            d.tie(total("row_sum", out[0], out[1:]))
            return out

        top = row("")
        rows = {c: row(c) for c in self.codes(general)}
        self.by_item(number, title, columns, top, rows, 3, note)

    def fiscal(self, number: str) -> None:
        """04 财政拨款收入支出决算总表."""
        d, a = self.d, self.a
        d.open_table()
        general, fund = d.money(a.fiscal_income - a.fund, "income.general"), d.money(a.fund, "income.fund")
        income = d.money(a.fiscal_income, "income.fiscal")
        left = [
            ("一、一般公共预算财政拨款", general),
            ("二、政府性基金预算财政拨款", fund),
            ("三、国有资本经营预算财政拨款", ""),
        ]

        def row(whole: Decimal, plain: Decimal, of_fund: Decimal, keys: tuple[str, str, str]) -> list[str]:
            out = [d.money(v, k) for v, k in zip((whole, plain, of_fund), keys, strict=True)]
            d.tie(total("row_sum", out[0], out[1:]))
            return [*out, ""]

        right: list[tuple[str, ...]] = [(t, "", "", "", "") for t in EMPTY[:3]]
        columns: list[list[str]] = []
        for c in (c for c in CLASSES if a.spent(c)):
            of_fund = a.fund if c == "229" else ZERO
            plain = a.general(c)
            values = row(
                plain + of_fund,
                plain,
                of_fund,
                (self.key(c) if c != "229" else "229.spent", self.key(c) if c != "229" else "", ""),
            )
            columns.append(values)
            right.append((f"{ORDER[c]}、{CLASSES[c]}", *values))
        spent = row(a.fiscal, a.general(), a.fund, ("fiscal", self.key(""), "fund.spent"))
        closing = row(a.closing, a.closing, ZERO, ("closing", "closing", ""))
        both = row(a.fiscal + a.closing, a.general() + a.closing, a.fund, ("fiscal.grand", "", ""))
        opening, grand = d.money(a.opening, "opening"), d.money(a.fiscal_income + a.opening, "fiscal.grand")
        tail = [("本年收入合计", income, "本年支出合计", *spent), ("年初财政拨款结转和结余", opening, "年末财政拨款结转和结余", *closing),
                ("总计", grand, "总计", *both)]  # fmt: skip
        d.tie(
            total("table_sum", income, [general, fund]),
            total("table_balance", grand, [income, opening]),
            equal("table_balance", grand, both[0]),
        )
        for i in range(3):
            d.tie(
                total("table_sum", spent[i], [v[i] for v in columns]),
                total("table_balance", both[i], [spent[i], closing[i]]),
            )
        names = ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
        self.two_sided("财政拨款收入支出决算总表", number, left, right, tail, names, 3)

    def basic(self, number: str) -> None:
        """06 一般公共预算财政拨款基本支出决算(明细)表: three groups side by side, 人员 and 公用 at the foot."""
        d, a = self.d, self.a
        d.open_table()
        marks = {c: d.money(v, f"econ.{c}") for c, v in a.economic.items()}
        heads = ["301", "302", "303", "310"]
        for head in heads:
            below = [m for c, m in marks.items() if len(c) == 5 and c.startswith(head)]
            if below:
                d.tie(total("table_sum", marks[head], below))
        people, public = d.money(a.personnel, "personnel"), d.money(a.public, "public")
        d.tie(
            total("table_sum", people, [marks["301"], marks["303"]]),
            total("table_sum", public, [marks["302"], marks["310"]]),
        )
        basic = d.facts.get("expense.basic")
        if basic:
            d.tie(total("cross_table", basic, [people, public]))
        groups = [
            [c for h in part for c in sorted(marks) if c.startswith(h)] for part in (["301", "303"], ["302"], ["310"])
        ]
        depth = max(map(len, groups))
        rows = [["经济分类科目编码", "科目名称", "决算数"] * 3]
        for i in range(depth):
            cells = [[g[i], ECONOMIC[g[i]], marks[g[i]]] if i < len(g) else ["", "", ""] for g in groups]
            rows.append([c for cell in cells for c in cell])
        rows.append(["人员经费合计", "", people, "公用经费合计", "", "", "", "", public])
        last = len(rows) - 1
        title = "一般公共预算财政拨款基本支出决算明细表" if self.shape.ranks else "一般公共预算财政拨款基本支出决算表"
        self.d.close_table(title, self.above(number, d.table_unit), rows, 1, merges=((last, 0, 1, 2), (last, 3, 1, 5)))

    def fund(self, number: str) -> None:
        """07 政府性基金预算财政拨款收入支出决算表."""
        d, a = self.d, self.a
        d.open_table()
        rows = [["项目", "", "年初结转和结余", "本年收入", "本年支出", "", "", "年末结转和结余"],
                ["科目编码", "科目名称", "", "", "小计", "基本支出", "项目支出", ""]]  # fmt: skip
        merges = ((0, 0, 1, 2), (0, 2, 2, 1), (0, 3, 2, 1), (0, 4, 1, 3), (0, 7, 2, 1))
        note = f"注：{self.bureau}没有政府性基金收入，也没有使用政府性基金安排的支出，故本表无数据。"
        if a.fund:
            note = "注：本表反映部门本年度政府性基金预算财政拨款收支情况。"
            top = [
                "",
                d.money(a.fund, "income.fund"),
                d.money(a.fund, "fund.spent"),
                "",
                d.money(a.fund, "fund.spent"),
                "",
            ]
            one = ["", d.money(a.fund), d.money(a.fund), "", d.money(a.fund), ""]
            for r in (top, one):
                d.tie(total("row_sum", r[2], [r[4]]), equal("table_balance", r[1], r[2]))
            for i in (1, 2, 4):
                d.tie(total("table_sum", top[i], [one[i]]))
            rows += [["合计", "", *top], ["2296013", ITEMS["2296013"], *one]]
        else:
            rows += [["合计", "", "", "", "", "", "", ""]]
        d.close_table(
            "政府性基金预算财政拨款收入支出决算表",
            self.above(number, d.table_unit),
            rows,
            2,
            below=(note,),
            merges=merges,
        )

    def capital(self, number: str) -> None:
        """08 国有资本经营预算财政拨款支出决算表: always empty here."""
        d = self.d
        d.open_table()
        rows = [
            ["项目", "", "本年支出", "", ""],
            ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            ["合计", "", "", "", ""],
        ]
        note = f"注：{self.bureau}没有使用国有资本经营预算安排的支出，故本表无数据。"
        d.close_table(
            "国有资本经营预算财政拨款支出决算表",
            self.above(number, d.table_unit),
            rows,
            2,
            below=(note,),
            merges=((0, 0, 1, 2), (0, 2, 1, 3)),
        )

    def three_public(self, number: str) -> None:
        """09 财政拨款“三公”经费支出决算表."""
        d, a = self.d, self.a
        d.open_table()
        halves = []
        for column, basis in enumerate(("budget", "final")):
            part = {k: d.money(v[column], f"three.{k}.{basis}") for k, v in a.three.items()}
            car = d.money(a.three["购置"][column] + a.three["运行"][column], f"three.公车.{basis}")
            every = d.money(a.three_total(column), f"three.{basis}")
            d.tie(
                total("row_sum", car, [part["购置"], part["运行"]]),
                total("row_sum", every, [part["出国"], car, part["接待"]]),
            )
            halves.append([every, part["出国"], car, part["购置"], part["运行"], part["接待"]])
        names = ["合计", "因公出国（境）费", "小计", "公务用车购置费", "公务用车运行维护费", "公务接待费"]
        group = ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费"]
        if self.shape.pairs:
            rows = [[x for g in group for x in (g, "")], [x for n in ("", "", "小计", "购置费", "运行维护费", "") for x in (n, "")],
                    ["预算数", "决算数"] * 6, [x for pair in zip(*halves, strict=True) for x in pair]]  # fmt: skip
            merges: tuple[Merge, ...] = (
                (0, 0, 2, 2),
                (0, 2, 2, 2),
                (0, 4, 1, 6),
                (1, 4, 1, 2),
                (1, 6, 1, 2),
                (1, 8, 1, 2),
                (0, 10, 2, 2),
            )
        else:
            rows = [
                ["预算数"] + [""] * 5 + ["决算数"] + [""] * 5,
                group * 2,
                ["", "", *names[2:5], ""] * 2,
                [*halves[0], *halves[1]],
            ]
            merges = (
                (0, 0, 1, 6),
                (0, 6, 1, 6),
                *((1, c + o, 2, 1) for o in (0, 6) for c in (0, 1, 5)),
                (1, 2, 1, 3),
                (1, 8, 1, 3),
            )
        d.close_table("财政拨款“三公”经费支出决算表", self.above(number, d.table_unit), rows, 3, merges=merges)


def names_of(accounts: Accounts, heads: tuple[str, ...]) -> list[str]:
    """The economic categories of a document that carry money."""
    return [ECONOMIC[c] for c, v in accounts.economic.items() if len(c) == 5 and c[:3] in heads and v]
