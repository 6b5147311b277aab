"""Benefit rules of a jurisdiction: conditions and cells in a pack, resolved to the plan of one situation (ADR 0014)."""
