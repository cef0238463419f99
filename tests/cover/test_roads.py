"""Roads of the shipped extracts: Odense (GeoDanmark), Tunø and Rønne (OpenStreetMap)."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from fordel.coverage import CoverageError
from fordel.coverage.distance import geodesic
from fordel.coverage.paces import Paces
from fordel.engines.osm import duration, one_way, read_osm, speed
from fordel.engines.roads import Roads, cover_by_road
from fordel.engines.vejmidte import read_vejmidte
from fordel.law import Lawbook

SHIPPED = Path(str(files("fordel"))) / "demo" / "data"
PACES = Lawbook.shipped().on(date(2026, 2, 1)).load(Paces)[0]
TUNO_HARBOUR, OFF_HOV = (590_700.0, 6_201_300.0), (577_500.0, 6_200_000.0)


@pytest.fixture(scope="module")
def tuno() -> Roads:
    return read_osm(SHIPPED / "dk_osm_extracts_small" / "tuno.osm.gz", PACES)


def test_odense_by_road_is_never_shorter_than_the_geodesic() -> None:
    roads = read_vejmidte(SHIPPED / "dk_roads_addresses_dawa_sample" / "VejmidtTest.json.gz", PACES)
    rng = np.random.default_rng(1)
    in_odense = np.flatnonzero((np.abs(roads.xy - (581_500, 6_139_300)) < (6_500, 3_500)).all(axis=1))
    homes, practices = roads.xy[rng.choice(in_odense, 300)] + 20, roads.xy[rng.choice(in_odense, 30)]
    cover = cover_by_road(roads, homes, practices, 15_000.0, PACES)
    assert cover.pairs > 1_000
    line = geodesic(homes[cover.place], practices[cover.practice])
    assert (cover.metres - line).min() > -0.01
    assert 1.1 < np.median(cover.metres[line > 500] / line[line > 500]) < 2.5


def test_tuno_is_reached_by_its_ferry_alone_in_about_an_hour(tuno: Roads) -> None:
    ends = np.flatnonzero(np.bincount(tuno.tail[tuno.ferry], minlength=len(tuno)) == 1)
    west = tuno.xy[ends[tuno.xy[ends, 0].argmin()]]
    village = tuno.xy[tuno.tail[~tuno.ferry]].mean(axis=0)
    by_ferry = cover_by_road(tuno, west[None], village[None], 7_200.0, PACES, by="seconds")
    assert by_ferry.pairs == 1
    assert 60 <= by_ferry.metres[0] / 60 <= 80  # an hour's sailing, ten minutes' wait, and the road
    # Without the ferry nothing at the mainland's end is a road any more, so the point does not snap.
    dry = tuno.without_ferries()
    assert dry.snap(west[None], PACES.road_snap_limit).missing.tolist() == [0]
    assert cover_by_road(dry, west[None], village[None], 1e6, PACES).pairs == 0


def test_a_point_over_the_sea_is_not_moved_to_a_road(tuno: Roads) -> None:
    snapped = tuno.snap(np.array([[577_500.0, 6_210_000.0]]), limit=500.0)
    assert snapped.node.tolist() == [-1]
    assert snapped.metres[0] > 500


def test_ronne_has_one_way_streets_both_ways_round() -> None:
    roads = read_osm(SHIPPED / "dk_osm_extracts_small" / "ronne.osm.gz", PACES)
    arcs = set(zip(roads.tail.tolist(), roads.head.tolist(), strict=True))
    assert sum((head, tail) not in arcs for tail, head in arcs) > 10
    assert not roads.ferry.any()
    assert "OpenStreetMap" in roads.source


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "residential"}, 0),
        ({"highway": "residential", "oneway": "yes"}, 1),
        ({"highway": "residential", "oneway": "-1"}, -1),
        ({"highway": "primary", "junction": "roundabout"}, 1),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
    ],
)
def test_one_way(tags: dict[str, str], direction: int) -> None:
    assert one_way(tags) == direction


@pytest.mark.parametrize(
    ("maxspeed", "kilometres"),
    [("50", 50), ("DK:urban", 50), ("DK:rural", 80), ("30 mph", 48.28032), ("signals", 40), ("", 40), ("0", 40)],
)
def test_speed(maxspeed: str, kilometres: float) -> None:
    assert speed({"highway": "residential", "maxspeed": maxspeed}, PACES.road_speeds) == pytest.approx(kilometres)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:00", 3600), ("00:15:30", 930), ("45", 2700), ("PT1H30M", 5400), ("PT20M", 1200), (None, 0), ("soon", 0)],
)
def test_duration(text: str | None, seconds: float) -> None:
    assert duration(text) == seconds


def test_a_way_cut_by_the_edge_of_the_extract_makes_no_road_over_the_gap(tmp_path: Path) -> None:
    nodes = "".join(f'<node id="{n}" lat="55.{n}" lon="10.5"/>' for n in (1, 2, 4, 5))
    refs = "".join(f'<nd ref="{n}"/>' for n in (1, 2, 3, 4, 5))
    path = tmp_path / "cut.osm"
    path.write_text(f'<osm version="0.6">{nodes}<way id="9">{refs}<tag k="highway" v="residential"/></way></osm>')
    assert len(read_osm(path, PACES).tail) == 4


@pytest.mark.parametrize("content", [b"", b"not an extract", b"<osm version='0.6'><node"])
def test_what_is_no_extract_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.osm"
    path.write_bytes(content)
    with pytest.raises(CoverageError, match=r"broken\.osm"):
        read_osm(path, PACES).snap(np.zeros((1, 2)), 500.0)
    with pytest.raises(CoverageError, match="There is no file"):
        read_osm(tmp_path / "none.osm", PACES)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"features": [], "crs": {"properties": {"name": "EPSG:4326"}}}', b"\x1f\x8b"]
)
def test_what_is_no_centre_lines_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(CoverageError, match=r"broken\.json[\s\S]*EPSG:25832"):
        read_vejmidte(path, PACES)
