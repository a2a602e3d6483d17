"""A source: the folder that says how to recognise a system's files and map them to core tables.

`profile.yaml` describes the files (class `Profile`), one `<core_table>.sql` or
`<core_table>.<anything>.sql` per mapping holds a SELECT whose first comment line is
`-- from: ObjectName` (class `TableSelect`). A folder may extend another one: it inherits the
objects and the SELECTs, changes an object by its name, replaces a SELECT by its file name. A SELECT
file with nothing but comments switches the inherited one of that name off. One with a comment line
`-- undecided: question` fills nothing while that line stands.

- `load_source("salesforce")` or `load_source("path/to/folder") -> Source`
- `builtin_sources() -> dict[str, Source]`, in order of their names
- `Source.objects: dict[str, ObjectProfile]`, `Source.selects: dict[core_table, tuple[TableSelect]]`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from smarketing.agreement.outcomes import StageOutcome, contradiction, stage_outcomes
from smarketing.errors import SourceError, did_you_mean, unknown
from smarketing.files.tables import TotalRow
from smarketing.plain_yaml import parse_yaml
from smarketing.sources.languages import EVERY_OBJECT, SIGNS, Names, translations
from smarketing.sources.links import wrong_pattern
from smarketing.sources.objects import ObjectProfile, TotalRows, alternatives, compiles
from smarketing.sources.selects import TableSelect, merge_selects, read_select
from smarketing.sources.spend import Spend

BUILTIN = Path(__file__).parent


class Ids(BaseModel):
    """What a source's ids look like.

    - `columns`: patterns of the columns that hold ids (`*Id`); the keys of its objects always do.
    - `shape`: a regular expression for a whole id. A file whose ids have another shape is of
      another system; a line whose id has another shape is no record.
    - `own`: no other system's ids have that shape, so that it tells whose a file is.
    - `completed`: ids of 15 characters are completed to 18, as Salesforce does, so that both meet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...] = ()
    shape: str | None = None
    own: bool = False
    completed: bool = False

    @field_validator("columns", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value or ()

    @field_validator("shape")
    @classmethod
    def _is_expression(cls, value: str | None) -> str | None:
        return None if value is None else compiles(value)

    def are_in(self, column: str, item: ObjectProfile) -> bool:
        """Return whether a column of an object holds ids."""
        return column in item.key or any(fnmatchcase(column, name) for name in self.columns)


class Profile(BaseModel):
    """The content of `profile.yaml`.

    `exact` sources take a file, unless they are named for it, only when they know all its columns.
    `deal_outcomes` are the stages that the system comes with, as an agreement writes its own.
    `advice` says how to get a file that has the column that is missing. `links` are the addresses
    of its records by kind: `{id}` is a record's, `{address}` that of the company's own instance.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    label: str | None = None
    extends: str | None = None
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    decimal: Literal[".", ","] | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    timezone: str | None = None
    encodings: tuple[str, ...] = ()
    exact: bool = False
    advice: str | None = None
    ids: Ids = Ids()
    objects: dict[str, ObjectProfile] = Field(default_factory=dict)
    touch_kinds: dict[str, str] = Field(default_factory=dict)
    deal_outcomes: tuple[StageOutcome, ...] = ()
    links: dict[str, str] = Field(default_factory=dict)
    notes: str | None = None

    @field_validator("deal_outcomes", mode="before")
    @classmethod
    def _stages_or_pipelines(cls, value: object) -> object:
        return stage_outcomes({} if value is None else value)

    @field_validator("deal_outcomes")
    @classmethod
    def _one_outcome(cls, value: tuple[StageOutcome, ...]) -> tuple[StageOutcome, ...]:
        if wrong := contradiction(value):
            raise ValueError(wrong)
        return value

    @field_validator("links")
    @classmethod
    def _are_addresses(cls, value: dict[str, str]) -> dict[str, str]:
        for kind, pattern in value.items():
            if wrong := wrong_pattern(kind, pattern):
                raise ValueError(wrong)
        return value

    @field_validator("objects", "touch_kinds", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return {} if value is None else value

    @field_validator("encodings", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value or ()


_WITHIN: Mapping[str, type[BaseModel]] = {
    "ids": Ids, "objects": ObjectProfile, "spend": Spend, "total_rows": TotalRows,
}  # fmt: skip
"""What the settings of these names hold."""


@dataclass(frozen=True)
class Source:
    """A source ready for use: its profile, with what it inherits merged in, and its SELECTs.

    `waiting` are the SELECTs of which something must be said before they fill their tables.
    """

    name: str
    folder: Path
    profile: Profile
    selects: dict[str, tuple[TableSelect, ...]] = field(default_factory=dict)
    waiting: tuple[TableSelect, ...] = ()

    @property
    def objects(self) -> dict[str, ObjectProfile]:
        """The kinds of files by name."""
        return self.profile.objects

    @property
    def label(self) -> str:
        """What people call the source."""
        return self.profile.label or self.name

    @property
    def names_spend(self) -> bool:
        """Whether it has reports of spend, of which each cut bears on all others."""
        return any(item.spend for item in self.objects.values())

    @property
    def is_builtin(self) -> bool:
        """Whether it comes with the program."""
        return self.folder.parent == BUILTIN

    def header_names(self) -> frozenset[str]:
        """Give every header under which a column of this source may come."""
        return frozenset(
            name
            for item in self.objects.values()
            for column in item.columns
            for name in item.names(column)
        )

    def total_rows(self) -> frozenset[TotalRow]:
        """Give what the total rows in files of this source look like."""
        return frozenset(
            TotalRow(total.pattern, item.headers(total.column))
            for item in self.objects.values()
            for total in item.total_rows
        )


def load_source(source: str | Path) -> Source:
    """Load a source by the name of a built-in one or by the path of a folder.

    A folder is meant when the text names an existing one that holds a `profile.yaml`. Raises
    UsageError for a name that does not exist, SourceError for a folder that contradicts itself.
    """
    folder = Path(source)
    if (folder / "profile.yaml").is_file():
        return _load(folder.resolve(), ())
    if str(source) in _builtin_folders():
        return builtin_sources()[str(source)]
    if folder.is_dir():
        raise SourceError(
            f"The folder {folder} has no profile.yaml; write one with `smarketing source new`."
        )
    raise unknown("source", str(source), _builtin_folders(), "the built-in sources")


@cache
def builtin_sources() -> dict[str, Source]:
    """Load every source that comes with the program, by name."""
    return {name: _load(folder, ()) for name, folder in _builtin_folders().items()}


def _builtin_folders() -> dict[str, Path]:
    found = sorted(BUILTIN.glob("*/profile.yaml"))
    return {path.parent.name: path.parent for path in found}


def _load(folder: Path, above: tuple[Path, ...]) -> Source:
    if folder in above:
        raise SourceError(f"The source {folder} extends itself; remove one `extends`.")
    profile = _profile(folder / "profile.yaml")
    selects = {path.name: path for path in sorted(folder.glob("*.sql"))}
    inherited: dict[str, TableSelect] = {}
    if profile.extends:
        parent = _load(_parent(profile.extends, folder), (*above, folder))
        profile = _merge(profile, parent.profile)
        inherited = {
            s.path.name: s
            for group in (*parent.selects.values(), parent.waiting)
            for s in group
            if s.path.suffix == ".sql"
        }
    _check_names(profile, folder / "profile.yaml")
    chosen = dict(inherited)
    for name, path in selects.items():
        select = read_select(path, profile.name, profile.objects)
        if select is None:
            chosen.pop(name, None)
        else:
            chosen[name] = select
    waiting = tuple(select for _, select in sorted(chosen.items()) if select.undecided)
    written = [select for _, select in sorted(chosen.items()) if not select.undecided]
    merges = merge_selects(profile.objects, written, folder / "profile.yaml")
    tables: dict[str, tuple[TableSelect, ...]] = {}
    for select in (*written, *merges):
        tables[select.core_table] = (*tables.get(select.core_table, ()), select)
    return Source(profile.name, folder, profile, tables, waiting)


def _check_names(profile: Profile, path: Path) -> None:
    for name, item in profile.objects.items():
        for what, column in _named_columns(item):
            known = (*item.columns, *(item.families if what == "required" else ()))
            if column not in known:
                raise SourceError(
                    f"{path}, at objects.{name}.{what}: '{column}' is not among its columns."
                    + did_you_mean(column, known)
                )


def _named_columns(item: ObjectProfile) -> Iterator[tuple[str, str]]:
    """Give the setting and the column for every column that a setting of an object names."""
    needed = (one for name in item.required for one in alternatives(name))
    several = {"required": tuple(needed), "key": item.key, "list": item.lists}
    several |= {"spend": tuple(item.spend.columns())} if item.spend else {}
    single = {"modified": item.modified, "deleted": item.deleted, "merged_into": item.merged_into}
    for what, columns in several.items():
        yield from ((what, column) for column in columns)
    yield from ((what, column) for what, column in single.items() if column)
    for column in item.merged_from:
        yield "merged_from", column


def _parent(extends: str, folder: Path) -> Path:
    builtin = _builtin_folders()
    if extends in builtin:
        return builtin[extends]
    relative = (folder / extends).resolve()
    if (relative / "profile.yaml").is_file():
        return relative
    raise SourceError(
        f"{folder / 'profile.yaml'} extends '{extends}', which is neither a built-in source nor a "
        f"folder with a profile.yaml.{did_you_mean(extends, builtin)}"
    )


def _profile(path: Path) -> Profile:
    try:
        raw: Any = parse_yaml(path.read_text(encoding="utf-8-sig"), yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise SourceError(
            f"{path} cannot be read as YAML: {_one_line(error)}; correct it."
        ) from error
    if not isinstance(raw, dict):
        raise SourceError(
            f"{path} is empty or no mapping; it needs at least `name:` and `objects:`."
        )
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        raise SourceError(_explain(path, error)) from error
    words = translations(path.parent)
    if not words:
        return profile
    objects = {
        name: _translated(item, words.pop(name, {}), words.get(EVERY_OBJECT, {}))
        for name, item in profile.objects.items()
    }
    words.pop(EVERY_OBJECT, None)
    for name in words:
        raise SourceError(
            f"The headers in other languages in {path.parent} are of '{name}', which is no object "
            f"of the source '{profile.name}'.{did_you_mean(name, profile.objects)}"
        )
    return profile.model_copy(update={"objects": objects})


def _translated(
    item: ObjectProfile, own: Mapping[str, Names], general: Mapping[str, Names]
) -> ObjectProfile:
    """Give an object with its headers in other languages, its own words before those of all."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for language in (*general, *own):
        words = {**general.get(language, {}), **own.get(language, {})}
        known = {
            name: words[name]
            for name in words
            if name in item.columns or name in item.families or name == SIGNS
        }
        found[language] = {**known, **item.translated.get(language, {})}
    return item.model_copy(update={"translated": {**item.translated, **found}})


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _explain(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = f"there is no such setting.{did_you_mean(where[-1], _settings(where[:-1]))}"
    return f"{path}, at {'.'.join(where) or 'the top'}: {message}"


def _settings(where: Sequence[str]) -> list[str]:
    """Return what may stand at a place of a profile, as it is written there."""
    model: type[BaseModel] = Profile
    for above, part in zip(("", *where), where, strict=False):
        # What stands right below `objects` is the name of one.
        model = model if above == "objects" else _WITHIN.get(part, model)
    return [part.alias or name for name, part in model.model_fields.items()]


def _merge(child: Profile, parent: Profile) -> Profile:
    """Give the child's profile with everything it leaves out taken from the parent's."""
    own = child.model_fields_set
    values = {
        name: getattr(child if name in own else parent, name) for name in Profile.model_fields
    }
    values["objects"] = dict(parent.objects)
    for name, item in child.objects.items():
        base = parent.objects.get(name)
        values["objects"][name] = _merge_object(item, base) if base else item
    values["touch_kinds"] = {**parent.touch_kinds, **child.touch_kinds}
    values["encodings"] = tuple(dict.fromkeys((*child.encodings, *parent.encodings)))
    values["extends"] = child.extends
    values["label"] = child.label
    return Profile.model_construct(**values)


def _merge_object(child: ObjectProfile, parent: ObjectProfile) -> ObjectProfile:
    own = child.model_fields_set
    values = {
        name: getattr(child if name in own else parent, name) for name in ObjectProfile.model_fields
    }
    columns = dict(parent.columns)
    for name, aliases in child.columns.items():
        columns[name] = tuple(dict.fromkeys((*aliases, *columns.get(name, ()))))
    values["columns"] = columns
    values["families"] = {**parent.families, **child.families}
    values["lists"] = {**parent.lists, **child.lists}
    values["translated"] = {
        language: {**parent.translated.get(language, {}), **child.translated.get(language, {})}
        for language in (*parent.translated, *child.translated)
    }
    if "ignored" not in own and child.columns:
        values["ignored"] = None
    return ObjectProfile.model_validate(values)
