/* Calls each tuned kernel on seeded data and compares a sample of its results with a float64 reference. */
#include <stdio.h>
#include <stdlib.h>

#include "nightshift_elements.h"

/* Bytes behind each operand that must stay as they are. */
#define FENCE 64
#define PAGE 4096

/* An operand, and the data that is repeated over it; no block where it is only written. */
struct operand {
  const char *dtype;
  size_t element_bytes, elements;
  const void *block;
  size_t block_elements;
};

/* The reference's value of an element, and the error that is allowed, absolute. */
struct sample {
  int operand;
  long long element;
  double want, tolerance;
};

struct test {
  const char *name;
  int (*call)(char *const *at);
  const struct operand *operands;
  int operand_count;
  const struct sample *samples;
  int sample_count;
};

#define MOST_OPERANDS 64

static void fill(const struct operand *operand, char *at) {
  const size_t bytes = operand->elements * operand->element_bytes;
  const size_t block = operand->block_elements * operand->element_bytes;
  if (block == 0) memset(at, 0xff, bytes);
  for (size_t done = 0; block > 0 && done < bytes; done += block)
    memcpy(at + done, operand->block, bytes - done < block ? bytes - done : block);
  memset(at + bytes, 0x5a, FENCE);
}

static int is_fence_whole(const struct operand *operand, const char *at) {
  for (int n = 0; n < FENCE; n++)
    if (at[operand->elements * operand->element_bytes + (size_t)n] != 0x5a) return 0;
  return 1;
}

static int is_right(const struct test *test, char *const *at) {
  for (int n = 0; n < test->sample_count; n++) {
    const struct sample *sample = &test->samples[n];
    const double got = element(test->operands[sample->operand].dtype, at[sample->operand], sample->element);
    if (fabs(got - sample->want) <= sample->tolerance || got == sample->want) continue;
    if (isnan(got) && isnan(sample->want)) continue;
    printf("%s: wrong: element %lld is %.9g instead of %.9g, %.3g allowed\n", test->name, sample->element,
           without_sign(got), sample->want, sample->tolerance);
    return 0;
  }
  for (int n = 0; n < test->operand_count; n++) {
    if (is_fence_whole(&test->operands[n], at[n])) continue;
    printf("%s: wrong: it writes behind operand %d\n", test->name, n);
    return 0;
  }
  return 1;
}

/* One call; each operand lies so many elements after a multiple of 4096 bytes. */
static int passes(const struct test *test, size_t elements_off) {
  char *memory[MOST_OPERANDS], *at[MOST_OPERANDS];
  int is_whole = 1;
  for (int n = 0; n < test->operand_count; n++) {
    const struct operand *operand = &test->operands[n];
    const size_t bytes = (operand->elements + elements_off) * operand->element_bytes + FENCE;
    memory[n] = aligned_alloc(PAGE, (bytes + PAGE - 1) / PAGE * PAGE);
    if (memory[n] == NULL) {
      is_whole = 0;
      continue;
    }
    at[n] = memory[n] + elements_off * operand->element_bytes;
    fill(operand, at[n]);
  }
  const int status = is_whole ? test->call(at) : 0;
  if (!is_whole) printf("%s: not enough memory\n", test->name);
  else if (status != 0) printf("%s: wrong: it returns %d\n", test->name, status);
  const int passed = is_whole && status == 0 && is_right(test, at);
  for (int n = 0; n < test->operand_count; n++) free(memory[n]);
  return passed;
}

static int run_tests(const struct test *tests, size_t count) {
  int failures = 0;
  for (size_t n = 0; n < count; n++) {
    if (passes(&tests[n], 0) && passes(&tests[n], 1))
      printf("%s: right, %d values\n", tests[n].name, tests[n].sample_count);
    else failures++;
  }
  return failures == 0 ? 0 : 1;
}
