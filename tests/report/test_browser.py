"""A reader at work: hovers, clicks, filters, steps, decides, downloads, cleans again; all in a real browser."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import cleanup
from cleanup.document import Document, Drop, Suspect
from cleanup.options import Options
from cleanup.report.gather import Batch, Cleaned
from cleanup.report.index import index_page
from cleanup.report.source import source_page
from tests.report.conftest import PATIENCE, Browser, run
from tests.report.conftest import Cleaned as Seeds
from tests.report.test_page import HOSTILE, hostile_document

DOWN, UP, RIGHT, LEFT = "\ue015", "\ue013", "\ue014", "\ue012"
ENTER, ESCAPE, TAB = "\ue007", "\ue00c", "\ue004"


def document_of(page: Path) -> Document:
    return Document.from_json((page.parent / "document.json").read_bytes())


@pytest.fixture(autouse=True)
def no_complaints(browser: Browser) -> Iterator[None]:
    """Hold every page to running without an error and without asking for anything its policy forbids."""
    browser.complaints()
    yield
    assert not browser.complaints()


COLOUR = "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor"


def test_hover_lights_the_source_lines_however_far_apart(browser: Browser, seeds: Seeds) -> None:
    """The headline of the first seed stands two thousand characters behind its article."""
    browser.open(seeds.page("000"))
    title = '#right [data-b="0"]'
    row = '#left .row[data-b="0"]'
    browser.until("return document.querySelector(arguments[0]) !== null", row)
    before = browser.js(COLOUR, row)
    browser.hover(title)
    browser.until(COLOUR + " !== arguments[1]", row, before)
    assert browser.js("return document.querySelectorAll('#curves path:not(.faint)').length") == 1
    text = browser.js("return document.querySelector(arguments[0]).textContent", row)
    assert text in browser.js("return document.querySelector(arguments[0]).textContent", title)


VISIBLE = """
const node = document.querySelector(arguments[0]), pane = node.closest('.pane').getBoundingClientRect();
const box = node.getBoundingClientRect();
return box.bottom > pane.top && box.top < pane.bottom;
"""


def test_click_scrolls_both_sides_together(browser: Browser, seeds: Seeds) -> None:
    browser.open(seeds.page("000"))
    browser.until("return document.querySelector('#left .row[data-b=\"0\"]') !== null")
    assert not browser.js(VISIBLE, '#left .row[data-b="0"]')
    browser.click('#right [data-b="0"]')
    browser.until(VISIBLE, '#left .row[data-b="0"]')
    browser.js("document.getElementById('left').scrollTop = 0")
    last = browser.js("return document.querySelectorAll('#right .b').length") - 1
    browser.until("const n = document.querySelector('#left .row[data-b=\"2\"]'); n.click(); return true")
    browser.until(VISIBLE, '#right [data-b="2"]')
    browser.js("document.querySelector(arguments[0]).click()", f'#right [data-b="{last}"]')
    browser.until(VISIBLE, f'#left .row[data-b="{last}"]')


def test_every_edit_is_marked_and_can_be_filtered(browser: Browser, seeds: Seeds) -> None:
    page = seeds.page("000")
    edits = list(document_of(page).edits)
    browser.open(page)
    browser.until("return document.querySelectorAll('.chunk:empty').length === 0")
    choose = """
    const select = document.getElementById(arguments[0]);
    select.value = [...select.options].find((option) => option.textContent.startsWith(arguments[1])).value;
    select.dispatchEvent(new Event('change'));
    return new Set([...document.querySelectorAll('#left [data-c]:not(.off)')].map((mark) => mark.dataset.c)).size;
    """
    for rule in ("join-line", "space-before-number"):
        assert browser.js(choose, "by-rule", rule) == sum(edit.rule == rule for _, edit in edits)
    assert str(sum(edit.rule == "space-before-number" for _, edit in edits)) in browser.find("#passing").text
    assert browser.js(choose, "by-rule", "all of reflow") == sum(stage == "reflow" for stage, _ in edits)
    unsure = sum(stage == "reflow" and edit.confidence < 0.99 for stage, edit in edits)
    assert browser.js(choose, "by-sure", "below 99") == unsure
    browser.press("]")
    browser.until("return document.activeElement.matches('.m:not(.off)')")
    assert browser.js("return document.activeElement.closest('#left') !== null")


def test_a_tooltip_says_what_and_why_for_the_mouse_and_the_keyboard(browser: Browser, seeds: Seeds) -> None:
    page = seeds.page("000")
    browser.open(page)
    browser.hover("#right .paragraph .m.join")
    browser.until("return !document.getElementById('card').hidden")
    shown = browser.find("#card").text
    why = "The next line goes on with the paragraph"
    assert "join-line" in shown and "⏎" in shown and "→" in shown and why in shown
    browser.hover("#name")
    browser.js("document.getElementById('right').focus()")
    browser.press(RIGHT)
    browser.until("return document.activeElement.matches('#right .m')")
    assert browser.js("return document.activeElement.getAttribute('aria-describedby')") == "card"
    assert browser.js("return document.getElementById('card').getAttribute('role')") == "tooltip"
    first = browser.js("return document.activeElement.dataset.c")
    browser.press(RIGHT)
    assert browser.js("return document.activeElement.dataset.c") != first
    browser.press(LEFT)
    assert browser.js("return document.activeElement.dataset.c") == first
    browser.press(ENTER)
    browser.until("return document.activeElement.matches('#card button')")
    browser.press(ESCAPE)
    assert browser.js("return document.getElementById('card').hidden && document.activeElement.dataset.c") == first


def test_keyboard_alone_reaches_passages_and_controls(browser: Browser, seeds: Seeds) -> None:
    browser.open(seeds.page("004"))
    reached = set()
    for _ in range(20):
        browser.press(TAB)
        reached.add(browser.js("const n = document.activeElement; return n.id || n.tagName"))
    assert {"read", "by-rule", "by-sure", "left", "right", "next", "previous", "listing"} <= reached
    browser.js("document.getElementById('right').focus()")
    browser.press(DOWN, DOWN)
    assert browser.js("return document.activeElement.dataset.b") == "1"
    browser.press(UP)
    assert browser.js("return document.activeElement.dataset.b") == "0"
    browser.press("?")
    browser.until("return document.getElementById('help').open")
    browser.press(ESCAPE)
    browser.until("return !document.getElementById('help').open")


def test_the_keyboard_reaches_the_order_and_what_was_left_out_and_why_an_article_is_flagged(
    browser: Browser, tmp_path: Path
) -> None:
    document = left_out_document()
    page = tmp_path / "a.html"
    page.write_bytes(source_page(document, 0.8))
    browser.open(page)
    browser.js("document.getElementById('map').focus()")
    browser.press(RIGHT)
    assert "1 · " in browser.js("return document.activeElement.getAttribute('aria-label')")
    browser.press(ENTER)
    browser.until("return document.querySelector('#right [data-b=\"0\"]').getBoundingClientRect().height > 0")
    browser.js("document.getElementById('right').focus()")
    browser.press(RIGHT)
    assert browser.js("return document.activeElement.dataset.f") == "truncated"
    assert "no continuation" in browser.find("#card").text
    browser.js("document.getElementById('left').focus()")
    for _ in range(20):
        browser.press(RIGHT)
        if browser.js("return document.activeElement.classList.contains('dropped')"):
            break
    assert "furniture-page-number" in browser.find("#card").text
    browser.press(ENTER)
    assert "Put back" in browser.find("#card").text
    browser.press("2", ESCAPE)
    assert "(1)" in browser.find("#save").text
    browser.js("localStorage.clear()")


def test_doubtful_decisions_are_stepped_through(browser: Browser, seeds: Seeds) -> None:
    page = seeds.page("000")
    document = document_of(page)
    threshold = Options().threshold
    expected = {
        *(("break", boundary.at) for boundary in document.breaks if boundary.confidence < threshold),
        *(("edit", stage, edit.start) for stage, edit in document.edits if edit.confidence < threshold),
        *(("article", n) for n, article in enumerate(document.articles) if article.confidence < threshold),
    }
    browser.open(page)
    total = int(browser.find("#where").text.split()[0])
    assert total >= len(expected) > 0
    browser.press("n")
    assert browser.find("#where").text == f"1 / {total}"
    assert browser.find("#case q").text and browser.find("#case button").text
    browser.until("return document.querySelector('.now') !== null")
    browser.press("p")
    assert browser.find("#where").text == f"{total} / {total}"
    browser.click("#listing")
    assert browser.js("return document.querySelectorAll('#list li').length") == total
    browser.click("#list li:nth-child(2) button")
    assert browser.find("#where").text == f"2 / {total}"


STEP_TO = """
for (let n = 0; n < 200; n++) {
  document.getElementById('next').click();
  const [what, quote] = document.querySelectorAll('#case b, #case q');
  if (what.textContent === arguments[0]) return quote.textContent;
}
return '';
"""


def test_a_decision_made_in_the_page_holds_when_the_source_is_cleaned_again(
    browser: Browser, seeds: Seeds, tmp_path: Path
) -> None:
    """Decide, download, put the file beside the source, run again: the result obeys, and obeys every time."""
    source = next(seeds.sources.glob("002*"))
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    shutil.copy(source, pages)
    browser.open(seeds.page("002"))
    asked = browser.js(STEP_TO, "Paragraph ends?") or browser.js(STEP_TO, "Paragraph goes on?")
    before, after = asked.split("⏎")
    joined = browser.find('#case [data-key="1"]').get_attribute("class") == "chosen"
    browser.press("2" if joined else "1")
    pressed = browser.find("#case [aria-pressed=true]").get_attribute("data-key")
    assert pressed == ("2" if joined else "1")
    browser.js(STEP_TO, "What is it?")
    quote = browser.find("#case q").text
    browser.js(
        "const s = document.querySelector('#case select'); s.value = [...s.options].find("
        "(o) => o.textContent === 'caption').value; s.dispatchEvent(new Event('change'))"
    )
    name = f"{source.name}.decisions.toml"
    (browser.downloads / name).unlink(missing_ok=True)
    browser.click("#save")
    shutil.move(browser.downloaded(name), pages / name)
    results = []
    for _ in range(2):
        assert run("run", pages, "-o", out, "-q", "--report") == 0
        results.append((out / source.stem / "document.json").read_bytes())
    document = Document.from_json(results[0])
    assert results[0] == results[1]
    assert document.undo() == source.read_bytes()
    assert [decision.do for decision in document.decisions].count("role") == 1
    lines = document.text
    assert (before + after in lines) != joined
    assert any(b.role == "caption" and b.text.startswith(quote[:6]) for a in document.articles for b in a.blocks)
    if not joined:
        assert any(edit.rule == "decision" for _, edit in document.edits)
    # the page of the new result knows what was decided, and can take it back
    browser.open(out / source.stem / "report.html")
    assert "(2)" in browser.find("#save").text
    # the source changes: the decisions are stale, the source is named as failed, with the file and the remedy
    (pages / source.name).write_bytes(source.read_bytes() + "补记。\n".encode())
    assert run("run", pages, "-o", out, "-q") == 2
    failures = json.loads((out / "run.json").read_bytes())["failures"]
    assert len(failures) == 1 and "stale" in failures[0]["cause"] and name in failures[0]["cause"]


def test_a_choice_can_be_taken_back(browser: Browser, seeds: Seeds) -> None:
    browser.open(seeds.page("004"))
    browser.js("localStorage.clear()")
    browser.open(seeds.page("004"))
    browser.press("n", "1")
    assert browser.find("#save").text == "Save decisions (1)"
    browser.press("1")
    assert browser.js("return document.getElementById('save').disabled")


def test_hostile_text_is_inert(browser: Browser, tmp_path: Path) -> None:
    document = hostile_document()
    page = tmp_path / "hostile.html"
    page.write_bytes(source_page(document, 0.8, {HOSTILE: (HOSTILE, HOSTILE)}))
    browser.open(page)
    browser.until("return document.querySelectorAll('.chunk:empty').length === 0")
    browser.press(*"nnnnnnnn")
    browser.js(
        "for (const mark of document.querySelectorAll('.m'))"
        " mark.dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    browser.js("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.js("return window.hostile === undefined && document.images.length === 0")
    assert browser.js("return document.querySelectorAll('script').length") == 3
    assert "<script>" in browser.js("return document.querySelector('#right .title').textContent")
    bidi = "[\\u202a-\\u202e\\u2066-\\u2069]"
    assert not browser.js(f"return /{bidi}/.test(document.body.innerText) || /{bidi}/.test(document.title)")
    foreign = "const s = document.createElement('script'); s.textContent = 'window.hostile = 1'; "
    browser.js(foreign + "document.body.append(s)")
    assert browser.js("return window.hostile === undefined"), "the policy lets a foreign script run"
    assert all("Content Security Policy" in line for line in browser.complaints())
    rows = browser.js("return Math.max(...[...document.querySelectorAll('.row')].map((row) => row.scrollWidth))")
    assert rows <= browser.js("return document.getElementById('left').clientWidth"), "the long line is cut"


# the contrast of every piece of text against what stands behind it (WCAG 2.2, 1.4.3), the worst one named
CONTRAST = r"""
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const seen = new Map();
function rgba(colour) {
  if (!seen.has(colour)) {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const d = canvas.getImageData(0, 0, 1, 1).data;
    seen.set(colour, [d[0], d[1], d[2], d[3] / 255]);
  }
  return seen.get(colour);
}
const over = (top, below) => top.slice(0, 3).map((v, k) => v * top[3] + below[k] * (1 - top[3]));
const light = (c) => c.map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, k) => sum + v * [.2126, .7152, .0722][k], 0);
function behind(node) {
  const layers = [];
  for (let at = node; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
}
let worst = [99, ''];
function judge(colour, ground, where) {
  const ink = over(rgba(colour), ground);
  const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05);
  if (ratio < worst[0]) worst = [ratio, where];
}
// what style sheets write: numbers, roles, marks; and the words in empty fields and drawings
for (const node of document.body.querySelectorAll('*')) {
  if (!node.checkVisibility()) continue;
  for (const part of ['::before', '::after', '::placeholder']) {
    const style = getComputedStyle(node, part);
    const said = part === '::placeholder' ? node.placeholder : style.content.replace(/^(none|normal|"\s*")$/, '');
    if (said) judge(style.color, behind(node), `${node.tagName}.${node.className}${part} ${said}`);
  }
  if (node.matches('svg text')) judge(getComputedStyle(node).fill, behind(node), `text ${node.textContent}`);
}
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !node.getClientRects().length) continue;
  if (node.closest('script,style,noscript,svg,option,[hidden],:disabled')) continue;
  const where = `${node.tagName}.${node.className} ${walker.currentNode.data.slice(0, 20)}`;
  judge(getComputedStyle(node).color, behind(node), where);
}
return worst;
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("number", ["000", "003", "004"])
def test_text_has_the_contrast_it_needs(browser: Browser, seeds: Seeds, number: str, dark: bool) -> None:
    browser.open(seeds.page(number), dark=dark)
    browser.press("n")
    browser.click("#listing")
    browser.hover("#right .b")
    ratio, where = browser.js(CONTRAST)
    assert ratio >= 4.5, where
    browser.open(seeds.out / "report.html", dark=dark)
    ratio, where = browser.js(CONTRAST)
    assert ratio >= 4.5, where


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_tints_have_the_contrast_they_need(browser: Browser, tmp_path: Path, dark: bool) -> None:
    """Every tint with everything that can stand on it, pointed at and chosen."""
    lines = [f"第{number}篇记的是春耕备耕农资供应情况，农民群众很满意。" for number in "一二三四五六七八九"]
    plain = cleanup.Pipeline(Options(stages_off=frozenset({"separate"}))).clean("\n\n".join(lines), "a.txt")
    blocks = [block for article in plain.articles for block in article.blocks]
    assert len(blocks) == 9
    doubtful = [replace(block, confidence=0.3, role="heading", alternatives=("title 0.2",)) for block in blocks]
    articles = [
        replace(plain.articles[0], blocks=(b,), flags=("truncated", "headless"), confidence=0.3) for b in doubtful
    ]
    suspects = [Suspect("misread", (b.source[0][0] + 2, b.source[0][0] + 4), b.text[2:4], "", 0.6) for b in blocks]
    document = replace(plain, articles=tuple(articles), text="", layers=(), suspects=tuple(suspects))
    page = tmp_path / "a.html"
    page.write_bytes(source_page(document, 0.8))
    browser.open(page, dark=dark)
    assert len(set(browser.js("return [...document.querySelectorAll('#right .b')].map((n) => n.classList[3])"))) == 8
    for number in range(9):
        browser.js("document.querySelector(arguments[0]).click()", f'#right [data-b="{number}"]')
        browser.press("n")
        browser.hover(f'#left [data-b="{number}"] .sus')
        ratio, where = browser.js(CONTRAST)
        assert ratio >= 4.5, where


# what reaches out of the window, and which controls lie on each other
OUT_OF_PLACE = """
const found = [];
if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than the window');
const controls = [...document.querySelectorAll('button, select, a, h1, output, input, summary')]
  .filter((node) => node.checkVisibility() && node.textContent !== '' && !node.closest('.pane, #list, dialog, table'));
for (const node of controls) {
  const box = node.getBoundingClientRect();
  if (box.left < -.5 || box.right > innerWidth + .5) found.push(node.id + ' reaches out of the window');
  if (node.matches('button, a') && node.scrollWidth > node.clientWidth + 1) found.push(node.id + ' is cut');
  for (const other of controls) {
    if (other === node || node.contains(other) || other.contains(node)) continue;
    const b = other.getBoundingClientRect();
    const wide = Math.min(box.right, b.right) - Math.max(box.left, b.left);
    const high = Math.min(box.bottom, b.bottom) - Math.max(box.top, b.top);
    if (wide > 1.5 && high > 1.5) found.push(`${node.id || node.textContent} lies on ${other.id || other.textContent}`);
  }
}
const parts = [...document.querySelectorAll('#top, #order, #left, #right, #dock')];
for (const part of parts) {
  const a = part.getBoundingClientRect();
  if (part.clientHeight < 20) found.push(part.id + ' has no room');
  for (const other of parts) {
    const b = other.getBoundingClientRect();
    if (other !== part && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1) found.push(`${part.id} lies on ${other.id}`);
  }
}
return found;
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_nothing_overlaps_or_is_cut(browser: Browser, seeds: Seeds, width: int, language: str) -> None:
    for page in sorted(seeds.out.rglob("report.html")):
        browser.open(page, width, 820, language=language)
        assert not browser.js(OUT_OF_PLACE), page
        if page.parent != seeds.out:
            browser.press("n")
            assert not browser.js(OUT_OF_PLACE), page
            assert not browser.js(
                "return [...document.querySelectorAll('#left .row, #right .b')]"
                ".filter((node) => node.scrollWidth > node.clientWidth + 1).length"
            ), page


def test_the_interface_speaks_the_language_of_the_browser(browser: Browser, seeds: Seeds) -> None:
    browser.open(seeds.page("000"), language="zh-CN")
    assert browser.find("#read").text == "阅读视图"
    assert browser.js("return document.documentElement.lang") == "zh-Hans"
    browser.click("#language")
    assert browser.find("#read").text == "Reading view"
    browser.open(seeds.out / "report.html", language="zh-CN")
    assert "来源" in browser.find("#sources-head").text
    assert "下一行接着本段" in browser.find("#rules tbody").text
    browser.click("#language")
    assert "The next line goes on with the paragraph" in browser.find("#rules tbody").text


def test_why_a_change_was_made_is_said_in_the_readers_language(browser: Browser, seeds: Seeds) -> None:
    browser.open(seeds.page("000"), language="zh-CN")
    browser.hover("#right .paragraph .m.join")
    browser.until("return !document.getElementById('card').hidden")
    assert "下一行接着本段" in browser.find("#card").text
    assert browser.find("#card .why").get_attribute("lang") == "zh-Hans"


def test_the_reading_view_shows_the_articles_alone(browser: Browser, seeds: Seeds) -> None:
    page = seeds.page("000")
    browser.open(page)
    browser.press("r")
    assert not browser.find("#left").is_displayed() and not browser.find("#dock").is_displayed()
    assert browser.find("#right .title").text == document_of(page).articles[0].title
    assert browser.js("return getComputedStyle(document.querySelector('#right .m'), '::after').content") == "none"
    browser.hover("#right .m")
    assert browser.js("return document.getElementById('card').hidden")
    browser.press("r")
    assert browser.find("#left").is_displayed()


def test_the_picture_of_the_order_leads_to_the_passages(browser: Browser, seeds: Seeds) -> None:
    page = seeds.page("000")
    browser.open(page)
    moved = browser.js("return document.querySelectorAll('#map .moved').length")
    assert moved >= 2, "two articles of this page stand before their headlines"
    assert str(moved) in browser.find("#map").get_attribute("aria-label")
    first = "document.querySelector('#map g[data-b=\"0\"] rect')"
    browser.js(f"{first}.dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")
    browser.until(VISIBLE, '#left .row[data-b="0"]')


def test_paper_gets_a_protocol(browser: Browser, seeds: Seeds) -> None:
    page = seeds.page("000")
    document = document_of(page)
    browser.open(page)
    browser.tell("Emulation.setEmulatedMedia", media="print")
    browser.js("window.dispatchEvent(new Event('beforeprint'))")
    text = browser.find("body").text
    assert document.source.sha256 in text and not browser.find("#top").is_displayed()
    for article in document.articles:
        assert article.title in text
        assert article.paragraphs[0][:30] in text
    for rule in {edit.rule for _, edit in document.edits if edit.rule.startswith("join")}:
        assert rule in text
    ratio, where = browser.js(CONTRAST)
    assert ratio >= 4.5, where
    browser.js("window.dispatchEvent(new Event('afterprint'))")
    browser.tell("Emulation.setEmulatedMedia", media="")
    assert not browser.find("#protocol").is_displayed()


def left_out_document() -> Document:
    """Return a document with everything that stands beside clean text: flags, a repeat, a suspect, furniture."""
    text = "𠮷村春耕正忙\n\n机机王建国说，农资充足。\n\n农民群众抓紧播种。\n\n第6版\n\n农民群众抓紧播种。\n"
    plain = cleanup.Pipeline(Options(stages_off=frozenset({"separate"}))).clean(text, "a.txt")
    title, first, second, page_number, third = plain.articles[0].blocks
    article = replace(
        plain.articles[0],
        blocks=(replace(title, role="title"), first, second, replace(third, duplicate_of="paragraph 3")),
        flags=("truncated",),
        continued_on="2",
    )
    at = text.index("机机")
    return replace(
        plain,
        articles=(article,),
        text=article.text,
        layers=(),
        dropped=(Drop("furniture-page-number", page_number.source[0], page_number.text),),
        suspects=(Suspect("misread", (at, at + 2), "机机", "司机", 0.6),),
    )


def test_flags_repeats_suspects_and_what_was_left_out_stand_where_they_are(browser: Browser, tmp_path: Path) -> None:
    document = left_out_document()
    at = document.original.index("机机")
    page = tmp_path / "a.html"
    page.write_bytes(source_page(document, 0.8))
    browser.open(page)
    flags = [node.text for node in browser.driver.find_elements("css selector", "#right .head .flag")]
    assert flags[:2] == ["truncated", "continues on page 2"]
    assert [node.text for node in browser.driver.find_elements("css selector", ".sus")] == ["机机", "机机"]
    browser.click("#right .sus")
    shown = browser.find("#card").text
    assert "司机" in shown and "misread" in shown and "60 %" in shown
    browser.find("#card input").send_keys("司机" + ENTER)
    browser.until("return document.getElementById('save').textContent.includes('(1)')")
    browser.press(ESCAPE)
    browser.click("#save")
    (decision,) = tomllib.loads(browser.downloaded("a.txt.decisions.toml").read_text("utf-8"))["decision"]
    assert (decision["do"], decision["source"], decision["text"]) == ("change", [at, at + 2], "司机")
    assert browser.find("#left .dropped").text == "第6版"
    assert "furniture-page-number" in browser.find("#right .left-out").text
    repeat = browser.find('#right [data-b="3"] button')
    assert "paragraph 3" in repeat.text
    repeat.click()
    lit = "return getComputedStyle(document.querySelector(arguments[0])).getPropertyValue('--lit')"
    assert browser.js(lit, '#right [data-b="2"]') == "1"


MEGABYTE = 1_000_000
TRIES = 4  # of a loading time, since other programs run too


SMOOTH = 34.0  # milliseconds between two frames: half of what a screen shows, on a machine that does other things too
SCROLL = """
const done = arguments[2], pane = document.getElementById(arguments[0]), step = arguments[1], frames = [];
let last = performance.now();
pane.scrollTop = 0;
requestAnimationFrame(function next(now) {
  frames.push(now - last);
  last = now;
  pane.scrollTop += step;
  if (frames.length < 90) requestAnimationFrame(next);
  else done(frames.slice(5));
});
"""


def test_a_source_of_one_megabyte_opens_in_under_a_second_and_scrolls_smoothly(
    browser: Browser, seeds: Seeds, tmp_path: Path
) -> None:
    texts = [path.read_text("utf-8") for path in sorted(seeds.sources.iterdir())]
    whole = "\n".join(texts)
    text = (whole + "\n") * (MEGABYTE // len(whole.encode()) + 1)
    fast = cleanup.Pipeline(Options(stages_off=frozenset({"columns", "separate"})))
    page = tmp_path / "large.html"
    page.write_bytes(source_page(fast.clean(text, "large.txt"), 0.8))
    took = []
    for _ in range(TRIES):
        browser.open(page)
        took.append(browser.js("return performance.getEntriesByType('navigation')[0].loadEventEnd"))
        assert browser.js("return document.querySelectorAll('#left .row').length") > 50
        if took[-1] < 1000:
            break
    assert min(took) < 1000
    browser.driver.set_script_timeout(PATIENCE)
    for pane, step in (("left", 60), ("left", 4000), ("right", 60), ("right", 4000)):
        for _ in range(TRIES):
            frames = sorted(browser.driver.execute_async_script(SCROLL, pane, step))
            if frames[len(frames) * 9 // 10] < SMOOTH:
                break
        assert frames[len(frames) * 9 // 10] < SMOOTH, f"{pane} jerks when scrolled by {step} px a frame"
    browser.js("document.getElementById('left').scrollTop = 1e9")
    browser.until("return document.querySelector('#left .chunk:last-child .row:last-child') !== null")
    assert browser.js("return document.querySelector('#left .chunk:last-child').textContent.length") > 0


def entry(number: int) -> Cleaned:
    from collections import Counter

    from cleanup.batch.tally import Tally

    name = f"1998/第{number:05d}版.txt"
    counts = Tally(1, 9000 + number, 3, 40, 200 + number % 977, doubtful=number % 31)
    return Cleaned(name[:-4], name, counts, Counter(), (number * 7919 % 10_000) / 10_000, (1, 2, 3, 94), 18.0)


def test_an_index_of_ten_thousand_sources_stays_usable(browser: Browser, tmp_path: Path) -> None:
    batch = Batch(sources=[entry(number) for number in range(10_000)])
    page = tmp_path / "report.html"
    page.write_bytes(index_page(batch, {}, set(), "batch"))
    browser.open(page)
    assert browser.js("return performance.getEntriesByType('navigation')[0].loadEventEnd") < 3000
    rows = "return [...document.querySelectorAll('#table tbody tr')].map((row) => row.cells[arguments[0]].textContent)"
    least = [float(words.rstrip(" %")) for words in browser.js(rows, 8)]
    assert len(least) == 100 and least == sorted(least) and least[0] == 0
    browser.click("#table th:nth-child(8) button")
    assert set(browser.js(rows, 7)) == {"30"}
    assert browser.find("#table th:nth-child(8)").get_attribute("aria-sort") == "descending"
    browser.click("#after")
    assert browser.find("#page").text == "Page 2 of 100"
    browser.find("#search").send_keys("00042")
    assert browser.js(rows, 0) == ["1998/第00042版.txt"]
    assert browser.find("#found").text == "1 of 10,000"


def test_the_index_leads_to_the_pages_and_back(browser: Browser, seeds: Seeds) -> None:
    browser.open(seeds.out / "report.html")
    link = browser.find("#table tbody a")
    name = link.text
    link.click()
    browser.until("return document.getElementById('name') !== null && document.body.classList.contains('ready')")
    assert browser.find("#name").text == name
    browser.click("#top a")
    browser.until("return document.getElementById('table') !== null")
