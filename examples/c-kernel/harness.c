/*
 * Checks or times the kernel that it is linked with:
 *   ./program check   compares every result with a reference in double; exit code 1 on a wrong one
 *   ./program         prints the median time of a call as the last line, {"timeUs": 123.4}
 */
#include "matmul.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A call is timed this often, or as long as there is time, but LEAST times. */
enum { LEAST = 3, MOST = 31, ENOUGH_US = 20000 };

static float a[M * K], b[K * N], c[M * N];

static void fill(float *values, int count, unsigned seed) {
  for (int i = 0; i < count; i++) {
    seed = seed * 1664525u + 1013904223u;
    values[i] = (float)(seed >> 8) / (1 << 23) - 1.0f;
  }
}

/* The error of a float32 sum of K products is at most about K roundings; its spread grows with the root of K. */
static int check(void) {
  const double unit = ldexp(1, -24) * (8 + 2 * sqrt(K));
  for (int i = 0; i < M * N; i++) c[i] = NAN;
  matmul(a, b, c);
  for (int i = 0; i < M; i++) {
    for (int j = 0; j < N; j++) {
      double sum = 0, magnitude = 0;
      for (int k = 0; k < K; k++) {
        const double product = (double)a[i * K + k] * b[k * N + j];
        sum += product;
        magnitude += fabs(product);
      }
      if (!(fabs(c[i * N + j] - sum) <= unit * magnitude)) {
        fprintf(stderr, "c[%d, %d] is %g instead of %g\n", i, j, c[i * N + j], sum);
        return 1;
      }
    }
  }
  return 0;
}

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static int ascending(const void *left, const void *right) {
  const double x = *(const double *)left, y = *(const double *)right;
  return (x > y) - (x < y);
}

static int measure(void) {
  double samples[MOST];
  int count = 0;
  matmul(a, b, c); /* The first call warms up the caches. */
  const double begin = now_us();
  while (count < LEAST || (count < MOST && now_us() - begin < ENOUGH_US)) {
    const double start = now_us();
    matmul(a, b, c);
    samples[count++] = now_us() - start;
  }
  qsort(samples, count, sizeof *samples, ascending);
  printf("{\"timeUs\": %.3f}\n", samples[count / 2]);
  return 0;
}

int main(int count, char **words) {
  fill(a, M * K, 1);
  fill(b, K * N, 2);
  return count > 1 && strcmp(words[1], "check") == 0 ? check() : measure();
}
