// Random numbers, matrix products, roots and minima.
#include "CGSLSupport.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <string.h>

#include "checks.h"

static void check_philox(void) {
  // The first block of the known answers that come with Random123.
  const uint64_t zeros[4] = {0};
  uint64_t block[4], key[2];
  philox_block(zeros, zeros, block);
  CHECK(block[0] == 0x16554d9eca36314cu && block[3] == 0x7e68b68aec7ba23bu, "%llx", (unsigned long long)block[0]);
  gsl_rng *generator = gsl_rng_alloc(philox_rng_type());
  for (unsigned long seed = 0; seed < 200; seed++) {
    gsl_rng_set(generator, seed);
    philox_split(seed, ~seed, seed << 32, &key[0], &key[1]);
    philox_state *state = gsl_rng_state(generator);
    // From where the counter carries into each of its words, and round to zero.
    for (size_t word = 0; word < seed % 5; word++) state->counter[word] = UINT64_MAX;
    for (int i = 0; i < 9; i++) {
      double uniform = gsl_rng_uniform(generator);
      CHECK(uniform >= 0 && uniform < 1, "%g", uniform);
    }
    CHECK(gsl_rng_uniform_int(generator, seed + 1) <= seed, "seed %lu", seed);
    CHECK(isfinite(gsl_ran_gaussian_ziggurat(generator, 1)), "seed %lu", seed);
    double concentration[] = {0.1, 1, 10}, weights[3];
    gsl_ran_dirichlet(generator, 3, concentration, weights);
  }
  gsl_rng_free(generator);
}

/// Products of all shapes from 0 to 9, in both orders of each factor.
static void check_products(void) {
  for (int shape = 0; shape < 4000; shape++) {
    const int m = shape % 10, n = shape / 10 % 10, k = shape / 100 % 10;
    const bool across_a = shape / 1000 % 2, across_b = shape / 2000 % 2;
    const int lda = across_a ? k : m, ldb = across_b ? n : k;
    double *a = exact_memory((size_t)(m * k) * sizeof *a), *b = exact_memory((size_t)(k * n) * sizeof *b);
    double *c = exact_memory((size_t)(m * n) * sizeof *c);
    for (int i = 0; i < m * k; i++) a[i] = random_between(-1, 1);
    for (int i = 0; i < k * n; i++) b[i] = random_between(-1, 1);
    for (int i = 0; i < m * n; i++) c[i] = 1;
    if (m && n && k) {
      blas_dgemm(across_a, across_b, m, n, k, 2, a, lda, b, ldb, 0.5, c, m);
      for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
          double sum = 0.5;
          for (int l = 0; l < k; l++) sum += 2 * a[across_a ? i * lda + l : l * lda + i] * b[across_b ? l * ldb + j : j * ldb + l];
          CHECK(is_close(c[j * m + i], sum), "%d × %d × %d by %s", m, k, n, blas_name());
        }
    }
    free(a);
    free(b);
    free(c);
  }
}

static double parabola(double x, void *context) { return x * x - *(double *)context; }
static double nothing(double x, void *context) { return (void)x, (void)context, NAN; }

static void check_roots(void) {
  for (int i = 0; i < 1000; i++) {
    double square = random_between(0, 100), root = -1;
    int iterations = i % 3 ? 200 : i % 7;
    int status = brent_root(parabola, &square, 0, 11, 0, 1e-12, iterations, &root);
    if (iterations == 200) CHECK(status == GSL_SUCCESS && fabs(root - sqrt(square)) < 1e-9, "root of %g: %g", square, root);
    CHECK(brent_root(parabola, &square, 20, 30, 0, 1e-12, 50, &root) != GSL_SUCCESS, "no change of sign");
    CHECK(brent_root(nothing, NULL, 0, 1, 0, 1e-12, 50, &root) != GSL_SUCCESS, "no number");
  }
}

typedef struct {
  size_t count, evaluations, limit;
  double least;
} search;

/// Rosenbrock's function, until the limit.
static bool rosenbrock(const double *x, double *value, double *gradient, void *context) {
  search *state = context;
  if (state->evaluations++ == state->limit) return false;
  *value = 0;
  memset(gradient, 0, state->count * sizeof *gradient);
  for (size_t i = 0; i + 1 < state->count; i++) {
    double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    *value += 100 * a * a + b * b;
    gradient[i] -= 400 * a * x[i] + 2 * b;
    gradient[i + 1] += 200 * a;
  }
  if (*value < state->least) state->least = *value;
  return true;
}

static void check_minima(void) {
  for (size_t count = 2; count <= 40; count++)
    for (size_t limit = 0; limit <= 5000; limit = 3 * limit + 1) {
      double *start = exact_memory(count * sizeof *start);
      for (size_t i = 0; i < count; i++) start[i] = -0.5;
      search state = {count, 0, limit, INFINITY};
      CHECK(bfgs_minimum(count, rosenbrock, &state, start, 0.1, 0.1, 1e-6) == GSL_SUCCESS, "%zu numbers", count);
      CHECK(state.evaluations <= limit + 1, "%zu evaluations of %zu", state.evaluations, limit);
      if (limit > 3000) CHECK(state.least < 5, "%zu numbers: %g", count, state.least);
      free(start);
    }
}

int main(void) {
  check_philox();
  check_products();
  check_roots();
  check_minima();
  printf("gsl_support: random numbers, products by %s, roots and minima\n", blas_name());
}
