"""Settings read from the environment (`SMARKETING_…`), never from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from smarketing.errors import UsageError

#: As DuckDB reads it: 4GB, 512 MiB, 80%.
_MEMORY = r"(?i)^\s*\d+(\.\d+)?\s*([KMGT](i?B)?|%)\s*$"
_HOW = {
    "keep_builds": "write how many builds to keep, 1 or more",
    "keep_builds_gb": "write how many GB the builds that are kept may take, more than 0",
    "memory_limit": "write an amount such as 4GB or 512MiB",
    "threads": "write how many threads to use, 1 or more",
    "lock_wait_seconds": "write how many seconds to wait for another build, 0 or more",
    "keep_personal_days": "write for how many days silent people are kept, 30 or more",
    "session_hours": "write after how many hours people sign in again, up to 720",
    "paper": "write a4 or letter",
    "without_sign_in": "write 1 to show the dashboard to whoever reaches it, or leave it out",
}


class Settings(BaseSettings):
    """Where the store lives and how much of the machine a build may use.

    `workspace` is the address of a database for what people write; blank is a file in the home.
    `warehouse` is the address of a database to build the marts in; blank is DuckDB alone.
    `live_marts` are those that stay there and are asked there: `fct_touch,fct_journey`.
    `without_sign_in` says in so many words that whoever reaches the dashboard may see it.
    `crm` are the addresses of the systems that records come from, for links to them:
    `salesforce=https://acme.lightning.force.com`; blank is no link.
    `session_hours` is how long a sign-in lasts. `keep_personal_days` is after how many days people
    are erased of whom nothing is heard; without it nobody is.
    `url` is where people reach the dashboard, for the
    links in a digest; `webhook` is where one is posted when that is asked for. `paper` is what
    reports and agreements are printed on.
    """

    model_config = SettingsConfigDict(env_prefix="SMARKETING_", frozen=True)

    home: Path = Path("data")
    keep_builds: int = Field(default=8, ge=1)
    keep_builds_gb: float = Field(default=50.0, gt=0, allow_inf_nan=False)
    memory_limit: str = Field(default="4GB", pattern=_MEMORY)
    threads: int | None = Field(default=None, ge=1)
    workspace: str = ""
    warehouse: str = ""
    live_marts: str = ""
    lock_wait_seconds: float = Field(default=60.0, ge=0)
    without_sign_in: bool = False
    crm: str = ""
    session_hours: float = Field(default=12.0, gt=0, le=720)
    url: str = ""
    webhook: str = ""
    keep_personal_days: int | None = Field(default=None, ge=30)
    paper: str = Field(default="a4", pattern="^(?i:a4|letter)$")

    def __init__(self, **given: Any) -> None:
        """Read the environment; UsageError names the variable that cannot be used, and how to."""
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise UsageError(_wrong(error)) from error

    @field_validator("home", mode="before")
    @classmethod
    def _named(cls, home: Any) -> Any:
        if not str(home).strip():
            raise ValueError("it is blank; name a folder, or unset it for ./data")
        return home


def _wrong(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    said = _HOW.get(name) or str(first["msg"]).removeprefix("Value error, ")
    return f"SMARKETING_{name.upper()} is '{first['input']}': {said}."
