"""A shape drawn: SVG text for a page, PNG bytes for a report. Offline; the same shape gives the same bytes.

The font comes with the package pylopdf-fonts-zh-cn, so a machine without Chinese fonts draws the same picture.
"""

from __future__ import annotations

import importlib
import io
from functools import lru_cache
from typing import Any

from yibao.charts.shapes import Chart

SCALE = 4  #: pixels a point: 288 dots an inch
COLOURS = 32  #: a few flat ones, and the soft edges of letters
VEGA_LITE = "6.4"


@lru_cache(maxsize=1)
def available() -> bool:
    """Can pictures be drawn here? Without the libraries a report goes without them."""
    try:
        _specifications()
        _engine()
    except ImportError:
        return False
    return True


@lru_cache(maxsize=64)
def png(chart: Chart) -> bytes:
    """The picture, `SCALE` pixels a point; ImportError where nothing is `available`."""
    drawn = _engine().vegalite_to_png(_specifications().specification(chart), vl_version=VEGA_LITE, scale=SCALE)
    return _lighter(drawn)


def svg(chart: Chart) -> str:
    """The picture as SVG; its text stays text, in our font where the reader has it. ImportError as `png`."""
    drawn: str = _engine().vegalite_to_svg(_specifications().specification(chart), vl_version=VEGA_LITE)
    return drawn


def _specifications() -> Any:
    """Altair takes a quarter of a second to import: only who draws waits for it."""
    return importlib.import_module("yibao.charts.specification")


@lru_cache(maxsize=1)
def _engine() -> Any:
    """vl-convert with our font registered."""
    engine: Any = importlib.import_module("vl_convert")
    fonts: Any = importlib.import_module("pylopdf_fonts_zh_cn")
    engine.register_font_directory(str(fonts.sans_path().parent))
    return engine


def _lighter(drawn: bytes) -> bytes:
    """The same picture with a palette: a tenth of the bytes."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as image:
        flat = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        flat.save(out, "PNG", compress_level=6, dpi=(72 * SCALE, 72 * SCALE))
    return out.getvalue()
