/*
 * Times or checks the function of a C file.
 *   program                  prints the median time of a call as its last line: {"timeUs": 12.5}
 *   program check <other>    compares results with those of the reference in the same file, or else of the
 *                            program <other>, which was built of the same file; exit code 1 if they differ
 *   program results          writes what check compares, for another program
 */
#define _POSIX_C_SOURCE 200809L
#include "nightshift-main.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef NIGHTSHIFT_SEED
#define NIGHTSHIFT_SEED 1
#endif

/* Nanoseconds. A first call that takes as long as SLOW is not repeated. */
enum { WARM = 5000000, SAMPLE = 50000, ENOUGH = 30000000, SLOW = 200000000 };
/* There are LEAST samples or as many as fit in SLOW, and at most MOST. */
enum { LEAST = 5, MOST = 501 };

/* Through pointers that may change, so that no compiler moves work out of the repetition. */
static void (*volatile run)(void *const *) = nightshift_run;
static void (*volatile reference)(void *const *) = nightshift_run_reference;

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static int arrays(void) {
  int count = 0;
  while (nightshift_arrays[count].name != NULL) count++;
  return count;
}

static size_t count_of(int array) { return nightshift_bytes(array) / nightshift_arrays[array].element; }

/* The same for the same seed and place of the array. */
static void fill(void *const *data) {
  for (int array = 0; nightshift_arrays[array].name != NULL; array++) {
    const unsigned long long state = (unsigned long long)(NIGHTSHIFT_SEED) * 1000003u + (unsigned long long)array + 1;
    nightshift_arrays[array].fill(data[array], count_of(array), state);
  }
}

static void **new_data(void) {
  void **data = calloc((size_t)arrays() + 1, sizeof *data);
  if (data == NULL) fail("error: no memory");
  for (int array = 0; nightshift_arrays[array].name != NULL; array++) {
    const size_t bytes = nightshift_bytes(array);
    if (posix_memalign(&data[array], 64, bytes + 64) != 0) {
      fprintf(stderr, "error: no memory for the %zu bytes of %s\n", bytes, nightshift_arrays[array].name);
      exit(1);
    }
  }
  fill(data);
  return data;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t time_calls(void *const *data, int64_t calls) {
  const int64_t begin = now();
  for (int64_t call = 0; call < calls; call++) run(data);
  return now() - begin;
}

static int ascending(const void *left, const void *right) {
  const double x = *(const double *)left, y = *(const double *)right;
  return (x > y) - (x < y);
}

/* A sample is long against the resolution of the clock. */
static int64_t sample_length(void) {
  struct timespec step;
  if (clock_getres(CLOCK_MONOTONIC, &step) != 0) return SAMPLE;
  const int64_t least = ((int64_t)step.tv_sec * 1000000000 + step.tv_nsec) * 1000;
  return least > SAMPLE ? least : SAMPLE;
}

static double median_call(void *const *data) {
  const int64_t least = sample_length(), begin = now();
  int64_t calls = 1, taken = time_calls(data, 1);
  if (taken >= SLOW) return (double)taken;
  while (taken < least || now() - begin < WARM) {
    if (taken < least) calls *= 2;
    taken = time_calls(data, calls);
  }
  static double samples[MOST];
  int count = 0;
  for (int64_t sum = 0; count < MOST && (sum < ENOUGH || (count < LEAST && sum < SLOW)); count++) {
    taken = time_calls(data, calls);
    samples[count] = (double)taken / (double)calls;
    sum += taken;
  }
  qsort(samples, (size_t)count, sizeof *samples, ascending);
  return count % 2 == 1 ? samples[count / 2] : (samples[count / 2 - 1] + samples[count / 2]) / 2;
}

/* By its bits: with -ffast-math, comparisons know no NaN. */
static int is_finite(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits >> 52 & 2047) != 2047;
}

/* How far results may be from those of other orders of the same operations: the coarsest type decides. */
static double tolerance(void) {
  double coarsest = 1e-9;
  for (int array = 0; nightshift_arrays[array].name != NULL; array++) {
    if (!nightshift_arrays[array].is_floating) continue;
    const size_t bytes = nightshift_arrays[array].element;
    const double own = bytes >= 8 ? 1e-9 : bytes >= 4 ? 1e-4 : bytes >= 2 ? 2e-2 : 0.2;
    if (own > coarsest) coarsest = own;
  }
  return coarsest;
}

/* The results of an array that are right: its tolerance, how many they are, and then each of them. */
static double *expected_of(FILE *file, double head[2]) {
  if (fread(head, sizeof *head, 2, file) != 2 || !(head[1] >= 0 && head[1] < 9e15)) return NULL;
  const size_t count = (size_t)head[1];
  double *values = malloc((count + 1) * sizeof *values);
  if (values == NULL) fail("error: no memory for the results of the default");
  return fread(values, sizeof *values, count, file) == count ? values : NULL;
}

static double squares(const double *values, size_t count) {
  double sum = 0;
  for (size_t at = 0; at < count; at++) sum += is_finite(values[at]) ? values[at] * values[at] : 0;
  return sum;
}

static double absolute(double value) { return value < 0 ? -value : value; }

/* Against the value, and against how large values usually are: sums of both signs cancel. */
static int is_right(double got, double wanted, double usual_square, double share) {
  if (!is_finite(got) || !is_finite(wanted)) return is_finite(got) == is_finite(wanted);
  const double far = absolute(got - wanted) - share * absolute(wanted);
  return far <= 0 || far * far <= share * share * usual_square;
}

static void compare(int array, const void *data, const double *wanted, size_t count, double share) {
  if (count != count_of(array)) {
    fprintf(stderr, "%s has %zu elements instead of %zu\n", nightshift_arrays[array].name, count_of(array), count);
    exit(1);
  }
  const double usual = count == 0 ? 0 : squares(wanted, count) / (double)count;
  const double own = nightshift_arrays[array].is_floating ? (share > tolerance() ? share : tolerance()) : 0;
  for (size_t at = 0; at < count; at++) {
    const double got = nightshift_arrays[array].get(data, at);
    if (is_right(got, wanted[at], usual, own)) continue;
    fprintf(stderr, "%s[%zu] is %g instead of %g\n", nightshift_arrays[array].name, at, got, wanted[at]);
    exit(1);
  }
}

static void write_results(FILE *file, void *const *data) {
  for (int array = 0; nightshift_arrays[array].name != NULL; array++) {
    if (!nightshift_arrays[array].is_output) continue;
    const double head[2] = {tolerance(), (double)count_of(array)};
    fwrite(head, sizeof *head, 2, file);
    for (size_t at = 0; at < count_of(array); at++) {
      const double value = nightshift_arrays[array].get(data[array], at);
      fwrite(&value, sizeof value, 1, file);
    }
  }
  fflush(file);
}

/* Starts the other program and reads its results. */
static FILE *results_of(const char *program, pid_t *child) {
  int ends[2];
  if (pipe(ends) != 0 || (*child = fork()) < 0) fail("error: no process for the default");
  if (*child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    execl(program, program, "results", (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  return fdopen(ends[0], "rb");
}

static FILE *results_of_reference(void) {
  FILE *file = tmpfile();
  if (file == NULL) fail("error: no temporary file");
  void **right = new_data();
  reference(right);
  write_results(file, right);
  rewind(file);
  return file;
}

static int check(const char *other) {
  void **data = new_data();
  run(data);
  pid_t child = 0;
  FILE *file = nightshift_has_reference ? results_of_reference() : results_of(other, &child);
  for (int array = 0; nightshift_arrays[array].name != NULL; array++) {
    if (!nightshift_arrays[array].is_output) continue;
    double head[2];
    double *wanted = file == NULL ? NULL : expected_of(file, head);
    if (wanted == NULL) fail("the default, with which results are compared, did not end well");
    compare(array, data[array], wanted, (size_t)head[1], head[0]);
    free(wanted);
  }
  return 0;
}

int main(int count, char **words) {
  if (count == 3 && strcmp(words[1], "check") == 0) return check(words[2]);
  void **data = new_data();
  if (count == 2 && strcmp(words[1], "results") == 0) {
    run(data);
    write_results(stdout, data);
    return 0;
  }
  printf("{\"timeUs\": %.6g}\n", median_call(data) / 1000);
  return 0;
}
