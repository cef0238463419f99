"""Where a snapshot comes from: what every figure made from it must name."""

import dataframely as dy


class Sources(dy.Schema):
    """One row per source (kilde) of a snapshot: licence, attribution, and whether it is synthetic."""

    source_id = dy.String(primary_key=True, min_length=1, description="Short name. Unit: none.")
    tables = dy.String(description="Tables made from it, comma separated. Unit: none.")
    title = dy.String(min_length=1, description="Title of the source. Unit: none.")
    licence = dy.String(min_length=1, description="Licence, SPDX id where there is one. Unit: none.")
    attribution = dy.String(min_length=1, description="Words to print wherever it is used. Unit: none.")
    vintage = dy.String(description="What date or period it describes. Unit: none.")
    synthetic = dy.Bool(description="Made up, not observed. Unit: none.")
    note = dy.String(description="Known defects and what was done about them. Unit: none.")
    note_dansk = dy.String(description="The same in Danish. Unit: none.")
