/* Runs tuned kernels on the calling thread: none of this folder takes more. */
#include "nightshift_run.h"

#include <stdlib.h>

#include "nightshift_status.h"

/* Of the memory that a thread gets, in bytes. */
#define PAGE 4096

int nightshift_run_plan(const struct nightshift_plan *plan, char *const *at) {
  const size_t bytes = (plan->scratch_bytes + PAGE - 1) / PAGE * PAGE;
  char *scratch = bytes == 0 ? NULL : aligned_alloc(PAGE, bytes);
  if (bytes > 0 && scratch == NULL) return NIGHTSHIFT_NO_MEMORY;
  plan->run(0, plan->work, scratch, at);
  free(scratch);
  return 0;
}
