"""Read tables and snapshots from files, with every fault listed by place, and write them whole or not at all."""

from fordel.stores._folder import whole_folder
from fordel.stores.faults import BadInput, Fault
from fordel.stores.snapshot import read_snapshot, write_snapshot
from fordel.stores.table import read_table

__all__ = ["BadInput", "Fault", "read_snapshot", "read_table", "whole_folder", "write_snapshot"]
