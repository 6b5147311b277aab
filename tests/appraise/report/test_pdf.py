"""PDF where LibreOffice is installed, nothing and no error where it is not."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.appraise.report.written import write_reports
from yibao.appraise.appraisal import appraise
from yibao.appraise.report.compose import compose
from yibao.appraise.report.pdf import PROGRAMS, stand_ins, steady, write_pdfs
from yibao.appraise.report.text import read_texts

YEAR = Path(__file__).resolve().parents[3] / "examples" / "yiyang-2025"


def test_without_libreoffice_there_is_no_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert write_pdfs([tmp_path / "报告.docx"]) == []


def test_a_program_that_fails_leaves_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / PROGRAMS[0]
    program.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "报告.pdf").write_bytes(b"%PDF signed and scanned")
    assert write_pdfs([tmp_path / "报告.docx"]) == []
    assert (tmp_path / "报告.pdf").read_bytes() == b"%PDF signed and scanned"


def test_the_time_of_its_making_is_left_out() -> None:
    one, two = (
        b"/CreationDate(D:2026%d22080137+08'00')/ID [ <%s>\n<%s> ]\n/DocChecksum /%s" % (month, *[digits * 16] * 3)
        for month, digits in ((11, b"A2"), (12, b"0F"))
    )
    assert steady(one) == steady(two)
    assert len(steady(one)) == len(one)


@pytest.mark.skipif(not any(map(shutil.which, PROGRAMS)), reason="LibreOffice is not installed")
def test_each_report_has_its_pdf(tmp_path: Path) -> None:
    (report, *_) = compose(appraise(YEAR), read_texts(YEAR))
    written = write_reports((report,), tmp_path, pdf=True)
    assert [path.suffix for path in written] == [".docx", ".pdf"]
    made = written[1].read_bytes()
    assert made.startswith(b"%PDF")
    assert b"(D:19800101000000" in made


def test_a_missing_font_gives_way_to_one_of_its_kind() -> None:
    """Left alone, a PDF would set 仿宋 in a sans-serif font."""
    rules = ElementTree.fromstring(stand_ins("/etc/fonts/fonts.conf"))
    taken = {
        match.findtext("test/string"): [s.text for s in match.findall("edit/string")] for match in rules.iter("match")
    }
    assert taken["仿宋_GB2312"][:2] == ["仿宋", "FangSong"]
    assert taken["方正小标宋简体"][-1] == "Noto Serif CJK SC"
    assert rules.findtext("include") == "/etc/fonts/fonts.conf"
