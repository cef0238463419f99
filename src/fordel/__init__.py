"""Fordel: the open planning system for GP capacity (lægekapacitet i det almenmedicinske tilbud) in Denmark."""

from importlib.metadata import version

__version__ = version("fordel")
