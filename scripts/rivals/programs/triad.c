/* The machine's limit for two arrays that become one: out = x + 3·y, for any kernel of as many elements. Compiled with
   -DSTREAMED it stores past the caches, in whole registers; with -fopenmp on several threads. */
#include "serve.h"
#include <immintrin.h>
#ifdef _OPENMP
#include <omp.h>
#define SHARED _Pragma("omp parallel for schedule(static)")
#else
#define SHARED
#endif

static int take(void) {
#ifdef _OPENMP
  omp_set_num_threads(thread_count);
#endif
  return 1;
}

static void call(void) {
  const long n = shape[0] * shape[1];
#ifdef STREAMED
  const __m256 three = _mm256_set1_ps(3.0f);
  SHARED
  for (long i = 0; i <= n - 8; i += 8)
    _mm256_stream_ps(out + i, _mm256_add_ps(_mm256_load_ps(x + i), _mm256_mul_ps(three, _mm256_load_ps(y + i))));
  _mm_sfence();
#else
  float *restrict to = out;
  const float *restrict left = x, *restrict right = y;
  SHARED
  for (long i = 0; i < n; i++) to[i] = left[i] + 3.0f * right[i];
#endif
}
