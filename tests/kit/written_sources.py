"""Sources as people write them: what is understood of a folder's files, or why it is refused.

A file is named by its folder (`crm/profile.yaml`); each folder of a case is loaded, in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from given import put, told_files

from smarketing.errors import SmarketingError
from smarketing.sources.profile import Source, load_source
from smarketing.sources.selects import TableSelect

WRITTEN = Path(__file__).parents[1] / "sources" / "written.txt"


def outcome(given: Sequence[str], folder: Path) -> list[str]:
    """Write the folders and load each of them."""
    put(folder, given)
    names = dict.fromkeys(name.partition("/")[0] for name in told_files(given))
    return [line.replace(f"{folder.resolve()}/", "")
            for name in names for line in _loaded(name, folder / name)]  # fmt: skip


def _loaded(name: str, folder: Path) -> Iterator[str]:
    try:
        yield from _told(name, load_source(folder))
    except SmarketingError as error:
        yield f"{name} is refused: {error}"


def _told(name: str, source: Source) -> Iterator[str]:
    own = source.profile.model_dump(exclude_defaults=True, exclude={"objects"})
    yield f"{name} is '{source.label}': {_words(own)}"
    for called, item in source.objects.items():
        yield f"  {called}: {_words(item.model_dump(exclude_defaults=True))}"
    for select in (one for group in source.selects.values() for one in group):
        yield _select(select, "")
    yield from (_select(select, f" asks '{select.undecided}'") for select in source.waiting)


def _select(select: TableSelect, asks: str) -> str:
    flat = " ".join(line.strip() for line in select.sql.splitlines())
    return f"  {select.core_table} of {select.object}, {select.path.name}{asks}: {flat}"


def _words(said: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in said.items()) or "-"
