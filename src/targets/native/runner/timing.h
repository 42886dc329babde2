/* Samples of a variant's time, as the WebAssembly runner takes them. Times in microseconds. */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

/* The shortest sample that is believed. */
#define SAMPLE_US 300.0
#define PROBES 5
/* A call this long needs none to warm up: what is cold at its beginning is a small part of it. */
#define LONGEST_WARM_UP_US 100000.0
/* What a kernel changes in place drifts from call to call: it is renewed after so many. */
#define CALLS_IN_PLACE 4

struct timed {
  double time_us, waited_us;
};

/* The scheduler's account of each thread; a negative file where there is none. */
static int *accounts;

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Nanoseconds that a thread has waited for a core so far: the second field of its schedstat. */
static double waited_ns(int account) {
  char text[128];
  const ssize_t length = account < 0 ? -1 : pread(account, text, sizeof text - 1, 0);
  if (length <= 0) return 0;
  text[length] = 0;
  double running = 0, waiting = 0;
  return sscanf(text, "%lf %lf", &running, &waiting) == 2 ? waiting : 0;
}

static int is_changed_in_place(void) {
  for (int n = 0; n < content_count; n++)
    if (contents[n].is_written && contents[n].block_bytes > 0) return 1;
  return 0;
}

/* Threads that sleep since the last sample are woken first: that is not the variant's time. */
static struct timed time_stretch(struct variant *variant, long calls) {
  double before[worker_count + 1];
  const int threads = threads_of(variant);
  for (int n = 0; n < threads; n++) before[n] = waited_ns(accounts[n]);
  if (threads > 1) rouse(variant);
  const double start = now_us();
  call(variant, calls);
  struct timed timed = {now_us() - start, 0};
  for (int n = 0; n < threads; n++) {
    const double waited = (waited_ns(accounts[n]) - before[n]) / 1e3;
    if (waited > timed.waited_us) timed.waited_us = waited;
  }
  return timed;
}

/* Calls in stretches, each on data that has not drifted. */
static struct timed time_calls(struct variant *variant, long calls) {
  const long most = is_changed_in_place() ? CALLS_IN_PLACE : calls;
  struct timed sum = {0, 0};
  for (long left = calls; left > 0; left -= most) {
    if (is_changed_in_place()) fill(1);
    const struct timed stretch = time_stretch(variant, left < most ? left : most);
    sum.time_us += stretch.time_us;
    sum.waited_us += stretch.waited_us;
  }
  return sum;
}

/* A second call to warm up, then the shortest of five says how many calls make a sample. */
static long calls_of_a_sample(struct variant *variant, double first) {
  const double second = time_calls(variant, 1).time_us;
  if (first >= 10 * SAMPLE_US && second >= 10 * SAMPLE_US) return 1;
  for (long calls = 1;; calls *= 8) {
    double shortest = INFINITY;
    for (int probe = 0; probe < PROBES; probe++) shortest = fmin(shortest, time_calls(variant, calls).time_us);
    if (shortest >= SAMPLE_US / 10) return (long)ceil((double)calls * SAMPLE_US / shortest);
  }
}

static struct timed take_sample(struct variant *variant) {
  if (variant->calls == 0) {
    const struct timed first = time_calls(variant, 1);
    variant->calls = first.time_us >= LONGEST_WARM_UP_US ? 1 : calls_of_a_sample(variant, first.time_us);
    if (first.time_us >= LONGEST_WARM_UP_US) return first;
  }
  return time_calls(variant, variant->calls);
}
