"""The settings of a workspace, `yibao.yaml`: whose it is, which engine answers, how much it may take. Where a workspace begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yibao.errors import UserError

SETTINGS = "yibao.yaml"
FOLDERS = ("tables", "outputs", "rejects", ".work")
EngineName = Literal["duckdb", "spark"]


class Settings(BaseModel):
    """What `yibao.yaml` may say. `memory` is for the engine alone: Arrow buffers of a writer come on top of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str = Field(min_length=1)
    engine: EngineName = "duckdb"
    created_by: str  #: the version of yibao that made the workspace
    memory: str = Field(default="2GB", pattern=r"^\d+(\.\d+)?(MB|GB)$")
    threads: int | None = Field(default=None, ge=1)
    temporary: Path | None = None  #: where an engine spills; the workspace's own .work where nothing is said
    spark: str = "local[*]"  #: Spark's master: this machine, or the URL of a cluster


def write_settings(folder: Path, settings: Settings) -> None:
    """A new `yibao.yaml`."""
    said = settings.model_dump(mode="json", exclude_none=True)
    head = "# 医保工作区的设置。engine：duckdb 或 spark；memory：计算引擎可用的内存；threads：线程数；spark：Spark 主节点。\n"
    (folder / SETTINGS).write_text(head + yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")


def read_settings(folder: Path) -> Settings:
    """UserError names the file and what is wrong with it."""
    path = folder / SETTINGS
    try:
        return Settings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise UserError(
            f"“{folder}”不是工作区：没有 {SETTINGS}。建立新的工作区：yibao init 文件夹 --region 地区代码。"
        ) from None
    except ValidationError as error:
        wrong = error.errors()[0]
        raise UserError(f"“{path}”的设置 {'.'.join(map(str, wrong['loc'])) or '内容'} 写得不对，请改正。") from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"“{path}”读不出来（{type(error).__name__}），请检查这个文件。") from None


def find_workspace(said: str | Path | None = None, start: Path | None = None) -> Path:
    """The folder that was named, or the nearest workspace from the current folder upwards; UserError where there is none."""
    if said is not None:
        read_settings(Path(said))
        return Path(said)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise UserError(
        "当前文件夹不在工作区里。请进入工作区，或用 --workspace 写明它的文件夹；建立新的：yibao init 文件夹 --region 地区代码。"
    )


def create_folders(folder: Path, settings: Settings) -> None:
    """An empty workspace; UserError where the folder already holds something."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            known = "已经是工作区" if (folder / SETTINGS).exists() else "里已有文件"
            raise UserError(f"“{folder}”{known}，没有改动。请换一个空的或新的文件夹。")
        for name in FOLDERS:
            (folder / name).mkdir()
        write_settings(folder, settings)
    except OSError as error:
        raise UserError(f"无法在“{folder}”建立工作区（{error.strerror}）。请检查路径和写入权限。") from error


def bytes_of(memory: str) -> int:
    """
    >>> bytes_of("1.5GB")
    1500000000
    """
    unit: Any = {"MB": 10**6, "GB": 10**9}[memory[-2:]]
    return int(float(memory[:-2]) * unit)
