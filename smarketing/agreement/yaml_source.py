"""An agreement's YAML text, with the line on which each part of it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from smarketing.errors import AgreementError


class _Loader(yaml.SafeLoader):
    """YAML as people mean it.

    A key given twice is refused rather than settled in silence by the last one; `NO` is Norway
    and `on` a word, not booleans; `09:00` is a time of day, not a number to base 60.
    """


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key '{key}' is given twice", key_node.start_mark
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_PLAIN = {
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "tag:yaml.org,2002:int": (r"[-+]?(0|[1-9][0-9_]*)", "-+0123456789"),
}


def _resolve_plainly() -> None:
    _Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag not in _PLAIN]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    for tag, (pattern, first) in _PLAIN.items():
        _Loader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), list(first))


_resolve_plainly()
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass(frozen=True)
class YamlSource:
    """Parsed content, what to call the file, and the tree that knows the lines."""

    name: str
    content: dict[str, Any]
    tree: yaml.Node

    @staticmethod
    def parse(text: str, name: str) -> YamlSource:
        """Parse YAML text; AgreementError with the line where it is not YAML."""
        loader = _Loader(text)
        try:
            tree = loader.get_single_node()
            content = loader.construct_document(tree) if tree is not None else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f", line {mark.line + 1}" if mark else ""
            problem = error.problem or error.context or "unreadable"
            raise AgreementError(f"{name}{line}: not valid YAML: {problem}.") from error
        except yaml.YAMLError as error:
            raise AgreementError(f"{name}: not valid YAML: {error}.") from error
        finally:
            loader.dispose()
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
