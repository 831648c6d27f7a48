# What there is to do here. `make` alone lists it.

swift_code := $(wildcard Sources Tests Examples Snippets Benchmarks/Sources Plugins Scripts) Documentation/MixturesBook.swift \
  Package.swift Benchmarks/Package.swift

# Every library, lower ones first. A link in a comment leads only to its own module, so each is checked.
documented := GSL MixtureCore ConjugateFamilies Experts Gates MixtureData Mixtures SyntheticData MixtureDiagnostics \
  MixtureBenchmarks MixtureTestKit MixturesBook

# How `make test` and `make check` build: optimised, which makes the tests several times faster, and open to `@testable import`. All that
# `check` runs uses one such build, for SwiftPM begins anew when flags differ; without it, `build` and `install` make a plain one.
testable := -Xswiftc -enable-testing
build_flags ?=

# libcsv has no .pc file, and on macOS no compiler looks where Homebrew puts it.
ifeq ($(shell uname),Darwin)
  brew_prefix := $(shell brew --prefix 2>/dev/null)
  ifneq ($(brew_prefix),)
    export CPATH := $(brew_prefix)/include$(if $(CPATH),:$(CPATH))
    export LIBRARY_PATH := $(brew_prefix)/lib$(if $(LIBRARY_PATH),:$(LIBRARY_PATH))
  endif
endif

# Where the command goes; DESTDIR stands before it while a package is made.
PREFIX ?= /usr/local
installed := $(DESTDIR)$(PREFIX)
program := $(installed)/bin/mixtures
manual := $(installed)/share/man/man1/mixtures.1
bash_completions := $(installed)/share/bash-completion/completions/mixtures
zsh_completions := $(installed)/share/zsh/site-functions/_mixtures
fish_completions := $(installed)/share/fish/vendor_completions.d/mixtures.fish

.DEFAULT_GOAL := help
.PHONY: help setup build install uninstall demo two-clouds motorcycle circles eye test format lint docs symbols check benchmark benchmark-starts benchmark-coverage benchmark-calibration benchmark-families benchmark-recovery benchmark-priors benchmark-evidence benchmark-acceleration benchmark-gates benchmark-perceptron benchmark-reader benchmark-command benchmark-suite fuzz sanitize journey own-parts clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-22s %s\n", $$1, $$2 }' Makefile

setup: ## install the system libraries that are missing (apt or Homebrew)
	@Scripts/setup

build: setup ## build everything, optimised
	swift build -c release $(build_flags)

install: ## install the command, its manual and completions for shells under PREFIX (/usr/local)
	@# First, so that nobody waits for a build in vain.
	install -d '$(installed)/bin' '$(installed)/share/man/man1' '$(installed)/share/bash-completion/completions' \
	  '$(installed)/share/zsh/site-functions' '$(installed)/share/fish/vendor_completions.d'
	@$(MAKE) --no-print-directory build
	swift package generate-manual
	install -m 755 .build/release/mixtures '$(program)'
	@# In a manual only .Pp begins a paragraph, and an empty line earns a warning; lines of a list would run together.
	sed -E -e 's/^$$/.Pp/' -e '/^[a-z-]+(\[:[A-Z]+\])?: /i .br' .build/plugins/GenerateManual/outputs/MixturesCommand/mixtures.1 > '$(manual)'
	'$(program)' --generate-completion-script bash > '$(bash_completions)'
	'$(program)' --generate-completion-script zsh > '$(zsh_completions)'
	'$(program)' --generate-completion-script fish > '$(fish_completions)'

uninstall: ## remove what install put there
	rm -f '$(program)' '$(manual)' '$(bash_completions)' '$(zsh_completions)' '$(fish_completions)'

demo: setup ## fit the tone-perception data; draws demo/tonedata.svg and .png
	swift build -c release $(build_flags) --product ToneDemo
	swift run -c release --skip-build ToneDemo demo

two-clouds: setup ## a mixture of models beside a mixture of experts on two clouds; draws demo/two-clouds-*.svg and .png
	swift build -c release $(build_flags) --product TwoClouds
	swift run -c release --skip-build TwoClouds demo

motorcycle: setup ## gates on the motorcycle data, held-out log densities; draws demo/motorcycle-*.svg and .png (about a minute)
	swift build -c release $(build_flags) --product Motorcycle
	swift run -c release --skip-build Motorcycle demo

circles: setup ## two circles among background points, with prior means; draws demo/circles*.svg and .png (about a minute)
	swift build -c release $(build_flags) --product Circles
	swift run -c release --skip-build Circles demo

eye: setup ## pupil and iris in a picture of an eye; draws demo/eye.svg and .png
	swift build -c release $(build_flags) --product Eye
	swift run -c release --skip-build Eye demo

TESTS ?=
test: setup ## run the tests, or TESTS=SUITE only
	@# `swift test` would say -enable-testing once more, which is another build.
	swift build -c release $(testable) --build-tests
	swift test -c release $(testable) --disable-testable-imports --skip-build $(if $(TESTS),--filter '$(TESTS)')

format: ## format all Swift code
	swift format --in-place --recursive --parallel $(swift_code)

lint: ## check the format, and that every public declaration is documented
	swift format lint --strict --recursive --parallel $(swift_code)

docs: setup ## build the documentation into .build/documentation; a broken link, a symbol without comment or a changed public surface is an error
	@rm -rf .build/documentation .build/*/extracted-symbols
	@mkdir -p .build/documentation
	swift package --allow-writing-to-directory .build/documentation generate-documentation \
	  $(documented:%=--target %) --enable-experimental-combined-documentation --warnings-as-errors \
	  --output-path .build/documentation/archive
	@swift Scripts/public-symbols.swift Documentation/PublicSymbols .build/*/extracted-symbols

symbols: ## write down the public surface anew, after `make docs` said that it has changed
	@mkdir -p Documentation/PublicSymbols
	@UPDATE_SYMBOLS=1 swift Scripts/public-symbols.swift Documentation/PublicSymbols .build/*/extracted-symbols

# For how long `make fuzz` runs, with which seed; with CASE, that case of the seed only.
MINUTES ?= 5
SEED ?= $(shell date +%s)
CASE ?=
fuzz: setup ## run mixtures on changed files, formulas and flags for MINUTES=5; SEED=s CASE=n repeats one case
	swift build -c release $(testable) --product mixtures
	swift build -c release $(testable) --product Fuzz
	.build/release/Fuzz .build/fuzz "$$(awk 'BEGIN { print 60 * $(MINUTES) }')" $(SEED) $(CASE)

sanitize: setup ## run the C code, and a short fit, under address and undefined-behaviour sanitizers
	@Scripts/sanitize

journey: setup ## go the way of a new user, from a build to a figure
	@Scripts/journey

own-parts: setup ## build and test parts outside the package: the examples', and what new-component writes
	@Scripts/own-parts

check: export build_flags = $(testable)
check: ## everything that must pass: lint, docs, sanitize, test, half a minute of fuzz, own-parts, journey
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory docs
	@$(MAKE) --no-print-directory sanitize
	@$(MAKE) --no-print-directory test
	@# A kept seed: what passes once passes again.
	@$(MAKE) --no-print-directory fuzz MINUTES=0.5 SEED=1
	@$(MAKE) --no-print-directory own-parts
	@$(MAKE) --no-print-directory journey

benchmark: setup ## time passes over 100,000 rows
	swift run -c release --package-path Benchmarks PassBenchmark

benchmark-starts: setup ## how often each way of starting finds the best optimum
	swift build -c release --package-path Benchmarks
	Benchmarks/.build/release/StartBenchmark | tee Benchmarks/Results/starts.md

benchmark-coverage: setup ## how often intervals of parameters and responses hold the truth (an hour; a run that was stopped goes on)
	swift build -c release --package-path Benchmarks --product CoverageBenchmark
	Benchmarks/.build/release/CoverageBenchmark Benchmarks/.build/coverage | tee Benchmarks/Results/coverage.md

benchmark-calibration: setup ## whether new rows are where predictions of every family say (about ten minutes)
	swift build -c release --package-path Benchmarks --product CalibrationBenchmark
	Benchmarks/.build/release/CalibrationBenchmark | tee Benchmarks/Results/calibration.md

benchmark-recovery: setup ## how often fits of each family find the mixture that their rows were drawn from (some minutes; needs Python)
	swift build -c release --product mixtures
	python3 Benchmarks/References/recovery.py .build/release/mixtures | tee Benchmarks/Results/recovery.md

benchmark-priors: setup ## what priors of coefficients do to the number of experts, and to features that tell nothing (about ten minutes)
	swift build -c release --package-path Benchmarks --product PriorBenchmark
	Benchmarks/.build/release/PriorBenchmark | tee Benchmarks/Results/priors.md

benchmark-evidence: setup ## how far the ELBO and BIC are below the evidence (a few minutes; needs Python with numpy and scipy)
	swift build -c release --product mixtures
	python3 Benchmarks/References/evidence.py .build/release/mixtures | tee Benchmarks/Results/evidence.md

benchmark-acceleration: setup ## how many iterations acceleration saves
	swift build -c release --package-path Benchmarks
	Benchmarks/.build/release/AccelerationBenchmark | tee Benchmarks/Results/acceleration.md

benchmark-families: setup ## time passes and iterations of every family, and flexmix's (needs R with flexmix; a quarter of an hour)
	swift build -c release --package-path Benchmarks --product FamilyBenchmark
	Benchmarks/.build/release/FamilyBenchmark | tee Benchmarks/Results/families.md

benchmark-gates: setup ## time passes under softmax gates; how often they recover the experts
	swift run -c release --package-path Benchmarks GateBenchmark

benchmark-perceptron: setup ## time iterations with a perceptron gate over 100,000 rows
	swift build -c release --package-path Benchmarks --product PerceptronBenchmark
	Benchmarks/.build/release/PerceptronBenchmark | tee Benchmarks/Results/perceptron.md

benchmark-reader: setup ## time reading tables of a million rows from CSV files
	swift build -c release --package-path Benchmarks --product ReaderBenchmark
	Benchmarks/.build/release/ReaderBenchmark | tee Benchmarks/Results/reader.md

benchmark-command: setup ## time `mixtures fit` on 200 rows
	swift build -c release --product mixtures
	swift build -c release --package-path Benchmarks --product CommandBenchmark
	Benchmarks/.build/release/CommandBenchmark .build/release/mixtures | tee Benchmarks/Results/command.md

benchmark-suite: setup ## models on synthetic data, scored against the truth (about ten minutes)
	swift build -c release --product mixtures
	.build/release/mixtures benchmark default --output .build/default-suite | tee Benchmarks/Results/default-suite.txt
	for figure in experts gates heavy-tails counts successes yes-or-no-in-groups; do cp .build/default-suite/$$figure.svg Benchmarks/Results/default-suite-$$figure.svg; done

clean: ## remove what was built
	rm -rf .build Benchmarks/.build Examples/*/.build demo
