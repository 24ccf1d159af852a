# SPDX-License-Identifier: MIT
"""Draws a line plot as SVG: logarithmic x axis, y from zero, light and dark.

No plotting library is needed to look at the benchmark of a small project.
"""
import html
import math

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 56, 62
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { fill: #57606a }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .axis { stroke: #57606a; stroke-width: 1 }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
  .auto { fill: none; stroke-width: 1.5; stroke-dasharray: 6 5 }
  .s0 { stroke: #0969da } .f0 { fill: #0969da }
  .s1 { stroke: #bc4c00 } .f1 { fill: #bc4c00 }
  .back { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .grid { stroke: #30363d }
    .axis { stroke: #9198a1 }
    .s0 { stroke: #58a6ff } .f0 { fill: #58a6ff }
    .s1 { stroke: #ffa657 } .f1 { fill: #ffa657 }
    .back { fill: #0d1117 }
  }
"""


def nice_step(largest, steps=5):
    """1, 2 or 5 times a power of ten, for about `steps` grid lines."""
    raw = largest / steps
    power = 10 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= raw)


def text(x, y, content, css="", anchor="start"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'class="{css}">{html.escape(content)}</text>'
    )


def line(x1, y1, x2, y2, css):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{css}"/>'


class Scale:
    def __init__(self, xs, largest):
        self.low, self.high = math.log10(min(xs)), math.log10(max(xs))
        self.step = nice_step(largest * 1.05)
        self.top = self.step * math.ceil(largest * 1.05 / self.step)

    def x(self, value):
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        return HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM)


def draw_axes(scale, xs, x_label, y_label):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for i in range(round(scale.top / scale.step) + 1):
        value = i * scale.step
        parts.append(line(LEFT, scale.y(value), right, scale.y(value), "grid"))
        parts.append(text(LEFT - 8, scale.y(value) + 4, f"{value:g}", "quiet", "end"))
    for value in xs:
        parts.append(line(scale.x(value), bottom, scale.x(value), bottom + 5, "axis"))
        parts.append(text(scale.x(value), bottom + 21, f"{value:,}", "quiet", "middle"))
    parts.append(line(LEFT, bottom, right, bottom, "axis"))
    parts.append(text((LEFT + right) / 2, HEIGHT - 14, x_label, anchor="middle"))
    parts.append(text(LEFT, TOP - 12, y_label, "quiet"))
    return parts


def spread_labels(ends, gap=34):
    """Keep the labels at the right edge from lying on each other."""
    placed = {}
    last = -math.inf
    for index, y in sorted(enumerate(ends), key=lambda end: end[1]):
        last = max(y, last + gap)
        placed[index] = last
    return placed


def draw_series(scale, number, points, automatic):
    path = " ".join(f"{scale.x(x):.1f},{scale.y(y):.1f}" for x, y in points)
    parts = [
        line(LEFT, scale.y(automatic), WIDTH - RIGHT, scale.y(automatic), f"auto s{number}"),
        f'<polyline points="{path}" class="line s{number}"/>',
    ]
    for x, y in points:
        parts.append(
            f'<circle cx="{scale.x(x):.1f}" cy="{scale.y(y):.1f}" r="4" class="f{number}">'
            f"<title>{x:,}: {y:.3f}</title></circle>"
        )
    return parts


def line_plot(title, x_label, y_label, series):
    """series: list of (name, [(x, y), ...], y of the automatic choice).
    Returns the SVG as text."""
    xs = sorted({x for _, points, _ in series for x, _ in points})
    largest = max(max(y for _, y in points) for _, points, _ in series)
    scale = Scale(xs, max([largest] + [automatic for _, _, automatic in series]))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{html.escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" class="back"/>',
        text(LEFT, 24, title, "title"),
        *draw_axes(scale, xs, x_label, y_label),
    ]
    for number, (_, points, automatic) in enumerate(series):
        parts += draw_series(scale, number, points, automatic)
    labels = spread_labels([scale.y(points[-1][1]) for _, points, _ in series])
    for number, (name, _, automatic) in enumerate(series):
        x, y = WIDTH - RIGHT + 12, labels[number]
        parts.append(text(x, y, name, f"f{number}"))
        parts.append(text(x, y + 16, f"- - automatic: {automatic:.2f}", "quiet"))
    return "\n".join([*parts, "</svg>", ""])
