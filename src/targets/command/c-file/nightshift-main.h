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
  void (*set)(void *data, size_t at, double value);
  double (*get)(const void *data, size_t at);
};

/* In the order of the parameters; a result comes last. One without a name is behind the end. */
extern const struct nightshift_array nightshift_arrays[];
/* Whether there is a function whose results are the right ones. */
extern const int nightshift_has_reference;

size_t nightshift_bytes(int array);
void nightshift_run(void *const *data);
void nightshift_run_reference(void *const *data);

/* The functions and the entry of the array at a place. */
#define NIGHTSHIFT_ELEMENTS(place, type)                                              \
  static void nightshift_set_##place(void *data, size_t at, double value) {           \
    ((type *)data)[at] = (type)value;                                                 \
  }                                                                                   \
  static double nightshift_get_##place(const void *data, size_t at) {                 \
    return (double)((const type *)data)[at];                                          \
  }
#define NIGHTSHIFT_ARRAY(place, name, type, is_output)                                \
  {name, sizeof(type), is_output, (type)0.5 != (type)0, (type)-1 < (type)0, nightshift_set_##place, nightshift_get_##place}
#define NIGHTSHIFT_END {NULL, 1, 0, 0, 0, NULL, NULL}

#endif
