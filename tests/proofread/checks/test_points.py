"""Points in headings: every file of a package is looked at, and each place once."""

from __future__ import annotations

from yibao.proofread.checks import points
from yibao.proofread.document import Package, Paragraph, Source
from yibao.proofread.reading import read

ABOVE_ITS_WEIGHT = ("一、绩效情况", "（一）产出指标（分值40分，得分46分）", "宣传12场。宣传材料9种。")
SOUND = ("一、绩效情况", "（一）产出指标（分值40分，得分36分）", "宣传12场。")


def package(*files: tuple[str, ...]) -> Package:
    return Package(
        tuple(Source(f"样例{i}.txt", "text", tuple(Paragraph(p) for p in file)) for i, file in enumerate(files))
    )


def test_a_score_above_its_weight_is_told_once_in_whichever_file_it_stands() -> None:
    for files in ((ABOVE_ITS_WEIGHT, SOUND), (SOUND, ABOVE_ITS_WEIGHT)):
        found = [c for c in points.run(read(package(*files))) if c.cause == "得分超过分值"]
        assert [c.stated for c in found] == ["46分"]
