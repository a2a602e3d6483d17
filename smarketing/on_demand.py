"""Names of a package that are imported when they are first asked for.

A package that offers much would else load all of it for whoever wants one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def on_demand(package: dict[str, Any], homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package: `package` its globals, `homes` name -> module.

    It raises AttributeError for any other name. No name is that of a module of the package, which
    would stand in its place from the module's first import on: ValueError.
    """
    for name, home in homes.items():
        if home == f"{package['__name__']}.{name}":
            raise ValueError(f"'{name}' is the name of a module of {package['__name__']}, too")

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module '{package['__name__']}' has no attribute '{name}'")
        package[name] = getattr(import_module(homes[name]), name)
        return package[name]

    return found
