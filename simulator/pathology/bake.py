"""From findings to fields: each finding drawn in turn on the lungs of one body; the result is kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from simulator.anatomy.body import Body
from simulator.messages import _
from simulator.pathology import cache
from simulator.pathology.canvas import Canvas
from simulator.pathology.fields import FindingFields
from simulator.pathology.lung_line import carry_to_lung_line
from simulator.pathology.region import lungs_of
from simulator.pathology.registry import PLACERS, Finding

Progress = Callable[[str, float], None]  # what is being done, share done 0..1


def findings_hash(body: Body, findings: Sequence[Finding], seed: int, posture: str) -> str:
    """Names the bake: 32 hexadecimal digits of everything that it depends on."""
    text = "\n".join(
        (cache.pathology_version(), body.content_hash, repr(body.grid), f"{seed}", posture, *map(repr, findings))
    )
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def bake_findings(
    body: Body,
    findings: Sequence[Finding],
    seed: int = 0,
    posture: str = "supine",
    progress: Progress | None = None,
    *,
    use_cache: bool = True,
) -> FindingFields:
    """The fields of `findings` in `body`: a pure function of its arguments, kept in the cache folder.

    Signed distances and densities are on the body's grid, cropped to the lungs. `progress` is told the share done.
    """
    key = findings_hash(body, findings, seed, posture)
    cached = body.content_hash and use_cache
    if cached and (found := cache.load(key)) is not None:
        _tell(progress, _("findings"), 1.0)
        return found
    lungs = lungs_of(body, posture)
    canvas = Canvas.healthy(lungs)
    for number, finding in enumerate(findings):
        _tell(progress, _("findings"), number / len(findings))
        PLACERS[type(finding)](replace(finding, seed=_mixed(seed, finding.seed)), lungs, canvas)
    carry_to_lung_line(lungs, canvas)
    names = tuple(dict.fromkeys(finding.KIND for finding in findings))
    fields = canvas.fields(lungs, names, key)
    if cached:
        cache.save(key, fields)
    _tell(progress, _("findings"), 1.0)
    return fields


def _mixed(seed: int, finding_seed: int) -> int:
    digest = hashlib.sha256(f"{seed}/{finding_seed}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def _tell(progress: Progress | None, what: str, share: float) -> None:
    if progress is not None:
        progress(what, share)
