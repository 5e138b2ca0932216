"""What a patient can be asked to do with the breath, as facts with a time."""

from __future__ import annotations

from dataclasses import dataclass

# What the clinician says: breathe as usual; once deeply in and out; stop as you are; stop after a full inspiration;
# stop after a quiet expiration.
REQUESTS = ("quiet", "deep", "hold", "hold_in", "hold_out")


@dataclass(frozen=True)
class Request:
    """The patient was asked at `at_s` of their own time to do `kind`, one of REQUESTS."""

    kind: str
    at_s: float

    def __post_init__(self) -> None:
        """An unknown request is an error here, not a patient who does nothing."""
        if self.kind not in REQUESTS:
            raise ValueError(f"request: unknown {self.kind!r}; known are {', '.join(REQUESTS)}")


Requests = tuple[Request, ...]  # in the order of their times
