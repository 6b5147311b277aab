"""The catalogue: drugs, services and consumables with limits, prices and each software's own codes.

Codes have the right shape (X… 23, Z… 20, T + 9, services 15 digits) and belong to nothing; operations and services carry the
names that every hospital uses. Prices are invented.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from yibao.demo.arrays import Flags, Ints, split_total
from yibao.demo.settings import Plan

DATA = Path(__file__).parent / "data"
LEVELS = 4  #: 0 no level … 3
VENDORS = 4
#: share of the list price by hospital level: services, drugs
_SERVICE_LEVEL = np.array([0.65, 0.72, 0.88, 1.0])
_DRUGS = ("抗感染", "心血管", "降糖", "呼吸", "消化", "神经", "镇痛", "营养补液", "抗肿瘤", "精神", "止血抗凝", "激素")
_FORMS = (("片", "盒", 24), ("胶囊", "盒", 12), ("注射液", "支", 1), ("粉针剂", "瓶", 1), ("颗粒", "盒", 10))
_PATENT = ("感冒", "活血", "清热", "补益", "止咳", "骨伤", "妇科")
_CONSUMABLES = [
    "一次性输液器",
    "留置针",
    "注射器",
    "敷料",
    "缝线",
    "引流管",
    "导尿管",
    "手术套包",
    "止血材料",
    "补片",
    "骨科钢板",
    "髓内钉",
    "椎体成形套件",
    "人工髋关节",
    "人工膝关节",
    "人工晶体",
    "冠脉支架",
    "球囊导管",
    "造影导管",
    "腔镜切割吻合器",
    "超声刀头",
    "输尿管支架",
    "透析器",
    "血路管",
    "麻醉包",
]
_CONSUMABLE_YUAN = (
    4,
    22,
    2,
    18,
    45,
    80,
    35,
    260,
    320,
    680,
    2600,
    3200,
    4800,
    7600,
    7200,
    780,
    1900,
    1100,
    460,
    1650,
    980,
    520,
    95,
    32,
    60,
)
DIALYSER, TUBES = 22, 23  #: of the consumables
N_DRUGS, N_PATENT, N_PIECES = 230, 60, 40


@dataclass(frozen=True)
class Catalogue:
    """Columns over an item's index. Prices are 10⁻⁶ yuan, by hospital level; ratios 10⁻⁴."""

    code: pa.Array
    name: pa.Array
    kind: list[str]  #: lab, drug, pair1_a …
    type: list[str]
    charge: list[str]
    unit: list[str]
    pack: Ints  #: pieces in a pack
    minutes: Ints
    item_class: Ints  #: 1 甲 2 乙 3 丙
    ratio: Ints  #: of a 乙 item, residents
    ratio_employee: Ints
    price: Ints  #: items × levels
    cap: Ints  #: 0: none; items × levels
    restricted: Flags
    negotiated: Flags
    has_side: Flags
    volume_priced: Flags  #: selected in a procurement batch

    def __len__(self) -> int:
        return len(self.kind)

    def of(self, *kinds: str) -> Ints:
        return np.flatnonzero(np.isin(self.kind, kinds))

    def ratio_of(self, employee: Ints, item: Ints) -> Ints:
        return np.where(employee == 1, self.ratio_employee[item], self.ratio[item])


@dataclass
class _Item:
    code: str
    name: str
    kind: str
    type: str
    charge: str
    unit: str
    yuan: float
    item_class: int
    pack: int = 1
    minutes: int = 0
    side: bool = False


def draw_catalogue(plan: Plan) -> Catalogue:
    rng = plan.stream("catalogue")
    items = [*_services(), *_operations(), *_consumables(), *_drugs(rng), *_patents(rng), *_pieces(rng)]
    size = len(items)
    kinds = np.array([item.kind for item in items])
    drug = np.isin(kinds, ["drug", "patent"])
    base = np.array([item.yuan for item in items])
    service = np.isin([item.type for item in items], ["service"])
    by_level = base[:, None] * np.where(service[:, None], _SERVICE_LEVEL[None, :], 1.0)
    step = np.where(service, 0.5, 0.01)[:, None]
    price = np.round(np.maximum(np.round(by_level / step), 1) * step * 100).astype(np.int64) * 10_000
    item_class = np.array([item.item_class for item in items])
    negotiated = (kinds == "drug") & (base > 180)
    ratio = np.where(item_class == 2, rng.integers(2, 7, size) * 500, 0)
    capped = (item_class < 3) & (drug | (kinds == "consumable")) & (rng.random(size) < 0.15)
    cap = np.where(capped[:, None], price // 100 * 92 // 10_000 * 10_000, 0)
    return Catalogue(
        code=pa.array([item.code for item in items]),
        name=pa.array([item.name for item in items]),
        kind=kinds.tolist(),
        type=[item.type for item in items],
        charge=[item.charge for item in items],
        unit=[item.unit for item in items],
        pack=np.array([item.pack for item in items]),
        minutes=np.array([item.minutes for item in items]),
        item_class=item_class,
        ratio=ratio,
        ratio_employee=np.maximum(ratio - 500, 0) // 500 * 500,
        price=price,
        cap=cap,
        restricted=drug & (item_class == 2) & (rng.random(size) < 0.12),
        negotiated=negotiated,
        has_side=np.array([item.side for item in items]),
        volume_priced=drug & ~negotiated & (item_class < 3) & (rng.random(size) < 0.25),
    )


def read_data(name: str) -> list[dict[str, str]]:
    """The rows of a shipped CSV."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _service_code(serial: int) -> str:
    return f"00{99_0000000 + serial:09d}0000"


def _services() -> list[_Item]:
    found = []
    for i, row in enumerate(read_data("services.csv")):
        head = row["kind"], "service", row["charge_category"], row["unit"], float(row["price_yuan"])
        minutes = int(row["minutes"] or 0)
        item = _Item(_service_code(i + 1), row["name"], *head, int(row["class"]), 1, minutes, row["site"] == "side")
        found.append(item)
    return found


def _operations() -> list[_Item]:
    rows = enumerate(read_data("operations.csv"))
    return [
        _Item(
            _service_code(5001 + i),
            row["operation_name"],
            "operation",
            "service",
            "06",
            "次",
            float(row["price_yuan"]),
            1,
        )
        for i, row in rows
    ]


def _consumables() -> list[_Item]:
    pairs = enumerate(zip(_CONSUMABLES, _CONSUMABLE_YUAN, strict=True))
    return [
        _Item(
            f"C99{i + 1:017d}",
            f"{name}（演示）",
            "consumable",
            "consumable",
            "08",
            "个",
            float(yuan),
            2 if yuan > 400 else 1,
        )
        for i, (name, yuan) in pairs
    ]


def _drugs(rng: np.random.Generator) -> list[_Item]:
    yuan = np.sort(np.round(np.exp(rng.uniform(np.log(1.5), np.log(420), N_DRUGS)), 2))
    classes = rng.permutation(np.repeat([1, 2, 3], split_total(N_DRUGS, np.array([0.47, 0.45, 0.08]))))
    found = []
    for i in range(N_DRUGS):
        group, (form, unit, pack) = _DRUGS[int(rng.integers(len(_DRUGS)))], _FORMS[int(rng.integers(len(_FORMS)))]
        code = f"XQ99Z{i + 1:03d}Z{int(rng.integers(100)):03d}{int(rng.integers(10**10)):011d}"
        found.append(
            _Item(
                code, f"{group}药演示{i + 1:03d}号{form}", "drug", "western", "09", unit, yuan[i], int(classes[i]), pack
            )
        )
    return found


def _patents(rng: np.random.Generator) -> list[_Item]:
    found = []
    for i, price in enumerate(np.sort(np.round(np.exp(rng.uniform(np.log(6), np.log(95), N_PATENT)), 2))):
        code, group = f"ZQ99{i + 1:03d}{int(rng.integers(10**12)):013d}", _PATENT[i % len(_PATENT)]
        name = f"{group}成药演示{i + 1:02d}号颗粒"
        found.append(_Item(code, name, "patent", "tcm_patent", "11", "盒", price, 1 if rng.random() < 0.5 else 2, 10))
    return found


def _pieces(rng: np.random.Generator) -> list[_Item]:
    prices = np.round(rng.uniform(0.03, 0.9, N_PIECES), 2)
    return [
        _Item(f"T{990000001 + i}", f"饮片演示{i + 1:02d}", "piece", "tcm_piece", "10", "克", price, 1)
        for i, price in enumerate(prices)
    ]


def vendor_codes(catalogue: Catalogue, plan: Plan) -> pa.Array:
    """What each software calls each item: index vendor × items + item."""
    rng = plan.stream("vendor-codes")
    found: list[str] = []
    for vendor, shape in enumerate(("Y{:05d}", "{:04d}-A", "XM{:06d}", "W{:07d}")):
        found += [shape.format(int(n) + 17 * vendor) for n in rng.permutation(len(catalogue) * 7)[: len(catalogue)]]
    return pa.array(found)
