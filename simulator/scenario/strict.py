"""What all parts of a scenario file share: strict models, texts in each language, errors in words."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetPydanticSchema, Tag, model_validator
from pydantic_core import PydanticCustomError, core_schema

from simulator.messages import LocalText, _

# Errors that the models themselves raise about several keys at once.
OF_A_WHOLE_PART = frozenset((
    "no_language", "pressure_order", "bmi", "nowhere", "outside_zone", "not_of_lung", "effusion_size", "air_size",
    "patient_lacks", "phantom_has", "apnoea", "apnoea_follows", "hold",
))  # fmt: skip


def fault(kind: str, text: str) -> PydanticCustomError:
    """An error of a whole part of the file, already in words for a person; `kind` is one of OF_A_WHOLE_PART."""
    return PydanticCustomError(kind, text)


class Model(BaseModel):
    """What all parts share: unknown keys are errors, nothing is converted, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


_Sentence = Annotated[str, Field(min_length=1, max_length=6000)]


class _PerLanguage(Model):
    """A text in each language."""

    en: _Sentence | None = Field(default=None, description="English")
    fr: _Sentence | None = Field(default=None, description="French")

    @model_validator(mode="after")
    def _at_least_one(self) -> _PerLanguage:
        if self.en is None and self.fr is None:
            raise fault("no_language", _("has no text in any language"))
        return self


_TextInput = Annotated[
    Annotated[_Sentence, Tag("text")] | Annotated[_PerLanguage, Tag("languages")],
    Discriminator(lambda value: "languages" if isinstance(value, dict) else "text"),
]


def _local_text(value: str | _PerLanguage) -> LocalText:
    if isinstance(value, str):
        return LocalText.of(value)
    return LocalText.of({code: text for code in ("en", "fr") if (text := getattr(value, code)) is not None})


Text = Annotated[
    LocalText,
    GetPydanticSchema(
        lambda _source, handler: core_schema.no_info_after_validator_function(_local_text, handler(_TextInput))
    ),
]
