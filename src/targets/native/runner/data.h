/* The data that variants are called on, and what is expected of their results. */
#include <stdio.h>

#include "elements.h"

/* Bytes around each operand that variants may read. */
#define GUARD 4096

/* An operand, and a block that is repeated over it; a block of no bytes for what is only written. */
struct content {
  size_t bytes, block_bytes;
  unsigned char *block;
  int is_written;
};

struct segment {
  int64_t start, count;
};

/* Stretches of an operand that are checked; values and allowed errors of all of them, one after the other. */
struct expected {
  int operand;
  char dtype[8];
  int64_t segment_count, value_count;
  struct segment *segments;
  double *values, *tolerance;
};

static struct content *contents;
static int content_count;
static struct expected *expectations;
static int expected_count;

/* Inputs from their blocks, outputs full of NaN; or only what is changed in place. */
static void fill(int only_in_place) {
  for (int n = 0; n < content_count; n++) {
    const struct content *content = &contents[n];
    if (only_in_place && !(content->is_written && content->block_bytes > 0)) continue;
    if (content->block_bytes == 0) memset(operands[n], 0xff, content->bytes);
    for (size_t at = 0; content->block_bytes > 0 && at < content->bytes; at += content->block_bytes) {
      const size_t left = content->bytes - at;
      memcpy(operands[n] + at, content->block, left < content->block_bytes ? left : content->block_bytes);
    }
  }
}

/* Prints the first element that is wrong. True where none is. */
static int is_right(const struct expected *expected) {
  int64_t next = 0;
  for (int64_t n = 0; n < expected->segment_count; n++) {
    const struct segment segment = expected->segments[n];
    for (int64_t at = segment.start; at < segment.start + segment.count; at++, next++) {
      const double got = element(expected->dtype, operands[expected->operand], at);
      const double want = expected->values[next];
      if (fabs(got - want) <= expected->tolerance[next] || got == want) continue;
      if (isnan(got) && isnan(want)) continue;
      printf("wrong element %lld is %.9g instead of %.9g\n", (long long)at, without_sign(got), want);
      return 0;
    }
  }
  return 1;
}

/* A number that all bytes of all written operands decide: FNV-1a (Fowler, Noll, Vo 1991), four bytes a step. */
static int32_t digest(void) {
  uint32_t hash = 0;
  for (int n = 0; n < content_count; n++) {
    if (!contents[n].is_written) continue;
    const size_t bytes = contents[n].bytes;
    for (size_t word = 0; word < bytes / 4; word++) hash = (hash ^ ((const uint32_t *)operands[n])[word]) * 16777619u;
    for (size_t at = bytes & ~(size_t)3; at < bytes; at++) hash = (hash ^ (unsigned char)operands[n][at]) * 16777619u;
  }
  return (int32_t)hash;
}
