// C that the Swift face of GSL stands on: a counter-based random generator that GSL's samplers accept, and matrix
// products through the fastest BLAS found on the machine.
#ifndef CGSLSUPPORT_H
#define CGSLSUPPORT_H

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stdint.h>

/// State of Philox4x64-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a
/// 128-bit key, a 256-bit counter, and the block of four words that the counter last gave.
typedef struct {
  uint64_t key[2];
  uint64_t counter[4];
  uint64_t block[4];
  uint64_t used;
} philox_state;

/// The block of four words that belongs to `counter` under `key`.
void philox_block(const uint64_t key[2], const uint64_t counter[4], uint64_t block[4]);

/// The key of an independent stream for `label`. Draws count upwards from zero in the lowest word, so a counter with the highest word
/// set never meets one of them.
void philox_split(uint64_t key0, uint64_t key1, uint64_t label, uint64_t *split0, uint64_t *split1);

/// GSL's description of the generator, whose state is a `philox_state`.
const gsl_rng_type *philox_rng_type(void);

/// Column-major C ← α op(A) op(B) + β C, with op(A) of m × k and op(B) of k × n.
void blas_dgemm(bool transpose_a, bool transpose_b, int m, int n, int k, double alpha, const double *a, int lda,
                const double *b, int ldb, double beta, double *c, int ldc);

/// The root of `function` between `lower` and `upper`, where its signs must differ, by Brent's method. Returns a GSL status.
int brent_root(double (*function)(double, void *), void *context, double lower, double upper, double absolute_tolerance,
               double relative_tolerance, int iterations, double *root);

/// Descends from `start` by GSL's BFGS method until the gradient's norm falls to the tolerance, no further descent can be
/// told from rounding, or the objective returns false. The objective keeps the best point. Returns a GSL status.
int bfgs_minimum(size_t count, bool (*objective)(const double *point, double *value, double *gradient, void *context),
                 void *context, const double *start, double step, double line_tolerance, double gradient_tolerance);

/// Writes the nodes, ascending, and the weights of the rule of Gauss and Hermite for ∫ f(x) exp(−½ x²) dx. Returns a GSL status.
int hermite_rule(size_t count, double *nodes, double *weights);

/// The name of the BLAS that serves `blas_dgemm`.
const char *blas_name(void);

#endif
