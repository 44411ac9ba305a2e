"""The scripts stop with a clear line where they can not work; that they work is for CI to show."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")

SCRIPTS = ("scripts/demo", "scripts/test", "scripts/environment", ".ci/run")


@pytest.fixture
def copy(checkout, tmp_path):
    """A checkout with nothing but the scripts, and a PATH on which every Python is too old."""
    shutil.copytree(checkout / "scripts", tmp_path / "scripts")
    (tmp_path / "pyproject.toml").write_text("")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("bash", "env", "dirname", "basename"):
        (tools / tool).symlink_to(shutil.which(tool))
    for name in ("python3", "python"):
        fake = tools / name
        fake.write_text(
            '#!/usr/bin/env bash\n[[ $1 == --version ]] || exit 1\necho "Python 3.9.1"\n'
        )
        fake.chmod(0o755)
    return tmp_path


def run_script(copy, script, *arguments, **variables):
    environment = {"PATH": str(copy / "bin"), "HOME": str(copy), **variables}
    return subprocess.run(
        [copy / "scripts" / script, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_sound_bash(checkout, script):
    assert subprocess.run(["bash", "-n", checkout / script], check=False).returncode == 0
    assert os.access(checkout / script, os.X_OK) == (script != "scripts/environment")


@pytest.mark.parametrize("script", ["demo", "test"])
def test_an_old_python_is_named(copy, script):
    done = run_script(copy, script)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert f"{script}: needs Python 3.11 or newer, found Python 3.9.1" in done.stderr
    assert not (copy / ".venv").exists()


def test_an_interpreter_that_is_asked_for_must_be_new_enough(copy):
    done = run_script(copy, "test", PYTHON=str(copy / "bin" / "python3"))
    assert done.returncode == 1
    assert "is not a Python of 3.11 or newer" in done.stderr


def test_a_broken_environment_is_named_and_kept(copy):
    (copy / ".venv").mkdir()
    done = run_script(copy, "demo")
    assert done.returncode == 1
    assert ".venv has no working Python of 3.11 or newer; remove it" in done.stderr
    assert (copy / ".venv").is_dir()
