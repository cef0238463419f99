"""The model card (modelkort) of a need model: what it is, how well it tells use, for whom it is wrong."""

from fordel.publish.card._write import BadCard, write_card

__all__ = ["BadCard", "write_card"]
