"""A catalogue with the dirt that catalogues have: every row taken in, or refused with its place and the reason."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.dip.making import case, catalogue, made_with, row
from yibao.dip.grouping.group import Grouper
from yibao.dip.importing.catalogue import import_pack
from yibao.dip.importing.rows import Imported, Wanted
from yibao.dip.packing import load_pack
from yibao.errors import UserError

#: sheets as the official workbook has them: titles above, headings again in the middle, notes below
WORKBOOK: dict[str, list[list[object]]] = {
    "说明": [["本方案供演示"], ["共五部分"]],
    "一、先期分组": [
        ["一、先期分组"],
        ["分类", "序号", "主要诊断编码", "主要手术操作编码", "主要手术操作名称", "说明"],
        ["先期分组", 1, "所有诊断", "33.5100", "移植", ""],
        ["先期分组", 2, "所有诊断", "39.6500|39.6500x001", "体外支持", "不限定为主要手术操作"],
        ["分类", "序号", "主要诊断编码", "天龄", "出生体重", "分组名称"],
        ["先期分组", 3, "P07", "＜29天", "0～999g", "超低出生体重儿"],
    ],
    "二、并项规则下的核心病种": [
        ["序号", "主要诊断编码", "主要诊断名称", "主要手术操作编码", "相关手术操作编码"],
        [4, "K35", "急性阑尾炎", "47.0100", "54.5100x005｜54.5101"],
        [5, "K60.3", "肛瘘", "49.1100｜ 49.1200", None],
    ],
    "三、诊断辅助细分-肿瘤类病种": [
        ["序号", "主要诊断编码", "其他诊断编码", "主要手术操作/\n相关手术操作编码"],
        [6, "Z51.1", "C00-C75", "99.2503+99.2800x005"],
    ],
    "三、诊断辅助细分-结核类病种": [
        ["序号", "主要诊断编码", "主要手术操作编码", "是否耐药"],
        [7, "A17", "", "是"],
        [8, "A17", "", "否"],
    ],
    "四、基础规则下的核心病种": [
        ["序号", "主要诊断编码", "主要手术操作编码"],
        [9, "D34", ""],
        [10, "D34", "06.1101"],
        [11, "D34", "06.1101"],
        [None, None, "注：以上为示例"],
    ],
    "五、不纳入分组的主要诊断": [["主要诊断编码", "主要诊断名称"], ["Z51.100", "化疗"], ["A16.000", "结核"]],
    "五、不纳入分组的主要手术操作": [
        ["主要手术操作编码", "主要手术操作名称", "说明"],
        ["99.2800", "", "按保守治疗入组"],
        ["88.7200", "", "不可作为主要手术操作"],
        ["44.1300x001", "", "A00-A09|\nK20-K93作为主要诊断，可作为主要手术操作"],
        ["45.1300", "", "另行规定"],
    ],
    "六、基层病种": [["序号", "主要诊断编码", "主要手术操作编码"], [1, "M47.0+", None]],
    "附表—结核耐药诊断": [["主要诊断编码"], ["U84.300"]],
}  # fmt: skip


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Imported]:
    folder = tmp_path_factory.mktemp("workbook")
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in WORKBOOK.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    book.save(folder / "方案.xlsx")
    return folder / "pack", import_pack(Wanted(folder / "方案.xlsx", "3.0"), folder / "pack")


def test_every_row_is_taken_or_refused(workbook: tuple[Path, Imported]) -> None:
    _, done = workbook
    for table, read in done.read.items():
        refused = sum(fault.table == table for fault in done.faults)
        assert read == done.taken[table] + refused
    assert done.layers == {"XQ": 3, "BX": 2, "FZ": 3, "JC": 2}
    assert [fault.sentence for fault in done.faults] == [
        "“方案.xlsx”工作表“一、先期分组”第 5 行：夹在数据中的表头",
        "“方案.xlsx”工作表“四、基础规则下的核心病种”第 4 行：诊断和手术操作与第 3 行重复",
        "“方案.xlsx”工作表“四、基础规则下的核心病种”第 5 行“手术操作编码”：手术操作编码“注:以上为示例”写法不对",
        "“方案.xlsx”工作表“五、不纳入分组的主要手术操作”第 5 行“处理规则”：看不懂的处理规则“另行规定”",
    ]
    assert done.left == ["“方案.xlsx”工作表“说明”没有“病种”的表头，2 行没有读"]


def test_the_workbook_groups(workbook: tuple[Path, Imported]) -> None:
    grouper = Grouper(load_pack(workbook[0]))
    assert grouper.group(case("I50.900", "36.0700", "39.6500x001")).group == "XQ-2"
    assert grouper.group(case("I50.900", "36.0700", "33.5100")).group is None
    assert grouper.group(case("J18.900", others="P07.001", age_day=0, birth_weight_g=500)).group == "XQ-3"
    assert grouper.group(case("K35.300", "47.0100", "54.5101")).group == "BX-4"
    assert grouper.group(case("K60.300", "49.1200")).group == "BX-5"
    assert grouper.group(case("Z51.101", "99.2800x005", "99.2503", "C34.901")).group == "FZ-6"
    assert grouper.group(case("A17.000", others="U84.300")).group == "FZ-7"
    assert grouper.group(case("D34.x00", "44.1300x001")).group == "JC-9"
    assert grouper.group(case("A16.000")).flags == ("NOT_GROUPABLE",)
    assert "PRIMARY_CARE" in grouper.group(case("M47.000+G99.2*")).flags


def test_an_import_twice_gives_the_same_pack(workbook: tuple[Path, Imported], tmp_path: Path) -> None:
    folder, _ = workbook
    import_pack(Wanted(folder.parent / "方案.xlsx", "3.0"), tmp_path / "again")
    assert load_pack(tmp_path / "again").version == load_pack(folder).version


def test_what_refuses_a_row(tmp_path: Path) -> None:
    rows = [
        row("JC-1", "JC", "D34"),
        row("JC-1", "JC", "D45"),  # the number again
        row("XQ-2", "JC", "D45"),  # the number says another layer
        row("JC-3", "JC", "甲状腺"),
        row("JC-4", "JC", ""),
        row("JC-5", "JC", "D45", "6.1"),  # zeros lost on both sides
        row("JC-6", "核心", "D45"),  # no layer of 3.0
        row("JC-7", "JC", "D45", kind="介绍"),
        row("JC-8", "JC", "D45", score="八百"),
        row("BX-9", "BX", "A00-A09"),  # a range is 综合
    ]
    pack, done = made_with(tmp_path, "3.0", rows)
    assert [r.group for r in pack.rows] == ["JC-1"]
    assert [(fault.row, fault.column) for fault in done.faults] == [
        (3, "seq"), (4, "layer"), (5, "principal_dx"), (6, "principal_dx"), (7, "proc_expr"), (8, "layer"), (9, "kind"),
        (10, "score"), (11, "layer"),
    ]  # fmt: skip


def test_lost_zeros_and_wide_separators_are_repaired_and_told(tmp_path: Path) -> None:
    rows = [row("JC-1", "JC", "Ｄ34", "6.1101｜06.2X01"), row("JC-2", "JC", "k353")]
    pack, done = made_with(tmp_path, "3.0", rows)
    assert sorted(map(sorted, pack.rows[0].operations)) == [["06.1101"], ["06.2x01"]]
    assert [(repair.row, repair.reason) for repair in done.repairs] == [
        (2, "“6.1101”读作 06.1101"),
        (3, "“k353”读作 K35.3"),
    ]


def test_numbers_in_the_column_of_types_are_not_believed(tmp_path: Path) -> None:
    rows = [row("1001", "0", "K35.3", "47.0100"), row("1002", "0", "K35", kind="相关手术"), row("1003", "2", "A00-A99", kind="保守治疗")]  # fmt: skip
    pack, done = made_with(tmp_path, "2.0", rows)
    assert [r.layer for r in pack.rows] == ["core", "comprehensive", "comprehensive"]
    assert len(done.repairs) == 3


def test_numbers_of_types_may_be_declared_and_are_held_against_the_codes(tmp_path: Path) -> None:
    rows = [
        row("A", "1", "D34"), row("B", "2", "K35", kind="相关手术"), row("C", "0", "K36", kind="相关手术"),
        row("D", "2", "D36.1", "06.1101"), row("E", "3", "J18.9"), row("F", "9", "D45"),
    ]  # fmt: skip
    words = "layer_words: {'1': core, '0': core, '2': comprehensive, '3': primary}"
    pack, done = made_with(tmp_path, "2.0", rows, words)
    assert [(r.group, r.layer) for r in pack.rows] == [
        ("A", "core"),
        ("B", "comprehensive"),
        ("E", "primary"),
        ("F", "core"),
    ]
    assert [fault.reason for fault in done.faults] == [
        "类型“0”与编码的形式不符（像综合病种）", "类型“2”与编码的形式不符（像核心病种）",
    ]  # fmt: skip
    assert [fault.reason for fault in done.repairs] == ["类型“9”不认识，按编码的形式读作核心病种"]


def test_a_word_that_contradicts_the_codes_is_refused(tmp_path: Path) -> None:
    rows = [row("C1", "综合病种", "K35.3", "47.0100"), row("C2", "核心病种", "A00-A99", kind="保守治疗"), row("C3", "核心病种", "K35.3")]  # fmt: skip
    pack, done = made_with(tmp_path, "2.0", rows)
    assert [r.group for r in pack.rows] == ["C3"]
    assert [fault.column for fault in done.faults] == ["layer", "layer"]


def test_the_separators_of_a_city_are_declared(tmp_path: Path) -> None:
    rows = [row("C1", "core", "K35.3", "47.0100,54.5101")]
    pack, _ = made_with(tmp_path, "1.0", rows, 'separators: {either: "/", both: ","}')
    assert pack.rows[0].operations == (frozenset({"47.0100", "54.5101"}),)


def test_codes_are_held_against_the_lists(tmp_path: Path) -> None:
    rows = [row("JC-1", "JC", "D34", "6.31"), row("JC-2", "JC", "D99", "06.9999")]
    lists = {
        "diagnoses": "D34.x00 甲状腺良性肿瘤，其他\nD45.x00 真性红细胞增多症\n",
        "operations": "06.3100 a\n06.3101 b\n",
    }
    pack, done = made_with(tmp_path, "3.0", rows, **lists)
    assert [fault.reason for fault in done.faults] == ["“6.31”可能是 06.3100、06.3101 等，不能确定是哪一个"]
    assert [repair.reason for repair in done.repairs] == [
        "编码库里没有“D99”，照目录收下",
        "编码库里没有“06.9999”，照目录收下",
    ]
    assert pack.operations.read("06.9999").counts  # what the catalogue names exists


def test_scores_by_number_and_by_codes(tmp_path: Path) -> None:
    rows = [row("C1", "core", "K35.3", "47.0100"), row("C2", "core", "K35.3")]
    scores = "诊断编码\t手术操作编码\t病种编码\t分值\t次均费用\nK35.3\t47.0100\t\t900.5\t9,000.10\n\t\tC2\t300\t\nK36\t\t\t5\t\n\t\tC2\t1\t\n"
    pack, done = made_with(tmp_path, "2.0", rows, scores=scores)
    assert [str(r.score) for r in pack.rows] == ["900.5", "300"]
    assert [fault.reason for fault in done.faults] == ["目录里没有这个病种", "“C2”的分值已经有了"]


def test_gbk_with_commas(tmp_path: Path) -> None:
    text = "病种编码,类型,主要诊断编码,手术操作编码,分值\nC1,核心病种,K35.3,保守治疗,300\n"
    (tmp_path / "目录.csv").write_bytes(text.encode("gb18030"))
    import_pack(Wanted(tmp_path / "目录.csv", "2.0"), tmp_path / "pack")
    assert load_pack(tmp_path / "pack").rows[0].kind is None


def test_it_refuses_what_it_cannot_use(tmp_path: Path) -> None:
    (tmp_path / "空.tsv").write_text("seq\tprincipal_dx\n", encoding="utf-8")
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "文件").touch()
    good = catalogue(tmp_path / "g.tsv", [row("JC-1", "JC", "D34")])
    bad = tmp_path / "s.yaml"
    bad.write_text("tie_order: [guess]", encoding="utf-8")
    for wanted, out, said in (
        (Wanted(tmp_path / "没有.tsv", "3.0"), "a", "打不开"),
        (Wanted(tmp_path / "空.tsv", "3.0"), "b", "没有一行能用的病种"),
        (Wanted(good, "4.0"), "c", "只能是 1.0、2.0 或 3.0"),
        (Wanted(good, "3.0"), "别的", "已经有别的内容"),
        (Wanted(good, "3.0", settings=bad), "d", "tie_order"),
    ):
        with pytest.raises(UserError, match=said):
            import_pack(wanted, tmp_path / out)
        assert not (tmp_path / out / "pack.yaml").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("order: [core, nothing]", "order 里的“nothing ”应是 layers 里的一层"),
        ("order: [core often]", "order 里的“core often”"),
        ("order: []", "order 是空的"),
        ("layer_words: {'2': all}", "layer_words 的“2”"),
        ("tie_order: []", "tie_order 是空的"),
        ("layers: {core: {choose: []}}", "“core”的 choose 是空的"),
        ("separators: {either: /, both: /}", "两个不同的符号"),
        ("separators: {both: ''}", "两个不同的符号"),
        ("ventilation: {'96.7201': 96}", "ventilation"),
        ("ventilation: {'96.7201': '96'}", "应写成 >=96 或 <96"),
        ("layers: {core: 3}", "layers.core"),
        ("- a", "应是 名称: 值"),
    ],
)
def test_settings_that_do_not_hold_together_are_refused(tmp_path: Path, settings: str, said: str) -> None:
    with pytest.raises(UserError, match="设置文件") as refused:
        made_with(tmp_path, "2.0", [row("C1", "core", "D34")], settings)
    assert said in refused.value.sentence


def test_a_layer_that_never_has_its_turn_is_told(tmp_path: Path) -> None:
    rows = [row("C1", "core", "D34"), row("B1", "last", "K")]
    _, done = made_with(tmp_path, "2.0", rows, "order: [core]", kinds="编码\t治疗方式\n99.1500\t保守治疗\n")
    assert done.notes == ["设置的 order 里没有“保底组”，这些病种永远不会用到"]


def test_headings_in_two_rows_and_merged_cells_below(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "核心病种"
    for cells in (
        ["某市病种目录"],
        ["病种类型", "主要诊断", "", "手术操作", "", "分值"],
        ["", "编码", "名称", "编码", "名称", ""],
        ["核心病种", "K35.3", "阑尾炎", "47.0100", "腹腔镜", 900.5],
        ["核心病种", "", "", "47.0901", "开腹", 800],
        ["核心病种", "D34", "甲状腺", "06.1101", "", 700],
    ):
        sheet.append(cells)
    for area in ("A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3", "B4:B5", "C4:C5"):
        sheet.merge_cells(area)
    book.save(tmp_path / "目录.xlsx")
    done = import_pack(Wanted(tmp_path / "目录.xlsx", "2.0"), tmp_path / "pack")
    rows = load_pack(tmp_path / "pack").rows
    assert [(r.group, r.name, str(r.score)) for r in rows] == [
        ("K35.3-47.0100", "阑尾炎＋腹腔镜", "900.5"), ("K35.3-47.0901", "阑尾炎＋开腹", "800"), ("D34-06.1101", "甲状腺", "700"),
    ]  # fmt: skip
    assert not done.faults
    assert [fault.sentence for fault in done.repairs] == [
        "“目录.xlsx”工作表“核心病种”有上下合并的单元格，1 行按合并的值读"
    ]


def imported(folder: Path, sheets: dict[str, list[list[object]]], edition: str = "3.0") -> tuple[Path, Imported]:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.removeprefix("隐藏"))
        sheet.sheet_state = "hidden" if name.startswith("隐藏") else "visible"
        for cells in rows:
            sheet.append(cells)
    book.save(folder / "目录.xlsx")
    return folder / "pack", import_pack(Wanted(folder / "目录.xlsx", edition), folder / "pack")


HEAD: list[object] = ["序号", "诊断编码", "手术操作编码", "分值", "医生"]


def test_formulas_without_a_saved_value_and_failures_are_told_cell_by_cell(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [1, "D34", "=B9", 1],
        [2, "D45", "", "=100*2"],
        [3, "#REF!", "06.1101", 1],
        [4, "D35.0", "#N/A", 1],
        [5, "D35.1", "", 1, "=A1"],  # in a column that nobody asks for
        ["=A6+1", "=B6"],
    ]
    folder, done = imported(tmp_path, {"基本": rows})
    assert [row.group for row in load_pack(folder).rows] == ["JC-5"]
    told = "是公式，没有保存的值；请用 Excel 或 WPS 打开，保存后再导入"
    assert [fault.sentence.removeprefix("“目录.xlsx”工作表“基本”") for fault in done.faults] == [
        f"第 2 行“手术操作编码”：C2 单元格{told}",
        f"第 3 行“分值”：D3 单元格{told}",
        "第 4 行“主要诊断编码”：B4 单元格出错（#REF!）",
        "第 5 行“手术操作编码”：C5 单元格出错（#N/A）",
        f"第 7 行“序号”：A7 单元格{told}",
    ]
    assert done.read["groups"] == done.taken["groups"] + len(done.faults)


def test_alternatives_in_another_order_are_the_same_row(tmp_path: Path) -> None:
    rows = [HEAD, [1, "K60.3", "49.1200|49.7301"], [2, "K60.3", "49.7301|49.1200"]]
    again: list[list[object]] = [HEAD, [3, "K60.3", "49.7301|49.1200"]]
    _, done = imported(tmp_path, {"基本": rows, "基本（续）": again})
    assert [fault.sentence for fault in done.faults] == [
        "“目录.xlsx”工作表“基本”第 3 行：诊断和手术操作与第 2 行重复",
        "“目录.xlsx”工作表“基本（续）”第 2 行：诊断和手术操作与“目录.xlsx”工作表“基本”第 2 行重复",
    ]


def test_a_core_group_twice_with_two_kinds_is_one_too_many(tmp_path: Path) -> None:
    head: list[object] = ["病种编码", "诊断编码", "手术操作编码", "治疗方式"]
    rows = [head, ["A", "K35.3", "47.0100", "相关手术"], ["B", "K35.3", "47.0100", "治疗性操作"]]
    _, done = imported(tmp_path, {"核心": rows}, "2.0")
    assert [fault.reason for fault in done.faults] == ["诊断和手术操作与第 2 行重复"]


def test_lists_of_code_and_name_and_headings_that_come_late(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "隐藏基本": [HEAD, [1, "D34", ""]],
        "不纳入分组的主要诊断": [["编码", "名称"], ["A09.900", "腹泻"], ["编码", "名称"], ["=B2", "空"]],
        "结核耐药诊断": [["某某"], ["U84.300", "耐药"], ["编码", "名称"], ["A15.000x001", "耐药"]],
    }
    folder, done = imported(tmp_path, sheets)
    pack = load_pack(folder)
    assert "A09.900" in pack.excluded_diagnoses
    assert "A15.000x001" in pack.resistant
    assert [(fault.table, fault.row) for fault in done.faults] == [
        ("excluded_diagnoses", 3), ("excluded_diagnoses", 4), ("tb_resistant", 2),
    ]  # fmt: skip
    assert done.faults[-1].reason == "在表头的上面，没有读"
    assert [fault.sentence for fault in done.repairs] == ["“目录.xlsx”工作表“基本”是隐藏的工作表，也读了"]


def test_one_workbook_may_hold_the_classes_of_operations_too(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "核心病种": [["2.0版病种编码", "诊断编码", "手术操作编码", "病种类型"], ["A", "D34", "06.1101", "核心"]],
        "手术操作分类": [["手术操作编码", "类型", "手术级别"], ["06.1101", "相关手术", "三级"]],
    }
    folder, done = imported(tmp_path, sheets, "2.0")
    assert load_pack(folder).kinds == {"06.1101": (3, 3)}
    assert not done.faults
    again = Wanted(tmp_path / "目录.xlsx", "2.0", {"kinds": tmp_path / "目录.xlsx"})
    assert not [fault for fault in import_pack(again, folder).faults if "重复" not in fault.reason]


def test_the_classes_of_operations_as_the_national_list_names_them(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "核心": [["诊断编码"], ["D34"]],
        "手术操作分类代码": [
            ["主要编码", "附加编码", "手术名称", "类别", "录入选项", "手术级别"],
            ["47.0100", "", "甲", "手术", "必选", "3级"], ["51.2300", "", "乙", "手术", "必选", "四级手术"],
            ["96.0400", "", "丙", "治疗性操作", "", ""], ["36.0700", "", "丁", "介入治疗", "", "二级"], ["99.1500", "", "戊", "操作"],
        ],
    }  # fmt: skip
    folder, done = imported(tmp_path, sheets, "2.0")
    kinds = load_pack(folder).kinds
    assert kinds == {"47.0100": (3, 3), "51.2300": (3, 4), "96.0400": (2, 0), "36.0700": (3, 2)}
    assert [fault.column for fault in done.faults] == ["kind"]


def test_the_number_of_a_group_goes_before_that_of_a_line(tmp_path: Path) -> None:
    head: list[object] = ["序号", "病种编码", "诊断编码", "分值"]
    folder, done = imported(
        tmp_path, {"核心": [head, [1, "D34：保守", "D34", 7], [2, "", "D45", 8], [3, 1001, "D36.1", 9]]}, "2.0"
    )
    found = [(row.group, row.score) for row in load_pack(folder).rows]
    assert found == [("D34:保守", 7), ("D45", 8), ("1001", 9)]
    assert not [note for note in done.notes if "没有用的列" in note]


def test_a_reason_is_one_line(tmp_path: Path) -> None:
    head: list[object] = ["诊断编码", "治疗方式"]
    folder, done = imported(tmp_path, {"核心": [head, ["D34", "甲\n乙\t丙"], ["D45", ""]]}, "2.0")
    assert done.faults[0].reason.startswith("看不懂的治疗方式“甲 乙 丙”")
    assert len((folder / "rejected.tsv").read_text(encoding="utf-8").splitlines()) == 2


def test_columns_and_lists_that_are_missed_are_told(tmp_path: Path) -> None:
    head: list[object] = ["诊断编码", "手术操作编码", "分值（职工）", "分值（居民）", "备注二"]
    _, done = imported(tmp_path, {"核心": [["某市"], head, ["D34", "", 1, 2]]}, "2.0")
    assert done.notes == [
        "“目录.xlsx”工作表“核心”没有用的列：分值（居民）、备注二",
        "没有手术操作分类（--kinds）：综合病种、按保守治疗看待的手术操作都判断不了",
    ]
    other = tmp_path / "3"
    other.mkdir()
    _, done = imported(other, {"基本": [HEAD[:4], [1, "D34", "", 1]]})
    assert done.notes == ["没有不纳入分组的主要诊断名单（--excluded-diagnoses），只按设置里的：A09.900、Z51.100"]


def test_a_group_is_named_by_its_diagnosis_and_its_operation(tmp_path: Path) -> None:
    head: list[object] = ["序号", "主要诊断编码", "主要诊断名称", "主要手术操作编码", "主要手术操作名称"]
    folder, _ = imported(
        tmp_path, {"基本": [head, [1, "D34", "甲状腺良性肿瘤", "06.1101", "活检"], [2, "D45", "真红", None]]}
    )
    assert [row.name for row in load_pack(folder).rows] == ["甲状腺良性肿瘤＋活检", "真红"]


@pytest.mark.parametrize("table", ["primary_care", "kinds", "diagnoses"])
def test_a_list_of_which_nothing_can_be_used_is_another_file(tmp_path: Path, table: str) -> None:
    groups, other = catalogue(tmp_path / "目录.tsv", [row("JC-1", "JC", "D34")]), tmp_path / "其他.txt"
    other.write_text("会议通知\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"“其他\.txt”里没有一行能用"):
        import_pack(Wanted(groups, "3.0", {table: other}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    groups = catalogue(tmp_path / "目录.tsv", [row("JC-1", "JC", "D34")])
    with pytest.raises(UserError, match="写不进去"):
        import_pack(Wanted(groups, "3.0"), groups / "out")
