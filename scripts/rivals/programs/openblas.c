/* OpenBLAS: matrix products alone. */
#include "serve.h"
#include <cblas.h>

void openblas_set_num_threads(int count);

static int take(void) {
  openblas_set_num_threads(thread_count);
  return is("matmul");
}

static void call(void) {
  const int m = (int)shape[0], n = (int)shape[1], k = (int)shape[2];
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, x, k, y, n, 0, out, n);
}
