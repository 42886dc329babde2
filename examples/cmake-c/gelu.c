#include "gelu.h"

#include <math.h>

#include "hexagon-v75.h"

/* The build's own choice, from CMake: a constant that the compiler can unroll by. */
#ifndef NIGHTSHIFT_GELU_F32_UNROLL
#error "nightshift_tuned(gelu gelu f32 <shape>) is missing in CMakeLists.txt"
#endif
enum { UNROLL = NIGHTSHIFT_GELU_F32_UNROLL };

static float gelu1(float x) { return 0.5f * x * (1.0f + erff(x * 0.70710678f)); }

static void gelu_tile(const float *x, float *y, long n) {
  long i = 0;
  for (; i + UNROLL <= n; i += UNROLL) {
    for (int j = 0; j < UNROLL; j++) y[i + j] = gelu1(x[i + j]);
  }
  for (; i < n; i++) y[i] = gelu1(x[i]);
}

void gelu(const float *x, float *y, long n) {
  /* The table chooses by the shape that comes; unknown ones get the default branch. */
  const nightshift_gelu_f32_configuration tuned = nightshift_gelu_f32(n);
  /* Without staging the tile has no effect. */
  const long tile = tuned.staging == NIGHTSHIFT_STAGING_DIRECT ? n : (long)tuned.tile;
  for (long at = 0; at < n; at += tile) gelu_tile(x + at, y + at, at + tile < n ? tile : n - at);
}
