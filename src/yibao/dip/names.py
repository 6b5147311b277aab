"""What codes are called, for those who read."""

from __future__ import annotations

from yibao.vocabulary.tables import load_tables


def insurance(kind: str) -> str:
    """An insurance type in words.

    >>> insurance("390"), insurance("?")
    ('城乡居民基本医疗保险', '?')
    """
    return load_tables().codes["insurance_type"].values.get(kind, kind)
