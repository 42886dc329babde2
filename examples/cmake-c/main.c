#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gelu.h"
#include "hexagon-v75.h"

static int check(long n) {
  float *x = malloc(sizeof(float) * (size_t)n), *y = malloc(sizeof(float) * (size_t)n);
  if (x == NULL || y == NULL) return 1;
  for (long i = 0; i < n; i++) x[i] = (float)(i % 17) / 4.0f - 2.0f;
  gelu(x, y, n);
  double worst = 0;
  for (long i = 0; i < n; i++) {
    const double expected = 0.5 * x[i] * (1 + erf(x[i] * 0.7071067811865476));
    worst = fmax(worst, fabs(y[i] - expected));
  }
  const nightshift_gelu_f32_configuration tuned = nightshift_gelu_f32(n);
  printf("gelu %ld: tile %lld, unroll %lld, threads %lld; largest error %.1e\n", n, tuned.tile,
         tuned.unroll, tuned.threads, worst);
  free(x);
  free(y);
  return worst < 1e-6 ? 0 : 1;
}

int main(void) { return check(65536) | check(1048576) | check(1000); }
