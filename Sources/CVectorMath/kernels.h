// The kernels, written once as plain loops; CVectorMath.c includes this file for each instruction set, with NAME() giving
// the functions their suffix. No include guard, on purpose.

static inline double NAME(exp_one)(double x) {
  // x = n ln 2 + r with |r| ≤ ½ ln 2; exp(r) by its Taylor polynomial, whose remainder is below 2⁻⁵⁷ there; 2ⁿ through the
  // exponent bits. Adding 1.5 · 2⁵² rounds to an integer and leaves it in the low bits.
  const double shifter = 0x1.8p52;
  double bounded = x < -707.0 ? -707.0 : x;
  bounded = bounded > 709.7 ? 709.7 : bounded;
  double shifted = bounded * 0x1.71547652b82fep0 + shifter;
  double n = shifted - shifter;
  double r = bounded - n * 0x1.62e42fefa3800p-1;
  r = r - n * 0x1.ef35793c76730p-45;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = (p * r) * r + r + 1.0;
  uint64_t power = as_bits(shifted) << 52;
  double result = as_double(as_bits(p) + power);
  result = x < -707.0 ? 0.0 : result;
  result = x > 709.7 ? __builtin_inf() : result;
  return x != x ? x : result;
}

static inline double NAME(log_one)(double x) {
  // x = 2ᵉ m with m in [√½, √2); ln m = 2 artanh s, s = (m − 1) / (m + 1), by its series in s² ≤ 0.0295.
  const uint64_t sqrt_half = 0x3fe6a09e667f3bcdu, one = 0x3ff0000000000000u;
  uint64_t bits = as_bits(x) + (one - sqrt_half);
  // The biased exponent becomes a double by filling the mantissa of 2⁵².
  double e = as_double((bits >> 52) | 0x4330000000000000u) - (0x1p52 + 1023.0);
  double m = as_double((bits & 0x000fffffffffffffu) + sqrt_half);
  double f = m - 1.0;
  double s = f / (2.0 + f);
  double z = s * s;
  double p = 1.0 / 23.0;
  p = p * z + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  // 2s = f − s f exactly enough: the correction is small beside f.
  double tail = 2.0 * s * z * p - s * f + e * 0x1.ef35793c76730p-45;
  return e * 0x1.62e42fefa3800p-1 + (f + tail);
}

static void NAME(exp)(const double *x, double *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = NAME(exp_one)(x[i]);
}

static void NAME(log)(const double *restrict x, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = NAME(log_one)(x[i]);
}

static void NAME(sigmoid)(double *x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = 1.0 / (1.0 + NAME(exp_one)(-x[i]));
}

static void NAME(tanh)(double *x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = 2.0 / (1.0 + NAME(exp_one)(-2.0 * x[i])) - 1.0;
}

static void NAME(rectify)(double *x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = x[i] > 0 ? x[i] : 0;
}

static void NAME(sigmoid_slope)(const double *restrict h, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] *= h[i] * (1.0 - h[i]);
}

static void NAME(tanh_slope)(const double *restrict h, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] *= 1.0 - h[i] * h[i];
}

static void NAME(rectified_slope)(const double *restrict h, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = h[i] > 0 ? y[i] : 0;
}

static void NAME(softmax)(double *restrict scores, size_t rows, size_t stride, size_t columns, double *restrict log_sums) {
  double sums[BLOCK];
  for (size_t start = 0; start < rows; start += BLOCK) {
    size_t count = rows - start < BLOCK ? rows - start : BLOCK;
    double *restrict maxima = log_sums + start;
    for (size_t i = 0; i < count; i++) maxima[i] = scores[start + i];
    for (size_t k = 1; k < columns; k++) {
      const double *restrict column = scores + k * stride + start;
      for (size_t i = 0; i < count; i++) maxima[i] = column[i] > maxima[i] ? column[i] : maxima[i];
    }
    for (size_t i = 0; i < count; i++) sums[i] = 0;
    for (size_t k = 0; k < columns; k++) {
      double *restrict column = scores + k * stride + start;
      for (size_t i = 0; i < count; i++) {
        double value = NAME(exp_one)(column[i] - maxima[i]);
        column[i] = value;
        sums[i] += value;
      }
    }
    for (size_t i = 0; i < count; i++) {
      maxima[i] += NAME(log_one)(sums[i]);
      sums[i] = 1.0 / sums[i];
    }
    for (size_t k = 0; k < columns; k++) {
      double *restrict column = scores + k * stride + start;
      for (size_t i = 0; i < count; i++) column[i] *= sums[i];
    }
  }
}

static void NAME(standardize)(const double *restrict x, double centre, double scale, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = (x[i] - centre) * scale;
}

static void NAME(scale)(double factor, double *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] *= factor;
}

static void NAME(multiply)(const double *a, const double *b, double *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = a[i] * b[i];
}

static void NAME(add)(const double *restrict a, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] += a[i];
}

static void NAME(subtract_from)(const double *restrict a, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = a[i] - y[i];
}

static void NAME(shift)(double by, double *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] += by;
}

static void NAME(add_squares)(const double *restrict x, double constant, double factor, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] += constant + factor * x[i] * x[i];
}

static void NAME(score_squares)(const double *restrict x, double constant, double factor, double *restrict y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = constant + factor * (x[i] * x[i] + y[i]);
}

static double NAME(sum)(const double *restrict a, size_t count) {
  double lanes[VECTOR_LANES] = {0};
  for (size_t i = 0; i < count; i += VECTOR_LANES)
    for (size_t j = 0; j < VECTOR_LANES; j++) lanes[j] += a[i + j];
  return add_lanes(lanes);
}

static double NAME(dot)(const double *restrict a, const double *restrict b, size_t count) {
  double lanes[VECTOR_LANES] = {0};
  for (size_t i = 0; i < count; i += VECTOR_LANES)
    for (size_t j = 0; j < VECTOR_LANES; j++) lanes[j] += a[i + j] * b[i + j];
  return add_lanes(lanes);
}

static double NAME(weigh)(const double *restrict w, const double *restrict x, double *restrict y, size_t count) {
  double lanes[VECTOR_LANES] = {0};
  for (size_t i = 0; i < count; i += VECTOR_LANES)
    for (size_t j = 0; j < VECTOR_LANES; j++) {
      double weighted = w[i + j] * x[i + j];
      lanes[j] += weighted * x[i + j];
      y[i + j] = weighted;
    }
  return add_lanes(lanes);
}

static double NAME(sum_ratios)(const double *restrict w, const double *restrict x, const double *restrict h, size_t count) {
  double lanes[VECTOR_LANES] = {0};
  for (size_t i = 0; i < count; i += VECTOR_LANES)
    for (size_t j = 0; j < VECTOR_LANES; j++) lanes[j] += h[i + j] > 0 ? w[i + j] * x[i + j] * x[i + j] / h[i + j] : 0.0;
  return add_lanes(lanes);
}

static void NAME(logistic_scores)(
    const double *restrict y, const double *trials, const vector_rule *rules, size_t rule_count, double *restrict scores,
    double *restrict slopes, double *restrict curvatures, size_t count) {
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    double least = -1.0, result[BLOCK];
    for (size_t r = 0; r < rule_count; r++) {
      const vector_rule rule = rules[r];
      // The rows whose variance the rule does for, side by side.
      size_t places[BLOCK], found = 0;
      double mean[BLOCK], deviation[BLOCK], sum[BLOCK], probability[BLOCK], curvature[BLOCK];
      for (size_t j = 0; j < length; j++) {
        double variance = scores[start + j] > 0 ? scores[start + j] : 0.0;
        if (!(variance > least && variance <= rule.largest_variance)) continue;
        places[found] = start + j;
        mean[found] = slopes[start + j];
        deviation[found] = __builtin_sqrt(variance);
        sum[found] = probability[found] = curvature[found] = 0.0;
        found++;
      }
      least = rule.largest_variance;
      for (size_t q = 0; q < rule.count; q++) {
        double node = rule.nodes[q], weight = rule.weights[q];
        for (size_t j = 0; j < found; j++) {
          double eta = mean[j] + deviation[j] * node;
          double size = eta < 0 ? -eta : eta, e = NAME(exp_one)(-size), share = 1.0 / (1.0 + e);
          sum[j] += weight * ((eta > 0 ? eta : 0.0) + NAME(log_one)(1.0 + e));
          probability[j] += weight * (eta >= 0 ? share : e * share);
          // −2 ∂s/∂v of the rule itself, so that a step that is sure to raise the mean raises what the rule makes of it; of one node ∂²s/∂μ².
          curvature[j] += rule.count > 1 ? weight * node * (eta >= 0 ? share : e * share) / deviation[j] : e * share * share;
        }
      }
      for (size_t j = 0; j < found; j++) {
        size_t i = places[j];
        double n = trials ? trials[i] : 1.0;
        result[i - start] = y[i] * mean[j] - n * sum[j];
        slopes[i] = y[i] - n * probability[j];
        curvatures[i] = n * curvature[j];
      }
    }
    // Not before, for the rules look at the variances that are there.
    for (size_t j = 0; j < length; j++) scores[start + j] = result[j];
  }
}

static void NAME(poisson_scores)(
    const double *restrict y, double *restrict scores, double *restrict slopes, double *restrict curvatures, size_t count) {
  for (size_t i = 0; i < count; i++) {
    double log_rate = slopes[i] + 0.5 * scores[i];
    double rate = NAME(exp_one)(log_rate < 690.0 ? log_rate : 690.0);
    scores[i] = y[i] * slopes[i] - rate;
    slopes[i] = y[i] - rate;
    curvatures[i] = rate;
  }
}

static void NAME(student_scores)(
    const double *restrict y, double freedom, double precision, double constant, double *restrict scores,
    double *restrict slopes, double *restrict curvatures, double *restrict terms, size_t count) {
  for (size_t i = 0; i < count; i++) {
    double residual = y[i] - slopes[i];
    double rate = 0.5 * (freedom + precision * (residual * residual + scores[i]));
    double weight = 0.5 * (freedom + 1.0) / rate, log_rate = NAME(log_one)(rate);
    scores[i] = constant - 0.5 * (freedom + 1.0) * log_rate;
    slopes[i] = weight * residual;
    curvatures[i] = weight;
    terms[i] = -log_rate - weight;
  }
}
