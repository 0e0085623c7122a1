"""Takes the pictures of docs/pictures: the report of every seed in a wide and in a narrow window, and of the batch.

Run in a clone as `python docs/pictures.py`; needs Chromium, chromedriver and selenium (the test extra). It writes
nothing but the pictures.
"""

from __future__ import annotations

import base64
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from cleanup.batch.find import Search
from cleanup.batch.run import Manner, run
from cleanup.batch.work import Job
from cleanup.cli.voice import Quiet
from cleanup.report.write import PAGE, write

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WIDE, NARROW = (1280, 860), (390, 844)
QUALITY = 80  # of the pictures' compression, where text has no halo yet
SETTLED = 0.6  # seconds until fonts are there and the page has come to rest
STEP = "document.getElementById('next').click()"
HOVER = "document.querySelector('#right .b.title').dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))"
CARD = "document.querySelector('#right .m.sub, #right .m.cut').click()"
TABLE = "document.getElementById('sources-head').scrollIntoView()"
READ = "document.getElementById('read').click()"


def main() -> None:
    """Clean the seeds, open each page, and write the pictures."""
    binary, driver_binary = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if binary is None or driver_binary is None:
        sys.exit("needs Chromium and chromedriver, such as Debian's chromium and chromium-driver")
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        out = Path(folder) / "seeds"
        run([str(ROOT / "seeds")], out, Job(), search=Search(), manner=Manner(workers=1), watch=Quiet())
        write(out)
        options = webdriver.ChromeOptions()
        options.binary_location = binary
        for flag in (*FLAGS, f"--user-data-dir={folder}/profile"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(driver_binary))
        try:
            for page in sorted(out.glob(f"*/{PAGE}")):
                number = page.parent.name[:3]
                take(driver, page, f"{number}-wide", WIDE, STEP)
                take(driver, page, f"{number}-narrow", NARROW, STEP)
            first, last = (next(out.glob(f"{number}*/{PAGE}")) for number in ("000", "004"))
            take(driver, first, "order", WIDE, HOVER, language="zh-CN")
            take(driver, last, "card-dark", WIDE, CARD, dark=True)
            take(driver, first, "reading", WIDE, READ, language="zh-CN")
            take(driver, out / PAGE, "batch-wide", WIDE, "")
            take(driver, out / PAGE, "batch-narrow", NARROW, TABLE)
        finally:
            driver.quit()


def take(
    driver: Any, page: Path, name: str, size: tuple[int, int], act: str, *, dark: bool = False, language: str = "en"
) -> None:
    """Take one picture of a page, after a script has acted in it."""

    def tell(command: str, **parameters: Any) -> Any:
        return driver.execute_cdp_cmd(command, parameters)

    width, height = size
    tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    tell("Emulation.setEmulatedMedia", features=[scheme])
    agent = driver.execute_script("return navigator.userAgent")
    tell("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
    driver.get(page.as_uri())
    time.sleep(SETTLED)
    driver.execute_script(act)
    time.sleep(SETTLED)
    picture = tell("Page.captureScreenshot", format="webp", quality=QUALITY)
    (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(picture["data"]))


if __name__ == "__main__":
    main()
