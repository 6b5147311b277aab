"""Nothing outside truth/ betrays a plant: ids, order of rows, seconds and digits of amounts look the same everywhere.

A boosted classifier that sees only these is asked to tell planted rows from clean rows of their own kind: the same table, item
(or illness) and provider. With n planted and m clean rows its AUC has a standard error of √((n + m + 1) / 12nm), 0.01 to 0.03.
Some plants have a period of some months: neither ids nor the order of rows may tell when something happened.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.demo.conftest import Sql, open_county, small_plan
from yibao.demo.generate import make_county
from yibao.demo.plants import read_plants

sklearn = pytest.importorskip("sklearn.ensemble")
from sklearn.metrics import roc_auc_score  # noqa: E402
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict  # noqa: E402

LIMIT = 0.55
MOST = 2_000  #: planted rows that are looked at
MANY = """
plants:
  - {id: pairs, behaviour: pair_billed_together, actor: H99042100001, rate: 0.5, disguise: other_hour}
  - {id: pairs-too, behaviour: pair_billed_together, actor: H99042100002, rate: 0.7, period: [2025-03-01, 2025-08-31]}
  - {id: splits, behaviour: split_stay, actor: H99042100002, rate: 0.35}
  - {id: splits-too, behaviour: split_stay, actor: H99042100001, rate: 0.2, period: [2025-02-01, 2025-06-30]}
  - {id: beds, behaviour: beds_over_licence, actor: H99042100004, rate: 1.0}
  - {id: codings, behaviour: upcoding, actor: H99042100001, rate: 0.8}
  - {id: codings-too, behaviour: upcoding, actor: H99042100005, rate: 0.8, period: [2025-04-01, 2025-12-31]}
  - {id: swaps, behaviour: pharmacy_swap, actor: P99042100001, rate: 0.45}
  - {id: codes, behaviour: code_sold_twice, actor: P99042100002, rate: 0.8, period: [2025-05-01, 2025-07-31]}
"""
#: behaviour → rows of the planted rows' own kind: id, more ids, second, second, amount, order, what must be equal, is it planted
ROWS = {
    "pair_billed_together": """
        WITH kind AS (SELECT l.*, row_number() OVER (PARTITION BY year(service_time), month(service_time) ORDER BY fee_line_no) AS place,
                             fee_line_no IN (SELECT row_key FROM truth_pair_billed_together WHERE label = 'planted') AS planted FROM fee_lines l)
        SELECT fee_line_no, visit_id, second(service_time), quantity % 7, line_amount, place, provider_code || national_item_code, planted FROM kind
        WHERE line_amount > 0 AND (provider_code, national_item_code, year(service_time)) IN (SELECT (provider_code, national_item_code, year(service_time)) FROM kind WHERE planted)""",
    "split_stay": """
        WITH kind AS (SELECT v.*, s.total_fee, diagnosis_code, row_number() OVER (PARTITION BY year(admission_time) ORDER BY visit_id) AS place,
                             visit_id IN (SELECT row_key FROM truth_split_stay WHERE label = 'planted') AS planted
                      FROM visits v JOIN settlements s USING (visit_id) JOIN visit_diagnoses d USING (visit_id)
                      WHERE v.care_type = '21' AND is_principal_diagnosis AND visit_id NOT IN (SELECT visit_id FROM visit_operations))
        SELECT visit_id, medical_record_no, second(admission_time), second(discharge_time), total_fee, place, provider_code || diagnosis_code, planted FROM kind
        WHERE provider_code IN (SELECT provider_code FROM kind WHERE planted) AND year(discharge_time) = 2025""",
    "beds_over_licence": """
        WITH kind AS (SELECT v.*, s.total_fee, row_number() OVER (PARTITION BY year(admission_time) ORDER BY visit_id) AS place,
                             visit_id IN (SELECT row_key FROM truth_beds_over_licence WHERE label = 'planted') AS planted
                      FROM visits v JOIN settlements s USING (visit_id) WHERE v.care_type = '21')
        SELECT visit_id, medical_record_no, second(admission_time), second(discharge_time), total_fee, place, provider_code, planted FROM kind
        WHERE provider_code IN (SELECT provider_code FROM kind WHERE planted) AND year(discharge_time) = 2025""",
    "upcoding": """
        WITH kind AS (SELECT v.*, s.total_fee, diagnosis_code, row_number() OVER (PARTITION BY year(admission_time) ORDER BY visit_id) AS place,
                             visit_id IN (SELECT row_key FROM truth_upcoding WHERE label = 'planted') AS planted
                      FROM visits v JOIN settlements s USING (visit_id) JOIN visit_diagnoses d USING (visit_id)
                      WHERE v.care_type = '21' AND is_principal_diagnosis AND visit_id NOT IN (SELECT visit_id FROM visit_operations))
        SELECT visit_id, medical_record_no, second(admission_time), second(discharge_time), total_fee % 10000, place, provider_code || diagnosis_code, planted FROM kind
        WHERE provider_code || diagnosis_code IN (SELECT provider_code || diagnosis_code FROM kind WHERE planted) AND year(discharge_time) = 2025""",
    "pharmacy_swap": """
        WITH kind AS (SELECT s.*, row_number() OVER (ORDER BY settlement_id) AS place,
                             settlement_id IN (SELECT row_key FROM truth_pharmacy_swap WHERE label = 'planted') AS planted
                      FROM settlements s WHERE care_type = '41' AND benefit_year = 2025 AND NOT is_reversal)
        SELECT settlement_id, visit_id, second(settlement_time), 0, total_fee, place, provider_code, planted FROM kind
        WHERE provider_code IN (SELECT provider_code FROM kind WHERE planted)""",
    "pharmacy_swap at the till": """
        WITH kind AS (SELECT s.*, row_number() OVER (PARTITION BY provider_code ORDER BY ticket_no, line_no) AS place,
                             provider_code || '|' || ticket_no IN (SELECT related_key FROM truth_pharmacy_swap WHERE label = 'planted') AS planted
                      FROM pharmacy_sales s WHERE NOT is_drug AND sale_amount > 0 AND year(sold_time) = 2025)
        SELECT ticket_no, sku_code, second(sold_time), line_no, sale_amount, place, provider_code, planted FROM kind
        WHERE provider_code IN (SELECT provider_code FROM kind WHERE planted)""",
    "code_sold_twice": """
        WITH kind AS (SELECT e.*, l.line_amount, row_number() OVER (ORDER BY event_id) AS place,
                             event_id IN (SELECT row_key FROM truth_code_sold_twice WHERE label = 'planted') AS planted
                      FROM trace_events e JOIN fee_lines l USING (fee_line_no) WHERE trace_event = 'sale' AND year(event_time) = 2025)
        SELECT event_id, trace_code, second(event_time), 0, line_amount, place, national_item_code, planted FROM kind
        WHERE provider_code IN (SELECT provider_code FROM kind WHERE planted)""",
}


@pytest.fixture(scope="module")
def planted_county(tmp_path_factory: pytest.TempPathFactory) -> Sql:
    folder = tmp_path_factory.mktemp("planted")
    root, file = folder / "county", folder / "plants.yaml"
    file.write_text(MANY, encoding="utf-8")
    make_county(root, small_plan(scale=0.2, years=(2025,), plants=read_plants(Path(file), 2025)))
    return open_county(root)


def digits(ids: list[str]) -> np.ndarray:
    """The last eight digits, one by one and as a number."""
    tail = ["".join(c for c in text if c.isdigit())[-8:].rjust(8, "0") for text in ids]
    numbers = np.array([[int(c) for c in text] for text in tail])
    return np.column_stack([numbers, [int(text) for text in tail]])


def auc(rows: list[tuple]) -> tuple[float, float, int]:
    """The AUC among rows of one item and provider, averaged; its standard error; the planted rows.

    Lines of one visit stay in one fold: a classifier that has seen a visit knows its month.
    """
    order = np.random.default_rng(0).permutation(len(rows))
    some = [rows[i] for i in order if rows[i][-1]][:MOST] + [rows[i] for i in order if not rows[i][-1]][: 3 * MOST]
    first, more, second, other, amount, place, kind, planted = (list(column) for column in zip(*some, strict=True))
    fen, truth, kinds = np.array(amount), np.array(planted), np.array(kind)
    features = np.column_stack([
        digits(first), digits(more), second, other, fen % 10, fen // 10 % 10, fen % 100, [int(str(abs(a) or 0)[0]) for a in amount], place,
    ])  # fmt: skip
    model = sklearn.HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=15, random_state=0)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    guessed = cross_val_predict(model, features, truth, cv=folds, groups=more, method="predict_proba")[:, 1]
    scores, weights = [], []
    for one in np.unique(kinds):
        mine = kinds == one
        if 0 < truth[mine].sum() < mine.sum():
            scores.append(roc_auc_score(truth[mine], guessed[mine]))
            weights.append(truth[mine].sum())
    n, m = int(truth.sum()), int((~truth).sum())
    return float(np.average(scores, weights=weights)), math.sqrt((n + m + 1) / (12 * n * m)), n


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", ROWS)
def test_a_classifier_cannot_tell_planted_rows(planted_county: Sql, behaviour: str) -> None:
    score, error, count = auc(planted_county(ROWS[behaviour]))
    print(f"{behaviour}: AUC {score:.3f} ± {error:.3f} on {count} planted rows")
    assert count >= 150
    assert score < LIMIT
