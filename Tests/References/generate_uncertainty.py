"""Writes uncertainty.json: how uncertain the parameters of mixtures of regressions are, by programs that know nothing of variational inference.

Run: python3 Tests/References/generate_uncertainty.py

The file was made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1, jax 0.10.2 and numpyro 0.22.0, in float64.

Of an assignment (a row, or all rows of a `group`) the density is sum_k pi_k prod_rows p_k. Experts are lines in x, intercept first, in the units
of the data: normal, y ~ N(w_k'x, sigma_k^2), with one sigma (`shared`) or one each (`own`); Student, y = w_k'x + sigma t_nu; Poisson, ln of the
mean is w_k'x; binomial of n trials, the logit is. Gates: `constant`, pi; `softmax`, ln pi_k = v_k'g + const with g = (1, z standardised), the
standard deviation that of N, not N - 1; and the tree `((1,2),3)` of such branches. Names of parameters:

    1:(intercept), 1:x            coefficients of expert 1
    ln noise variance             ln sigma^2, of Student experts that of the squared scale of t; 1:ln noise variance if each has its own
    1:ln degrees of freedom       ln nu, where it is estimated
    u1                            ln pi_1 / pi_K
    logit pi1, pi1                of the weight itself
    u1:(intercept), u1:z          v_1 - v_K, of the standardised z; with ", units of the data" that of z as it is
    root:z, branch 1:z            of the tree: (1,2) less 3, and 1 less 2

Priors of `nuts` and `loo`: w_k ~ N(0, V I); ln sigma^2 flat, its density 1 per unit of ln sigma^2; pi ~ Dirichlet(1, ..., 1); v_k ~ N(0, I) for
each of the K. Where each expert has its own flat ln sigma^2 the whole posterior is improper, for an expert may be left without rows; what is meant
is the mode: with one expert for all rows, the density per unit of the other's ln sigma^2 is exp(-62) of the mode's integral.

`data`: the columns, and the `truth` that they were drawn with, `gate` there in the units of z (intercept, slope). `weight` matters only where
`weighted`.

`nuts`: means, standard deviations and correlations of the posterior, by 4 chains of the No-U-Turn sampler of numpyro with 20,000 draws each, started
at the mode nearest the truth. The assignments are uncertain (`uncertainShare`: the share of them whose largest responsibility is below 0.9), but the
modes of relabelled experts are far: of no draw is any relabelling nearer to the mean (Mahalanobis distance), so that no chain switches, and all
draws are of one labelling. The first `parameters` names are sampled, the others are functions of them. `mode` is that of the density of the
parameters that are sampled. `logEvidence` is ln of the integral over the points that are nearer to the mean than their relabellings: add ln K! for
the whole. It is by importance sampling from a multivariate t with 5 degrees of freedom and the moments of the draws, 400,000 times, and its weighted
moments must agree with those of the chains.

`loo`: ln p(y_i | all other rows) for the first 30 rows, z standardised as with all rows. For each row the mode of the posterior without it, then
importance sampling from a t about it: 20,000 times for moments, and 200,000 times from a t with those. The posterior of all rows has no part in it
but a check: the harmonic means of its draws must be near.

`hessians`: the maximum of the likelihood (a local one, near the truth), all priors flat, to a gradient of 1e-9, and standard errors from the
inverse of the negative Hessian H: `standardErrors`, H^-1; `robustErrors`, H^-1 (sum_i w_i s_i s_i') H^-1 with the score s_i of an assignment,
without any factor for small samples. A weight w_i counts identical independent assignments. What is not among the first `parameters` names is by
the delta method. `correlation` is of these first names, from H^-1.

Checks: the density against loops over scipy's; gradients and Hessians against differences; evidences of one expert against quadrature; those
of two experts, and ln p(y_i | all other rows), against sums over all assignments of conjugate marginals. A run takes about twenty minutes.
"""

import itertools
import json
import math
import pathlib
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln, logsumexp
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS
from scipy import optimize, stats
from scipy.special import expit
from scipy.special import gammaln as lgamma
from scipy.special import logsumexp as lse

jax.config.update("jax_enable_x64", True)
FOLDER = pathlib.Path(__file__).parent
FREEDOM = 5.0  # of the proposals


class Mixture:
    """A data set and a model of it; V is the variance of the prior, or None: flat priors."""

    def __init__(self, data, V=None):
        self.data, self.V = data, V
        self.K, self.family, self.noise, self.gate = (data[key] for key in ["K", "family", "noise", "gate"])
        columns = {name: np.array(values, dtype=float) for name, values in data["columns"].items()}
        self.y = jnp.array(columns["y"])
        self.design = jnp.c_[jnp.ones(len(self.y)), jnp.array(columns["x"])]
        self.trials = jnp.array(columns.get("n", np.ones(len(self.y))))
        if "group" in columns:
            self.group = columns["group"].astype(int) - 1
        else:
            self.group = np.arange(len(self.y))
        self.count = int(self.group.max()) + 1
        first = np.array([np.flatnonzero(self.group == g)[0] for g in range(self.count)])
        self.weights = jnp.array(columns["weight"][first]) if "weight" in columns else jnp.ones(self.count)
        names = [f"{k + 1}:{name}" for k in range(self.K) for name in ["(intercept)", "x"]]
        if self.noise == "shared":
            names.append("ln noise variance")
        elif self.noise == "own":
            names += [f"{k + 1}:ln noise variance" for k in range(self.K)]
        self.estimates_freedom = self.family == "student" and data["degreesOfFreedom"] is None
        if self.estimates_freedom:
            names += [f"{k + 1}:ln degrees of freedom" for k in range(self.K)]
        self.start_of_gate = len(names)
        if self.gate == "constant":
            names += [f"u{k + 1}" for k in range(self.K - 1)]
        else:
            z = columns["z"]
            self.z_mean, self.z_sd = z.mean(), z.std()
            self.seen = jnp.c_[jnp.ones(len(z)), (z - self.z_mean) / self.z_sd]
            of = [f"u{k + 1}" for k in range(self.K - 1)] if self.gate == "softmax" else ["root", "branch 1"]
            names += [f"{branch}:{name}" for branch in of for name in ["(intercept)", "z"]]
        self.names, self.size = names, len(names)
        self.terms = jax.jit(self.assignment_terms)
        self.slope = jax.jit(jax.grad(self.log_density))
        self.second = jax.jit(jax.hessian(self.log_density))
        self.value = jax.jit(self.log_density)
        self.many = jax.jit(jax.vmap(self.log_density, (0, None)))
        self.many_terms = jax.jit(jax.vmap(self.assignment_terms))

    def parts(self, p):
        """Coefficients K x 2, ln of the noise variances, ln nu, and the gate's: K - 1, or two columns of them."""
        w = p[: 2 * self.K].reshape(self.K, 2)
        at = 2 * self.K
        noises = {"shared": 1, "own": self.K}.get(self.noise, 0)
        noise = p[at : at + noises]
        freedom = p[at + noises : at + noises + self.K] if self.estimates_freedom else None
        gate = p[self.start_of_gate :]
        return w, noise, freedom, gate if self.gate == "constant" else gate.reshape(-1, 2)

    def log_weights(self, gate):
        if self.gate == "constant":
            return jax.nn.log_softmax(jnp.append(gate, 0.0))[None, :]
        if self.gate == "softmax":
            psi = self.seen @ gate.T
            return jax.nn.log_softmax(jnp.c_[psi, jnp.zeros(len(psi))], axis=1)
        root, branch = self.seen @ gate[0], self.seen @ gate[1]
        yes, no = jax.nn.log_sigmoid(root), jax.nn.log_sigmoid(-root)
        return jnp.c_[yes + jax.nn.log_sigmoid(branch), yes + jax.nn.log_sigmoid(-branch), no]

    def joint(self, p):
        """ln pi_k prod_rows p_k, of every assignment and expert."""
        w, noise, freedom, gate = self.parts(p)
        eta, y, n = self.design @ w.T, self.y[:, None], self.trials[:, None]
        if self.family == "poisson":
            rows = y * eta - jnp.exp(eta) - gammaln(y + 1)
        elif self.family == "binomial":
            rows = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1) + y * eta - n * jnp.logaddexp(0, eta)
        elif self.family == "normal":
            rows = -0.5 * (jnp.log(2 * jnp.pi) + noise + (y - eta) ** 2 * jnp.exp(-noise))
        else:
            nu = jnp.exp(freedom) if self.estimates_freedom else self.data["degreesOfFreedom"]
            rows = (
                gammaln((nu + 1) / 2) - gammaln(nu / 2) - 0.5 * (jnp.log(jnp.pi * nu) + noise)
                - 0.5 * (nu + 1) * jnp.log1p((y - eta) ** 2 * jnp.exp(-noise) / nu))
        if self.count < len(self.y):
            rows = jax.ops.segment_sum(rows, self.group, self.count)
        return self.log_weights(gate) + rows

    def assignment_terms(self, p):
        return logsumexp(self.joint(p), axis=1)

    def log_prior(self, p):
        if self.V is None:
            return 0.0
        w, _, _, gate = self.parts(p)
        total = -0.5 * (w**2).sum() / self.V - self.K * jnp.log(2 * jnp.pi * self.V)
        if self.gate == "constant":
            # The density of pi, (K - 1)!, by the Jacobian of pi in u.
            return total + math.lgamma(self.K) + self.log_weights(gate).sum()
        # Differences of independent standard normal v_k.
        covariance = np.eye(self.K - 1) + 1
        total -= 0.5 * jnp.einsum("ja,jk,ka->", gate, np.linalg.inv(covariance), gate)
        return total - np.linalg.slogdet(2 * np.pi * covariance)[1]

    def log_density(self, p, weights):
        return weights @ self.assignment_terms(p) + self.log_prior(p)

    def relabelled(self, p, order):
        """Points (a row each) with expert order[k] as expert k."""
        order, K = list(order), self.K
        w = p[:, : 2 * K].reshape(-1, K, 2)[:, order].reshape(-1, 2 * K)
        middle = p[:, 2 * K : self.start_of_gate]
        if self.noise == "own":
            middle = middle[:, order]
        gate = p[:, self.start_of_gate :].reshape(len(p), K - 1, -1)
        gate = np.concatenate([gate, np.zeros_like(gate[:, :1])], axis=1)[:, order]
        return np.concatenate([w, middle, (gate[:, :-1] - gate[:, -1:]).reshape(len(p), -1)], axis=1)

    def nearness(self, points, mean, covariance):
        """How much nearer to the mean points are than the nearest of their relabellings: squared Mahalanobis distances."""
        if self.K == 1:
            return np.full(len(points), np.inf)
        root = np.linalg.cholesky(covariance)

        def distance(q):
            return (np.linalg.solve(root, (q - mean).T) ** 2).sum(0)

        others = [distance(self.relabelled(points, order)) for order in list(itertools.permutations(range(self.K)))[1:]]
        return np.min(others, axis=0) - distance(points)

    def truth(self):
        """The parameters that the data were drawn with."""
        t = self.data["truth"]
        p = list(np.ravel(t["coefficients"])) + list(2 * np.log(t.get("deviations", [])))
        if self.estimates_freedom:
            p += list(np.log(t["degreesOfFreedom"]))
        if self.gate == "constant":
            p += list(np.log(np.array(t["weights"][:-1]) / t["weights"][-1]))
        else:
            # Those of the gate are in the units of the data.
            p += [v for a, b in t["gate"] for v in (a + b * self.z_mean, b * self.z_sd)]
        return np.array(p)

    def maximum(self, start, weights):
        """The maximum of the density near the start: BFGS, then Newton's steps."""
        best = optimize.minimize(
            lambda p: -float(self.value(p, weights)), start, jac=lambda p: -np.array(self.slope(p, weights)), method="BFGS",
            options={"gtol": 1e-4})
        p = best.x
        for _ in range(30):
            gradient = np.array(self.slope(p, weights))
            if np.linalg.norm(gradient) < 1e-11:
                break
            p = p - np.linalg.solve(np.array(self.second(p, weights)), gradient)
        assert np.linalg.norm(self.slope(p, weights)) < 1e-9, (self.names, p, self.slope(p, weights))
        assert self.value(p, weights) >= -best.fun - 1e-9
        information = -np.array(self.second(p, weights))
        assert np.linalg.eigvalsh(information).min() > 0
        return p, information

    def derived(self, p, data_units=False):
        """Functions of the parameters, by name; pi themselves are for delta-method errors alone."""
        *_, gate = self.parts(p)
        if self.gate == "constant":
            pi = jnp.exp(self.log_weights(gate)[0])
            result = {f"logit pi{k + 1}": jnp.log(pi[k]) - jnp.log1p(-pi[k]) for k in range(self.K)} if self.K > 1 else {}
            if data_units and self.K > 1:
                result |= {f"pi{k + 1}": pi[k] for k in range(self.K)}
            return result
        if not data_units:
            return {}
        result = {}
        for j, name in enumerate(self.names[self.start_of_gate :: 2]):
            branch = name.split(":")[0]
            result[f"{branch}:(intercept), units of the data"] = gate[j, 0] - gate[j, 1] * self.z_mean / self.z_sd
            result[f"{branch}:z, units of the data"] = gate[j, 1] / self.z_sd
        return result


class Sample:
    """Weighted draws from a multivariate t, restricted to one labelling, and ln of the integral of the density."""

    def __init__(self, model, weights, mean, covariance, count, seed, chunk=20_000):
        random = np.random.default_rng(seed)
        size, root = model.size, np.linalg.cholesky(covariance)
        t = random.normal(size=(count, size)) / np.sqrt(random.chisquare(FREEDOM, count) / FREEDOM)[:, None]
        self.points = mean + t @ root.T
        log_proposal = (
            math.lgamma((FREEDOM + size) / 2) - math.lgamma(FREEDOM / 2) - 0.5 * size * np.log(FREEDOM * np.pi) - np.log(np.diag(root)).sum()
            - 0.5 * (FREEDOM + size) * np.log1p((t**2).sum(1) / FREEDOM))
        logs = np.concatenate([model.many(self.points[i : i + chunk], weights) for i in range(0, count, chunk)]) - log_proposal
        logs[~np.isfinite(logs) | (model.nearness(self.points, mean, covariance) < 0)] = -np.inf
        self.log_integral = float(lse(logs) - np.log(count))
        self.weights = np.exp(logs - lse(logs))
        self.efficiency = 1 / (self.weights**2).sum() / count
        self.error = math.sqrt((1 / self.efficiency - 1) / count)

    def moments(self):
        mean = self.weights @ self.points
        e = self.points - mean
        return mean, (e * self.weights[:, None]).T @ e

    def log_expectation(self, values):
        """ln of the expectation of positive values, and its Monte Carlo error."""
        mean = self.weights @ values
        return math.log(mean), math.sqrt((self.weights**2 * (values / mean - 1) ** 2).sum())


def adapted(model, weights, start, seed, first=20_000, second=100_000):
    """Draws from a t with the moments of draws from a t about the mode."""
    mode, information = model.maximum(start, weights)
    pilot = Sample(model, weights, mode, np.linalg.inv(information), first, [seed, 0])
    return Sample(model, weights, *pilot.moments(), second, [seed, 1])


def left_out(model, start, row, seed, count=200_000):
    """ln p(y_i | all other rows), its Monte Carlo error, and the efficiency of the sample."""
    weights = model.weights.at[row].set(0.0)
    sample = adapted(model, weights, start, seed, second=count)
    values = np.concatenate([model.many_terms(sample.points[i : i + 20_000])[:, row] for i in range(0, len(sample.points), 20_000)])
    return *sample.log_expectation(np.exp(values)), sample.efficiency


# Checks.


def slow_density(model, p, weights):
    """What log_density must be, by loops over scipy's densities."""
    w, noise, freedom, gate = (None if part is None else np.array(part) for part in model.parts(jnp.array(p)))
    K, y, total = model.K, np.array(model.y), 0.0
    variances = np.exp(np.resize(noise, K)) if len(noise) else None
    nus = np.exp(freedom) if freedom is not None else np.resize(model.data["degreesOfFreedom"] or 0, K)
    for a in range(model.count):
        if model.gate == "constant":
            pi = np.exp(np.append(gate, 0))
        else:
            g = np.array([1, (model.data["columns"]["z"][a] - model.z_mean) / model.z_sd])
            if model.gate == "softmax":
                pi = np.exp(np.append(gate @ g, 0))
            else:
                one, other = expit(gate @ g)
                pi = np.array([one * other, one * (1 - other), 1 - one])
        logs = np.log(pi / pi.sum())
        for i in np.flatnonzero(model.group == a):
            for k in range(K):
                eta = w[k, 0] + w[k, 1] * model.data["columns"]["x"][i]
                logs[k] += {
                    "normal": lambda: stats.norm.logpdf(y[i], eta, np.sqrt(variances[k])),
                    "student": lambda: stats.t.logpdf(y[i], nus[k], eta, np.sqrt(variances[k])),
                    "poisson": lambda: stats.poisson.logpmf(y[i], np.exp(eta)),
                    "binomial": lambda: stats.binom.logpmf(y[i], int(model.trials[i]), expit(eta)),
                }[model.family]()
        total += weights[a] * lse(logs)
    if model.V is not None:
        total += stats.norm.logpdf(w, 0, np.sqrt(model.V)).sum()
        if model.gate == "constant":
            pi = np.exp(np.append(gate, 0))
            pi /= pi.sum()
            jacobian = np.array([[pi[j] * ((j == k) - pi[k]) for k in range(K - 1)] for j in range(K - 1)])
            total += stats.dirichlet.logpdf(pi, np.ones(K)) + np.log(np.linalg.det(jacobian)) if K > 1 else 0
        else:
            total += sum(stats.multivariate_normal.logpdf(gate[:, j], np.zeros(K - 1), np.eye(K - 1) + 1) for j in range(2))
    return total


def check_derivatives(model, p, weights):
    value = float(model.value(p, weights))
    assert abs(value - slow_density(model, p, np.array(weights))) < 1e-9 * abs(value), (model.data["name"], value)
    step, unit = 1e-5, np.eye(model.size)
    gradient, second = np.array(model.slope(p, weights)), np.array(model.second(p, weights))
    differences = [(model.value(p + step * e, weights) - model.value(p - step * e, weights)) / (2 * step) for e in unit]
    assert np.allclose(gradient, differences, rtol=1e-6, atol=1e-5), (gradient, differences)
    differences = [(model.slope(p + step * e, weights) - model.slope(p - step * e, weights)) / (2 * step) for e in unit]
    assert np.allclose(second, differences, rtol=1e-6, atol=1e-6 * np.abs(second).max()), (second, differences)


def enumerated(model, keep):
    """ln of the evidence of two normal experts with shared noise: the sum over all assignments of those that are kept."""
    t = np.linspace(-14, 9, 401)
    s, V = np.exp(t), model.V
    x, y = np.array(model.design), np.array(model.y)
    rows = [np.flatnonzero(model.group == a) for a in keep]
    bits = (np.arange(2 ** len(keep))[:, None] >> np.arange(len(keep))) & 1
    squares = bits @ np.array([np.r_[(x[i].T @ x[i]).ravel(), x[i].T @ y[i], y[i] @ y[i], len(i)] for i in rows])
    xx, xy, yy, n = squares[:, :4].reshape(-1, 2, 2)[:, None], squares[:, 4:6][:, None], squares[:, 6:7], squares[:, 7:8]
    a = np.eye(2) / V + xx / s[:, None, None]
    b = xy / s[:, None]
    fit = np.einsum("mtj,mtj->mt", b, np.linalg.solve(a, b[..., None])[..., 0])
    marginal = -0.5 * (n * np.log(2 * np.pi * s) + np.linalg.slogdet(a * V)[1] + yy / s - fit)
    # Assignment m of the second expert is the complement.
    logs = lse(marginal + marginal[::-1], axis=1) + np.log(t[1] - t[0])
    count = bits.sum(1)
    if model.gate == "constant":
        gate = lgamma(count + 1) + lgamma(len(keep) - count + 1) - lgamma(len(keep) + 2)
    else:
        axis = np.sqrt(2) * np.linspace(-8, 8, 161)
        points = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
        psi = points @ np.array(model.seen)[keep].T
        density = stats.norm.logpdf(points, 0, np.sqrt(2)).sum(1) + 2 * np.log(axis[1] - axis[0])
        each = density[:, None] - np.logaddexp(0, -psi) @ bits.T - np.logaddexp(0, psi) @ (1 - bits).T
        gate = lse(each, axis=0)
    return lse(logs + gate)


def check_evidences():
    """Importance sampling against what can be computed otherwise."""

    def near(name, sample, exact, error=None):
        value, error = (sample.log_integral, sample.error) if error is None else (sample, error)
        print(f"check of {name}: {value:.5f} +- {error:.5f}, exactly {exact:.5f}", flush=True)
        assert error < 0.004 and abs(value - exact) < 4 * error + 1e-4, (name, value, exact)

    truth = {"coefficients": [[0.8, 0.5]], "deviations": [0.7], "weights": [1.0]}
    for family, V in [("normal", 100.0), ("student", 100.0), ("poisson", 10.0), ("binomial", 10.0)]:
        data = draw(family, 30, 1, truth, seed=90)
        model = Mixture(data, V)
        sample = adapted(model, model.weights, model.truth(), 91)
        mean, covariance = sample.moments()
        reach = 12 * np.sqrt(np.diag(covariance))
        t, cell = [np.linspace(m - r, m + r, 151) for m, r in zip(mean, reach)], np.prod(reach / 75)
        if family == "normal":
            t = np.linspace(mean[2] - reach[2], mean[2] + reach[2], 801)
            x = np.array(model.design)
            logs = [stats.multivariate_normal.logpdf(model.y, np.zeros(30), V * x @ x.T + np.exp(v) * np.eye(30)) for v in t]
            exact = lse(logs) + np.log(t[1] - t[0])
        else:
            grid = np.stack(np.meshgrid(*t, indexing="ij"), -1).reshape(-1, model.size)
            w, y = grid[:, :2], np.array(model.y)
            logs = stats.norm.logpdf(w, 0, np.sqrt(V)).sum(1)
            for i in range(30):
                eta = w @ np.array(model.design[i])
                if family == "student":
                    logs += stats.t.logpdf((y[i] - eta) * np.exp(-grid[:, 2] / 2), 4) - grid[:, 2] / 2
                elif family == "poisson":
                    logs += stats.poisson.logpmf(y[i], np.exp(eta))
                else:
                    logs += stats.binom.logpmf(y[i], int(model.trials[i]), expit(eta))
            exact = lse(logs) + np.log(cell)
        near(f"one {family} expert", sample, exact)

    base = {"coefficients": [[3.0, 0.6], [-3.0, -0.4]], "deviations": [0.5]}
    for kind in ["constant", "groups", "softmax"]:
        truth = base | ({"gate": [[-1.2, 0.4]]} if kind == "softmax" else {"weights": [0.5, 0.5]})
        data = draw("normal", 24 if kind == "groups" else 12, 2, truth, seed=98, group=2 if kind == "groups" else None)
        model = Mixture(data, 9.0)
        everything = list(range(12))
        exact = enumerated(model, everything)
        sample = adapted(model, model.weights, model.truth(), 93, second=400_000)
        near(f"two experts, {kind}", sample, exact - np.log(2))
        if kind != "groups":
            for row in [0, 4]:
                value, error, _ = left_out(model, model.truth(), row, 94, 400_000)
                near(f"row {row} left out", value, exact - enumerated(model, everything[:row] + everything[row + 1 :]), error)


# Data.


def draw(family, N, K, truth, seed, noise="shared", gate="constant", group=None, weights=None, name=None, freedom=4.0, trials=(6, 12)):
    """A data set of K experts; every number has at most six digits."""
    random = np.random.default_rng([2718, seed])
    x = np.round(random.uniform(-2, 2, N), 3)
    columns = {"x": x.tolist()}
    groups = np.arange(N) if group is None else np.repeat(np.arange(N // group), group)
    if "gate" in truth:
        gate = "softmax" if gate == "constant" else gate
        z = np.round(random.normal(3, 1.5, N), 3)
        columns["z"] = z.tolist()
        psi = [a + b * z for a, b in truth["gate"]]
        if gate == "softmax":
            pi = np.exp(np.c_[np.stack(psi, 1), np.zeros(N)])
        else:
            one, other = expit(psi[0]), expit(psi[1])
            pi = np.c_[one * other, one * (1 - other), 1 - one]
        pi /= pi.sum(1, keepdims=True)
    else:
        pi = np.tile(truth["weights"], (N, 1))
    # Rows of a group have the same number, and so the same expert.
    labels = (random.uniform(size=N)[groups][:, None] > pi.cumsum(1)).sum(1)
    w = np.array(truth["coefficients"])[labels]
    eta = w[:, 0] + w[:, 1] * x
    if family == "poisson":
        y = random.poisson(np.exp(eta))
    elif family == "binomial":
        n = random.integers(trials[0], trials[1] + 1, N)
        columns["n"] = n.tolist()
        y = random.binomial(n, expit(eta))
    else:
        nus = np.resize(truth.get("degreesOfFreedom", freedom), K)[labels]
        deviations = np.resize(truth["deviations"], K)[labels]
        y = np.round(eta + deviations * (random.normal(size=N) if family == "normal" else random.standard_t(nus)), 4)
    columns["y"] = y.tolist()
    if group is not None:
        columns["group"] = (groups + 1).tolist()
    if weights is not None:
        columns["weight"] = np.resize(weights, N // group)[groups].tolist()
    if family not in ("normal", "student"):
        noise, truth = None, {key: value for key, value in truth.items() if key != "deviations"}
    return {
        "name": name, "N": N, "K": K, "family": family, "noise": noise, "gate": gate,
        "degreesOfFreedom": (None if "degreesOfFreedom" in truth else freedom) if family == "student" else None,
        "truth": truth, "columns": columns,
    }


def data_sets():
    two = {"coefficients": [[1.0, 1.2], [-1.0, -0.3]], "weights": [0.4, 0.6]}
    three = {"coefficients": [[3.0, 0.8], [0.0, -0.9], [-3.0, 0.5]], "deviations": [0.8], "weights": [0.3, 0.3, 0.4]}
    gated = {"coefficients": two["coefficients"], "deviations": [0.6]}
    tree = {"coefficients": [[2.5, 0.8], [0.0, -0.8], [-2.5, 0.5]], "deviations": [0.7], "gate": [[2.0, -0.5], [-1.2, 0.5]]}
    return [
        draw("normal", 120, 2, two | {"deviations": [0.6]}, 1, name="normal"),
        draw("normal", 150, 2, two | {"deviations": [0.4, 0.9]}, 2, noise="own", name="normal, own noise"),
        draw("normal", 180, 3, three, 3, name="normal, three experts"),
        draw("poisson", 120, 2, {"coefficients": [[2.3, 0.4], [0.9, -0.3]], "weights": [0.45, 0.55]}, 4, name="poisson"),
        draw("binomial", 120, 2, {"coefficients": [[0.8, 0.8], [-0.8, 0.3]], "weights": [0.45, 0.55]}, 5, name="binomial", trials=(8, 15)),
        draw("normal", 160, 2, gated | {"gate": [[-2.2, 0.6]]}, 6, name="normal, softmax"),
        draw("normal", 120, 2, two | {"deviations": [1.5]}, 7, group=3, name="normal, groups", weights=[1.0, 2.0, 1.0]),
        draw("student", 150, 2, {"coefficients": [[1.3, 1.2], [-1.3, -0.3]], "weights": [0.4, 0.6], "deviations": [0.45]}, 8, name="student"),
        draw("normal", 300, 3, tree, 9, gate="((1,2),3)", name="normal, tree"),
        draw("student", 150, 1, {
            "coefficients": [[0.5, 0.8]], "weights": [1.0], "deviations": [0.6], "degreesOfFreedom": [3.0]}, 10, name="student, one expert"),
        draw("student", 300, 2, {
            "coefficients": [[1.6, 1.0], [-1.6, -0.3]], "weights": [0.4, 0.6], "deviations": [0.5], "degreesOfFreedom": [3.0, 4.0]}, 13,
            name="student, degrees of freedom"),
    ]


# What is written.


def rounded(value, digits=6):
    if isinstance(value, (list, np.ndarray)):
        return [rounded(v, digits) for v in value]
    return float(f"{float(value):.{digits}g}")


def posterior(data, V, seed):
    """Moments by NUTS, the evidence by importance sampling."""
    start = time.time()
    if "weight" in data["columns"]:
        data = data | {"columns": {name: values for name, values in data["columns"].items() if name != "weight"}}
    model = Mixture(data, V)
    check_derivatives(model, model.truth(), model.weights)
    mode, information = model.maximum(model.truth(), model.weights)
    kernel = NUTS(potential_fn=lambda p: -model.log_density(p, model.weights), dense_mass=True, target_accept_prob=0.9)
    chains = MCMC(kernel, num_warmup=1500, num_samples=20_000, num_chains=4, chain_method="vectorized", progress_bar=False)
    chains.run(jax.random.PRNGKey(seed), init_params=jnp.tile(mode, (4, 1)), extra_fields=("diverging",))
    draws = np.array(chains.get_samples(group_by_chain=True))
    points = draws.reshape(-1, model.size)
    mean, covariance = points.mean(0), np.cov(points.T)
    margin = model.nearness(points, mean, covariance).min()
    assert margin > 0, (data["name"], margin)
    # Every chain by itself is where all are.
    rhat = max(split_gelman_rubin(draws).max(), split_gelman_rubin((draws - mean) ** 2).max())
    size = effective_sample_size(draws).min()
    size_of_squares = effective_sample_size((draws - mean) ** 2).min()
    assert rhat < 1.005 and min(size, size_of_squares) > 8_000, (data["name"], rhat, size, size_of_squares)
    sample = Sample(model, model.weights, mean, covariance, 400_000, [seed, 2])
    assert sample.error < 0.005, (data["name"], sample.error)
    other_mean, other_covariance = sample.moments()
    sds, others = np.sqrt(np.diag(covariance)), np.sqrt(np.diag(other_covariance))
    shifts, ratios = np.abs(mean - other_mean) / sds, np.abs(np.log(sds / others))
    assert shifts.max() < 0.04 and ratios.max() < 0.03, (data["name"], shifts, ratios)
    responsibilities = np.array(jax.nn.softmax(model.joint(jnp.array(mode)), axis=1)).max(1)
    extra = jax.vmap(model.derived)(points)
    names = model.names + list(extra)
    everything = np.c_[points, np.array(list(extra.values())).T] if extra else points
    result = {
        "data": data["name"], "V": V, "names": names, "mean": rounded(everything.mean(0)), "standardDeviation": rounded(everything.std(0, ddof=1)),
        "correlation": rounded(np.corrcoef(everything.T)), "mode": rounded(mode, 10), "parameters": model.size,
        "logEvidence": round(sample.log_integral, 5), "logEvidenceError": rounded(sample.error, 2),
        "uncertainShare": rounded((responsibilities < 0.9).mean(), 3),
        "rhatMax": rounded(rhat, 6), "essMin": rounded(size, 5), "essMinOfSquares": rounded(size_of_squares, 5), "draws": len(points),
    }
    moments = ", ".join(f"{name} {m:.3f} ({s:.3f})" for name, m, s in zip(names, everything.mean(0), everything.std(0)))
    skewness = stats.skew(everything)
    most = np.abs(skewness).argmax()
    print(
        f"nuts {data['name']}: {time.time() - start:.0f} s, rhat {rhat:.5f}, ess {size:.0f} {size_of_squares:.0f}, "
        f"diverging {int(chains.get_extra_fields()['diverging'].sum())}, margin {margin:.1f}, uncertain {result['uncertainShare']}, "
        f"ln Z {sample.log_integral:.4f} +- {sample.error:.4f} (efficiency {sample.efficiency:.2f}), "
        f"importance sampling off by {shifts.max():.4f} sd, {ratios.max():.4f}, skewness up to {skewness[most]:.2f} of {names[most]}\n    {moments}",
        flush=True)
    return result, points


def loo(data, V, seed, points):
    start = time.time()
    model = Mixture(data, V)
    mode, _ = model.maximum(model.truth(), model.weights)
    found = [left_out(model, mode, row, seed + row) for row in range(30)]
    values, errors, efficiencies = (np.array(part) for part in zip(*found))
    assert errors.max() < 0.003 and efficiencies.min() > 0.3, (data["name"], errors, efficiencies)
    # From the posterior of all rows: the harmonic mean.
    likelihoods = np.concatenate([model.many_terms(points[i : i + 20_000])[:, :30] for i in range(0, len(points), 20_000)])
    by_posterior = np.log(len(points)) - lse(-likelihoods, axis=0)
    difference = np.abs(by_posterior - values).max()
    assert difference < 0.1, (data["name"], by_posterior, values)
    print(
        f"loo {data['name']}: {time.time() - start:.0f} s, error up to {errors.max():.5f}, efficiency from {efficiencies.min():.2f}, "
        f"{difference:.4f} from harmonic means, values {values.min():.2f} to {values.max():.2f}, sum {values.sum():.4f}", flush=True)
    return {
        "data": data["name"], "V": V, "rows": list(range(1, 31)), "logDensity": [round(float(v), 6) for v in values],
        "errorMax": rounded(errors.max(), 2), "efficiencyMin": rounded(efficiencies.min(), 3),
    }


def hessian(data, weighted):
    name = data["name"]
    if not weighted and "weight" in data["columns"]:
        data = data | {"columns": {key: values for key, values in data["columns"].items() if key != "weight"}}
    model = Mixture(data)
    p, information = model.maximum(model.truth(), model.weights)
    check_derivatives(model, p, model.weights)
    inverse = np.linalg.inv(information)
    scores = np.array(jax.jacfwd(model.assignment_terms)(p))
    meat = (scores * np.array(model.weights)[:, None]).T @ scores
    robust = inverse @ meat @ inverse
    extra = model.derived(jnp.array(p), True)
    if extra:
        jacobian = jax.jacfwd(lambda q: jnp.array(list(model.derived(q, True).values())))(jnp.array(p))
        jacobian = np.r_[np.eye(model.size), np.array(jacobian)]
    else:
        jacobian = np.eye(model.size)
    values = np.r_[p, [float(v) for v in extra.values()]]
    names = model.names + list(extra)
    errors, robust_errors = (np.sqrt(np.einsum("ja,ab,jb->j", jacobian, c, jacobian)) for c in [inverse, robust])
    sds = np.sqrt(np.diag(inverse))
    value = float(model.value(p, model.weights))
    found = ", ".join(f"{n} {v:.3f} ({e:.3f}, {r:.3f})" for n, v, e, r in zip(names, values, errors, robust_errors))
    size = np.linalg.norm(model.slope(p, model.weights))
    print(f"hessian {name}{', weighted' if weighted else ''}: ln L {value:.4f}, |gradient| {size:.1e}\n    {found}", flush=True)
    assert np.abs(p - model.truth()).max() < 1.5 and errors.max() < 2, name
    return {
        "data": name, "weighted": weighted, "names": names, "parameters": model.size, "estimates": rounded(values, 14),
        "standardErrors": rounded(errors, 12), "robustErrors": rounded(robust_errors, 12),
        "correlation": rounded(inverse / np.outer(sds, sds), 10), "logLikelihood": rounded(value, 14),
    }


def text(value, indent=""):
    """JSON, a line per list of numbers or words."""
    if isinstance(value, dict):
        inner = [f'{indent}  {json.dumps(key)}: {text(v, indent + "  ")}' for key, v in value.items()]
        return "{\n" + ",\n".join(inner) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], (list, dict)):
        return "[\n" + ",\n".join(f"{indent}  {text(v, indent + '  ')}" for v in value) + f"\n{indent}]"
    return json.dumps(value, allow_nan=False)


def main():
    start = time.time()
    check_evidences()
    data = data_sets()
    variances = [100.0, 100.0, 100.0, 10.0, 10.0, 100.0, 100.0, 100.0]
    hessians = [hessian(data[i], weighted) for i, weighted in [
        (0, False), (1, False), (3, False), (4, False), (5, False), (6, False), (6, True), (8, False), (9, False), (10, False)]]
    found = [posterior(d, V, 10 + i) for i, (d, V) in enumerate(zip(data, variances))]
    left = [loo(data[i], variances[i], 1000 * i, found[i][1]) for i in [0, 1, 3, 5]]
    result = {"data": data, "nuts": [one for one, _ in found], "loo": left, "hessians": hessians}
    (FOLDER / "uncertainty.json").write_text(text(result) + "\n")
    print(f"{time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
