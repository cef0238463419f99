"""Let fifty officers browse the web application at once, and write what they waited and what it took.

Usage: web_load.py LOCUST [MINUTES]. LOCUST is the program, installed from tools/load.lock; `make load` does it all.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from run import processor

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance" / "web.md"
OFFICERS, PORT = 50, 8799
HOST = f"http://127.0.0.1:{PORT}"
OTHER_YEARS = ("2025-07-01", "2026-12-31")
MIB = 2**20
ABOUT = """<!-- Written by `make load`; do not change by hand. -->

# The web application under load

{officers} officers browse for {minutes} minutes: planners, who see one region of the whole demo (98 municipalities,
1,685 synthetic practices), with three runs to choose between. One signs in each second,
until all are there; each reads for 4 to 12 seconds, then goes on to another page.
Two web processes, one worker and the database that comes along run on the machine that also makes the requests.

{table}
"""


@contextmanager
def served(home: Path) -> Iterator[psutil.Process]:
    """Serve the demo with its default two web processes and one worker."""
    command = [sys.executable, "-m", "fordel.cli", "serve", "--demo", "--home", str(home), "--port", str(PORT)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for("/praksis/")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def wait_for(address: str) -> None:
    """Wait until the pages answer."""
    for _ in range(600):
        with suppress(OSError):
            urllib.request.urlopen(HOST + address, timeout=5)  # noqa: S310 - our own address
            return
        time.sleep(0.5)
    sys.exit("The pages did not come up within five minutes.")


def ask_for_more_years() -> None:
    """Have the worker make two more runs, so that there are three to choose between."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def post(page: str, to: str, **given: str) -> str:
        html = browser.open(HOST + page).read().decode()
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[-1]
        if chosen := re.findall(r'<option value="([0-9a-f]{64})"', html):
            given["snapshot"] = chosen[0]
        sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **given}).encode()
        asked = urllib.request.Request(HOST + to, sent, {"Referer": HOST})  # noqa: S310
        return str(browser.open(asked).read().decode())

    for _ in range(240):  # the demo's accounts come once its run is made
        post("/konto/log-ind/", "/konto/log-ind/", username="analytiker", password="fordel-demo-2026")  # noqa: S106
        if "/opgaver/" in browser.open(HOST + "/").read().decode():
            break
        time.sleep(1)
    wait_for_runs(browser, 1)
    for day in OTHER_YEARS:
        post("/opgaver/", "/opgaver/ny/", law_date=day)
    wait_for_runs(browser, 1 + len(OTHER_YEARS))


def wait_for_runs(browser: urllib.request.OpenerDirector, how_many: int) -> None:
    """Wait until so many runs are listed."""
    for _ in range(240):
        if browser.open(HOST + "/koersler/").read().decode().count('<th scope="row"') >= how_many:
            return
        time.sleep(1)
    sys.exit(f"There were no {how_many} runs within four minutes.")


def memory(process: psutil.Process) -> int:
    """Sum the memory of a process and all its children that nobody else uses. Unit: bytes."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        with suppress(psutil.Error):
            total += one.memory_full_info().uss
    return total


def measure(locust: str, minutes: float, process: psutil.Process, folder: Path) -> tuple[list[int], list[float]]:
    """Let the officers browse; note memory and the load of the machine every ten seconds."""
    held, load = [], []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(10):
            held.append(memory(process))
            load.append(os.getloadavg()[0])

    watcher = threading.Thread(target=watch)
    watcher.start()
    command = [locust, "-f", str(ROOT / "bench" / "officers.py"), "--headless", "--users", str(OFFICERS)]
    command += [
        "--spawn-rate",
        "1",
        "--run-time",
        f"{round(minutes * 60)}s",
        "--host",
        HOST,
        "--csv",
        str(folder / "x"),
    ]
    subprocess.run([*command, "--only-summary"], check=False)
    done.set()
    watcher.join()
    return held, load


def page(rows: list[dict[str, str]], held: list[int], load: list[float], minutes: float) -> str:
    """Write the page."""
    head = ("Page", "Requests", "Failures", "Median, ms", "95 %, ms", "99 %, ms")
    columns = ("Request Count", "Failure Count", "50%", "95%", "99%")
    lines = [f"| {' | '.join(head)} |", "|---|" + "--:|" * len(columns)]
    for row in rows:
        whole = row["Name"] == "Aggregated"
        verb = "" if row["Type"] in ("GET", "") else f"{row['Type']} "
        name, mark = ("all", "**") if whole else (f"`{verb}{row['Name']}`", "")
        lines.append(f"| {name} | {' | '.join(f'{mark}{row[column]}{mark}' for column in columns)} |")
    quarter = max(len(held) // 4, 1)
    first, last = (sum(part) / len(part) / MIB for part in (held[quarter : 2 * quarter], held[-quarter:]))
    about = ABOUT.format(officers=OFFICERS, minutes=f"{minutes:g}", table="\n".join(lines))
    figures = f"Memory of all processes together: {first:,.0f} MiB on average in the second quarter of the time, "
    figures += f"{last:,.0f} MiB in the last. Load of the machine meanwhile: {min(load):.1f} to {max(load):.1f}, other "
    figures += f"work included. {processor()}, {os.cpu_count()} cores; measured {datetime.now(UTC).date().isoformat()}."
    return f"{about}\n{figures}\n"


def main() -> int:
    """Measure and write; 1 where a request failed."""
    locust, minutes = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    with tempfile.TemporaryDirectory() as folder:
        with served(Path(folder) / "home") as process:
            ask_for_more_years()
            held, load = measure(locust, minutes, process, Path(folder))
        with (Path(folder) / "x_stats.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    PAGE.write_text(page(rows, held, load, minutes), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))
    return int(any(int(row["Failure Count"]) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
