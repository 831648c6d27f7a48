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

// p with artanh(s) = s + s z p, by its series in z = s² ≤ 0.0295.
static inline double NAME(artanh_series)(double z) {
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
  return p;
}

static inline double NAME(log_one)(double x) {
  // x = 2ᵉ m with m in [√½, √2); ln m = 2 artanh s, s = (m − 1) / (m + 1).
  const uint64_t sqrt_half = 0x3fe6a09e667f3bcdu, one = 0x3ff0000000000000u;
  uint64_t bits = as_bits(x) + (one - sqrt_half);
  // The biased exponent becomes a double by filling the mantissa of 2⁵².
  double e = as_double((bits >> 52) | 0x4330000000000000u) - (0x1p52 + 1023.0);
  double m = as_double((bits & 0x000fffffffffffffu) + sqrt_half);
  double f = m - 1.0;
  double s = f / (2.0 + f);
  double z = s * s, p = NAME(artanh_series)(z);
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

// 1 / (1 + e), and ln(1 + e) in `log`, for e from 0 to 1, with one division: 1 + e = 2ⁿ m as in log_one, and s = (m − 1) / (m + 1).
static inline double NAME(share_and_log)(double e, double *log) {
  _Bool is_large = e > 0x1.a827999fcef32p-2;
  double top = is_large ? e - 1.0 : e, bottom = is_large ? e + 3.0 : e + 2.0;
  double inverse = 1.0 / (bottom * (1.0 + e)), s = top * (1.0 + e) * inverse;
  double z = s * s, p = NAME(artanh_series)(z);
  *log = 2.0 * s + (2.0 * s * z * p + (is_large ? 0x1.62e42fefa39efp-1 : 0.0));
  return bottom * inverse;
}

// The rows whose variances are small, in place: E f(η) = Σ vᵏ / (2ᵏ k!) f⁽²ᵏ⁾(μ) of f = ln(1 + e^η) up to v⁴, where f⁽²ᵏ⁾ is a polynomial in
// t = σ(μ) σ(−μ). Slopes and curvatures are derivatives of that sum.
static void NAME(logistic_series)(
    const double *restrict y, const double *restrict trials, double *restrict scores, double *restrict slopes,
    double *restrict curvatures, size_t count) {
  for (size_t i = 0; i < count; i++) {
    double v = scores[i] > 0 ? scores[i] : 0.0, mean = slopes[i], n = trials[i];
    double e = NAME(exp_one)(mean < 0 ? mean : -mean), log, share = NAME(share_and_log)(e, &log), other = e * share;
    double probability = mean < 0 ? other : share, difference = mean < 0 ? share - other : other - share, t = share * other;
    double a1 = v * (1.0 / 2 + v * (1.0 / 8 + v * (1.0 / 48 + v * (1.0 / 384))));
    double a2 = v * v * (-3.0 / 4 + v * (-5.0 / 8 + v * (-21.0 / 64))), a3 = v * v * v * (5.0 / 2 + v * (35.0 / 8));
    double a4 = v * v * v * v * (-105.0 / 8);
    double b1 = 1.0 + v * (1.0 / 2 + v * (1.0 / 8 + v * (1.0 / 48))), b2 = v * (-3.0 + v * (-15.0 / 4 + v * (-21.0 / 8)));
    double b3 = v * v * (15.0 + v * 35.0), b4 = v * v * v * -105.0;
    scores[i] = y[i] * mean - n * ((mean > 0 ? mean : 0.0) + log + t * (a1 + t * (a2 + t * (a3 + t * a4))));
    slopes[i] = y[i] - n * (probability + t * difference * (a1 + t * (2.0 * a2 + t * (3.0 * a3 + t * 4.0 * a4))));
    curvatures[i] = n * t * (b1 + t * (b2 + t * (b3 + t * b4)));
  }
}

static void NAME(logistic_scores)(
    const double *restrict y, const double *trials, const vector_rule *rules, size_t rule_count, double *restrict scores,
    double *restrict slopes, double *restrict curvatures, size_t count) {
  double ones[BLOCK];
  for (size_t j = 0; j < BLOCK; j++) ones[j] = 1.0;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK, beyond = 0, places[BLOCK + 1];
    const double *n = trials ? trials + start : ones;
    double score[BLOCK], slope[BLOCK], curvature[BLOCK], least = VECTOR_LOGISTIC_SERIES, largest = 0.0;
    for (size_t j = 0; j < length; j++) largest = scores[start + j] > largest ? scores[start + j] : largest;
    for (size_t r = 0; r < rule_count && largest > least; r++) {
      const vector_rule rule = rules[r];
      // The rows whose variance the rule does for, side by side.
      size_t first = beyond;
      double mean[BLOCK], deviation[BLOCK], sum[BLOCK], probability[BLOCK], bend[BLOCK];
      for (size_t j = 0; j < length; j++) {
        double variance = scores[start + j];
        places[beyond] = j;
        beyond += variance > least && variance <= rule.largest_variance;
      }
      for (size_t k = first; k < beyond; k++) {
        mean[k] = slopes[start + places[k]];
        deviation[k] = __builtin_sqrt(scores[start + places[k]]);
        sum[k] = probability[k] = bend[k] = 0.0;
      }
      for (size_t q = 0; q < rule.count; q++) {
        double node = rule.nodes[q], weight = rule.weights[q];
        for (size_t k = first; k < beyond; k++) {
          double eta = mean[k] + deviation[k] * node, log;
          double e = NAME(exp_one)(eta < 0 ? eta : -eta), share = NAME(share_and_log)(e, &log);
          double weighted = weight * (eta < 0 ? e * share : share);
          sum[k] += weight * ((eta > 0 ? eta : 0.0) + log);
          probability[k] += weighted;
          bend[k] += weighted * node;
        }
      }
      for (size_t k = first; k < beyond; k++) {
        size_t j = places[k];
        score[k] = y[start + j] * mean[k] - n[j] * sum[k];
        slope[k] = y[start + j] - n[j] * probability[k];
        // −2 ∂s/∂v of the rule itself, so that a step that is sure to raise the mean raises what the rule makes of it.
        curvature[k] = n[j] * bend[k] / deviation[k];
      }
      least = rule.largest_variance;
    }
    NAME(logistic_series)(y + start, n, scores + start, slopes + start, curvatures + start, length);
    for (size_t k = 0; k < beyond; k++) {
      size_t i = start + places[k];
      scores[i] = score[k];
      slopes[i] = slope[k];
      curvatures[i] = curvature[k];
    }
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
    const double *restrict y, double freedom, double precision, double constant, double psi, double *restrict scores,
    double *restrict slopes, double *restrict curvatures, double *restrict terms, size_t count) {
  double *restrict weights = terms + count, *restrict squares = terms + 2 * count;
  for (size_t i = 0; i < count; i++) {
    double residual = y[i] - slopes[i];
    double rate = 0.5 * (freedom + precision * (residual * residual + scores[i]));
    double weight = 0.5 * (freedom + 1.0) / rate, log_rate = NAME(log_one)(rate);
    scores[i] = constant - 0.5 * (freedom + 1.0) * log_rate;
    slopes[i] = weight * residual;
    curvatures[i] = weight;
    terms[i] = psi - log_rate - weight;
    weights[i] = weight;
    squares[i] = weight * weight;
  }
}
