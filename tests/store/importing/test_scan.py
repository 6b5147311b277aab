"""What is known of a text before it is parsed, however it is cut into blocks and whichever process decodes it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from yibao.errors import UserError
from yibao.store.importing import recode
from yibao.store.importing import scan as scanning
from yibao.store.importing.recode import recoded
from yibao.store.importing.scan import Scan, scan
from yibao.store.importing.typed import CONTROL, LOST

LINES = [f"V{i:05d},静脉采血（项目{i}）,内科,1.00" for i in range(3_000)]


@pytest.fixture
def gbk(tmp_path: Path) -> Path:
    """Lines in GBK, with bytes that cannot be read in the first and in the second half."""
    text = "\n".join(LINES).encode("gb18030").replace("项目7）".encode("gb18030"), b"\xff\xff")
    path = tmp_path / "费用明细.csv"
    path.write_bytes(text.replace("项目2999）".encode("gb18030"), b"\xff"))
    return path


def _scan(path: Path) -> Scan:
    return scan(path, path.parent)


def test_two_processes_give_the_text_of_one(gbk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recode, "LARGE", 1)
    told: list[int] = []
    text = b"".join(recoded(gbk, "gb18030", 0, tmp_path, told.append))
    assert text == gbk.read_bytes().decode("gb18030", "replace").encode()
    assert len(told) == 2, "the second half is told as one"
    assert told[-1] == gbk.stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == [gbk.name], "its file is gone"


def test_a_second_process_that_cannot_work_is_not_needed(
    gbk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recode, "LARGE", 1)
    monkeypatch.setattr(recode, "__name__", "yibao.no_such_module")
    text = b"".join(recoded(gbk, "gb18030", 0, tmp_path, lambda done: None))
    assert text == gbk.read_bytes().decode("gb18030", "replace").encode()


def test_a_second_process_ends_with_a_refused_file(gbk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recode, "LARGE", 1)
    content = gbk.read_bytes()
    gbk.write_bytes(content[:9000] + b"\0" + content[9000:])
    with pytest.raises(UserError, match="空字节"):
        scan(gbk, tmp_path)
    assert not list(tmp_path.glob("*.second.txt"))


@pytest.mark.parametrize("block", [3, 64, 1 << 20])
def test_facts_do_not_depend_on_the_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(scanning, "BLOCK", block)
    path = tmp_path / "甲.csv"
    content = f"a_b,c\r\n甲{LOST}{'乙' * 99},1+2\r\n丙\t,3".encode()
    path.write_bytes(content)
    found = _scan(path)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert (found.lines, found.is_plain, found.ends_with_newline) == (3, True, False)
    assert found.signs == {"_": 1, "+": 1, LOST: 1, CONTROL: 1}
    path.write_bytes(content.replace(b"\r\n", b"\n", 1))
    assert not _scan(path).is_plain, "lines end in two ways"


def test_what_stands_in_the_headings_alone_is_no_oddity(tmp_path: Path) -> None:
    path = tmp_path / "甲.csv"
    path.write_text("psn_no,med_type\n1,2\n", encoding="utf-8")
    assert _scan(path).oddities(1) == frozenset()
    path.write_text("psn_no,med_type\n1,2_0\n", encoding="utf-8")
    assert _scan(path).oddities(1) == frozenset("_")
    path.write_text(f"psn{LOST}no,med{LOST}{'甲' * 999}\n" + "乙" * (1 << 19) + LOST, encoding="utf-8")
    assert _scan(path).oddities(1) == frozenset(LOST), "in a later block"
