/* Elements of operands as numbers. */
#include <math.h>
#include <stdint.h>
#include <string.h>

static float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static double half_value(uint16_t bits) {
  const double sign = bits & 0x8000 ? -1 : 1;
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * ldexp(fraction, -24);
  return sign * ldexp(1 + fraction / 1024.0, exponent - 15);
}

static double element(const char *dtype, const char *at, int64_t n) {
  if (strcmp(dtype, "f32") == 0) return ((const float *)at)[n];
  if (strcmp(dtype, "i32") == 0) return ((const int32_t *)at)[n];
  if (strcmp(dtype, "i16") == 0) return ((const int16_t *)at)[n];
  if (strcmp(dtype, "i8") == 0) return ((const int8_t *)at)[n];
  if (strcmp(dtype, "f16") == 0) return half_value(((const uint16_t *)at)[n]);
  if (strcmp(dtype, "bf16") == 0) return float_of_bits((uint32_t)((const uint16_t *)at)[n] << 16);
  return ((const uint8_t *)at)[n];
}

/* NaN is NaN, whatever its sign. */
static double without_sign(double value) { return isnan(value) ? NAN : value; }
