"""The page in a real browser; skipped where no Chromium is installed."""

import html
import json
import re
import shutil
import subprocess

import pytest

from mtorsim.analysis.compare import compare
from mtorsim.report import write_comparison
from tests.analysis.synthetic_model import SyntheticModel

pytestmark = pytest.mark.slow
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)

# The page stands in a frame as wide as a phone, and what it turned into is written down.
FRAME = """<!DOCTYPE html><html><body>
<iframe id="phone" style="width:390px;height:3000px;border:0" srcdoc="{page}"></iframe>
<pre id="measured"></pre>
<script>
const frame = document.getElementById("phone");
frame.onload = () => {{
  const page = frame.contentDocument;
  const sizes = [...page.querySelectorAll("p, td, th, dd, li, figcaption")]
    .map(node => parseFloat(getComputedStyle(node).fontSize));
  document.getElementById("measured").textContent = JSON.stringify({{
    width: page.documentElement.scrollWidth,
    pictures: [...page.images].map(image => image.naturalWidth),
    smallest: Math.min(...sizes),
    text: page.body.innerText.length,
  }});
}};
</script></body></html>"""


@pytest.fixture(scope="module")
def browsed(tmp_path_factory):
    """What the browser measured, and what it wrote to its log."""
    if BROWSER is None:
        pytest.skip("no Chromium is installed")
    folder = tmp_path_factory.mktemp("browser")
    compared = compare(
        SyntheticModel(), ["rapalog", "dual"], contexts=["PTEN-intact", "PTEN-lost"], doses=30
    )
    write_comparison(compared, folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    (folder / "frame.html").write_text(FRAME.format(page=html.escape(text)), encoding="utf-8")
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += ["--enable-logging=stderr", "--virtual-time-budget=5000"]
    command += [f"--user-data-dir={folder / 'profile'}", (folder / "frame.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
    return json.loads(html.unescape(found.group(1))), done.stderr


def test_nothing_sticks_out_of_a_phone_screen(browsed):
    assert browsed[0]["width"] <= 390


def test_text_is_legible_on_a_phone(browsed):
    assert browsed[0]["smallest"] >= 12


def test_both_pictures_are_shown(browsed):
    assert len(browsed[0]["pictures"]) == 2
    assert min(browsed[0]["pictures"]) > 1000


def test_the_page_has_its_text(browsed):
    assert browsed[0]["text"] > 1500


def test_the_console_stays_empty(browsed):
    assert [line for line in browsed[1].splitlines() if "CONSOLE" in line] == []
