"""What every run of the payment leaves behind: what it was made from, down to the parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from yibao.dip.pay.terms import Terms
from yibao.store.manifest import Produced
from yibao.store.workspace import Workspace


def produced(
    workspace: Workspace, command: str, reads: Collection[str], terms: Terms, **parameters: str | int | bool | None
) -> Produced:
    """The origin of a table: versions of the tables read, and one hash over the terms that were used (values and sources)."""
    return workspace.produced(command, reads, (), region=terms.pack.code, terms=fingerprint(terms), **parameters)


def fingerprint(terms: Terms) -> str:
    """Equal where the terms used so far say the same from the same documents."""
    said = "\n".join(f"{key}={value.value!r} {value.cited} {value.valid_from}" for key, value in terms.cited())
    return hashlib.sha256(said.encode()).hexdigest()[:16]
