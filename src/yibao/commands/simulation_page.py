"""The page of a sweep: chart and table in one file that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from yibao.store.listing import Listing, shown

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title><style>
body { font-family: "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #1a1a1a }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } th, td { padding: .3em .8em; border-bottom: 1px solid #d4d4d4 }
td { text-align: right } td:first-child, th:first-child { text-align: left } figure { margin: 2em 0 } .base { color: #595959 }
</style></head><body>
<h1>{{ title }}</h1>
<ul>{% for text in remarks %}<li>{{ text }}</li>{% endfor %}</ul>
<figure role="img" aria-label="{{ said }}">{{ svg | safe }}</figure>
<h2>{{ listing.title }}</h2>
<table><thead><tr>{% for name, _ in listing.headings %}<th>{{ name }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in listing.rows %}<tr>{% for cell in row %}<td>{{ shown(cell, listing.headings[loop.index0][1]) }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>
{% for note in listing.notes %}<p class="base">{{ note }}</p>{% endfor %}
</body></html>
"""


def page(title: str, remarks: Sequence[str], listing: Listing, svg: str, said: str) -> str:
    """The HTML. `svg` is our own drawing; every other text is escaped."""
    template = Environment(autoescape=True).from_string(_PAGE)
    return template.render(title=title, remarks=remarks, listing=listing, svg=svg, said=said, shown=shown)
