"""COMBINE archives (OMEX): a model, its simulations and their results in one file.

An archive is a ZIP file with a manifest (Bergmann et al., BMC Bioinformatics 15:369, 2014). Files
are read into memory, never unpacked to disk, and only once their names and sizes have been looked
at; the manifest is written and read by libCombine.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from mtorsim.errors import InputError, MissingExtraError, ModelError
from mtorsim.interop.sbml_document import MAX_BYTES
from mtorsim.interop.xml_scan import XmlScan

MANIFEST = "manifest.xml"
MAX_FILES = 1000
MAX_TOTAL = 4 * MAX_BYTES
#: one byte of a ZIP file stands for at most about a thousand; a model for far fewer
MAX_RATIO = 200
MAX_RATIO_FROM = 1024**2

FORMAT_URIS = {
    "sbml": "http://identifiers.org/combine.specifications/sbml.level-3.version-2",
    "sedml": "http://identifiers.org/combine.specifications/sed-ml.level-1.version-4",
    "csv": "http://purl.org/NET/mediatypes/text/csv",
}


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of an archive.

    Parameters
    ----------
    name : its path in the archive
    format : address or media type that the manifest gives
    is_master : whether it is the one to open first
    """

    name: str
    content: bytes
    format: str
    is_master: bool = False

    def text(self) -> str:
        """The content as text.

        Raises
        ------
        ModelError : it is not UTF-8
        """
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise ModelError(f"{self.name}:{line}: not a text file in UTF-8") from error


@dataclass(frozen=True, slots=True)
class Archive:
    """The files of an archive, in the order of its manifest."""

    origin: str
    files: tuple[ArchiveFile, ...]

    def of_kind(self, kind: str) -> tuple[ArchiveFile, ...]:
        """Files whose format has ``kind`` (``"sbml"``, ``"sed-ml"``, ``"csv"``) in its name."""
        return tuple(file for file in self.files if kind in file.format.lower())

    def model(self) -> ArchiveFile:
        """The SBML model: the master, or the first.

        Raises
        ------
        ModelError : there is none
        """
        models = self.of_kind("sbml")
        if not models:
            raise ModelError(f"{self.origin}: there is no SBML model in this archive")
        return next((file for file in models if file.is_master), models[0])


def write_archive(path: Path, files: Sequence[ArchiveFile]) -> None:
    """Write an archive over whatever ``path`` holds.

    Raises
    ------
    InputError : it can not be written
    MissingExtraError : python-libcombine is not installed
    """
    library = _library()
    archive = library.CombineArchive()
    for file in files:
        archive.addFileFromString(file.text(), file.name, file.format, file.is_master)
    if not archive.writeToFile(str(path)):
        raise InputError(f"{path}: can not be written as an archive")


def read_archive(path: str | Path) -> Archive:
    """The files that the manifest of an archive lists.

    Raises
    ------
    ModelError : not an archive, damaged, hostile (names that lead outside, sizes that grow out of
        bounds), or a file that the manifest lists is not in it
    MissingExtraError : python-libcombine is not installed
    """
    origin = str(path)
    contents = _contents(Path(path), origin)
    if MANIFEST not in contents:
        raise ModelError(f"{origin}: there is no {MANIFEST}: not a COMBINE archive")
    files = []
    for location, kind, is_master in _listed(contents[MANIFEST], origin):
        name = location.removeprefix("./")
        if name in (".", "", MANIFEST):
            continue
        if name not in contents:
            raise ModelError(f"{origin}: {MANIFEST} lists {location[:80]!r}, which is not there")
        files.append(ArchiveFile(name, contents[name], kind, is_master))
    return Archive(origin, tuple(files))


def _contents(path: Path, origin: str) -> dict[str, bytes]:
    """Every file of a ZIP file by name."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _refuse_hostile(members, origin)
            return {member.filename: _read(archive, member, origin) for member in members}
    except FileNotFoundError as error:
        raise ModelError(f"{origin}: there is no such file") from error
    except IsADirectoryError as error:
        raise ModelError(f"{origin}: a file is wanted, this is a folder") from error
    except OSError as error:
        raise ModelError(f"{origin}: can not be read ({error.strerror or error})") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        # RuntimeError: encrypted; NotImplementedError, which is one: packed in another way.
        reason = " ".join(str(error).split())[:120]
        raise ModelError(f"{origin}: not a ZIP file that can be read ({reason})") from error


def _refuse_hostile(members: Sequence[zipfile.ZipInfo], origin: str) -> None:
    """Refuse names that lead outside, and sizes out of bounds, by what the directory says."""
    if len(members) > MAX_FILES:
        raise ModelError(f"{origin}: {len(members)} files are in it; at most {MAX_FILES} are read")
    names = [member.filename for member in members]
    for member in members:
        name, shown = member.filename, repr(member.filename[:80])
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or "\\" in name or ":" in place.parts[0]:
            raise ModelError(f"{origin}: the name {shown} leads out of the archive")
        if names.count(name) > 1:
            raise ModelError(f"{origin}: {shown} is in it twice")
        is_bomb = member.file_size > MAX_RATIO * max(member.compress_size, 1)
        if member.file_size > MAX_BYTES or (is_bomb and member.file_size > MAX_RATIO_FROM):
            raise ModelError(f"{origin}: {shown} unpacks to {member.file_size} bytes: too large")
    if sum(member.file_size for member in members) > MAX_TOTAL:
        raise ModelError(f"{origin}: unpacks to more than {MAX_TOTAL // 1024**2} MiB")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, origin: str) -> bytes:
    """Content of a member; its size in the directory may be a lie, so reading stops there."""
    with archive.open(member) as file:
        content = file.read(member.file_size + 1)
    if len(content) > member.file_size:
        raise ModelError(f"{origin}: {member.filename[:80]!r} is larger than the archive says")
    return content


def _listed(manifest: bytes, origin: str) -> list[tuple[str, str, bool]]:
    """Location, format and mastership of each entry of a manifest."""
    XmlScan(f"{origin}: {MANIFEST}").scan(manifest)
    try:
        text = manifest.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"{origin}: {MANIFEST}: not a text file in UTF-8") from error
    found = _library().readOMEXFromString(text)
    if found is None or found.getNumContents() == 0:
        raise ModelError(f"{origin}: {MANIFEST} lists no files")
    entries = [found.getContent(i) for i in range(found.getNumContents())]
    return [(e.getLocation(), e.getFormat(), bool(e.getMaster())) for e in entries]


def _library() -> Any:
    try:
        import libcombine
    except ImportError as error:
        raise MissingExtraError("python-libcombine", "omex") from error
    return libcombine
