from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mtorsim.interop.petab_tables import read_petab_tables
from tests.analysis.test_petab_fit import PARAMETERS, write_problem
from tests.cli.conftest import Run


def test_a_fit_is_written_as_table_starts_and_waterfall(run: Run, tmp_path: Path) -> None:
    problem, out = write_problem(tmp_path), tmp_path / "fit"
    outcome = run("fit", problem, "--starts", 3, "--seed", 2, "--out", out)
    assert outcome.code == 0, outcome.err
    assert "starts came within 0.1 of the best" in outcome.out
    names = sorted(file.name for file in out.iterdir())
    assert names == ["fit.json", "parameters.tsv", "starts.csv", "waterfall.png"]
    rows = list(csv.DictReader((out / "starts.csv").read_text().splitlines()))
    values = [float(row["objective"]) for row in rows]
    assert values == sorted(values)
    assert len(values) == 3
    (tmp_path / "parameters.tsv").write_text((out / "parameters.tsv").read_text())
    fitted = {p.id: p.nominal for p in read_petab_tables(problem).parameters}
    assert fitted["k"] == pytest.approx(0.7, rel=0.05)
    assert f"{fitted['k']:.4g}" in outcome.out
    again = run("fit", problem, "--out", out)
    assert "fit/parameters.tsv exists: use --force" in again.complaint


def test_the_same_seed_gives_the_same_fit(run: Run, tmp_path: Path) -> None:
    problem = write_problem(tmp_path)
    first, second = (run("fit", problem, "--starts", 2, "--seed", 5, "--json") for _ in range(2))
    assert first.json == second.json
    assert first.json["best"] < first.json["nominal"]
    assert not first.json["interrupted"]


def test_ctrl_c_writes_the_best_so_far(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def interrupting(total: int, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        yield stop

    monkeypatch.setattr("mtorsim.cli.verbs.fit.progress_bar", interrupting)
    outcome = run("fit", write_problem(tmp_path), "--starts", 4, "--out", tmp_path / "fit")
    assert outcome.code == 130
    assert "parameters.tsv (1 of 4 starts)" in outcome.err
    rows = list(csv.DictReader((tmp_path / "fit" / "starts.csv").read_text().splitlines()))
    assert float(rows[0]["k"]) == pytest.approx(0.7, rel=0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.yaml",), "missing.yaml: there is no such file"),
        (("problem.yaml", "--starts", "0"), "0 starts: choose from 1"),
        (("problem.yaml", "--starts", "many"), "Invalid value for '--starts'"),
        (("problem.yaml", "--out", "model.xml"), "model.xml is a file"),
        (("open.yaml",), "parameter 'k': bounds 0.01 and inf do not span a range"),
    ],
)
def test_wrong_input_is_one_line(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    problem = write_problem(tmp_path)
    (tmp_path / "open.tsv").write_text(PARAMETERS.replace("\t1e2\t", "\tinf\t"))
    (tmp_path / "open.yaml").write_text(problem.read_text().replace("parameters.tsv", "open.tsv"))
    assert message in run("fit", *arguments).complaint
