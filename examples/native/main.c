/* Calls a tuned kernel, compares it with the plain loop, and times both. Prints microseconds, the median of many calls. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "softmax_f32.h"

#define ROWS 256
#define COLUMNS 1024
#define CALLS 201

static float x[ROWS * COLUMNS], tuned[ROWS * COLUMNS], plain[ROWS * COLUMNS];

static void plain_softmax(void) {
  for (int row = 0; row < ROWS; row++) {
    const float *from = x + row * COLUMNS;
    float *to = plain + row * COLUMNS;
    float greatest = from[0], sum = 0;
    for (int n = 1; n < COLUMNS; n++) greatest = from[n] > greatest ? from[n] : greatest;
    for (int n = 0; n < COLUMNS; n++) sum += to[n] = expf(from[n] - greatest);
    for (int n = 0; n < COLUMNS; n++) to[n] /= sum;
  }
}

static void tuned_softmax(void) {
  if (nightshift_softmax_f32_run(ROWS, COLUMNS, x, tuned) == 0) return;
  fprintf(stderr, "softmax %dx%d was not tuned\n", ROWS, COLUMNS);
  exit(1);
}

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b) {
  const double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

static double median_us(void (*call)(void)) {
  static double times[CALLS];
  for (int n = 0; n < CALLS; n++) {
    const double start = now_us();
    call();
    times[n] = now_us() - start;
  }
  qsort(times, CALLS, sizeof *times, by_value);
  return times[CALLS / 2];
}

int main(void) {
  for (int n = 0; n < ROWS * COLUMNS; n++) x[n] = (float)(n * 37 % 1009) / 100 - 5;
  const double plain_us = median_us(plain_softmax), tuned_us = median_us(tuned_softmax);
  float error = 0;
  for (int n = 0; n < ROWS * COLUMNS; n++) error = fmaxf(error, fabsf(tuned[n] - plain[n]));
  printf("plain %.1f us, tuned %.1f us: %.2f times as fast; greatest difference %.2g\n", plain_us, tuned_us,
         plain_us / tuned_us, (double)error);
  return error < 1e-5f ? 0 : 1;
}
