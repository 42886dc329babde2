/* Checks the library as it was built, and says what was tuned for some shapes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "gemm.h"

static int check(int m, int n, int k) {
  float *a = malloc(sizeof(float) * (size_t)(m * k)), *b = malloc(sizeof(float) * (size_t)(k * n));
  float *c = malloc(sizeof(float) * (size_t)(m * n));
  if (a == NULL || b == NULL || c == NULL) return 1;
  for (int i = 0; i < m * k; i++) a[i] = (float)(i % 17) / 8 - 1;
  for (int i = 0; i < k * n; i++) b[i] = (float)(i % 23) / 11 - 1;
  gemm(m, n, k, a, b, c);
  double worst = 0;
  for (int i = 0; i < m; i++) {
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int p = 0; p < k; p++) sum += (double)a[i * k + p] * b[p * n + j];
      worst = fmax(worst, fabs(c[i * n + j] - sum));
    }
  }
  const nightshift_gemm_f32_configuration best = nightshift_gemm_f32(m, n, k);
  printf("%dx%dx%d: tuned vector_bytes %lld, threads %lld, rows %lld, vectors %lld; largest error %.1e\n", m, n, k,
         best.vector_bytes, best.threads, best.rows, best.vectors, worst);
  free(a);
  free(b);
  free(c);
  return worst < 1e-3 ? 0 : 1;
}

int main(void) { return check(384, 384, 384) | check(512, 512, 64) | check(101, 67, 33); }
