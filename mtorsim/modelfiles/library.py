"""The models, drugs, contexts and sources that exist, and where their files are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from mtorsim.errors import InputError, MtorsimError, UnknownNameError
from mtorsim.modelfiles import schema
from mtorsim.modelfiles.document import Document, Problems, parse_document, read_document, read_text
from mtorsim.modelfiles.schema import table_at
from mtorsim.network.source import Source

SOURCES_FILE = "sources.toml"
NOT_MODELS = (SOURCES_FILE, "coverage.toml")
FOREIGN_FORMATS = {
    ".xml": "an SBML model",
    ".sbml": "an SBML model",
    ".ant": "an Antimony model",
    ".net": "a BioNetGen network",
}


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """The head of a model file; ``contexts`` and ``drugs`` are those that apply to it.

    ``values`` names the file of the model's own values, "" for none.
    """

    id: str
    title: str
    sections: tuple[str, ...]
    loops: tuple[str, ...]
    contexts: tuple[str, ...]
    drugs: tuple[str, ...]
    path: Path
    values: str = ""


@dataclass(frozen=True, slots=True)
class DrugEntry:
    """The head of a drug file."""

    id: str
    title: str
    drug_class: str
    template: str
    path: Path


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """The head of a context file."""

    id: str
    title: str
    kind: str
    path: Path


@lru_cache(maxsize=1)
def models_folder() -> Path:
    """The folder of the shipped models: in the package if installed, else in the checkout."""
    package = Path(str(files("mtorsim")))
    for folder in (package / "_models", package.parent / "models"):
        if folder.is_dir():
            return folder
    raise InputError(f"no models folder beside or in {package}: install mtorsim again")


def check_drug(drug: str, *, model: str, known: Sequence[str]) -> None:
    """Refuse a drug that ``model`` does not take, naming the shipped models that do.

    Raises
    ------
    InputError : other shipped models have its targets
    UnknownNameError : no shipped model takes it
    """
    if drug in known:
        return
    others = [entry.id for entry in list_models() if drug in entry.drugs]
    if others:
        raise InputError(f"{drug} has no target in {model}: use {' or '.join(others)}")
    raise UnknownNameError("drug", drug, known)


def search_folders(folder: Path | str = "") -> tuple[Path, ...]:
    """Where the parts of a model are sought: its own folder, then the shipped one."""
    shipped = models_folder()
    own = Path(folder).resolve() if folder else shipped
    return (own,) if own == shipped.resolve() else (own, shipped)


def label_of(path: Path) -> str:
    """The file as shown in messages: from the models folder, else from the working folder, on."""
    resolved = path.resolve()
    for folder in (models_folder().resolve(), Path.cwd()):
        if resolved.is_relative_to(folder):
            return resolved.relative_to(folder).as_posix()
    return str(path)


def find_model(model: str | Path) -> Path:
    """The file of a shipped model's name, or of a path.

    Raises
    ------
    UnknownNameError : no shipped model of that name
    InputError : no file at that path
    """
    path = Path(model)
    if isinstance(model, str) and path.suffix != ".toml" and len(path.parts) < 2:
        names = [shipped.stem for shipped in _model_files(models_folder())]
        if model in names:
            return models_folder() / f"{model}.toml"
        if not (model and path.exists()):
            raise UnknownNameError("model", model, names)
    if path.is_dir():
        raise InputError(f"{path}: a file is wanted, this is a folder")
    if not path.is_file():
        raise InputError(f"{path}: no such model file")
    return path


def find_part(kind: str, name: str, *, folder: Path | str = "", where: str = "") -> Path:
    """The file of a drug or context, sought in the model's folder, then among the shipped ones."""
    known: dict[str, Path] = {}
    for base in search_folders(folder):
        for path in sorted((base / f"{kind}s").glob("*.toml")):
            known.setdefault(path.stem, path)
    if name not in known:
        raise UnknownNameError(kind, name, known, where=where)
    return known[name]


def list_models() -> tuple[ModelEntry, ...]:
    """The shipped models, by name."""
    return tuple(model_entry(path) for path in _model_files(models_folder()))


def list_drugs() -> tuple[DrugEntry, ...]:
    """The shipped drugs, by name."""
    entries = []
    for path, document, problems in _documents("drugs"):
        head = table_at(document, "drug", schema.DRUG, problems=problems)
        problems.raise_if_any()
        entries.append(
            DrugEntry(head["id"], head["title"], head["class"], head.get("template", ""), path)
        )
    return tuple(entries)


def list_contexts() -> tuple[ContextEntry, ...]:
    """The shipped contexts, by name."""
    entries = []
    for path, document, problems in _documents("contexts"):
        head = table_at(document, "context", schema.CONTEXT, problems=problems)
        problems.raise_if_any()
        entries.append(ContextEntry(head["id"], head["title"], head["kind"], path))
    return tuple(entries)


def model_entry(model: str | Path) -> ModelEntry:
    """The head of a model: its title, sections, loops, contexts and drugs."""
    path = find_model(model)
    if path.suffix.lower() in FOREIGN_FORMATS:
        found = FOREIGN_FORMATS[path.suffix.lower()]
        raise InputError(
            f"{label_of(path)}: {found}, not a native model (.toml): show, simulate, sweep and "
            "steady-state take it, but this needs drugs, contexts and loops"
        )
    problems = Problems()
    document = read_document(path, label=label_of(path), problems=problems)
    entry = read_model_entry(document, path, problems) if document else None
    problems.raise_if_any()
    if entry is None:
        raise MtorsimError(f"{label_of(path)}: can not be read")
    return entry


def read_model_entry(document: Document, path: Path, problems: Problems) -> ModelEntry | None:
    """The head in an open model file; None, with the problem noted, where it is wrong."""
    schema.MODEL_FILE.check(document.data, where=document.where, problems=problems)
    head = table_at(document, "model", schema.MODEL, problems=problems)
    if not head:
        return None
    lists = [tuple(head.get(key, ())) for key in ("sections", "loops", "contexts", "drugs")]
    sections, loops, contexts, drugs = lists
    values = head.get("values", "")
    return ModelEntry(head["id"], head["title"], sections, loops, contexts, drugs, path, values)


def load_sources(folder: Path | str = "") -> dict[str, Source]:
    """All sources by key; those of the model's folder hide shipped ones of the same key."""
    problems = Problems()
    sources: dict[str, Source] = {}
    for base in reversed(search_folders(folder)):
        path = base / SOURCES_FILE
        if not path.is_file():
            continue
        text = read_text(path, label=label_of(path), problems=problems)
        if text is not None:
            found, lines = _sources_in(text, label_of(path))
            sources.update(found)
            problems.lines.extend(lines)
    problems.raise_if_any()
    return sources


@lru_cache(maxsize=8)
def _sources_in(text: str, label: str) -> tuple[Mapping[str, Source], tuple[str, ...]]:
    """Sources of a file, and what is wrong with it; every context that is loaded asks for them."""
    problems = Problems()
    document = parse_document(text, label=label, problems=problems)
    sources = {} if document is None else read_sources(document, (), problems)
    return sources, tuple(problems.lines)


def read_sources(
    document: Document, path: tuple[str, ...], problems: Problems
) -> dict[str, Source]:
    """The sources in the table at ``path`` of a document."""
    sources = {}
    for key, entry in document.table(*path).items():
        where = document.where(*path, key)
        if not isinstance(entry, dict):
            problems.add(where, f"source {key!r} must be a table")
        elif schema.SOURCE.check(entry, where=document.places(*path, key), problems=problems):
            sources[key] = Source(id=key, **entry)
    return sources


def _model_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.toml") if path.name not in NOT_MODELS)


def _documents(kind: str) -> Iterator[tuple[Path, Document, Problems]]:
    """The shipped files of a kind, read."""
    for path in sorted((models_folder() / kind).glob("*.toml")):
        problems = Problems()
        document = read_document(path, label=label_of(path), problems=problems)
        problems.raise_if_any()
        if document is not None:
            yield path, document, problems
