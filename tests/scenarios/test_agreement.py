"""Truth and picture agree: signs read from the pictures of every zone of every case are those of the truth."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.bench.agreement import KNOWN, LEAST_KAPPA, PlaneReading, Table, agreement_rows, read_case, tabled
from simulator.scenario.catalogue import list_scenarios

CASES = {e.scenario.id: e.scenario for e in list_scenarios() if e.scenario is not None and not e.scenario.is_phantom}
LEAST_SENSITIVITY, LEAST_SPECIFICITY = 0.65, 0.9  # of signs that are not among the known disagreements


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    readings = [plane for case, scenario in CASES.items() for plane in read_case(scenario.build(), case)]
    assert len(readings) >= 20 * len(CASES)
    return tabled(readings)


@pytest.mark.slow
def test_every_sign_agrees(tables: dict[str, Table]) -> None:
    short = {
        sign: f"kappa {table.kappa:.2f}: {', '.join(table.wrong)}"
        for sign, table in tables.items()
        if sign not in KNOWN and np.isfinite(table.kappa)
        if table.kappa < LEAST_KAPPA or table.sensitivity < LEAST_SENSITIVITY or table.specificity < LEAST_SPECIFICITY
    }
    assert not short, "\n".join(f"{sign}: {text}" for sign, text in short.items())


@pytest.mark.slow
@pytest.mark.parametrize("sign", KNOWN)
def test_known_disagreements_are_no_larger(tables: dict[str, Table], sign: str) -> None:
    least, why = KNOWN[sign]
    table = tables[sign]
    assert why
    assert table.kappa >= least, f"{sign}: {', '.join(table.wrong)}"
    assert table.specificity >= LEAST_SPECIFICITY


@pytest.mark.slow
def test_every_sign_is_in_a_picture_and_in_the_truth(tables: dict[str, Table]) -> None:
    assert not [sign for sign, table in tables.items() if not table.both]


def test_few_disagreements_are_known(tables: dict[str, Table]) -> None:
    assert len(KNOWN) <= len(tables) // 2


def test_rows_count_what_was_read() -> None:
    planes = [
        PlaneReading("case", "R1", "worst", {"effusion": True, "a_lines": False}, frozenset({"effusion"})),
        PlaneReading("case", "R2", "worst", {"effusion": False, "a_lines": True}, frozenset({"effusion", "a_lines"})),
        PlaneReading("case", "R3", "worst", {"effusion": False}, frozenset()),
    ]
    table = tabled(planes)["effusion"]
    assert (table.both, table.missed, table.invented, table.neither) == (1, 0, 1, 1)
    assert table.kappa == pytest.approx(0.4)
    rows = {row.name: row for row in agreement_rows(tabled(planes))}
    assert rows["agreement, effusion, specificity"].value == pytest.approx(50.0)
    assert rows["agreement, a_lines, kappa"].passed
    assert rows["agreement, lung_point, kappa"].passed is None
