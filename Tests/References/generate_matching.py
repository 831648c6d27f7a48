"""Writes matching.json: matchings of least cost, and adjusted Rand indices, from other programs.

Run: python3 Tests/References/generate_matching.py

The file was made with Python 3.11, numpy 2.4.6, scipy 1.17.1 (scipy.optimize.linear_sum_assignment) and scikit-learn 1.9.1
(sklearn.metrics.adjusted_rand_score). Costs are whole numbers, so that sums are exact; there are many ties among the small ones.
"""

import json
import pathlib

import numpy
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

random = numpy.random.default_rng(11)

matchings = []
for rows, columns, largest in [(1, 1, 9), (9, 9, 3), (12, 20, 50), (20, 12, 50), (40, 40, 1000), (40, 40, 5), (55, 3, 1000), (1, 30, 20)]:
    costs = random.integers(-largest, largest, (rows, columns))
    pairs = linear_sum_assignment(costs)
    matchings.append(
        {"rows": rows, "columns": columns, "costs": costs.ravel().tolist(), "cost": int(costs[pairs].sum())})

partitions = []
for count, first, second, share in [(2, 2, 2, 0), (30, 3, 4, 0), (200, 5, 5, 0.8), (200, 5, 5, 1), (60, 1, 4, 0), (50, 50, 6, 0.3)]:
    one = random.integers(0, first, count)
    other = numpy.where(random.random(count) < share, one, random.integers(0, second, count))
    partitions.append({"first": one.tolist(), "second": other.tolist(), "index": float(adjusted_rand_score(one, other))})

content = {"matchings": matchings, "partitions": partitions}
pathlib.Path(__file__).with_name("matching.json").write_text(json.dumps(content) + "\n")
