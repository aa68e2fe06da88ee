"""Print what was measured."""

import os


def title(text):
    """Print what is measured, and on what."""
    load = " ".join(f"{figure:.1f}" for figure in os.getloadavg())
    print(f"\n### {text}\n\n{os.cpu_count()} cores, load {load}\n")


def table(heads, rows):
    """Print rows as a Markdown table."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    for row in (heads, ["-" * width for width in widths], *rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
    print(flush=True)
