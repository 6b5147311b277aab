"""Conversion by LibreOffice: found, called safely, bounded; and a clear sentence where it is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.proofread.read.making import make_docx, p, paragraphs
from yibao.errors import UserError
from yibao.proofread.read import office, read_file


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "旧 文件.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "WordDocument".encode("utf-16-le"))
    return path


def test_converted_document_is_read_under_its_own_name(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def run(command: list[str], **options: object) -> None:
        calls.append(command)
        assert options["timeout"] == office.TIMEOUT
        make_docx(Path(command[command.index("--outdir") + 1]) / "in.docx", p("转换后的正文。"))

    monkeypatch.setattr(office, "find_office", lambda: "soffice")
    monkeypatch.setattr(subprocess, "run", run)
    source = read_file(old)
    assert paragraphs(source) == ["转换后的正文。"]
    assert source.path == str(old)
    [command] = calls
    assert "--headless" in command
    assert any(part.startswith("-env:UserInstallation=file:") for part in command)
    assert not Path(command[-1]).exists(), "the temporary folder is gone"


@pytest.mark.parametrize(
    ("error", "words"),
    [(subprocess.TimeoutExpired("soffice", 1), "超过"), (OSError(), "启动失败"), (None, "失败")],
)
def test_failed_conversion_is_said(
    old: Path, monkeypatch: pytest.MonkeyPatch, error: Exception | None, words: str
) -> None:
    def run(command: list[str], **options: object) -> None:
        if error is not None:
            raise error

    monkeypatch.setattr(office, "find_office", lambda: "soffice")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(UserError, match=words):
        read_file(old)


def test_no_office_no_conversion(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    with pytest.raises(UserError, match="另存为"):
        read_file(old)


def test_profile_runs_no_macros(tmp_path: Path) -> None:
    url = office._safe_profile(tmp_path / "profile")
    settings = (tmp_path / "profile" / "user" / "registrymodifications.xcu").read_text(encoding="utf-8")
    assert url.startswith("file:")
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in settings


def test_office_is_searched_in_usual_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    monkeypatch.setattr(office, "_PLACES", ())
    monkeypatch.delenv("PROGRAMFILES(X86)", raising=False)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert office.find_office() == str(program)
    monkeypatch.setenv("PROGRAMFILES", "")
    monkeypatch.delenv("PROGRAMW6432", raising=False)
    assert office.find_office() is None
