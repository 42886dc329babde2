/* The benchmark's kernels in plain C that the compiler vectorizes. Compiled with -DPOLYNOMIAL they use the polynomials
   that nightshift generates, else libm's functions (which -ffast-math lets gcc take from libmvec). With -fopenmp the
   outer loops are shared among threads. */
#include "serve.h"
#ifdef _OPENMP
#include <omp.h>
#define SHARED _Pragma("omp parallel for schedule(static)")
#define SHARED_LANES _Pragma("omp parallel for simd schedule(static)")
#else
#define SHARED
#define SHARED_LANES
#endif

#ifdef POLYNOMIAL
static inline float exponential(float given) {
  float x = given < -87.0f ? -87.0f : given > 88.0f ? 88.0f : given;
  float n = __builtin_rintf(x * 1.44269504f);
  float r = x - n * 0.693359375f + n * 2.12194440e-4f;
  float p = 1.3814566e-3f;
  p = p * r + 8.368732e-3f;
  p = p * r + 4.1668389e-2f;
  p = p * r + 0.16666521f;
  p = p * r + 0.49999994f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  union { int bits; float value; } scale = {((int)n + 127) << 23};
  return p * scale.value;
}
static inline float gelu_of(float x) {
  float t = __builtin_fabsf(x);
  t = t < 5.51543283f ? t : 5.51543283f;
  float p = 3.90618243e-06f;
  p = p * t - 4.32537381e-05f;
  p = p * t - 6.55017675e-06f;
  p = p * t + 0.00155709859f;
  p = p * t - 0.000707983389f;
  p = p * t - 0.0319161192f;
  p = p * t - 0.0914589986f;
  p = p * t + 0.917004049f;
  p *= p;
  p *= p;
  p *= p;
  return (x > 0.0f ? x : 0.0f) - t * p;
}
static inline float one_plus_tanh(float x) { return 2.0f / (1.0f + exponential(-2.0f * x)); }
#else
static inline float exponential(float x) { return expf(x); }
static inline float gelu_of(float x) { return x * 0.5f * (1.0f + erff(x * 0.70710678f)); }
static inline float one_plus_tanh(float x) { return 1.0f + tanhf(x); }
#endif

typedef float *restrict Out;
typedef const float *restrict In;

static void vector_add(In x, In y, Out out, long n) {
  SHARED_LANES
  for (long i = 0; i < n; i++) out[i] = x[i] + y[i];
}
static void gelu(In x, Out out, long n) {
  SHARED_LANES
  for (long i = 0; i < n; i++) out[i] = gelu_of(x[i]);
}
static void gelu_tanh(In x, Out out, long n) {
  SHARED_LANES
  for (long i = 0; i < n; i++) {
    float u = (x[i] * x[i] * x[i] * 0.044715f + x[i]) * 0.79788456f;
    out[i] = x[i] * 0.5f * one_plus_tanh(u);
  }
}
static void silu(In x, Out out, long n) {
  SHARED_LANES
  for (long i = 0; i < n; i++) out[i] = x[i] / (1.0f + exponential(-x[i]));
}
static void softmax(In from, Out to, long rows, long columns) {
  SHARED
  for (long i = 0; i < rows; i++) {
    In x = from + i * columns;
    Out out = to + i * columns;
    float most = x[0], sum = 0;
    for (long j = 0; j < columns; j++) most = x[j] > most ? x[j] : most;
    for (long j = 0; j < columns; j++) out[j] = exponential(x[j] - most);
    for (long j = 0; j < columns; j++) sum += out[j];
    float scale = 1.0f / sum;
    for (long j = 0; j < columns; j++) out[j] *= scale;
  }
}
static void rms_norm(In from, In weight, Out to, long rows, long columns) {
  SHARED
  for (long i = 0; i < rows; i++) {
    In x = from + i * columns;
    Out out = to + i * columns;
    float sum = 0;
    for (long j = 0; j < columns; j++) sum += x[j] * x[j];
    float scale = 1.0f / sqrtf(sum / columns + 1e-6f);
    for (long j = 0; j < columns; j++) out[j] = x[j] * scale * weight[j];
  }
}
static void layer_norm(In from, In weight, In bias, Out to, long rows, long columns) {
  SHARED
  for (long i = 0; i < rows; i++) {
    In x = from + i * columns;
    Out out = to + i * columns;
    float sum = 0, squares = 0;
    for (long j = 0; j < columns; j++) sum += x[j];
    float mean = sum / columns;
    for (long j = 0; j < columns; j++) squares += (x[j] - mean) * (x[j] - mean);
    float scale = 1.0f / sqrtf(squares / columns + 1e-5f);
    for (long j = 0; j < columns; j++) out[j] = (x[j] - mean) * scale * weight[j] + bias[j];
  }
}
/* Four rows at a time, so that each row of b is read once for four rows of out. */
static void matmul(In a, In b, Out out, long m, long n, long k) {
  SHARED
  for (long i = 0; i < m / 4 * 4; i += 4) {
    Out to = out + i * n;
    memset(to, 0, sizeof(float) * 4 * n);
    for (long l = 0; l < k; l++) {
      float a0 = a[i * k + l], a1 = a[(i + 1) * k + l], a2 = a[(i + 2) * k + l], a3 = a[(i + 3) * k + l];
      for (long j = 0; j < n; j++) {
        float right = b[l * n + j];
        to[j] += a0 * right;
        to[n + j] += a1 * right;
        to[2 * n + j] += a2 * right;
        to[3 * n + j] += a3 * right;
      }
    }
  }
}

static int take(void) {
#ifdef _OPENMP
  omp_set_num_threads(thread_count);
#else
  if (thread_count > 1) return 0;
#endif
  return is("vector-add") || is("gelu") || is("gelu-tanh") || is("silu") || is("softmax") || is("rms-norm") ||
         is("layer-norm") || is("matmul");
}

static void call(void) {
  const long rows = shape[0], columns = shape[1], n = rows * columns;
  if (is("vector-add")) vector_add(x, y, out, n);
  else if (is("gelu")) gelu(x, out, n);
  else if (is("gelu-tanh")) gelu_tanh(x, out, n);
  else if (is("silu")) silu(x, out, n);
  else if (is("softmax")) softmax(x, out, rows, columns);
  else if (is("rms-norm")) rms_norm(x, y, out, rows, columns);
  else if (is("layer-norm")) layer_norm(x, y, z, out, rows, columns);
  else matmul(x, y, out, rows, columns, shape[2]);
}
