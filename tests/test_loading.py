"""Files of other tools are loaded by their endings, native models by theirs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mtorsim as mt
from tests.interop.sbml_documents import Document

NET = """
begin parameters
  1 kf 2.0
  2 kr 0.5
end parameters
begin species
  1 L(r) 10
  2 R(l) 5
  3 L(r!1).R(l!1) 0
end species
begin reactions
  1 1,2 3 kf
  2 3 1,2 kr
end reactions
begin groups
  1 Bound 3
  2 Total 2,3
end groups
"""


def test_formats_of_one_model_run_alike(tmp_path: Path) -> None:
    net = tmp_path / "binding.net"
    net.write_text(NET)
    ant = tmp_path / "binding.ant"
    ant.write_text(
        "model b\n species L, R, LR; L + R -> LR; kf*L*R; LR -> L + R; kr*LR\n"
        " L = 10; R = 5; kf = 2; kr = 0.5\nend\n"
    )
    bound = mt.load(net).simulate(at=[0.1, 1.0])
    assert bound.readouts == ("Bound", "Total")
    assert bound["Total"] == pytest.approx([5.0, 5.0], rel=1e-9)
    assert mt.load(ant).simulate(at=[0.1, 1.0])["LR"] == pytest.approx(bound["Bound"], rel=1e-8)


def test_species_of_a_net_file_can_be_read_and_its_rates_varied(tmp_path: Path) -> None:
    path = tmp_path / "binding.net"
    path.write_text(NET)
    loaded = mt.load(path)
    assert loaded.species["s3"].title == "L(r!1).R(l!1)"
    result = loaded.sweep({"kf": [0.0, 2.0]}, at=50.0, readouts=["s3", "Bound"])
    assert result["s3"][0] == 0.0
    assert result["s3"][1] == pytest.approx(result["Bound"][1], rel=1e-12)
    (rest,) = result["s3"][1]
    assert 2.0 * (10 - rest) * (5 - rest) == pytest.approx(0.5 * rest, rel=1e-4)
    assert result.conservation_drift.max() < 1e-9


def test_one_run_needs_no_compiler(tmp_path: Path) -> None:
    path = tmp_path / "cell.ant"
    path.write_text("model c\n species A; A -> ; k*A; A = 1; k = 1\nend\n")
    code = (
        "import sys, mtorsim; run = mtorsim.load(sys.argv[1]).simulate(1.0)\n"
        "print([name for name in ('numba', 'sympy', 'xarray') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_native_model_stays_native(tmp_path: Path) -> None:
    assert isinstance(mt.load("mtor-core"), mt.Model)
    path = tmp_path / "cell.xml"
    path.write_text(Document().compartment().text())
    assert isinstance(mt.load(path), mt.ImportedModel)
    with pytest.raises(mt.InputError, match="an SBML model, not a native model"):
        mt.load_native(path)


def test_a_file_in_the_working_folder_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("binding.net").write_text(NET)
    Path("mtor-core").mkdir()
    assert mt.load_native("mtor-core").id == "mtor-core"
    with pytest.raises(mt.InputError, match=r"binding\.net: .*, not a native model"):
        mt.load_native("binding.net")
    with pytest.raises(mt.InputError, match="a file is wanted, this is a folder"):
        mt.load_native(".")
