"""Maps of a run: geometry on a sheet of paper, classes with colours, and the grid of cells as a picture."""

from fordel.publish.maps.cells import CHOICE_COLOURS, CellPicture, Grid, draw_choices, grid_of
from fordel.publish.maps.classes import Classes, Shade, diverging, sequential
from fordel.publish.maps.sheet import Closeup, Inset, Sheet, outlines

__all__ = [
    "CHOICE_COLOURS",
    "CellPicture",
    "Classes",
    "Closeup",
    "Grid",
    "Inset",
    "Shade",
    "Sheet",
    "diverging",
    "draw_choices",
    "grid_of",
    "outlines",
    "sequential",
]
