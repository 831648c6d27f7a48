"""Writes softmax.json: multinomial logistic regressions for the softmax gate to be compared with.

Run: python3 Tests/References/generate_softmax.py

The file was made with Python 3.11, numpy 2.4.6 and scipy 1.17.1, whose general minimiser (trust-exact) finds the optimum of the
penalised log-likelihood; its gradient is below 1e-8. The responsibilities are soft and rows have weights. "contrasts" are the
coefficients of experts 2, 3, … less those of expert 1 in the units of the data, intercept first; "objective" is
the weighted log-likelihood, less half the penalty times the squares of the standardised coefficients (weighted mean 0, variance 1).
"""

import json
import pathlib

import numpy
from scipy.optimize import minimize
from scipy.special import log_softmax

random = numpy.random.default_rng(7)
count, experts = 120, 3
features = numpy.column_stack([random.normal(5, 2, count), random.gamma(2, 30, count)]).round(3)
weights = random.integers(1, 4, count).astype(float)
truth = random.normal(size=(3, experts))
scaled = numpy.column_stack([numpy.ones(count), (features - [5, 60]) / [2, 42]])
labels = (scaled @ truth + random.gumbel(size=(count, experts))).argmax(axis=1)
responsibilities = (0.8 * numpy.eye(experts)[labels] + 0.2 * random.dirichlet(numpy.ones(experts), count)).round(4)
responsibilities /= responsibilities.sum(axis=1, keepdims=True)

mean = (weights @ features) / weights.sum()
deviation = numpy.sqrt(weights @ (features - mean) ** 2 / weights.sum())
design = numpy.column_stack([numpy.ones(count), (features - mean) / deviation])


def fit(penalty):
    """The optimum over all columns; without a penalty the first one is zero."""
    first = 0 if penalty else 1

    def columns(parameters):
        free = parameters.reshape(experts - first, 3).T
        return numpy.column_stack([numpy.zeros((3, first)), free])

    def value(parameters):
        logs = log_softmax(design @ columns(parameters), axis=1)
        return -weights @ (responsibilities * logs).sum(axis=1) + 0.5 * penalty * parameters @ parameters

    def gradient(parameters):
        logs = log_softmax(design @ columns(parameters), axis=1)
        slopes = design.T @ (weights[:, None] * (numpy.exp(logs) - responsibilities))
        return slopes[:, first:].T.ravel() + penalty * parameters

    def curvature(parameters):
        p = numpy.exp(log_softmax(design @ columns(parameters), axis=1))[:, first:]
        blocks = weights[:, None, None] * (numpy.eye(p.shape[1]) * p[:, :, None] - p[:, :, None] * p[:, None, :])
        size = p.shape[1] * 3
        result = numpy.einsum("ikl,ia,ib->kalb", blocks, design, design).reshape(size, size)
        return result + penalty * numpy.eye(size)

    start = numpy.zeros(3 * (experts - first))
    found = minimize(value, start, jac=gradient, hess=curvature, method="trust-exact", options={"gtol": 1e-9})
    assert abs(gradient(found.x)).max() < 1e-8, found
    standard = columns(found.x)
    slopes = standard[1:] / deviation[:, None]
    original = numpy.vstack([standard[0] - mean @ slopes, slopes])
    return {
        "penalty": penalty,
        "objective": -found.fun,
        "contrasts": (original[:, 1:] - original[:, :1]).T.tolist(),
    }


content = {
    "x": features[:, 0].tolist(),
    "z": features[:, 1].tolist(),
    "weights": weights.tolist(),
    "responsibilities": responsibilities.tolist(),
    "fits": [fit(penalty) for penalty in (0.0, 1.0, 20.0)],
}
(pathlib.Path(__file__).parent / "softmax.json").write_text(json.dumps(content, indent=1) + "\n")
