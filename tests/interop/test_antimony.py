from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtorsim.errors import ModelError
from mtorsim.interop.antimony import read_antimony, read_antimony_text, sbml_to_antimony
from mtorsim.simulate.imported_engine import ImportedEngine
from tests.interop.sbml_documents import Document

TEXT = """
model decay
  species A, B
  A -> B; k * A
  A = 3; B = 0; k = 0.5
end
"""


def test_a_model_is_read_and_runs(tmp_path: Path) -> None:
    path = tmp_path / "decay.ant"
    path.write_text(TEXT)
    values = ImportedEngine(read_antimony(path)).simulate([0.0, 2.0], outputs=["A", "B"])
    left = 3 * np.exp(-1)
    np.testing.assert_allclose(values, [[3, 0], [left, 3 - left]], rtol=1e-9)


def test_out_and_in_again_is_the_same_model() -> None:
    document = Document().parameter("x", 1.0).parameter("k", 0.3).rate("x", "-k * x^2")
    again = read_antimony_text(sbml_to_antimony(document.text()))
    values = ImportedEngine(again).simulate([3.0], outputs=["x"])
    assert values[0, 0] == pytest.approx(1 / 1.9, rel=1e-9)


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_an_empty_file_holds_no_model(text: str) -> None:
    with pytest.raises(ModelError, match=r"m\.ant: the file is empty"):
        read_antimony_text(text, origin="m.ant")


def test_a_mistake_is_one_line_with_file_and_line() -> None:
    with pytest.raises(ModelError, match=r"decay.ant: not valid Antimony: .*line 3") as error:
        read_antimony_text("model m\n A -> B; k*A\n k = = 1\nend\n", origin="decay.ant")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ['import "/etc/passwd"', 'model m\nend; import "x"', "\timport x"])
def test_other_files_are_not_opened(text: str) -> None:
    with pytest.raises(ModelError, match="import of other files"):
        read_antimony_text(text)
