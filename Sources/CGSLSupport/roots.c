#include "CGSLSupport.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

int brent_root(double (*function)(double, void *), void *context, double lower, double upper, double absolute_tolerance,
               double relative_tolerance, int iterations, double *root) {
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (solver == NULL) return GSL_ENOMEM;
  gsl_function target = {function, context};
  int status = gsl_root_fsolver_set(solver, &target, lower, upper);
  while (status == GSL_SUCCESS && iterations-- > 0) {
    status = gsl_root_fsolver_iterate(solver);
    if (status != GSL_SUCCESS) break;
    *root = gsl_root_fsolver_root(solver);
    // A zero met exactly: the interval test below never holds for a tolerance relative to a root at zero.
    if (gsl_root_fsolver_x_lower(solver) == gsl_root_fsolver_x_upper(solver)) break;
    status = gsl_root_test_interval(gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver),
                                    absolute_tolerance, relative_tolerance);
    if (status == GSL_SUCCESS) break;
    status = iterations > 0 ? GSL_SUCCESS : GSL_EMAXITER;
  }
  gsl_root_fsolver_free(solver);
  return status;
}
