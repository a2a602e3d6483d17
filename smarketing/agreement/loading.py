"""Reading an agreement: YAML to models, with errors that say where and what next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from smarketing.agreement.canonical import Change, diff_content
from smarketing.agreement.checks import given_again, problems, slips
from smarketing.agreement.faults import with_faults
from smarketing.agreement.models import Agreement
from smarketing.agreement.older import completed
from smarketing.agreement.reporting import describe
from smarketing.agreement.yaml_source import YamlSource, read_yaml
from smarketing.errors import AgreementError

DEFAULT = Path(__file__).parent / "default.yaml"
FILE_NAME = "agreement.yaml"


def load_agreement(path: Path | None = None) -> Agreement:
    """Read and check an agreement; the packaged default when no path is given.

    `extends: default` builds on the packaged one: mappings merge, lists whose entries have an
    `id` merge by it, anything else replaces. AgreementError names file, line, path and value.
    """
    if path is None:
        return _packaged()
    source = read_yaml(path)
    return _validate(_given_once(source), source)


def load_home_agreement(home: Path) -> Agreement:
    """Read `agreement.yaml` of a home folder; the packaged default where there is none.

    A wrong entry of a KPI stops no other number: it stands there with its fault.
    """
    path = home / FILE_NAME
    if not path.exists():
        return load_agreement()
    source = read_yaml(path)
    return _validate(_given_once(source), source, may_have_faults=True)


def parse_agreement(text: str, name: str = FILE_NAME, *, is_kept: bool = False) -> Agreement:
    """Read an agreement from YAML text; `name` stands in messages for the file.

    `is_kept` is a version that was on file once: a wrong entry of a KPI stands there with its
    fault, and a target that is surely a slip as it was written.
    """
    source = YamlSource.parse(text, name)
    content = _extended(source) if is_kept else _given_once(source)
    return _validate(content, source, may_have_faults=is_kept, may_have_slips=is_kept)


def agreement_yaml(agreement: Agreement) -> str:
    """Return the agreement as YAML text that reads back to the same hash."""
    content = agreement_content(agreement)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=96)


def agreement_content(agreement: Agreement) -> dict[str, Any]:
    """Return what the agreement says as its text has it, without what it leaves out."""
    content = agreement.model_dump(mode="json", exclude_none=True)
    # That no channel is direct is a choice; left out, it would be taken for one not yet made.
    content["attribution"].setdefault("direct_channel", None)
    return content


def diff(before: Agreement, after: Agreement) -> list[Change]:
    """Return what changed between two agreements, by path; empty when their hashes are equal."""
    return diff_content(before.model_dump(mode="json"), after.model_dump(mode="json"))


@cache
def _packaged() -> Agreement:
    return _validate(_base().content, _base())


@cache
def _base() -> YamlSource:
    return read_yaml(DEFAULT)


def _given_once(source: YamlSource) -> dict[str, Any]:
    """Return the content with what it extends; AgreementError names an id that a list has twice.

    The last one would settle in silence what the first one says.
    """
    twice = next(_repeated_ids(source.content), None)
    if twice is not None:
        path, name = twice
        raise AgreementError(f"{source.place(path)}{path}: '{name}' is defined twice.")
    return _extended(source)


def _repeated_ids(content: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Give the path and name of each id that stands before in the same list of entries."""
    if isinstance(content, Mapping):
        for key, part in content.items():
            yield from _repeated_ids(part, f"{path}.{key}" if path else str(key))
    elif isinstance(content, list):
        ids = (str(e["id"]) if isinstance(e, Mapping) and "id" in e else None for e in content)
        yield from ((f"{path}[{index}].id", name) for index, name in given_again(ids))
        for index, item in enumerate(content):
            yield from _repeated_ids(item, f"{path}[{index}]")


def _extended(source: YamlSource) -> dict[str, Any]:
    content = dict(source.content)
    base = content.pop("extends", None)
    if base is None:
        return completed(content, _base().content)
    if base != "default":
        raise AgreementError(f"{source.name}: extends: '{base}' is not known; write 'default'.")
    merged = merge(_base().content, content)
    assert isinstance(merged, dict)
    return merged


def merge(base: Any, own: Any) -> Any:
    """Lay `own` over `base`: mappings and lists of entries with ids merge, the rest replaces."""
    if isinstance(base, Mapping) and isinstance(own, Mapping):
        merged = {key: merge(base[key], own[key]) if key in own else base[key] for key in base}
        return merged | {key: value for key, value in own.items() if key not in base}
    if _has_ids(base) and _has_ids(own):
        by_id = {item["id"]: item for item in base}
        for item in own:
            by_id[item["id"]] = merge(by_id.get(item["id"], {}), item)
        return list(by_id.values())
    return own


def _has_ids(items: Any) -> bool:
    listed = isinstance(items, list) and bool(items)
    return listed and all(isinstance(item, Mapping) and "id" in item for item in items)


def _validate(
    content: dict[str, Any],
    source: YamlSource,
    *,
    may_have_faults: bool = False,
    may_have_slips: bool = False,
) -> Agreement:
    agreement, found = _judged(content)
    first, read = found, content
    while found and may_have_faults:
        held = with_faults(read, found)
        if held is None:
            break
        if held == read:
            found = []
            break
        read = held
        agreement, found = _judged(read)
    if agreement is not None and not found and not may_have_slips:
        first = found = slips(agreement)
    if found or agreement is None:
        raise _failure(source, content, first)
    return agreement


def _judged(content: dict[str, Any]) -> tuple[Agreement | None, list[tuple[str, str]]]:
    """Return what the content says, and (path, message) of all that is wrong with it."""
    try:
        agreement = Agreement.model_validate(content)
    except ValidationError as error:
        return None, describe(error, _root())
    return agreement, problems(agreement)


def _root() -> type[BaseModel]:
    return Agreement


def _failure(
    source: YamlSource, content: dict[str, Any], found: list[tuple[str, str]]
) -> AgreementError:
    """Say what is wrong in the order of the file, a sentence a line."""
    placed = [(_in_file(path, content, source.content), path, message) for path, message in found]
    placed.sort(key=lambda problem: source.line(problem[0]))
    lines = [
        f"{source.place(own)}{path}: {message}{'' if message.endswith(('.', '?')) else '.'}"
        for own, path, message in placed[:8]
    ]
    if len(found) > 8:
        more = f"There are {len(found) - 8} more."
        if not {"extends", "stages", "kpis"} & set(source.content):
            more += (
                " To change some things of the agreement that comes with Smarketing, let the file "
                "begin with `extends: default`."
            )
        lines.append(more)
    return AgreementError("\n".join(lines))


def _in_file(path: str, merged: Any, own: Any) -> str:
    """Give the path of a part in the file, where entries of a list were merged by their id."""
    found = ""
    for step in re.findall(r"[^.\[\]]+", path):
        is_entry = step.isdigit() and isinstance(merged, list) and int(step) < len(merged)
        merged = merged[int(step)] if is_entry else _part(merged, step)
        if is_entry:
            step = next((str(n) for n, item in enumerate(_list(own)) if _same(item, merged)), step)
        own = _part(own, step)
        found += f"[{step}]" if is_entry else f".{step}" if found else step
    return found


def _part(content: Any, step: str) -> Any:
    if isinstance(content, list) and step.isdigit() and int(step) < len(content):
        return content[int(step)]
    return content.get(step) if isinstance(content, Mapping) else None


def _list(content: Any) -> list[Any]:
    return content if isinstance(content, list) else []


def _same(item: Any, other: Any) -> bool:
    with_ids = isinstance(item, Mapping) and isinstance(other, Mapping) and "id" in item
    return with_ids and item.get("id") == other.get("id")
