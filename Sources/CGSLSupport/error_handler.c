#include <gsl/gsl_errno.h>

// GSL's own handler aborts the process; without it every function returns its status, which Swift turns into an error.
__attribute__((constructor)) static void switch_off_error_handler(void) { gsl_set_error_handler_off(); }
