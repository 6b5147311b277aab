"""Yibao (医保): a medical security bureau's year, from claim to report, computed from one set of tables."""

__version__ = "0.1.0"
