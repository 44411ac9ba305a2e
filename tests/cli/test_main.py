from __future__ import annotations

import ast
import contextlib
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import click
import pytest

import mtorsim
from mtorsim.cli import main as cli
from mtorsim.errors import ModelError, SolverError

HEAVY = ("numba", "sympy", "xarray", "matplotlib", "scipy", "pandas")


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy(argument):
    code = (
        "import sys\nfrom mtorsim.cli.main import main\nmain(sys.argv[1:])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = run_python(code, argument)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_run_from_the_shell_imports_no_statistics_and_no_pictures():
    code = (
        "import sys\nfrom mtorsim.cli.main import main\nmain(sys.argv[1:])\n"
        "heavy = ('sympy', 'matplotlib', 'scipy.stats', 'scipy.integrate')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    given = ("simulate", "mtor-core", "--dose", "everolimus=20nM", "--time", "1h")
    done = run_python(code, *given)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_version_is_that_of_the_package(run):
    assert run("--version").out == f"mtorsim {mtorsim.__version__}\n"


def test_no_argument_prints_the_help(run):
    outcome = run()
    assert outcome.code == 0
    assert outcome.out == run("--help").out
    for verb in cli.VERBS:
        assert f"\n  {verb} " in outcome.out


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_verb_shows_an_example(run, verb):
    outcome = run(verb, "--help")
    assert outcome.code == 0
    assert "Example" in outcome.out
    assert f"mtorsim {verb}" in outcome.out


def test_every_verb_has_a_file_and_every_file_is_a_verb():
    folder = Path(cli.__file__).parent / "verbs"
    files = {path.stem.replace("_", "-") for path in folder.glob("[a-z]*.py")}
    assert files == set(cli.VERBS)


def test_verbs_are_thin():
    for path in (Path(cli.__file__).parent / "verbs").glob("[a-z]*.py"):
        functions = [node for node in ast.parse(path.read_text()).body if hasattr(node, "body")]
        lengths = [node.end_lineno - node.lineno + 1 for node in functions]
        assert max(lengths) <= 40, path.name


def test_a_mistyped_verb_is_corrected(run):
    assert run("modles").complaint == "unknown command 'modles'; did you mean 'models'?"


def test_a_mistyped_option_is_corrected(run):
    complaint = run("models", "--jsn").complaint
    assert "--jsn" in complaint
    assert "--json" in complaint
    assert "mtorsim models --help" in complaint


def test_a_missing_argument_is_one_line(run):
    assert "mtorsim cache --help" in run("cache").complaint


def raising(error: BaseException) -> click.Command:
    def callback() -> None:
        raise error

    return click.Command("models", callback=callback)


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (ModelError(["a.toml:1: this", "a.toml:9: that"]), 2, ["a.toml:1: this", "a.toml:9: that"]),
        (SolverError("trajectory 3: max_steps"), 1, ["trajectory 3: max_steps"]),
        (OSError(28, "No space left on device", "x.csv"), 1, ["x.csv: No space left on device"]),
        (MemoryError(), 1, ["not enough memory for this; ask for fewer points"]),
        (KeyboardInterrupt(), 130, ["interrupted; nothing was written"]),
    ],
)
def test_errors_are_lines_and_exit_codes(run, monkeypatch, error, code, lines):
    monkeypatch.setattr(cli.VerbGroup, "get_command", lambda *_: raising(error))
    outcome = run("models")
    assert outcome.code == code
    assert outcome.err.strip().splitlines() == [f"mtorsim: {line}" for line in lines]
    assert outcome.out == ""


def test_an_interrupt_that_comes_out_as_another_error_is_an_interrupt(run, monkeypatch):
    def callback() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise ImportError("initialization failed")

    command = click.Command("models", callback=callback)
    monkeypatch.setattr(cli.VerbGroup, "get_command", lambda *_: command)
    outcome = run("models")
    assert outcome.code == 130
    assert outcome.err.strip() == "mtorsim: interrupted; nothing was written"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_warning_is_a_line(run, monkeypatch):
    def callback() -> None:
        warnings.warn("the cache can not be kept", UserWarning, stacklevel=1)

    command = click.Command("models", callback=callback)
    monkeypatch.setattr(cli.VerbGroup, "get_command", lambda *_: command)
    warnings.simplefilter("always")
    outcome = run("models")
    assert outcome.code == 0
    assert outcome.err == "mtorsim: warning: the cache can not be kept\n"


def test_a_bug_is_not_hidden(run, monkeypatch):
    monkeypatch.setattr(cli.VerbGroup, "get_command", lambda *_: raising(ZeroDivisionError("bug")))
    with pytest.raises(ZeroDivisionError, match="bug"):
        run("models")


def test_a_reader_that_leaves_is_no_error():
    read_end, write_end = os.pipe()
    os.close(read_end)
    code = "import sys\nfrom mtorsim.cli.main import main\nsys.exit(main(['models']))"
    with open(write_end, "w") as output:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=output, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == b""
    assert done.returncode == 0


def test_help_has_a_short_name(run):
    assert run("show", "-h").out == run("show", "--help").out


def test_a_closed_stdout_is_not_an_error(run, monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert cli.main(["models", "--json"]) == 0
