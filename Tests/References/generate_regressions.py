"""Writes regressions.json: maximum likelihood of regressions of every family, by programs that know nothing of mixtures.

Run: python3 Tests/References/generate_regressions.py

The file was made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1, patsy 1.0.3, mpmath 1.3.0, statsmodels 0.15.0, and R 4.2.2 with MASS 7.3-58.2.

Coefficients of normal, Poisson, binomial and Bernoulli regressions are those of GLM of statsmodels; R's glm must give them too. Those of Student
regressions maximise the log-likelihood: BFGS of scipy, then Newton's steps of mpmath with 40 digits; TLinearModel of statsmodels, and
fitdistr of MASS where there is no feature, must come near. Row weights say how many rows a row stands for.

`scale` is the standard deviation of normal noise, sqrt(RSS / N), or the scale of t; `degreesOfFreedom` of t is estimated or given.
"""

import contextlib
import io
import json
import pathlib
import subprocess
import tempfile
import warnings

import numpy as np
import patsy
import statsmodels.api as sm
from mpmath import mp, mpf
from scipy import optimize, stats
from scipy.special import expit, gammaln
from statsmodels.miscmodels.tmodel import TLinearModel

mp.dps = 40
FOLDER = pathlib.Path(__file__).parent
ROWS = 48

# The terms in R's language, and in that of patsy.
LINE = ("x", "x")
FULL = ("factor(g) + x + z", "C(g) + x + z")
WITHOUT_INTERCEPT = ("0 + x + z", "0 + x + z")
LEVELS = ("0 + factor(g) + x", "0 + C(g) + x")
CONSTANT = ("1", "1")


def features(random, origin=0.0):
    """Two numbers, a factor of three levels, an offset, and row weights, among them 0 and fractions."""
    return {
        "x": [round(float(v), 3) for v in origin + random.normal(size=ROWS)],
        "z": [round(float(v), 3) for v in random.uniform(0, 2, ROWS)],
        "g": [["a", "b", "c"][i * i % 7 % 3] for i in range(ROWS)],
        "o": [round(float(v), 3) for v in random.normal(0.5, 0.4, ROWS)],
        "w": [[1.0, 2.0, 0.5, 3.0, 0.0, 1.25][i % 6] for i in range(ROWS)],
    }


def respond(family, random, columns, level=0.0, origin=0.0):
    """Responses about a level, and numbers of trials."""
    effect = np.array([{"a": 0.0, "b": 0.5, "c": -0.4}[g] for g in columns["g"]])
    eta = level + 0.6 * (np.array(columns["x"]) - origin) - 0.3 * np.array(columns["z"]) + effect + columns["o"]
    trials = None
    if family == "poisson":
        y = random.poisson(np.exp(eta))
    elif family == "binomial":
        trials = random.integers(1, 30, ROWS) if level == 0 else random.integers(10_000, 2_000_000, ROWS)
        y = random.binomial(trials, expit(eta))
    elif family == "bernoulli":
        y = random.binomial(1, expit(eta))
    else:
        noise = random.normal(size=ROWS) if family == "normal" else random.standard_t(3, ROWS)
        y = np.round(eta + 0.7 * noise, 4)
    return [float(v) for v in y], None if trials is None else [float(v) for v in trials]


def design(case):
    """The columns of features, response, trials, offset and weights of a case."""
    data = case["columns"]
    # Without a column patsy does not know how many rows there are.
    matrix = np.ones((ROWS, 1)) if case["patsy"] == "1" else np.asarray(patsy.dmatrix(case["patsy"], data))
    y = np.array(data["y"])
    trials = np.array(data["n"]) if case["family"] == "binomial" else np.ones(ROWS)
    offset = np.array(data["o"]) if case["hasOffset"] else np.zeros(ROWS)
    weights = np.array(data["w"]) if case["hasWeights"] else np.ones(ROWS)
    return matrix, y, trials, offset, weights


def generalised(case):
    """Coefficients, log-likelihood and noise by statsmodels."""
    x, y, trials, offset, weights = design(case)
    family = {
        "normal": sm.families.Gaussian(), "poisson": sm.families.Poisson(), "binomial": sm.families.Binomial(),
        "bernoulli": sm.families.Binomial(),
    }[case["family"]]
    response = np.c_[y, trials - y] if case["family"] == "binomial" else y
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = sm.GLM(response, x, family=family, offset=offset, freq_weights=weights).fit(tol=1e-15, maxiter=200, tol_criterion="params")
    eta = x @ fit.params + offset
    scale = None
    if case["family"] == "normal":
        scale = float(np.sqrt((weights * (y - eta) ** 2).sum() / weights.sum()))
        log_likelihood = weights @ stats.norm.logpdf(y, eta, scale)
    elif case["family"] == "poisson":
        log_likelihood = weights @ stats.poisson.logpmf(y, np.exp(eta))
    else:
        log_likelihood = weights @ stats.binom.logpmf(y, trials, expit(eta))
    # The formulas here and there are the same; that of the normal density takes the scale of N − d there.
    if case["family"] != "normal":
        assert abs(fit.llf - log_likelihood) < 1e-7 * abs(log_likelihood), (case["name"], fit.llf, log_likelihood)
    compare(case, fit.params, by_r(case))
    return fit.params, log_likelihood, scale, None


def by_r(case):
    """Coefficients by R's glm."""
    columns = {name: values for name, values in case["columns"].items()}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "data.csv"
        names = list(columns)
        lines = [",".join(names)] + [",".join(str(columns[name][i]) for name in names) for i in range(ROWS)]
        path.write_text("\n".join(lines) + "\n")
        response = "cbind(y, n - y)" if case["family"] == "binomial" else "y"
        terms = case["terms"] + (" + offset(o)" if case["hasOffset"] else "")
        family = {"normal": "gaussian", "bernoulli": "binomial"}.get(case["family"], case["family"])
        program = f"""
            data <- read.csv("{path}")
            fit <- suppressWarnings(glm({response} ~ {terms}, family = {family}, data = data,
              weights = {"w" if case["hasWeights"] else "rep(1, nrow(data))"}, control = glm.control(epsilon = 1e-15, maxit = 200)))
            cat(sprintf("%.17g", coef(fit)))"""
        result = subprocess.run(["Rscript", "-e", program], capture_output=True, text=True, check=True)
    return [float(number) for number in result.stdout.split()]


def compare(case, one, other, tolerance=1e-8):
    one, other = np.array(one), np.array(other)
    assert len(one) == len(other) and np.all(np.abs(one - other) <= tolerance * np.maximum(1, np.abs(one))), (case["name"], one, other)


def student(case):
    """Coefficients, log-likelihood, scale and degrees of freedom at the maximum."""
    x, y, _, offset, weights = design(case)
    given, count = case["givenDegreesOfFreedom"], x.shape[1]
    centre = np.median(y - offset)

    def split(p):
        return p[:count], p[count], np.log(given) if given else p[count + 1]

    def negative(p):
        w, log_scale, log_freedom = split(p)
        residuals = (y - offset - x @ w) / np.exp(log_scale)
        return -(weights @ (stats.t.logpdf(residuals, np.exp(log_freedom)) - log_scale))

    start = np.linalg.lstsq(x * np.sqrt(weights)[:, None], (y - offset) * np.sqrt(weights), rcond=None)[0]
    spread = np.median(np.abs(y - offset - x @ start))
    start = np.r_[start, np.log(spread), [] if given else [np.log(4)]]
    best = optimize.minimize(negative, start, method="Nelder-Mead", options={"maxiter": 40000, "maxfev": 40000, "xatol": 1e-9, "fatol": 1e-12}).x
    best = optimize.minimize(negative, best, method="BFGS").x

    X, Y, W = mp.matrix(x.tolist()), [mpf(float(v)) for v in y - 0], [mpf(float(v)) for v in weights]
    O = [mpf(float(v)) for v in offset]

    def gradient(*p):
        """That of the log-likelihood in coefficients, ln scale and ln ν."""
        w, log_scale = p[:count], p[count]
        freedom = mpf(given) if given else mp.exp(p[count + 1])
        total = [mpf(0)] * len(p)
        for i in range(ROWS):
            z = (Y[i] - O[i] - sum(X[i, j] * w[j] for j in range(count))) / mp.exp(log_scale)
            pull = (freedom + 1) / (freedom + z * z)
            for j in range(count):
                total[j] += W[i] * pull * z * X[i, j] / mp.exp(log_scale)
            total[count] += W[i] * (pull * z * z - 1)
            if not given:
                half = freedom / 2
                total[count + 1] += W[i] * half * (
                    mp.psi(0, half + mpf(1) / 2) - mp.psi(0, half) - 1 / freedom - mp.log(1 + z * z / freedom) + pull * z * z / freedom)
        return total

    root = mp.findroot(gradient, [mpf(float(v)) for v in best], solver="mdnewton", tol=1e-25, maxsteps=30)
    exact = np.array([float(v) for v in root])
    assert np.all(np.abs(exact - best) < 1e-2 * np.maximum(1, np.abs(best))), (case["name"], exact, best)
    w, log_scale, log_freedom = split(exact)
    freedom = given or float(np.exp(log_freedom))
    assert 1 < freedom < 100, (case["name"], freedom)
    check_student(case, x, y - offset, weights, w, np.exp(log_scale), freedom)
    return w, -negative(exact), float(np.exp(log_scale)), freedom


def check_student(case, x, y, weights, w, scale, freedom):
    """Compares with statsmodels, over rows as many times as they weigh, and MASS; both stop at tolerances of their own."""
    given = case["givenDegreesOfFreedom"]
    if np.all(weights * 4 == np.round(weights * 4)):
        times = np.round(weights * 4).astype(int)
        # It prints what it does.
        with contextlib.redirect_stdout(io.StringIO()):
            model = TLinearModel(np.repeat(y, times), np.repeat(x, times, axis=0), **({"fix_df": given} if given else {}))
        at = np.r_[w, [] if given else [freedom], scale]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = model.fit(start_params=at + 0.01, method="nm", maxiter=20000, maxfun=20000, xtol=1e-10, ftol=1e-12, disp=0)
        assert model.nloglike(at) <= model.nloglike(found.params) + 1e-7, (case["name"], at, found.params, model.nloglike(at), model.nloglike(found.params))
        compare(case, at, found.params, tolerance=1e-3)
    if case["patsy"] == "1" and not case["hasWeights"]:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "data.csv"
            path.write_text("y\n" + "\n".join(f"{v:.17g}" for v in y) + "\n")
            df = f", df = {given}" if given else ""
            program = f'library(MASS); y <- read.csv("{path}")$y; f <- suppressWarnings(fitdistr(y, "t"{df}, control = list(reltol = 1e-15, maxit = 10000))); cat(sprintf("%.17g", c(f$estimate, f$loglik)))'
            result = subprocess.run(["Rscript", "-e", program], capture_output=True, text=True, check=True)
        numbers = [float(number) for number in result.stdout.split()]
        compare(case, [w[0], scale] + ([] if given else [freedom]), numbers[:-1], tolerance=1e-4)


def main():
    cases = []

    def add(family, name, terms, offset=False, weights=False, level=0.0, origin=0.0, freedom=None):
        random = np.random.default_rng([7, len(cases)])
        columns = features(random, origin)
        columns["y"], trials = respond(family, random, columns, level, origin)
        if trials is not None:
            columns["n"] = trials
        case = {
            "name": f"{family}: {name}", "family": family, "terms": terms[0], "patsy": terms[1], "hasOffset": offset,
            "hasWeights": weights, "givenDegreesOfFreedom": freedom, "columns": columns,
        }
        w, log_likelihood, scale, found = student(case) if family == "student" else generalised(case)
        del case["patsy"]
        case |= {
            "coefficients": [float(v) for v in w], "logLikelihood": float(log_likelihood), "scale": scale,
            "degreesOfFreedom": found,
        }
        cases.append(case)
        print(case["name"], case["coefficients"], case["logLikelihood"], scale, found)

    for family in ["normal", "poisson", "binomial", "bernoulli", "student"]:
        level = {"poisson": 1.0, "normal": 2.0, "student": 2.0}.get(family, 0.0)
        for freedom in [None, 4.0] if family == "student" else [None]:
            words = f", {freedom:g} degrees of freedom" if freedom else ""
            add(family, "a line" + words, LINE, level=level, freedom=freedom)
            add(family, "factor, offset and weights" + words, FULL, offset=True, weights=True, level=level, freedom=freedom)
            add(family, "no intercept" + words, WITHOUT_INTERCEPT, offset=True, freedom=freedom)
            add(family, "every level of a factor" + words, LEVELS, weights=True, level=level, freedom=freedom)
            add(family, "a constant" + words, CONSTANT, level=level, freedom=freedom)
            add(family, "features far from the origin" + words, LINE, level=level, origin=1e4, freedom=freedom)
        far = {"normal": 1e6, "student": 1e6, "poisson": float(np.log(1e6)), "binomial": -3.0}.get(family)
        if far:
            add(family, "responses far from the origin", FULL, offset=True, weights=True, level=far)
    # A line each.
    text = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
    (FOLDER / "regressions.json").write_text(f"[\n{text}\n]\n")


main()
