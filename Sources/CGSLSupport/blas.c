// Which BLAS? GSL's own CBLAS is five to ten times slower than a tuned one on the products that decide a fit's speed, and
// Debian's tuned ones do not know CPUs younger than themselves. So the tuned BLAS is looked up when the program starts (no
// build dependency, GSL's CBLAS as the fallback) and, where its own detection is too old, told which kernels to use.
#include "CGSLSupport.h"

#include <dlfcn.h>
#include <gsl/gsl_cblas.h>
#include <stdlib.h>
#include <string.h>

typedef void (*dgemm_function)(enum CBLAS_ORDER, enum CBLAS_TRANSPOSE, enum CBLAS_TRANSPOSE, int, int, int, double,
                               const double *, int, const double *, int, double, double *, int);

static dgemm_function dgemm = cblas_dgemm;
static const char *name = "GSL CBLAS";

static bool has_fused_multiply_add(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

static bool use(void *library, const char *library_name) {
  if (library == NULL) return false;
  dgemm_function found = (dgemm_function)dlsym(library, "cblas_dgemm");
  if (found == NULL) return false;
  dgemm = found;
  name = library_name;
  return true;
}

// BLIS has kernels for skinny, unpacked products in its Haswell and Zen sets only; they are the fastest for such products
// on every CPU with AVX2, also on those with AVX-512 or too young for its detection. BLIS reads the choice at its first
// call, and releases before 1.0 know only numbers (3 is Haswell).
static bool use_blis(void) {
  void *library = dlopen("libblis.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) library = dlopen("libblis.so", RTLD_NOW | RTLD_LOCAL);
  if (!use(library, "BLIS")) return false;
  const char *(*version)(void) = (const char *(*)(void))dlsym(library, "bli_info_get_version_str");
  bool choose = version != NULL && has_fused_multiply_add() && getenv("BLIS_ARCH_TYPE") == NULL;
  if (choose) setenv("BLIS_ARCH_TYPE", strncmp(version(), "0.", 2) == 0 ? "3" : "haswell", 0);
  double one = 1, product = 0;
  blas_dgemm(false, false, 1, 1, 1, 1, &one, 1, &one, 1, 0, &product, 1);
  if (choose) unsetenv("BLIS_ARCH_TYPE");
  return true;
}

// A constructor, because the environment may only be changed while no other thread can read it.
__attribute__((constructor)) static void find_blas(void) {
#if defined(__APPLE__)
  use(dlopen("/System/Library/Frameworks/Accelerate.framework/Accelerate", RTLD_NOW | RTLD_LOCAL), "Accelerate");
#else
  use_blis();
#endif
}

void blas_dgemm(bool transpose_a, bool transpose_b, int m, int n, int k, double alpha, const double *a, int lda,
                const double *b, int ldb, double beta, double *c, int ldc) {
  dgemm(CblasColMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, m, n, k, alpha, a,
        lda, b, ldb, beta, c, ldc);
}

const char *blas_name(void) { return name; }
