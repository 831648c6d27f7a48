"""Writes rows.csv, rows under Laplace noise, and reference.json, what other programs make of them, beside this program.

Run: python3 Examples/LaplaceExpert/Tests/LaplaceNoiseTests/generate.py

Made with Python 3.11, numpy 2.4.6 and scipy 1.17.1. Rows: y = 3 − 2 u + 0.05 v + Laplace(0, 0.7).

- "leastAbsoluteDeviations": the coefficients that make Σ |y − wᵀx| least, as a linear program (HiGHS).
- "bound": the maximum over q(w) = N(m, B) and b of Σ [−ln 2b − √((y − mᵀx)² + xᵀ B x) / b] − KL(q(w) ‖ p(w)), where x are a one and
  the standardised features, y is centred, and p(w) = N(0, 100 Var(y) I): over m, the Cholesky factor of B and ln b, from
  five starts, by Nelder & Mead and then BFGS with numerical gradients; all five agree to 12 digits.
"""

import json
import pathlib

import numpy
from scipy.optimize import linprog, minimize

FOLDER = pathlib.Path(__file__).parent
generator = numpy.random.default_rng(11)
count = 200
u = numpy.round(generator.uniform(-2, 2, count), 4)
v = numpy.round(generator.normal(500, 40, count), 2)
y = numpy.round(3 - 2 * u + 0.05 * v + generator.laplace(0, 0.7, count), 4)
with open(FOLDER / "rows.csv", "w") as file:
    file.write("u,v,y\n")
    for row in zip(u, v, y):
        file.write(",".join(repr(float(value)) for value in row) + "\n")

design = numpy.column_stack([numpy.ones(count), u, v])
identity = numpy.eye(count)
program = linprog(
    numpy.concatenate([numpy.zeros(3), numpy.ones(2 * count)]), A_eq=numpy.hstack([design, identity, -identity]), b_eq=y,
    bounds=[(None, None)] * 3 + [(0, None)] * (2 * count))
assert program.success

standardised = numpy.column_stack([numpy.ones(count)] + [(c - c.mean()) / c.std() for c in (u, v)])
centred = y - y.mean()
prior_variance = 100 * y.var()
lower = numpy.tril_indices(3)


def unpack(p):
    factor = numpy.zeros((3, 3))
    factor[lower] = p[3:9]
    return p[:3], factor, numpy.exp(p[9])


def minus_bound(p):
    m, factor, b = unpack(p)
    covariance = factor @ factor.T
    squares = (centred - standardised @ m) ** 2 + ((standardised @ factor) ** 2).sum(axis=1)
    divergence = 0.5 * (
        (numpy.trace(covariance) + m @ m) / prior_variance - 3 + 3 * numpy.log(prior_variance)
        - 2 * numpy.log(numpy.abs(numpy.diag(factor))).sum())
    return divergence + (numpy.log(2 * b) + numpy.sqrt(squares) / b).sum()


best = None
for seed in range(5):
    start = numpy.concatenate([
        numpy.linalg.lstsq(standardised, centred, rcond=None)[0], (0.1 * numpy.eye(3))[lower], [0.0]])
    start += 0.05 * numpy.random.default_rng(seed).normal(size=10)
    found = minimize(minus_bound, start, method="Nelder-Mead",
                     options={"maxiter": 40000, "maxfev": 40000, "fatol": 1e-12, "xatol": 1e-9})
    found = minimize(minus_bound, found.x, method="BFGS", options={"gtol": 1e-7})
    print(seed, -found.fun)
    best = found if best is None or found.fun < best.fun else best
m, factor, b = unpack(best.x)
slopes = m[1:] / numpy.array([u.std(), v.std()])
means = [y.mean() + m[0] - slopes @ [u.mean(), v.mean()], *slopes]
transform = numpy.diag([1, 1 / u.std(), 1 / v.std()])
transform[0, 1:] = [-u.mean() / u.std(), -v.mean() / v.std()]
covariance = transform @ factor @ factor.T @ transform.T
reference = {
    "leastAbsoluteDeviations": program.x[:3].tolist(),
    "bound": {
        "value": -best.fun, "means": [float(value) for value in means],
        "standardDeviations": numpy.sqrt(numpy.diag(covariance)).tolist(), "scale": float(b),
    },
}
(FOLDER / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")
