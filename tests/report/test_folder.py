import json
import os
import struct

import pytest

from mtorsim.analysis.compare import compare
from mtorsim.errors import InputError, MissingExtraError
from mtorsim.report import COMPARISON_FILES, check_folder, folder, whole_folder, write_comparison
from mtorsim.report.whole_folder import check_drawn_files
from tests.analysis.synthetic_model import SyntheticModel


@pytest.fixture(scope="module")
def comparison():
    return compare(SyntheticModel(), ["rapalog", "dual"], loops=[], doses=12, at=["2 h"])


def test_the_files_are_written_and_nothing_else(comparison, tmp_path):
    paths = write_comparison(comparison, tmp_path / "new" / "out")
    assert [path.name for path in paths] == list(COMPARISON_FILES)
    assert sorted(os.listdir(tmp_path / "new" / "out")) == sorted(COMPARISON_FILES)
    assert all(path.stat().st_size > 500 for path in paths)


def test_pictures_are_png_with_at_least_200_dots_an_inch(comparison, tmp_path):
    write_comparison(comparison, tmp_path)
    for name in ("equal_effect.png", "dose_response.png", "time_course.png"):
        data = (tmp_path / name).read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        place = data.index(b"pHYs") + 4
        per_metre, _, unit = struct.unpack(">IIB", data[place : place + 9])
        assert unit == 1
        assert per_metre * 0.0254 >= 200


def test_writing_twice_gives_the_same_data_and_pictures(comparison, tmp_path):
    write_comparison(comparison, tmp_path / "a")
    write_comparison(comparison, tmp_path / "b")
    for name in COMPARISON_FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_an_existing_file_is_refused_and_left_alone(comparison, tmp_path):
    (tmp_path / "time_course.png").write_text("mine")
    with pytest.raises(InputError, match=r"time_course.png exists: use --force"):
        write_comparison(comparison, tmp_path)
    assert os.listdir(tmp_path) == ["time_course.png"]
    assert (tmp_path / "time_course.png").read_text() == "mine"


def test_force_writes_over_and_keeps_other_files(comparison, tmp_path):
    (tmp_path / "comparison.json").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    write_comparison(comparison, tmp_path, force=True)
    assert json.loads((tmp_path / "comparison.json").read_text())["rows"]
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("error", [RuntimeError("no"), KeyboardInterrupt()])
def test_when_drawing_stops_half_way_nothing_is_left(comparison, tmp_path, monkeypatch, error):
    def stop(*_):
        raise error

    monkeypatch.setattr(folder, "as_json", stop)
    with pytest.raises(type(error)):
        write_comparison(comparison, tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_a_half_written_run_leaves_older_files_as_they_were(comparison, tmp_path, monkeypatch):
    for name in COMPARISON_FILES:
        (tmp_path / name).write_text("old")

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "page", stop)
    with pytest.raises(KeyboardInterrupt):
        write_comparison(comparison, tmp_path, force=True)
    assert sorted(os.listdir(tmp_path)) == sorted(COMPARISON_FILES)
    assert {(tmp_path / name).read_text() for name in COMPARISON_FILES} == {"old"}


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match="is a file: name a folder"):
        check_folder(tmp_path / "out")


def test_a_file_among_the_parents_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match=r"can not be made: .*out is not a folder"):
        check_folder(tmp_path / "out" / "deeper")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder that nobody may write")
def test_a_folder_without_permission_is_refused():
    with pytest.raises(InputError, match="/proc can not be written: "):
        check_folder("/proc/results")


def test_pictures_that_can_not_be_drawn_are_told_before_anything_is_computed(tmp_path, monkeypatch):
    monkeypatch.setattr(whole_folder, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="matplotlib"):
        check_drawn_files(tmp_path, ["a.png"])


def test_a_disk_that_is_full_is_said_in_one_line(comparison, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_folder.tempfile, "TemporaryDirectory", full)
    with pytest.raises(InputError, match="can not be written: No space left on device"):
        write_comparison(comparison, tmp_path / "out")
    assert os.listdir(tmp_path) == []
