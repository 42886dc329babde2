// Loops that call a vector function for each vector. FUNCTION says whether it is inlined or called.
typedef float v __attribute__((vector_size(128)));
typedef int w __attribute__((vector_size(128)));
#define HORNER6(x) ((((((1.4e-3f * x + 8.4e-3f) * x + 4.2e-2f) * x + 0.1667f) * x + 0.5f) * x + 1.0f) * x + 0.9f)
#define LOOP(name, function, argument, result) \
  void name##_loop(const v *restrict a, v *restrict o, int n) { \
    _Pragma("clang loop unroll(disable)") for (int i = 0; i < n; i++) { \
      v x = a[i], y = function(argument); \
      o[i] = result; \
    } \
  }

// Two Newton steps from a guess by the exponent's bits.
static inline v reciprocal(v d) {
  v r = (v)(0x7ef311c7 - (w)d);
  r = r * (2.0f - d * r);
  return r * (2.0f - d * r);
}
FUNCTION v shortpoly(v x) { return (((((x * 0.1f + 0.2f) * x + 0.3f) * x + 0.4f) * x + 0.5f) * x + 0.6f) * x + 0.7f; }
FUNCTION v erfpoly(v x) {
  v t = x * x;
  return (((((((-1e-7f * t + 5e-6f) * t - 1e-4f) * t + 1.2e-3f) * t - 9e-3f) * t + 5e-2f) * t - 2e-1f) * t + 1.1f) * x;
}
FUNCTION v erfrational(v x) {
  v t = x * x, above = x * ((((1.6e1f * t + 4.3e2f) * t + 4.0e3f) * t + 1.78e4f) * t + 7.52e4f);
  return above * reciprocal(((((t + 1.09e2f) * t + 1.36e3f) * t + 9.56e3f) * t + 3.8e4f) * t + 6.66e4f);
}
FUNCTION v exponential(v x) {
  v shifted = x * 1.442695f + 12583039.0f, whole = shifted - 12583039.0f;
  v r = (x - whole * 0.693359375f) - whole * -2.1219444e-4f;
  return (v)((w)HORNER6(r) + ((w)shifted << 23));
}
LOOP(shortpoly, shortpoly, x * 0.7f, x * 0.5f * (y + 1.0f))
LOOP(erfpoly, erfpoly, x * 0.70710678f, x * 0.5f * (y + 1.0f))
LOOP(erfrational, erfrational, x * 0.70710678f, x * 0.5f * (y + 1.0f))
LOOP(exponential, exponential, -x, reciprocal(y + 1.0f))
