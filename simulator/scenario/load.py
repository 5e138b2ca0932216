"""Reading a scenario file: everything that is wrong with it, at once, with file, line and column."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from simulator.errors import BadInputError
from simulator.messages import _
from simulator.scenario.explain import problems_of
from simulator.scenario.patient_spec import Oxygen, Vitals
from simulator.scenario.schema import ScenarioSpec
from simulator.scenario.yaml_tree import Problem, dotted, position_of, read_tree

if TYPE_CHECKING:
    from simulator.assessment.rubric import Rubric
    from simulator.patient import Patient

MAX_BYTES = 1_000_000


class ScenarioError(BadInputError):
    """A scenario file that cannot be used. One line per problem: `file:line:col: dotted.path: what is wrong`."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        super().__init__("\n".join(_line(path, problem) for problem in self.problems))


def _line(path: Path, problem: Problem) -> str:
    line, column = problem.position
    place = f"{dotted(problem.path)}: " if problem.path else ""
    return f"{path}:{line}:{column}: {place}{problem.text}"


@dataclass(frozen=True)
class BriefText:
    """The brief in one language."""

    title: str
    history: str
    complaint: str
    vitals: Vitals | None
    oxygen: Oxygen


@dataclass(frozen=True)
class Scenario:
    """A scenario as loaded. `content_hash` names its content: comments and layout do not change it."""

    spec: ScenarioSpec
    path: Path
    content_hash: str

    @property
    def id(self) -> str:
        """The scenario's name, also that of its file."""
        return self.spec.id

    @property
    def seed(self) -> int:
        """Of everything random in this patient."""
        return self.spec.seed

    @property
    def is_phantom(self) -> bool:
        """Whether this is a test block: it has no zones, opens in practice only, and nothing is scored."""
        return self.spec.is_phantom

    def require_exam(self) -> None:
        """A BadInputError, in words, where there is nothing to examine."""
        if self.is_phantom:
            text = _("{id} is a test block: it has no zones and nothing to score; open it in practice, or scan it")
            raise BadInputError(text.format(id=self.id))

    def title(self, language: str | None = None) -> str:
        """One line in `language` (default: the one spoken now)."""
        return self.spec.brief.title.text(language)

    def brief(self, language: str | None = None) -> BriefText:
        """What the trainee reads before scanning, in `language` (default: the one spoken now)."""
        brief = self.spec.brief
        return BriefText(
            brief.title.text(language), brief.history.text(language), brief.complaint.text(language),
            brief.vitals, brief.oxygen,
        )  # fmt: skip

    def debrief(self, language: str | None = None) -> str:
        """What to take home, in `language`."""
        return self.spec.teaching.debrief.text(language)

    def questions(self, language: str | None = None) -> tuple[tuple[str, str], ...]:
        """Questions for discussion and their answers, in `language`."""
        return tuple((q.ask.text(language), q.answer.text(language)) for q in self.spec.teaching.questions)

    def rubric(self) -> Rubric:
        """What the exam is worth in this case, and the right conclusion."""
        from simulator.scenario.build import rubric_of

        return rubric_of(self.spec)

    def build(self, progress: Callable[[str, float], None] | None = None, posture: str | None = None) -> Patient:
        """The patient: body and findings baked or taken from the cache. `posture` other than the file's re-bakes."""
        from simulator.scenario.build import build

        return build(self, progress, posture)


def load_scenario(path: str | Path) -> Scenario:
    """The scenario in a file; `ScenarioError` carries all that is wrong with it.

    A name without a folder and without `.yaml` is looked up in the catalogue.
    """
    from simulator.scenario.catalogue import find

    return read_scenario(find(path))


def read_scenario(path: Path) -> Scenario:
    """The scenario in the file at `path`."""
    tree = read_tree(_text_of(path))
    problems = list(tree.problems)
    spec: ScenarioSpec | None = None
    broken = not tree.values  # nothing was read: what the models miss is no news
    if not broken and not isinstance(tree.value, dict):
        if not problems:
            problems.append(
                Problem(tree.values[()], (), _("must be a mapping of keys, beginning with schema_version: 1"))
            )
    elif not broken:
        content = json.dumps(tree.value, sort_keys=True, ensure_ascii=False)
        try:
            spec = ScenarioSpec.model_validate_json(content)
        except ValidationError as error:
            problems += problems_of(error, tree)
        identity = tree.value.get("id")
        if isinstance(identity, str) and identity != path.stem and ("id",) not in {p.path for p in problems}:
            text = _("must be the name of the file, {stem!r}").format(stem=path.stem)
            problems.append(Problem(tree.values[("id",)], ("id",), text))
    if problems or spec is None:
        raise ScenarioError(path, sorted(problems, key=lambda problem: problem.position))
    return Scenario(spec, path, hashlib.sha256(content.encode()).hexdigest()[:32])


def _text_of(path: Path) -> str:
    def refuse(text: str, position: tuple[int, int] = (1, 1)) -> ScenarioError:
        return ScenarioError(path, [Problem(position, (), text)])

    try:
        if path.is_dir():
            raise refuse(_("is a folder, not a file"))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise refuse(_("there is no such file")) from None
    except OSError as error:
        raise refuse(_("cannot be read: {why}").format(why=error.strerror)) from None
    if len(data) > MAX_BYTES:
        raise refuse(_("is larger than 1 MB; that is no scenario"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        raise refuse(_("is not UTF-8 text; save the file as UTF-8"), position_of(before, len(before))) from None
