"""Plots of what compare.py measured: SVG files, the same for the same figures."""

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "longwing", "svg.fonttype": "none", "font.size": 10})

from matplotlib import pyplot  # after the backend is chosen

# one look for each contestant in all plots: dark and light of one colour for one library
STYLES = {
    ("transformers", "float32"): dict(color="#b3541e", marker="s", label="transformers float32"),
    ("transformers", "bfloat16"): dict(color="#e2a76f", marker="s", label="transformers bfloat16"),
    ("longwing", "float32"): dict(color="#1f4e79", marker="o", label="Longwing float32"),
    ("longwing", "int8"): dict(color="#6fa8dc", marker="o", label="Longwing int8"),
}


def draw(path, series, x_label, y_label, limits=None):
    """One line for each contestant.

    series: for each contestant its points, {x: y}
    limits: what no program on this machine can beat, {label: {x: y}}
    """
    figure, axes = pyplot.subplots(figsize=(6.4, 3.8), layout="constrained")
    for contestant, style in STYLES.items():
        if contestant in series:
            axes.plot(*zip(*sorted(series[contestant].items())), **style)
    for label, points in (limits or {}).items():
        axes.plot(*zip(*sorted(points.items())), color="#666666", linestyle="--", label=label)
    axes.set_xticks(sorted({x for points in series.values() for x in points}))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:,.6g}")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
