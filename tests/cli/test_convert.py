from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import libsbml
import numpy as np
import pytest

from mtorsim.interop.omex import Archive, read_archive
from mtorsim.interop.sbml_import import read_sbml, read_sbml_text
from mtorsim.interop.sedml import check_sedml
from mtorsim.simulate.imported_engine import ImportedEngine
from tests.cli.conftest import Run

DECAY = "model decay\n  species A = 8;\n  J: A -> ; k * A;\n  k = 0.5;\nend\n"
SEDML, MATHML = "{http://sed-ml.org/sed-ml/level1/version4}", "{http://www.w3.org/1998/Math/MathML}"
NETWORK = Path(__file__).parents[1] / "interop" / "data" / "toy.net"


def complaints(text: str) -> list[str]:
    document = libsbml.readSBMLFromString(text)
    document.checkConsistency()
    return [document.getError(i).getMessage() for i in range(document.getNumErrors())]


@pytest.fixture
def decay(tmp_path: Path) -> Path:
    file = tmp_path / "decay.ant"
    file.write_text(DECAY)
    return file


def course(path: Path) -> np.ndarray:
    return ImportedEngine.from_sbml(path).simulate([0.0, 2.0], outputs=["A"])[:, 0]


def test_every_round_of_formats_gives_the_same_course(
    run: Run, decay: Path, tmp_path: Path
) -> None:
    names = [decay, *(tmp_path / name for name in ("a.xml", "b.ant", "c.omex", "d.sbml"))]
    for source, target in pairwise(names):
        outcome = run("convert", source, target)
        assert outcome.code == 0, outcome.err
    np.testing.assert_allclose(course(tmp_path / "d.sbml"), [8.0, 8.0 * np.exp(-1.0)], rtol=1e-9)


def test_a_bionetgen_network_keeps_patterns_and_groups(run: Run, tmp_path: Path) -> None:
    outcome = run("convert", NETWORK, tmp_path / "toy.xml", "--json")
    assert outcome.json == {"out": str(tmp_path / "toy.xml"), "format": "sbml", "baked_in": []}
    assert complaints((tmp_path / "toy.xml").read_text()) == []
    model = read_sbml(tmp_path / "toy.xml")
    assert "A(a!1).B(b!1)" in {species.name for species in model.species}
    assert model.rules


def test_what_is_baked_into_a_native_model_is_said_and_noted(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "core.xml"
    options = ("--dose", "everolimus=20nM", "--context", "PTEN-lost", "--set", "S6K1_total=1nM")
    outcome = run("convert", "mtor-core", target, *options, "--without", "s6k1_irs1_feedback")
    assert outcome.code == 0, outcome.err
    text = target.read_text()
    assert complaints(text) == []
    for clause in (
        "context: PTEN-lost",
        "drugs: everolimus at 20 nM",
        "loops cut: s6k1_irs1_feedback",
        "changed: S6K1_total",
        "start: totals of the model",
    ):
        assert clause in outcome.out
        assert clause in text
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    assert model.getParameter("dose_everolimus").getValue() == 20.0
    assert model.getParameter("S6K1_total").getValue() == 1.0
    assert model.getParameter("loop_s6k1_irs1_feedback").getValue() == 0.0
    laws = [r.getKineticLaw().getMath() for r in model.getListOfReactions()]
    assert any("loop_s6k1_irs1_feedback" in libsbml.formulaToL3String(law) for law in laws)


def test_a_native_model_is_written_as_one_file_that_loads(run: Run, tmp_path: Path) -> None:
    whole = tmp_path / "whole.toml"
    assert run("convert", "mtor-core", whole, "--drug", "everolimus", "--quiet").out == ""
    outcome = run("convert", whole, tmp_path / "whole.xml")
    assert "everolimus" in outcome.out


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    from mtorsim.cli.main import main

    path = tmp_path_factory.mktemp("archive") / "demo.omex"
    options = ["--dose", "everolimus=20nM", "--context", "PTEN-lost", "--quiet"]
    assert main(["convert", "mtor-core", str(path), *options]) == 0
    return read_archive(path)


def table(archive: Archive, name: str) -> np.ndarray:
    (file,) = (file for file in archive.files if file.name == name)
    rows = list(csv.reader(io.StringIO(file.text())))
    return np.array(rows[1:], dtype=float)


def test_an_archive_holds_model_simulations_and_results(archive: Archive) -> None:
    assert [file.name for file in archive.files] == [
        "model.xml",
        "simulation.sedml",
        "results/course.csv",
        "results/dose_response_everolimus.csv",
    ]
    assert [file.name for file in archive.files if file.is_master] == ["simulation.sedml"]
    assert complaints(archive.model().text()) == []
    text = archive.files[1].text()
    assert check_sedml(text, origin="simulation.sedml") == ()
    tasks = ET.fromstring(text).find(f"{SEDML}listOfTasks")
    assert tasks is not None
    assert [task.get("id") for task in tasks] == ["course", "scan_everolimus"]


def test_roadrunner_repeats_the_results_of_an_archive(archive: Archive) -> None:
    roadrunner = pytest.importorskip("roadrunner")
    document = ET.fromstring(archive.files[1].text())
    variables = document.findall(f".//{SEDML}variable[@taskReference='course'][@target]")
    ids = [re.findall(r"id='(\w+)'", variable.attrib["target"])[0] for variable in variables]
    runner = roadrunner.RoadRunner(archive.model().text())
    runner.integrator.setValue("relative_tolerance", 1e-10)
    runner.integrator.setValue("absolute_tolerance", 1e-13)
    runner.timeCourseSelections = ids
    course = next(document.iter(f"{SEDML}uniformTimeCourse"))
    end, n_steps = float(course.attrib["outputEndTime"]), int(course.attrib["numberOfSteps"])
    times = np.linspace(0, end, n_steps + 1)
    ours = table(archive, "results/course.csv")
    theirs = np.array(runner.simulate(times=list(times)))
    np.testing.assert_allclose(ours[:, 1:], theirs, rtol=1e-6, atol=1e-9)
    change = next(document.iter(f"{SEDML}setValue"))
    factor = float(next(change.iter(f"{MATHML}cn")).text or "nan")
    species = re.findall(r"id='(\w+)'", change.attrib["target"])[0]
    ours = table(archive, "results/dose_response_everolimus.csv")
    for dose in np.unique(ours[:, 0])[[0, 12]]:
        runner.reset()
        runner[f"[{species}]"] = factor * dose
        theirs = np.array(runner.simulate(times=list(times)))[1:]
        np.testing.assert_allclose(ours[ours[:, 0] == dose, 2:], theirs, rtol=1e-6, atol=1e-9)


def test_an_archive_of_another_model_is_simulated_where_an_end_is_given(
    run: Run, decay: Path, tmp_path: Path
) -> None:
    assert run("convert", decay, tmp_path / "d.omex", "--time", "4").code == 0
    archive = read_archive(tmp_path / "d.omex")
    values = table(archive, "results/course.csv")
    np.testing.assert_allclose(values[:, 1], 8.0 * np.exp(-0.5 * values[:, 0]), rtol=1e-8)
    assert read_sbml_text(archive.model().text()).id == "decay"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("model.txt", "a.xml"), "model.txt: no format has the ending '.txt'"),
        (("{decay}", "a.net"), "a.net: name a file to write that ends in .xml"),
        (("{decay}", "a"), "a: name a file to write that ends in .xml"),
        (("{decay}", "a.toml"), "a native model (.toml) gives unit, spread and source"),
        (("{decay}", "a.xml", "--drug", "everolimus"), "are of mtorsim's own models"),
        (("{decay}", "a.xml", "--time", "3"), "--time is of the simulation in an archive"),
        (("{decay}", "a.omex", "--time", "3h"), "--time 3h: a number above 0"),
        (("{decay}", "{decay}"), "decay.ant exists; --force replaces it"),
        (("missing.xml", "a.ant"), "missing.xml: there is no such file"),
        (("mtor-coer", "a.ant"), "unknown model 'mtor-coer'; did you mean 'mtor-core'"),
        (("mtor-core", "a.toml", "--context", "PTEN-lost"), "written with PTEN-lost baked in"),
        (("problem.yaml", "a.xml"), "a PEtab problem is not a file with a model to convert"),
    ],
)
def test_wrong_input_is_one_line(
    run: Run,
    decay: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(decay.parent)
    outcome = run("convert", *(text.format(decay=decay.name) for text in arguments))
    assert message in outcome.complaint
    assert sorted(file.name for file in decay.parent.iterdir()) == ["decay.ant"]
