// Loops over columns of doubles, vectorised for the CPU that runs them (AVX-512, AVX2 with FMA, or the baseline).
//
// Every count must be a multiple of VECTOR_LANES, so that no element ever goes through another code path than its
// neighbours; sums run in VECTOR_LANES fixed lanes, so that they do not depend on the width of the machine's vectors.
#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include <stddef.h>

#define VECTOR_LANES 8

/// y ← exp(x), within 2 units in the last place; 0 below −707, ∞ above 709.7.
/// x and y may be the same.
void vector_exp(const double *x, double *y, size_t count);

/// y ← ln x for finite, normal x > 0, within 2 units in the last place.
void vector_log(const double *x, double *y, size_t count);

/// x ← 1 / (1 + exp(−x)), within 4 ε.
void vector_sigmoid(double *x, size_t count);

/// x ← tanh x, within 4 ε: an absolute error.
void vector_tanh(double *x, size_t count);

/// x ← max(x, 0).
void vector_rectify(double *x, size_t count);

/// y ← y ∘ h ∘ (1 − h): y times the slope of the sigmoid where its value is h.
void vector_sigmoid_slope(const double *h, double *y, size_t count);

/// y ← y ∘ (1 − h²): y times the slope of tanh where its value is h.
void vector_tanh_slope(const double *h, double *y, size_t count);

/// y ← y where h > 0, else 0: y times the slope of max(x, 0) where its value is h.
void vector_rectified_slope(const double *h, double *y, size_t count);

/// For each row of the column-major matrix of scores: log_sums ← ln Σ_k exp(score_k), and scores ← exp(score − log_sum).
void vector_softmax(double *scores, size_t rows, size_t stride, size_t columns, double *log_sums);

/// y ← (x − centre) · scale.
void vector_standardize(const double *x, double centre, double scale, double *y, size_t count);

/// y ← a ∘ b; y and b may be the same.
void vector_multiply(const double *a, const double *b, double *y, size_t count);

/// y ← y + a.
void vector_add(const double *a, double *y, size_t count);

/// y ← factor · y.
void vector_scale(double factor, double *y, size_t count);

/// y ← a − y.
void vector_subtract_from(const double *a, double *y, size_t count);

/// y ← y + by.
void vector_shift(double by, double *y, size_t count);

/// y ← y + constant + factor · x².
void vector_add_squares(const double *x, double constant, double factor, double *y, size_t count);

/// y ← constant + factor · (x² + y).
void vector_score_squares(const double *x, double constant, double factor, double *y, size_t count);

/// Σ a.
double vector_sum(const double *a, size_t count);

/// Σ a b.
double vector_dot(const double *a, const double *b, size_t count);

/// y ← w ∘ x; returns Σ w x².
double vector_weigh(const double *w, const double *x, double *y, size_t count);

/// Σ w x² / h over the elements with h > 0.
double vector_sum_ratios(const double *w, const double *x, const double *h, size_t count);

/// Nodes and weights for means under the standard normal distribution, for functions of a normal number of up to some variance.
typedef struct {
  double largest_variance;
  size_t count;
  const double *nodes;
  const double *weights;
} vector_rule;

/// Up to this variance a series in it does for E ln(1 + e^η), with an error below 10⁻¹².
#define VECTOR_LOGISTIC_SERIES 0.0138

/// Scores y μ − n E ln(1 + e^η) under η ~ N(μ, v), with their slopes y − n E σ(η) and curvatures n E σ(η) σ(−η). On entry `scores` holds v and
/// `slopes` μ; `trials` may be NULL, for n = 1. The rules are for variances beyond VECTOR_LOGISTIC_SERIES, in their order, the last one for any;
/// each row has the first that does for it.
void vector_logistic_scores(const double *y, const double *trials, const vector_rule *rules, size_t rule_count,
                            double *scores, double *slopes, double *curvatures, size_t count);

/// Scores y μ − ρ with ρ = exp(μ + v/2), or e^690 where that is less, with their slopes y − ρ and curvatures ρ. On entry `scores` holds v
/// and `slopes` μ.
void vector_poisson_scores(const double *y, double *scores, double *slopes, double *curvatures, size_t count);

/// Scores constant − ½ (ν + 1) ln b with b = ½ (ν + β e) and e = (y − μ)² + v, where u = ½ (ν + 1) / b; slopes u (y − μ), curvatures u, and the
/// terms ψ − ln b − u, u and u², each `count` numbers. On entry `scores` holds v and `slopes` μ.
void vector_student_scores(const double *y, double freedom, double precision, double constant, double psi, double *scores,
                           double *slopes, double *curvatures, double *terms, size_t count);

#endif
