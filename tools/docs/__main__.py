"""Write the pages of the site to a folder: `python -m tools.docs FOLDER`."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from smarketing.agreement import load_agreement
from smarketing.build.data_model import document
from tools.docs.reference import commands_page, kpis_page, sources_page

ROOT = Path(__file__).parents[2]
#: Pages at the root of the repository, which link to files beside them.
FRONT = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}

_CODE = re.compile(r"\[([^\]]+)\]\((?:\.\./)*(?:smarketing|data|LICENSE)[^)]*\)")


def write_site(folder: Path) -> None:
    """Write every page into `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder)
    (folder / "data-model.md").write_text(document(), encoding="utf-8")
    for path in folder.rglob("*.md"):
        path.write_text(_relinked(path.read_text(encoding="utf-8")), encoding="utf-8")
    for name, page in FRONT.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        (folder / page).write_text(_relinked(text), encoding="utf-8")
    reference = folder / "reference"
    reference.mkdir()
    (reference / "commands.md").write_text(commands_page(), encoding="utf-8")
    (reference / "kpis.md").write_text(kpis_page(load_agreement()), encoding="utf-8")
    (reference / "sources.md").write_text(sources_page(), encoding="utf-8")


def _relinked(text: str) -> str:
    """Let links lead to where the site has what they name; files of the code become plain words."""
    text = _CODE.sub(r"\1", text)
    for name, page in FRONT.items():
        text = text.replace(f"]({name})", f"]({page})")
    return text.replace("](docs/", "](")


if __name__ == "__main__":
    write_site(Path(sys.argv[1]))
