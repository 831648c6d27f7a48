#include "CGSLSupport.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <string.h>

int hermite_rule(size_t count, double *nodes, double *weights) {
  // ∫ f(x) exp(−½ x²) dx; the last argument has no meaning for this rule.
  gsl_integration_fixed_workspace *rule =
      gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, count, 0, 0.5, 0, 0);
  if (rule == NULL) return GSL_ENOMEM;
  memcpy(nodes, gsl_integration_fixed_nodes(rule), count * sizeof(double));
  memcpy(weights, gsl_integration_fixed_weights(rule), count * sizeof(double));
  gsl_integration_fixed_free(rule);
  return GSL_SUCCESS;
}
