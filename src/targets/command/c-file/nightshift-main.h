/* What nightshift-call.c, which is made for one C file, tells nightshift-main.c about its function. */
#ifndef NIGHTSHIFT_MAIN_H
#define NIGHTSHIFT_MAIN_H

#include <stddef.h>

/* An array that the function takes, or a single element for what it returns. */
struct nightshift_array {
  const char *name;
  /* Bytes of an element. */
  size_t element;
  int is_output, is_floating, is_signed;
  void (*fill)(void *data, size_t count, unsigned long long state);
  double (*get)(const void *data, size_t at);
};

/* In the order of the parameters; a result comes last. One without a name is behind the end. */
extern const struct nightshift_array nightshift_arrays[];
/* Whether there is a function whose results are the right ones. */
extern const int nightshift_has_reference;

size_t nightshift_bytes(int array);
void nightshift_run(void *const *data);
void nightshift_run_reference(void *const *data);

/* The next of a row of numbers from -1 to 1, or of integers from -4 to 3 or 0 to 7. */
static inline double nightshift_next(unsigned long long *state, int is_floating, int is_signed) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  const long long bits = (long long)(*state >> 33);
  return is_floating ? (double)bits / 1073741824.0 - 1.0 : (double)((bits >> 28) - (is_signed ? 4 : 0));
}

/* The functions and the entry of the array at a place. */
#define NIGHTSHIFT_IS_FLOATING(type) ((type)0.5 != (type)0)
#define NIGHTSHIFT_IS_SIGNED(type) ((type)-1 < (type)0)
#define NIGHTSHIFT_ELEMENTS(place, type)                                                                   \
  static void nightshift_fill_##place(void *data, size_t count, unsigned long long state) {                \
    for (size_t at = 0; at < count; at++)                                                                  \
      ((type *)data)[at] =                                                                                 \
          (type)nightshift_next(&state, NIGHTSHIFT_IS_FLOATING(type), NIGHTSHIFT_IS_SIGNED(type));         \
  }                                                                                                        \
  static double nightshift_get_##place(const void *data, size_t at) {                                      \
    return (double)((const type *)data)[at];                                                               \
  }
#define NIGHTSHIFT_ARRAY(place, name, type, is_output)                                                     \
  {name, sizeof(type), is_output, NIGHTSHIFT_IS_FLOATING(type), NIGHTSHIFT_IS_SIGNED(type),                \
   nightshift_fill_##place, nightshift_get_##place}
#define NIGHTSHIFT_END {NULL, 1, 0, 0, 0, NULL, NULL}

#endif
