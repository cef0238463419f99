"""Compiled shortest-path search on a road graph, bounded by a limit, with Dial's buckets (Dial 1969).

Nodes wait in buckets by distance; a bucket holds a band of distances, and a node improved while its band is open
is simply searched again, so results are exact whatever the band. Everything is in whole units: centimetres or
hundredths of a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

COMPILE: dict[str, Any] = {"cache": True, "nogil": True, "boundscheck": False}
FAR = np.int32(2**31 - 1)


@njit(inline="always")
def push(queue: Any, bucket: int, node: int, used: int) -> Any:
    """Put a node in a bucket; the queue is first (per bucket), following and nodes (per entry)."""
    first, following, nodes = queue
    if used == len(nodes):
        longer = np.empty(2 * len(nodes), np.int32)
        longer[:used] = nodes
        nodes = longer
        longer = np.empty(2 * len(following), np.int32)
        longer[:used] = following
        following = longer
    nodes[used], following[used] = node, first[bucket]
    first[bucket] = used
    return (first, following, nodes), used + 1


@njit(inline="always")
def search(graph: Any, source: int, offset: int, limit: int, band: int, best: Any, touched: Any, queue: Any) -> Any:
    """Find the least distance from a source to all nodes within the limit.

    ``best`` must be FAR everywhere and is left filled for the nodes listed in ``touched``; gives how many those are.
    """
    start, head, length = graph
    if offset > limit:
        return 0, queue
    best[source] = offset
    touched[0] = source
    count = 1
    queue, used = push(queue, offset // band, source, 0)
    for bucket in range(offset // band, limit // band + 1):
        while queue[0][bucket] >= 0:
            entry = queue[0][bucket]
            queue[0][bucket] = queue[1][entry]
            node = queue[2][entry]
            here = best[node]
            if here // band != bucket or here < 0:
                continue
            for arc in range(start[node], start[node + 1]):
                there = here + length[arc]
                to = head[arc]
                if there <= limit and there < best[to]:
                    if best[to] == FAR:
                        touched[count] = to
                        count += 1
                    best[to] = there
                    queue, used = push(queue, there // band, to, used)
    return count, queue


@njit(**COMPILE)
def reach_counts(graph: Any, sources: Any, offsets: Any, limit: int, band: int) -> Any:
    """Count, for every node, the sources within the limit."""
    nodes = len(graph[0]) - 1
    counts, best, touched = np.zeros(nodes, np.int32), np.full(nodes, FAR), np.empty(nodes, np.int32)
    queue = (np.full(limit // band + 1, np.int32(-1)), np.empty(4096, np.int32), np.empty(4096, np.int32))
    for s in range(len(sources)):
        reached, queue = search(graph, sources[s], offsets[s], limit, band, best, touched, queue)
        for t in range(reached):
            counts[touched[t]] += 1
            best[touched[t]] = FAR
    return counts


@njit(**COMPILE)
def reach_pairs(graph: Any, sources: Any, offsets: Any, limit: int, band: int, wanted: Any) -> Any:
    """List node, source number and distance for the wanted nodes within the limit of each source."""
    nodes = len(graph[0]) - 1
    best, touched = np.full(nodes, FAR), np.empty(nodes, np.int32)
    queue = (np.full(limit // band + 1, np.int32(-1)), np.empty(4096, np.int32), np.empty(4096, np.int32))
    found, room = 0, 1 << 16
    node, source, distance = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    for s in range(len(sources)):
        reached, queue = search(graph, sources[s], offsets[s], limit, band, best, touched, queue)
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


@njit(inline="always")
def longer(values: Any, room: int) -> Any:
    """Copy an array into a longer one."""
    copy = np.empty(room, np.int32)
    copy[: len(values)] = values
    return copy


@njit(**COMPILE)
def two_nearest(graph: Any, sources: Any, offsets: Any, limit: int, band: int) -> Any:
    """Find the two nearest distinct sources of every node in one pass: numbers (-1 for none) and distances (FAR)."""
    start, head, length = graph
    nodes = len(start) - 1
    label, best = np.full((nodes, 2), np.int32(-1)), np.full((nodes, 2), FAR)
    queue = (np.full(limit // band + 1, np.int32(-1)), np.empty(4096, np.int32), np.empty(4096, np.int32))
    used = 0
    for s in range(len(sources)):
        if offsets[s] <= limit and improve(label, best, sources[s], s, offsets[s]):
            queue, used = push(queue, offsets[s] // band, sources[s], used)
    for bucket in range(limit // band + 1):
        while queue[0][bucket] >= 0:
            entry = queue[0][bucket]
            queue[0][bucket] = queue[1][entry]
            node = queue[2][entry]
            for rank in range(2):
                here, s = best[node, rank], label[node, rank]
                if s < 0 or here // band != bucket:
                    continue
                for arc in range(start[node], start[node + 1]):
                    there = here + length[arc]
                    if there <= limit and improve(label, best, head[arc], s, there):
                        queue, used = push(queue, there // band, head[arc], used)
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
