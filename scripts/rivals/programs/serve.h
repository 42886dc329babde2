/* A rival's process: reads lines "kernel a b c", answers each with the microseconds per call, or with "none" for what
   the rival lacks. Its one argument is the number of threads. The including file defines `take` and `call`. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A sample is as many calls as take this long. */
#define SAMPLE_US 300.0
/* Random data repeat after so many elements: drawing more takes long. */
#define PERIOD 262139

static char kernel[64];
/* Extents; those that the kernel lacks are 1. */
static long shape[3];
static int thread_count = 1;
/* Operands, each large enough for any of the kernel. */
static float *x, *y, *z, *out;

/* Whether the rival has `kernel`, made ready for `shape`. */
static int take(void);
static void call(void);

static int is(const char *name) { return !strcmp(kernel, name); }

/* One thread's processor time: what other programs take on a busy machine does not count, as for variants. */
static double now_us(void) {
  struct timespec t;
  clock_gettime(thread_count > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static float *array(long n) {
  float *made = (float *)aligned_alloc(4096, (n * sizeof(float) + 4095) / 4096 * 4096);
  for (long i = 0; i < n; i++) made[i] = i < PERIOD ? (float)rand() / (float)RAND_MAX * 4.0f - 2.0f : made[i - PERIOD];
  return made;
}

static double sample_us(long calls) {
  const double start = now_us();
  for (long i = 0; i < calls; i++) call();
  return now_us() - start;
}

static void make_operands(void) {
  long most = shape[0] * shape[1];
  if (shape[0] * shape[2] > most) most = shape[0] * shape[2];
  if (shape[1] * shape[2] > most) most = shape[1] * shape[2];
  free(x), free(y), free(z), free(out);
  x = array(most), y = array(most), z = array(most), out = array(most);
}

static long calls_of_a_sample(void) {
  sample_us(2);
  for (long calls = 1;; calls *= 8) {
    double shortest = 1e12;
    for (int probe = 0; probe < 5; probe++) {
      const double span = sample_us(calls);
      if (span < shortest) shortest = span;
    }
    if (shortest >= SAMPLE_US / 10) return (long)ceil(calls * SAMPLE_US / shortest);
  }
}

int main(int count, char **words) {
  char line[128], last[128] = "";
  long calls = 0;
  if (count > 1) thread_count = atoi(words[1]);
  while (fgets(line, sizeof line, stdin)) {
    if (strcmp(line, last)) {
      strcpy(last, line);
      shape[0] = shape[1] = shape[2] = 1;
      sscanf(line, "%63s %ld %ld %ld", kernel, shape, shape + 1, shape + 2);
      make_operands();
      calls = take() ? calls_of_a_sample() : 0;
    }
    if (calls == 0) printf("none\n");
    else printf("%f\n", sample_us(calls) / calls);
    fflush(stdout);
  }
}
