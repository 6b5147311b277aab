"""A text cell as a value of its declared type, in SQL: the usual spelling at once, every other spelling by a careful way round.

NULL means "empty or not readable"; `reasons` tells the two apart. The quick test is exact, not a guess: what it lets pass is read
literally, the rest goes through the macros of macros.duckdb.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from yibao.store.neutral import restored_sql
from yibao.vocabulary.tables import SCALES, Codes, Column, Vocabulary

LOST = "�"  #: what an undecodable byte becomes; no cell that holds one is taken in
CONTROL = "\t"  #: stands for every character below the blank, line ends between rows aside
ODDITIES = frozenset({"+", "_", LOST, CONTROL})  #: rare characters, looked for only in files that contain them
FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "是", "Y", "y", "true", "TRUE", "True", "有", "√", "1.0", "YES", "yes", "T", "t"), True),
    **dict.fromkeys(("0", "否", "N", "n", "false", "FALSE", "False", "无", "×", "0.0", "NO", "no", "F", "f"), False),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How one column of the file is read: its SQL name there, the declared column, the power of ten of its unit."""

    raw: str
    column: Column
    heading: str
    power: int = 0  #: 万元 → 4: what stands there times ten to this power is yuan
    values: Mapping[str, str] = field(default_factory=dict)  #: by the mapping file: what is written → code
    oddities: frozenset[str] = ODDITIES  #: those that the file contains

    @property
    def digits(self) -> int:
        """The power of ten that makes a whole number of what stands in the cell."""
        return SCALES.get(self.column.type, 0) + self.power


@lru_cache(maxsize=1)
def macros() -> str:
    """The SQL macros that the careful way uses; run them once in a connection."""
    text = files("yibao.store.importing").joinpath("macros.duckdb").read_text(encoding="utf-8")
    return text.replace("{restored}", restored_sql("c"))


def typed_rows(relation: str, cells: Sequence[Cell], vocabulary: Vocabulary, carried: Sequence[str] = ()) -> str:
    """A SELECT that gives, for each cell, the value under its column's name, and how far the careful way came.

    `_z_…`: the cleaned text, NULL where nothing stands there or the quick way was enough; `_f_…`: its figures or code. Each level names
    what the next one uses more than once. `carried`: further columns of the relation to hand through.
    """
    carry = [*dict.fromkeys([*(cell.raw for cell in cells if cell.raw.isidentifier()), *carried])]
    names = [cell.column.name for cell in cells]
    first = ", ".join([*carry, *(f"{quick(cell, vocabulary)} AS _q_{cell.column.name}" for cell in cells)])
    clean = ", ".join(
        [*carry, *(f"_q_{n}" for n in names), *(f"{_clean(cell)} AS _z_{cell.column.name}" for cell in cells)]
    )
    figures = [f"{_figures(cell)} AS _f_{cell.column.name}" for cell in cells]
    through = ", ".join([*carry, *(f"{part}{n}" for part in ("_q_", "_z_") for n in names), *figures])
    values = [f"{_value(cell, vocabulary)} AS {cell.column.name}" for cell in cells]
    last = ", ".join([*carry, *(f"{part}{n}" for part in ("_z_", "_f_") for n in names), *values])
    return f"SELECT {last} FROM (SELECT {through} FROM (SELECT {clean} FROM (SELECT {first} FROM {relation})))"


def quick(cell: Cell, vocabulary: Vocabulary) -> str:
    """The value where the cell is spelled in a usual way, else NULL."""
    raw, kind = cell.raw, cell.column.type
    if kind == "code":
        codes = vocabulary.codes_of(cell.column)
        if codes is None and not cell.values:
            return f"CASE WHEN {_plain_code(cell)} THEN {raw} END"
        known = {} if cell.values or codes is None else dict.fromkeys(codes.values)
        listed = f"WHEN {raw} IN ({', '.join(map(quoted, known))}) THEN {raw} " if known else ""
        said = {**(spellings_of(codes) if codes else {}), **cell.values}
        whens = " ".join(f"WHEN {quoted(s)} THEN {quoted(v)}" for s, v in said.items() if s not in known)
        return f"CASE {listed}ELSE CASE {raw} {whens} END END" if listed else f"CASE {raw} {whens} END"
    if kind == "text":
        return f"CASE WHEN {_plain_text(cell)} THEN {raw} END"
    if kind == "flag":
        return f"CASE {raw} WHEN '0' THEN false WHEN '1' THEN true WHEN '否' THEN false WHEN '是' THEN true END"
    if kind in ("date", "time"):
        return _exact(raw, "DATE" if kind == "date" else "TIMESTAMP")
    if kind in ("month", "year"):
        whole, wide = f"TRY_CAST({raw} AS BIGINT)", 6 if kind == "month" else 4
        right = f"month_in({whole})" if kind == "month" else f"CASE WHEN {whole} BETWEEN 1850 AND 2199 THEN {whole} END"
        return f"CASE WHEN strlen({raw}) = {wide} AND CAST({whole} AS VARCHAR) = {raw} THEN {right} END"
    return _quick_number(cell)


def _plain_text(cell: Cell) -> str:
    raw = cell.raw
    start = f"({raw} >= '0' AND {raw} < ':' OR {raw} >= 'A' AND {raw} < '{{' OR {raw} >= '一')"
    tests = [
        start,
        _no_blank_behind(cell),
        *(f"(NOT contains({raw}, '{blank}') OR {raw}[-1] <> '{blank}')" for blank in "　\u00a0"),
    ]
    tests += [f"{raw} <> 'NULL'"]
    return " AND ".join([*tests, *([f"NOT contains({raw}, '{LOST}')"] if LOST in cell.oddities else [])])


def _plain_code(cell: Cell) -> str:
    """ASCII from the first letter or digit to the last; or Chinese words without anything in full width."""
    raw, pattern = cell.raw, cell.column.element.digits
    tests = [f"({raw} >= '0' AND {raw} < ':' OR {raw} >= 'A')", _no_blank_behind(cell), f"{raw} <> 'NULL'"]
    tests += [f"CASE WHEN strlen({raw}) = length({raw}) THEN true ELSE NOT is_messy({raw}) END"]
    tests += [f"NOT contains({raw}, '+')"] if "+" in cell.oddities else []
    tests += [f"NOT contains({raw}, '{LOST}')"] if LOST in cell.oddities else []
    shape = f"({raw} >= 'A' OR strlen({raw}) >= 15 OR regexp_full_match({raw}, '{pattern}'))"
    return " AND ".join([*tests, *([shape] if pattern else [])])


def _no_blank_behind(cell: Cell) -> str:
    """Taking the last character out of a text costs four times a search for a blank."""
    last = f"{cell.raw}[-1] > ' '"
    return last if CONTROL in cell.oddities else f"(NOT contains({cell.raw}, ' ') OR {last})"


def _quick_number(cell: Cell) -> str:
    """At most `digits` places behind the point, so the cast to a decimal of that scale does not round; few enough before it that
    the product fits into 18 digits. What is larger goes the careful way.
    """
    raw, digits = cell.raw, cell.digits
    if digits == 0:
        whole = f"TRY_CAST({raw} AS BIGINT)"
        return f"CASE WHEN CAST({whole} AS VARCHAR) = {raw} THEN {whole} END"
    if digits > 9:
        return "CAST(NULL AS BIGINT)"
    odd = f" AND NOT contains({raw}, '_')" if "_" in cell.oddities else ""
    value = f"CAST(TRY_CAST({raw} AS DECIMAL({18 - digits}, {digits})) * {10**digits} AS BIGINT)"
    return f"CASE WHEN strlen({raw}) - instr({raw}, '.') <= {digits}{odd} THEN {value} END"


def _exact(raw: str, kind: str) -> str:
    """A date or time in the usual spelling, proved by writing it again, or with slashes; years that nobody can mean are left out."""
    value = f"TRY_CAST({raw} AS {kind})"
    exact = f"CASE WHEN CAST({value} AS VARCHAR) = {raw} AND {raw} BETWEEN '1850' AND '9999-12-31 24' THEN {value} END"
    return f"COALESCE({exact}, CASE WHEN contains({raw}, '/') THEN CAST(slashed({raw}) AS {kind}) END)"


def _clean(cell: Cell) -> str:
    """The text for the careful way: NULL where there is nothing to do or nothing there."""
    raw, name = cell.raw, cell.column.name
    said = {"text": f"trimmed(unguarded({raw}))", "code": f"folded(unguarded({raw}))"}.get(
        cell.column.type, f"folded({raw})"
    )
    return f"CASE WHEN _q_{name} IS NOT NULL OR {raw} IS NULL OR {raw} = '' THEN NULL WHEN NOT is_messy({raw}) THEN filled({raw}) ELSE filled({said}) END"


def _figures(cell: Cell) -> str:
    z = f"_z_{cell.column.name}"
    if cell.column.type == "code":
        return f"coded({z})"
    return (
        f"figures({z})"
        if cell.column.type in SCALES and cell.column.type not in ("year", "month")
        else "CAST(NULL AS VARCHAR)"
    )


def _value(cell: Cell, vocabulary: Vocabulary) -> str:
    column = cell.column
    q, z, f = (f"{part}{column.name}" for part in ("_q_", "_z_", "_f_"))
    match column.type:
        case "code":
            rest = _coded(cell, vocabulary.codes_of(column), z, f)
        case "text":
            rest = f"CASE WHEN NOT contains({z}, '{LOST}') THEN {z} END"
        case "flag":
            rest = _flagged(cell, z)
        case "date":
            rest = f"CAST(moment({z}) AS DATE)"
        case "time":
            rest = f"moment({z})"
        case "month":
            rest = f"month_of({z})"
        case "year":
            rest = f"year_of({z})"
        case _:
            rest = _numbered(cell, f)
    needed = f"COALESCE({q}, CASE WHEN {z} IS NOT NULL THEN {rest} END)"
    return f"COALESCE({needed}, '')" if column.blank else needed


def _coded(cell: Cell, codes: Codes | None, z: str, f: str) -> str:
    """A code as it is, with lost zeros back where its pattern allows; one with a list by code, name or damaged spelling."""
    pattern = cell.column.element.digits
    other = f"zeros_back({f}, '{pattern}')" if pattern else f
    if codes is None and not cell.values:
        return other
    spellings = {**(spellings_of(codes) if codes else {}), **cell.values}
    whens = " ".join(f"WHEN {quoted(said)} THEN {quoted(value)}" for said, value in spellings.items())
    return f"CASE {z} {whens} ELSE {other if codes is None or codes.is_open else 'NULL'} END"


def _flagged(cell: Cell, z: str) -> str:
    said = {**FLAGS, **{k: FLAGS[v] for k, v in cell.values.items() if v in FLAGS}}
    yes, no = (", ".join(quoted(k) for k, v in said.items() if v is wanted) for wanted in (True, False))
    return f"CASE WHEN {z} IN ({yes}) THEN true WHEN {z} IN ({no}) THEN false END"


def _numbered(cell: Cell, f: str) -> str:
    whole = _scaled(f, cell.digits)
    if cell.column.type in ("rate", "decimal") and cell.digits >= 2:
        percent = _scaled(f"rtrim({f}, '%')", cell.digits - 2)
        return f"CASE WHEN ends_with({f}, '%') THEN {percent} ELSE {whole} END"
    return whole


def _scaled(figures: str, digits: int) -> str:
    """Figures times 10^digits as a whole number, exactly; the noise of a binary float is no decimal.

    Noise: fifteen significant digits or more, and less than a ten-thousandth of the last kept digit away from it.
    """
    exact = f"TRY_CAST({figures} AS DECIMAL(38, 16))"
    rounded = f"TRY_CAST({exact} AS DECIMAL(38, {digits}))"
    long = f"length(regexp_replace({figures}, '^[-+0.]*|\\.', '', 'g')) >= 15"
    noise = f"{long} AND abs({exact} - {rounded}) < CAST('0.{'0' * (digits + 3)}1' AS DECIMAL(38, 16))"
    whole = f"TRY_CAST(replace(CAST({rounded} AS VARCHAR), '.', '') AS BIGINT)"
    return f"CASE WHEN {exact} = {rounded} OR {noise} THEN {whole} END"


def spellings_of(codes: Codes) -> dict[str, str]:
    """What people and spreadsheets write for each code, where only one code can be meant.

    "1" and "1.0" for "01" as long as no other code reads so; the label, also without what stands in brackets.
    """
    found: dict[str, set[str]] = {}
    for value, label in codes.values.items():
        short = value.lstrip("0") or "0"
        for said in {
            value,
            label,
            label.split("（")[0],
            *({short, f"{value}.0", f"{short}.0"} if value.isdigit() else ()),
        }:
            found.setdefault(half_width(said), set()).add(value)
    for said, value in codes.spoken.items():
        found.setdefault(half_width(said), {value})
    own = {value: value for value in codes.values}
    return {
        said: own.get(said) or next(iter(values)) for said, values in found.items() if said in own or len(values) == 1
    }


def half_width(said: str) -> str:
    """As the macro `folded` gives it: full-width letters, digits and signs in half width, blanks around gone."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in said).strip()


def quoted(said: str) -> str:
    """A text as a literal of SQL."""
    return "'" + said.replace("'", "''") + "'"
