"""An agreement's YAML text, with the line on which each part of it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import Resolver
from yaml.scanner import Scanner

from smarketing.errors import AgreementError

_LONGEST_TEXT = 1 << 20
_LONGEST_NUMBER = 30
_DEEPEST = 40
_MOST_NODES = 100_000
"""Parts of an agreement once what is repeated by reference is written out."""


class _Rules(Composer, SafeConstructor, Resolver):
    """YAML as people mean it.

    A key given twice is refused rather than settled in silence by the last one; `NO` is Norway
    and `on` a word, not booleans; `09:00` is a time of day, not a number to base 60. What no
    agreement needs is refused on its line: a list as key, a number beyond all bounds, nesting
    without end, references that multiply.
    """

    depth = 0
    peek_event: Callable[[], Any]

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a part, no deeper than an agreement goes."""
        self.depth += 1
        if self.depth > _DEEPEST:
            mark = self.peek_event().start_mark
            raise _UnfitError(None, None, f"parts are nested more than {_DEEPEST} deep", mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Fast(_Rules, CParser):
    """Reads by libyaml, ten times as fast; each part is composed here, so that lines are known."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)


class _Plain(_Rules, Reader, Scanner, Parser):
    """Reads by PyYAML itself, which says in plainer words what is wrong, and where."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)


class _UnfitError(yaml.MarkedYAMLError):
    """What is YAML, and of no use in an agreement."""


def _wrong(problem: str, node: yaml.Node) -> _UnfitError:
    return _UnfitError(None, None, problem, node.start_mark)


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _wrong("a key is a word, not a list or a mapping", key_node)
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise _wrong(f"the key '{key}' is given twice", key_node)
        seen.add(key)
    made: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return made


def _whole(loader: Any, node: yaml.ScalarNode) -> Any:
    digits = len(node.value)
    if digits > _LONGEST_NUMBER:
        raise _wrong(f"a number of {digits:,} digits is none that an agreement can hold", node)
    return loader.construct_yaml_int(node)


def _decimal(loader: Any, node: yaml.ScalarNode) -> Any:
    value = loader.construct_yaml_float(node)
    if not math.isfinite(value):
        raise _wrong(f"'{node.value}' is no number that an agreement can hold", node)
    return value


def _instant(loader: Any, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise _wrong(f"'{node.value}' is no day or time that exists ({error})", node) from error


_PLAIN = {
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "tag:yaml.org,2002:int": (r"[-+]?(0|[1-9][0-9_]*)", "-+0123456789"),
}


def _resolve_plainly() -> None:
    _Rules.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag not in _PLAIN]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    for tag, (pattern, first) in _PLAIN.items():
        _Rules.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), list(first))


_resolve_plainly()
_Rules.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Rules.add_constructor("tag:yaml.org,2002:int", _whole)
_Rules.add_constructor("tag:yaml.org,2002:float", _decimal)
_Rules.add_constructor("tag:yaml.org,2002:timestamp", _instant)


def _read(text: str) -> tuple[yaml.Node | None, Any]:
    """Read a text's tree and its content; what libyaml cannot read PyYAML reads, or refuses."""
    try:
        return _read_by(_Fast, text)
    except (yaml.YAMLError, UnicodeError):
        return _read_by(_Plain, text)


def _read_by(reader: type[_Fast | _Plain], text: str) -> tuple[yaml.Node | None, Any]:
    loader = reader(text)
    try:
        tree = loader.get_single_node()
        if tree is None:
            return None, None
        _check_size(tree)
        return tree, loader.construct_document(tree)
    finally:
        loader.dispose()


def _check_size(tree: yaml.Node) -> None:
    """Refuse parts that refer to each other until they are more than any agreement has."""
    sizes: dict[int, int] = {}
    above: set[int] = set()

    def size(node: yaml.Node) -> int:
        if id(node) in above:
            raise _wrong("a part refers to itself", node)
        if id(node) not in sizes:
            above.add(id(node))
            sizes[id(node)] = 1 + sum(size(child) for child in _children(node))
            above.remove(id(node))
        if sizes[id(node)] > _MOST_NODES:
            raise _wrong(f"references (&, *) make more than {_MOST_NODES:,} parts of it", node)
        return sizes[id(node)]

    size(tree)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


@dataclass(frozen=True)
class YamlSource:
    """Parsed content, what to call the file, and the tree that knows the lines."""

    name: str
    content: dict[str, Any]
    tree: yaml.Node

    @staticmethod
    def parse(text: str, name: str) -> YamlSource:
        """Parse YAML text; AgreementError with the line where it is not YAML."""
        if len(text) > _LONGEST_TEXT:
            raise AgreementError(
                f"{name}: {len(text):,} characters are more than an agreement has; check the path."
            )
        try:
            tree, content = _read(text)
        except yaml.reader.ReaderError as error:
            number = text.count("\n", 0, int(error.position)) + 1
            raise AgreementError(
                f"{name}, line {number}: not valid YAML: a character that no text has "
                f"(number {error.character}); remove it."
            ) from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f", line {mark.line + 1}" if mark else ""
            problem = error.problem or error.context or "unreadable"
            what = "" if isinstance(error, _UnfitError) else "not valid YAML: "
            raise AgreementError(f"{name}{line}: {what}{problem}.") from error
        except yaml.YAMLError as error:
            raise AgreementError(f"{name}: not valid YAML: {error}.") from error
        if not isinstance(content, dict) or tree is None:
            raise AgreementError(f"{name}: an agreement is a mapping; this file has none.")
        return YamlSource(name, content, tree)

    def place(self, path: str) -> str:
        """Return "file, line n: " for a path such as `kpis[3].ratio.numerator`."""
        line = self.line(path)
        return f"{self.name}, line {line}: " if line else f"{self.name}: "

    def line(self, path: str) -> int:
        """Return the line on which a path stands, 0 where it stands nowhere."""
        return _line(self.tree, path) or 0


def read_yaml(path: Path) -> YamlSource:
    """Read a YAML file; AgreementError where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise AgreementError(f"There is no agreement at {path}; check the path.") from error
    except UnicodeDecodeError as error:
        raise AgreementError(f"{path}: not UTF-8 text; save the file as UTF-8.") from error
    except OSError as error:
        raise AgreementError(f"{path}: cannot be read ({error.strerror}).") from error
    return YamlSource.parse(text, path.name)


def _line(node: yaml.Node, path: str) -> int | None:
    steps = re.findall(r"[^.\[\]]+", path)
    line: int | None = None
    for step in steps:
        found = _child(node, step)
        if found is None:
            return line
        line, node = found
    return line


def _child(node: yaml.Node, step: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        child = node.value[int(step)]
        return child.start_mark.line + 1, child
    return None
