"""One row of a catalogue judged: its cells as a pack writes them, or the reason why it is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from yibao.dip.codes import CodeList
from yibao.dip.expressions import ALL_DIAGNOSES, NO_OPERATION, Range, cased, diagnosis_key, narrow
from yibao.dip.expressions import expression as parsed
from yibao.dip.expressions import written as as_written
from yibao.dip.importing.words import AGE, IN_RANGE, Refused, conditions, kind_word, layer_word, level_word, number
from yibao.dip.pack import HANDLINGS
from yibao.dip.settings import Settings


@dataclass
class Judge:
    """Reads cells of one pack: its settings, its code lists, and what it had to repair on the way."""

    edition: str
    settings: Settings
    diagnoses: CodeList
    operations: CodeList
    repairs: list[tuple[str, str]] = field(default_factory=list)  #: column and what was done, of the row just read

    def __post_init__(self) -> None:
        self._shapes = CodeList("operation")
        self._stems = {part for code in self.diagnoses.known for part in self.diagnoses.keys(code)}

    def group(self, cells: Mapping[str, str], sheet: str) -> dict[str, str]:
        """A row of groups.tsv; Refused says why it is none."""
        found = dict.fromkeys(("seq", "level", "name", "kind", "condition"), "")
        self._age_among_codes(cells, found)
        found["condition"] = conditions(cells, found["condition"])
        found["principal_dx"] = self._keys(cells.get("principal_dx", ""), "principal_dx")
        found["other_dx"] = self._keys(cells.get("other_dx", ""), "other_dx")
        operations = "" if found.pop("_age_cell", "") else cells.get("proc_expr", "")
        found["proc_expr"] = self.expression(operations, "proc_expr")
        found["related_proc"] = self.expression(cells.get("related_proc", ""), "related_proc")
        found["kind"] = kind_word(cells.get("kind", ""), self.settings.interventional)
        found["level"] = level_word(cells.get("level", ""))
        names = (cells.get(name, "") for name in ("dx_name", "proc_name"))
        found["name"] = cells.get("name", "") or "＋".join(name for name in names if name not in ("", *ALL_DIAGNOSES))
        found["layer"] = self._layer(cells, found, sheet)
        if found["layer"] == "XQ" and "weight=" in found["condition"] and "ANY_DX" not in found["condition"]:
            found["condition"] = f"ANY_DX;{found['condition']}"
        if not found["principal_dx"]:
            if found["layer"] != "last" and not (found["layer"] == "XQ" and found["proc_expr"]):
                raise Refused("principal_dx", "没有主要诊断编码")
            found["principal_dx"] = "*"
        if found["layer"] in ("comprehensive",) and not found["kind"]:
            raise Refused("kind", "综合病种没有写治疗方式")
        own = narrow(cells.get("group", ""))
        is_local = found["layer"] not in ("XQ", "BX", "FZ", "JC")  # the national layers are numbered
        found["seq"] = own if own and is_local else self._seq(cells.get("seq", ""), found)
        return found

    def _age_among_codes(self, cells: Mapping[str, str], found: dict[str, str]) -> None:
        """An age text among the operations is a condition, no code."""
        text = narrow(cells.get("proc_expr", ""))
        if AGE.fullmatch(text):
            found["condition"] = text
            found["_age_cell"] = "1"
            self.repairs.append(("proc_expr", f"“{text}”是天龄，读作条件"))

    def _keys(self, cell: str, column: str) -> str:
        text = narrow(cell)
        found = []
        for part in filter(None, re.split(r"[|,;/、\n]|" + re.escape(self.settings.separators.either), text)):
            try:
                key = diagnosis_key(part)
            except ValueError as error:
                raise Refused(column, str(error)) from None
            is_code = isinstance(key, str) and len(key) > 2
            if is_code and self._stems and str(key).rstrip("+") not in self._stems:
                self.repairs.append((column, f"编码库里没有“{key}”，照目录收下"))
            if str(key) != cased(part) and not part.lower().endswith("x"):
                self.repairs.append((column, f"“{part}”读作 {key}"))
            found.append(str(key))
        return "|".join(dict.fromkeys(found))

    def expression(self, cell: str, column: str) -> str:
        """Operations as `a+b|c`, each code known and whole."""
        text = narrow(cell)
        if not text or text.startswith(NO_OPERATION):
            return ""
        either, both = self.settings.separators.either, self.settings.separators.both
        sets = [[self._operation(code, column) for code in part.split(both) if code] for part in text.split(either)]
        return as_written(parsed("|".join("+".join(codes) for codes in sets if codes)))

    def _operation(self, text: str, column: str) -> str:
        code = self.operations.read(text)
        if code.status == "REPAIRED_CODE":
            self.repairs.append((column, f"“{text}”读作 {code.code}"))
        if code.counts:
            return code.code
        if self.settings.procedure_prefix and re.fullmatch(r"\d\d\.\d{1,2}", code.code):
            return code.code
        if code.candidates:
            raise Refused(column, f"“{text}”可能是 {'、'.join(code.candidates)} 等，不能确定是哪一个")
        if code.status == "AMBIGUOUS_CODE":
            raise Refused(column, f"“{text}”不完整，可能是几个编码之一（电子表格丢了末尾的零？）")
        if self._shapes.read(text).counts:
            self.repairs.append((column, f"编码库里没有“{code.code}”，照目录收下"))
            return code.code
        several = "（几个编码之间的符号要在设置的 separators 里写明）" if re.search(r"[|+/,;、&]", text) else ""
        raise Refused(column, f"手术操作编码“{text}”写法不对{several}")

    def _layer(self, cells: Mapping[str, str], found: Mapping[str, str], sheet: str) -> str:
        """What the row says it is, held against its shape; a number is nobody's word for a layer."""
        cell = cells.get("layer", "")
        said = self.settings.layer_words.get(narrow(cell)) or layer_word(cell)
        numbered = re.match(r"([A-Z]{2})-?\d+", narrow(cells.get("seq", "")).upper())
        by_number = layer_word(numbered[1]) if numbered else ""
        if said and by_number and said != by_number:
            raise Refused("layer", f"类型“{cells['layer']}”与序号“{cells['seq']}”不符")
        layer = said or by_number or layer_word(sheet)
        shape = self._shape(found)
        if not layer:
            if self.edition == "3.0" and shape != "comprehensive":
                raise Refused("layer", "看不出属于先期、并项、诊断辅助、基本中的哪一层")
            layer = shape
            if cells.get("layer"):
                self.repairs.append(("layer", f"类型“{cells['layer']}”不认识，按编码的形式读作{_NAMES[shape]}"))
        elif layer not in self.settings.layers:
            raise Refused("layer", f"DIP {self.edition} 没有“{cells.get('layer') or sheet}”这一层")
        misfit = (layer == "comprehensive") != (shape == "comprehensive") and layer in (
            "comprehensive",
            "core",
            "BX",
            "JC",
        )
        if misfit and not (layer == "core" and self._is_category(found)):
            raise Refused("layer", f"类型“{cells.get('layer') or layer}”与编码的形式不符（像{_NAMES[shape]}）")
        return layer

    def _shape(self, found: Mapping[str, str]) -> str:
        keys = [diagnosis_key(key) for key in found["principal_dx"].split("|") if key]
        wide = any(isinstance(key, Range) or (len(key) < 3 and key != "*") for key in keys)
        narrow_key = any(isinstance(key, str) and len(key) > 3 for key in keys)
        if wide or (found["kind"] and not found["proc_expr"] and not narrow_key and found["kind"] != "conservative"):
            return "comprehensive"
        if self._is_category(found):
            return "comprehensive"
        return "core"

    def _is_category(self, found: Mapping[str, str]) -> bool:
        """A category treated without operations: a comprehensive group, or a core one of a category that has no 亚目 (I10.x)."""
        keys = [diagnosis_key(key) for key in found["principal_dx"].split("|") if key]
        plain = all(isinstance(key, str) and len(key) == 3 for key in keys)
        return found["kind"] == "conservative" and not found["proc_expr"] and bool(keys) and plain

    def _seq(self, cell: str, found: Mapping[str, str]) -> str:
        text = narrow(cell)
        if text.isdigit() and found["layer"] in ("XQ", "BX", "FZ", "JC"):
            return f"{found['layer']}-{int(text)}"
        if text and not text.isdigit():
            return text
        kind = f":{found['kind']}{found['level']}" if found["kind"] and not found["proc_expr"] else ""
        parts = [found["principal_dx"] + kind, found["proc_expr"], found["related_proc"]]
        return "-".join(filter(None, parts))

    def listed(self, table: str, cells: Mapping[str, str]) -> dict[str, str]:
        """A row of one of the other tables."""
        if table == "primary_care":
            dx = self._keys(cells.get("principal_dx", ""), "principal_dx")
            if not dx:
                raise Refused("principal_dx", "没有主要诊断编码")
            return {
                "seq": cells.get("seq", ""),
                "principal_dx": dx,
                "proc_expr": self.expression(cells.get("proc_expr", ""), "proc_expr"),
            }
        if table in ("excluded_diagnoses", "tb_resistant"):
            return {"code": self._diagnosis(cells.get("code", ""))}
        code = self._operation(cells.get("code", "") or _none("code", "没有编码"), "code")
        if table == "kinds":
            kind = kind_word(cells.get("kind", ""), self.settings.interventional) or _none("kind", "没有写治疗方式")
            return {"code": code, "kind": kind, "level": level_word(cells.get("level", ""))}
        return {"code": code, **self._rule(cells)}

    def _diagnosis(self, cell: str) -> str:
        """A code of a list: as it stands, whole or the residual of a category."""
        text = cased(narrow(cell))
        if not re.fullmatch(r"[A-Z]\d{2}(\.[0-9x].*)?", text):
            raise Refused("code", f"“{cell}”不是诊断编码")
        return text

    def _rule(self, cells: Mapping[str, str]) -> dict[str, str]:
        said, span = narrow(cells.get("rule", "")), narrow(cells.get("dx_range", ""))
        inside = IN_RANGE.fullmatch(said)
        if inside or "限范围" in said:
            ranges = inside[1] if inside else span
            if not ranges:
                raise Refused("rule", "限范围可作主要手术操作，但没有写主要诊断范围")
            return {"rule": "限范围可作主要手术操作", "dx_range": self._keys(ranges, "dx_range")}
        for rule in HANDLINGS:
            if rule in said:
                return {"rule": rule, "dx_range": ""}
        raise Refused("rule", f"看不懂的处理规则“{cells.get('rule', '')}”")

    def score(self, cells: Mapping[str, str]) -> tuple[str, str]:
        """Score and mean cost as decimals."""
        return number(cells.get("score", ""), "score"), number(cells.get("mean_cost", ""), "mean_cost")


_NAMES = {"core": "核心病种", "comprehensive": "综合病种"}


def _none(column: str, reason: str) -> str:
    raise Refused(column, reason)
