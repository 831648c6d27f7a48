"""Writes rows.csv, geometric counts, and reference.json, the maximum of their likelihood, beside this program.

Run: python3 Examples/GeometricExpert/Tests/GeometricCountsTests/generate.py

Made with Python 3.11, numpy 2.4.6 and scipy 1.17.1. Rows: ln E y = 0.5 + 0.8 x, from scipy's geometric distribution. The coefficients make Σ ln p
greatest, by BFGS and then Newton's method on the root of the gradient; the log-likelihood is scipy's.
"""

import json
import pathlib

import numpy
from scipy.optimize import minimize, root
from scipy.stats import geom

FOLDER = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(11)
x = numpy.round(generator.uniform(-2, 2, 200), 4)
y = geom.rvs(1 / (1 + numpy.exp(0.5 + 0.8 * x)), loc=-1, random_state=generator)
with open(FOLDER / "rows.csv", "w") as file:
    file.write("x,y\n")
    file.writelines(f"{float(a)!r},{b}\n" for a, b in zip(x, y))

design = numpy.column_stack([numpy.ones(200), x])


def log_likelihood(w):
    return geom.logpmf(y, 1 / (1 + numpy.exp(design @ w)), loc=-1).sum()


def gradient(w):
    return design.T @ (y - (y + 1) / (1 + numpy.exp(-design @ w)))


w = root(gradient, minimize(lambda w: -log_likelihood(w), [0, 0]).x, tol=1e-13).x
reference = {"coefficients": w.tolist(), "logLikelihood": float(log_likelihood(w))}
(FOLDER / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")
