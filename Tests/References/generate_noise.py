"""Writes noise.json: what the noise's uncertainty does to predictions, and the evidence of a Gaussian under a Cauchy prior, by quadrature.

Run in this folder: python3 generate_noise.py

The file was made with Python 3.11.7, mpmath 1.3.0 and numpy 2.4.6.

`predictions`: the density and the two tails of y = mean + sqrt(v + 1 / beta) z with beta ~ Gamma(shape, rate) and z standard normal, by
mpmath's quadrature over beta with 30 digits.

`cauchy`: rows y_i ~ N(x_i' w, 1 / beta) with beta known, w | tau ~ N(w0, I / tau), tau ~ Gamma(1/2, rate s^2 / 2). Given tau all is normal;
the posterior means and standard deviations of w, and ln of the evidence, by quadrature over ln tau.
"""

import json

import mpmath as mp
import numpy as np

mp.mp.dps = 30


def prediction(shape, rate, mean, v, y):
    shape, rate, mean, v, y = (mp.mpf(value) for value in (shape, rate, mean, v, y))

    def log_weight(t):
        return shape * mp.log(rate) - mp.loggamma(shape) + shape * t - rate * mp.e**t

    peak, width = mp.log(shape / rate), 1 / mp.sqrt(shape)
    points = [peak - 90 / shape] + [peak + k * width for k in range(-20, 21, 2)] + [peak + 20 * width + 6]
    points = sorted(set(points))

    def integral(term):
        return mp.quad(lambda t: mp.e ** log_weight(t) * term(v + mp.e**-t), points)

    return {
        "shape": float(shape), "rate": float(rate), "mean": float(mean), "varianceOfMean": float(v), "value": float(y),
        "logDensity": float(mp.log(integral(lambda s: mp.e ** (-((y - mean) ** 2) / (2 * s)) / mp.sqrt(2 * mp.pi * s)))),
        "cumulative": float(integral(lambda s: mp.erfc(-(y - mean) / mp.sqrt(2 * s)) / 2)),
        "exceedance": float(integral(lambda s: mp.erfc((y - mean) / mp.sqrt(2 * s)) / 2)),
    }


def cauchy(x, y, beta, w0, scale):
    """All in doubles, on a fine grid of ln tau: the integrand is analytic, so that the sum converges exponentially."""
    x, y, w0 = (np.array(value, dtype=float) for value in (x, y, w0))
    n, d = x.shape
    t = np.linspace(-60, 60, 24001)
    logs, means, squares = [], [], []
    for log_tau in t:
        tau = np.exp(log_tau)
        precision = tau * np.eye(d) + beta * x.T @ x
        covariance = np.linalg.inv(precision)
        m = covariance @ (tau * w0 + beta * x.T @ y)
        rest = beta * y @ y + tau * w0 @ w0 - m @ precision @ m
        evidence = 0.5 * (n * np.log(beta / (2 * np.pi)) + d * log_tau - np.linalg.slogdet(precision)[1] - rest)
        # Gamma(1/2, s^2 / 2) of tau, and the derivative of tau by ln tau.
        prior = 0.5 * np.log(0.5 * scale**2) - 0.5 * np.log(np.pi) + 0.5 * log_tau - 0.5 * scale**2 * tau
        logs.append(evidence + prior)
        means.append(m)
        squares.append(np.diag(covariance) + m**2)
    logs = np.array(logs)
    weights = np.exp(logs - logs.max())
    total = weights.sum()
    mean = (weights[:, None] * np.array(means)).sum(0) / total
    square = (weights[:, None] * np.array(squares)).sum(0) / total
    return {
        "x": x.tolist(), "y": y.tolist(), "noisePrecision": beta, "priorMean": w0.tolist(), "scale": scale,
        "mean": mean.tolist(), "standardDeviation": np.sqrt(square - mean**2).tolist(),
        "logEvidence": float(logs.max() + np.log(total * (t[1] - t[0]))),
    }


def main():
    predictions = [
        prediction(shape, rate, mean, v, y)
        for shape, rate, mean, v in [
            (0.4, 0.4, 0, 0), (0.75, 3, 1, 0.5), (1.5, 1.5, 0, 2), (4, 2, -1, 0.01), (18.5, 18.5, 0, 0.05), (150, 30, 2, 0.1),
            (5000, 5000, 0, 0.02), (20000, 5000, 1, 0.02)]
        for y in [mean, mean + 0.7, mean - 2.5, mean + 6]
    ]
    random = np.random.default_rng(5)
    cases = []
    for rows, slope, noise in [(4, 0.0, 1.0), (100, 0.0, 1.0), (100, 0.2, 1.0), (40, 1.5, 0.3), (12, 0.8, 0.6)]:
        x = random.normal(size=rows)
        x = (x - x.mean()) / x.std()
        y = 0.3 + slope * x + noise * random.normal(size=rows)
        scale = float(y.std())
        cases.append(cauchy([[1.0, value] for value in x], y - y.mean(), 1 / noise**2, [0.0, 0.0], scale))
    with open("noise.json", "w") as file:
        json.dump({"predictions": predictions, "cauchy": cases}, file, indent=1)
        file.write("\n")


main()
