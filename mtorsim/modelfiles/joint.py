"""What drugs of several templates, or a drug and a section of the model, only do together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from mtorsim.modelfiles import schema
from mtorsim.modelfiles.document import Document, Problems, read_document, substitute
from mtorsim.modelfiles.library import label_of
from mtorsim.modelfiles.schema import table_at

JOINT_FOLDER = Path("drugs") / "joint"


def joint_parts(
    drugs_of_template: Mapping[str, Sequence[str]],
    *,
    sections: Sequence[str],
    folders: Sequence[Path],
    problems: Problems,
) -> Iterator[tuple[Document, str]]:
    """The joint templates that apply, with the names of the drugs put in.

    Parameters
    ----------
    drugs_of_template : by template the composed drugs on it
    sections : of the model, as it lists them
    folders : where ``drugs/joint`` is sought; a file of an earlier one hides its namesake

    Yields
    ------
    A joint template for each choice of one drug a template, and the module of its reactions
    """
    for path in _joint_files(folders):
        document = read_document(path, label=label_of(path), problems=problems)
        if document is None:
            continue
        schema.JOINT_FILE.check(document.data, where=document.where, problems=problems)
        head = table_at(document, "joint", schema.JOINT, problems=problems)
        if not head or not set(head.get("sections", ())) <= set(sections):
            continue
        templates = head["templates"]
        for drugs in product(*(drugs_of_template.get(name, ()) for name in templates)):
            body = document
            for template, drug in zip(templates, drugs, strict=True):
                body = substitute(body, f"{{{template}}}", drug)
            yield body, "_".join((*drugs, head["id"]) if len(drugs) == 1 else drugs)


def _joint_files(folders: Sequence[Path]) -> list[Path]:
    """Files of joint templates, by name."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in (folder / JOINT_FOLDER).glob("*.toml"):
            found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]
