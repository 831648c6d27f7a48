extension BenchmarkDefinition {
  /// The suite that comes with the program: which noise and prior for which troubles of the data, which gate for which weights, and
  /// how each family does on rows of its own.
  static let standard = """
    {
      "grids": [
        {
          "name": "Experts",
          "generators": [
            {"name": "linear", "recipe": "linear", "rows": 500},
            {"name": "noisy", "recipe": "linear", "rows": 500, "noise": 3},
            {"name": "unbalanced", "recipe": "linear", "rows": 500, "imbalance": 1},
            {"name": "irrelevant features", "recipe": "linear+irrelevant:8", "rows": 500},
            {"name": "collinear features", "recipe": "linear+collinear:2", "rows": 500},
            {"name": "heavy tails", "recipe": "linear+heavy-tails:3", "rows": 500},
            {"name": "contaminated", "recipe": "linear+contaminated:0.05", "rows": 500}
          ],
          "models": [
            {"name": "ml", "options": "--estimate ml"},
            {"name": "shared noise"},
            {"name": "own noise", "options": "--noise per-expert"},
            {"name": "ard", "options": "--prior ard"}
          ]
        },
        {
          "name": "Gates",
          "generators": [
            {"name": "constant weights", "recipe": "linear", "rows": 500, "separation": 1},
            {"name": "softmax", "recipe": "linear+softmax", "rows": 500, "separation": 1},
            {"name": "hierarchical", "recipe": "linear+hierarchical", "rows": 500, "separation": 1},
            {"name": "perceptron", "recipe": "linear+perceptron", "rows": 500, "separation": 1},
            {"name": "gaussian", "recipe": "linear+gaussian", "rows": 500, "separation": 1},
            {"name": "curves", "recipe": "curves", "rows": 500}
          ],
          "models": [
            {"name": "constant"},
            {"name": "softmax", "options": "--gate softmax"},
            {"name": "hierarchical", "options": "--gate hierarchical"},
            {"name": "perceptron", "options": "--gate perceptron"},
            {"name": "gaussian", "options": "--gate gaussian"}
          ]
        },
        {
          "name": "Heavy tails",
          "generators": [
            {"name": "normal noise", "recipe": "linear", "rows": 500},
            {"name": "ten degrees of freedom", "recipe": "student:10", "rows": 500},
            {"name": "three degrees of freedom", "recipe": "student:3", "rows": 500},
            {"name": "one degree of freedom", "recipe": "student:1", "rows": 500}
          ],
          "models": [
            {"name": "normal"},
            {"name": "student", "options": "--family student"},
            {"name": "student, ml", "options": "--family student --estimate ml"}
          ]
        },
        {
          "name": "Counts",
          "generators": [
            {"name": "counts", "recipe": "poisson", "rows": 500},
            {"name": "exposures", "recipe": "poisson:10", "rows": 500},
            {"name": "irrelevant features", "recipe": "poisson+irrelevant:8", "rows": 500}
          ],
          "models": [
            {"name": "poisson", "options": "--family poisson"},
            {"name": "ml", "options": "--family poisson --estimate ml"},
            {"name": "ard", "options": "--family poisson --prior ard"}
          ]
        },
        {
          "name": "Successes",
          "generators": [
            {"name": "up to 3 trials", "recipe": "binomial:3", "rows": 500},
            {"name": "up to 10 trials", "recipe": "binomial", "rows": 500},
            {"name": "up to 30 trials", "recipe": "binomial:30", "rows": 500}
          ],
          "models": [
            {"name": "binomial", "options": "--family binomial"},
            {"name": "ml", "options": "--family binomial --estimate ml"}
          ]
        },
        {
          "name": "Yes or no in groups",
          "generators": [
            {"name": "groups of 5", "recipe": "bernoulli+grouped:5", "rows": 1000},
            {"name": "groups of 20", "recipe": "bernoulli+grouped:20", "rows": 1000}
          ],
          "models": [
            {"name": "bernoulli", "options": "--family bernoulli --group group"},
            {"name": "ml", "options": "--family bernoulli --group group --estimate ml"}
          ]
        }
      ]
    }
    """
}
