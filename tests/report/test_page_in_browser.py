"""The page in a real browser; skipped where no Chromium is installed."""

import html
import json
import re
import shutil
import subprocess
from importlib.util import find_spec

import pytest

import mtorsim as mt
from mtorsim.report import write_comparison
from mtorsim.report.comparison_pictures import comparison_pictures

pytestmark = pytest.mark.slow
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)

# The page stands in a frame as wide as a phone, and what it turned into is written down. What a
# page asks of anybody is listed among its resources, also where no network answers.
FRAME = """<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>
<iframe id="phone" style="width:390px;height:3000px;border:0" srcdoc="{page}"></iframe>
<pre id="measured"></pre>
<script>
const frame = document.getElementById("phone");
frame.onload = () => setTimeout(() => {{
  const page = frame.contentDocument;
  const sizes = [...page.querySelectorAll("p, td, th, dd, li, figcaption")]
    .map(node => parseFloat(getComputedStyle(node).fontSize));
  const chart = page.getElementById("explore");
  document.getElementById("measured").textContent = JSON.stringify({{
    width: page.documentElement.scrollWidth,
    pictures: [...page.images].map(image => image.naturalWidth),
    dotsOfPictures: [...page.images].map(image => image.getBoundingClientRect().width),
    smallest: Math.min(...sizes),
    headings: [...page.querySelectorAll("h2, h3")].map(node => node.textContent),
    text: page.body.innerText,
    lines: chart ? chart.querySelectorAll(".scatterlayer .trace").length : null,
    asked: frame.contentWindow.performance.getEntriesByType("resource")
      .map(entry => entry.name).filter(name => !name.startsWith("data:")),
  }});
}}, 1500);
</script></body></html>"""


@pytest.fixture(scope="module")
def written():
    """A comparison with all its details, and the number of its pictures."""
    if BROWSER is None:
        pytest.skip("no Chromium is installed")
    model, contexts = mt.load("mtor-core"), ["PTEN-intact", "PTEN-lost"]
    drugs, loops = ["everolimus", "vistusertib"], ["s6k1_irs1_feedback", "nfkb_pten_feedback"]
    compared = mt.compare(model, drugs, contexts=contexts, loops=loops, doses=30)
    details = mt.comparison_details(model, compared, synergy=True)
    return compared, details, len(comparison_pictures(compared, details))


@pytest.fixture(scope="module")
def browsed(written, tmp_path_factory):
    """What the browser measured, and what it wrote to its log."""
    folder = tmp_path_factory.mktemp("browser")
    compared, details, _ = written
    write_comparison(compared, folder, details=details)
    text = (folder / "report.html").read_text(encoding="utf-8")
    (folder / "frame.html").write_text(FRAME.format(page=html.escape(text)), encoding="utf-8")
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += ["--enable-logging=stderr", "--virtual-time-budget=10000"]
    command += [f"--user-data-dir={folder / 'profile'}", (folder / "frame.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    found = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
    return json.loads(html.unescape(found.group(1))), done.stderr


def test_nothing_sticks_out_of_a_phone_screen(browsed):
    assert browsed[0]["width"] <= 390


def test_text_is_legible_on_a_phone(browsed):
    assert browsed[0]["smallest"] >= 12


def test_pictures_stay_wide_enough_to_read_on_a_phone(browsed):
    # 150 dots of a picture are an inch of 72 points, and its text is of 7 points at least.
    found = browsed[0]
    for shown, dots in zip(found["dotsOfPictures"], found["pictures"], strict=True):
        assert shown / (dots / 150) * 7 / 72 >= 8


def test_every_picture_is_shown(browsed, written):
    assert len(browsed[0]["pictures"]) == written[2]
    assert min(browsed[0]["pictures"]) > 600


def test_every_section_has_its_heading(browsed):
    wanted = ["At a glance", "Dose-response", "IC50 and largest effect", "Time course", "Why"]
    wanted += ["Growth", "everolimus and vistusertib together", "How it was made"]
    assert [title for title in browsed[0]["headings"] if title in wanted] == wanted


def test_the_page_has_its_text(browsed):
    text = browsed[0]["text"]
    for words in ("Shapley value", "GR50", "Bliss independence", "no medical advice"):
        assert words in text


def test_the_chart_is_drawn_where_plotly_is_installed(browsed):
    assert browsed[0]["lines"] == (4 if find_spec("plotly") else None)


def test_no_request_leaves_the_machine(browsed):
    assert browsed[0]["asked"] == []


def test_the_console_stays_empty(browsed):
    assert [line for line in browsed[1].splitlines() if "CONSOLE" in line] == []
