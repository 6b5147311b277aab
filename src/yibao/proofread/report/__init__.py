"""What the proofreader hands over: text for a terminal, JSON for programs, a page to read, comments in the Word file.

Reads `Report`s (and, for the page, the `Package` they speak of); writes nothing but what its caller asked for. Start
with `words`: it holds what the four outputs share.
"""

from yibao.proofread.report.annotate import annotate
from yibao.proofread.report.explain import explain_kind, list_kinds
from yibao.proofread.report.json import render_json
from yibao.proofread.report.page import render_page
from yibao.proofread.report.text import print_text, render_text

__all__ = ["annotate", "explain_kind", "list_kinds", "print_text", "render_json", "render_page", "render_text"]
