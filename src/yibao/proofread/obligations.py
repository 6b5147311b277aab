"""What a document of a kind must let us check; an obligation nothing was found for is reported as not run (guide §7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yibao.proofread.findings import NotRun

#: kind of document → (kinds of which one must have run, what is missing when none did)
OBLIGATIONS: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "部门决算公开": (
        (("table_balance",), "未找到收入支出决算总表，收支平衡未核对"),
        (("cross_table",), "未找到可以互相核对的两张决算表，表间关系未核对"),
        (("table_sum", "row_sum"), "未找到带合计的决算表，表内关系未核对"),
        (("completion_rate", "execution_rate"), "正文没有可核对的预算完成率"),
        (("text_vs_table", "table_vs_text"), "正文与表格没有可以对上的数，文表关系未核对"),
    ),
    "整体支出绩效自评报告": (
        (("weight_sum",), "未找到分值，分值合计未核对"),
        (("score_sum",), "未找到得分，得分合计未核对"),
        (("indicator_score", "indicator_score_qualitative"), "未找到绩效指标表，指标得分未核对"),
        (("execution_rate", "score_formula"), "未找到预算执行率，执行率及其得分未核对"),
        (("date",), "未找到可核对的日期"),
        (("fund_closing", "fund_balance"), "未附医保基金预决算收支情况表，基金收支关系未核对"),
        (("text_vs_table", "table_vs_text"), "正文与表格没有可以对上的数，文表关系未核对"),
    ),
    "项目支出绩效自评报告": (
        (("weight_sum", "score_sum"), "未找到项目自评表，分值和得分未核对"),
        (("execution_rate",), "未找到项目预算执行率"),
    ),
    "基金预决算表": ((("fund_balance", "fund_closing"), "未识别出基金收支表，基金收支关系未核对"),),
    "自评表": ((("weight_sum",), "未识别出指标表，分值合计未核对"),),
}  # fmt: skip


def missing(kind: str, ran: Mapping[str, int]) -> Iterator[NotRun]:
    """The obligations of a document of `kind` for which no check was made."""
    for kinds, reason in OBLIGATIONS.get(kind, ()):
        if not any(ran.get(k) for k in kinds):
            yield NotRun(kinds[0], reason)
