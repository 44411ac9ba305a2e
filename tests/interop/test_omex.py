from __future__ import annotations

import random
import sys
import zipfile
from pathlib import Path

import pytest

from mtorsim.errors import MissingExtraError, ModelError, MtorsimError
from mtorsim.interop.omex import FORMAT_URIS, ArchiveFile, read_archive, write_archive
from tests.interop.sbml_documents import Document

MODEL = Document().parameter("x", 1.0).rate("x", "x").text()
MANIFEST = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    "<omexManifest xmlns='http://identifiers.org/combine.specifications/omex-manifest'>"
    "<content location='{}' format='http://identifiers.org/combine.specifications/sbml'/>"
    "</omexManifest>"
)


def write_zip(path: Path, files: dict[str, str], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    files = (
        ArchiveFile("model.xml", MODEL.encode(), FORMAT_URIS["sbml"], is_master=True),
        ArchiveFile("results/a.csv", b"time,x\n0,1\n", FORMAT_URIS["csv"]),
    )
    write_archive(tmp_path / "a.omex", files)
    archive = read_archive(tmp_path / "a.omex")
    assert archive.files == files
    assert archive.model() == files[0]
    assert archive.of_kind("csv") == files[1:]


BOMB = "<sbml>" + " " * 30_000_000 + "</sbml>"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"model.xml": MODEL}, "there is no manifest.xml"),
        ({"manifest.xml": "<a><b></a>"}, "manifest.xml:1: not well-formed XML"),
        ({"manifest.xml": "<!DOCTYPE a><a/>"}, "a DOCTYPE (entities) is not accepted"),
        ({"manifest.xml": "<a/>"}, "manifest.xml lists no files"),
        ({"manifest.xml": MANIFEST.format("./b.xml")}, "'./b.xml', which is not there"),
        ({"manifest.xml": MANIFEST.format("../b.xml")}, "'../b.xml', which is not there"),
        ({"manifest.xml": MANIFEST.format("m.xml"), "../m.xml": MODEL}, "leads out of the archive"),
        ({"manifest.xml": MANIFEST.format("m.xml"), "/m.xml": MODEL}, "leads out of the archive"),
        ({"manifest.xml": MANIFEST.format("m.xml"), "c:/m.xml": MODEL}, "leads out of the archive"),
        ({"manifest.xml": MANIFEST.format("m.xml"), "m.xml": BOMB}, "too large"),
        ({f"{i}.txt": "" for i in range(1001)}, "1001 files are in it"),
    ],
)
def test_a_damaged_or_hostile_archive_is_one_line(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    path = write_zip(tmp_path / "a.omex", files, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelError) as error:
        read_archive(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert [file.name for file in tmp_path.iterdir()] == ["a.omex"]


def test_an_archive_without_a_model_says_so(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.omex", [ArchiveFile("a.csv", b"time\n", FORMAT_URIS["csv"])])
    with pytest.raises(ModelError, match="there is no SBML model in this archive"):
        read_archive(tmp_path / "a.omex").model()


def test_a_size_that_is_a_lie_is_found_out(tmp_path: Path) -> None:
    files = {"manifest.xml": MANIFEST.format("m.xml"), "m.xml": "x" * 5000}
    path = write_zip(tmp_path / "a.omex", files, compression=zipfile.ZIP_STORED)
    content = path.read_bytes()
    size = (5000).to_bytes(4, "little")
    path.write_bytes(content.replace(size, (50).to_bytes(4, "little")))
    with pytest.raises(ModelError):
        read_archive(path)


def test_a_file_that_is_no_archive_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.omex").write_text("no")
    with pytest.raises(ModelError, match="not a ZIP file that can be read"):
        read_archive(tmp_path / "a.omex")


def test_mutated_archives_are_read_or_refused(tmp_path: Path) -> None:
    path = write_zip(
        tmp_path / "a.omex",
        {"manifest.xml": MANIFEST.format("m.xml"), "m.xml": MODEL},
        compression=zipfile.ZIP_DEFLATED,
    )
    good, draw, refused = path.read_bytes(), random.Random(0), 0
    for _ in range(300):
        bad = bytearray(good)
        for _ in range(draw.randint(1, 6)):
            bad[draw.randrange(len(bad))] = draw.randrange(256)
        path.write_bytes(bad[: draw.choice([len(bad), draw.randrange(len(bad))])])
        try:
            read_archive(path).model()
        except MtorsimError:
            refused += 1
    assert 100 < refused < 300


def test_without_the_library_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "libcombine", None)
    path = write_zip(tmp_path / "a.omex", {"manifest.xml": MANIFEST.format("m.xml"), "m.xml": ""})
    with pytest.raises(MissingExtraError, match=r"pip install 'mtorsim\[omex\]'"):
        read_archive(path)
