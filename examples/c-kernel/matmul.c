/*
 * The kernel that is tuned. Its macros are the parameters of space.json, and the build defines them:
 *   VECTOR_BYTES  bytes of a vector; 0 is scalar code
 *   ROWS, VECTORS a block of ROWS rows and VECTORS vectors of c is kept in registers
 *   THREADS       threads, each with a share of the rows
 */
#include "matmul.h"

#include <pthread.h>
#include <string.h>

#if VECTOR_BYTES == 0
typedef float vector;
#else
typedef float vector __attribute__((vector_size(VECTOR_BYTES)));
#endif

enum { LANES = sizeof(vector) / sizeof(float), COLUMNS = VECTORS * LANES };
_Static_assert(N % COLUMNS == 0, "a row must be whole blocks");
_Static_assert(M % (ROWS * THREADS) == 0, "a thread's share must be whole blocks");

typedef struct {
  const float *a, *b;
  float *c;
  int first, end;
} share;

static vector load(const float *from) {
  vector v;
  memcpy(&v, from, sizeof v);
  return v;
}

/* One block of c, whose corner is at row i and column j. */
static void block(const share *s, int i, int j) {
  vector sum[ROWS][VECTORS];
  memset(sum, 0, sizeof sum);
  for (int k = 0; k < K; k++) {
    for (int v = 0; v < VECTORS; v++) {
      const vector right = load(s->b + k * N + j + v * LANES);
      for (int r = 0; r < ROWS; r++) sum[r][v] += s->a[(i + r) * K + k] * right;
    }
  }
  for (int r = 0; r < ROWS; r++) memcpy(s->c + (i + r) * N + j, sum[r], sizeof sum[r]);
}

static void *work(void *of) {
  const share *s = of;
  for (int j = 0; j < N; j += COLUMNS) {
    for (int i = s->first; i < s->end; i += ROWS) block(s, i, j);
  }
  return NULL;
}

void matmul(const float *a, const float *b, float *c) {
  pthread_t team[THREADS];
  share shares[THREADS];
  for (int t = 0; t < THREADS; t++) {
    shares[t] = (share){a, b, c, M / THREADS * t, M / THREADS * (t + 1)};
    if (t > 0) pthread_create(&team[t], NULL, work, &shares[t]);
  }
  work(&shares[0]);
  for (int t = 1; t < THREADS; t++) pthread_join(team[t], NULL);
}
