"""How far below the evidence the ELBO and BIC are, for lines of slope 0.5 whose levels are some noise sd apart.

The evidence, given the noise, is that of the default prior: w_k multivariate Cauchy about (mean of y, 0) with the scale sd(y), in standardised
coefficients, and weights Dirichlet(1, ..., 1). It is found by importance sampling: a mode of the posterior with the noise at its best, a Student
distribution of 5 degrees of freedom with the curvature there, and K! for the K! modes that exchanging experts makes.

    python3 Benchmarks/References/evidence.py .build/release/mixtures > Benchmarks/Results/evidence.md

Needs numpy and scipy. Takes some ten minutes.
"""

import json
import subprocess
import sys
import tempfile

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, logsumexp


def draw(count, rows, distance, seed):
    source = np.random.default_rng(seed)
    x = source.normal(size=rows)
    return x, distance * source.integers(0, count, size=rows) + 0.5 * x + source.normal(size=rows)


def fit(program, path, experts, *options):
    arguments = ["fit", path, "--formula", "y ~ x", "--experts", str(experts), "--restarts", "10", "--json", *options]
    return json.loads(subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout)


def log_evidence(x, y, model, source, draws=8000):
    """ln p(y | noise) less ln K!, and the effective number of draws."""
    scale = y.var()
    standardized = (x - x.mean()) / x.std()
    parameters = [{p["name"]: p["value"] for p in expert["parameters"]} for expert in model["experts"]]
    count = len(parameters)
    coefficients = np.array([(p["(intercept)"] + p["x"] * x.mean(), p["x"] * x.std()) for p in parameters])
    weights = np.array([max(float(expert["weight"]), 1e-3) for expert in model["experts"]])
    weights /= weights.sum()

    def log_joint(points, noise):
        points = np.atleast_2d(points)
        w = points[:, : 2 * count].reshape(-1, count, 2)
        logits = np.c_[points[:, 2 * count :], np.zeros(len(points))]
        log_weights = logits - logsumexp(logits, axis=1, keepdims=True)
        means = w[:, :, 0][:, None, :] + standardized[None, :, None] * w[:, :, 1][:, None, :]
        densities = -0.5 * np.log(2 * np.pi * noise**2) - 0.5 * ((y[None, :, None] - means) / noise) ** 2
        likelihood = logsumexp(log_weights[:, None, :] + densities, axis=2).sum(1)
        squares = ((w - np.array([y.mean(), 0])) ** 2).sum(2)
        cauchy = gammaln(1.5) - gammaln(0.5) - np.log(np.pi * scale) - 1.5 * np.log1p(squares / scale)
        # The Dirichlet distribution of the weights, as a density of the logits.
        return likelihood + cauchy.sum(1) + gammaln(count) + log_weights.sum(1)

    start = np.r_[coefficients.ravel(), np.log(weights[:-1] / weights[-1]), np.log(parameters[0]["noise sd"])]
    best = minimize(lambda p: -log_joint(p[:-1], np.exp(p[-1]))[0], start, method="BFGS").x
    mode, noise = best[:-1], np.exp(best[-1])
    size, step = len(mode), 1e-3
    hessian = np.zeros((size, size))
    for a in range(size):
        for b in range(a + 1):
            signs = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) * step
            moved = np.array([mode + s * np.eye(size)[a] + t * np.eye(size)[b] for s, t in signs])
            values = -log_joint(moved, noise)
            hessian[a, b] = hessian[b, a] = (values[0] - values[1] - values[2] + values[3]) / (4 * step**2)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    root = np.linalg.cholesky((vectors / np.maximum(eigenvalues, 1e-2)) @ vectors.T)
    freedom, logs = 5, []
    for _ in range(draws // 500):
        z = source.normal(size=(500, size)) / np.sqrt(source.chisquare(freedom, size=500) / freedom)[:, None]
        proposal = gammaln((freedom + size) / 2) - gammaln(freedom / 2) - size / 2 * np.log(freedom * np.pi)
        proposal = proposal - np.log(np.diag(root)).sum() - (freedom + size) / 2 * np.log1p((z**2).sum(1) / freedom)
        logs.append(log_joint(mode + z @ root.T, noise) - proposal)
    logs = np.concatenate(logs)
    return logsumexp(logs) - np.log(len(logs)), np.exp(2 * logsumexp(logs) - logsumexp(2 * logs))


def criteria(program, x, y, experts, source):
    """ELBO + ln K!, -BIC / 2 and the evidence of a data set, and the effective number of draws behind the evidence."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        np.savetxt(file, np.c_[x, y], delimiter=",", header="x,y", comments="")
        file.flush()
        model = fit(program, file.name, experts)
        evidence, effective = log_evidence(x, y, model, source)
        bic = fit(program, file.name, experts, "--estimate", "ml")["bic"]
    labellings = gammaln(experts + 1)
    return model["elbo"] + labellings, -bic / 2, evidence + labellings, effective


def choices(program, sets=40):
    print(f"\nOf {sets} data sets a line, how many times each of them gives the true K, among 1 to one more than that.\n")
    print("| true K | N | Δ | ELBO + ln K! | BIC | evidence |")
    print("|---:|---:|---:|---:|---:|---:|")
    source = np.random.default_rng(2)
    for count, rows, distance in [(2, 150, 2.5), (2, 150, 3), (3, 150, 3)]:
        hits = np.zeros(3, int)
        for seed in range(sets):
            x, y = draw(count, rows, distance, 1000 + seed)
            values = np.array([criteria(program, x, y, experts, source)[:3] for experts in range(1, count + 2)])
            hits += values.argmax(0) + 1 == count
        print(f"| {count} | {rows} | {distance} | " + " | ".join(map(str, hits)) + " |", flush=True)


def main(program, sets=10):
    print(f"Means over {sets} data sets a line of what lies below the evidence, in nats, and how many effective draws of 8,000 it rests on.\n")
    print("| true K | N | Δ | K | ELBO + ln K! | −BIC / 2 | effective draws |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    source = np.random.default_rng(1)
    for count, rows, distance in [(2, 150, 2.5), (2, 150, 3), (2, 150, 4), (3, 150, 3), (3, 150, 4), (3, 300, 3)]:
        found = {}
        for seed in range(sets):
            x, y = draw(count, rows, distance, seed)
            for experts in (count - 1, count):
                elbo, bic, evidence, effective = criteria(program, x, y, experts, source)
                found.setdefault(experts, []).append((evidence - elbo, evidence - bic, effective))
        for experts, values in found.items():
            bound, bic, effective = np.mean(values, axis=0)
            print(f"| {count} | {rows} | {distance} | {experts} | {bound:.2f} | {bic:.2f} | {effective:.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
    choices(sys.argv[1])
