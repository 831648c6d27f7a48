"""Writes the reference values of the tests to JSON files beside this program.

Run: python3 Tests/References/generate.py

The files were made with Python 3.11.7, mpmath 1.3.0 (40 digits) and numpy 2.4.6 (the generator's known answers).
Every argument is a double, taken as exact; every value is the double nearest to the true value, written with the
digits that give it back (up to 17). "slope" is |x f'(x)|, the change of f for a relative change of x, and "scale" the
sum of the absolute terms of a formula: where f itself is small beside them, rounding limits what a double can reach.
"""

import base64
import io
import json
import pathlib

import numpy
from mpmath import mp, mpf

mp.dps = 40
FOLDER = pathlib.Path(__file__).parent


def write(name, content):
    """Saves `content` as name.json; numbers of mpmath become the nearest doubles."""
    text = json.dumps(content, indent=1, default=float, allow_nan=False)
    (FOLDER / f"{name}.json").write_text(text + "\n")


def same(a, b, tolerance=mpf(10) ** -25):
    """Asserts that two ways of computing a number agree."""
    assert abs(a - b) <= tolerance * max(1, abs(b)), (a, b)


def special_functions():
    positive = [1e-8, 1e-4, 0.01, 0.1, 0.25, 0.5, 0.75, 0.999, 1.0, 1.001, 1.25, 1.4616, 1.4616321449683622, 1.4617,
                1.5, 1.75, 1.999, 2.0, 2.001, 2.5, 3.0, 3.5, 5.0, 7.5, 10.0, 10.5, 33.3, 100.0, 171.5, 1e3, 12345.678,
                1e6, 1e9]
    negative = [-1e-8, -0.1, -0.5, -0.75, -1.25, -1.5, -2.5, -2.75, -4.5, -5.25, -7.5, -20.25]
    around_zero = [0.0, 1e-300, 1e-8, 1e-3, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 40.0]
    functions = {
        "digamma": (mp.digamma, positive + negative),
        "trigamma": (lambda x: mp.psi(1, x), positive + negative),
        "logGamma": (lambda x: mp.log(abs(mp.gamma(x))), positive + negative),
        "errorFunction": (mp.erf, around_zero + [-x for x in around_zero[1:]]),
        "cumulative": (mp.ncdf, around_zero + [-x for x in around_zero[1:-1]] + [-6.0, -8.0, -15.0, -25.0, -37.0]),
        # ln(1 − Φ(−x)) on the right, where 40 digits of Φ itself would not do.
        "logCumulative": (
            lambda x: mp.log1p(-mp.ncdf(-x)) if x > 0 else mp.log(mp.ncdf(x)),
            around_zero[:-1] + [-x for x in around_zero[1:]] + [-6.0, -8.0, -15.0, -25.0, -37.0, -1e3, -1e6]),
    }
    cases = {
        name: [{"x": x, "value": function(mpf(x)), "slope": abs(x * mp.diff(function, x)) if x else 0} for x in xs]
        for name, (function, xs) in functions.items()
    }
    # The quantile: the root of ln Φ(x) = ln p below the median, mirrored above it.
    probabilities = [1e-300, 1e-100, 1e-30, 1e-16, 1e-8, 1e-4, 0.001, 0.01, 0.02425, 0.1, 0.25, 0.4, 0.499, 0.5, 0.501,
                     0.6, 0.75, 0.9, 0.97575, 0.99, 0.999, 0.9999, 1 - 1e-8, 1 - 2.0**-50]
    cases["quantile"] = []
    for p in probabilities:
        tail = min(mpf(p), 1 - mpf(p))
        guess = -mp.sqrt(2 * mp.log(1 / (2 * tail))) if tail < 0.1 else mpf(-0.5)
        x = mpf(0) if p == 0.5 else mp.findroot(lambda x: mp.log(mp.ncdf(x)) - mp.log(tail), guess)
        same(mp.ncdf(x) / tail, 1)
        cases["quantile"].append({"x": p, "value": x if p < 0.5 else -x, "slope": mpf(p) / mp.npdf(x)})
    write("special-functions", cases)


def exponentials():
    """exp and ln, each as the nearest double and the rest, so that errors below one unit in the last place show."""
    def cases(function, xs):
        exact = [function(mpf(x)) for x in xs]
        return [{"x": x, "value": float(v), "rest": float(v - mpf(float(v)))} for x, v in zip(xs, exact)]

    generator = numpy.random.default_rng(1)
    exp_arguments = [-707.0, -700.0, -1.0, -1e-8, -1e-300, 0.0, 1e-300, 1e-16, 0.34657359027997264, 1.0, 700.0, 709.7]
    log_arguments = [2.2250738585072014e-308, 1e-300, 0.5, 0.7071067811865475, 0.7071067811865476, 1 - 2.0**-53, 1.0,
                     1 + 2.0**-52, 1.4142135623730951, 2.0, 1e300, 1.7976931348623157e308]
    exp_arguments += generator.uniform(-707, 709.7, 244).tolist() + generator.uniform(-1, 1, 256).tolist()
    log_arguments += numpy.exp(generator.uniform(-700, 700, 244)).tolist() + generator.uniform(0.5, 2, 256).tolist()
    write("exponentials", {"exp": cases(mp.exp, exp_arguments), "log": cases(mp.log, log_arguments)})


def gamma_moments(a, b):
    """Mean log, and the terms of the entropy."""
    return mp.digamma(a) - mp.log(b), [a, -mp.log(b), mp.loggamma(a), (1 - a) * mp.digamma(a)]


def gamma_log_density(a, b, x):
    return [a * mp.log(b), -mp.loggamma(a), (a - 1) * mp.log(x), -b * x]


def gamma_divergence(a, b, a0, b0):
    return [(a - a0) * mp.digamma(a), -mp.loggamma(a), mp.loggamma(a0), a0 * mp.log(b / b0), a * (b0 - b) / b]


def total(terms):
    return {"value": mp.fsum(terms), "scale": mp.fsum(abs(term) for term in terms)}


def gamma():
    laws = [(1e-3, 1.0), (0.1, 1e-4), (0.5, 0.5), (1.0, 1.0), (1.0, 3.0), (1.5, 200.0), (2.0, 0.25), (7.25, 1e-6),
            (33.5, 12.0), (1000.0, 1e3), (1e6, 2e6)]
    # Quadrature, as an independent check of the formulas.
    (a, b), (a0, b0) = (mpf(2.5), mpf(0.75)), (mpf(0.5), mpf(2))

    def mean(function):
        return mp.quad(lambda x: mp.exp(mp.fsum(gamma_log_density(a, b, x))) * function(x), [0, 1, 3, 10, 40, 200])

    mean_log, entropy = gamma_moments(a, b)
    same(mean(mp.log), mean_log, mpf(10) ** -15)
    same(mean(lambda x: -mp.fsum(gamma_log_density(a, b, x))), mp.fsum(entropy), mpf(10) ** -15)
    same(mean(lambda x: mp.fsum(gamma_log_density(a, b, x)) - mp.fsum(gamma_log_density(a0, b0, x))),
         mp.fsum(gamma_divergence(a, b, a0, b0)), mpf(10) ** -15)

    cases = []
    for a, b in laws:
        exact = mpf(a), mpf(b)
        mean_log, entropy = gamma_moments(*exact)
        xs = [0.5 * a / b, a / b, 2.0 * a / b]
        cases.append({
            "shape": a, "rate": b, "mean": exact[0] / exact[1], "variance": exact[0] / exact[1] ** 2,
            "meanLog": total([mp.digamma(exact[0]), -mp.log(exact[1])]), "entropy": total(entropy),
            "logDensities": [{"x": x} | total(gamma_log_density(*exact, mpf(x))) for x in xs],
            "divergences": [{"shape": a0, "rate": b0} | total(gamma_divergence(*exact, mpf(a0), mpf(b0)))
                            for a0, b0 in laws],
        })
    write("gamma", cases)


def dirichlet_log_density(alpha, p):
    """The terms, with those of the normaliser first."""
    normalizer = [mp.loggamma(mp.fsum(alpha))] + [-mp.loggamma(a) for a in alpha]
    return normalizer + [(a - 1) * mp.log(q) for a, q in zip(alpha, p) if a != 1]


def dirichlet_moments(alpha, prior):
    """Mean logs, and the terms of the entropy and of the divergence from the prior."""
    of_total = mp.digamma(mp.fsum(alpha))
    mean_log = [mp.digamma(a) - of_total for a in alpha]
    flat = [1] * len(alpha)
    normalizer = dirichlet_log_density(alpha, flat)[: len(alpha) + 1]
    prior_normalizer = dirichlet_log_density(prior, flat)[: len(alpha) + 1]
    entropy = [-term for term in normalizer] + [-(a - 1) * m for a, m in zip(alpha, mean_log)]
    divergence = normalizer + [-term for term in prior_normalizer]
    return mean_log, entropy, divergence + [(a - c) * m for a, c, m in zip(alpha, prior, mean_log)]


def dirichlet():
    pairs = [([1.0], [2.5]), ([1.0, 1.0], [0.5, 0.5]), ([0.5, 0.5], [1.0, 1.0]), ([2.5, 4.0], [1.0, 3.0]),
             ([1e-3, 5.0], [1.0, 0.1]), ([3.0, 1.0, 0.25], [1.0, 1.0, 1.0]), ([10.5, 200.25, 3.125], [0.1, 0.1, 0.1]),
             ([0.25, 0.25, 0.25, 0.25], [4.0, 3.0, 2.0, 1.0]), ([1e4, 1.0, 1.0, 2e4, 0.5], [1.0, 1.0, 1.0, 1.0, 1.0]),
             ([1e6, 1e6], [1.0, 1.0])]
    # Quadrature over the simplex, for two and three entries, as an independent check of the formulas.
    for alpha, prior in ([mpf(2.5), mpf(4)], [mpf(1), mpf(3)]), ([mpf(3), mpf(2), mpf(4)], [mpf(2), mpf(1), mpf(1)]):
        normalizer = mp.fsum(dirichlet_log_density(alpha, [1] * len(alpha)))
        prior_normalizer = mp.fsum(dirichlet_log_density(prior, [1] * len(prior)))

        def log_density(law, constant, p):
            return constant + mp.fsum((a - 1) * mp.log(q) for a, q in zip(law, p))

        def mean(function):
            def integrand(*head):
                p = list(head) + [1 - mp.fsum(head)]
                if min(p) <= 0:  # a node that rounding put on the edge, where the density is zero
                    return mpf(0)
                return mp.exp(log_density(alpha, normalizer, p)) * function(p)

            if len(alpha) == 2:
                return mp.quad(integrand, [0, 0.5, 1])
            return mp.quad(lambda x: mp.quad(lambda y: integrand(x, y), [0, 1 - x]) if x < 1 else 0, [0, 1])

        mean_log, entropy, divergence = dirichlet_moments(alpha, prior)
        with mp.workdps(15):
            same(mean(lambda p: mp.log(p[0])), mean_log[0], mpf(10) ** -10)
            same(mean(lambda p: -log_density(alpha, normalizer, p)), mp.fsum(entropy), mpf(10) ** -10)
            same(mean(lambda p: log_density(alpha, normalizer, p) - log_density(prior, prior_normalizer, p)),
                 mp.fsum(divergence), mpf(10) ** -10)

    cases = []
    for alpha, prior in pairs:
        exact, exact_prior = [mpf(a) for a in alpha], [mpf(a) for a in prior]
        mean_log, entropy, divergence = dirichlet_moments(exact, exact_prior)
        point = [(k + 1) / (len(alpha) * (len(alpha) + 1) / 2) for k in range(len(alpha))]
        cases.append({
            "concentration": alpha, "mean": [a / mp.fsum(exact) for a in exact],
            "meanLog": [{"value": m, "scale": abs(m) + abs(mp.digamma(mp.fsum(exact)))} for m in mean_log],
            "entropy": total(entropy), "point": point,
            "logDensity": total(dirichlet_log_density(exact, [mpf(p) for p in point])),
            "prior": prior, "divergence": total(divergence),
        })
    write("dirichlet", cases)


def gaussian_log_density(mean, precision, x):
    offset = mp.matrix(x) - mp.matrix(mean)
    return [mp.log(mp.det(precision)) / 2, -len(mean) * mp.log(2 * mp.pi) / 2, -(offset.T * precision * offset)[0] / 2]


def gaussian_divergence(mean, precision, prior_mean, prior_precision):
    offset = mp.matrix(mean) - mp.matrix(prior_mean)
    product = prior_precision * precision**-1
    trace = mp.fsum(product[i, i] for i in range(len(mean)))
    return [trace / 2, (offset.T * prior_precision * offset)[0] / 2, -mpf(len(mean)) / 2,
            -mp.log(mp.det(prior_precision)) / 2, mp.log(mp.det(precision)) / 2]


def gaussian():
    laws = [
        ([0.0], [[1.0]], [1.0], [[0.25]]),
        ([3.5], [[1e6]], [-2.0], [[2.0]]),
        ([-1.25], [[1e-4]], [-1.0], [[1e-3]]),
        ([1.0, -2.0], [[2.0, 0.5], [0.5, 1.0]], [0.0, 0.0], [[1.0, 0.0], [0.0, 1.0]]),
        ([0.5, 100.0], [[1e4, 30.0], [30.0, 0.5]], [0.25, 99.0], [[10.0, -1.0], [-1.0, 0.25]]),
        ([0.1, 0.2, 0.3], [[4.0, 1.0, -0.5], [1.0, 3.0, 0.75], [-0.5, 0.75, 2.0]], [1.0, -1.0, 0.0],
         [[2.0, -0.5, 0.25], [-0.5, 1.0, 0.125], [0.25, 0.125, 0.5]]),
        ([-7.0, 0.0, 2.0], [[100.0, 5.0, 0.5], [5.0, 10.0, -0.25], [0.5, -0.25, 0.0625]], [0.0, 0.0, 0.0],
         [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ]
    # Quadrature in one dimension, as an independent check of the formulas.
    mean, precision, prior_mean, prior_precision = [mpf(1)], mp.matrix([[2]]), [mpf(-1)], mp.matrix([[0.5]])

    def log_density(x):
        return mp.fsum(gaussian_log_density(mean, precision, [x]))

    def expectation(function):
        return mp.quad(lambda x: mp.exp(log_density(x)) * function(x), mp.linspace(-9, 11, 21))

    entropy = mp.log(2 * mp.pi * mp.e / 2) / 2
    same(expectation(lambda x: -log_density(x)), entropy)
    same(expectation(lambda x: log_density(x) - mp.fsum(gaussian_log_density(prior_mean, prior_precision, [x]))),
         mp.fsum(gaussian_divergence(mean, precision, prior_mean, prior_precision)))

    cases = []
    for mean, precision, prior_mean, prior_precision in laws:
        d = len(mean)
        exact, exact_prior = mp.matrix(precision), mp.matrix(prior_precision)
        covariance = exact**-1
        point = [m + 0.75 - 0.5 * k for k, m in enumerate(mean)]
        offset = mp.matrix(mean) - mp.matrix(point)
        log_determinant = mp.log(mp.det(exact))
        cases.append({
            "mean": mean, "precision": precision, "covariance": covariance.tolist(),
            "entropy": total([d * (1 + mp.log(2 * mp.pi)) / 2, -log_determinant / 2]),
            "point": point, "logDensity": total(gaussian_log_density(mean, exact, point)),
            "secondMoment": (covariance + offset * offset.T).tolist(),
            "priorMean": prior_mean, "priorPrecision": prior_precision,
            "divergence": total(gaussian_divergence(mean, exact, prior_mean, exact_prior)),
        })
    write("gaussian", cases)


def wishart_normalizer(inverse_scale, freedom):
    """The terms of ln B(W, ν)."""
    d = inverse_scale.rows
    return [freedom * mp.log(mp.det(inverse_scale)) / 2, -freedom * d * mp.log(2) / 2,
            -mpf(d * (d - 1)) / 4 * mp.log(mp.pi)] + [-mp.loggamma((freedom - i) / 2) for i in range(d)]


def wishart_mean_log(inverse_scale, freedom):
    """The terms of E ln |Λ|."""
    d = inverse_scale.rows
    return [d * mp.log(2), -mp.log(mp.det(inverse_scale))] + [mp.digamma((freedom - i) / 2) for i in range(d)]


def trace(matrix):
    return mp.fsum(matrix[i, i] for i in range(matrix.rows))


def normal_wishart_log_density(law, mean, precision):
    location, beta, freedom, inverse_scale = law
    d = len(location)
    offset = mp.matrix(mean) - mp.matrix(location)
    log_determinant = mp.log(mp.det(precision))
    return wishart_normalizer(inverse_scale, freedom) + [
        d * mp.log(beta / (2 * mp.pi)) / 2, log_determinant / 2, -beta * (offset.T * precision * offset)[0] / 2,
        (freedom - d - 1) * log_determinant / 2, -trace(inverse_scale * precision) / 2]


def normal_wishart_entropy(law):
    location, beta, freedom, inverse_scale = law
    d = len(location)
    mean_log = wishart_mean_log(inverse_scale, freedom)
    return [d * (1 + mp.log(2 * mp.pi)) / 2, -d * mp.log(beta) / 2, freedom * d / 2] + [
        -term for term in wishart_normalizer(inverse_scale, freedom)] + [-(freedom - d) * term / 2 for term in mean_log]


def normal_wishart_divergence(law, prior):
    (location, beta, freedom, inverse_scale), (location0, beta0, freedom0, inverse_scale0) = law, prior
    d = len(location)
    offset = mp.matrix(location) - mp.matrix(location0)
    scale = inverse_scale**-1
    return [d * (beta0 / beta - 1) / 2, -d * mp.log(beta0 / beta) / 2, beta0 * freedom * (offset.T * scale * offset)[0] / 2,
            freedom * trace(inverse_scale0 * scale) / 2, -freedom * d / 2] + wishart_normalizer(inverse_scale, freedom) + [
        -term for term in wishart_normalizer(inverse_scale0, freedom0)] + [
        (freedom - freedom0) * term / 2 for term in wishart_mean_log(inverse_scale, freedom)]


def normal_wishart_densities(law, x):
    """The terms of E ln N(x | μ, Λ⁻¹), and of ln E N(x | μ, Λ⁻¹) as the quotient of two normalisers."""
    location, beta, freedom, inverse_scale = law
    d = len(location)
    offset = mp.matrix(x) - mp.matrix(location)
    distance = (offset.T * inverse_scale**-1 * offset)[0]
    expected = [term / 2 for term in wishart_mean_log(inverse_scale, freedom)] + [
        -d * mp.log(2 * mp.pi) / 2, -d / beta / 2, -freedom * distance / 2]
    after = inverse_scale + beta / (beta + 1) * (offset * offset.T)
    return expected, wishart_normalizer(inverse_scale, freedom) + [
        -term for term in wishart_normalizer(after, freedom + 1)] + [
        d * mp.log(beta / (beta + 1)) / 2, -d * mp.log(2 * mp.pi) / 2]


def normal_wishart():
    laws = [
        (([0.5], 2.0, 3.5, [[0.25]]), ([-1.0], 0.5, 1.25, [[2.0]])),
        (([100.0], 1e-3, 1e3, [[1e4]]), ([99.0], 1.0, 0.5, [[1e-2]])),
        (([1.0, -2.0], 3.0, 5.0, [[2.0, 0.5], [0.5, 1.0]]), ([0.0, 0.0], 0.01, 4.0, [[1.0, 0.0], [0.0, 1.0]])),
        (([0.0, 10.0], 250.5, 253.5, [[400.0, -30.0], [-30.0, 25.0]]), ([0.0, 0.0], 0.01, 4.0, [[3.0, 1.0], [1.0, 3.0]])),
        (([0.1, 0.2, 0.3], 1.5, 2.25, [[4.0, 1.0, -0.5], [1.0, 3.0, 0.75], [-0.5, 0.75, 2.0]]),
         ([1.0, -1.0, 0.0], 4.0, 7.0, [[2.0, -0.5, 0.25], [-0.5, 1.0, 0.125], [0.25, 0.125, 0.5]])),
    ]

    def exact(law):
        location, beta, freedom, inverse_scale = law
        return [mpf(m) for m in location], mpf(beta), mpf(freedom), mp.matrix(inverse_scale)

    # The sum over a fine grid in two dimensions, as an independent check of the formulas for the precision: for Λ = (a, b; b, c) with
    # a = exp(u), c = exp(v) and b = tanh(w) √(ac), of volume a c √(ac) (1 − tanh² w).
    law, prior = exact(laws[2][0]), exact(laws[2][1])
    u, v, w = numpy.meshgrid(*[numpy.linspace(-12, 5, 171)] * 2 + [numpy.linspace(-12, 12, 241)], indexing="ij")
    a, c, r = numpy.exp(u), numpy.exp(v), numpy.tanh(w)
    log_rest = -2 * numpy.log(numpy.cosh(w))
    log_determinant = u + v + log_rest
    volume = numpy.exp(1.5 * (u + v) + log_rest) * 0.1**3

    def log_density(law):
        _, _, freedom, inverse_scale = law
        s = numpy.array(inverse_scale.tolist(), float)
        form = s[0, 0] * a + 2 * s[0, 1] * r * numpy.sqrt(a * c) + s[1, 1] * c
        normalizer = float(mp.fsum(wishart_normalizer(inverse_scale, freedom)))
        return normalizer + (float(freedom) - 3) / 2 * log_determinant - form / 2

    def mean(values):
        return mpf(float(numpy.sum(numpy.exp(log_density(law)) * volume * values)))

    tolerance = mpf(10) ** -7
    mean_log = mp.fsum(wishart_mean_log(law[3], law[2]))
    same(mean(1), 1, tolerance)
    same(mean(log_determinant), mean_log, tolerance)
    mean_entropy = (2 * (1 + mp.log(2 * mp.pi) - mp.log(law[1])) - mean_log) / 2
    same(mean(-log_density(law)) + mean_entropy, mp.fsum(normal_wishart_entropy(law)), tolerance)
    # At equal means and mean precisions the divergence is that of the Wishart laws.
    same(mean(log_density(law) - log_density(prior)),
         mp.fsum(normal_wishart_divergence(law, (law[0], law[1], prior[2], prior[3]))), tolerance)

    cases = []
    for law, prior in laws:
        location, beta, freedom, inverse_scale = law
        q, p = exact(law), exact(prior)
        x = [m + 0.75 - 0.5 * k for k, m in enumerate(location)]
        precision = [[value * (1.5 if i == j else 1.0) for j, value in enumerate(row)] for i, row in enumerate(prior[3])]
        expected, predictive = normal_wishart_densities(q, x)
        cases.append({
            "location": location, "meanPrecision": beta, "degreesOfFreedom": freedom, "inverseScale": inverse_scale,
            "meanOfPrecision": (q[2] * q[3]**-1).tolist(),
            "meanLogDeterminant": total(wishart_mean_log(q[3], q[2])), "entropy": total(normal_wishart_entropy(q)),
            "point": x, "pointPrecision": precision,
            "logDensity": total(normal_wishart_log_density(q, x, mp.matrix(precision))),
            "expectedLogDensity": total(expected), "logPredictiveDensity": total(predictive),
            "prior": {"location": prior[0], "meanPrecision": prior[1], "degreesOfFreedom": prior[2],
                      "inverseScale": prior[3]},
            "divergence": total(normal_wishart_divergence(q, p)),
        })
    write("normal-wishart", cases)


def categorical():
    pairs = [([1.0], [3.0]), ([1.0, 1.0], [1.0, 3.0]), ([0.1, 0.2, 0.7], [0.3, 0.3, 0.4]),
             ([1e-12, 1.0, 2.5, 0.0], [1.0, 1.0, 1.0, 1.0]), ([3.0, 0.0, 5.0], [1e-3, 0.0, 1e3])]
    cases = []
    for weights, prior in pairs:
        p = [mpf(w) / mp.fsum(weights) for w in weights]
        p0 = [mpf(w) / mp.fsum(prior) for w in prior]
        cases.append({
            "weights": weights, "probabilities": p, "entropy": total([-q * mp.log(q) for q in p if q]),
            "prior": prior, "divergence": total([q * mp.log(q / q0) for q, q0 in zip(p, p0) if q]),
        })
    write("categorical", cases)


def philox():
    """Blocks of numpy's Philox4x64-10, which counts up before it computes a block, and the numbers of a seed."""
    top = 2**64 - 1
    inputs = [([0, 0], [0, 0, 0, 0]), ([1, 0], [0, 0, 0, 0]), ([0, 0], [1, 0, 0, 0]), ([42, 0], [7, 0, 0, 2**63]),
              ([0x0123456789ABCDEF, 0xFEDCBA9876543210], [3, 1, 4, 1]), ([top, top], [top, top, top, top])]
    blocks = []
    for key, counter in inputs:
        before = sum(word << (64 * i) for i, word in enumerate(counter)) - 1
        generator = numpy.random.Philox(key=numpy.array(key, numpy.uint64), counter=before % 2**256)
        blocks.append({"key": key, "counter": counter, "block": generator.random_raw(4).tolist()})
    streams = []
    for seed in [0, 1, 20260101, top]:
        generator = numpy.random.Philox(key=seed, counter=2**256 - 1)
        words = generator.random_raw(10).tolist()
        streams.append({"seed": seed, "words": words, "uniforms": [(word >> 11) * 2.0**-53 for word in words]})
    write("philox", {"blocks": blocks, "streams": streams})


def numpy_files():
    """Files as numpy.save writes them, base64, with the columns of those that hold a table of numbers that doubles keep."""
    files = []

    def add(name, array, columns=None):
        file = io.BytesIO()
        numpy.save(file, array)
        files.append({"name": name, "content": base64.b64encode(file.getvalue()).decode(), "columns": columns})

    numbers = numpy.array([[1.5, -2.0, 3.25], [0.0, 6.25e-2, -1e10]])
    for kind in ["<f4", "<f8", ">f4", ">f8"]:
        for order in "CF":
            add(f"{kind} {order}", numpy.array(numbers, kind, order=order), numbers.T.tolist())
        add(f"{kind}, one dimension", numbers[0].astype(kind), [numbers[0].tolist()])
    for kind in ["<i1", "<i2", "<i4", "<i8", ">i2", ">i4", ">i8", "<u1", "<u2", "<u4", "<u8", ">u2", ">u4", ">u8"]:
        limits = numpy.iinfo(kind)
        whole = [[max(limits.min, 1 - 2**53), 1, 100], [min(limits.max, 2**53 - 1), 0, 7]]
        for order in "CF":
            add(f"{kind} {order}", numpy.array(whole, kind, order=order), [list(column) for column in zip(*whole)])
    add("integers that no double keeps", numpy.array([1, 2**53 + 1]))
    add("truth values", numpy.array([True, False]))
    add("half precision", numbers[0].astype("<f2"))
    add("complex", numbers.astype("<c16"))
    add("text", numpy.array([["a", "b"]]))
    add("fields", numpy.zeros(3, [("a", "<f8"), ("b", "<f8")]))
    add("three dimensions", numpy.zeros((2, 2, 2)))
    add("no dimensions", numpy.array(1.5))
    add("no rows", numpy.zeros((0, 3)))
    add("no columns", numpy.zeros((3, 0)))
    # Headers alone.
    for shape in [(20000, 2), (2**62, 9), (1, 2**62), (2**60, 1), (2**80, 1)]:
        for is_fortran in [False, True]:
            file = io.BytesIO()
            numpy.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": is_fortran, "shape": shape})
            content = base64.b64encode(file.getvalue()).decode()
            files.append({"name": f"header {shape} {'CF'[is_fortran]}", "content": content, "columns": None})
    write("numpy-files", files)


if __name__ == "__main__":
    special_functions()
    exponentials()
    gamma()
    dirichlet()
    gaussian()
    normal_wishart()
    categorical()
    philox()
    numpy_files()
