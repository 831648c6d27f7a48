"""How often the default fit of each family finds the mixture that its rows were drawn from.

    python3 Benchmarks/References/recovery.py .build/release/mixtures > Benchmarks/Results/recovery.md

A second argument is the number of seeds, 20 by default. Each run is one of `mixtures benchmark`. A fit of p free parameters by maximum likelihood from
N rows loses KL(truth || model) a row, and 2N times that is about chi-squared with p degrees of freedom (Wilks 1938); a posterior under a wide prior
loses hardly more. Experts that have taken each other's rows, or of which one is missing, lose far more, unless nobody could tell.
`TruthScore.isRecovery` is the same in Swift.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

# Of a standard normal distribution the quantile that is exceeded with a probability of 1e-4.
DEVIATIONS = 3.72
UNSEEN = 10_000
SLACK = 0.05

# The recipe, its rows, the model, and the free parameters beside coefficients and weights for K experts.
FAMILIES = [
    ("linear", 1000, "", lambda experts: 1),
    ("student", 1000, "--family student", lambda experts: 1 + experts),
    ("poisson", 1000, "--family poisson", lambda experts: 0),
    ("poisson:10", 1000, "--family poisson", lambda experts: 0),
    ("binomial", 1000, "--family binomial", lambda experts: 0),
    ("bernoulli+grouped:10", 4000, "--family bernoulli --group group", lambda experts: 0),
]
FEATURES = 2


def bound(rows, parameters):
    """The quantile of chi-squared (Wilson & Hilferty 1931), as a loss a row."""
    spread = 2 / (9 * parameters)
    return parameters * (1 - spread + DEVIATIONS * spread**0.5) ** 3 / (2 * rows)


def runs(program, seeds, folder):
    grids = [
        {
            "name": recipe,
            "seeds": seeds,
            "unseenRows": UNSEEN,
            "generators": [
                {"name": str(experts), "recipe": recipe, "rows": rows, "experts": experts, "features": FEATURES}
                for experts in (2, 3)
            ],
            "models": [{"name": "model", "options": options}],
        }
        for recipe, rows, options, _ in FAMILIES
    ]
    suite = pathlib.Path(folder, "recovery.json")
    suite.write_text(json.dumps({"grids": grids}))
    subprocess.run([program, "benchmark", suite, "--output", f"{folder}/runs"], check=True, stdout=subprocess.DEVNULL)
    return json.loads(pathlib.Path(folder, "runs/results.json").read_text())["runs"]


def row(recipe, experts, rows, parameters, all_runs):
    metrics = [
        run.get("metrics", {})
        for run in all_runs
        if run["cell"]["grid"] == recipe and run["cell"]["generator"] == str(experts)
    ]
    limit = bound(rows, parameters)
    within = [m["regret"] <= limit + DEVIATIONS * m["regretStandardError"] if "regret" in m else False for m in metrics]
    near = [m.get("adjustedRandIndex", 0) >= m.get("bayesAdjustedRandIndex", 1) - SLACK for m in metrics]

    def median(name):
        return statistics.median(m[name] for m in metrics if name in m)

    cells = [f"`{recipe}`", rows, experts, f"{sum(map(min, within, near))} of {len(metrics)}", sum(within), sum(near)]
    cells += [f"{median('adjustedRandIndex'):.3f}", f"{median('bayesAdjustedRandIndex'):.3f}"]
    cells += [f"{median('regret'):.4f}", f"{limit:.4f}", f"{median('coefficientError'):.3f}"]
    missed = [str(seed) for seed, found in enumerate(map(min, within, near), 1) if not found]
    return "| " + " | ".join(map(str, cells + [", ".join(missed)])) + " |"


def main():
    program = sys.argv[1]
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    print(
        f"""Of {seeds} seeds, each with a mixture, rows and a default fit of its own: how many fits find the mixture. Found is a fit that loses no more on
{UNSEEN} unseen rows than a quantile of χ² that a sound fit exceeds in one of 10⁴ cases, and as many standard errors beyond, and whose adjusted
Rand index is at most {SLACK} below that of somebody who knows the truth. Beside them medians: of both indices, of the excess log loss in nats a row
with its bound, and of the root mean square of the errors of coefficients; and the seeds that were not found. Where the loss is within its bound
but the index is not, the rows do not tell experts apart that are nearly alike, and the fit leaves one of them few rows or none.

| data | rows | K | found | log loss within bound | index within {SLACK} | index | truth's index | excess log loss | bound | error | not found |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"""
    )
    with tempfile.TemporaryDirectory() as folder:
        all_runs = runs(program, seeds, folder)
    for recipe, rows, _, further in FAMILIES:
        for experts in (2, 3):
            parameters = experts * (FEATURES + 1) + experts - 1 + further(experts)
            print(row(recipe, experts, rows, parameters, all_runs))


main()
