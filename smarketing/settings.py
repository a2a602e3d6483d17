"""Settings read from the environment (`SMARKETING_…`), never from the code."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the store lives and how much of the machine a build may use.

    `workspace` is the address of a database for what people write; blank is a file in the home.
    `warehouse` is the address of a database to build the marts in; blank is DuckDB alone.
    """

    model_config = SettingsConfigDict(env_prefix="SMARKETING_", frozen=True)

    home: Path = Path("data")
    keep_builds: int = Field(default=8, ge=1)
    memory_limit: str = "4GB"
    threads: int | None = Field(default=None, ge=1)
    workspace: str = ""
    warehouse: str = ""
    lock_wait_seconds: float = Field(default=60.0, ge=0)
