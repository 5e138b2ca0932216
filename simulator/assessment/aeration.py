"""The modified aeration score and the signs of one image plane, from its findings."""

from __future__ import annotations

from simulator.assessment.pleural_line import CONSOLIDATED_MM, SLIDING_MM, PlaneFindings

TISSUE_LIKE_MM = 15.0  # deeper airless lung is a consolidation and no longer subpleural [V34 for the size; P]
LOBAR_MM = 30.0  # airless lung deeper than this, square to the pleura, is a complete loss of aeration [V33]
LOBAR_PERCENT = 80.0  # or tissue-like over this share of the pleural line (clinical.md C.1 [P])
HALF_PERCENT = 50.0  # coalescent or subpleural over more than half of the pleural line is score 2 [V5]
POSITIVE_B_LINES = 3  # B-lines in one rib space that make it positive [V21]
WHITE_PERCENT = 75.0  # "dense, largely extended" white lung (clinical.md C.1 [P])
A_LINES_MM = 5.0  # healthy pleura square to the beam that is enough to see A-lines [P]
EFFUSION_MM = 5.0  # an effusion that must be named; less may be [P]
BAND_MM = (8.0, 25.0)  # width of a light beam (clinical.md B.4 [P])
EDGE_MM = 5.0  # of sliding and of detached pleura in one view that show the edge between them [P]
WALL_GAS_MM = 8.0  # gas in the chest wall, across one view, that must be named: a pocket or two [P]
PULSING_MM = 5.0  # still pleura beating with the heart that is enough to see the lung pulse [P]


def aeration_score(findings: PlaneFindings) -> int:
    """Modified aeration score 0-3 of a plane (clinical.md C.1, [V5] with the sizes of [P])."""
    airless = findings.consolidation_depth_mm
    lobar = airless >= LOBAR_MM or findings.percent_consolidation >= LOBAR_PERCENT
    if airless >= TISSUE_LIKE_MM and lobar:
        return 3
    if findings.percent_coalescent > HALF_PERCENT:
        return 2
    if findings.n_b_lines >= POSITIVE_B_LINES or findings.percent_coalescent > 0.0:
        return 1
    return 0


def plane_signs(findings: PlaneFindings) -> frozenset[str]:
    """The signs that a plane shows."""
    wall_gas = findings.wall_gas_mm >= WALL_GAS_MM
    if findings.pleura_visible_mm <= 0.0:
        return frozenset({"subcutaneous_emphysema"} if wall_gas else ())
    bands = findings.percent_coalescent - findings.percent_consolidation
    white = findings.percent_white >= WHITE_PERCENT
    light_beam = BAND_MM[0] <= findings.widest_band_mm <= BAND_MM[1] and findings.percent_irregular <= 0.0
    seen = {
        "a_lines": findings.percent_a_lines * findings.pleura_visible_mm / 100.0 >= A_LINES_MM,
        "b_lines_isolated": 0 < findings.n_b_lines < POSITIVE_B_LINES,
        "b_lines_separate": findings.n_b_lines >= POSITIVE_B_LINES,
        "b_lines_coalescent": bands > 0.0 and not white,
        "white_lung": white,
        "light_beam": light_beam and 0.0 < bands <= HALF_PERCENT,
        "pleural_irregularity": findings.pleura_irregular,
        "subpleural_consolidation": CONSOLIDATED_MM <= findings.consolidation_depth_mm < TISSUE_LIKE_MM,
        "consolidation": findings.consolidation_depth_mm >= TISSUE_LIKE_MM,
        "effusion": findings.effusion_depth_mm >= EFFUSION_MM,
        "sliding_absent": findings.sliding_mm < SLIDING_MM,
        "lung_point": min(findings.detached_mm, findings.free_mm) >= EDGE_MM,
        "lung_pulse": findings.pulsing_mm >= PULSING_MM,
        "subcutaneous_emphysema": wall_gas,
    }
    return frozenset(key for key, present in seen.items() if present)
