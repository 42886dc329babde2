/* What the tuned kernels of this folder share; only their own files include it. */
#ifndef NIGHTSHIFT_RUN_H
#define NIGHTSHIFT_RUN_H

#include <stddef.h>

/* Does the units of work from begin to before end; at has the address of each operand. */
typedef void nightshift_code(int begin, int end, char *restrict scratch, char *const *at);

/* A tuned variant: its code, and how its work is shared out. */
struct nightshift_plan {
  nightshift_code *run;
  int work;
  /* Work that a thread takes at a time. */
  int chunk;
  int threads;
  /* Memory that each thread needs beside the operands. */
  size_t scratch_bytes;
};

/* 0, or NIGHTSHIFT_NO_MEMORY. */
int nightshift_run_plan(const struct nightshift_plan *plan, char *const *at);

#endif
