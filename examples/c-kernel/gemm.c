/* c = a · b, blocked for registers and shared among threads. The marked macros are tuned; see docs/c-kernels.md. */
#include "gemm.h"

#include <pthread.h>
#include <string.h>

/* Bytes of a vector; 0 is scalar code. */
#ifndef VECTOR_BYTES
#define VECTOR_BYTES 0 // nightshift vec: 0, 16, 32, 64
#endif
/* Threads, each with a share of the rows. */
#ifndef THREADS
#define THREADS 1 // nightshift mt: 1, 2, 4
#endif
/* A block of ROWS rows and VECTORS vectors of c is kept in registers. */
#ifndef ROWS
#define ROWS 4 // nightshift: 1, 2, 4, 8
#endif
#ifndef VECTORS
#define VECTORS 1 // nightshift: 1, 2, 4
#endif
// nightshift: ROWS * VECTORS <= 16

#ifdef __clang__
#define SCALAR_LOOP _Pragma("clang loop vectorize(disable)")
#else
/* Else scalar code would not be scalar, and vectors would seem to gain less. */
#pragma GCC optimize("no-tree-vectorize", "no-tree-slp-vectorize")
#define SCALAR_LOOP
#endif

#if VECTOR_BYTES == 0
typedef float vector;
#else
typedef float vector __attribute__((vector_size(VECTOR_BYTES)));
#endif

enum { LANES = sizeof(vector) / sizeof(float), COLUMNS = VECTORS * LANES };

typedef struct {
  int n, k, first, end;
  const float *a, *b;
  float *c;
} share;

/* One block of c, whose corner is at row i and column j. */
static void block(const share *s, int i, int j) {
  vector sum[ROWS][VECTORS];
  memset(sum, 0, sizeof sum);
  for (int p = 0; p < s->k; p++) {
    for (int v = 0; v < VECTORS; v++) {
      vector right;
      memcpy(&right, s->b + p * s->n + j + v * LANES, sizeof right);
      for (int r = 0; r < ROWS; r++) sum[r][v] += s->a[(i + r) * s->k + p] * right;
    }
  }
  for (int r = 0; r < ROWS; r++) memcpy(s->c + (i + r) * s->n + j, sum[r], sizeof sum[r]);
}

/* What is left of rows and columns where they are not whole blocks. */
static void edge(const share *s, int i, int j) {
  float sum = 0;
  SCALAR_LOOP
  for (int p = 0; p < s->k; p++) sum += s->a[i * s->k + p] * s->b[p * s->n + j];
  s->c[i * s->n + j] = sum;
}

static void *work(void *of) {
  const share *s = of;
  const int rows = s->first + (s->end - s->first) / ROWS * ROWS, columns = s->n / COLUMNS * COLUMNS;
  for (int j = 0; j < columns; j += COLUMNS) {
    for (int i = s->first; i < rows; i += ROWS) block(s, i, j);
  }
  for (int i = s->first; i < s->end; i++) {
    for (int j = i < rows ? columns : 0; j < s->n; j++) edge(s, i, j);
  }
  return NULL;
}

void gemm(int m, int n, int k, const float a[m * k], const float b[k * n], float c[m * n]) {
  pthread_t team[THREADS];
  share shares[THREADS];
  for (int t = 0; t < THREADS; t++) {
    shares[t] = (share){n, k, m * t / THREADS, m * (t + 1) / THREADS, a, b, c};
    if (t > 0) pthread_create(&team[t], NULL, work, &shares[t]);
  }
  work(&shares[0]);
  for (int t = 1; t < THREADS; t++) pthread_join(team[t], NULL);
}
