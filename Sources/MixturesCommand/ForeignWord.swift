/// Words that other programs have for what is called otherwise here, with what to say instead: those of R's flexmix, mixtools, mclust and
/// lcmm, of scikit-learn, BayesPy, bnpy and StepMix.
enum ForeignWord {
  /// What to say instead of an option, in lower case and with hyphens, of a command; nil for a word that nobody else has.
  static func answer(toOption word: String, of command: String) -> String? {
    options.first { $0.commands.contains(command) && $0.words.split(separator: " ").contains { $0 == word } }?.answer
  }

  /// What to type instead of a command.
  static func answer(toCommand word: String) -> String? {
    let plain = word.lowercased().replacing("_", with: "-")
    if let answer = commands.first(where: { $0.words.split(separator: " ").contains { $0 == plain } })?.answer {
      return answer
    }
    if word.hasSuffix(".json") { return "say mixtures describe \(word)" }
    return word.contains(".") ? "say mixtures fit \(word) --formula \"y ~ x\"" : nil
  }

  /// What to say instead of the value of an option of a command.
  static func answer(toValue value: String, of option: String, of command: String) -> String? {
    guard command == "fit" || ["delimiter", "decimal", "missing"].contains(option) else { return nil }
    let plain = value.lowercased().replacing(/[_. ]/, with: "-")
    if let answer = values.first(where: { $0.option == option && $0.words.split(separator: " ").contains { $0 == plain } })
    {
      return "say --\(option) \(answer.answer)"
    }
    guard ["noise", "prior"].contains(option), let number = Double(value), number > 0 else { return nil }
    return "say --\(option) fixed:\(value)"
  }

  private typealias Answer = (words: String, commands: [String], answer: String)

  private static let readers = ["fit", "predict", "plot", "score"]

  private static let options: [Answer] = ofFiles + ofModels + ofSearches + ofOtherCommands

  private static let ofFiles: [Answer] = [
    ("sep separator delim field-separator", readers, "say --delimiter"),
    ("dec decimal-mark decimal-separator", readers, "say --decimal"),
    ("na-string na-strings na-value na-values null missing-values", readers, "say --na"),
    ("na-rm na-omit na-action dropna drop-na", readers, "say --missing drop"),
    ("file-encoding charset", readers, "say --encoding"),
    ("col-names colnames", readers, "say --header or --no-header"),
    ("data file filename csv input input-file infile i f d", ["fit"], "the file stands by itself: mixtures fit data.csv"),
    ("model", ["fit"], "say --family for what experts are; to write the fit into a file, say --output"),
    (
      "data file input model newdata new-data", ["predict"],
      "the files stand by themselves: mixtures predict model.json new.csv"
    ),
    ("file input model", ["describe"], "the file stands by itself: mixtures describe model.json"),
    ("data newdata", ["describe"], "it needs the model only: mixtures describe model.json"),
    ("file input model", ["plot"], "the model stands behind the kind of figure: mixtures plot fit model.json"),
    ("file input model", ["score"], "the model stands by itself: mixtures score model.json --truth truth.json"),
    ("out outfile out-file output-file save", ["fit", "generate", "plot", "benchmark"], "say --output"),
    (
      "o out outfile output output-file save", ["predict"],
      "it prints the predictions: to keep them, end the command with > predictions.csv"
    ),
    (
      "o out outfile output output-file save", ["describe", "score"],
      "it prints what it has to say: to keep that, end the command with > report.txt"
    ),
    ("format output-format", ["fit", "predict", "describe", "score"], "say --json for JSON"),
    ("precision", ["fit", "describe", "score"], "say --digits"),
    ("silent", ["fit", "generate", "benchmark"], "say --quiet"),
    (
      "v verbose verbosity trace progress", ["fit", "generate", "benchmark"],
      "a terminal shows progress unless --quiet is said"
    ),
    (
      "jobs n-jobs njobs cores ncores n-cores n-threads nthreads num-threads workers cpus parallel",
      ["fit", "generate", "score", "benchmark"], "say --threads"
    ),
  ]

  private static let ofModels: [Answer] = [
    (
      "components component ncomponents n-components num-components clusters nclusters n-clusters classes nclass n-classes g ng",
      ["fit", "generate"], "say --experts"
    ),
    ("y response dependent outcome", ["fit"], "say --target, or --formula"),
    ("x predictors covariates regressors independent variables columns", ["fit"], "say --features, or --formula"),
    (
      "concomitant gating classmb", ["fit"],
      "say --gate softmax, with the features of the gate behind | in the formula or in --gate-features"
    ),
    ("subject id groups grouping", ["fit"], "say --group"),
    ("random mixture", ["fit"], "there are no random effects; with --group the rows of a group share one expert"),
    ("weight sample-weight sample-weights case-weights", ["fit"], "say --row-weights"),
    ("ntrials n-trials number-of-trials", ["fit"], "say --trials"),
    ("label class known", ["fit"], "say --labels"),
    ("families distribution dist driver likelihood link emission measurement", ["fit"], "say --family"),
    (
      "covariance-type covariance modelnames model-names", ["fit"],
      "experts are regressions, and no clouds with covariances; --noise says whether they share their noise"
    ),
    (
      "sigma sigma2 variance arbvar eqvar equal-variance heteroscedastic", ["fit"],
      "say --noise shared, per-expert or fixed:VARIANCE"
    ),
    ("intercept fit-intercept addintercept constant", ["fit"], "there is an intercept unless --no-intercept is said"),
    (
      "standardize standardise scale normalize center", ["fit"],
      "learned priors see standardized features unless --no-standardize is said"
    ),
    (
      "penalty lambda alpha ridge lasso l2 regularization reg-covar", ["fit"],
      "say --prior fixed:VARIANCE or --prior ard for the experts, --gate-penalty for the gate"
    ),
    ("weight-concentration-prior dirichlet", ["fit"], "say --concentration"),
  ]

  private static let ofSearches: [Answer] = [
    (
      "em algorithm algo method inference variational vb ml mle map reml", ["fit"],
      "say --estimate variational, ml or map; each is fitted by EM"
    ),
    ("random-state random-seed rng", ["fit", "generate"], "say --seed"),
    ("tol eps epsilon threshold converge-thr", ["fit"], "say --tolerance"),
    (
      "iter n-iter niter iters max-iter maxiter maxit itermax max-iterations num-iterations epochs max-epochs nlap",
      ["fit"],
      "say --iterations"
    ),
    ("n-init nstart n-start n-starts starts nrep n-rep repeats replicates ntask", ["fit"], "say --restarts"),
    ("start init-params initialization initialisation initial inits means-init", ["fit"], "say --init"),
    ("warm-start", ["fit"], "say --init model.json"),
    ("posterior posteriors probabilities proba", ["fit"], "say --responsibilities FILE.csv"),
    (
      "aic bic icl criterion", ["fit"], "fits with --estimate ml print AIC and BIC unasked, unless their gate has a penalty"
    ),
    ("level conf-level ci confidence", ["predict"], "say --interval"),
    (
      "interval level conf-level ci confidence", ["fit", "describe"],
      "mixtures describe has intervals of 95 %, and mixtures predict has --interval"
    ),
  ]

  private static let ofOtherCommands: [Answer] = [
    ("n nrow nrows n-rows samples n-samples size", ["generate", "score"], "say --rows"),
    ("sigma sd", ["generate"], "say --noise"),
    ("p d dim n-features", ["generate"], "say --features"),
    ("x along over column", ["plot"], "say --feature"),
    ("type kind", ["plot"], "the kind of figure stands first: mixtures plot fit model.json"),
    ("seed n-seeds", ["benchmark"], "say --seeds, a number"),
  ]

  private static let values: [(option: String, words: String, answer: String)] = [
    ("delimiter", "tabs tabulator t tsv", "tab"), ("delimiter", "blank blanks spaces whitespace \\s \\s+", "space"),
    ("delimiter", "commas csv", "comma"), ("delimiter", "semicolons csv2", "semicolon"), ("delimiter", "pipe", "bar"),
    ("decimal", "point dot period", "."), ("decimal", "comma", ","),
    ("missing", "omit na-omit exclude na-exclude remove skip ignore delete", "drop"),
    ("missing", "fail na-fail raise", "error"),
    ("noise", "equal eqvar e common same homoscedastic pooled", "shared"),
    ("noise", "unequal v free varying variable different own separate arbvar heteroscedastic", "per-expert"),
    ("family", "gaussian gauss linear identity lm", "normal"),
    ("family", "t tdist student-t robust heavy-tailed", "student"),
    ("family", "logistic logit binary yes-no", "bernoulli"), ("family", "count counts loglinear log-linear", "poisson"),
    ("family", "noise outlier outliers", "background"),
    ("estimate", "mle maximum-likelihood likelihood em", "ml"),
    ("estimate", "bayes bayesian vb vi vbem posterior variational-bayes mean-field", "variational"),
    ("estimate", "maximum-a-posteriori mode posterior-mode penalized", "map"),
    ("prior", "normal gaussian ridge l2", "fixed:VARIANCE"), ("prior", "none uniform improper", "flat"),
    ("prior", "diagonal diag", "ard"), ("prior", "spherical", "isotropic"),
    ("gate", "constant none", "dirichlet"), ("gate", "logistic logit multinomial multinom concomitant", "softmax"),
    ("gate", "mlp network neural nn", "perceptron"), ("gate", "tree hme", "hierarchical"), ("gate", "normal", "gaussian"),
    ("gate", "dp dirichlet-process crp", "stick-breaking"),
    ("init", "k-means k-means++ kmeans++", "kmeans"), ("init", "random-from-data", "localised"), ("init", "rnd", "random"),
  ]

  private static let commands: [(words: String, answer: String)] = [
    ("coef coefficients params parameters summary info inspect show print", "say mixtures describe model.json"),
    ("version", "say mixtures --version"),
    ("train learn estimate run em flexmix", "say mixtures fit data.csv --formula \"y ~ x\""),
    (
      "cluster classify assign posterior responsibilities",
      "say mixtures fit data.csv --formula \"y ~ x\" --responsibilities shares.csv"
    ),
    (
      "select stepflexmix compare anova aic bic icl",
      "fit with one number of --experts after another, and compare the ELBOs, or under --estimate ml the BICs"
    ),
    ("simulate sample", "say mixtures generate linear --output data.csv"),
    ("evaluate test validate", "say mixtures score model.json --truth truth.json"),
    ("draw figure graph", "say mixtures plot fit model.json --data data.csv --output fit.svg"),
    ("forecast predict-proba", "say mixtures predict model.json new.csv"),
    ("refit update resume", "say mixtures fit data.csv --formula \"y ~ x\" --init model.json"),
    ("export convert", "say mixtures describe model.json --json"),
    ("list generators recipes", "mixtures generate --help lists the generators"),
  ]
}
