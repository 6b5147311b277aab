"""校对, the proofreader: reads a bureau's published documents and says where they contradict themselves.

Reads files (`read`), writes reports (`report`). In between: blocks → sentences with their numbers and recognised tables
(`reading`) → checks (`checks`, `forms`) → root causes (`roots`) → findings. Needs `vocabulary` and `region` alone.
"""

from yibao.proofread.engine import check_package
from yibao.proofread.filed import compare

__all__ = ["check_package", "compare"]
