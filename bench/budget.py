"""部门预算公开: the narrative in 万元 with its list of items, the budget tables in 元 (or 万元)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bench.accounts_facts import CLASSES, GROUPS, ITEMS, ZERO, Accounts, Purse
from bench.county import County
from bench.marked import Draft
from bench.phrases import parts
from bench.ties import change_rate, direction, equal, total

PURPOSES = {"208": "在职人员养老保险缴费", "210": "单位履职和人员医疗保障", "221": "在职人员住房公积金"}


class Budget:
    """Next year's budget of one department: fiscal money, some of its own."""

    def __init__(self, draft: Draft, accounts: Accounts, county: County, purse: Purse, tree: bool) -> None:
        self.d, self.a, self.county, self.tree = draft, accounts, county, tree
        self.items = {c: (i.basic, i.project) for c, i in accounts.items.items() if not c.startswith("229")}
        self.own = purse.amount(5, 80) if draft.rng.random() < 0.4 else ZERO
        self.last = {
            c: ZERO if draft.rng.random() < 0.08 else purse.near(b + p, 0.8, 1.25) for c, (b, p) in self.items.items()
        }
        self.last_fiscal = purse.near(self.fiscal, 0.85, 1.2)
        self.purse = purse

    def sum(self, prefix: str = "", column: int | None = None) -> Decimal:
        rows = (v for c, v in self.items.items() if c.startswith(prefix))
        return sum((v[0] + v[1] if column is None else v[column] for v in rows), ZERO)

    @property
    def fiscal(self) -> Decimal:
        return self.sum()

    def narrative(self) -> None:
        d = self.d
        d.title(f"{d.year()}年部门预算编制说明")
        whole = d.money(self.fiscal + self.own, "income")
        fiscal = d.money(self.fiscal, "fiscal")
        own = d.money(self.own, "own")
        d.tie(total("sum", whole, [fiscal, own]))
        d.say(f"{d.year()}年，{d.name(self.county.bureau)}收入预算{whole}，其中：财政拨款收入{fiscal}，{self._more(fiscal)}；"
              f"事业收入{own}；其他收入{d.money(ZERO)}。")  # fmt: skip
        spent = d.money(self.fiscal + self.own, "spent")
        d.tie(equal("table_balance", whole, spent))
        general = d.money(self.fiscal, "fiscal")
        d.say(f"支出预算{spent}，其中：财政拨款支出预算{general}，{self._more(general)}。财政拨款支出预算中，一般公共预算拨款支出预算"
              f"{d.money(self.fiscal, 'fiscal')}；政府性基金拨款支出预算{d.money(ZERO)}，与{d.year(-1)}年预算持平。")  # fmt: skip
        d.say("财政拨款支出主要内容如下：")
        marks = []
        for n, (code, (basic, project)) in enumerate(self.items.items(), 1):
            marks.append(self._item(n, code, basic + project))
        d.tie(total("sum", general, marks))

    def _more(self, now: str) -> str:
        """比…年预算增加…"""
        d, diff = self.d, self.fiscal - self.last_fiscal
        if not diff:
            return f"与{d.year(-1)}年预算持平"
        text = f"比{d.year(-1)}年预算{d.word('增加' if diff > 0 else '减少')}"
        amount = d.money(abs(diff), "fiscal.more")
        return text + amount

    def _item(self, n: int, code: str, yuan: Decimal) -> str:
        d, last = self.d, self.last[code]
        amount = d.money(yuan, f"{code}.budget")
        name = f"“{CLASSES[code[:3]]}（类）{GROUPS[code[:5]]}（款）{ITEMS[code]}（项）”"
        text = f"{name}{amount}，主要用于{PURPOSES[code[:3]]}。{d.year(-1)}年当年预算执行数为"
        before, again = d.money(last), d.money(yuan, f"{code}.budget")
        text += f"{before}，{d.year()}年预算安排{again}，"
        if last and d.marks[before[0]].text != d.marks[again[0]].text:
            word = d.word("增加" if yuan > last else "减少")
            rate = d.percent(abs(yuan - last) / last * 100)
            d.tie(direction(word, again, before), change_rate("growth", rate, again, before))
            text += (
                f"比{d.year(-1)}年预算执行数{word}{rate}。主要原因是：{'业务量上升' if yuan > last else '厉行节约'}。"
            )
        else:
            text += f"比{d.year(-1)}年预算执行数持平。" if last else f"{d.year(-1)}年未安排此项预算。"
        d.heading(n, text, 3, "items")
        return amount

    # --- tables -----------------------------------------------------------------------------------------------------
    def tables(self) -> None:
        self._summary()
        self._by_code("收入预算总表", ["合计", "财政拨款收入", "事业收入", "其他收入"], self._income_row)
        self._by_code("支出预算总表", ["合计", "基本支出", "项目支出"], self._spent_row)
        self._by_code("一般公共预算支出功能分类预算表", ["合计", "基本支出", "项目支出"], self._general_row)
        self._three()

    def above(self) -> list[str]:
        return [f"编制部门：{self.d.name(self.county.bureau)}", f"单位：{self.d.table_unit}"]

    def _summary(self) -> None:
        d = self.d
        d.open_table()
        fiscal, own = d.money(self.fiscal, "fiscal"), d.money(self.own, "own")
        classes = {c: d.money(self._spent(c), f"{c}.spent") for c in CLASSES if self.sum(c)}
        income, spent = d.money(self.fiscal + self.own, "income"), d.money(self.fiscal + self.own, "spent")
        d.tie(
            total("table_sum", income, [fiscal, own]),
            total("table_sum", spent, list(classes.values())),
            equal("table_balance", income, spent),
        )
        left = [("一、财政拨款收入", fiscal), ("1. 一般公共预算", d.money(self.fiscal, "fiscal")), ("2. 政府性基金预算", d.money(ZERO)),
                ("二、事业收入", own), ("三、事业单位经营收入", ""), ("四、其他收入", "")]  # fmt: skip
        right = [(f"{n}、{CLASSES[c]}", m) for n, (c, m) in zip("一二三四", classes.items(), strict=False)]
        right += [("", "")] * (len(left) - len(right))
        rows = [["本年收入", "", "本年支出", ""], ["项目", "预算数", "项目", "预算数"]]
        rows += [[*x, *y] for x, y in zip(left, right, strict=True)] + [["收入总计", income, "支出总计", spent]]
        d.close_table(f"{d.year()}年部门财务收支预算总表", self.above(), rows, 2, merges=((0, 0, 1, 2), (0, 2, 1, 2)))

    def _own_item(self, prefix: str) -> Decimal:
        """Own income pays the last project item of the medical class."""
        code = max(c for c in self.items if c.startswith("21015"))
        return self.own if code.startswith(prefix) else ZERO

    def _spent(self, prefix: str) -> Decimal:
        return self.sum(prefix) + self._own_item(prefix)

    def _income_row(self, prefix: str) -> list[Decimal]:
        return [self._spent(prefix), self.sum(prefix), self._own_item(prefix), ZERO]

    def _spent_row(self, prefix: str) -> list[Decimal]:
        return [self._spent(prefix), self.sum(prefix, 0), self.sum(prefix, 1) + self._own_item(prefix)]

    def _general_row(self, prefix: str) -> list[Decimal]:
        return [self.sum(prefix), self.sum(prefix, 0), self.sum(prefix, 1)]

    def _key(self, prefix: str, column: str, value: Decimal) -> str:
        """Totals and items that other tables print too."""
        if column == "合计":
            same = value == self._spent(prefix)
            return (f"{prefix}.spent" if prefix else "spent") if same else (f"{prefix}.general" if prefix else "fiscal")
        if column == "基本支出":
            return f"{prefix}.basic"
        return ""

    def _by_code(self, title: str, columns: list[str], values: Callable[[str], list[Decimal]]) -> None:
        d = self.d
        d.open_table()
        codes = sorted({p for c in self.items for p in (c[:3], c[:5], c)}) if self.tree else list(self.items)
        rows: dict[str, list[str]] = {}
        for code in ["", *codes]:
            printed = [d.money(v, self._key(code, c, v)) for c, v in zip(columns, values(code), strict=True)]
            d.tie(total("row_sum", printed[0], printed[1:]))
            rows[code] = printed
            if len(code) == 7 and columns[1] == "基本支出" and "一般公共" in title:
                d.tie(equal("text_vs_table", d.facts[f"{code}.budget"], printed[0]))
        for i in range(len(columns)):
            d.tie(total("table_sum", rows[""][i], [rows[c][i] for c in codes if len(c) == 7]))
            for top in (c for c in codes if len(c) < 7):
                below = [rows[c][i] for c in codes if len(c) == len(top) + 2 and c.startswith(top)]
                d.tie(total("table_sum", rows[top][i], below))
        body = [[c, (CLASSES | GROUPS | ITEMS)[c], *rows[c]] for c in codes] + [["合计", "", *rows[""]]]
        head = [["功能分类科目编码", "功能分类科目名称", *columns]]
        d.close_table(f"{d.year()}年部门{title}", self.above(), head + body, 1, merges=((len(body), 0, 1, 2),))

    def _three(self) -> None:
        d, a = self.d, self.a
        d.open_table()
        part = {k: d.money(v[0], f"three.{k}") for k, v in a.three.items()}
        car = d.money(a.three["购置"][0] + a.three["运行"][0], "three.公车")
        every = d.money(a.three_total(0), "three")
        d.tie(
            total("row_sum", car, [part["购置"], part["运行"]]),
            total("row_sum", every, [part["出国"], car, part["接待"]]),
        )
        rows = [["“三公”经费预算数", "", "", "", "", "", "机关运行经费预算数"],
                ["合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费", "", "", ""], ["", "", "", "小计", "购置费", "运行费", ""],
                [every, part["出国"], part["接待"], car, part["购置"], part["运行"], d.money(a.public, "running")]]  # fmt: skip
        merges = ((0, 0, 1, 6), (0, 6, 3, 1), (1, 0, 2, 1), (1, 1, 2, 1), (1, 2, 2, 1), (1, 3, 1, 3))
        d.close_table(f"{d.year()}年部门“三公”经费和机关运行经费预算表", self.above(), rows, 3, merges=merges)

    def rest(self) -> None:
        """The other matters, after the tables."""
        d, a = self.d, self.a
        d.title("其他相关情况说明")
        whole = d.money(a.three_total(0), "three")
        named = [("因公出国（境）费", a.three["出国"][0], "three.出国"), ("公务接待费", a.three["接待"][0], "three.接待"),
                 ("公务用车购置及运行费", a.three["购置"][0] + a.three["运行"][0], "three.公车")]  # fmt: skip
        d.say(f"{d.year()}年“三公”经费预算数为{whole}，其中：{parts(d, whole, named, '；')}。")
        d.say(f"{d.year()}年度机关运行经费财政拨款预算为{d.money(a.public, 'running')}。")
        every = sum(a.purchases.values(), ZERO)
        whole = d.money(every)
        d.say(
            f"{d.year()}年度政府采购预算{whole}，其中：{parts(d, whole, [(f'政府采购{k}预算', v, '') for k, v in a.purchases.items()], '、')}。"
        )
