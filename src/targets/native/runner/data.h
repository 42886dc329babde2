/* The data that variants are called on, and what is expected of their results. */
#include <stdio.h>

#include "elements.h"

/* Bytes around each operand that variants may read: a page. */
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

/* Bytes of an operand: its block, again and again, or those of NaN. */
static void fill_bytes(const struct content *content, char *operand, size_t from, size_t end) {
  if (content->block_bytes == 0) memset(operand + from, 0xff, end - from);
  for (size_t at = from; content->block_bytes > 0 && at < end;) {
    const size_t in = at % content->block_bytes, left = end - at;
    const size_t rest = content->block_bytes - in, bytes = left < rest ? left : rest;
    memcpy(operand + at, content->block + in, bytes);
    at += bytes;
  }
}

/* Inputs from their blocks, outputs full of NaN; or only what is changed in place. */
static void fill(int only_in_place) {
  for (int n = 0; n < content_count; n++) {
    const struct content *content = &contents[n];
    if (only_in_place && !(content->is_written && content->block_bytes > 0)) continue;
    fill_bytes(content, operands[n], 0, content->bytes);
  }
}

/* The pages of one of so many equal parts of each operand. */
static void fill_part(int part, int parts) {
  for (int n = 0; n < content_count; n++) {
    const size_t pages = (contents[n].bytes + GUARD - 1) / GUARD;
    const size_t from = pages * (size_t)part / (size_t)parts * GUARD;
    const size_t end = pages * (size_t)(part + 1) / (size_t)parts * GUARD;
    fill_bytes(&contents[n], operands[n], from, end < contents[n].bytes ? end : contents[n].bytes);
  }
}

/* Which threads touched the operands first; 0 for the one that answers questions. */
static int touched_by;

/* Gives the operands pages that are near the threads of a variant, where it asks for that. */
static void lay_out(const struct variant *variant) {
  const int threads = variant->threads * 4 + (variant->help != NULL) * 2 + variant->is_pinned;
  const int wanted = variant->is_touched ? threads : 0;
  if (wanted == touched_by) return;
  touched_by = wanted;
  for (int n = 0; n < content_count; n++) madvise(operands[n], contents[n].bytes, MADV_DONTNEED);
  if (wanted == 0) {
    fill(0);
    return;
  }
  atomic_store(&done.count, 0);
  for (int thread = 1; thread < variant->threads; thread++) post(place_of(variant, thread), TOUCH, variant, thread);
  fill_part(0, variant->threads);
  join((unsigned)variant->threads - 1);
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
