#include "CGSLSupport.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_multimin.h>
#include <string.h>

// GSL asks for value and gradient apart, but both cost one evaluation: those of the last point are kept.
typedef struct {
  bool (*objective)(const double *point, double *value, double *gradient, void *context);
  void *context;
  bool known;
  bool ended;
  double value;
  gsl_vector *point;
  gsl_vector *gradient;
} evaluation;

// Once the search is to end, every value is no number: GSL's line search then comes to its own end without evaluations.
static void evaluate(const gsl_vector *point, evaluation *last) {
  if (last->ended || (last->known && memcmp(point->data, last->point->data, point->size * sizeof(double)) == 0)) return;
  gsl_vector_memcpy(last->point, point);
  last->known = true;
  last->ended = !last->objective(last->point->data, &last->value, last->gradient->data, last->context);
  if (last->ended) {
    last->value = GSL_NAN;
    gsl_vector_set_all(last->gradient, GSL_NAN);
  }
}

static double value_at(const gsl_vector *point, void *context) {
  evaluate(point, context);
  return ((evaluation *)context)->value;
}

static void gradient_at(const gsl_vector *point, void *context, gsl_vector *gradient) {
  evaluate(point, context);
  gsl_vector_memcpy(gradient, ((evaluation *)context)->gradient);
}

static void both_at(const gsl_vector *point, void *context, double *value, gsl_vector *gradient) {
  *value = value_at(point, context);
  gradient_at(point, context, gradient);
}

static int search(gsl_multimin_fdfminimizer *minimizer, evaluation *last, const double *start, size_t count, double step,
                  double line_tolerance, double gradient_tolerance) {
  gsl_multimin_function_fdf target = {value_at, gradient_at, both_at, count, last};
  gsl_vector_const_view origin = gsl_vector_const_view_array(start, count);
  int status = gsl_multimin_fdfminimizer_set(minimizer, &target, &origin.vector, step, line_tolerance);
  while (status == GSL_SUCCESS && !last->ended) {
    if (gsl_multimin_test_gradient(minimizer->gradient, gradient_tolerance) == GSL_SUCCESS) break;
    status = gsl_multimin_fdfminimizer_iterate(minimizer);
  }
  // Rounding, or the end that the objective asked for, leaves a line search without progress.
  return status == GSL_ENOPROG || last->ended ? GSL_SUCCESS : status;
}

int bfgs_minimum(size_t count, bool (*objective)(const double *point, double *value, double *gradient, void *context),
                 void *context, const double *start, double step, double line_tolerance, double gradient_tolerance) {
  evaluation last = {objective, context, false, false, 0, gsl_vector_alloc(count), gsl_vector_alloc(count)};
  gsl_multimin_fdfminimizer *minimizer = gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, count);
  int status = GSL_ENOMEM;
  if (last.point != NULL && last.gradient != NULL && minimizer != NULL)
    status = search(minimizer, &last, start, count, step, line_tolerance, gradient_tolerance);
  gsl_multimin_fdfminimizer_free(minimizer);
  gsl_vector_free(last.point);
  gsl_vector_free(last.gradient);
  return status;
}
