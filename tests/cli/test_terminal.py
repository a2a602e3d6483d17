"""What goes wrong at a terminal is one sentence; what is printed there is shown as it is."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from smarketing.cli import keeping, output, terminal
from smarketing.cli.listening import can_listen
from smarketing.errors import UsageError
from smarketing.settings import Settings

HOSTILE = (
    "[/b]",
    "[email] spring",
    "<b>bold</b>",
    "a\u202eb",
    "\x1b[31mred",
    ":smile:",
    "two\nlines",
)


def run(home: Path, *words: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", "from smarketing.cli import main; main()", *words],
        capture_output=True,
        check=False,
        env={**os.environ, "SMARKETING_HOME": str(home), **env},
    )


def one_sentence(stderr: bytes) -> str:
    text = stderr.decode()
    assert text.startswith("smarketing: ") and text.count("\n") == 1, text
    return text


def test_names_in_a_table_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table("[red]of[/red]", ["[b]", "n"], [[name, 1] for name in HOSTILE])
    out = capsys.readouterr().out
    assert "[red]of[/red]" in out and "[b]" in out
    for shown in ("[/b]", "[email] spring", "<b>bold</b>", "a\\u202eb", "\\x1b[31mred", ":smile:",
                  "two lines"):  # fmt: skip
        assert shown in out, shown
    assert "\u202e" not in out and "\x1b" not in out


def test_cells_tell_nothing_from_zero(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table("t", ["k", "v"], [["none", None], ["zero", 0.0], ["blank", ""], ["x", 0.5]])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[2:]]
    assert lines == [["none", "n/a"], ["zero", "0.00"], ["blank"], ["x", "0.5000"]]


def test_no_amount_and_no_word_of_a_table_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    amounts = [f"€{n},389,077.90" for n in range(6)]
    heads = [f"figure {n}" for n in range(6)]
    output.print_table("t", ["of", *heads], [["(unattributed) by us", *amounts]], heads)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["(unattributed)", *amounts] and lines[3].split() == ["by", "us"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_that_knows_few_letters_gets_others(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    terminal.prepare()
    output.say("lead → deal \u2013 7\u202f% … 東京")
    output.print_json({"name": "東京 🎉"})
    sys.stdout.flush()
    text = raw.getvalue().decode(encoding)
    assert "lead -> deal" in text and "7 %" in text and "\\u6771\\u4eac" in text
    assert "\\ud83c\\udf89" in text  # JSON of any encoding is read back as it was


def test_an_ascii_terminal_prints_every_answer(demo_home: Path) -> None:
    for words in (("kpi", "--period", "2026-Q2"), ("worklist",), ("check",)):
        done = run(demo_home, *words, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert (done.returncode, done.stderr) == (0, b""), words
        done.stdout.decode("ascii")


def test_a_closed_pipe_says_nothing(demo_home: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", "from smarketing.cli import main; main()", "worklist", "--json"],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, "SMARKETING_HOME": str(demo_home)},
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_ctrl_c_is_one_sentence(demo_home: Path) -> None:
    interrupting = (
        "import os, signal, time, smarketing.cli.analyses as analyses\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored in the background
        f"stop = lambda: os.kill(os.getpid(), {int(signal.SIGINT)})\n"
        "analyses.opened = lambda: stop() or time.sleep(9)\n"
        "from smarketing.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", interrupting, "kpi"], capture_output=True, check=False,
        env={**os.environ, "SMARKETING_HOME": str(demo_home)},
    )  # fmt: skip
    assert done.returncode == 130
    assert "Stopped." in one_sentence(done.stderr)


def test_ports_and_addresses_are_checked_before_the_dashboard_starts() -> None:
    with pytest.raises(UsageError, match="ports run from 1 to 65535"):
        can_listen("127.0.0.1", 99_999)
    with pytest.raises(UsageError, match="no address of this machine"):
        can_listen("192.0.2.1", 8501)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} of 127.0.0.1 is in use"):
            can_listen("127.0.0.1", port)
    can_listen("127.0.0.1", port)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("KEEP_BUILDS", "abc", "1 or more"),
        ("KEEP_BUILDS", "0", "1 or more"),
        ("KEEP_BUILDS_GB", "0", "more than 0"),
        ("KEEP_BUILDS_GB", "inf", "more than 0"),
        ("THREADS", "1.5", "1 or more"),
        ("MEMORY_LIMIT", "lots", "4GB"),
        ("LOCK_WAIT_SECONDS", "-1", "0 or more"),
        ("HOME", " ", "name a folder"),
    ],
)
def test_a_wrong_setting_is_named_with_how_to_write_it(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SMARKETING_{name}", value)
    with pytest.raises(UsageError, match=f"SMARKETING_{name} is '{value}'.*{told}"):
        Settings()


@pytest.mark.parametrize("value", ["4GB", "512 MiB", "80%", "2gb"])
def test_amounts_of_memory_as_duckdb_reads_them(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARKETING_MEMORY_LIMIT", value)
    assert Settings().memory_limit == value


def test_what_a_check_fails_at_is_one_sentence_however_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [("a", "fail", "Run it"), ("b", "fail", "Run it."), ("c", "ok", "fine")]
    found = [SimpleNamespace(name=n, status=s, detail=d) for n, s, d in told]
    monkeypatch.setattr("smarketing.engine.open_engine", lambda home: home)
    monkeypatch.setattr("smarketing.agreement.load_home_agreement", lambda home: home)
    monkeypatch.setattr("smarketing.analysis.health.report.checks", lambda *_: found)
    assert keeping._failing(tmp_path) == ["a: Run it.", "b: Run it."]
