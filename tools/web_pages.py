"""The page that shows the pages of the web application: the pictures that `make screenshots` took of them."""

from __future__ import annotations

from pathlib import Path

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "assets" / "web"
WIDTHS = (1440, 320)


def web_pages() -> str:
    """Write the page: every page at both widths, in the order of their names."""
    names = sorted({path.stem.rpartition("-")[0] for path in PICTURES.glob("*.png")})
    lines = [
        "# Pages of the web application\n",
        "What an analyst, and on the pages of accounts an administrator, sees in the small, made-up country of the "
        "tests, in a wide window and on a telephone. "
        "`make screenshots` takes the pictures; the same test looks at every page in every role for barriers.\n",
    ]
    for name in names:
        shown = " ".join(
            f"![{name} at {width} px](../assets/web/{name}-{width}.png){{ width={width // 3} }}" for width in WIDTHS
        )
        lines.append(f"## {name}\n\n{shown}\n")
    return "\n".join(lines)


def _picture(name: str, width: int) -> str:
    """Show one picture, a third of its size."""
    return f"![{name} at {width} px](../assets/web/{name}-{width}.png){{ width={width // 3} }}"
