from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.interop.sbml_documents import Document

SCRIPT = Path(__file__).parents[2] / "scripts" / "sbml_suite.py"
SETTINGS = "start: 0\nduration: 1\nsteps: 1\nvariables: x\nabsolute: 1e-4\nrelative: 1e-4\n"

#: a spread over what the suite tests: amounts, volumes, rules, stoichiometries, events, mathematics
SAMPLE = "00002,00026,00190,00348,00448,00608,00700,00776,00846,00952,01000,01268,01506"


def write_archive(path: Path, cases: dict[str, tuple[str, str]]) -> None:
    """An archive of cases, each a model and its expected results, the variable being x."""
    with tarfile.open(path, "w:gz") as tar:
        for number, (text, results) in cases.items():
            files = {"sbml-l3v2.xml": text, "settings.txt": SETTINGS, "results.csv": results}
            for name, content in files.items():
                member = tarfile.TarInfo(f"{number}/{number}-{name}")
                member.size = len(content.encode())
                tar.addfile(member, io.BytesIO(content.encode()))


def run(archive: Path, *arguments: str) -> tuple[int, dict[str, object]]:
    command = [sys.executable, str(SCRIPT), str(archive), "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_every_case_is_one_of_four_outcomes(tmp_path: Path) -> None:
    growth = Document().parameter("x", 1.0).rate("x", "x").text()
    delayed = Document().parameter("x", 1.0).rate("x", "delay(x, 1)").text()
    archive = tmp_path / "cases.tar.gz"
    write_archive(
        archive,
        {
            "00001": (growth, "time,x\n0,1\n1,2.718281828\n"),
            "00002": (growth, "time,x\n0,1\n1,2.7\n"),
            "00003": (delayed, "time,x\n0,1\n1,2\n"),
            "00004": (growth, "time,x\n0,1\n1,not a number\n"),
        },
    )
    status, report = run(archive)
    assert report["cases"] == {
        "passed": ["00001"],
        "failed": ["00002"],
        "refused": ["00003"],
        "crashed": ["00004"],
    }
    assert [report[kind] for kind in ("passed", "failed", "refused", "crashed")] == [1, 1, 1, 1]
    assert status == 1
    status, report = run(archive, "--only", "1,3")
    assert (status, report["passed"], report["refused"], report["failed"]) == (0, 1, 1, 0)


@pytest.mark.shared
def test_a_sample_of_the_semantic_suite_passes(shared_folder: Path) -> None:
    status, report = run(shared_folder / "sbml-semantic" / "cases.tar.gz", "--only", SAMPLE)
    assert report["cases"] == {
        "passed": SAMPLE.split(","),
        "failed": [],
        "refused": [],
        "crashed": [],
    }
    assert status == 0
