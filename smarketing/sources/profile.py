"""A source: the folder that says how to recognise a system's files and map them to core tables.

`profile.yaml` describes the files (class `Profile`), one `<core_table>.sql` or
`<core_table>.<anything>.sql` per mapping holds a SELECT whose first comment line is
`-- from: ObjectName` (class `TableSelect`). A folder may extend another one: it inherits the
objects and the SELECTs, changes an object by its name, replaces a SELECT by its file name. A SELECT
file with nothing but comments switches the inherited one of that name off.

- `load_source("salesforce")` or `load_source("path/to/folder") -> Source`
- `builtin_sources() -> dict[str, Source]`, in order of their names
- `Source.objects: dict[str, ObjectProfile]`, `Source.selects: dict[core_table, tuple[TableSelect]]`
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from smarketing.agreement.outcomes import StageOutcome, contradiction, stage_outcomes
from smarketing.errors import SourceError, did_you_mean, unknown
from smarketing.files.headers import normalise
from smarketing.files.tables import TotalRow
from smarketing.sources.one_select import check_select

BUILTIN = Path(__file__).parent
_FROM = re.compile(r"^--\s*from:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


class TotalRows(BaseModel):
    """How the total rows at the end of a report are told: a pattern in a column (or the first)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: str
    column: str | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"'{value}' is no regular expression: {error}.") from error
        return value


class ObjectProfile(BaseModel):
    """One kind of file of a source: how it is recognised, what its columns are called.

    - `files`: patterns of file names (`Account*.csv`), used to break ties only.
    - `columns`: canonical header and the other headers under which the same column comes.
    - `required`: canonical headers without which a file is not of this kind.
    - `key`: the columns that identify a record; `modified`: its own modified stamp.
    - `ignored`: why no table reads it, for files that are known and not needed.
    - `unused`: why its SELECTs leave out records, told where they do.
    - `total_rows`: words that begin a total row, besides "Total" and its like, or patterns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    required: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    modified: str | None = None
    ignored: str | None = None
    unused: str | None = None
    total_rows: tuple[TotalRows, ...] = ()
    date_order: Literal["dmy", "mdy"] | None = None
    description: str | None = None

    @field_validator("files", "required", "key", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value or ()

    @field_validator("total_rows", mode="before")
    @classmethod
    def _words_or_patterns(cls, value: object) -> object:
        items = value if isinstance(value, list | tuple) else [value] if value else []
        return tuple({"pattern": "^" + re.escape(i)} if isinstance(i, str) else i for i in items)

    @field_validator("columns", mode="before")
    @classmethod
    def _names_or_aliases(cls, value: object) -> object:
        if value is None:
            return {}
        if isinstance(value, list):
            return {str(name): () for name in value}
        if isinstance(value, dict):
            return {str(name): _aliases(aliases) for name, aliases in value.items()}
        return value

    def headers(self, column: str | None) -> frozenset[str]:
        """Give the normalised headers under which a canonical column may come; none for None."""
        if column is None:
            return frozenset()
        return frozenset(normalise(name) for name in (column, *self.columns.get(column, ())))

    def mapping(self, headers: Sequence[str]) -> dict[str, str]:
        """Map each canonical header to the file's header that carries it; absent ones are left out.

        The canonical name is preferred to its aliases, and these count in their order.
        """
        present: dict[str, str] = {}
        for header in headers:
            present.setdefault(normalise(header), header)
        found: dict[str, str] = {}
        for canonical, aliases in self.columns.items():
            for name in (canonical, *aliases):
                if normalise(name) in present:
                    found[canonical] = present[normalise(name)]
                    break
        return found


def _aliases(value: object) -> object:
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(str(alias) for alias in value)
    return (str(value),)


class Profile(BaseModel):
    """The content of `profile.yaml`.

    `exact` sources take a file, unless they are named for it, only when they know all its columns.
    `deal_outcomes` are the stages that the system comes with, as an agreement writes its own.
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
    objects: dict[str, ObjectProfile] = Field(default_factory=dict)
    touch_kinds: dict[str, str] = Field(default_factory=dict)
    deal_outcomes: tuple[StageOutcome, ...] = ()
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

    @field_validator("objects", "touch_kinds", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return {} if value is None else value

    @field_validator("encodings", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value or ()


@dataclass(frozen=True)
class TableSelect:
    """One SELECT of a source: the core table it fills, the object that drives it, its text."""

    core_table: str
    object: str
    sql: str
    path: Path


@dataclass(frozen=True)
class Source:
    """A source ready for use: its profile, with what it inherits merged in, and its SELECTs."""

    name: str
    folder: Path
    profile: Profile
    selects: dict[str, tuple[TableSelect, ...]] = field(default_factory=dict)

    @property
    def objects(self) -> dict[str, ObjectProfile]:
        """The kinds of files by name."""
        return self.profile.objects

    @property
    def label(self) -> str:
        """What people call the source."""
        return self.profile.label or self.name

    def header_names(self) -> frozenset[str]:
        """Give every header under which a column of this source may come."""
        return frozenset(
            name
            for item in self.objects.values()
            for canonical, aliases in item.columns.items()
            for name in (canonical, *aliases)
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
        inherited = {s.path.name: s for group in parent.selects.values() for s in group}
    _check_names(profile, folder / "profile.yaml")
    chosen = dict(inherited)
    for name, path in selects.items():
        select = _select(path, profile)
        if select is None:
            chosen.pop(name, None)
        else:
            chosen[name] = select
    tables: dict[str, tuple[TableSelect, ...]] = {}
    for _, select in sorted(chosen.items()):
        tables[select.core_table] = (*tables.get(select.core_table, ()), select)
    return Source(profile.name, folder, profile, tables)


def _check_names(profile: Profile, path: Path) -> None:
    for name, item in profile.objects.items():
        modified = (item.modified,) if item.modified else ()
        for what, columns in (
            ("required", item.required),
            ("key", item.key),
            ("modified", modified),
        ):
            for column in columns:
                if column not in item.columns:
                    raise SourceError(
                        f"{path}, at objects.{name}.{what}: '{column}' is not among its columns."
                        + did_you_mean(column, item.columns)
                    )


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
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise SourceError(
            f"{path} cannot be read as YAML: {_one_line(error)}; correct it."
        ) from error
    if not isinstance(raw, dict):
        raise SourceError(
            f"{path} is empty or no mapping; it needs at least `name:` and `objects:`."
        )
    try:
        return Profile.model_validate(raw)
    except ValidationError as error:
        raise SourceError(_explain(path, error)) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _explain(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        model = ObjectProfile if len(where) > 2 else Profile
        message = f"there is no such setting.{did_you_mean(where[-1], model.model_fields)}"
    return f"{path}, at {'.'.join(where) or 'the top'}: {message}"


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
    if "ignored" not in own and child.columns:
        values["ignored"] = None
    return ObjectProfile.model_validate(values)


def _select(path: Path, profile: Profile) -> TableSelect | None:
    """Read a SELECT file; None if it holds nothing but comments."""
    text = path.read_text(encoding="utf-8-sig")
    if not _COMMENT.sub("", text).strip():
        return None
    found = _FROM.search(text)
    if found is None:
        raise SourceError(
            f"{path} does not say which object drives it; begin it with `-- from: ObjectName`."
        )
    name = found.group(1)
    if name not in profile.objects:
        raise SourceError(
            f"{path} is driven by '{name}', which is no object of the source '{profile.name}'."
            + did_you_mean(name, profile.objects)
        )
    if not path.is_relative_to(BUILTIN):
        check_select(text, [*profile.objects, *(f"{o}_current" for o in profile.objects)], path)
    return TableSelect(path.name.split(".")[0], name, text.strip().rstrip(";").strip(), path)
