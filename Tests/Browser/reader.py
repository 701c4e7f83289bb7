"""A browser with its window and its keys, and the results of checks."""

import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

MISSING = 77


def missing(what):
    print(what)
    sys.exit(MISSING)


try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys
except ImportError:
    missing("no selenium for Python (pip install selenium, or Debian's python3-selenium)")

BROWSER = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
DRIVER = shutil.which("chromedriver")
if not BROWSER:
    missing("no Chromium")
if not DRIVER:
    missing("no chromedriver (Debian: chromium-driver)")

class Account:
    """The results of checks."""
    problems = []
    passed = 0


def check(is_true, what, found=None):
    """Records a failed check with the actual value."""
    if is_true:
        Account.passed += 1
    else:
        Account.problems.append(what if found is None else f"{what}; found {found}")
        print(f"FAILED  {Account.problems[-1]}", flush=True)
    return is_true


class Reader:
    """A browser with its window, its keys, and its network requests."""

    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = BROWSER
        self.profile = tempfile.mkdtemp(prefix="walk-")
        for argument in [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-extensions", "--disable-background-networking", "--disable-component-update",
            "--disable-dev-shm-usage", "--force-device-scale-factor=1", f"--user-data-dir={self.profile}",
            # A test changes slides faster than a person, and each change affects the address.
            "--disable-ipc-flooding-protection",
        ]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(30)

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait_for(self, script, *arguments):
        """Runs a script that calls its last argument when it is done."""
        return self.driver.execute_async_script(script, *arguments)

    def size(self, width, height):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def scheme(self, name, motion="no-preference"):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": name}, {"name": "prefers-reduced-motion", "value": motion}]})

    def keys(self, *keys):
        for key in keys:
            ActionChains(self.driver, duration=0).send_keys(key).perform()

    def open(self, url):
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(url)

    def requests(self):
        """The addresses requested since the last call."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def full_picture(self, path):
        """Takes a picture of the whole page, not only of the visible part."""
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return innerWidth")
        data = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"captureBeyondViewport": True,
             "clip": {"x": 0, "y": 0, "width": width, "height": min(height, 16000), "scale": 1}})
        write(path, data["data"])

    def picture(self, path):
        self.driver.save_screenshot(str(path))


def write(path, encoded):
    import base64
    pathlib.Path(path).write_bytes(base64.b64decode(encoded))
