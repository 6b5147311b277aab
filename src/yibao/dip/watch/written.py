"""A year watched, as files: one workbook, the page of the region, a page for each hospital."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from yibao.dip.watch.pages.hospital import hospital_page
from yibao.dip.watch.pages.region import region_page
from yibao.dip.watch.told import listings
from yibao.dip.watch.told_leads import leads, quality
from yibao.dip.watch.year import Watched
from yibao.store.neutral import as_file_name
from yibao.store.outputs import put_file
from yibao.store.sheets import write_workbook

Progress = Callable[[str, float], None]


def write_files(w: Watched, name: str, folder: Path, progress: Progress) -> list[Path]:
    """The files written, the page of the region first. UserError where the folder cannot be written."""
    book = folder / f"按病种付费监测-{w.year}.xlsx"
    write_workbook(book, [*listings(w), *quality(w), *leads(w)])
    region = folder / f"按病种付费监测-{w.year}-全区.html"
    put_file(region, region_page(w, name).encode())
    written = []
    for at, place in enumerate(w.order, 1):
        progress("写监测页面", at / (len(w.order) + 1))
        hospital = w.stays.hospitals[place]
        name = f"{hospital.code}-{as_file_name(hospital.name)}"
        written.append(folder / "机构" / f"按病种付费监测-{w.year}-{name}.html")
        put_file(written[-1], hospital_page(w, place).encode())
    return [region, book, *written]
