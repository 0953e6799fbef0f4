"""Weighed pairs of records → clusters in which no negative rule is broken, the same for any order of the pairs.

Belongs here: the clustering itself, on numbers. Does not: record keys, words, databases.

Pairs are taken in tiers, strongest first. In a tier all pairs are looked at together: where they would bring two
different ids of one registry into one cluster, every pair on a way between the two is refused, because none of them is
better founded than the others; branches that hang on such a way stay. So the outcome depends on the set of pairs only.
Cost: one union-find pass, and a look at each small component; a million pairs take seconds (benchmarks/identity.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Label = tuple[int, int]
"""(registry, id) as numbers: a record bears the label of each registry id that is its own."""

Pair = tuple[int, int]
Conflict = tuple[Label, Label]
IntArray = npt.NDArray[np.int64]


class Verdict(IntEnum):
    """What became of a pair. UNTRIED: it was not eligible."""

    UNTRIED = 0
    ACCEPTED = 1
    TWO_IDS = 2
    CHAIN = 3
    FORBIDDEN = 4


@dataclass(frozen=True, slots=True)
class Clustering:
    """`cluster`: int64, for each record the smallest record number of its cluster; `verdicts`: int8, for each pair;
    `conflicts`: for each refused pair two labels of one registry that it would have brought together (of a FORBIDDEN
    pair the two records); `contradicted`: the forbidden pairs that pins join all the same.
    """

    cluster: IntArray
    verdicts: npt.NDArray[np.int8]
    conflicts: Mapping[int, Conflict]
    contradicted: frozenset[Pair]


class _Forest:
    """Union-find over records, with what each root stands for."""

    def __init__(self, records: int, labels: Mapping[int, frozenset[Label]]) -> None:
        self.parent = list(range(records))
        self.labels = dict(labels)
        self.forbidden: dict[int, frozenset[Pair]] = {}

    def find(self, node: int) -> int:
        """The smallest record number of the node's cluster."""
        parent = self.parent
        root = node
        while parent[root] != root:
            root = parent[root]
        while parent[node] != root:
            parent[node], node = root, parent[node]
        return root

    def union(self, first: int, second: int) -> None:
        """The smaller number becomes the root, so roots do not depend on the order."""
        root, other = sorted((self.find(first), self.find(second)))
        if root == other:
            return
        self.parent[other] = root
        if labels := self.labels.pop(other, None):
            self.labels[root] = self.labels.get(root, frozenset()) | labels
        if pairs := self.forbidden.pop(other, None):
            self.forbidden[root] = self.forbidden.get(root, frozenset()) | pairs

    def keep_apart(self, pair: Pair) -> bool:
        """Note a forbidden pair; False where it is in one cluster already."""
        roots = {self.find(node) for node in pair}
        for root in roots:
            if len(roots) == 2:
                self.forbidden[root] = self.forbidden.get(root, frozenset()) | {pair}
        return len(roots) == 2

    def ends(self, pair: Pair) -> set[int]:
        """The roots of both records."""
        return {self.find(pair[0]), self.find(pair[1])}


def cluster(
    records: int,
    first: IntArray,
    second: IntArray,
    tier: IntArray,
    labels: Mapping[int, Iterable[Label]],
    pins: Iterable[Pair] = (),
    forbids: Iterable[Pair] = (),
) -> Clustering:
    """Cluster `records` records, numbered from 0, by the pairs (`first`, `second`).

    `tier`: 0 for the strongest pairs, then 1, 2, …; negative for pairs that are not to be tried. `labels` are each
    record's own registry ids; a cluster holds at most one id of a registry, but for those that pins bring together.
    `pins` are joined whatever else holds; `forbids` never end in one cluster unless pins join them (`contradicted`).
    Raises ValueError where the arrays differ in length.
    """
    if not len(first) == len(second) == len(tier):
        raise ValueError("first, second and tier must have one entry for each pair")
    own = {node: frozenset(labels_of) for node, labels_of in labels.items()}
    forest = _Forest(records, own)
    for a, b in pins:
        forest.union(a, b)
    apart = {(min(pair), max(pair)) for pair in forbids}
    contradicted = frozenset(pair for pair in sorted(apart) if not forest.keep_apart(pair))
    done = _Outcome(np.zeros(len(first), dtype=np.int8), {})
    order = np.argsort(tier, kind="stable")
    order = order[tier[order] >= 0]
    cuts = (np.flatnonzero(np.diff(tier[order])) + 1).tolist()
    for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True):
        chosen = order[start:end]
        _join(
            forest, own, list(zip(chosen.tolist(), first[chosen].tolist(), second[chosen].tolist(), strict=True)), done
        )
    roots = np.fromiter((forest.find(node) for node in range(records)), dtype=np.int64, count=records)
    return Clustering(roots, done.verdicts, done.conflicts, contradicted)


@dataclass(slots=True)
class _Outcome:
    verdicts: npt.NDArray[np.int8]
    conflicts: dict[int, Conflict]


def _join(
    forest: _Forest, own: Mapping[int, frozenset[Label]], pairs: Sequence[tuple[int, int, int]], done: _Outcome
) -> None:
    """Take one tier of (pair, record, record): refuse what conflicts by itself, then what would only together, join
    the rest."""
    edges: dict[int, Pair] = {}
    for pair, a, b in pairs:
        roots = forest.find(a), forest.find(b)
        if roots[0] == roots[1]:
            done.verdicts[pair] = Verdict.ACCEPTED
        elif found := _conflict(forest, roots):
            itself = _differing(own, (a, b))
            done.verdicts[pair] = Verdict.FORBIDDEN if found[0][0] < 0 else Verdict.TWO_IDS if itself else Verdict.CHAIN
            done.conflicts[pair] = itself or found
        else:
            edges[pair] = roots
    for component in _components(edges):
        nodes = {node for pair in component for node in edges[pair]}
        found = _conflict(forest, nodes) if len(component) > 1 else None
        contested = _between(component, edges, _at_odds(forest, nodes)) if found else set()
        for pair in component:
            done.verdicts[pair] = Verdict.ACCEPTED
            if found and pair in contested:
                done.verdicts[pair] = Verdict.FORBIDDEN if found[0][0] < 0 else Verdict.CHAIN
                done.conflicts[pair] = found
    for pair, (a, b) in edges.items():
        if done.verdicts[pair] == Verdict.ACCEPTED:
            forest.union(a, b)


def _components(edges: Mapping[int, Pair]) -> list[list[int]]:
    """The pairs of each connected component."""
    parent: dict[int, int] = {}

    def find(node: int) -> int:
        root = node
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[node] != root:
            parent[node], node = root, parent[node]
        return root

    for a, b in edges.values():
        root, other = sorted((find(a), find(b)))
        parent[other] = root
    found: dict[int, list[int]] = defaultdict(list)
    for pair, (a, _) in edges.items():
        found[find(a)].append(pair)
    return list(found.values())


def _by_registry(labels: Mapping[int, frozenset[Label]], nodes: Iterable[int]) -> dict[int, list[tuple[int, set[int]]]]:
    """For each registry the nodes that bear ids of it, and which."""
    found: dict[int, list[tuple[int, set[int]]]] = {}
    for node in nodes:
        ids: dict[int, set[int]] = {}
        for registry, one in labels.get(node, ()):
            ids.setdefault(registry, set()).add(one)
        for registry, some in ids.items():
            found.setdefault(registry, []).append((node, some))
    return found


def _differ(bearers: Sequence[tuple[int, set[int]]]) -> Pair | None:
    """Two ids that would come together anew: none where one node (by pins) has them all already."""
    together = set().union(*(ids for _, ids in bearers))
    if any(ids == together for _, ids in bearers):
        return None
    smallest = sorted(together)[:2]
    return smallest[0], smallest[1]


def _differing(labels: Mapping[int, frozenset[Label]], nodes: Iterable[int]) -> Conflict | None:
    for registry, bearers in sorted(_by_registry(labels, nodes).items()):
        if len(bearers) > 1 and (ids := _differ(bearers)):
            return (registry, ids[0]), (registry, ids[1])
    return None


def _conflict(forest: _Forest, nodes: Iterable[int]) -> Conflict | None:
    """Why these roots must not be one cluster: two labels, or two records (registry -1) that a person keeps apart."""
    if forest.forbidden:
        roots = set(nodes)
        apart = sorted(pair for node in roots for pair in forest.forbidden.get(node, ()) if forest.ends(pair) <= roots)
        if apart:
            return (-1, apart[0][0]), (-1, apart[0][1])
    return _differing(forest.labels, nodes)


def _at_odds(forest: _Forest, nodes: set[int]) -> set[int]:
    """The roots that cannot be together with another of them."""
    found = {
        node
        for bearers in _by_registry(forest.labels, nodes).values()
        if len(bearers) > 1 and _differ(bearers)
        for node, _ in bearers
    }
    for node in nodes:
        for pair in forest.forbidden.get(node, ()):
            if forest.ends(pair) <= nodes:
                found |= forest.ends(pair)
    return found


def _between(component: Sequence[int], edges: Mapping[int, Pair], ends: set[int]) -> set[int]:
    """The pairs left when branches without any of `ends` are cut off: those on ways between the ends."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for pair in component:
        a, b = edges[pair]
        neighbours[a].add(b)
        neighbours[b].add(a)
    leaves = [node for node, others in neighbours.items() if len(others) == 1 and node not in ends]
    while leaves:
        leaf = leaves.pop()
        for other in neighbours.pop(leaf, ()):
            neighbours[other].discard(leaf)
            if len(neighbours[other]) == 1 and other not in ends:
                leaves.append(other)
    return {pair for pair in component if edges[pair][0] in neighbours and edges[pair][1] in neighbours}
