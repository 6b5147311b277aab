"""Collect every wheel that a machine without internet needs to install yibao, and prove that none is missing.

    python scripts/wheelhouse.py           fill wheelhouse/ from requirements.lock, add our own wheel, check
    python scripts/wheelhouse.py --check   check the folder alone, reading nothing but the wheels in it

pip evaluates environment markers ("only on Windows") for the machine it runs on, also when it downloads for another
one. So the lock is cut down to each target here, and the check follows the wheels' own metadata for each target.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
WHEELHOUSE = ROOT / "wheelhouse"
INSTRUCTIONS = ROOT / "docs" / "offline-install.md"
PYTHON = (3, 11)
NEWEST_GLIBC = 28  # 2.28: Kylin V10, UOS 20, openEuler, RHEL 8 and everything later


@dataclass(frozen=True)
class Target:
    """A kind of machine: the platform tags that it installs, best first, and what markers see there."""

    name: str
    platforms: tuple[str, ...]
    markers: dict[str, str]

    def tags(self) -> set[Tag]:
        platforms = list(self.platforms)
        return {*cpython_tags(PYTHON, platforms=platforms), *compatible_tags(PYTHON, "cp311", platforms)}

    def wants(self, requirement: Requirement) -> bool:
        environment = {**PYTHON_MARKERS, **self.markers, "extra": ""}
        return requirement.marker is None or requirement.marker.evaluate(environment)


PYTHON_MARKERS = {
    "python_version": "3.11",
    "python_full_version": "3.11.0",
    "implementation_name": "cpython",
    "implementation_version": "3.11.0",
    "platform_python_implementation": "CPython",
}
TARGETS = (
    Target(
        "linux-x86_64",
        (
            *(f"manylinux_2_{minor}_x86_64" for minor in range(NEWEST_GLIBC, 4, -1)),
            *("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"),
        ),
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    ),
    Target(
        "windows-x64",
        ("win_amd64",),
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    ),
)


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, check=True)


def locked() -> Iterator[tuple[Requirement, list[str]]]:
    """Each requirement of the lock with its `--hash=…` options."""
    lines = (line for line in LOCK.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#"))
    for entry in "\n".join(lines).replace("\\\n", " ").splitlines():
        pinned, *hashes = entry.split(" --hash=")
        if pinned.strip():
            yield Requirement(pinned), [f"--hash={digest.strip()}" for digest in hashes]


def download(target: Target) -> None:
    wanted = ROOT / "build" / "wheelhouse" / f"{target.name}.txt"
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.write_text(
        "".join(f"{r.name}{r.specifier} {' '.join(hashes)}\n" for r, hashes in locked() if target.wants(r)),
        encoding="utf-8",
    )
    version = ".".join(map(str, PYTHON))
    platforms = [f"--platform={platform}" for platform in target.platforms]
    only = ("--only-binary=:all:", "--implementation=cp", f"--python-version={version}", *platforms)
    pip("download", "--no-deps", "--require-hashes", *only, "--dest", WHEELHOUSE, "--requirement", wanted)


class Wheel(NamedTuple):
    version: Version
    path: Path


def requires(wheel: Path) -> list[Requirement]:
    """What a wheel says it needs."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        headers = HeaderParser().parsestr(archive.read(metadata).decode("utf-8"))
    return [Requirement(text) for text in headers.get_all("Requires-Dist", [])]


def missing(target: Target) -> list[str]:
    """Requirements, reached from yibao, for which the folder holds no wheel that installs on the target."""
    tags = target.tags()
    usable: dict[str, Wheel] = {}
    for path in sorted(WHEELHOUSE.glob("*.whl")):
        name, version, _, wheel_tags = parse_wheel_filename(path.name)
        if wheel_tags & tags:
            usable[name] = Wheel(version, path)
    absent: list[str] = []
    seen: set[str] = set()
    queue = [Requirement("yibao")]
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if name not in usable or usable[name].version not in requirement.specifier:
            absent.append(str(requirement))
        elif name not in seen:
            seen.add(name)
            queue.extend(needed for needed in requires(usable[name].path) if target.wants(needed))
    return sorted(absent)


def check() -> int:
    complete = True
    for target in TARGETS:
        absent = missing(target)
        complete = complete and not absent
        print(f"{target.name}: {'complete' if not absent else 'missing ' + ', '.join(absent)}")
    return 0 if complete else 1


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        return check()
    shutil.rmtree(WHEELHOUSE, ignore_errors=True)
    WHEELHOUSE.mkdir()
    for target in TARGETS:
        print(f"{target.name}: downloading", file=sys.stderr)
        download(target)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", WHEELHOUSE, ROOT)
    shutil.copy(INSTRUCTIONS, WHEELHOUSE / "安装说明.md")
    wheels = list(WHEELHOUSE.glob("*.whl"))
    size = sum(wheel.stat().st_size for wheel in wheels) / 1_000_000
    print(f"{len(wheels)} wheels, {size:.0f} MB: {WHEELHOUSE.relative_to(ROOT)}/")
    return check()


if __name__ == "__main__":
    sys.exit(main())
