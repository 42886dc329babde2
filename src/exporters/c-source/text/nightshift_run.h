/* What the tuned kernels of this folder share; only their own files include it. */
#ifndef NIGHTSHIFT_RUN_H
#define NIGHTSHIFT_RUN_H

#include <stddef.h>

/* Does the units of work from begin to before end; at has the address of each operand. */
typedef void nightshift_code(int begin, int end, char *restrict scratch, char *const *at);
/* Copies ahead of the thread that computes with this scratch memory, until that is over (nightshift_staging.h). */
typedef void nightshift_help(char *scratch);

/* A tuned variant: its code, and how its work is shared out. */
struct nightshift_plan {
  nightshift_code *run;
  int work;
  /* Work that a thread takes at a time. */
  int chunk;
  /* How many compute. */
  int threads;
  /* Memory that each of them needs beside the operands. */
  size_t scratch_bytes;
  /* What a helper beside each of them runs; NULL where there is none. */
  nightshift_help *help;
  /* Whether the library's own threads are bound to a processor each. */
  int is_pinned;
};

/* 0, or NIGHTSHIFT_NO_MEMORY. */
int nightshift_run_plan(const struct nightshift_plan *plan, char *const *at);

#endif
