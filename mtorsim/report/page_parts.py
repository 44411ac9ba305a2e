"""Parts of a page: text, pictures, tables and lists as HTML."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape

from mtorsim.report.tables import Table

_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:nM|µM|s|min|h|d|%)(?!\w))")
_NAME_WITH_HYPHEN = re.compile(r"\b\w+(?:-\w+)+\b")


def say(text: str) -> str:
    """Text for the page: escaped, no line break inside a name or between number and unit."""
    whole = _NAME_WITH_HYPHEN.sub(r'<span class="whole">\g<0></span>', escape(text))
    return _NUMBER_AND_UNIT.sub("&nbsp;", whole)


def figure(png: bytes, title: str, caption: str) -> str:
    """A picture inside the page with heading and caption; an empty heading is left out."""
    heading = f"<h2>{escape(title)}</h2>" if title else ""
    width = int.from_bytes(png[16:20], "big")  # of the header of every PNG
    data = base64.b64encode(png).decode("ascii")
    return (
        f"<figure>{heading}\n"
        f'<div class="scroll" tabindex="0"><img style="--dots: {width}" '
        f'src="data:image/png;base64,{data}" '
        f'alt="{escape(caption)}"></div>\n'
        f"<figcaption>{say(caption)}</figcaption></figure>"
    )


def section(title: str, content: str, *, kept: bool = False) -> str:
    """A part of the page; ``kept`` on one sheet of paper where it fits."""
    start = '<section class="kept">' if kept else "<section>"
    return f"{start}<h2>{escape(title)}</h2>\n{content}</section>"


def table(content: Table) -> str:
    """A table in a box that scrolls sideways where the screen is narrow."""
    heads = "".join(
        f'<th scope="col"{_number_class(j, content)}>{say(text)}</th>'
        for j, text in enumerate(content.headings)
    )
    previous: tuple[str, ...] = ()
    lines = []
    for row in content.rows:
        begins = content.n_labels > 1 and row[:1] != previous[:1]
        first = ' class="group"' if begins else ""
        cells = "".join(
            f"<td{_number_class(j, content)}>{escape(cell)}</td>" for j, cell in enumerate(row)
        )
        lines.append(f"<tr{first}>{cells}</tr>")
        previous = row
    return (
        f'<p class="caption">{say(content.caption)}</p>\n'
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>{''.join(lines)}</tbody></table></div>\n"
    )


def _number_class(column: int, content: Table) -> str:
    return "" if column < content.n_labels else ' class="number"'


def list_of(title: str, items: Sequence[str]) -> str:
    """A list with a heading; an empty heading is left out."""
    heading = f"<h3>{escape(title)}</h3>" if title else ""
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"{heading}<ul>{lines}</ul>"
