"""The long lists of the overview as text: bars, options and rows of up to ten years of months.

A template takes a tenth of a second for what is a hundred and twenty times the same.
"""

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString

from core.insights.rules import Bar, Chart, Month


def bars(chart: Chart) -> SafeString:
    """The bars of a graph with their words, and the dots of the year before."""
    drawn = [_bar(chart, bar, first=place == 0) for place, bar in enumerate(chart.bars)]
    line = f'<polyline class="in-before" points="{chart.line}"/>' if chart.line else ""
    dots = [f'<circle class="in-dot" cx="{x}" cy="{y}" r="3"/>' for x, y in chart.dots]
    return SafeString("\n".join([*drawn, line, *dots]))


def _bar(chart: Chart, bar: Bar, *, first: bool) -> str:
    month, heading, detail = bar.month, escape(bar.heading), escape(bar.detail)
    pieces = "".join(
        f'<rect class="in-kind-{piece.kind}" x="{bar.x}" y="{piece.y}" width="{bar.width}"'
        f' height="{piece.height}"/>'
        for piece in bar.pieces
    )
    middle = f'x="{bar.middle}" text-anchor="middle"'
    total = tick = ""
    if chart.values_shown:
        total = f'<text class="in-sum" {middle} y="{bar.top}" dy="-7">{month.total:,}</text>'
    if bar.labelled:
        foot = f'{middle} y="{chart.floor}"'
        tick = f'<text class="in-tick" {foot} dy="18">{month.first_day:%b}</text>'
        if first or month.first_day.month == 1:
            tick += f'<text class="in-tick in-year" {foot} dy="33">{month.first_day:%Y}</text>'
    return (
        f'<g class="in-bar{" in-unfinished" if month.unfinished else ""}" tabindex="0" role="img"'
        f' aria-label="{heading}; {detail}"><title>{heading}; {detail}</title>'
        f'<rect class="in-reach" x="{bar.x}" y="{chart.top}" width="{bar.width}"'
        f' height="{chart.depth}"/>{pieces}{total}{tick}'
        f'<text class="in-readout" x="{bar.read_at}" y="16" text-anchor="{bar.read_from}">'
        f'<tspan class="in-readout-month">{heading}</tspan>'
        f'<tspan x="{bar.read_at}" dy="18">{detail}</tspan></text></g>'
    )


def options(years: Iterable[tuple[int, Sequence[tuple[str, str]]]], chosen: str) -> SafeString:
    """The months that can be chosen, by year."""
    drawn = []
    for year, months in years:
        drawn.append(f'<optgroup label="{year}">')
        drawn += [
            f'<option value="{month}"{" selected" if month == chosen else ""}>{words}</option>'
            for month, words in months
        ]
        drawn.append("</optgroup>")
    return SafeString("".join(drawn))


def rows(months: Sequence[Month]) -> SafeString:
    """The table beside the graph, newest first."""
    return SafeString("\n".join(_row(month) for month in reversed(months)))


def _row(month: Month) -> str:
    before = "–" if month.before is None else f"{month.before:,}"
    change = "–" if month.change is None else f"{month.change:+}&nbsp;%"
    if month.change == 0:
        change = "0&nbsp;%"
    so_far = ' <span class="in-note in-so-far">so far</span>' if month.unfinished else ""
    cells = "".join(
        f'<td class="in-number">{text}</td>' for text in (f"{month.total:,}", before, change)
    )
    return f'<tr><th scope="row">{month.first_day:%b %Y}{so_far}</th>{cells}</tr>'
