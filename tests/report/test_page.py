import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from mtorsim.analysis.compare import compare
from mtorsim.analysis.comparison import ParameterChange
from mtorsim.report.answer import answer, question
from mtorsim.report.page import DISCLAIMER, page
from tests.analysis.synthetic_model import SyntheticModel

VOID = {"meta", "link", "img", "br"}
# The header of a PNG holds its width.
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x05\xdc\x00\x00\x03\xe8"
IMAGES = {name: PNG for name in ("equal_effect", "dose_response", "time_course")}


class Reader(HTMLParser):
    """Collects text and attributes, and checks that tags nest."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text, self.attributes, self.tags = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    # numbers and units are held together by no-break spaces
    reader.words = " ".join(" ".join(reader.text).replace("\xa0", " ").split())
    return reader


@pytest.fixture(scope="module")
def comparison():
    return compare(
        SyntheticModel(), ["rapalog", "dual"], contexts=["PTEN-intact", "PTEN-lost"], doses=30
    )


@pytest.fixture(scope="module")
def html(comparison):
    return page(comparison, IMAGES, command="mtorsim compare rapalog dual", made_on="2025-11-21")


def test_page_holds_question_answer_and_disclaimer(comparison, html):
    words = read(html).words
    for text in (question(comparison), *answer(comparison), DISCLAIMER):
        assert text in words


def test_page_holds_its_figures_with_words_for_those_who_can_not_see_them(html):
    attributes = read(html).attributes
    sources = [value for name, value in attributes if name == "src"]
    assert [value.split(",")[0] for value in sources] == ["data:image/png;base64"] * 3
    assert all(len(value) > 40 for name, value in attributes if name == "alt")


def test_page_asks_no_server_for_anything(html):
    reader = read(html)
    assert not re.search(r"https?://|//cdn|@import|url\(", html)
    assert not {"script", "iframe", "object"} & set(reader.tags)
    for name, value in reader.attributes:
        if name in ("src", "href"):
            assert value.startswith("data:")


def test_page_is_fit_for_phone_and_print(html):
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "@media print" in html
    assert "@media (max-width" in html


def test_page_holds_the_tables(html):
    words = read(html).words
    assert "dual PTEN-lost S6K1 pT389 50.0 (50.0 to 50.0) −97 %" in words
    assert "rapalog PTEN-intact 24 h 4.2 nM 174 % +74 0" in words


def test_page_says_how_it_was_made(comparison, html):
    words = read(html).words
    for text in ("mtorsim compare rapalog dual", "2025-11-21", comparison.model.fingerprint):
        assert text in words
    assert "30 on a logarithmic scale" in words
    assert "method rodas4, rtol 0.0001, numpy 2" in words


def test_page_lists_parameters_that_differ_and_sources(comparison):
    change = ParameterChange("PTEN-lost", "PTEN_gene_dose", 0.05, 1.0, "1", "copies of PTEN")
    model = replace(comparison.model, changes=(change,), sources=(("key", "Author 2004"),))
    words = read(page(replace(comparison, model=model), IMAGES)).words
    assert "PTEN-lost PTEN_gene_dose copies of PTEN 0.05 1 1" in words
    assert "key: Author 2004" in words


def test_page_says_what_failed(comparison):
    failed = replace(comparison, failures=("PTEN-lost, all loops on: dose 3 nM",))
    words = read(page(failed, IMAGES)).words
    assert f"1 of {comparison.n_trajectories} trajectories failed" in words
    assert "dose 3 nM" in words


def test_text_from_models_and_callers_is_escaped(comparison):
    model = replace(comparison.model, title="<script>alert(1)</script>")
    html = page(replace(comparison, model=model), IMAGES, command='x "<b>')
    assert "<script>" not in html
    assert "<b>" not in html
    assert "alert(1)" in read(html).words


def test_time_course_caption_says_equal_effect_only_where_it_is(comparison):
    told = "doses that take 90 % off S6K1 pT389 after 2 h in PTEN-intact cells"
    assert told in read(page(comparison, IMAGES)).words
    other = replace(comparison, time_course_doses={"rapalog": 20.0, "dual": 300.0})
    words = read(page(other, IMAGES)).words
    assert told not in words
    assert "rapalog at 20 nM and dual at 300 nM" in words


def test_without_a_command_the_page_gives_the_call(comparison):
    words = read(page(comparison, IMAGES)).words
    assert "mtorsim.compare(mtorsim.load('synthetic'), ['rapalog', 'dual']" in words
