// Every kernel for every instruction set of this processor, at all lengths from 0 to 40 and around the blocks of softmax, from
// starts that are aligned to nothing but a double, to the last byte of its arrays.
#include "../../Sources/CVectorMath/CVectorMath.c"

#include "checks.h"

/// An array that ends at the last byte of its memory and starts `offset` doubles into it.
typedef struct {
  double *memory;
  double *start;
} column;

static column new_column(size_t count, size_t offset, double lower, double upper) {
  double *memory = exact_memory((count + offset) * sizeof *memory);
  for (size_t i = 0; i < count + offset; i++) memory[i] = random_between(lower, upper);
  return (column){memory, memory + offset};
}

static void check_close(const double *found, const double *expected, size_t count, const char *kernel) {
  for (size_t i = 0; i < count; i++)
    CHECK(is_close(found[i], expected[i]), "%s, level %d, %zu of %zu: %.17g, not %.17g", kernel, level, i, count, found[i],
          expected[i]);
}

/// Numbers that no finite formula expects, in some places.
static void make_extreme(double *x, size_t count) {
  static const double extremes[] = {INFINITY, -INFINITY, NAN, 1e308, -1e308, 0.0, -0.0, 0x1p-1074, 709.8, -708};
  for (size_t i = 0; i < count; i++)
    if (random_below(3) == 0) x[i] = extremes[random_below(sizeof extremes / sizeof *extremes)];
}

static double reference_sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double reference_rectified(double x) { return x > 0 ? x : 0; }

static void check_function(void (*kernel)(double *, size_t), double (*reference)(double), const char *name, size_t count,
                           size_t offset) {
  column x = new_column(count, offset, -30, 30), expected = new_column(count, 0, 0, 0);
  for (size_t i = 0; i < count; i++) expected.start[i] = reference(x.start[i]);
  kernel(x.start, count);
  check_close(x.start, expected.start, count, name);
  make_extreme(x.start, count);
  kernel(x.start, count);
  free(x.memory);
  free(expected.memory);
}

static void check_elements(size_t count, size_t offset) {
  check_function(vector_sigmoid, reference_sigmoid, "sigmoid", count, offset);
  check_function(vector_tanh, tanh, "tanh", count, offset);
  check_function(vector_rectify, reference_rectified, "rectify", count, offset);

  column x = new_column(count, offset, 0.001, 600), y = new_column(count, offset, -2, 2);
  column found = new_column(count, offset, 0, 0), expected = new_column(count, 0, 0, 0);
#define EXPECT(kernel, formula)                                              \
  do {                                                                       \
    for (size_t i = 0; i < count; i++) expected.start[i] = formula;          \
    kernel;                                                                  \
    check_close(found.start, expected.start, count, #kernel);                \
  } while (0)
#define UPDATE(kernel, formula)                                              \
  do {                                                                       \
    if (count) memcpy(found.start, y.start, count * sizeof(double));         \
    EXPECT(kernel, formula);                                                 \
  } while (0)
  const double *a = x.start, *b = y.start;
  EXPECT(vector_log(a, found.start, count), log(a[i]));
  EXPECT(vector_standardize(a, 0.5, 4, found.start, count), (a[i] - 0.5) * 4);
  EXPECT(vector_multiply(a, b, found.start, count), a[i] * b[i]);
  UPDATE(vector_multiply(a, found.start, found.start, count), a[i] * b[i]);
  UPDATE(vector_add(a, found.start, count), b[i] + a[i]);
  UPDATE(vector_subtract_from(a, found.start, count), a[i] - b[i]);
  UPDATE(vector_shift(-1.25, found.start, count), b[i] - 1.25);
  UPDATE(vector_add_squares(a, 0.25, -1.5, found.start, count), b[i] + (0.25 - 1.5 * a[i] * a[i]));
  UPDATE(vector_score_squares(a, 0.25, -1.5, found.start, count), 0.25 - 1.5 * (a[i] * a[i] + b[i]));
  UPDATE(vector_sigmoid_slope(a, found.start, count), b[i] * (a[i] * (1 - a[i])));
  UPDATE(vector_tanh_slope(a, found.start, count), b[i] * (1 - a[i] * a[i]));
  UPDATE(vector_rectified_slope(a, found.start, count), a[i] > 0 ? b[i] : 0);
  for (size_t i = 0; i < count; i++) {
    expected.start[i] = exp(b[i]);
    found.start[i] = b[i];
  }
  vector_exp(found.start, found.start, count);
  check_close(found.start, expected.start, count, "exp");
  make_extreme(x.start, count);
  vector_exp(x.start, found.start, count);
  for (size_t i = 0; i < count; i++)
    CHECK(!isnan(found.start[i]) == !isnan(x.start[i]), "exp of %g is %g", x.start[i], found.start[i]);
  free(x.memory);
  free(y.memory);
  free(found.memory);
  free(expected.memory);
}

/// The kernels that add in lanes, for whole lanes.
static void check_sums(size_t count, size_t offset) {
  column a = new_column(count, offset, -1, 2), b = new_column(count, offset, -5, 5), y = new_column(count, offset, 0, 0);
  double sum = 0, dot = 0, squares = 0, ratios = 0;
  for (size_t i = 0; i < count; i++) {
    sum += a.start[i];
    dot += a.start[i] * b.start[i];
    squares += a.start[i] * b.start[i] * b.start[i];
    if (b.start[i] > 0) ratios += a.start[i] * a.start[i] * a.start[i] / b.start[i];
  }
  CHECK(is_close(vector_sum(a.start, count), sum), "count %zu", count);
  CHECK(is_close(vector_dot(a.start, b.start, count), dot), "count %zu", count);
  CHECK(is_close(vector_sum_ratios(a.start, a.start, b.start, count), ratios), "count %zu", count);
  CHECK(is_close(vector_weigh(a.start, b.start, y.start, count), squares), "count %zu", count);
  for (size_t i = 0; i < count; i++) CHECK(y.start[i] == a.start[i] * b.start[i], "weigh, %zu of %zu", i, count);
  free(a.memory);
  free(b.memory);
  free(y.memory);
}

/// A matrix whose last column has no room behind it.
static void check_softmax(size_t rows, size_t columns, size_t stride) {
  size_t count = rows ? (columns - 1) * stride + rows : 0;
  column scores = new_column(count, 0, -800, 0), sums = new_column(rows, 0, 0, 0), copy = new_column(count, 0, 0, 0);
  if (count) memcpy(copy.start, scores.start, count * sizeof(double));
  vector_softmax(scores.start, rows, stride, columns, sums.start);
  for (size_t i = 0; i < rows; i++) {
    double greatest = -INFINITY, sum = 0, total = 0;
    for (size_t k = 0; k < columns; k++) greatest = fmax(greatest, copy.start[k * stride + i]);
    for (size_t k = 0; k < columns; k++) {
      sum += exp(copy.start[k * stride + i] - greatest);
      total += scores.start[k * stride + i];
    }
    CHECK(is_close(sums.start[i], greatest + log(sum)), "row %zu of %zu, %zu columns", i, rows, columns);
    CHECK(is_close(total, 1), "row %zu of %zu, %zu columns: %.17g", i, rows, columns, total);
  }
  make_extreme(scores.start, count);
  vector_softmax(scores.start, rows, stride, columns, sums.start);
  free(scores.memory);
  free(sums.memory);
  free(copy.memory);
}

int main(void) {
  const int best = level;
  for (level = 0; level <= best; level++) {
    for (size_t offset = 0; offset < 8; offset++) {
      for (size_t count = 0; count <= 40; count++) {
        check_elements(count, offset);
        if (count % VECTOR_LANES == 0) check_sums(count, offset);
      }
      check_sums(1000, offset);
    }
    for (size_t columns = 1; columns <= 5; columns++) {
      for (size_t rows = 0; rows <= 40; rows++) check_softmax(rows, columns, rows + columns);
      for (size_t rows = BLOCK - 9; rows <= 2 * BLOCK + 9; rows += 9) check_softmax(rows, columns, rows);
    }
  }
  printf("vector_math: %d instruction sets\n", best + 1);
}
