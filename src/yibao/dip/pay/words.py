"""Names for what the tables of payment hold as codes, and labels for their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yibao.store.listing import Kind
from yibao.store.workspace import Workspace

KINDS: Mapping[str, Kind] = {"money": "money", "count": "count", "decimal": "decimal", "date": "date"}


@dataclass(frozen=True)
class Words:
    """Names for codes, and labels for columns."""

    providers: Mapping[str, str]
    insurance: Mapping[str, str]
    labels: Mapping[str, tuple[str, Kind]]
    parts: Mapping[str, str]
    levels: Mapping[str, str]
    bands: Mapping[str, str]
    special: Mapping[str, str]

    @classmethod
    def of(cls, workspace: Workspace) -> Words:
        rows = workspace.query("SELECT p.provider_code, p.provider_name FROM providers AS p").read_all().to_pylist()
        labels = {
            column.name: (column.element.label, KINDS.get(column.type, "text"))
            for name in (
                "computed_dip_cases",
                "computed_dip_months",
                "computed_dip_clearing",
                "computed_dip_values",
                "computed_dip_sharings",
            )
            for column in workspace.table(name).columns
        }
        named = {row["provider_code"]: row["provider_name"] for row in rows}
        insurance, *others = (
            workspace.vocabulary.codes[name].values
            for name in ("insurance_type", "points_part", "sharing_level", "deviation_band", "special_result")
        )
        return cls(named, insurance, labels, *others)

    def provider(self, code: str) -> str:
        return self.providers.get(code, code)

    def headings(self, *names: str) -> list[tuple[str, Kind]]:
        return [self.labels[name] for name in names]
