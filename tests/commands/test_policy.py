"""`yibao policy`, as a clerk meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from yibao.cli import run


def notice(folder: Path, *sets: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text("code: cn-9905\nname: 某某市\nparent: cn\nstatus: example\n", encoding="utf-8")
    lines = "".join(f"      - {{{item}}}\n" for item in sets)
    head = "notices:\n  - source: 测试〔2024〕1号\n    from: 2025-01-01\n    grade: proposal\n    status: example\n    sets:\n"
    (folder / "rules.yaml").write_text(head + lines, encoding="utf-8")
    return folder


def test_show_a_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "show", "resident.inpatient.deductible", "--region", "cn-9904", "--on", "2024-12-31"]) == 0
    out = capsys.readouterr().out
    assert "示例市（cn-9904）　2024-12-31 执行的规则" in out
    assert "居民·住院\n  起付线　resident.inpatient.deductible\n" in out
    assert "三级、次数≥2                      450 元" in out
    assert "出处：示例市医保发〔2018〕1号（虚构）第五条，2019-01-01 至 2024-12-31（自拟，示例）" in out
    assert "resident.inpatient.deductible_mode" not in out


def test_show_by_a_chinese_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "show", "大病", "--region", "cn-9904", "--on", "2025-06-30"]) == 0
    out = capsys.readouterr().out
    assert "困难群众                          6,500 元" in out
    assert "80,000 元以上                     75%" in out
    assert "每年　困难群众                    不封顶" in out
    assert "住院" not in out


def test_show_as_it_was_known(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["policy", "show", "resident.two_diseases.caps", "--region", "cn-9904", "--on", "2025-03-01"]
    assert run([*asked, "--known-at", "2025-03-01"]) == 0
    assert "360 元" in capsys.readouterr().out
    assert run(asked) == 0
    out = capsys.readouterr().out
    assert "400 元" in out
    assert "2025-06-20 公布" in out


def test_show_everything_and_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["policy", "show", "--region", "cn-9904"]) == 0
    out = capsys.readouterr().out
    assert "离休·住院" in out
    assert "身份\n" in out
    folder = notice(tmp_path / "p", "key: resident.rounding, value: 舍去")
    assert run(["policy", "show", "--pack", str(folder), "--on", "2025-06-30"]) == 0
    assert "取整到分的方式　resident.rounding\n      舍去" in capsys.readouterr().out


def test_the_region_of_the_workspace(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "county"), "--region", "cn-990421"]) == 0
    assert run(["policy", "show", "employee.civil", "--workspace", str(tmp_path / "county")]) == 0
    assert "公务员                            60%" in capsys.readouterr().out


def test_diff_of_two_dates(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "diff", "cn-9904", "--on", "2024-12-31", "--on", "2025-01-01"]) == 0
    out = capsys.readouterr().out
    assert "三级                              900 元 → 1,000 元" in out
    assert "三级、次数≥2                      450 元 → 500 元" in out
    assert "二级、次数≥2" not in out
    assert "employee" not in out


def test_diff_of_two_packs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one = notice(tmp_path / "a", "key: resident.rounding, value: half_up", "key: resident.inpatient.rate, value: 0.6")
    other = notice(tmp_path / "b", "key: resident.rounding, value: 四舍五入", "key: employee.rounding, value: down")
    assert run(["policy", "diff", str(one), str(other), "--on", "2025-06-30"]) == 0
    out = capsys.readouterr().out
    assert "居民·住院·支付比例　resident.inpatient.rate　没有了\n    60%" in out
    assert "职工·取整到分的方式　employee.rounding　新增\n    舍去" in out
    assert "resident.rounding" not in out
    assert run(["policy", "diff", str(one), str(one), "--on", "2025-06-30"]) == 0
    assert "没有不同。" in capsys.readouterr().out


def test_check_lists_every_mistake_with_its_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = notice(
        tmp_path / "p",
        "key: resident.inpatient.rate, value: 62",
        "key: resident.rounding, value: half_up",
        "key: resident.inpatient.rat, value: 1",
    )
    assert run(["policy", "check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "错误（2 项）" in out
    assert (
        "rules.yaml 第 7 行的参数 resident.inpatient.rate 有误：比例 62 应在 0 至 1 之间（百分之 62 写成 0.62）" in out
    )
    assert "rules.yaml 第 9 行的参数 resident.inpatient.rat 有误" in out


def test_check_of_a_file_that_cannot_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = notice(tmp_path / "p", "key: resident.rounding")
    assert run(["policy", "check", str(folder)]) == 1
    assert "第 7 行没有写 value" in capsys.readouterr().out


def test_check_lists_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = notice(
        tmp_path / "p",
        "key: resident.inpatient.rate, value: {三级: 0.6}",
        "key: resident.aid.rate, value: {低保: 0.6, else: 0}",
    )
    assert run(["policy", "check", str(folder), "--on", "2025-06-30"]) == 0
    out = capsys.readouterr().out
    assert "还没有写，用到时会拒绝结算（5 项）" in out
    assert "resident.inpatient.deductible      居民·住院·起付线" in out
    assert "低保适用的“低保”低于国办发〔2021〕42号的下限 0.70" in out
    assert "2025-06-30 执行的待遇规则 2 项：示例 2。" in out


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (["show", "天书", "--region", "cn-9904"], "没有"),
        (["show", "--region", "cn-9904", "--on", "2025-6-30"], "“2025-6-30”不是日期"),
        (["show", "--pack", "."], "没有 pack.yaml"),
        (["show", "--region", "zz"], "没有代码为 zz 的地区包"),
        (["diff", "cn-9904"], "两个 --on"),
        (["diff", "cn-9904", "--on", "2025-01-01"], "两个 --on"),
    ],
)
def test_a_mistake_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["policy", *said]) == 2
    assert sentence in capsys.readouterr().err


def test_without_a_region(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["policy", "show"]) == 2
    assert "请写明地区，如 --region cn-9904" in capsys.readouterr().err
