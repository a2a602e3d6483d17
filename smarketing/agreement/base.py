"""What every part of the agreement shares: frozen, nothing unknown, prose without layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _prose(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_prose)]
Prose = Annotated[str, Field(min_length=1), BeforeValidator(_prose)]
Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A part of the agreement: it cannot be changed and knows no key beyond its own."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        populate_by_name=True,
        allow_inf_nan=False,
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields changed; what was derived from the old ones is dropped."""
        copied = super().model_copy(update=update, deep=deep)
        for name in [name for name in vars(copied) if name not in type(self).model_fields]:
            del vars(copied)[name]
        return copied
