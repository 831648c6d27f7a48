extension BenchmarkDefinition {
  /// The suite that comes with the program: which noise and prior for which troubles of the data, and which gate for which weights.
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
        }
      ]
    }
    """
}
