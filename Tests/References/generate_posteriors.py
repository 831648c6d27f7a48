"""Writes posteriors.json: posterior and predictive distributions of regressions of every family, by quadrature.

Run: python3 Tests/References/generate_posteriors.py

The file was made with Python 3.11.7, numpy 2.4.6 and scipy 1.17.1.

There are an intercept c0 and a slope c1, eta = o + c0 + c1 x. The prior is N(0, V) of each, or the default: a multivariate Cauchy distribution
of scale s of the coefficients of the standardised feature, (c0 + c1 mean - centre, c1 sd), about zero.

`exact`: means and standard deviations of the posterior and ln of the evidence, as sums over a grid of 1201 x 1201 points that reach 12
standard deviations; where the noise is uncertain too, by a sum over ln of its precision.

`gaussian`: the normal distribution that maximises the ELBO, with the expected log-likelihood of each row by 150 nodes of Gauss and Hermite; of a
Student regression, that which maximises the bound with a precision of the noise for each row; q(tau) of a Cauchy prior and q(beta) of an
uncertain noise at their best beside it. BFGS finds no higher value. Maximum likelihood has a point in its place.

`predictions`: of new rows under that normal distribution, by the trapezoidal rule over eta: mean, standard deviation, quantiles, and ln of
the density or probability of a value.
"""

import json
import pathlib

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy import optimize, stats
from scipy.special import digamma, expit, gammaln, logsumexp

FOLDER = pathlib.Path(__file__).parent
NODES, WEIGHTS = hermegauss(150)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


class Family:
    """ln p(y | eta) with two derivatives in eta, and the distribution of y."""

    def __init__(self, name, scale=None, freedom=None):
        self.name, self.scale, self.freedom = name, scale, freedom

    def log_density(self, y, n, eta):
        if self.name == "poisson":
            return y * eta - np.exp(eta) - gammaln(y + 1)
        if self.name in ("binomial", "bernoulli"):
            return gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1) + y * eta - n * np.logaddexp(0, eta)
        if self.name == "normal":
            return stats.norm.logpdf(y, eta, self.scale)
        return stats.t.logpdf((y - eta) / self.scale, self.freedom) - np.log(self.scale)

    def derivatives(self, y, n, eta):
        if self.name == "poisson":
            return y - np.exp(eta), -np.exp(eta)
        if self.name in ("binomial", "bernoulli"):
            return y - n * expit(eta), -n * expit(eta) * expit(-eta)
        return (y - eta) / self.scale**2, np.full_like(eta, -1 / self.scale**2)

    def distribution(self, n, eta):
        if self.name == "poisson":
            return stats.poisson(np.exp(eta))
        if self.name in ("binomial", "bernoulli"):
            return stats.binom(n, expit(eta))
        if self.name == "normal":
            return stats.norm(eta, self.scale)
        return stats.t(self.freedom, eta, self.scale)


class Data:
    def __init__(self, x, y, offset, trials):
        self.x, self.y = np.array(x), np.array(y, dtype=float)
        self.offset = np.zeros(len(y)) if offset is None else np.array(offset)
        self.trials = np.ones(len(y)) if trials is None else np.array(trials, dtype=float)
        self.design = np.c_[np.ones(len(y)), self.x]


class Normal:
    """The prior N(0, V I) of (c0, c1)."""

    def __init__(self, variance):
        self.words, self.precision = {"variance": variance}, np.eye(2) / variance

    map = np.eye(2)
    shift = np.zeros(2)

    def log_density(self, w):
        return stats.norm.logpdf(w, 0, 1 / np.sqrt(self.precision[0, 0])).sum(-1)

    def update(self, mean, covariance):
        return self.precision

    def bound(self, mean, covariance):
        """-KL of the normal distribution from the prior."""
        a = self.precision
        return 0.5 * (np.linalg.slogdet(a @ covariance)[1] + 2 - np.trace(a @ covariance) - mean @ a @ mean)


class Cauchy:
    """The multivariate Cauchy prior of w = T c + t, with tau ~ Gamma(1/2, s^2 / 2) behind it."""

    def __init__(self, data, family):
        y, x = data.y, data.x
        if family.name == "poisson":
            self.centre = np.log(y.mean()) - data.offset.mean()
            self.square = max(1, np.log(y + 0.5).var())
        elif family.name in ("binomial", "bernoulli"):
            self.centre = np.log((y.sum() + 0.5) / ((data.trials - y).sum() + 0.5)) - data.offset.mean()
            self.square = 6.25
        else:
            self.centre, self.square = (y - data.offset).mean(), (y - data.offset).var()
        self.words = {"scale": float(np.sqrt(self.square)), "centre": float(self.centre)}
        self.map = np.array([[1, x.mean()], [0, x.std()]])
        self.shift = np.array([-self.centre, 0])

    def log_density(self, w):
        return gammaln(1.5) - gammaln(0.5) - np.log(np.pi * self.square) - 1.5 * np.log1p((w**2).sum(-1) / self.square)

    def gamma(self, mean, covariance):
        return 1.5, 0.5 * (self.square + mean @ mean + np.trace(covariance))

    def update(self, mean, covariance):
        shape, rate = self.gamma(mean, covariance)
        return np.eye(2) * shape / rate

    def bound(self, mean, covariance):
        """E ln p(w | tau) + E ln p(tau) + the entropies, q(tau) at its best."""
        shape, rate = self.gamma(mean, covariance)
        log_tau, tau = digamma(shape) - np.log(rate), shape / rate
        of_w = log_tau - np.log(2 * np.pi) - 0.5 * tau * (mean @ mean + np.trace(covariance))
        of_tau = 0.5 * np.log(0.5 * self.square) - gammaln(0.5) - 0.5 * log_tau - 0.5 * self.square * tau
        entropy = 1 + np.log(2 * np.pi) + 0.5 * np.linalg.slogdet(covariance)[1]
        return of_w + of_tau + entropy + shape - np.log(rate) + gammaln(shape) + (1 - shape) * digamma(shape)


def fit(data, family, prior):
    """The best normal distribution of w, in the prior's coordinates, and the bound."""
    inverse = np.linalg.inv(prior.map)
    # Rows in the prior's coordinates: eta = offset + design T^-1 (w - t).
    design = data.design @ inverse
    base = data.offset - design @ prior.shift
    y, n = data.y, data.trials

    def rows(mean, covariance):
        mu, v = base + design @ mean, np.einsum("ia,ab,ib->i", design, covariance, design)
        if family.name == "student":
            precision, nu = 1 / family.scale**2, family.freedom
            e = (y - mu) ** 2 + v
            u = (nu + 1) / (nu + precision * e)
            score = (
                gammaln((nu + 1) / 2) - gammaln(nu / 2) + 0.5 * np.log(precision) - 0.5 * np.log(np.pi * nu)
                - 0.5 * (nu + 1) * np.log1p(precision * e / nu))
            return score, precision * u * (y - mu), precision * u
        eta = mu[:, None] + np.sqrt(v)[:, None] * NODES
        score = family.log_density(y[:, None], n[:, None], eta) @ WEIGHTS
        first, second = family.derivatives(y[:, None], n[:, None], eta)
        return score, first @ WEIGHTS, -(second @ WEIGHTS)

    def bound(mean, covariance):
        return rows(mean, covariance)[0].sum() + prior.bound(mean, covariance)

    unit = family.scale or 1

    def split(p):
        root = unit * np.array([[np.exp(p[2]), 0], [p[3], np.exp(p[4])]])
        return unit * p[:2], root @ root.T

    best = optimize.minimize(lambda p: -bound(*split(p)), np.r_[0, 0, -1, 0, -1], method="BFGS", options={"gtol": 1e-6})
    mean, covariance = split(best.x)
    for _ in range(2000):
        a = prior.update(mean, covariance)
        _, slope, curvature = rows(mean, covariance)
        covariance = np.linalg.inv(a + (design * curvature[:, None]).T @ design)
        step = covariance @ (design.T @ slope - a @ mean)
        mean = mean + step
    assert (np.abs(step) / np.sqrt(np.diag(covariance))).max() < 1e-12, step
    assert bound(mean, covariance) >= -best.fun - 1e-8, (bound(mean, covariance), -best.fun)
    return inverse @ (mean - prior.shift), inverse @ covariance @ inverse.T, bound(mean, covariance)


def exact(data, family, prior, mean, covariance):
    """Moments of (c0, c1) and ln of the evidence, over a grid along the axes of a normal distribution about it."""
    root = np.linalg.cholesky(covariance)
    reach = np.linspace(-12, 12, 1201)
    a, b = np.meshgrid(reach, reach, indexing="ij")
    points = mean + np.stack([a, b], -1) @ root.T
    logs = prior.log_density(points @ prior.map.T + prior.shift) + np.log(np.abs(np.linalg.det(prior.map)))
    for i in range(len(data.y)):
        logs = logs + family.log_density(data.y[i], data.trials[i], data.offset[i] + points @ data.design[i])
    edge = max(logs[0].max(), logs[-1].max(), logs[:, 0].max(), logs[:, -1].max())
    assert edge < logs.max() - 18, edge - logs.max()
    weights = np.exp(logs - logs.max())
    total = weights.sum()
    means = (weights[..., None] * points).sum((0, 1)) / total
    deviations = np.sqrt((weights[..., None] * (points - means) ** 2).sum((0, 1)) / total)
    cell = np.linalg.det(root) * (reach[1] - reach[0]) ** 2
    return means, deviations, logs.max() + np.log(total * cell)


def predict(family, mean, covariance, noise, x, offset, trials, values):
    """Each new row's distribution; `noise` are values of the scale and their weights."""
    result = []
    for x, o, n, value in zip(x, offset or [0] * len(x), trials or [1] * len(x), values):
        row = np.array([1, x])
        mu, v = o + row @ mean, row @ covariance @ row
        scales, t = noise, np.linspace(-10, 10, 20001) if v > 0 else np.zeros(1)
        eta, w = mu + np.sqrt(v) * t, np.exp(-(t**2) / 2)
        if family.name == "normal":
            # Given the noise the response is normal: the sum is over values of that, in place of eta.
            deviations, w = (np.array(numbers) for numbers in zip(*noise))
            scales, eta = [(np.sqrt(v + deviations**2), 1.0)], np.full(len(deviations), mu)
        w /= w.sum()

        def average(term):
            return sum(weight * (w @ term(Family(family.name, scale, family.freedom))) for scale, weight in scales)

        center = average(lambda f: f.distribution(n, eta).mean())
        spread = average(lambda f: f.distribution(n, eta).var() + (f.distribution(n, eta).mean() - center) ** 2)

        def below(y):
            return average(lambda f: f.distribution(n, eta).cdf(y))

        quantiles = []
        for p in [0.05, 0.5, 0.95]:
            if family.name in ("normal", "student"):
                reach = 40 * np.sqrt(spread)
                quantiles.append(optimize.brentq(lambda y: below(y) - p, center - reach, center + reach, xtol=1e-12 * reach, rtol=1e-14))
                continue
            low, high = -1, max(1, int(4 * center + 10))
            while below(high) < p:
                high *= 2
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if below(middle) < p else (low, middle)
            # No rounding decides which it is.
            assert min(abs(below(high) - p), abs(below(high - 1) - p) if high else 1) > 1e-7
            quantiles.append(high)
        logs = [np.log(w * weight + 1e-300) + Family(family.name, scale, family.freedom).log_density(value, n, eta) for scale, weight in scales]
        result.append({
            "mean": float(center), "standardDeviation": float(np.sqrt(spread)), "quantiles": [float(q) for q in quantiles],
            "value": float(value), "logDensity": float(logsumexp(np.concatenate(logs))),
        })
    return result


def gamma_noise(shape, rate):
    """Values of the noise's standard deviation and their weights, by the trapezoidal rule over ln of its precision."""
    t = np.linspace(np.log(shape / rate) - 60 / shape - 8, np.log(shape / rate) + 40 / np.sqrt(shape) + 6, 1001)
    logs = shape * t - rate * np.exp(t)
    weights = np.exp(logs - logsumexp(logs))
    keep = weights > 1e-18
    return list(zip(np.exp(-t[keep] / 2), weights[keep] / weights[keep].sum()))


def uncertain_noise(data, variance, a, b):
    """A normal regression with beta ~ Gamma(a, b): exact posterior, and q(w) q(beta) at its best."""
    x, y = data.design, data.y - data.offset
    rows = len(y)
    t = np.linspace(-12, 12, 6001)
    logs, means, squares = [], [], []
    for log_beta in t:
        beta = np.exp(log_beta)
        logs.append(
            stats.multivariate_normal.logpdf(y, np.zeros(rows), variance * x @ x.T + np.eye(rows) / beta)
            + stats.gamma.logpdf(beta, a, scale=1 / b) + log_beta)
        covariance = np.linalg.inv(np.eye(2) / variance + beta * x.T @ x)
        means.append(covariance @ (beta * x.T @ y))
        squares.append(np.diag(covariance) + means[-1] ** 2)
    weights = np.exp(np.array(logs) - logsumexp(logs))
    mean = weights @ np.array(means)
    reference = (mean, np.sqrt(weights @ np.array(squares) - mean**2), logsumexp(logs) + np.log(t[1] - t[0]))
    beta = 1.0
    for _ in range(500):
        covariance = np.linalg.inv(np.eye(2) / variance + beta * x.T @ x)
        m = covariance @ (beta * x.T @ y)
        e = ((y - x @ m) ** 2).sum() + np.trace(x @ covariance @ x.T)
        shape, rate = a + rows / 2, b + e / 2
        beta = shape / rate
    log_beta = digamma(shape) - np.log(rate)
    bound = 0.5 * rows * (log_beta - np.log(2 * np.pi)) - 0.5 * beta * e + Normal(variance).bound(m, covariance)
    bound += a * np.log(b) - gammaln(a) + (a - 1) * log_beta - b * beta
    bound += shape - np.log(rate) + gammaln(shape) + (1 - shape) * digamma(shape)
    return reference, (m, covariance, bound), gamma_noise(shape, rate)


def estimated_noise(data, variance):
    """A normal regression with the precision that maximises the evidence; its uncertainty is that of N − γ rows."""
    x, y = data.design, data.y - data.offset
    rows = len(y)

    def evidence(log_beta):
        return stats.multivariate_normal.logpdf(y, np.zeros(rows), variance * x @ x.T + np.eye(rows) * np.exp(-log_beta))

    found = optimize.minimize_scalar(lambda t: -evidence(t), bracket=(-2, 2), tol=1e-14)
    beta = np.exp(found.x)
    for _ in range(1000):
        covariance = np.linalg.inv(np.eye(2) / variance + beta * x.T @ x)
        m = covariance @ (beta * x.T @ y)
        beta = rows / (((y - x @ m) ** 2).sum() + np.trace(x @ covariance @ x.T))
    assert abs(np.log(beta) - found.x) < 1e-6
    rest = rows - beta * np.trace(covariance @ x.T @ x)
    reference = (m, np.sqrt(np.diag(covariance)), evidence(np.log(beta)))
    return reference, (m, covariance, evidence(np.log(beta))), gamma_noise(rest / 2, rest / 2 / beta), 1 / np.sqrt(beta)


def maximum(data, family):
    """The point of maximum likelihood, its log-likelihood and scale."""
    x, y, n, o = data.design, data.y, data.trials, data.offset
    if family.name in ("normal", "student"):
        w, variance, u = np.zeros(2), y.var(), np.ones(len(y))
        for _ in range(5000):
            w = np.linalg.solve((x * u[:, None]).T @ x, x.T @ (u * (y - o)))
            e = (y - o - x @ w) ** 2
            variance = (u * e).mean()
            if family.name == "student":
                u = (family.freedom + 1) / (family.freedom + e / variance)
        scale = np.sqrt(variance)
    else:
        w, scale = np.array([np.log(y.mean() + 0.5) if family.name == "poisson" else 0, 0]), None
        for _ in range(100):
            slope, second = family.derivatives(y, n, o + x @ w)
            w = w + np.linalg.solve((x * -second[:, None]).T @ x, x.T @ slope)
    fitted = Family(family.name, scale, family.freedom)
    return w, fitted.log_density(y, n, o + x @ w).sum(), scale


def draw(name, random, rows, level, slope, noise=0.7, freedom=4.0, x_scale=1.0, has_offset=False, most_trials=12):
    x = np.round(x_scale * random.normal(size=rows), 3)
    offset = np.round(random.normal(0, 0.4, rows), 3) if has_offset else None
    eta = level + slope * x + (0 if offset is None else offset)
    trials = random.integers(1, most_trials + 1, rows) if name == "binomial" else None
    if name == "poisson":
        y = random.poisson(np.exp(eta))
    elif name == "binomial":
        y = random.binomial(trials, expit(eta))
    elif name == "bernoulli":
        y = random.binomial(1, expit(eta))
    else:
        y = np.round(eta + noise * (random.normal(size=rows) if name == "normal" else random.standard_t(freedom, rows)), 4)
    return Data(x, y, offset, trials), has_offset


def main():
    cases = []

    def add(name, title, prior, data, has_offset, new, family=None, noise=None, estimate="variational"):
        family = family or Family(name)
        scales, scale = [(family.scale, 1.0)], family.scale
        reference = None
        if estimate == "ml":
            mean, bound, scale = maximum(data, family)
            covariance, scales, words = np.zeros((2, 2)), [(scale, 1.0)], None
        elif noise and noise["kind"] == "gamma":
            reference, (mean, covariance, bound), scales = uncertain_noise(data, prior, noise["shape"], noise["rate"])
            words, scale = {"variance": prior}, None
        elif noise and noise["kind"] == "shared":
            reference, (mean, covariance, bound), scales, scale = estimated_noise(data, prior)
            words = {"variance": prior}
        else:
            distribution = Cauchy(data, family) if prior == "cauchy" else Normal(prior)
            mean, covariance, bound = fit(data, family, distribution)
            reference, words = exact(data, family, distribution, mean, covariance), distribution.words
        trials = new.get("n") if name == "binomial" else None
        offset = new.get("o") if has_offset else None
        case = {
            "name": f"{name}: {title}", "family": name, "estimate": estimate, "prior": words, "noise": noise, "scale": scale,
            "degreesOfFreedom": family.freedom,
            "columns": {"x": data.x.tolist(), "y": data.y.tolist()}
            | ({"o": data.offset.tolist()} if has_offset else {}) | ({"n": data.trials.tolist()} if trials else {}),
            "new": {"x": new["x"], "y": new["y"]} | ({"o": offset} if offset else {}) | ({"n": trials} if trials else {}),
            "exact": reference and {
                "mean": reference[0].tolist(), "standardDeviation": reference[1].tolist(), "logEvidence": float(reference[2])},
            "gaussian": {
                "mean": mean.tolist(), "standardDeviation": np.sqrt(np.diag(covariance)).tolist(), "bound": float(bound)},
            "predictions": predict(family, mean, covariance, scales, new["x"], offset, trials, new["y"]),
        }
        cases.append(case)
        print(case["name"], case["exact"], case["gaussian"], flush=True)

    numbers = {"x": [-1.5, 0.0, 0.7, 4.0], "y": [0.3, 1.5, -2.0, 6.0], "o": [0.2, 0.0, -0.3, 0.1]}
    counts = {"x": [-1.5, 0.0, 0.7, 3.0], "y": [1.0, 0.0, 12.0, 9.0], "o": [0.2, 0.0, -0.3, 0.1], "n": [3.0, 1.0, 20.0, 9.0]}
    answers = counts | {"y": [1.0, 0.0, 1.0, 0.0]}
    new = {"normal": numbers, "student": numbers, "poisson": counts, "binomial": counts, "bernoulli": answers}
    rows = {"normal": 25, "student": 25, "poisson": 25, "binomial": 30, "bernoulli": 60}
    levels = {"normal": (1.0, 0.8), "student": (1.0, 0.8), "poisson": (0.7, 0.5), "binomial": (-0.4, 0.8), "bernoulli": (0.3, 0.7)}

    for index, name in enumerate(rows):
        known = {"normal": Family(name, 0.7), "student": Family(name, 0.7, 4.0)}.get(name)
        fixed = {"kind": "fixed", "variance": 0.49} if known else None
        for has_offset, prior, title in [(False, 4.0, "normal prior"), (True, 9.0, "normal prior, offset"), (False, "cauchy", "Cauchy prior")]:
            random = np.random.default_rng([3, index, has_offset])
            data, _ = draw(name, random, rows[name], *levels[name], has_offset=has_offset)
            add(name, title, prior, data, has_offset, new[name], known, fixed)
        random = np.random.default_rng([4, index])
        data, _ = draw(name, random, rows[name], *levels[name], has_offset=True)
        likely = {"normal": Family(name), "student": Family(name, None, 4.0)}.get(name)
        add(name, "maximum likelihood", None, data, True, new[name], likely, {"kind": "shared"} if known else None, estimate="ml")

    data, _ = draw("normal", np.random.default_rng(5), 25, 1.0, 0.8)
    add("normal", "uncertain noise", 4.0, data, False, numbers, noise={"kind": "gamma", "shape": 2.0, "rate": 0.7})
    add("normal", "estimated noise", 4.0, data, False, numbers, noise={"kind": "shared"})
    # Where the density of a value is narrow beside the uncertainty of eta, or eta is most uncertain.
    data, _ = draw("poisson", np.random.default_rng(6), 8, 7.5, 0.3)
    add("poisson", "large counts", 100.0, data, False, counts | {"y": [1200.0, 1900.0, 2300.0, 5000.0]})
    data, _ = draw("binomial", np.random.default_rng(7), 8, -1.0, 0.5, most_trials=3000)
    add("binomial", "many trials", 25.0, data, False, counts | {"y": [500.0, 800.0, 1100.0, 2000.0], "n": [3000.0, 3000.0, 3000.0, 4000.0]})
    data, _ = draw("bernoulli", np.random.default_rng(8), 12, 0.3, 0.7)
    add("bernoulli", "few rows, a wide prior", 25.0, data, False, answers | {"x": [-1.5, 0.0, 3.0, 8.0]})
    for unit in [1.0, 1e-5, 1e5]:
        data, _ = draw("student", np.random.default_rng(9), 8, 1.0, 2.0, noise=0.3)
        far = {"x": [-1.5, 0.0, 0.7, 30.0], "y": [-1.0 * unit, 2.0 * unit, 2.4 * unit, 65.0 * unit]}
        data.y = data.y * unit
        add("student", f"a far row, times {unit:g}", 100.0 * unit**2, data, False, far, Family("student", 0.3 * unit, 4.0),
            {"kind": "fixed", "variance": (0.3 * unit) ** 2})
    text = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
    (FOLDER / "posteriors.json").write_text(f"[\n{text}\n]\n")


main()
