"""An invented self-evaluation report: the same content as a package, as a Word file, and the report about it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import docx
from docx.oxml.ns import qn

from yibao.proofread.document import Block, Cell, Package, Paragraph, Place, Source, Table
from yibao.proofread.findings import Check, Evidence, Finding, NotRun, Operand, Report, Severity, Verdict

TITLE = "2031年度青禾县医疗保障局整体支出绩效自评报告"
SECTION = ("二、预算执行情况",)

PROSE: list[tuple[str, int | None]] = [
    (TITLE, 1),
    ("一、单位基本情况", 2),
    ("青禾县医疗保障局内设3个股室：办公室、基金监管股。核定编制31人，其中行政编制9人，事业编制22人；年末在职29人。", None),
    ("二、预算执行情况", 2),
    ("2031年全年预算640.20万元，其中年初预算588.70万元，年中追加51.50万元。全年支出601.75万元，年末结余38.55万元。", None),
    ("支出中，基本支出420.35万元，占69.85%；项目支出181.40万元，占30.14%。“三公”经费预算6.80万元，实际支出5.10万元，控制率为85%，较上年减少0.60万元。", None),
    ("三、绩效目标完成情况", 2),
    ("全县基本医疗保险参保41.26万人，其中职工4.92万人，居民36.34万人。群众满意度为100%，各项指标均达到预期，略有超出。", None),
    ("自评工作于2031年3月10日至3月20日开展，坚持厉行节约。", None),
]  # fmt: skip

FORM = [
    ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
    ["预算执行", "预算执行率", "100%", "93.99%", "10", "9.4"],
    ["产出指标", "基本医疗保险参保率", "≥95%", "96.10%", "30", "30"],
    ["", "定点机构检查覆盖率", "100%", "100%", "20", "20"],
    ["效益指标", "群众看病负担", "持续减轻", "达成预期", "30", "30"],
    ["满意度指标", "服务对象满意度", "≥90%", "97.20%", "10", "10"],
    ["总分", "", "", "", "100", "98.4"],
]
MERGED = {(2, 0): 2}  #: rows spanned by the cell at (row, column)


def table(anchors: bool) -> Table:
    """The form as a grid; `anchors` as the paragraphs of `word_file` count."""
    first = len(PROSE) + 1
    rows = []
    for r, texts in enumerate(FORM):
        cells = []
        for c, text in enumerate(texts):
            origin = (2, 0) if (r, c) == (3, 0) else None
            anchor = first + r * len(texts) + c if anchors else None  # a covered cell has a paragraph, too
            cells.append(Cell(text, r, c, row_span=MERGED.get((r, c), 1), origin=origin, anchor=anchor))
        rows.append(tuple(cells))
    return Table(tuple(rows), caption="部门整体支出绩效自评表", unit="分", notes=("填报日期：2032年4月2日",), page=2)


def source(path: str = "自评报告.docx") -> Source:
    anchors = path.endswith(".docx")
    blocks: list[Block] = [
        Paragraph(raw, page=1, level=level, anchor=i if anchors else None) for i, (raw, level) in enumerate(PROSE)
    ]
    blocks.append(Paragraph("附件：部门整体支出绩效自评表", page=2, anchor=len(PROSE) if anchors else None))
    blocks.append(table(anchors))
    return Source(path, "docx" if anchors else "text", tuple(blocks), pages=2)


def package(path: str = "自评报告.docx") -> Package:
    return Package((source(path),))


def word_file(path: Path) -> Path:
    """Write the report as a Word file, with formatting that cuts the sentences into several runs."""
    document = docx.Document()
    for raw, level in PROSE:
        paragraph = document.add_paragraph(style=f"Heading {level}" if level else None)
        for i, part in enumerate(raw.split("，")):
            run = paragraph.add_run(("，" if i else "") + part)
            run.bold = i % 2 == 1
    document.add_paragraph("附件：部门整体支出绩效自评表")
    grid = document.add_table(len(FORM), len(FORM[0]), style="Table Grid")
    for r, texts in enumerate(FORM):
        for c, text in enumerate(texts):
            grid.cell(r, c).text = text
    covered = grid.cell(3, 0)._tc
    covered.get_or_add_tcPr()  # a real merge keeps an empty paragraph in the covered cell; python-docx's merge() does too
    _merge_down(grid.cell(2, 0)._tc, covered)
    document.save(str(path))
    return path


def _merge_down(top, bottom) -> None:  # type: ignore[no-untyped-def]
    top.get_or_add_tcPr().get_or_add_vMerge().set(qn("w:val"), "restart")
    bottom.get_or_add_tcPr().get_or_add_vMerge()


def evidence(path: str, block: int, quote: str, **place: object) -> Evidence:
    """A quote in a paragraph, its offsets found by searching."""
    start = PROSE[block][0].index(quote) if block < len(PROSE) else 0
    return Evidence(quote, Place(path, block, start=start, end=start + len(quote), **place))  # type: ignore[arg-type]


def cell_evidence(path: str, row: int, col: int) -> Evidence:
    return Evidence(
        FORM[row][col],
        Place(
            path,
            len(PROSE) + 1,
            page=2,
            table="部门整体支出绩效自评表",
            row=row,
            column=col,
            row_label=FORM[row][1] or FORM[row][0],
            column_label=FORM[0][col],
        ),
    )


def report(path: str = "自评报告.docx") -> Report:
    """Three errors, two warnings and a hint; checks with every verdict; two checks that could not be made."""
    rest = evidence(path, 4, "全年支出601.75万元，年末结余38.55万元", page=1, section=SECTION, paragraph=5)
    rate = evidence(
        path, 5, "“三公”经费预算6.80万元，实际支出5.10万元，控制率为85%", page=1, section=SECTION, paragraph=6
    )
    pleased = evidence(path, 7, "群众满意度为100%", page=1, section=("三、绩效目标完成情况",), paragraph=8)
    total = cell_evidence(path, 6, 5)
    offices = evidence(path, 2, "内设3个股室：办公室、基金监管股", page=1, section=("一、单位基本情况",), paragraph=3)
    when = evidence(
        path, 8, "自评工作于2031年3月10日至3月20日开展", page=1, section=("三、绩效目标完成情况",), paragraph=9
    )
    slight = evidence(path, 7, "略有超出", page=1, section=("三、绩效目标完成情况",), paragraph=8)
    share = evidence(path, 5, "项目支出181.40万元，占30.14%", page=1, section=SECTION, paragraph=6)
    findings = (
        Finding("semantic", Severity.WARNING, Verdict.SUSPICIOUS, slight, "略有超出", None, "“略有超出”缺少数字支撑，请补充具体指标或删去。"),
        Finding("difference", Severity.ERROR, Verdict.INCONSISTENT, rest, "38.55万元", "38.45万元", "年末结余 = 640.20 − 601.75 = 38.45万元，文中为38.55万元，相差0.10万元。", "疑录入错误：一个数字不同。", (evidence(path, 4, "全年预算640.20万元", page=1, section=SECTION, paragraph=5),)),
        Finding("control_rate", Severity.ERROR, Verdict.INCONSISTENT, rate, "85%", "75%", "三公经费控制率 = 5.10 ÷ 6.80 = 75%，文中为85%。", "疑录入错误：首位数字不同。"),
        Finding("text_vs_table", Severity.ERROR, Verdict.INCONSISTENT, pleased, "100%", "97.20%", "正文写满意度为100%，自评表“服务对象满意度”实际完成值为97.20%，两处不符。", "正文未随自评表更新。", (cell_evidence(path, 5, 3), cell_evidence(path, 5, 1))),
        Finding("score_sum", Severity.ERROR, Verdict.INCONSISTENT, total, "98.4", "99.4", "总分 = 9.4 + 30 + 20 + 30 + 10 = 99.4分，表中为98.4分。", "", tuple(cell_evidence(path, r, 5) for r in range(1, 6))),
        Finding("count_list", Severity.ERROR, Verdict.INCONSISTENT, offices, "3个", "2个", "文中写3个股室，冒号后只列出2个：办公室、基金监管股。", "漏列一个，或个数未更新。"),
        Finding("date", Severity.WARNING, Verdict.SUSPICIOUS, when, "2031年3月10日", "2032年3月10日", "2031年度的自评写在2031年3月进行，而填报日期为2032年4月2日，疑年份未更新。", "改旧稿时漏改年份。", (Evidence("填报日期：2032年4月2日", Place(path, 10, page=2, table="部门整体支出绩效自评表")),)),
        Finding("percent_of", Severity.INFO, Verdict.ROUNDING, share, "30.14%", "30.15%", "181.40 ÷ 601.75 = 30.145%，四舍五入为30.15%，文中为30.14%，属末位舍入。"),
    )  # fmt: skip
    checks = tuple(
        Check(
            f.kind,
            f.verdict,
            f.evidence,
            f.stated,
            f.expected,
            f.message,
            operands=(Operand((0,), Decimal(1), f.evidence),),
        )
        for f in findings
    )
    sound = (
        Check(
            "sum",
            Verdict.CONSISTENT,
            evidence(path, 2, "核定编制31人，其中行政编制9人，事业编制22人", page=1, paragraph=3),
            "31人",
            "31人",
        ),
        Check(
            "sum",
            Verdict.CONSISTENT,
            evidence(path, 7, "参保41.26万人，其中职工4.92万人，居民36.34万人", page=1, paragraph=8),
            "41.26万人",
            "41.26万人",
        ),
        Check(
            "sum",
            Verdict.CONSISTENT,
            evidence(path, 4, "全年预算640.20万元，其中年初预算588.70万元，年中追加51.50万元", page=1, paragraph=5),
            "640.20万元",
            "640.20万元",
        ),
        *(
            Check("indicator_score", Verdict.CONSISTENT, cell_evidence(path, r, 5), FORM[r][5], FORM[r][5])
            for r in (2, 3, 5)
        ),
        Check("score_formula", Verdict.CONSISTENT, cell_evidence(path, 1, 5), "9.4", "9.4"),
        Check("weight_sum", Verdict.CONSISTENT, cell_evidence(path, 6, 4), "100", "100"),
        Check("target", Verdict.UNCHECKABLE, cell_evidence(path, 4, 2), "持续减轻"),
    )
    not_run = (
        NotRun("last_year", "没有给出上年文件（--last-year），上年数未核对。"),
        NotRun("cross_table", "文中没有部门决算公开表，表间勾稽未进行。"),
    )
    return Report(path, TITLE, "部门整体支出绩效自评报告", 2031, "青禾县医疗保障局", findings, checks + sound, not_run)
