"""
Context weights of the open characters, learned from native text: the second half of ``readings.bin``.

Comes in: a lexicon, and sentences as people in Taiwan and Hong Kong wrote them. Goes out: integer weights of
features. A structured perceptron: each sentence is written in Simplified, read by the lattice as the converter
reads it, and the weights move wherever it reads another character than was written. The average over all steps
is kept. Seeds are fixed and all arithmetic that matters is in integers.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from readings_people import NO_GIVEN, NOT_BY_GIVEN
from readings_sounds import ANYTHING, NO_SOUNDS
from readings_words import CHANNEL, CHANNELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from readings_classes import Classes
    from readings_people import People
    from readings_sounds import Sounds
    from readings_words import Lexicon

# Neighbours at the ends of a line, as features have them.
START, END = "\x02", "\x03"
# That there is no name around teaches nothing: how common a reading is, the lexicon knows better.
NOT_LEARNED = (NO_SOUNDS, NO_GIVEN)
# Layers of templates: of all text, of Cantonese, of Hong Kong.
STANDARD, CANTONESE, HONG_KONG = 0, 16, 32
# Templates of transliterations, of given names, and of given names with what stands before the family.
SOUNDS, PEOPLE, PLACED = 6, 7, 8
# Hong Kong's sentences are spoken ones, and there 裏 is 入面: what is left of 里 are names.
SAID_OTHERWISE = "里"
MARGIN = 10
# Words have at most so many characters.
MOST = 8
# Orders in which the sentences are learned from.
SEEDS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
INFINITE = 1 << 30

Feature = tuple[int, str, str, str]  # template, key, and what stands around it


class Reader:
    """The lattice, as the converter has it (``rust/core/src/convert/lattice``)."""

    def __init__(self, classes: Classes, lexicon: Lexicon, sounds: Sounds, people: People) -> None:
        self.classes, self.lexicon, self.sounds, self.people = classes, lexicon, sounds, people
        self.weights: dict[tuple[Feature, str], int] = {}
        for key, readings in classes.readings.items():
            for reading in readings:
                if classes.simplified_alone(reading) != key:
                    self.weights[(0, key, "", ""), reading] = -CHANNELS.get(key, CHANNEL)

    def features(self, keys: str, at: int, layer: int) -> list[Feature]:
        k, n = keys[at], len(keys)
        a = keys[at - 1] if at else START
        b = keys[at - 2] if at > 1 else START
        c = keys[at + 1] if at + 1 < n else END
        d = keys[at + 2] if at + 2 < n else END
        if layer:
            return [(layer, k, "", ""), (layer + 1, k, a, ""), (layer + 2, k, c, ""), (layer + 3, k, b, a),
                    (layer + 4, k, c, d), (layer + 5, k, a, c)]  # fmt: skip
        found = [(0, k, "", ""), (1, k, a, ""), (2, k, c, ""), (3, k, b, a), (4, k, c, d), (5, k, a, c),
                 (SOUNDS, k, self.sounds.around(keys, at), "")]  # fmt: skip
        if k in self.people.families:
            found.append((PEOPLE, k, self.people.behind(keys, at), ""))
        elif k == NOT_BY_GIVEN and (given := self.people.behind(keys, at)) != NO_GIVEN:
            found.append((PLACED, k, given, a))
        return found

    def choices(self, text: str, keys: str, at: int, layers: tuple[int, ...]) -> dict[str, int]:
        """What a character may be read as, and the cost of that in this context."""
        key = keys[at]
        if text[at] != key:
            return {self.classes.class_of.get(text[at], text[at]): 0}
        costs = dict.fromkeys(self.classes.readings[key], 0)
        for layer in layers:
            for feature in self.features(keys, at, layer):
                for reading in costs:
                    costs[reading] -= self.weights.get((feature, reading), 0)
        return costs

    def islands(self, keys: str) -> list[tuple[int, int]]:
        """
        Stretches around open characters in which words with such overlap, and as far as plain words cross their edges.
        """
        found: list[tuple[int, int]] = []
        plain = self.lexicon.plain
        at, floor = 0, 0
        while at < len(keys):
            if keys[at] not in self.classes.readings:
                at += 1
                continue
            start = at
            for place in range(max(floor, at - MOST + 1), at):
                if any(at < place + n and keys[place : place + n] not in plain for n in self.found(keys, place)):
                    start = place
                    break
            end, place = at + 1, start
            first = last = start
            while place < end:
                for n in self.found(keys, place):
                    if keys[place : place + n] not in plain:
                        end = max(end, place + n)
                    last = max(last, place + n)
                place += 1
            for place in range(start - 1, max(0, start - MOST + 1) - 1, -1):
                if any(start < place + n and keys[place : place + n] in plain for n in self.found(keys, place)):
                    first = place
            found.append((first, max(end, last)))
            at = floor = end
        return found

    def found(self, keys: str, at: int) -> list[int]:
        """Lengths of the words that begin at a place."""
        words, lengths = self.lexicon.words, self.lexicon.lengths
        return [n for n in lengths.get(keys[at : at + 2], ()) if at + n <= len(keys) and keys[at : at + n] in words]

    def read(self, keys: str, start: int, end: int, choices: list[dict[str, int] | None]) -> list[tuple[int, str]]:
        """The cheapest reading of an island: for every open character what it is."""
        size, lexicon = end - start, self.lexicon
        best, back = [INFINITE] * (size + 1), [(0, "")] * (size + 1)
        best[0] = 0
        for p in range(size):
            key, options = keys[start + p], choices[p]
            if options is None:
                single = best[p] + lexicon.characters.get(key, 150)
                if single < best[p + 1]:
                    best[p + 1], back[p + 1] = single, (p, "")
            else:
                for reading, extra in options.items():
                    single = best[p] + extra + lexicon.readings.get((key, reading), 170)
                    if single < best[p + 1]:
                        best[p + 1], back[p + 1] = single, (p, reading)
            for n in lexicon.lengths.get(keys[start + p : start + p + 2], ()):
                if p + n > size:
                    break
                for cost, word in lexicon.words.get(keys[start + p : start + p + n], ()):
                    total = best[p] + cost
                    for j in range(n if word else 0):
                        if (options := choices[p + j]) is not None:
                            if word[j] not in options:
                                break
                            total += options[word[j]]
                    else:
                        if total < best[p + n]:
                            best[p + n], back[p + n] = total, (p, word)
        path, q = [], size
        while q > 0:
            p, word = back[q]
            path += [(start + p + j, word[j]) for j in range(q - p) if word and choices[p + j] is not None]
            q = p
        return path

    def prefer_certain(self) -> None:
        """Make words whose spelling is certain so likely that alone on a line they win by a nat: 馬里."""
        words = self.lexicon.words
        for key, word in self.lexicon.certain.items():
            text = self.classes.simplified(word)
            choices = [
                self.choices(text, key, at, (STANDARD,)) if key[at] in self.classes.readings else None
                for at in range(len(key))
            ]
            [(cost, _)] = words[key]
            while cost:
                words[key] = [(cost + MARGIN, word)]
                if all(word[at] == reading for at, reading in self.read(key, 0, len(key), choices)):
                    break
                cost -= 1
            words[key] = [(cost, word)]


def train(reader: Reader, golds: list[str], epochs: int, layers: tuple[int, ...] = (STANDARD,)) -> None:
    """
    Move the weights of the last of the layers, with those before it as they are.

    What a perceptron learns of rare features hangs on the order of the sentences, so it learns in several orders, and
    the average over all steps of all of them is kept.
    """
    classes, layer = reader.classes, layers[-1]
    seen: Counter[Feature] = Counter()
    for gold in golds:
        keys = classes.key_of(classes.simplified(gold))
        for at, key in enumerate(keys):
            if key in classes.readings:
                seen.update(reader.features(keys, at, layer))
    global learning
    learning = partial(moved, reader, golds, epochs, layers, seen)
    sums: Counter[tuple[Feature, str]] = Counter()
    # What a process is forked with need not be sent to it, and what one order learns is nothing to another.
    with multiprocessing.get_context("fork").Pool() as pool:
        for learned in pool.imap_unordered(in_order, SEEDS):
            sums.update(learned)
    steps = len(golds) * epochs * len(SEEDS)
    for weight in sums:
        if kept := rounded(sums[weight], steps):
            reader.weights[weight] = kept


learning: Callable[[int], Counter[tuple[Feature, str]]]


def in_order(seed: int) -> Counter[tuple[Feature, str]]:
    """What is learned in one order."""
    return learning(seed)


def moved(
    reader: Reader, golds: list[str], epochs: int, layers: tuple[int, ...], seen: Counter[Feature], seed: int
) -> Counter[tuple[Feature, str]]:
    """The sum over all steps of each weight that moves, in one order of the sentences."""
    classes, dice, layer = reader.classes, random.Random(seed), layers[-1]
    before = reader.weights
    weights = reader.weights = dict(before)
    sums: Counter[tuple[Feature, str]] = Counter()
    since: dict[tuple[Feature, str], int] = {}
    step = 0

    def move(feature: tuple[Feature, str], by: int) -> None:
        old = weights.get(feature, 0)
        sums[feature] += old * (step - since.get(feature, 0))
        since[feature] = step
        weights[feature] = old + by

    for _ in range(epochs):
        order = list(range(len(golds)))
        dice.shuffle(order)
        for which in order:
            gold = golds[which]
            text = classes.simplified(gold)
            step += 1
            keys = classes.key_of(text)
            for start, end in reader.islands(keys):
                choices = []
                for at in range(start, end):
                    options = None
                    if keys[at] in classes.readings:
                        options = reader.choices(text, keys, at, layers)
                        if len(options) > 1:
                            options = {r: c - MARGIN * (r != gold[at]) for r, c in options.items()}
                    choices.append(options)
                for at, reading in reader.read(keys, start, end, choices):
                    wanted = gold[at]
                    if reading == wanted or text[at] != keys[at] or wanted not in (choices[at - start] or ()):
                        continue
                    if layer == HONG_KONG and keys[at] in SAID_OTHERWISE:
                        continue
                    for feature in reader.features(keys, at, layer):
                        # How common a reading is in Taiwan, the lexicon knows better than these few sources.
                        of = feature[2] + feature[3]
                        if seen[feature] > 1 and feature[0] and of not in NOT_LEARNED and ANYTHING not in of:
                            move((feature, wanted), 1)
                            move((feature, reading), -1)
    for weight in sums:
        sums[weight] += weights[weight] * (step - since[weight])
    reader.weights = before
    return sums


def rounded(total: int, steps: int) -> int:
    """A quotient in whole numbers, half away from zero, in a signed byte."""
    size = min(127, (2 * abs(total) + steps) // (2 * steps))
    return size if total > 0 else -size


def pieces(lines: Iterable[str], length: int = 120) -> list[str]:
    """Lines cut to a length that an epoch gets through."""
    return [line[at : at + length] for line in lines for at in range(0, len(line), length)]
