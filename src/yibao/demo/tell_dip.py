"""The city's sheets as tables, in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from yibao.demo.dip import Dip
from yibao.demo.dip_cases import BANDS, millionths
from yibao.demo.dip_terms import fen_of
from yibao.demo.records import Shelf, ids
from yibao.demo.strings import named
from yibao.demo.tell_visits import INSURANCE, siblings
from yibao.demo.world import World
from yibao.demo.write import chosen, in_key_order, rows


def dip_groups(dip: Dip) -> Iterator[pa.RecordBatch]:
    found = [(catalogue.version, group) for catalogue in dip.catalogues for group in catalogue.groups]
    yield in_key_order("dip_groups", rows("dip_groups", len(found), {
        "pack_version": [version for version, _ in found],
        "dip_group_code": [g.code for _, g in found],
        "dip_group_name": [g.name for _, g in found],
        "dip_layer": [g.layer for _, g in found],
        "treatment_kind": [g.kind for _, g in found],
        "principal_diagnosis": [g.key for _, g in found],
        "principal_diagnosis_name": pa.array([g.key_name or None for _, g in found], pa.string()),
        "operation_expression": pa.array([g.expression or None for _, g in found], pa.string()),
        "base_score": [millionths(g.score) for _, g in found],
        "group_mean_cost": [int(g.mean) for _, g in found],
        "case_count": [g.count for _, g in found],
    }))  # fmt: skip


def dip_results(world: World, shelf: Shelf, dip: Dip) -> Iterator[pa.RecordBatch]:
    diagnoses = [*world.mix.diagnosis, *siblings(world.mix.diagnosis)]
    operations = ["+".join(codes) or None for codes in world.mix.operations] * 2
    for block in range(len(world.people.blocks)):
        case = np.flatnonzero(dip.found.block == block)
        visits, row = shelf.get("visits", dip.year, block), dip.found.row[case]
        settlement = visits["settlement"][row].astype(np.int64)
        order = np.argsort(settlement)
        case, row, settlement = case[order], row[order], settlement[order]
        found, results = dip.found, dip.results
        group = [results.group[i] for i in case.tolist()]
        yield rows("dip_results", len(case), {
            "settlement_id": ids(dip.year, block, settlement),
            "visit_id": ids(dip.year, block, row),
            "provider_code": named(world.institutions.codes, found.provider[case]),
            "insurance_type": named(list(INSURANCE), found.scheme[case]),
            "settlement_time": found.settled[case],
            "diagnosis_code": named(diagnoses, found.combination[case]),
            "operation_expression": named(operations, found.combination[case]),
            "dip_group_code": pa.array([g.code if g else None for g in group], pa.string()),
            "dip_layer": pa.array([g.layer if g else None for g in group], pa.string()),
            "base_score": results.base[case],
            "institution_coefficient": results.coefficient[case],
            "deviation_ratio": chosen(results.ratio[case], results.ratio[case] >= 0),
            "deviation_band": named(list(BANDS), results.band[case]),
            "deviation_factor": results.factor[case],
            "dip_points": results.points[case],
            "total_fee": found.fee[case],
            "booked_pay": found.booked[case],
        })  # fmt: skip


def dip_monthly(world: World, dip: Dip) -> Iterator[pa.RecordBatch]:
    found, values = dip.sheets.months, dip.sheets.values
    yield in_key_order("dip_monthly", rows("dip_monthly", len(found), {
        "service_month": [dip.year * 100 + row.month + 1 for row in found],
        "provider_code": [world.institutions.code[row.provider] for row in found],
        "insurance_type": [INSURANCE[row.scheme] for row in found],
        "case_count": [row.cases for row in found],
        "dip_points": [millionths(row.points) for row in found],
        "total_fee": [row.fee for row in found],
        "booked_pay": [row.booked for row in found],
        "preliminary_point_value": [millionths(values[row.scheme].preliminary) for row in found],
        "preliminary_pay_ratio": [millionths(values[row.scheme].preliminary_ratio) for row in found],
        "dip_payable": [row.payable for row in found],
        "quality_deposit": [row.deposit for row in found],
        "dip_paid": [row.paid for row in found],
    }))  # fmt: skip


def dip_point_values(dip: Dip) -> Iterator[pa.RecordBatch]:
    values = dip.sheets.values
    yield in_key_order("dip_point_values", rows("dip_point_values", len(values), {
        "service_year": dip.year,
        "insurance_type": [INSURANCE[scheme] for scheme in values],
        "region_mean_cost": fen_of(dip.catalogues[1].region_mean),
        "case_count": [value.cases for value in values.values()],
        "dip_points": [millionths(value.points) for value in values.values()],
        "total_fee": [value.fee for value in values.values()],
        "booked_pay": [value.booked for value in values.values()],
        "preliminary_point_value": [millionths(value.preliminary) for value in values.values()],
        "preliminary_pay_ratio": [millionths(value.preliminary_ratio) for value in values.values()],
        "dip_fund": [value.fund for value in values.values()],
        "dip_pay_ratio": [millionths(value.ratio) for value in values.values()],
        "settlement_point_value": [millionths(value.final) for value in values.values()],
    }))  # fmt: skip


def dip_clearing(world: World, dip: Dip) -> Iterator[pa.RecordBatch]:
    found = dip.sheets.clearing
    yield in_key_order("dip_clearing", rows("dip_clearing", len(found), {
        "service_year": dip.year,
        "provider_code": [world.institutions.code[row.provider] for row in found],
        "insurance_type": [INSURANCE[row.scheme] for row in found],
        "case_count": [row.cases for row in found],
        "dip_points": [millionths(row.points) for row in found],
        "booked_pay": [row.booked for row in found],
        "dip_payable": [row.payable for row in found],
        "sharing_amount": [row.shared for row in found],
        "assessment_coefficient": [millionths(row.assessment) for row in found],
        "audit_deduction": [row.deduction for row in found],
        "clearing_amount": [row.amount for row in found],
        "monthly_paid": [row.monthly for row in found],
        "advance_paid": [row.advance for row in found],
        "clearing_balance": [row.balance for row in found],
    }))  # fmt: skip


def dip_assessments(world: World, dip: Dip) -> Iterator[pa.RecordBatch]:
    found = dip.sheets.clearing
    yield in_key_order("dip_assessments", rows("dip_assessments", len(found), {
        "service_year": dip.year,
        "provider_code": [world.institutions.code[row.provider] for row in found],
        "insurance_type": [INSURANCE[row.scheme] for row in found],
        "assessment_coefficient": [millionths(row.assessment) for row in found],
        "basis_document": [f"示例市医保中心〔{dip.year + 1}〕7号（虚构）"] * len(found),
    }))  # fmt: skip


def dip_deductions(world: World, dip: Dip) -> Iterator[pa.RecordBatch]:
    found = [row for row in dip.sheets.clearing if row.deduction]
    yield in_key_order("dip_deductions", rows("dip_deductions", len(found), {
        "deduction_no": [f"KK{dip.year}{place:04d}" for place in range(1, len(found) + 1)],
        "service_year": dip.year,
        "provider_code": [world.institutions.code[row.provider] for row in found],
        "insurance_type": [INSURANCE[row.scheme] for row in found],
        "audit_deduction": [row.deduction for row in found],
        "basis_document": [f"示例市医保审〔{dip.year + 1}〕{place}号（虚构）" for place in range(1, len(found) + 1)],
    }))  # fmt: skip
