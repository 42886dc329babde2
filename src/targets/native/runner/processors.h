/* The processors that a process may use. Needs _GNU_SOURCE. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

/* Whether no lower processor of the set shares its core: two of a core slow each other down. */
static int is_first_of_core(int processor, const cpu_set_t *set) {
  char path[96], list[256];
  snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", processor);
  FILE *file = fopen(path, "r");
  const char *at = file == NULL ? NULL : fgets(list, sizeof list, file);
  if (file != NULL) fclose(file);
  /* Like "0,16" or "0-1". */
  while (at != NULL) {
    char *next;
    const long first = strtol(at, &next, 10);
    const long last = *next == '-' ? strtol(next + 1, &next, 10) : first;
    for (long n = first; n <= last && n < processor; n++)
      if (CPU_ISSET((size_t)n, set)) return 0;
    at = *next == ',' ? next + 1 : NULL;
  }
  return 1;
}

/* Their numbers, one of each core before the others; at most CPU_SETSIZE. Returns how many there are. */
static int allowed_processors(int *numbers) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  int count = 0;
  for (int is_first = 1; is_first >= 0; is_first--)
    for (int n = 0; n < CPU_SETSIZE; n++)
      if (CPU_ISSET((size_t)n, &set) && is_first_of_core(n, &set) == is_first) numbers[count++] = n;
  return count;
}

/* Binds a thread, 0 for the calling one, to some processors. False where the system refuses that. */
static int bind_thread(pid_t thread, const int *numbers, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int n = 0; n < count; n++) CPU_SET((size_t)numbers[n], &set);
  return sched_setaffinity(thread, sizeof set, &set) == 0;
}
