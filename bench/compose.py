"""Composes a page from clean articles: which stories, with which headlines, bylines, captions and furniture.

It decides what is printed, never how lines break and never what an extractor makes of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Literal, get_args

from bench import invent
from bench.articles import Article
from bench.forms import Source, chapter
from bench.page import Block, Page, Story

Kind = Literal["K1", "K2", "K3", "K4", "K5", "K6", "K7", "book", "forms", "fixed", "single"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_NEWS = frozenset({"broadcast", "press", "web", "seeds"})
_BOOK = frozenset({"essays", "laws", "press", "seeds"})
_COLUMN_TITLE = re.compile(r"^【(.{2,16}?)】(.{4,})$")
_DASHED = re.compile(r"^([^—]{4,})——([^—]{4,})$")
# stories a page, paragraphs' characters a story
_STORIES: dict[Kind, tuple[int, ...]] = {
    "K1": (1,), "K2": (2, 3, 4, 5, 6), "K3": (1, 2, 2, 3), "K4": (1, 2, 3, 4), "K5": (1, 2, 3, 4), "K6": (1, 2, 2, 3),
    "K7": (1, 2), "book": (1,), "forms": (1, 1, 1, 2, 2, 3, 4), "fixed": (1, 1, 2), "single": (1,),
}  # fmt: skip


class Shelf:
    """Articles sorted by use, so that a page of news and a page of a book draw from their own kind."""

    def __init__(self, articles: Sequence[Article]) -> None:
        """Files the articles; raises ValueError when there are none."""
        if not articles:
            raise ValueError("no article to compose a page from")
        self._all = list(articles)
        self._by_genre: dict[str, list[Article]] = {}
        for article in articles:
            self._by_genre.setdefault(article.genre, []).append(article)

    def draw(self, rng: Random, kind: Kind) -> Article:
        """One article fit for a page of this kind, genres drawn evenly by weight, not by their size."""
        wanted = _BOOK if kind in ("book",) else _NEWS if kind not in ("fixed", "single") else _NEWS | _BOOK
        weight = {"broadcast": 6.0, "press": 3.0, "web": 1.0, "seeds": 2.0, "essays": 5.0, "laws": 2.0}
        genres = sorted(wanted & self._by_genre.keys()) or sorted(self._by_genre)
        genre = rng.choices(genres, [weight.get(g, 1.0) for g in genres])[0]
        return rng.choice(self._by_genre[genre])

    def alike(self, rng: Random) -> list[Article]:
        """Articles of one genre, with paragraphs enough for a chapter."""
        articles = self._by_genre[rng.choice(sorted(self._by_genre))]
        picked: list[Article] = []
        while len(picked) < FEWEST_ALIKE or sum(len(article.paragraphs) for article in picked) < PARAGRAPHS_ALIKE:
            picked.append(rng.choice(articles))
        return picked


def compose(shelf: Shelf, kind: Kind, rng: Random) -> Page:
    """A page of this kind with all its blocks in reading order.

    Book pages and single texts keep their own title and paragraphs alone; a newspaper page gets the whole apparatus.
    """
    count = rng.choice(_STORIES[kind])
    if kind == "forms":
        return Page(_other_forms(shelf, rng, count))
    if kind in ("book", "single", "fixed"):
        return Page(tuple(_plain(shelf, kind, rng) for _ in range(count)))
    traps: list[str] = []
    stories = _under_one_column_title(tuple(_story(shelf, kind, rng, traps) for _ in range(count)), rng)
    stories = _without_chance_twins(stories)
    with_furniture = kind != "K3" and rng.random() < (0.15 if kind == "K1" else 0.5)
    head, foot = invent.furniture(rng) if with_furniture else ((), ())
    return Page(stories, head, foot, traps=tuple(dict.fromkeys(traps)))


def _other_forms(shelf: Shelf, rng: Random, count: int) -> tuple[Story, ...]:
    """Texts of other forms; where several stand on a page, some of them are news."""
    stories = [chapter(Source(shelf.alike(rng)), rng, alone=count == 1)]
    for _ in range(count - 1):
        if rng.random() < NEWS_BESIDE:
            stories.append(_story(shelf, "K2", rng, []))
        else:
            stories.append(chapter(Source(shelf.alike(rng)), rng, alone=False))
    rng.shuffle(stories)
    return tuple(stories)


def _body(article: Article, kind: Kind, rng: Random) -> list[tuple[str, bool]]:
    room = rng.choice((300, 600, 900, 1500)) if kind != "book" else rng.choice((1500, 3000, 5000))
    room = 700 if kind == "K6" and room > 700 else room
    first = 0
    if kind == "book" and article.characters > room:  # a chapter may begin anywhere
        first = rng.randrange(len(article.paragraphs))
    picked: list[tuple[str, bool]] = []
    for index in range(first, len(article.paragraphs)):
        if room <= 0:
            break
        text = article.paragraphs[index]
        if len(text) <= 1500:
            picked.append((text, index in article.headings))
            room -= len(text)
    while picked and picked[-1][1]:
        picked.pop()
    return picked or [(article.paragraphs[0][:1500], False)]


def _plain(shelf: Shelf, kind: Kind, rng: Random) -> Story:
    article = shelf.draw(rng, kind)
    blocks = [
        Block("heading" if is_heading else "paragraph", (text,)) for text, is_heading in _body(article, kind, rng)
    ]
    if rng.random() < 0.85:
        blocks.insert(0, Block("title", _halves(article.title)))
    return Story(tuple(blocks), () if blocks[0].role == "title" else ("headless",))


def _halves(title: str) -> tuple[str, ...]:
    return tuple(title.split(" ")) if title.count(" ") == 1 and min(map(len, title.split(" "))) >= 4 else (title,)


def _story(shelf: Shelf, kind: Kind, rng: Random, traps: list[str]) -> Story:
    article = shelf.draw(rng, kind)
    body = _body(article, kind, rng)
    head: list[Block] = []
    title, column = article.title, _COLUMN_TITLE.match(article.title)
    if column:
        title = column[2].strip()
    dashed = _DASHED.match(title)
    if dashed:  # a title and its subtitle on one line in the source of the article
        title = dashed[1].strip()
    invented = rng.random() < 0.3
    if not invented and " " not in title and len(title) <= LONGEST_AFTER_PLACE and rng.random() < 0.1:
        title = f"{invent.unit(rng)}：{title}"
    if column:
        head.append(Block("kicker", (column[1],)))
    elif rng.random() < 0.22:
        head += invent_kickers(rng)
    head.append(Block("title", invent.headline(rng) if invented else _printed_halves(title, rng)))
    if dashed and not invented:
        head.append(Block("subtitle", ("——" + dashed[2].strip(),)))
    elif rng.random() < (0.6 if invented else 0.08):
        head.append(Block("subtitle", (invent.subtitle(rng, title if invented else None),)))
    signature = rng.random()
    closing: list[Block] = []
    if signature < 0.3:
        head.append(Block("byline", (invent.byline(rng),)))
    elif signature < 0.65 and not body[0][1] and not body[0][0].startswith(("本报", "新华", "据")):
        body[0] = (invent.dateline(rng) + body[0][0], False)
    elif signature < 0.75:
        closing.append(Block("byline", (f"（{invent.people(rng, 2)}）",)))
    elif signature < 0.82 and not body[-1][1]:
        body[-1] = (f"{body[-1][0]}（{invent.people(rng, 2)}）", False)
    aside = _aside(rng) if rng.random() < 0.22 else []
    if kind == "K7" and rng.random() < 0.6:
        body = [_with_trap(text, is_heading, rng, traps) for text, is_heading in body]
    sections = (
        set(rng.sample(range(len(body)), min(len(body), rng.randint(1, 3))))
        if len(body) >= 3 and rng.random() < 0.35
        else set()
    )
    flow: list[Block] = []
    places = [index for index, (_, is_heading) in enumerate(body) if index in sections and not is_heading]
    over = dict(zip(places, invent.headings(rng, [body[index][0] for index in places]), strict=True))
    for index, (text, is_heading) in enumerate(body):
        if index in over:
            flow.append(Block("heading", (over[index],)))
        flow.append(Block("heading" if is_heading else "paragraph", (text,)))
    return Story((*head, *aside, *flow, *closing))


def invent_kickers(rng: Random) -> list[Block]:
    """One line above a title or two: the name of a column, a slogan in two halves, the body the story is of."""
    unit = invent.unit(rng)
    pick = rng.random()
    if pick < 0.35:
        return [Block("kicker", (unit,), late=rng.random() < 0.3)]
    if pick < 0.75:
        return [Block("kicker", (invent.column_title(rng),), late=rng.random() < 0.1)]
    if pick < 0.88:
        return [Block("kicker", invent.slogan(rng))]
    return [Block("kicker", (invent.column_title(rng),)), Block("kicker", (unit,))]


def _without_chance_twins(stories: tuple[Story, ...]) -> tuple[Story, ...]:
    """Leave out headings whose words stand as a line of their own elsewhere: on real pages that hardly happens."""
    lines = Counter(half for story in stories for block in story.blocks for half in (*block.halves, block.text))
    kept = (
        tuple(b for b in story.blocks if b.role != "heading" or all(lines[h] <= 1 + (h == b.text) for h in b.halves))
        for story in stories
    )
    return tuple(replace(story, blocks=blocks) for story, blocks in zip(stories, kept, strict=True))


def _under_one_column_title(stories: tuple[Story, ...], rng: Random) -> tuple[Story, ...]:
    """Now and then some neighbouring stories of a page stand under the same column title, printed over each."""
    if len(stories) < 2 or rng.random() >= SHARED:
        return stories
    first = rng.randrange(len(stories) - 1)
    kicker = Block("kicker", (invent.column_title(rng),))
    last = min(first + rng.choice((2, 2, 3)), len(stories))
    out = list(stories)
    for place in range(first, last):
        out[place] = replace(stories[place], blocks=(kicker, *stories[place].blocks))
        if rng.random() < UNTITLED:  # a comment that stands under the name of its column alone
            kept = tuple(block for block in out[place].blocks if block.role not in ("title", "subtitle"))
            out[place] = replace(out[place], blocks=kept, flags=("headless",))
    return tuple(out)


NEWS_BESIDE = 0.7  # of the texts beside a notice or a letter on a page
FEWEST_ALIKE, PARAGRAPHS_ALIKE = 3, 60  # articles and paragraphs that a chapter of a gazetteer is made of
LONGEST_AFTER_PLACE = 16  # characters of a title that is printed behind the place it tells of
SHARED = 0.3  # of pages
UNTITLED = 0.3  # of the stories under a shared column title


def _printed_halves(title: str, rng: Random) -> tuple[str, ...]:
    halves = _halves(title)
    if len(halves) == 1 and len(title) >= 12 and rng.random() < 0.25:
        cuts = [m.end() for m in re.finditer(r"[：，！？]", title) if 4 <= m.end() <= len(title) - 4]
        if cuts:
            cut = rng.choice(cuts)
            return title[: cut if title[cut - 1] != "，" else cut - 1].strip(), title[cut:].strip()
    return halves


def _aside(rng: Random) -> list[Block]:
    caption, credit = invent.caption(rng), invent.credit(rng)
    pick = rng.random()
    if pick < 0.12:  # what the news is, then what the picture shows
        news = Block("caption", (invent.caption_news(rng),), free=True)
        return [news, Block("caption", (caption,), free=True), Block("credit", (credit,), free=True)]
    if pick < 0.45:
        return [Block("caption", (caption,), free=True), Block("credit", (credit,), free=True)]
    if pick < 0.9:
        return [Block("caption", (caption + credit,), free=True)]
    return [Block("caption", (caption,), free=True)]


def _with_trap(text: str, is_heading: bool, rng: Random, traps: list[str]) -> tuple[str, bool]:
    if is_heading or rng.random() > 0.3:
        return text, is_heading
    sentence, words = invent.trap(rng)
    traps.extend(words)
    return text + sentence, False
