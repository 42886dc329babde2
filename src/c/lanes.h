/* Vectors of LANES numbers, by the vector types of GNU C: for gcc and clang, on x86 and Arm. */
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline, unused))

typedef float F __attribute__((vector_size(4 * LANES)));
typedef int32_t I __attribute__((vector_size(4 * LANES)));
typedef uint32_t U __attribute__((vector_size(4 * LANES)));
typedef int16_t S16 __attribute__((vector_size(2 * LANES)));
typedef uint16_t U16 __attribute__((vector_size(2 * LANES)));
typedef int8_t S8 __attribute__((vector_size(LANES)));
typedef uint8_t U8 __attribute__((vector_size(LANES)));

/* Which of gcc's own names for x86 instructions there are at this width; without them, plain C does the same. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__has_builtin)
#if LANES == 16 && defined(__AVX512F__) && __has_builtin(__builtin_ia32_maxps512_mask)
#define GCC_AVX512
#elif LANES == 8 && defined(__AVX__) && __has_builtin(__builtin_ia32_maxps256)
#define GCC_AVX
#elif LANES == 4 && defined(__SSE4_1__) && __has_builtin(__builtin_ia32_roundps)
#define GCC_SSE
#endif
#endif

/* Vectors in memory, at any multiple of their elements' size. */
typedef F F_at __attribute__((aligned(4)));
typedef I I_at __attribute__((aligned(4)));
typedef S16 S16_at __attribute__((aligned(2)));
typedef U16 U16_at __attribute__((aligned(2)));
typedef S8 S8_at __attribute__((aligned(1)));
typedef U8 U8_at __attribute__((aligned(1)));

#define EACH_16(x) x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x
#define EACH_64(x) EACH_16(x), EACH_16(x), EACH_16(x), EACH_16(x)
#if LANES == 256
#define EACH(x) {EACH_64(x), EACH_64(x), EACH_64(x), EACH_64(x)}
#elif LANES == 128
#define EACH(x) {EACH_64(x), EACH_64(x)}
#elif LANES == 64
#define EACH(x) {EACH_64(x)}
#elif LANES == 32
#define EACH(x) {EACH_16(x), EACH_16(x)}
#elif LANES == 16
#define EACH(x) {EACH_16(x)}
#elif LANES == 8
#define EACH(x) {x, x, x, x, x, x, x, x}
#elif LANES == 4
#define EACH(x) {x, x, x, x}
#endif
INLINE F splat_f(float x) { return (F)EACH(x); }
INLINE I splat_i(int x) { return (I)EACH(x); }

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLE(x, ...) __builtin_shufflevector(x, x, __VA_ARGS__)
#endif
#endif
#ifndef SHUFFLE
#define SHUFFLE(x, ...) __builtin_shuffle(x, (I){__VA_ARGS__})
#endif

/* Bits as another type. */
INLINE int bits_of(float x) {
  int bits;
  __builtin_memcpy(&bits, &x, 4);
  return bits;
}
INLINE float float_of(int bits) {
  float x;
  __builtin_memcpy(&x, &bits, 4);
  return x;
}

INLINE I as_i(F x) { return (I)x; }
INLINE F as_f(I x) { return (F)x; }
#if defined(__hexagon__)
/* LLVM takes a vector's absolute value apart into lanes if it sees that it is one. */
INLINE int hidden(int x) {
  __asm__("" : "+r"(x));
  return x;
}
INLINE F abs_w(F x) { return (F)((I)x & splat_i(hidden(0x7fffffff))); }
#else
INLINE F abs_w(F x) { return (F)((I)x & splat_i(0x7fffffff)); }
#endif
INLINE F to_float_w(I x) { return __builtin_convertvector(x, F); }

/* The first where the lane of the condition has all bits, else the second. */
INLINE F select_f(F yes, F no, I when) { return (F)(((I)yes & when) | ((I)no & ~when)); }
INLINE I select_i(I yes, I no, I when) { return (yes & when) | (no & ~when); }

/* b where a < b (pmax) or b < a (pmin), else a: so NaN of a stays. */
#if defined(GCC_AVX512)
INLINE F pmax(F a, F b) { return __builtin_ia32_maxps512_mask(b, a, a, -1, 4); }
INLINE F pmin(F a, F b) { return __builtin_ia32_minps512_mask(b, a, a, -1, 4); }
#elif defined(GCC_AVX)
INLINE F pmax(F a, F b) { return __builtin_ia32_maxps256(b, a); }
INLINE F pmin(F a, F b) { return __builtin_ia32_minps256(b, a); }
#elif defined(GCC_SSE)
INLINE F pmax(F a, F b) { return __builtin_ia32_maxps(b, a); }
INLINE F pmin(F a, F b) { return __builtin_ia32_minps(b, a); }
#else
INLINE F pmax(F a, F b) { return select_f(b, a, a < b); }
INLINE F pmin(F a, F b) { return select_f(b, a, b < a); }
#endif

/* NaN where either is; of two zeros the negative one is less. */
INLINE F min_w(F a, F b) {
  return select_f(a, select_f(b, select_f((F)((I)a | (I)b), a + b, a == b), b < a), a < b);
}
INLINE F max_w(F a, F b) {
  return select_f(a, select_f(b, select_f((F)((I)a & (I)b), a + b, a == b), a < b), b < a);
}
INLINE float min_s(float a, float b) {
  return a < b ? a : b < a ? b : a == b ? float_of(bits_of(a) | bits_of(b)) : a + b;
}
INLINE float max_s(float a, float b) {
  return b < a ? a : a < b ? b : a == b ? float_of(bits_of(a) & bits_of(b)) : a + b;
}

#if defined(__hexagon__)
/* There is no library to call. Roundings go by an integer, where one holds the number; a root by Newton steps. */
INLINE float whole_s(float x, float whole) { return __builtin_fabsf(x) < 8388608.0f ? whole : x; }
INLINE float trunc_s(float x) { return whole_s(x, (float)(int)x); }
INLINE float floor_s(float x) { return whole_s(x, (float)((int)x - (x < (float)(int)x))); }
INLINE float ceil_s(float x) { return whole_s(x, (float)((int)x + (x > (float)(int)x))); }
INLINE float nearest_s(float x) {
  float shift = x < 0 ? -8388608.0f : 8388608.0f;
  return whole_s(x, (x + shift) - shift);
}
INLINE float sqrt_s(float x) {
  float r = float_of(0x5f3759df - (bits_of(x) >> 1));
  for (int step = 0; step < 3; step++) r = r * (1.5f - 0.5f * x * r * r);
  float root = x * r;
  root = root + 0.5f * r * (x - root * root);
  return x > 0 && x < __builtin_inff() ? root : x < 0 ? float_of(0x7fc00000) : x;
}
INLINE F sqrt_w(F x) {
  F r = (F)(splat_i(0x5f3759df) - ((I)x >> 1));
  for (int step = 0; step < 3; step++) r = r * (splat_f(1.5f) - splat_f(0.5f) * x * r * r);
  F root = x * r;
  root = root + splat_f(0.5f) * r * (x - root * root);
  return select_f(root, x, x > splat_f(0));
}
/* A first guess by the exponent's bits, two Newton steps, and the product, corrected by what is left. */
INLINE F newton_quotient(F a, F b) {
  F r = (F)(splat_i(0x7ef311c7) - (I)b);
  for (int step = 0; step < 2; step++) r = r * (splat_f(2.0f) - b * r);
  F q = a * r;
  return q + r * (a - b * q);
}
#define __builtin_sqrtf sqrt_s
#define __builtin_floorf floor_s
#define __builtin_ceilf ceil_s
#define __builtin_truncf trunc_s
#define __builtin_rintf nearest_s
#endif

/* Roundings are numbered as the instructions do: 8 to nearest, 9 down, 10 up, 11 towards zero. */
#if defined(GCC_AVX512)
#define ROUND(x, how) __builtin_ia32_rndscaleps_mask(x, how, x, -1, 4)
INLINE F sqrt_w(F x) { return __builtin_ia32_sqrtps512_mask(x, x, -1, 4); }
#elif defined(GCC_AVX)
#define ROUND(x, how) __builtin_ia32_roundps256(x, how)
INLINE F sqrt_w(F x) { return __builtin_ia32_sqrtps256(x); }
#elif defined(GCC_SSE)
#define ROUND(x, how) __builtin_ia32_roundps(x, how)
INLINE F sqrt_w(F x) { return __builtin_ia32_sqrtps(x); }
#else
#define BY_LANE(name, call) \
  INLINE F name(F x) { \
    for (int lane = 0; lane < LANES; lane++) x[lane] = call(x[lane]); \
    return x; \
  }
#if !defined(__hexagon__)
BY_LANE(sqrt_w, __builtin_sqrtf)
#endif
BY_LANE(floor_w, __builtin_floorf)
BY_LANE(ceil_w, __builtin_ceilf)
BY_LANE(trunc_w, __builtin_truncf)
BY_LANE(nearest_w, __builtin_rintf)
#endif
#ifdef ROUND
INLINE F nearest_w(F x) { return ROUND(x, 8); }
INLINE F floor_w(F x) { return ROUND(x, 9); }
INLINE F ceil_w(F x) { return ROUND(x, 10); }
INLINE F trunc_w(F x) { return ROUND(x, 11); }
#endif

/*
 * f16 numbers, by their bits. To f16 they are rounded to nearest, ties to even, and NaN becomes the quiet one of its
 * sign. By the processor's instructions where it has them, else by arithmetic on the bits: the same numbers.
 */
#if defined(__F16C__) && defined(__has_builtin)
#if __has_builtin(__builtin_ia32_vcvtph2ps) && __has_builtin(__builtin_ia32_vcvtps2ph)
#define HALVES_X86
#endif
#endif
INLINE float quiet_s(float x) { return x == x ? x : float_of((bits_of(x) & INT32_MIN) | 0x7fc00000); }
INLINE F quiet_w(F x) { return select_f(x, (F)(((I)x & splat_i(INT32_MIN)) | splat_i(0x7fc00000)), x == x); }

#if defined(HALVES_X86)
typedef int16_t Halves __attribute__((vector_size(16)));
typedef float Four __attribute__((vector_size(16)));
INLINE float from_half_s(uint16_t x) { return __builtin_ia32_vcvtph2ps((Halves){(int16_t)x})[0]; }
INLINE uint16_t to_half_s(float x) { return (uint16_t)__builtin_ia32_vcvtps2ph((Four){quiet_s(x)}, 0)[0]; }
#elif defined(__aarch64__)
INLINE float from_half_s(uint16_t x) {
  __fp16 half;
  __builtin_memcpy(&half, &x, 2);
  return half;
}
INLINE uint16_t to_half_s(float x) {
  __fp16 half = quiet_s(x);
  uint16_t bits;
  __builtin_memcpy(&bits, &half, 2);
  return bits;
}
#else
/* Exponent and fraction are shifted to those of f32, and 2^112 corrects the bias, denormals included. */
INLINE float from_half_s(uint16_t x) {
  int magnitude = (x & 0x7fff) << 13;
  float scaled = float_of(magnitude) * 0x1p112f;
  return float_of((scaled >= 65536.0f ? magnitude | 0x7f800000 : bits_of(scaled)) | (x & 0x8000) * 65536);
}
INLINE uint16_t to_half_s(float x) {
  int sign = (int)((unsigned)bits_of(x) >> 16) & 0x8000;
  float size = __builtin_fabsf(x);
  int magnitude = bits_of(size);
  int number = x != x             ? 0x7e00
               : size >= 65520.0f ? 0x7c00
               : size < 0x1p-14f  ? bits_of(size + 0.5f) - 0x3f000000
                                  : (magnitude + ((magnitude >> 13) & 1) + 0xfff - (112 << 23)) >> 13;
  return (uint16_t)(number | sign);
}
#endif

#if defined(__hexagon__)
typedef _Float16 H __attribute__((vector_size(2 * LANES)));
INLINE F from_half_w(U16 x) { return __builtin_convertvector((H)x, F); }
INLINE U16 to_half_w(F x) { return (U16)__builtin_convertvector(x, H); }
/* LLVM does an operation whose operands and result are rounded so on f16, and an accumulator's, if it begins with an instruction. */
INLINE F half_w(F x) { return from_half_w(to_half_w(x)); }
INLINE H pick_half(F a, F b, S16 second) {
  return (H)(((S16)to_half_w(b) & second) | ((S16)to_half_w(a) & ~second));
}
INLINE F pmax_half(F a, F b) { return __builtin_convertvector(pick_half(a, b, (H)to_half_w(a) < (H)to_half_w(b)), F); }
INLINE F pmin_half(F a, F b) { return __builtin_convertvector(pick_half(a, b, (H)to_half_w(b) < (H)to_half_w(a)), F); }
INLINE F infinite_half_w(int bits) { return __builtin_convertvector((H)__builtin_convertvector(splat_i(hidden(bits)), U16), F); }
#elif defined(HALVES_X86) && LANES == 16 && defined(__AVX512F__)
typedef int16_t S16_lanes __attribute__((vector_size(32)));
INLINE F from_half_w(U16 x) {
  return __builtin_ia32_vcvtph2ps512_mask((S16_lanes)x, splat_f(0), -1, 4);
}
INLINE U16 to_half_w(F x) {
  return (U16)__builtin_ia32_vcvtps2ph512_mask(quiet_w(x), 0, (S16_lanes){0}, -1);
}
#elif defined(HALVES_X86) && LANES == 8
INLINE F from_half_w(U16 x) { return __builtin_ia32_vcvtph2ps256((Halves)x); }
INLINE U16 to_half_w(F x) { return (U16)__builtin_ia32_vcvtps2ph256(quiet_w(x), 0); }
#elif defined(HALVES_X86) && LANES == 4
typedef int64_t Two __attribute__((vector_size(16)));
INLINE F from_half_w(U16 x) { return __builtin_ia32_vcvtph2ps((Halves)(Two){(int64_t)x, 0}); }
INLINE U16 to_half_w(F x) { return (U16)((Two)__builtin_ia32_vcvtps2ph(quiet_w(x), 0))[0]; }
#elif defined(__aarch64__)
typedef __fp16 H __attribute__((vector_size(2 * LANES)));
INLINE F from_half_w(U16 x) { return __builtin_convertvector((H)x, F); }
INLINE U16 to_half_w(F x) { return (U16)__builtin_convertvector(quiet_w(x), H); }
#else
INLINE F from_half_w(U16 x) {
  I bits = __builtin_convertvector(x, I);
  I magnitude = (bits & splat_i(0x7fff)) << 13;
  F scaled = (F)magnitude * splat_f(0x1p112f);
  I number = select_i(magnitude | splat_i(0x7f800000), (I)scaled, scaled >= splat_f(65536.0f));
  return (F)(number | ((bits & splat_i(0x8000)) << 16));
}
INLINE U16 to_half_w(F x) {
  I sign = (I)((U)x >> 16) & splat_i(0x8000);
  F size = abs_w(x);
  I magnitude = (I)size;
  I normal = (magnitude + ((magnitude >> 13) & splat_i(1)) + splat_i(0xfff - (112 << 23))) >> 13;
  I denormal = (I)(size + splat_f(0.5f)) - splat_i(0x3f000000);
  I finite = select_i(denormal, normal, size < splat_f(0x1p-14f));
  I bounded = select_i(splat_i(0x7c00), finite, size >= splat_f(65520.0f));
  return __builtin_convertvector(select_i(splat_i(0x7e00), bounded, x != x) | sign, U16);
}
#endif

/* Stores that leave the caches alone; the address is a multiple of the vector's bytes. */
#if defined(GCC_AVX512)
INLINE void stream(char *at, F x) { __builtin_ia32_movntps512((float *)at, x); }
#elif defined(GCC_AVX)
INLINE void stream(char *at, F x) { __builtin_ia32_movntps256((float *)at, x); }
#elif defined(GCC_SSE)
INLINE void stream(char *at, F x) { __builtin_ia32_movntps((float *)at, x); }
#elif defined(__clang__)
INLINE void stream(char *at, F x) { __builtin_nontemporal_store(x, (F *)at); }
#else
INLINE void stream(char *at, F x) { *(F_at *)at = x; }
#endif
/* After it, other threads see what was streamed. */
INLINE void streamed(void) { __sync_synchronize(); }

/* Integers: n / 0 is 0, the least number divided by -1 is itself. */
INLINE int quotient(int a, int b) { return b == 0 ? 0 : b == -1 ? (int)(0u - (unsigned)a) : a / b; }
INLINE int remainder_of(int a, int b) { return b == 0 || b == -1 ? 0 : a % b; }
/* By the last five bits of the places. */
INLINE int shl_s(int x, int places) { return (int)((unsigned)x << (places & 31)); }
INLINE int shr_s(int x, int places) { return x >> (places & 31); }
INLINE I shl_w(I x, I places) { return (I)((U)x << (U)(places & splat_i(31))); }
INLINE I shr_w(I x, I places) { return x >> (places & splat_i(31)); }
INLINE int imin_s(int a, int b) { return a < b ? a : b; }
INLINE int imax_s(int a, int b) { return a > b ? a : b; }
INLINE I imin_w(I a, I b) { return select_i(a, b, a < b); }
INLINE I imax_w(I a, I b) { return select_i(a, b, a > b); }

/* Truncated and saturated; NaN is 0. What does not fit is not converted, as C leaves that open. */
INLINE int to_integer(float x) {
  return x >= 2147483648.0f ? INT32_MAX : x >= -2147483648.0f ? (int)x : x < 0 ? INT32_MIN : 0;
}
INLINE I to_integer_w(F x) {
  I large = x >= splat_f(2147483648.0f);
  I small = x < splat_f(-2147483648.0f);
  I fits = (x == x) & ~large & ~small;
  I whole = __builtin_convertvector((F)((I)x & fits), I);
  return select_i(splat_i(INT32_MAX), select_i(splat_i(INT32_MIN), whole, small), large);
}
