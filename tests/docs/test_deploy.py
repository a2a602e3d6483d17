"""The files for serving: what they name is there, and systemd's own check finds the unit right."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from smarketing import app_path

ROOT = app_path().parent
DEPLOY = ROOT / "deploy"


def test_the_image_is_built_from_all_that_the_wheel_is_made_of() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
        for name in line.split()[:-1]
    }
    assert copied and all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    taken = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {
        name for name in taken if not any(Path(name).is_relative_to(c) for c in copied)
    } == set()
    assert 'CMD ["smarketing", "serve"' in text and "USER smarketing" in text


def test_the_unit_serves_as_a_user_of_its_own(tmp_path: Path) -> None:
    text = (DEPLOY / "smarketing.service").read_text()
    assert "User=smarketing" in text and "UMask=0077" in text and "StateDirectoryMode=0700" in text
    command = re.findall(r"^ExecStart=(\S+) serve$", text, re.MULTILINE)
    assert len(command) == 1
    checker = shutil.which("systemd-analyze")
    if checker is None:
        pytest.skip("systemd's own check is not installed")
    unit = tmp_path / "smarketing.service"
    unit.write_text(text.replace(command[0], "/bin/true"))
    done = subprocess.run([checker, "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_proxy_hands_on_the_host_the_socket_and_large_files() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    for line in (
        "ip_hash;",
        "proxy_set_header Host $http_host;",
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "client_max_body_size 2g;",
    ):
        assert line in text
    assert text.count("{") == text.count("}")
