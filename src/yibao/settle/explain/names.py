"""Whose bill it is and where: the words that an explanation needs beside the amounts. Names of people are masked unless asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yibao.region.benefits.resolve import Benefits
from yibao.store.workspace import Workspace
from yibao.vocabulary.tables import Vocabulary


@dataclass(frozen=True, slots=True)
class Names:
    """The words of one bill."""

    person: str
    provider: str
    region: str
    insurance: str
    category: str  #: 人员类别
    care: str
    level: str
    area: str  #: 异地就医类别, empty at home
    identity: str  #: the one that counts, empty for none
    others: tuple[str, ...] = ()  #: further identities held at the same time
    disease: str = ""
    settled: str = ""  #: 结算类别

    @classmethod
    def of(
        cls, vocabulary: Vocabulary, bill: Mapping[str, Any], region: str, person: str, provider: str,
        held: tuple[str, ...] = (),
    ) -> Names:  # fmt: skip
        """The words of the codes of a bill; `held`: the person's identities at the beginning of the stay."""

        def word(codes: str, code: str | None) -> str:
            return vocabulary.codes[codes].values.get(code, code) if code else ""

        counted = bill["identity_type"]
        return cls(
            person=person,
            provider=provider,
            region=region,
            insurance=word("insurance_type", bill["insurance_type"]),
            category=word("person_category", bill["person_category"]),
            care=word("care_type", bill["care_type"]),
            level=word("hospital_level", bill["hospital_level"]),
            area="" if bill["away_kind"] == "home" else word("away_kind", bill["away_kind"]),
            identity=word("identity_type", counted),
            others=tuple(word("identity_type", code) for code in held if code != counted),
            disease=bill["disease_code"] or "",
            settled=word("settlement_type", bill["settlement_type"]),
        )


def names_of(workspace: Workspace, benefits: Benefits, bill: Mapping[str, Any], *, masked: bool = True) -> Names:
    """The words of a bill from the workspace's tables."""
    person = workspace.row("persons", [bill["person_no"]]) or {}
    provider = workspace.row("providers", [bill["provider_code"]]) or {}
    held = workspace.query(_HELD, person=bill["person_no"], on=bill["stay_start_date"]).read_all()
    name = str(person.get("person_name") or bill["person_no"])
    return Names.of(
        workspace.vocabulary,
        bill,
        region=benefits.pack.name,
        person=mask(name) if masked else name,
        provider=str(provider.get("provider_name") or bill["provider_code"]),
        held=tuple(sorted(set(held["identity_type"].to_pylist()))),
    )


_HELD = """SELECT i.identity_type FROM identities AS i
WHERE i.person_no = $person AND i.identity_start <= $on AND (i.identity_end IS NULL OR i.identity_end >= $on)"""


def mask(name: str) -> str:
    """A name with nothing but its first character.

    >>> mask("欧阳小明"), mask("王一")
    ('欧***', '王*')
    """
    return name[:1] + "*" * (len(name) - 1)
