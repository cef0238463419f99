"""Compiled shortest-path search on a road graph, bounded by a limit, with Dial's buckets (Dial 1969).

Nodes wait in buckets by distance; a bucket holds a band of distances, and a node improved while its band is open
is simply searched again, so results are exact whatever the band (2 to the power of ``shift`` units). Units are whole:
centimetres or hundredths of a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

COMPILE: dict[str, Any] = {"cache": True, "nogil": True, "boundscheck": False}
FAR = np.int32(2**31 - 1)


@njit(inline="always")
def longer(values: Any, room: int) -> Any:
    """Copy an array into a longer one."""
    copy = np.empty(room, np.int32)
    copy[: len(values)] = values
    return copy


@njit(inline="always")
def search(graph: Any, source: int, offset: int, limit: int, shift: int, best: Any, touched: Any, queue: Any) -> Any:
    """Find the least distance from a source to all nodes within the limit.

    ``best`` must be FAR everywhere and is left filled for the nodes listed in ``touched``; gives how many those are and
    the queue, which is first (per bucket), following and node (per entry), and grows when it must.
    """
    start, arcs = graph
    first, following, waiting = queue
    if offset > limit:
        return 0, queue
    best[source], touched[0], count = offset, source, 1
    waiting[0], following[0], first[offset >> shift], used = source, -1, 0, 1
    for bucket in range(offset >> shift, (limit >> shift) + 1):
        while first[bucket] >= 0:
            entry = first[bucket]
            first[bucket] = following[entry]
            node = waiting[entry]
            here = best[node]
            if here >> shift != bucket:
                continue
            most = used + start[node + 1] - start[node]
            if most > len(waiting):
                following, waiting = longer(following, 2 * most), longer(waiting, 2 * most)
            for arc in range(start[node], start[node + 1]):
                to, there = arcs[arc, 0], here + arcs[arc, 1]
                if there <= limit and there < best[to]:
                    if best[to] == FAR:
                        touched[count] = to
                        count += 1
                    best[to] = there
                    waiting[used], following[used] = to, first[there >> shift]
                    first[there >> shift] = used
                    used += 1
    return count, (first, following, waiting)


@njit(**COMPILE)
def reach_counts(graph: Any, sources: Any, offsets: Any, limit: int, shift: int) -> Any:
    """Count, for every node, the sources within the limit."""
    nodes = len(graph[0]) - 1
    counts, best, touched = np.zeros(nodes, np.int32), np.full(nodes, FAR), np.empty(nodes, np.int32)
    queue = (np.full((limit >> shift) + 1, np.int32(-1)), np.empty(4096, np.int32), np.empty(4096, np.int32))
    for s in range(len(sources)):
        reached, queue = search(graph, sources[s], offsets[s], limit, shift, best, touched, queue)
        for t in range(reached):
            counts[touched[t]] += 1
            best[touched[t]] = FAR
    return counts


@njit(**COMPILE)
def reach_pairs(graph: Any, sources: Any, offsets: Any, limit: int, shift: int, wanted: Any) -> Any:
    """List node, source number and distance for the wanted nodes within the limit of each source."""
    nodes = len(graph[0]) - 1
    best, touched = np.full(nodes, FAR), np.empty(nodes, np.int32)
    queue = (np.full((limit >> shift) + 1, np.int32(-1)), np.empty(4096, np.int32), np.empty(4096, np.int32))
    found, room = 0, 1 << 16
    node, source, distance = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    for s in range(len(sources)):
        reached, queue = search(graph, sources[s], offsets[s], limit, shift, best, touched, queue)
        if found + reached > room:
            room = 2 * (found + reached)
            node, source, distance = longer(node, room), longer(source, room), longer(distance, room)
        for t in range(reached):
            n = touched[t]
            if wanted[n]:
                node[found], source[found], distance[found] = n, s, best[n]
                found += 1
            best[n] = FAR
    return node[:found], source[:found], distance[:found]


@njit(**COMPILE)
def two_nearest(graph: Any, sources: Any, offsets: Any, limit: int, shift: int) -> Any:
    """Find the two nearest distinct sources of every node in one pass: numbers (-1 for none) and distances (FAR)."""
    start, arcs = graph
    nodes = len(start) - 1
    label, best = np.full((nodes, 2), np.int32(-1)), np.full((nodes, 2), FAR)
    first = np.full((limit >> shift) + 1, np.int32(-1))
    following, waiting = np.empty(2 * len(sources) + 4096, np.int32), np.empty(2 * len(sources) + 4096, np.int32)
    used = 0
    for s in range(len(sources)):
        if offsets[s] <= limit and improve(label, best, sources[s], s, offsets[s]):
            waiting[used], following[used] = sources[s], first[offsets[s] >> shift]
            first[offsets[s] >> shift] = used
            used += 1
    for bucket in range((limit >> shift) + 1):
        while first[bucket] >= 0:
            entry = first[bucket]
            first[bucket] = following[entry]
            node = waiting[entry]
            most = used + 2 * (start[node + 1] - start[node])
            if most > len(waiting):
                following, waiting = longer(following, 2 * most), longer(waiting, 2 * most)
            for rank in range(2):
                here, s = best[node, rank], label[node, rank]
                if s < 0 or here >> shift != bucket:
                    continue
                for arc in range(start[node], start[node + 1]):
                    to, there = arcs[arc, 0], here + arcs[arc, 1]
                    if there <= limit and improve(label, best, to, s, there):
                        waiting[used], following[used] = to, first[there >> shift]
                        first[there >> shift] = used
                        used += 1
    return label, best


@njit(inline="always")
def improve(label: Any, best: Any, node: int, source: int, distance: int) -> bool:
    """Let a source take one of a node's two labels if it is nearer; give whether anything changed."""
    if label[node, 0] == source:
        if distance >= best[node, 0]:
            return False
        best[node, 0] = distance
        return True
    if distance < best[node, 0] or (distance == best[node, 0] and source < label[node, 0]):
        label[node, 1], best[node, 1] = label[node, 0], best[node, 0]
        label[node, 0], best[node, 0] = source, distance
        return True
    if label[node, 1] != source and (
        distance > best[node, 1] or (distance == best[node, 1] and label[node, 1] >= 0 and source > label[node, 1])
    ):
        return False
    if label[node, 1] == source and distance >= best[node, 1]:
        return False
    label[node, 1], best[node, 1] = source, distance
    return True
