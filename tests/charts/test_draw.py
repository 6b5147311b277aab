"""Bytes: the same ones every time, drawn in our font, as SVG and as PNG; and what happens without the libraries."""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import subprocess
import sys
from typing import Any

import pylopdf_fonts_zh_cn as fonts
import pytest
from lxml import etree
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps, ImageStat

from tests.charts.pictures import ALL, EXPENSES, FUND, SCORES
from yibao.charts import draw
from yibao.charts.draw import SCALE, available, png, svg
from yibao.charts.house import FONT
from yibao.charts.shapes import Chart

TEXT_WIDTH = 156 / 25.4 * 72  #: points of a line of an official page
DIGEST = """
import hashlib
from tests.charts.pictures import ALL
from yibao.charts.draw import png, svg
print([hashlib.sha256(png(c) + svg(c).encode()).hexdigest() for c in ALL])
"""


@pytest.mark.parametrize("chart", ALL)
def test_a_picture_is_as_wide_as_the_text_and_fit_to_print(chart: Chart) -> None:
    with Image.open(io.BytesIO(png(chart))) as image:
        assert TEXT_WIDTH * 0.95 < image.width / SCALE <= TEXT_WIDTH
        assert [round(dots) for dots in image.info["dpi"]] == [288, 288]
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert len(png(chart)) < 100_000


def test_the_same_picture_gives_the_same_bytes_in_another_process() -> None:
    here = str([hashlib.sha256(png(chart) + svg(chart).encode()).hexdigest() for chart in ALL])
    there = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here


@pytest.mark.parametrize(
    ("chart", "words"),
    [
        (FUND, ["366,954", "2023年末", "收入与支出（万元）"]),
        (EXPENSES, ["138.65%", "公用经费"]),
        (SCORES, ["扣0.46分"]),
    ],
)
def test_the_page_gets_text_in_our_font(chart: Chart, words: list[str]) -> None:
    root = etree.fromstring(svg(chart).encode())
    said = "".join(root.itertext())
    assert all(word in said for word in words)
    families = {element.get("font-family") for element in root.iter("{*}text")}
    assert {family.partition(",")[0].strip("'\" ") for family in families if family} == {FONT}


def test_letters_are_those_of_our_font() -> None:
    """医 as it is drawn lies on the outline in the font's file; no box stands in for it, no other font."""
    spec = {
        "data": {"values": [{}]},
        "mark": {"type": "text", "text": "医", "fontSize": 200, "font": FONT},
        "width": 300,
        "height": 300,
        "config": {"view": {"stroke": None}},
    }
    drawn = Image.open(io.BytesIO(draw._engine().vegalite_to_png(spec, vl_version=draw.VEGA_LITE)))
    flat = Image.new("RGB", drawn.size, "white")
    flat.paste(drawn, mask=drawn.getchannel("A"))
    assert difference(flat, letter(str(fonts.sans_path()))) < 12 < difference(flat, letter(str(fonts.serif_path())))


def letter(file: str) -> Image.Image:
    image = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(image).text((20, 20), "医", fill="black", font=ImageFont.truetype(file, 200))
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the ink of two pictures, each cut to its letter: 0 for the same, 255 for the opposite."""
    cut = [ImageOps.invert(image.convert("L")) for image in (one, other)]
    cut = [image.crop(image.getbbox()).resize((96, 96)) for image in cut]
    return ImageStat.Stat(ImageChops.difference(*cut)).mean[0]


def test_without_the_libraries_nothing_is_available(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    available.cache_clear()
    monkeypatch.setattr(importlib, "import_module", missing)
    assert not available()
    monkeypatch.undo()
    available.cache_clear()
    assert available()


def test_the_libraries_wait_until_something_is_drawn() -> None:
    """The commands start as fast as before."""
    code = "import sys, yibao.cli; print([m for m in ('altair', 'vl_convert') if m in sys.modules])"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
