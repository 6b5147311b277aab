"""Read a package, run every check, merge what failed into findings: one report per file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from yibao.proofread import checks as families
from yibao.proofread import roots
from yibao.proofread.answers import answered_by_name
from yibao.proofread.document import Package
from yibao.proofread.explained import explained
from yibao.proofread.findings import Check, Finding, NotRun, Report
from yibao.proofread.obligations import missing
from yibao.proofread.reading import FileReading, Reading, read
from yibao.proofread.record import HeldPackage, altered_figures, hold, not_held
from yibao.proofread.restored import literal_check, literal_finding

Progress = Callable[[str, float], None]


def check_package(
    package: Package, progress: Progress | None = None, year: int | None = None, region: str | None = None
) -> list[Report]:
    """Proofread files that belong together, as printed where they bring their record. `year` and `region` override what the documents say of themselves."""
    held = hold(package)
    reading = read(held.package, year=year, region=region, progress=progress)
    altered = list(altered_figures(held, reading))
    made = explained(list(all_checks(reading)), reading)
    found = roots.in_order(answered_by_name(roots.merge(made), reading))
    findings = [*roots.merge(altered), *(literal_finding(f, held.files) for f in found)]
    checks = [*altered, *(literal_check(c, held.files) for c in made)] if held.files else [*altered, *made]
    return [_report(file, reading, checks, findings, held) for file in reading.files]


def all_checks(reading: Reading) -> Iterator[Check]:
    """Every relation evaluated, over all files: checks inside recognised tables first, then across."""
    for form in reading.forms:
        yield from form.checks
    for run in families.CHECKS:
        yield from run(reading)


def _report(
    file: FileReading, reading: Reading, made: list[Check], findings: list[Finding], held: HeldPackage
) -> Report:
    path = file.source.path
    own = tuple(c for c in made if c.evidence.place.file == path)
    found = tuple(f for f in findings if f.evidence.place.file == path)
    profile = file.profile
    return Report(
        path,
        profile.title,
        profile.kind,
        profile.year,
        profile.bureau,
        found,
        own,
        (*_not_run(file, reading, made), *not_held(held.held.get(path))),
    )


def _not_run(file: FileReading, reading: Reading, made: Sequence[Check]) -> Iterator[NotRun]:
    """What was not read, what a recognised table could not check, and the obligations nothing was found for."""
    for warning in file.source.warnings:
        yield NotRun("读取", warning)
    for form in reading.forms:
        if form.file == file.source.path:
            yield from form.not_run
    ran: dict[str, int] = defaultdict(int)
    for c in made:  # over the whole package: an attachment may hold what the report owes
        ran[c.kind] += 1
    yield from missing(file.profile.kind, ran)
