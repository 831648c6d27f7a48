"""Writes formula.json: design matrices of formulas in R's language, for the rows of a fit and for new rows.

Run: python3 Tests/References/generate_formula.py

The file was made with Python 3.11.7, patsy 1.0.3 (coding of categories, arithmetic, bs), scipy 1.17.1 (splines beyond the
boundary), mpmath 1.3.0 (orthonormal polynomials by QR with 40 digits) and numpy 2.4.6. patsy writes formulas and names of
columns in Python's way; each formula stands here in both, and `name` turns patsy's names into R's.
"""

import json
import pathlib
import re

import numpy as np
import patsy
import scipy.interpolate
from mpmath import mp, mpf

mp.dps = 40
FOLDER = pathlib.Path(__file__).parent

ROWS = 24
random = np.random.default_rng(1)
FIT = {
    "x": [round(float(v), 3) for v in random.uniform(-2, 5, ROWS)],
    "z": [round(float(v), 3) for v in random.gamma(2, 1, ROWS) + 0.1],
    "u": [float([1, 2, 5, 10][i % 4]) for i in range(ROWS)],
    "g": [["a", "b", "c"][i * i % 7 % 3] for i in range(ROWS)],
    "h": [["no", "yes"][i % 5 % 2] for i in range(ROWS)],
}
inside = slice(min(FIT["x"]), max(FIT["x"]))
NEW = {
    "x": [-1.25, 0.0, 2.5, 4.125, 1.0],
    "z": [0.5, 1.5, 2.25, 0.75, 3.0],
    "u": [10.0, 1.0, 2.0, 5.0, 2.0],
    "g": ["c", "c", "a", "b", "a"],
    "h": ["yes", "no", "no", "yes", "yes"],
}
assert all(inside.start <= x <= inside.stop for x in NEW["x"])

# In R's language and in patsy's.
FORMULAS = [
    ("x + z", "x + z"),
    ("log(z) + I(x^2) + exp(-x / 2) + I(x * z - 1)", "np.log(z) + I(x**2) + np.exp(-x / 2) + I(x * z - 1)"),
    ("g", "g"),
    ("g - 1", "g - 1"),
    ("g + h", "g + h"),
    ("g + h - 1", "g + h - 1"),
    ("x + g + x:g", "x + g + x:g"),
    ("x * g", "x * g"),
    ("x:g", "x:g"),
    ("x + x:g", "x + x:g"),
    ("g * h", "g * h"),
    ("g:h - 1", "g:h - 1"),
    ("g + g:h", "g + g:h"),
    ("g + g:h - 1", "g + g:h - 1"),
    ("x * g * h", "x * g * h"),
    ("(x + z + g)^2", "(x + z + g)**2"),
    ("factor(u) + x", "C(u) + x"),
    ("factor(u):log(z) + factor(u)", "C(u):np.log(z) + C(u)"),
    ("bs(x, df = 5)", "bs(x, df=5)"),
    ("bs(x, df = 4, degree = 2) + h", "bs(x, df=4, degree=2) + h"),
    ("bs(x, df = 3)", "bs(x, df=3)"),
    ("bs(x, df = 4):g", "bs(x, df=4):g"),
    ("bs(log(z), df = 6)", "bs(np.log(z), df=6)"),
]


def name(part):
    """R's name of a column that patsy calls `part`."""
    if ":" in re.sub(r"\(.*?\)|\[.*?\]", "", part):
        return ":".join(name(p) for p in part.split(":"))
    part = re.sub(r"np\.", "", part).replace(" ** ", "^").replace("C(u)", "factor(u)")
    part = part.replace("df=", "df = ").replace("degree=", "degree = ")
    match = re.fullmatch(r"(bs\(.*\))\[(\d+)\]", part)
    if match:
        return f"{match[1]}{int(match[2]) + 1}"
    match = re.fullmatch(r"(.*)\[(?:T\.)?(.*)\]", part)
    if match:
        level = match[2]
        return match[1] + (re.findall(r"\d+", level)[-2] if match[1] == "factor(u)" else level)
    return part


def columns(names, matrix):
    return {n: [float(v) for v in matrix[:, j]] for j, n in enumerate(names) if n != "Intercept"}


def coded():
    fit, new = ({k: np.array(v) for k, v in rows.items()} for rows in (FIT, NEW))
    for formula, python in FORMULAS:
        design = patsy.dmatrix(python, fit)
        names = [name(n) for n in design.design_info.column_names]
        later = patsy.build_design_matrices([design.design_info], new)[0]
        yield {
            "formula": "y ~ " + formula,
            "fit": columns(names, np.asarray(design)),
            "new": columns(names, np.asarray(later)),
        }


def polynomial(variable, degree):
    """Q of the QR factorisation of the powers, each column with the sign of its leading coefficient, as R has it."""
    powers = lambda values: mp.matrix([[mpf(v) ** d for d in range(degree + 1)] for v in values])
    q, r = mp.qr(powers(FIT[variable]), mode="skinny")
    label = f"poly({variable}, {degree})"
    later = powers(NEW[variable]) * r**-1

    def signed(matrix):
        return {
            label + (str(d) if degree > 1 else ""): [
                float(mp.sign(r[d, d]) * matrix[i, d]) for i in range(matrix.rows)
            ]
            for d in range(1, degree + 1)
        }

    return {"formula": f"y ~ {label}", "fit": signed(q), "new": signed(later)}


def splines_beyond():
    """R's bs(x, df = 5) where the outermost pieces go on beyond the boundary."""
    x = np.array(FIT["x"])
    inner = np.quantile(x, [1 / 3, 2 / 3])
    knots = np.concatenate([[x.min()] * 4, inner, [x.max()] * 4])
    points = [-3.5, -2.25, 5.5, 6.0]
    count = len(knots) - 4
    values = [scipy.interpolate.BSpline(knots, np.eye(count)[j], 3, extrapolate=True)(points) for j in range(count)]
    return {"points": points, "columns": [[float(v) for v in column] for column in values[1:]]}


content = {
    "fit": FIT,
    "new": NEW,
    "designs": list(coded()) + [polynomial("x", 1), polynomial("x", 2), polynomial("x", 5), polynomial("z", 4)],
    "splinesBeyond": splines_beyond(),
}
(FOLDER / "formula.json").write_text(json.dumps(content, indent=1, allow_nan=False) + "\n")
