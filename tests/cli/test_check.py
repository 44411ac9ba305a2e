from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Run
from tests.interop.sbml_documents import Document

Check = Callable[[str], Outcome]
NETWORK = Path(__file__).parents[1] / "interop" / "data" / "toy.net"


@pytest.fixture
def check(run: Run, tmp_path: Path) -> Check:
    """Function of a document's text that gives the outcome of its check as JSON."""

    def checked(text: str) -> Outcome:
        (tmp_path / "m.xml").write_text(text)
        return run("check", tmp_path / "m.xml", "--json")

    return checked


def kinds(outcome: Outcome) -> list[str]:
    return [finding["kind"] for finding in outcome.json["findings"]]


def decay() -> Document:
    document = Document().compartment().parameter("k", 1.0)
    return document.species("A", amount=1.0).reaction("R", ["A"], [], "c * k * A")


def test_a_sound_model_is_counted_and_passes(check: Check) -> None:
    outcome = check(decay().text())
    assert outcome.code == 0
    assert outcome.json["fine"]
    assert outcome.json["mass_action"]
    assert outcome.json["contents"]["reactions"] == 1
    assert set(kinds(outcome)) <= {"remark"}


def test_every_unsupported_feature_is_named_with_element_and_line(check: Check) -> None:
    document = decay().parameter("x", 1.0).rate("x", "delay(x, 1)").parameter("z", 1.0)
    document.always("z", "delay(x, 2)")
    rule = document.model.createAlgebraicRule()
    rule.setMath(document.model.getRule(1).getMath())
    text = (
        document.text()
        .replace('id="R" rev', 'id="R" fast="true" rev')
        .replace("level3/version2", "level3/version1")
    )
    text = text.replace('version="2"', 'version="1"', 1)
    outcome = check(text)
    assert outcome.code == 1
    assert outcome.json["mass_action"] is None
    lines = text.splitlines()
    for finding in outcome.json["findings"]:
        number = int(finding["where"].rpartition(":")[2])
        tag = {"algebraic": "algebraicRule", "fast": "reaction", "delay": "Rule"}
        assert any(
            word in finding["text"] and name in lines[number - 1] for word, name in tag.items()
        )
    assert [finding["text"] for finding in outcome.json["findings"]] == [
        "algebraicRule: algebraic rules: this is not supported",
        "reaction 'R': fast reactions: this is not supported",
        "rateRule 'x': delay() (delay differential equations): this is not supported",
        "assignmentRule 'z': delay() (delay differential equations): this is not supported",
        "algebraicRule: delay() (delay differential equations): this is not supported",
    ]


def test_units_that_do_not_fit_are_summed_up(check: Check) -> None:
    document = decay().reaction("S", [], ["A"], "c * k").reaction("T", [], ["A"], "c * k")
    model = document.model
    for name in ("setSubstanceUnits", "setExtentUnits"):
        getattr(model, name)("mole")
    model.setTimeUnits("second")
    model.setVolumeUnits("litre")
    model.getParameter("k").setUnits("second")
    outcome = check(document.text())
    (units,) = (f for f in outcome.json["findings"] if "not 'substance'/'time'" in f["text"])
    assert (units["kind"], units["count"]) == ("units", 3)
    assert "m.xml:" in units["where"]
    assert outcome.code == 1


def test_what_looks_wrong_is_shown_by_kind(run: Run, tmp_path: Path) -> None:
    document = decay().reaction("S", ["A"], [], "c * k")
    for i in range(7):
        document.parameter(f"idle{i}", 1.0)
    (tmp_path / "m.xml").write_text(document.text())
    outcome = run("check", tmp_path / "m.xml")
    assert outcome.code == 1
    assert "unused: 7" in outcome.out
    assert "and 2 more; --all shows them" in outcome.out
    assert "idle6" not in outcome.out
    assert "not mass action: 1" in outcome.out
    assert "can go negative: 1" in outcome.out
    assert "idle6" in run("check", tmp_path / "m.xml", "--all").out


def test_other_formats_are_counted(run: Run, tmp_path: Path) -> None:
    assert "5 species, 5 parameters, 7 reactions" in run("check", NETWORK).out
    native = run("check", "mtor-core", "--json")
    assert native.code == 0
    assert native.json["contents"]["loops"] == 4
    (tmp_path / "m.ant").write_text(
        "model m\n  species A = 1;\n  J: A -> ; 2 * A;\n  u = 3;\nend\n"
    )
    antimony = run("check", tmp_path / "m.ant")
    assert f"unused: 1\n  {tmp_path / 'm.ant'}: parameter 'u' is not used" in antimony.out
    run("convert", tmp_path / "m.ant", tmp_path / "m.omex", "--time", "3")
    archive = run("check", tmp_path / "m.omex", "--json")
    assert archive.json["contents"]["simulation files"] == 1
    assert f"{tmp_path / 'm.omex'}/model.xml:" in archive.json["findings"][0]["where"]


def test_wrong_simulations_of_an_archive_are_found(run: Run, tmp_path: Path) -> None:
    from mtorsim.interop.omex import FORMAT_URIS, ArchiveFile, write_archive

    wrong = (
        "<sedML xmlns='http://sed-ml.org/sed-ml/level1/version4' level='1' version='4'>"
        "<listOfTasks><task id='3'/></listOfTasks></sedML>"
    )
    files = [
        ArchiveFile("model.xml", decay().text().encode(), FORMAT_URIS["sbml"]),
        ArchiveFile("a.sedml", wrong.encode(), FORMAT_URIS["sedml"]),
    ]
    write_archive(tmp_path / "a.omex", files)
    outcome = run("check", tmp_path / "a.omex")
    assert outcome.code == 1
    assert re.search(r"a\.omex/a\.sedml:\d+: The value of a 'sedml:id'", outcome.out)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.xml", "<sbml", "m.xml:1: not well-formed XML"),
        ("m.xml", "<html/>", "not SBML: the outermost element is <html>"),
        ("m.xml", decay().rate("A", "Q").text(), "undefined symbol 'Q'"),
        ("m.ant", "model m; A -> ; k*; end", "not valid Antimony"),
        ("m.net", "begin x\n", "m.net"),
        ("m.omex", "no archive", "not a ZIP file that can be read"),
        ("m.yaml", "format_version: 1", "problems: one problem is wanted"),
        ("m.toml", "[model", "m.toml"),
        ("m.docx", "", "no format has the ending '.docx'"),
    ],
)
def test_what_can_not_be_read_is_one_line(
    run: Run, tmp_path: Path, name: str, content: str, message: str
) -> None:
    (tmp_path / name).write_text(content)
    assert message in run("check", tmp_path / name).complaint
