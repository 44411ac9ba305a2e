from __future__ import annotations

import pytest

import mtorsim


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MTORSIM_CACHE_DIR", str(tmp_path))
    kernel = tmp_path / "kernels" / "k_1"
    kernel.mkdir(parents=True)
    (kernel / "a.o").write_bytes(b"0" * 2_000_000)
    return tmp_path


def test_the_cache_is_described(run, cache):
    assert run("cache", "info", "--json").json == {
        "folder": str(cache),
        "kernels": 1,
        "megabytes": 2.0,
    }
    assert run("cache", "info").out == f"{cache}: 1 models, 2.0 MB\n"


def test_a_cache_that_is_not_there_is_empty(run, tmp_path, monkeypatch):
    monkeypatch.setenv("MTORSIM_CACHE_DIR", str(tmp_path / "none"))
    assert run("cache", "info", "--json").json["kernels"] == 0
    assert run("cache", "clear").code == 0
    assert not (tmp_path / "none").exists()


def test_clearing_deletes_compiled_code_alone(run, cache):
    (cache / "thesis.txt").write_text("mine")
    outcome = run("cache", "clear")
    assert outcome.out == f"{cache}: deleted 2.0 MB of compiled code\n"
    assert [path.name for path in cache.iterdir()] == ["thesis.txt"]


def test_doctor_finds_this_installation_in_order(run, cache):
    outcome = run("doctor", "--json")
    assert outcome.code == 0
    report = outcome.json
    assert report["mtorsim"]["found"] == mtorsim.__version__
    assert "numba" in report["libraries"]["found"]
    assert "mtor-core" in report["models"]["found"]
    assert str(cache) in report["cache"]["found"]
    assert all(entry["ok"] for entry in report.values())


def test_doctor_says_what_to_do_about_a_cache_that_can_not_be_written(run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MTORSIM_CACHE_DIR", str(tmp_path / "file" / "cache"))
    outcome = run("doctor")
    assert outcome.code == 1
    (line,) = [line for line in outcome.out.splitlines() if line.startswith("cache")]
    assert "WRONG" in line
    assert "set MTORSIM_CACHE_DIR" in line
