"""A batch with its report, and one browser for all tests that need one."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cleanup import cli

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 20.0  # seconds until something that should happen in a page is given up


@dataclass(frozen=True)
class Cleaned:
    """The seeds, copied, and their output with its report."""

    sources: Path
    out: Path

    def page(self, number: str) -> Path:
        """Return the page of the seed that begins with a number."""
        return next(self.out.glob(f"{number}*/report.html"))


def run(*arguments: str | Path) -> int:
    """Run a command line; return its exit status."""
    result = CliRunner().invoke(cli.cleanup, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    """Clean the seeds with `run --report`, once for all tests that only look."""
    folder = tmp_path_factory.mktemp("seeds")
    shutil.copytree(ROOT / "seeds", folder / "pages")
    assert run("run", folder / "pages", "-o", folder / "out", "--report", "-q") == 0
    return Cleaned(folder / "pages", folder / "out")


class Browser:
    """A headless browser, as far as the tests need one."""

    def __init__(self, driver: Any, downloads: Path) -> None:
        self.driver, self.downloads = driver, downloads

    def open(
        self, page: Path, width: int = 1280, height: int = 860, *, dark: bool = False, language: str = "en"
    ) -> None:
        """Open a page in a window of a size, by a reader of a language."""
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", media="", features=[scheme])
        agent = self.driver.execute_script("return navigator.userAgent")
        self.tell("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
        self.driver.get("about:blank")
        self.driver.get(page.as_uri())
        self.until("return document.body.classList.contains('ready')")

    def tell(self, command: str, **parameters: Any) -> Any:
        """Send a command of the browser's own protocol."""
        return self.driver.execute_cdp_cmd(command, parameters)

    def js(self, script: str, *values: Any) -> Any:
        """Run a script in the page and return its value."""
        return self.driver.execute_script(script, *values)

    def until(self, script: str, *values: Any) -> Any:
        """Wait until a script returns something true, and return it."""
        end = time.monotonic() + PATIENCE
        while not (found := self.js(script, *values)):
            assert time.monotonic() < end, f"never true in the page: {script}"
            time.sleep(0.05)
        return found

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        from selenium.webdriver.common.action_chains import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def hover(self, selector: str) -> None:
        """Move the mouse onto an element."""
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).move_to_element(self.find(selector)).perform()

    def click(self, selector: str) -> None:
        """Click an element."""
        self.find(selector).click()

    def find(self, selector: str) -> Any:
        """Return the first element a selector finds."""
        return self.driver.find_element("css selector", selector)

    def downloaded(self, name: str) -> Path:
        """Wait for a download and return it."""
        end = time.monotonic() + PATIENCE
        path = self.downloads / name
        # an empty file of its name stands there until all of it has come
        while not (path.exists() and path.stat().st_size):
            assert time.monotonic() < end, f"{name} was never downloaded"
            time.sleep(0.05)
        return path

    def complaints(self) -> list[str]:
        """Return what the page has written to the browser's log since the last time."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start the one browser of a test run."""
    selenium = pytest.importorskip("selenium", reason="selenium is not installed: pip install '.[test]'")
    binary = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver_binary = shutil.which("chromedriver")
    if binary is None or driver_binary is None:
        pytest.skip("no Chromium with chromedriver on this machine")
    assert selenium
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    downloads = tmp_path_factory.mktemp("downloads")
    driver = webdriver.Chrome(options=options, service=Service(driver_binary))
    try:
        driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
        yield Browser(driver, downloads)
    finally:
        driver.quit()
