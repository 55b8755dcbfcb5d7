"""Exercises in numbers: stamps laid, added and cropped, and a gradient by the kernel, all written out."""

from __future__ import annotations

from collections.abc import Iterator

from symtconv.arrays import Array
from symtconv.derivation.example import shown_planes
from symtconv.derivation.exercise import Exercise
from symtconv.derivation.notation import Piece, Story, size_words
from symtconv.derivation.practicelayer import Practice, canvas_size, practice_of
from symtconv.derivation.statement import spare
from symtconv.derivation.values import formula_of
from symtconv.document.elision import elided_matrix
from symtconv.document.mathematics import Gradient, Inner, Math, Name, Relation, Spaced, Times, Transpose, Tuple
from symtconv.document.nodes import Block, Display, Paragraph

NARROW = 3


def practice_exercises(story: Story) -> Iterator[Exercise]:
    """Ask for C^T v and for the gradient by the kernel, in numbers."""
    practice = practice_of(story)
    if practice is None:
        return
    told = Story(practice.conv, story.notation)
    yield _stamps(story, told, practice)
    yield _gradient(told, practice)


def _stamps(story: Story, told: Story, practice: Practice) -> Exercise:
    letters = told.notation
    v, w, z = Name(letters.v), Name(letters.w), Name(letters.z)
    opening: list[Piece] = [*_which(story, practice), "Let ", v, " be 0 but for "]
    for number, pixel in enumerate(practice.pixels):
        opening += [" and " if number else "", Relation(_pixel(told, pixel), "=", practice.v[pixel])]
    opening += [", and take the given weights:" if practice.given is not None else ", and let the kernel be"]
    used = list(dict.fromkeys(pixel[0] for pixel in practice.pixels))
    kernels = [
        Relation(_plane_name(told, w, channel, b), "=", _image(told, practice.kernel[channel, b]))
        for channel in used
        for b in range(practice.depth)
    ]
    zeros = practice.conv.padding_mode == "zeros"
    cuts = any(axis.lo or canvas_size(axis) - axis.lo - axis.large for axis in practice.conv.axes)
    last = " and crop" if cuts else ""
    last = last if zeros else " and fold the padding back"
    question = (
        Paragraph(tuple(opening)),
        Display(*_rows(kernels, practice.kernel)),
        Paragraph((
            f"Lay the stamps{',' if last else ' and'} add them up{last}: what is ",
            Relation(z, "=", Transpose(letters.C) * v), "?"
        )),
    )  # fmt: skip
    stamps = []
    for pixel in practice.pixels:
        for b in range(practice.depth):
            name = Times(_pixel(told, pixel), _plane_name(told, w, pixel[0], b))
            stamps.append(Relation(name, "=", _image(told, practice.stamp(pixel, b))))
    f = Name(spare(story, "fhpue"))
    one = len(practice.pixels) == 1
    apart = "" if one else f"Laid {_apart(practice)} and added, they give, "
    where = ("before the crop," if cuts else "without a crop,") if zeros else "on the padded image,"
    answer: list[Block] = [
        Paragraph("The stamp is" if one and practice.depth == 1 else "The stamps are"),
        Display(*_rows(stamps, practice.stamp(practice.pixels[0], 0))),
        Paragraph((apart or "On the canvas, ", where)),
        shown_planes(told, f, practice.canvas),
        Paragraph(_crop_words(practice)),
        shown_planes(told, z, practice.z),
    ]
    if practice.conv.groups > 1:
        answer.append(Paragraph(("The channels of ", z, " in the other groups are 0.")))
    return Exercise(question, tuple(answer))


def _which(story: Story, practice: Practice) -> tuple[Piece, ...]:
    if practice.conv.axes == story.conv.axes and practice.conv.kernel_shape == story.conv.kernel_shape:
        return ()
    kind = "one axis and " if practice.conv.ndim < story.conv.ndim else ""
    channel = "one channel and " if practice.conv.single_channel and not story.single else ""
    return ("Take the layer of the same kind with ", kind, channel, *size_words(practice.conv.small_shape),
            " on the small side. ")  # fmt: skip


def _apart(practice: Practice) -> str:
    strides = practice.conv.stride
    if len(set(strides)) == 1:
        return f"{strides[0]} pixel{'s' * (strides[0] != 1)} apart"
    return f"{' and '.join(map(str, strides))} pixels apart along the axes"


def _crop_words(practice: Practice) -> tuple[Piece, ...]:
    conv = practice.conv
    if conv.padding_mode != "zeros":
        return ("What lies in the padding is added to the pixel that it copies:",)
    pairs = list(dict.fromkeys((axis.lo, canvas_size(axis) - axis.lo - axis.large) for axis in conv.axes))
    if pairs == [(0, 0)]:
        return ("Nothing is cropped:",)
    if len(pairs) == 1:
        where = " on each axis" if conv.ndim > 1 else ""
        crops: list[Piece] = [f"{pairs[0][0]} before and {pairs[0][1]} after{where}"]
    else:
        crops = []
        for place, axis in enumerate(conv.axes):
            after = canvas_size(axis) - axis.lo - axis.large
            crops.append(f"{', ' * (place > 0)}{axis.lo} before and {after} after on axis {place}")
    extended = any(part < 0 for pair in pairs for part in pair)
    return ("Crop, in pixels, ", *crops, " (a negative number adds zeros):" if extended else ":")


def _gradient(told: Story, practice: Practice) -> Exercise:
    letters = told.notation
    v, w, x, y = (Name(letter) for letter in (letters.v, letters.w, letters.x, letters.y))
    product = Inner(v, y)
    groups = " (and 0 in the channels of the other groups)" if practice.conv.groups > 1 else ""
    question = (
        Paragraph(("With ", v, " of the last exercise let ", x, f" be{groups}")),
        shown_planes(told, x, practice.x[: practice.depth]),
        Paragraph(
            ("What is the gradient of ", product, ", ", Relation(y, "=", Name(letters.C) * x), ", by the kernel?")
        ),
    )
    windows = [
        Relation(_window_name(told, pixel, b), "mapsto", _image(told, practice.window(pixel, b)))
        for pixel in practice.pixels
        for b in range(practice.depth)
    ]
    used = list(dict.fromkeys(pixel[0] for pixel in practice.pixels))
    results = [
        Relation(Gradient(_plane_name(told, w, channel, b), product), "=", _image(told, practice.gradient(channel, b)))
        for channel in used
        for b in range(practice.depth)
    ]
    weights: list[Piece] = []
    for pixel in practice.pixels:
        weights += [" and " if weights else "", formula_of(practice.v[pixel])]
    plural = "s" if len(practice.pixels) > 1 else ""
    padding = any(axis.lo > 0 or axis.hi > 0 for axis in practice.conv.axes) and practice.conv.padding_mode == "zeros"
    answer: list[Block] = [
        Paragraph((
            f"Only the output{plural} where ", v, " is not 0 count", "" if plural else "s", ". Tap by tap ",
            "they read" if plural else "it reads", " (0 for padding)" if padding else "",
            "" if practice.depth == 1 else ", named by the output and the channel,",
        )),
        Display(*_rows(windows, practice.kernel)),
        Paragraph(("These windows, times " if plural else "This, times ", *weights, ", add up to" if plural else
                   ", is")),
        Display(*_rows(results, practice.kernel)),
    ]  # fmt: skip
    if len(used) < practice.conv.small_channels:
        answer.append(Paragraph("For the other output channels the gradient is 0."))
    return Exercise(question, tuple(answer))


def _rows(lines: list[Relation], plane: Array) -> list[Math]:
    """Set two narrow matrices beside each other."""
    if plane.shape[-1] > NARROW or len(lines) < 2:
        return list(lines)
    return [Spaced(*lines[place : place + 2]) for place in range(0, len(lines), 2)]


def _pixel(told: Story, pixel: tuple[int, ...]) -> Name:
    return Name(told.notation.v, *told.counted(pixel[1:] if told.single else pixel))


def _window_name(told: Story, pixel: tuple[int, ...], b: int) -> Math:
    """Name the window of an output by the pixel of y that reads it, and the channel that it reads."""
    name = Name(told.notation.y, *told.counted(pixel[1:] if told.single else pixel))
    if told.single or told.conv.kernel_shape[1] == 1:
        return name
    return Tuple(name, Name(told.notation.x, *told.counted((b,))))


def _plane_name(told: Story, letter: Name, channel: int, b: int) -> Name:
    return letter if told.single else Name(letter.text, *told.counted((channel, b)))


def _image(told: Story, plane: Array) -> Math:
    grid = plane.reshape(-1, plane.shape[-1]) if plane.ndim > 1 else plane.reshape(1, -1)
    shape = (int(grid.shape[0]), int(grid.shape[1]))
    return elided_matrix(shape, lambda r, c: formula_of(grid[r, c]), brackets=told.notation.brackets)
