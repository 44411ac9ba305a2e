from __future__ import annotations

import tomllib

import pytest

from mtorsim.modelfiles.lines import line_of_key

TEXT = '''\
# a comment = no key
[section]
id = "x"                      # 3

[parameters]
k_on = { value = 1, unit = "[nM = s]" }
k_off.value = 2
"odd:key" = 3

[[reaction]]
id = "first"
for = [
    { tag = "a", site = "]" },
    { tag = "b" },
]
note = """
[not.a.table]
fake = 1
""" # closed
rate = "k"

[species."A:B"]
title = "a [title"

[[reaction]]
id = "second"
forward.value = 1
'odd key' = \'\'\'one line\'\'\'
last = 1

[reaction.nested]
deep = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("section",), 2),
        (("section", "id"), 3),
        (("parameters", "k_on"), 6),
        (("parameters", "k_off", "value"), 7),
        (("parameters", "odd:key"), 8),
        (("reaction", 0), 10),
        (("reaction", 0, "id"), 11),
        (("reaction", 0, "for"), 12),
        (("reaction", 0, "note"), 16),
        (("reaction", 0, "rate"), 20),
        (("species", "A:B"), 22),
        (("species", "A:B", "title"), 23),
        (("reaction", 1), 25),
        (("reaction", 1, "forward", "value"), 27),
        (("reaction", 1, "odd key"), 28),
        (("reaction", 1, "last"), 29),
        (("reaction", 1, "nested", "deep"), 32),
    ],
)
def test_each_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert line_of_key(TEXT)[path] == line


def test_nothing_inside_a_value_is_taken_for_a_key() -> None:
    found = {path for path in line_of_key(TEXT) if "fake" in path or "a" in path or "tag" in path}
    assert not found
    assert "reaction" in tomllib.loads(TEXT)
