#include "CVectorMath.h"

#include <stdint.h>
#include <string.h>

#define BLOCK 256
#define JOIN(a, b) a##_##b
#define EXPANDED_JOIN(a, b) JOIN(a, b)
#define NAME(function) EXPANDED_JOIN(function, SET)

static inline __attribute__((always_inline)) uint64_t as_bits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline __attribute__((always_inline)) double as_double(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline __attribute__((always_inline)) double add_lanes(const double lanes[VECTOR_LANES]) {
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

#define SET baseline
#include "kernels.h"
#undef SET

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SET avx2
#include "kernels.h"
#undef SET
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma"))), apply_to = function)
#define SET avx512
#include "kernels.h"
#undef SET
#pragma clang attribute pop
#define CHOOSE(function) (level == 2 ? function##_avx512 : level == 1 ? function##_avx2 : function##_baseline)
#else
#define CHOOSE(function) function##_baseline
#endif

static int level = 0;

__attribute__((constructor)) static void find_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw"))
    level = 2;
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    level = 1;
#endif
}

void vector_exp(const double *x, double *y, size_t count) { CHOOSE(exp)(x, y, count); }

void vector_log(const double *x, double *y, size_t count) { CHOOSE(log)(x, y, count); }

void vector_sigmoid(double *x, size_t count) { CHOOSE(sigmoid)(x, count); }

void vector_tanh(double *x, size_t count) { CHOOSE(tanh)(x, count); }

void vector_rectify(double *x, size_t count) { CHOOSE(rectify)(x, count); }

void vector_sigmoid_slope(const double *h, double *y, size_t count) { CHOOSE(sigmoid_slope)(h, y, count); }

void vector_tanh_slope(const double *h, double *y, size_t count) { CHOOSE(tanh_slope)(h, y, count); }

void vector_rectified_slope(const double *h, double *y, size_t count) { CHOOSE(rectified_slope)(h, y, count); }

void vector_softmax(double *scores, size_t rows, size_t stride, size_t columns, double *log_sums) {
  CHOOSE(softmax)(scores, rows, stride, columns, log_sums);
}

void vector_standardize(const double *x, double centre, double scale, double *y, size_t count) {
  CHOOSE(standardize)(x, centre, scale, y, count);
}

void vector_scale(double factor, double *y, size_t count) { CHOOSE(scale)(factor, y, count); }

void vector_multiply(const double *a, const double *b, double *y, size_t count) { CHOOSE(multiply)(a, b, y, count); }

void vector_add(const double *a, double *y, size_t count) { CHOOSE(add)(a, y, count); }

void vector_subtract_from(const double *a, double *y, size_t count) { CHOOSE(subtract_from)(a, y, count); }

void vector_shift(double by, double *y, size_t count) { CHOOSE(shift)(by, y, count); }

void vector_add_squares(const double *x, double constant, double factor, double *y, size_t count) {
  CHOOSE(add_squares)(x, constant, factor, y, count);
}

void vector_score_squares(const double *x, double constant, double factor, double *y, size_t count) {
  CHOOSE(score_squares)(x, constant, factor, y, count);
}

double vector_sum(const double *a, size_t count) { return CHOOSE(sum)(a, count); }

double vector_dot(const double *a, const double *b, size_t count) { return CHOOSE(dot)(a, b, count); }

double vector_weigh(const double *w, const double *x, double *y, size_t count) { return CHOOSE(weigh)(w, x, y, count); }

void vector_logistic_scores(const double *y, const double *trials, const vector_rule *rules, size_t rule_count,
                            double *scores, double *slopes, double *curvatures, size_t count) {
  CHOOSE(logistic_scores)(y, trials, rules, rule_count, scores, slopes, curvatures, count);
}

void vector_poisson_scores(const double *y, double *scores, double *slopes, double *curvatures, size_t count) {
  CHOOSE(poisson_scores)(y, scores, slopes, curvatures, count);
}

void vector_student_scores(const double *y, double freedom, double precision, double constant, double psi, double *scores,
                           double *slopes, double *curvatures, double *terms, size_t count) {
  CHOOSE(student_scores)(y, freedom, precision, constant, psi, scores, slopes, curvatures, terms, count);
}

double vector_sum_ratios(const double *w, const double *x, const double *h, size_t count) {
  return CHOOSE(sum_ratios)(w, x, h, count);
}
