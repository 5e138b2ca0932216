"""What an examination can conclude: the closed lists of diagnoses and of severity bands."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.errors import BadInputError
from simulator.messages import N_


@dataclass(frozen=True)
class Diagnosis:
    """One diagnosis: name and typical ultrasound picture (message ids), and the source of the latter."""

    key: str
    name: str
    picture: str
    source: str


_DIAGNOSES = (
    Diagnosis("normal", N_("Normal lungs"),
              N_("Sliding and A-lines everywhere, at most isolated B-lines at the bases."), "[V23]"),
    Diagnosis("covid_pneumonia", N_("Covid-19 pneumonia"),
              N_("Bilateral, patchy B-lines with spared areas, irregular pleura, small subpleural consolidations, "
                 "mostly posterior and low."), "[V23, V34]"),
    Diagnosis("ards", N_("ARDS, other cause"),
              N_("Bilateral but uneven, spared areas, abnormal pleura, reduced sliding, posterior consolidation."),
              "[V47]"),
    Diagnosis("cardiogenic_oedema", N_("Cardiogenic pulmonary oedema"),
              N_("Symmetric, even B-lines that increase downwards, smooth pleura, often effusions."), "[V23, V47]"),
    Diagnosis("bacterial_pneumonia", N_("Bacterial pneumonia"),
              N_("One-sided large consolidation with dynamic bronchograms and B-lines around it."), "[V34]"),
    Diagnosis("pulmonary_embolism", N_("Pulmonary embolism"),
              N_("Mostly normal lungs, sometimes small wedge-shaped infarcts."), "[V1, B]"),
    Diagnosis("pneumothorax", N_("Pneumothorax"),
              N_("A-lines without sliding, B-lines or lung pulse; a lung point proves it."), "[V28, V29]"),
    Diagnosis("copd_asthma", N_("COPD or asthma"),
              N_("Sliding and A-lines in a breathless patient without consolidation."), "[V1]"),
    Diagnosis("pleural_effusion", N_("Pleural effusion"),
              N_("Dependent fluid with compressed lung behind it."), "[V24, V25]"),
    Diagnosis("pulmonary_fibrosis", N_("Pulmonary fibrosis"),
              N_("Diffuse B-lines with a diffusely irregular pleural line."), "[V23]"),
    Diagnosis("unventilated_lung", N_("Unventilated lung (plug, tube too deep)"),
              N_("One side or lobe does not slide but beats with the heart; later airless, with still bronchograms."),
              "[V30, V27]"),
)  # fmt: skip

DIAGNOSES: dict[str, Diagnosis] = {d.key: d for d in _DIAGNOSES}


@dataclass(frozen=True)
class Severity:
    """A band of the twelve-zone total, both ends included."""

    key: str
    name: str
    low: int
    high: int


# Teaching bands for twelve zones, total of 36 (clinical.md C.5 [P]); not confirmed by a clinician.
_SEVERITIES = (
    Severity("minimal", N_("Normal or minimal"), 0, 4),
    Severity("mild", N_("Mild"), 5, 10),
    Severity("moderate", N_("Moderate"), 11, 18),
    Severity("severe", N_("Severe"), 19, 24),
    Severity("critical", N_("Critical"), 25, 36),
)

SEVERITIES: dict[str, Severity] = {s.key: s for s in _SEVERITIES}
BANDS_CONFIRMED = False  # by a clinician


def severity_band(total: int) -> str:
    """Key of the band that a twelve-zone total of 0-36 falls into."""
    for severity in _SEVERITIES:
        if severity.low <= total <= severity.high:
            return severity.key
    raise ValueError(f"a twelve-zone total is 0 to 36, not {total}")


def checked_diagnosis(key: str) -> str:
    """`key`, or a BadInputError that lists the diagnoses."""
    if key not in DIAGNOSES:
        raise BadInputError(f"diagnosis: unknown {key!r}; known are {', '.join(DIAGNOSES)}")
    return key


def checked_severity(key: str) -> str:
    """`key`, or a BadInputError that lists the severity bands."""
    if key not in SEVERITIES:
        raise BadInputError(f"severity: unknown {key!r}; known are {', '.join(SEVERITIES)}")
    return key
