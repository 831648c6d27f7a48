# The processor's seconds of an iteration of flexmix on rows of counts or of successes: Rscript flexmix.R rows.csv poisson|binomial experts
suppressPackageStartupMessages(library(flexmix))
arguments <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(arguments[1])
features <- setdiff(names(rows), c("y", "trials"))
response <- if (arguments[2] == "binomial") "cbind(y, trials - y)" else "y"
formula <- as.formula(paste(response, "~", paste(features, collapse = " + ")))
experts <- as.integer(arguments[3])
set.seed(1)
start <- sample.int(experts, nrow(rows), replace = TRUE)
seconds <- function(iterations) {
  time <- system.time(flexmix(formula, data = rows, k = experts, cluster = start, model = FLXMRglm(family = arguments[2]),
    control = list(iter.max = iterations, minprior = 0, tolerance = 0)))
  time[["user.self"]] + time[["sys.self"]]
}
# What it does before the first iteration and after the last falls out of the difference.
few <- seconds(3)
many <- seconds(13)
cat((many - few) / 10, "\n")
