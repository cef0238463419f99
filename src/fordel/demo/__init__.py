"""The demo snapshot "Danmark, åbne data": real people and areas from open data, and made-up practices."""

from fordel.demo.recipe import make_snapshot

__all__ = ["make_snapshot"]
