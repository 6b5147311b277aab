"""The command line: what goes where, which exit code, and one Chinese sentence for every mistake."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from tests.proofread.report import sample
from yibao import __version__, cli, proofread
from yibao.commands import check, telling
from yibao.errors import UserError
from yibao.proofread.document import Package
from yibao.proofread.findings import Report

Run = Callable[..., tuple[int, str, str]]


def read_fake(path: Path, last_year: Path | None = None) -> Package:
    if "读不了" in path.name:
        raise UserError(f"文件“{path.name}”是扫描件，没有文字，不能校对。")
    if "坏" in path.name:
        raise ZeroDivisionError("boom")
    if "停" in path.name:
        raise KeyboardInterrupt
    paths = [path] if not path.is_dir() else sorted(path.iterdir())
    sources = [sample.source(str(p)) for p in paths]
    if last_year:
        older = last_year / "去年.docx" if last_year.is_dir() else last_year
        sources.append(replace(sample.source(str(older)), role="last_year"))
    return Package(tuple(sources))


def check_fake(
    package: Package, progress: object = None, year: int | None = None, region: str | None = None
) -> list[Report]:
    reports = [sample.report(source.path) for source in package.sources if source.role == "current"]
    return [replace(r, year=year or r.year, findings=() if "干净" in r.path else r.findings) for r in reports]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command line in an empty folder, with an engine that always finds the sample's findings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(check, "read_package", read_fake)
    monkeypatch.setattr(proofread, "check_package", check_fake)
    monkeypatch.setattr(
        proofread, "compare", lambda filed, published: [sample.report(published.sources[0].path)], raising=False
    )

    def go(*args: str) -> tuple[int, str, str]:
        code = cli.run(args)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return go


def one_chinese_sentence(text: str) -> bool:
    return len(text.strip().splitlines()) == 1 and bool(re.search("[一-鿿]", text)) and "Traceback" not in text


def test_it_prints_the_report_and_ends_with_1_for_errors(run: Run) -> None:
    code, out, err = run("check", "自评.docx")
    assert code == 1
    assert "【错误】差额" in out
    assert err == ""


def test_clean_document_ends_with_0(run: Run) -> None:
    code, out, _ = run("check", "干净.docx")
    assert code == 0
    assert "未发现问题" in out


def test_json_alone_is_on_standard_output(run: Run) -> None:
    code, out, err = run("check", "自评.docx", "--format", "json")
    assert code == 1
    assert json.loads(out)["document"]["path"] == "自评.docx"
    assert err == ""


def test_several_files_are_a_list_each_read_alone(run: Run) -> None:
    code, out, _ = run("check", "甲.docx", "干净.docx", "--format", "json")
    assert code == 1
    assert [d["document"]["path"] for d in json.loads(out)] == ["甲.docx", "干净.docx"]


def test_directory_is_one_package_and_a_list(run: Run, tmp_path: Path) -> None:
    (tmp_path / "材料").mkdir()
    (tmp_path / "材料" / "甲.txt").write_text("")
    _, out, _ = run("check", "材料", "--format", "json")
    assert [d["document"]["path"] for d in json.loads(out)] == [str(Path("材料/甲.txt"))]


def test_unreadable_file_is_named_and_the_others_are_still_checked(run: Run) -> None:
    code, out, err = run("check", "读不了.pdf", "甲.docx", "--format", "json")
    assert code == 2
    assert len(json.loads(out)) == 1
    assert err.strip() == "文件“读不了.pdf”是扫描件，没有文字，不能校对。"


def test_unexpected_error_names_the_file_without_a_traceback(run: Run) -> None:
    code, out, err = run("check", "坏.docx")
    assert code == 2
    assert out == ""
    assert one_chinese_sentence(err)
    assert "坏.docx" in err
    assert "反馈" in err


def test_debugging_shows_the_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(telling.DEBUG, "1")
    _, _, err = run("check", "坏.docx")
    assert "ZeroDivisionError: boom" in err


def test_ctrl_c_is_quiet(run: Run) -> None:
    code, _, err = run("check", "停.docx")
    assert code == 130
    assert err.strip() == "已停止。"


def test_out_writes_the_report_to_a_file(run: Run, tmp_path: Path) -> None:
    code, out, err = run("check", "甲.docx", "--out", "结果.txt")
    assert (code, out) == (1, "")
    assert "【错误】差额" in (tmp_path / "结果.txt").read_text(encoding="utf-8")
    assert "已写出“结果.txt”" in err


def test_page_goes_down_a_pipe(run: Run) -> None:
    _, out, err = run("check", "甲.docx", "--format", "html")
    assert out.startswith("<!DOCTYPE html>")
    assert err == ""


@pytest.mark.parametrize(
    ("args", "name"),
    [(["甲.docx"], "甲.校对.html"), (["甲.docx", "乙.txt"], "甲等.校对.html"), (["材料"], "材料.校对.html")],
)
def test_page_on_a_terminal_goes_to_a_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], name: str
) -> None:
    (tmp_path / "材料").mkdir()
    (tmp_path / "材料" / "丙.txt").write_text("")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    _, out, err = run("check", *args, "--format", "html")
    assert out == ""
    assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert f"已写出“{name}”" in err


def test_annotate_writes_a_copy_with_comments(run: Run, tmp_path: Path) -> None:
    sample.word_file(tmp_path / "自评.docx")
    code, _, err = run("check", "自评.docx", "--annotate", "批注.docx")
    assert code == 1
    assert len(list(docx.Document(str(tmp_path / "批注.docx")).comments)) == 17
    assert "共 17 条批注" in err


def test_last_year_is_read_along_but_not_reported(run: Run) -> None:
    _, out, _ = run("check", "今年.docx", "--last-year", "去年.docx", "--format", "json")
    assert json.loads(out)["document"]["path"] == "今年.docx"


def test_last_year_may_be_the_folder_of_this_year(run: Run, tmp_path: Path) -> None:
    (tmp_path / "材料").mkdir()
    (tmp_path / "材料" / "今年.docx").write_text("")
    _, out, _ = run("check", "材料/今年.docx", "--last-year", "材料", "--format", "json")
    assert json.loads(out)["document"]["path"] == str(Path("材料/今年.docx"))


def test_same_compares_with_the_published_file(run: Run) -> None:
    code, out, _ = run("check", "报送.docx", "--same", "公开.docx", "--format", "json")
    assert code == 1
    assert json.loads(out)["document"]["path"] == "公开.docx"


def test_year_is_passed_on(run: Run) -> None:
    _, out, _ = run("check", "甲.docx", "--year", "2019", "--format", "json")
    assert json.loads(out)["document"]["year"] == 2019


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["check"], "没有写要校对的文件"),
        (["check", "甲.docx", "--format", "xml"], "只能是 text、json 或 html"),
        (["check", "甲.docx", "--format"], "“--format”后面缺少内容"),
        (["check", "甲.docx", "--bogus"], "没有“--bogus”这个选项"),
        (["--bogus"], "没有“--bogus”这个选项"),
        (["甲.docx"], "yibao check 甲.docx"),
        (["check", "甲.docx", "--year", "去年"], "四位数"),
        (["check", "甲.docx", "--year", "25"], "四位数"),
        (["check", "甲.docx", "乙.docx", "--annotate", "丙.docx"], "一个 .docx"),
        (["check", "甲.txt", "--annotate", "丙.docx"], "不是 .docx 文件"),
        (["check", "甲.docx", "--annotate", "甲.docx"], "原文件不会改动"),
        (["check", "甲.docx", "乙.docx", "--same", "丙.docx"], "--same 只能"),
        (["check", "甲.docx", "--same", "乙.docx", "--annotate", "丙.docx"], "不能与 --annotate 同时使用"),
        (["check", "甲.docx", "--same", "乙.docx", "--year", "2031"], "不能与 --year 同时使用"),
        (["check", "甲.docx", "--out", "."], "是文件夹"),
        (["check", "甲.docx", "--out", "没有/结果.txt"], "不存在"),
        (["check", "甲.docx", "--out", "甲.docx"], "不能写到要校对的文件"),
        (["check", "甲.docx", "--explain", "sum"], "单独使用"),
    ],
)  # fmt: skip
def test_mistakes_get_one_chinese_sentence_and_exit_code_2(run: Run, args: Sequence[str], words: str) -> None:
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert one_chinese_sentence(err)
    assert words in err


def test_explain_a_kind_by_id_or_name(run: Run) -> None:
    assert run("check", "--explain", "占比") == run("check", "--explain", "percent_of")
    code, out, _ = run("check", "--explain", "percent_of")
    assert code == 0
    assert out.startswith("占比（percent_of）")


def test_explain_all_lists_the_kinds(run: Run) -> None:
    code, out, err = run("check", "--explain", "全部")
    assert (code, err) == (0, "")
    assert "percent_of" in out


def test_explain_an_unknown_kind_lists_the_kinds(run: Run) -> None:
    code, out, err = run("check", "--explain", "没有")
    assert code == 2
    assert "percent_of" in out
    assert "没有“没有”这种核对" in err


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"yibao {__version__}\n", "")


@pytest.mark.parametrize("args", [[], ["--help"], ["check", "--help"]])
def test_help_is_chinese(run: Run, args: list[str]) -> None:
    code, out, _ = run(*args)
    assert code == 0
    assert not re.search(r"Usage|Options|Arguments|Show this|exit\.|TEXT|default", out)
    assert "用法" in out


def test_help_names_every_option(run: Run) -> None:
    _, out, _ = run("check", "--help")
    for option in ("--format", "--out", "--annotate", "--last-year", "--same", "--year", "--region", "--explain"):
        assert option in out


def test_file_name_with_markup_is_printed_as_it_is(run: Run) -> None:
    _, _, err = run("check", "[red]读不了[bold].pdf")
    assert "[red]读不了[bold].pdf" in err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("patience", "shown"), [(0.0, True), (60.0, False)])
def test_progress_appears_only_on_long_work(
    run: Run, monkeypatch: pytest.MonkeyPatch, patience: float, shown: bool
) -> None:
    screen = Terminal()
    monkeypatch.setattr(telling, "PATIENCE", patience)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")

    def slow(
        package: Package, progress: Callable[[str, float], None], year: int | None, region: str | None
    ) -> list[Report]:
        progress("甲.docx", 0.5)
        time.sleep(0.4)
        return check_fake(package)

    monkeypatch.setattr(proofread, "check_package", slow)
    run("check", "甲.docx")
    assert ("正在校对" in screen.getvalue()) is shown


def test_output_is_utf8_whatever_the_locale_says() -> None:
    line = "import sys; from yibao.cli import main; sys.argv = ['yibao', 'check', '--explain', 'sum']; main()"
    done = subprocess.run(
        [sys.executable, "-c", line], capture_output=True, env=_environment(PYTHONIOENCODING="ascii"), check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("utf-8").startswith("合计与分项（sum）")


def test_reader_that_goes_away_is_no_error() -> None:
    line = "import sys; from yibao.cli import main; sys.argv = ['yibao', 'check', '--explain', '全部']; sys.stdout.reconfigure(write_through=True); main()"
    with subprocess.Popen(
        [sys.executable, "-c", line], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def _environment(**more: str) -> dict[str, str]:
    import os

    return {**os.environ, **more}
