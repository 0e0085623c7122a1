"""Runs the extractors people use on a PDF or its scan and returns raw lines, in the habits those tools are run with.

It reports what the tools print, strange as it may be; it mends nothing.
"""

from __future__ import annotations

import io
import logging
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pymupdf
import pypdfium2  # type: ignore[import-untyped,unused-ignore]
from pdfminer.high_level import extract_text
from PIL import Image, ImageFilter

from bench.compose import Kind

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it complains of every font without a box

Extracted = list[str]  # lines; an empty one is a blank line


def _open(pdf: Path) -> Any:
    return pymupdf.open(pdf)  # type: ignore[no-untyped-call]


def pdftotext(pdf: Path, *options: str) -> Extracted:
    """Poppler's pdftotext with the options given (-layout, -raw)."""
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", *options, str(pdf), "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8", "replace").split("\n")


def mupdf_text(pdf: Path) -> Extracted:
    """PyMuPDF's plain text: lines in drawing order."""
    with _open(pdf) as document:
        return [line for page in document for line in page.get_text("text").split("\n")]


def mupdf_blocks(pdf: Path) -> Extracted:
    """PyMuPDF's blocks, a blank line after each."""
    with _open(pdf) as document:
        return [
            line
            for page in document
            for block in page.get_text("blocks")
            if block[6] == 0
            for line in (*block[4].rstrip("\n").split("\n"), "")
        ]


def _mupdf_boxes(pdf: Path) -> list[list[tuple[float, float, float, str]]]:
    """Lines of each page as (top, left, size, text)."""
    pages = []
    with _open(pdf) as document:
        for page in document:
            boxes = []
            for block in page.get_text("dict")["blocks"]:
                for line in block.get("lines", []):
                    text = "".join(span["text"] for span in line["spans"])
                    if text.strip():
                        boxes.append((line["bbox"][1], line["bbox"][0], line["spans"][0]["size"], text))
            pages.append(boxes)
    return pages


def mupdf_lines(pdf: Path) -> Extracted:
    """PyMuPDF's lines in drawing order, first-line indents written as ideographic spaces from the boxes."""
    lines: Extracted = []
    for boxes in _mupdf_boxes(pdf):
        lefts = sorted({round(left) for _, left, _, _ in boxes})
        for _, left, size, text in boxes:
            column = max((x for x in lefts if x <= left - 1.5 * size and x >= left - 2.5 * size), default=None)
            lines.append(("　　" if column is not None and not text.startswith("　") else "") + text)
    return lines


def mupdf_rows(pdf: Path) -> Extracted:
    """PyMuPDF's lines by height and then from the left: columns interleaved row by row."""
    return [
        text for boxes in _mupdf_boxes(pdf) for _, _, _, text in sorted(boxes, key=lambda b: (round(b[0] / 4), b[1]))
    ]


def pdfminer(pdf: Path) -> Extracted:
    """pdfminer.six with its own layout analysis."""
    return str(extract_text(str(pdf))).split("\n")


def pdfium(pdf: Path) -> Extracted:
    """pypdfium2's text of each page."""
    document = pypdfium2.PdfDocument(str(pdf))
    try:
        return [
            line for page in document for line in page.get_textpage().get_text_range().replace("\r\n", "\n").split("\n")
        ]
    finally:
        document.close()


# ------------------------------------------------------------------ recognition


def scan(pdf: Path, dpi: int, rng: Random) -> list[Image.Image]:
    """Each page as a degraded grey image: turned a little, blurred, with uneven paper."""
    images = []
    with _open(pdf) as document:
        for page in document:
            picture: Image.Image = Image.open(
                io.BytesIO(page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY).tobytes("png"))
            )
            picture = picture.rotate(rng.uniform(-0.25, 0.25), resample=Image.Resampling.BICUBIC, fillcolor=255)
            picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.7)))
            noise = Image.effect_noise(picture.size, rng.uniform(4, 18))
            images.append(Image.blend(picture, noise, rng.uniform(0.02, 0.06)))
    return images


def tesseract(images: Sequence[Image.Image], mode: int) -> Extracted:
    """Tesseract with chi_sim and a page segmentation mode; spaces between Han are its own."""
    lines: Extracted = []
    for image in images:
        buffer = io.BytesIO()
        image.save(buffer, "png")
        command = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", str(mode), "-c", "preserve_interword_spaces=1"]
        done = subprocess.run(
            command,
            input=buffer.getvalue(),
            capture_output=True,
            check=True,
            timeout=240,
            env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin"},
        )
        lines += done.stdout.decode("utf-8", "replace").replace("\f", "").split("\n")
    return lines


@cache
def _rapid() -> Callable[[Any], Any]:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})


def rapid_rows(images: Sequence[Image.Image]) -> Extracted:
    """RapidOCR's boxes in its own order, by their top edge."""
    return [text for image in images for _, _, _, text in _rapid_boxes(image)]


def rapid_regions(images: Sequence[Image.Image]) -> Extracted:
    """RapidOCR's boxes gathered into columns: boxes that overlap sideways and follow closely form one region."""
    lines: Extracted = []
    for image in images:
        regions: list[list[tuple[float, float, float, str]]] = []
        for box in sorted(_rapid_boxes(image)):
            top, left, height, _ = box
            for region in regions:
                last = region[-1]
                if (
                    abs(last[1] - left) < 3 * height
                    and 0 < top - last[0] < 3 * height
                    and abs(last[2] - height) < 0.35 * height
                ):
                    region.append(box)
                    break
            else:
                regions.append([box])
        for region in sorted(regions, key=lambda r: (round(r[0][1] / 200), r[0][0])):
            lines += [*(text for *_, text in region), ""]
    return lines


def _rapid_boxes(image: Image.Image) -> list[tuple[float, float, float, str]]:
    import numpy

    result = _rapid()(numpy.asarray(image.convert("RGB")))
    if result.boxes is None:
        return []
    return [
        (float(b[:, 1].min()), float(b[:, 0].min()), float(b[:, 1].max() - b[:, 1].min()), t)
        for b, t in zip(result.boxes, result.txts, strict=True)
    ]


# ------------------------------------------------------------------ habits

FLOWING: dict[str, Callable[[Path], Extracted]] = {
    "pdftotext": pdftotext,
    "pdftotext-raw": lambda pdf: pdftotext(pdf, "-raw"),
    "mutext": mupdf_text,
    "mublocks": mupdf_blocks,
    "mulines": mupdf_lines,
    "pdfminer": pdfminer,
    "pdfium": pdfium,
}
ZIPPED: dict[str, Callable[[Path], Extracted]] = {
    "murows": mupdf_rows,
    "pdfminer": pdfminer,
    "rapid-rows": lambda pdf: rapid_rows(scan(pdf, 200, Random(pdf.stat().st_size))),
}


def extract(pdf: Path, kind: Kind, rng: Random) -> tuple[Extracted, dict[str, object]]:
    """The raw lines of a page of this kind by a fitting tool and habit, with their names."""
    if kind == "K4":
        return pdftotext(pdf, "-layout"), {"extractor": "pdftotext-layout", "policy": "as is"}
    if kind == "K6":
        images = scan(pdf, 200, rng)
        name = rng.choice(("tesseract-psm1", "tesseract-psm3", "rapid-regions", "rapid-regions"))
        lines = rapid_regions(images) if name == "rapid-regions" else tesseract(images, int(name[-1]))
        return lines, {"extractor": name, "dpi": 200}
    tools = ZIPPED if kind == "K5" else FLOWING
    name = rng.choice(sorted(tools))
    return _habit(tools[name](pdf), name, rng)


def _habit(lines: Extracted, name: str, rng: Random) -> tuple[Extracted, dict[str, object]]:
    policy = "indent" if name == "mulines" else rng.choice(("as is", "each", "each", "none"))
    if policy == "each":
        lines = [x for line in lines if line.strip() for x in (line.strip(), "")]
    elif policy in ("none", "indent"):
        lines = [line.rstrip() if policy == "indent" else line.strip() for line in lines if line.strip()]
    how: dict[str, object] = {"extractor": name, "policy": policy}
    return lines, how | ({"dpi": 200} if name.startswith("rapid") else {})
