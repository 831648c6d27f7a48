"""Writes synthetic.json: laws of samplers, and what somebody achieves who knows the law of the rows, by scipy.

Run: python3 Tests/References/generate_synthetic.py

Integrals are sums by Gauss-Legendre rules on panels;
each is computed twice with different numbers of nodes, which must agree to 10⁻⁵: where the best guess changes, integrands bend.
The file was made with Python 3.11.7, numpy 2.4.6 and scipy 1.17.1.
"""

import itertools
import json
import pathlib

import numpy
from scipy import stats
from scipy.special import logsumexp, softmax

FOLDER = pathlib.Path(__file__).parent


def panels(low, high, count):
    """Nodes and weights of ten-point Gauss-Legendre rules on `count` panels."""
    x, w = numpy.polynomial.legendre.leggauss(10)
    edges = numpy.linspace(low, high, count + 1)
    half = (edges[1:] - edges[:-1]) / 2
    return ((edges[:-1] + half)[:, None] + half[:, None] * x).ravel(), (half[:, None] * w).ravel()


def twice(compute):
    """The result of `compute` with a coarse and a fine rule, which must agree."""
    coarse, fine = compute(60), compute(120)
    for key in fine:
        assert abs(coarse[key] - fine[key]) < 1e-5, (key, coarse, fine)
    return fine


def softmax_mixture(count):
    """x ~ N(0, 1), weights (1, exp(0.3 + 2x)) / Σ, lines x and 1 − x, noise 0.5."""
    x, wx = panels(-9, 9, count)
    y, wy = panels(-14, 14, count)
    log_weights = numpy.stack([numpy.zeros_like(x), 0.3 + 2 * x])
    log_weights -= logsumexp(log_weights, axis=0)
    means = numpy.stack([x, 1 - x])
    joint = log_weights[:, :, None] + stats.norm.logpdf(y, means[:, :, None], 0.5)
    log_density = logsumexp(joint, axis=0)
    mass = (wx * stats.norm.pdf(x))[:, None] * wy * numpy.exp(log_density)
    best = (numpy.exp(log_weights) * means).sum(axis=0)
    return {
        "logDensity": (mass * log_density).sum(),
        "assignmentError": (mass * (1 - numpy.exp(joint.max(axis=0) - log_density))).sum(),
        "predictionError": (mass * (y - best[:, None]) ** 2).sum() ** 0.5,
    }


def poisson_mixture(count):
    """x ~ N(0, 1), weights 0.3 and 0.7, ln rates 1 + 0.5x and 2 − 0.3x."""
    x, wx = panels(-9, 9, count)
    y = numpy.arange(0, 2000)
    log_rates = numpy.stack([1 + 0.5 * x, 2 - 0.3 * x])
    weights = numpy.array([0.3, 0.7])
    joint = numpy.log(weights)[:, None, None] + stats.poisson.logpmf(y, numpy.exp(log_rates)[:, :, None])
    log_density = logsumexp(joint, axis=0)
    mass = (wx * stats.norm.pdf(x))[:, None] * numpy.exp(log_density)
    best = (weights[:, None] * numpy.exp(log_rates)).sum(axis=0)
    return {
        "logDensity": (mass * log_density).sum(),
        "assignmentError": (mass * (1 - numpy.exp(joint.max(axis=0) - log_density))).sum(),
        "predictionError": (mass * (y - best[:, None]) ** 2).sum() ** 0.5,
    }


def multinomial_mixture(count):
    """x ~ N(0, 1), weights 0.4 and 0.6, three levels with scores (0, 1 + 2x, −x) and (0, −2x, 1 + x)."""
    # The best guess changes at points within panels, so there are many of them.
    x, wx = panels(-9, 9, 40 * count)
    weights = numpy.array([0.4, 0.6])
    scores = numpy.array([[0 * x, 1 + 2 * x, -x], [0 * x, -2 * x, 1 + x]])
    probabilities = softmax(scores, axis=1)
    joint = weights[:, None, None] * probabilities
    density = joint.sum(axis=0)
    mass = wx * stats.norm.pdf(x)
    return {
        "logDensity": (mass * (density * numpy.log(density)).sum(axis=0)).sum(),
        "assignmentError": (mass * (density - joint.max(axis=0)).sum(axis=0)).sum(),
        "predictionError": (mass * (1 - density.max(axis=0))).sum(),
    }


def latent_classes():
    """Weights 0.25 and 0.75, three items of two levels; probabilities of the first level (0.9, 0.2, 0.7) and (0.4, 0.6, 0.1)."""
    weights = numpy.array([0.25, 0.75])
    first = numpy.array([[0.9, 0.2, 0.7], [0.4, 0.6, 0.1]])
    figures = {"logDensity": 0.0, "assignmentError": 0.0}
    for levels in itertools.product([0, 1], repeat=3):
        joint = weights * numpy.prod(numpy.where(numpy.array(levels) == 0, first, 1 - first), axis=1)
        figures["logDensity"] += joint.sum() * numpy.log(joint.sum())
        figures["assignmentError"] += joint.sum() - joint.max()
    return figures


def grouped(count):
    """Three rows share an assignment; equal weights, N(1, 1) and N(−1, 1): all that matters of a group is the sum of its rows."""
    s, w = panels(-17, 23, count)
    log_cosh = numpy.logaddexp(s, -s) - numpy.log(2)
    mean_log_cosh = (w * stats.norm.pdf(s, 3, 3**0.5) * log_cosh).sum()
    return {
        "logDensity": -0.5 * numpy.log(2 * numpy.pi) - 0.5 * (2 + 1) + mean_log_cosh / 3,
        "assignmentError": stats.norm.cdf(-(3**0.5)),
        "predictionError": 2**0.5,
    }


def sampler(name, parameters, law, edges):
    """The probabilities between edges, the first below and the last above all of them."""
    cumulative = numpy.concatenate([[0], law.cdf(edges), [1]])
    return {"sampler": name, "parameters": parameters, "edges": list(edges), "probabilities": list(numpy.diff(cumulative))}


def samplers():
    shares = numpy.linspace(0.02, 0.98, 49)
    cases = [sampler("studentT", [df], stats.t(df), stats.t(df).ppf(shares)) for df in [0.5, 1, 2.5, 4, 30]]

    def counts(name, parameters, law):
        low, high = law.ppf(0.002), law.ppf(0.998)
        step = max(1, (high - low) // 40)
        return sampler(name, parameters, law, numpy.arange(low, high, step) + 0.5)

    cases += [counts("poisson", [mean], stats.poisson(mean)) for mean in [0.3, 3, 12, 150, 4e4]]
    cases += [counts("binomial", [n, p], stats.binom(n, p)) for n, p in [(1, 0.3), (5, 0.9), (40, 0.02), (1000, 0.4)]]
    return cases


content = {
    "samplers": samplers(),
    "bayes": {
        "softmax": twice(softmax_mixture),
        "poisson": twice(poisson_mixture),
        "multinomial": twice(multinomial_mixture),
        "classes": latent_classes(),
        "grouped": twice(grouped),
        "student": {"logDensity": -float(stats.t(4, scale=0.7).entropy()), "assignmentError": 0.0,
                    "predictionError": 0.7 * 2**0.5},
    },
}
(FOLDER / "synthetic.json").write_text(json.dumps(content, indent=1, default=float, allow_nan=False) + "\n")
