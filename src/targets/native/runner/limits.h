/* What this machine can do at most on one thread: the best of five. */

/* Elements of each array that is walked: 192 MiB in all, more than caches hold. */
#define LIMIT_ELEMENTS (1 << 24)
#define LIMIT_REPEATS 5
/* Independent multiply-adds in a turn: enough to hide their latency. */
#define CHAINS 12
#define LIMIT_TURNS 200000

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif
#include "../../../c/lanes.h"

static void copy(float *restrict to, const float *restrict from, const float *restrict other) {
  (void)other;
  for (int n = 0; n < LIMIT_ELEMENTS; n++) to[n] = from[n];
}

static void triad(float *restrict to, const float *restrict from, const float *restrict other) {
  for (int n = 0; n < LIMIT_ELEMENTS; n++) to[n] = from[n] + 3 * other[n];
}

/* The same past the caches: variants may do that, too. */
static void streamed_copy(float *restrict to, const float *restrict from, const float *restrict other) {
  (void)other;
  for (int n = 0; n < LIMIT_ELEMENTS; n += LANES) stream((char *)(to + n), *(const F_at *)(from + n));
  streamed();
}

static void streamed_triad(float *restrict to, const float *restrict from, const float *restrict other) {
  for (int n = 0; n < LIMIT_ELEMENTS; n += LANES) {
    const F sum = *(const F_at *)(from + n) + splat_f(3) * *(const F_at *)(other + n);
    stream((char *)(to + n), sum);
  }
  streamed();
}

static void multiply_add(float *restrict to, const float *restrict from, const float *restrict other) {
  (void)other;
  F sums[CHAINS], factor;
  for (int n = 0; n < CHAINS; n++) memcpy(&sums[n], from + n, sizeof sums[n]);
  memcpy(&factor, from, sizeof factor);
  for (int turn = 0; turn < LIMIT_TURNS; turn++)
    for (int n = 0; n < CHAINS; n++) sums[n] = sums[n] * factor + factor;
  for (int n = 0; n < CHAINS; n++) memcpy(to + n * LANES, &sums[n], sizeof sums[n]);
}

static double shortest_us(void (*work)(float *, const float *, const float *), float *arrays) {
  double shortest = INFINITY;
  for (int n = 0; n < LIMIT_REPEATS; n++) {
    const double start = now_us();
    work(arrays, arrays + LIMIT_ELEMENTS, arrays + 2 * LIMIT_ELEMENTS);
    shortest = fmin(shortest, now_us() - start);
  }
  return shortest;
}

static void answer_limits(void) {
  const size_t bytes = 3 * sizeof(float) * (size_t)LIMIT_ELEMENTS;
  float *arrays = (float *)pages_of(bytes);
  if (arrays == NULL) {
    printf("failed runtime no memory for the machine's limits\n");
    return;
  }
  memset(arrays, 0, bytes);
  const double copied = LIMIT_ELEMENTS * 8.0 / 1000 /
                        fmin(shortest_us(copy, arrays), shortest_us(streamed_copy, arrays));
  const double added = LIMIT_ELEMENTS * 12.0 / 1000 /
                       fmin(shortest_us(triad, arrays), shortest_us(streamed_triad, arrays));
  const double operations = (double)LIMIT_TURNS * CHAINS * LANES * 2;
  const double multiplied = operations / 1000 / shortest_us(multiply_add, arrays);
  munmap(arrays, bytes);
  printf("limits %.9g %.9g %.9g\n", copied, added, multiplied);
}
