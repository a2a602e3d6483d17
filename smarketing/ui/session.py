"""The open build and the answers already worked out from it.

The build is looked up on every run, so an import that publishes a new one is seen on the next
run; answers are kept per build and agreement, so that nothing stale survives.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from smarketing.access import LOCAL, Access
from smarketing.agreement import Agreement, load_home_agreement
from smarketing.build import build_under, changes
from smarketing.engine import DuckDBEngine, open_engine, open_engine_on
from smarketing.errors import SmarketingError, StoreError
from smarketing.settings import Settings
from smarketing.store.builds import current_build
from smarketing.workspace import Workspace, open_workspace

T = TypeVar("T")
KEPT_ANSWERS = 600


@dataclass
class Answers:
    """The latest answers by question; the least recently asked make room."""

    kept: OrderedDict[Any, Any] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, question: Any, work_out: Callable[[], T]) -> T:
        """The kept answer to `question`, else a new one; two askers may both work it out."""
        with self.lock:
            if question in self.kept:
                self.kept.move_to_end(question)
                kept: T = self.kept[question]
                return kept
        answer = work_out()
        with self.lock:
            self.kept[question] = answer
            while len(self.kept) > KEPT_ANSWERS:
                self.kept.popitem(last=False)
        return answer


@dataclass(frozen=True)
class Store:
    """One home as a page sees it: its current build, its agreement, and whether that is signed.

    `access` is what whoever looks may do; `engine` answers with what they may see. `away` says why
    what people wrote cannot be read, where it cannot: figures do not depend on it.
    """

    home: Path
    engine: DuckDBEngine
    agreement: Agreement
    signed_by: tuple[str, ...]
    access: Access = LOCAL
    away: str = ""

    @property
    def in_force(self) -> bool:
        """Whether both teams signed exactly this agreement."""
        return {"marketing", "sales"} <= set(self.signed_by)

    @property
    def agreement_words(self) -> str:
        """Version, state and short hash of the agreement, as exports carry it."""
        state = "signed" if self.in_force else "proposed"
        state = "signatures not known" if self.away else state
        return f"{self.agreement.version} {state} {self.agreement.hash[:8]}"

    @property
    def changes(self) -> tuple[str, ...]:
        """What changed since the build was derived, the agreement or the program, in words."""
        return changes(self.engine.agreement_hash, self.engine.code_hash, self.agreement)


def open_store(access: Access = LOCAL, under: Agreement | None = None) -> Store:
    """The store of SMARKETING_HOME to somebody; StoreError when nothing was imported yet.

    `under` is a version of the agreement by which the figures are asked for instead of that on
    file: its build is made when it is first asked for.
    """
    home = Settings().home.resolve()
    build = current_build(home)
    if under is not None:
        return _open_under(home, build, under, access)
    agreement = _on_file(home)
    signed, away = _signed(home, agreement)
    engine = _engine(str(home), str(build), replace(access, name="", email=""))
    return Store(home, engine, agreement, signed, access, away)


def _on_file(home: Path) -> Agreement:
    """The agreement of a home, read again only where its file was edited."""
    path = home / "agreement.yaml"
    return _agreement(str(home), path.stat().st_mtime_ns if path.exists() else 0)


def home_zone(home: Path) -> str:
    """The time zone of a home's agreement, for pages without a store; UTC where none is read."""
    try:
        return _on_file(home).timezone
    except SmarketingError:
        return "UTC"


def _open_under(home: Path, build: Path, under: Agreement, access: Access) -> Store:
    path = _built_under(str(home), str(build), under)
    if not path.exists():  # It was pruned meanwhile.
        _built_under.clear()
        path = _built_under(str(home), str(build), under)
    signed, away = _signed(home, under)
    engine = _engine_on(str(path), replace(access, name="", email=""))
    return Store(home, engine, under, signed, access, away)


def _signed(home: Path, agreement: Agreement) -> tuple[tuple[str, ...], str]:
    """The teams that signed, and why that is not known where the workspace cannot be read."""
    try:
        standing = _workspace(str(home), Settings().workspace).signatures(agreement.hash)
    except StoreError as error:
        return (), str(error)
    return tuple(sorted({s.team for s in standing if s.withdrawn_at is None})), ""


def ask(store: Store, analysis: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run `analysis(engine, *args, **kwargs)` on the store, or answer from memory.

    Arguments must be hashable, or lists and mappings of such; results are shared and never changed.
    """
    question = (
        store.engine.build_id,
        store.engine.sight,
        store.agreement.hash,
        f"{analysis.__module__}.{analysis.__qualname__}",
        _key(args),
        _key(kwargs),
    )
    return _answers().get(question, lambda: analysis(store.engine, *args, **kwargs))


def _key(value: Any) -> Any:
    """What an argument is known by: itself, with its type, since 1, 1.0 and True are equal."""
    if isinstance(value, Agreement):
        return value.hash
    if isinstance(value, Mapping):
        return frozenset((name, _key(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return type(value), *map(_key, value)
    return type(value), value


@st.cache_resource(show_spinner=False)
def _answers() -> Answers:
    return Answers()


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={Access: repr})
def _engine(home: str, build: str, access: Access) -> DuckDBEngine:  # noqa: ARG001 - a new build is a new key
    return open_engine(Path(home), access)


@st.cache_resource(
    show_spinner="Deriving the figures under that version …",
    max_entries=16,
    hash_funcs={Agreement: lambda agreement: agreement.hash},
)
def _built_under(home: str, build: str, under: Agreement) -> Path:  # noqa: ARG001 - a new build is a new key
    return build_under(Path(home), under)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={Access: repr})
def _engine_on(build: str, access: Access) -> DuckDBEngine:
    return open_engine_on(Path(build), access)


@st.cache_resource(show_spinner=False, max_entries=8)
def _agreement(home: str, edited: int) -> Agreement:  # noqa: ARG001 - an edit is a new key
    return load_home_agreement(Path(home))


@st.cache_resource(show_spinner=False, max_entries=4)
def _workspace(home: str, address: str) -> Workspace:  # noqa: ARG001 - a key
    return open_workspace(Path(home))
