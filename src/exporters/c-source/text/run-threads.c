/*
 * Runs tuned kernels on the calling thread and on threads that stay for the next call. One call at a time has
 * those; another thread's call in the meantime, or a call where the system has no thread to give, does its work
 * alone, with the same result: shares are whole blocks, so each element is computed by the same code.
 */
#define _GNU_SOURCE
#include "nightshift_run.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nightshift_processors.h"
#include "nightshift_status.h"

/* Of the memory that a thread gets, in bytes. */
#define PAGE 4096
/* At the start of the memory of a thread with a helper: zero before its work; the first word is 1 after it. */
#define HANDSHAKE_BYTES 512
/* Turns of a waiting loop before it sleeps: some 100 us, longer than waking a sleeping thread takes. */
#define SPINS 20000

struct job {
  const struct nightshift_plan *plan;
  char *const *at;
  char *scratch;
  size_t scratch_step;
  atomic_llong next;
};

/* Held by the call that has the threads. */
static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;

/* The lock of all that follows. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER, done = PTHREAD_COND_INITIALIZER;
static struct job *current;
static int started, wanted, joined;
/* Changed under the lock, and read without it by who spins. */
static atomic_int busy;
static atomic_uint opened;
/* The processors that the program may use, once they were asked for. */
static int processors[CPU_SETSIZE], processor_count;

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* The memory of a thread that computes: each has a number, from 0. */
static char *scratch_of(const struct job *job, int number) {
  return job->scratch == NULL ? NULL : job->scratch + (size_t)number * job->scratch_step;
}

/* Takes chunks until there are none. */
static void compute(struct job *job, int number) {
  const struct nightshift_plan *plan = job->plan;
  char *scratch = scratch_of(job, number);
  for (long long begin; (begin = atomic_fetch_add(&job->next, plan->chunk)) < plan->work;) {
    const long long end = begin + plan->chunk;
    plan->run((int)begin, end < plan->work ? (int)end : plan->work, scratch, job->at);
  }
  if (plan->help != NULL) atomic_store((atomic_int *)scratch, 1);
}

/* Each thread has a place in a job; the caller has 0. A thread that computes comes before its helper. */
static void take_part(struct job *job, int place) {
  const struct nightshift_plan *plan = job->plan;
  if (plan->help == NULL) compute(job, place);
  else if (place % 2 == 0) compute(job, place / 2);
  else plan->help(scratch_of(job, place / 2));
}

static int threads_of(const struct nightshift_plan *plan) { return plan->threads * (plan->help == NULL ? 1 : 2); }

/*
 * Binds one of our threads, which are numbered from 1, to the processor of its number, or sets it free. The caller's
 * thread is not ours: the first processor is left to it.
 */
static void settle(const struct nightshift_plan *plan, int number) {
  static _Thread_local int bound_to;
  const int is_bound = plan->is_pinned && processor_count >= threads_of(plan) && number < processor_count;
  const int wanted = is_bound ? number : 0;
  if (wanted == bound_to) return;
  const int is_done =
      is_bound ? bind_thread(0, &processors[number], 1) : bind_thread(0, processors, processor_count);
  if (is_done) bound_to = wanted;
}

static int is_needed(void) { return current != NULL && joined < wanted; }

static void *serve(void *given) {
  const int number = (int)(intptr_t)given;
  pthread_mutex_lock(&lock);
  for (;;) {
    if (!is_needed()) {
      const unsigned seen = atomic_load(&opened);
      pthread_mutex_unlock(&lock);
      for (int turn = 0; turn < SPINS && atomic_load(&opened) == seen; turn++) relax();
      pthread_mutex_lock(&lock);
      while (!is_needed()) pthread_cond_wait(&wake, &lock);
    }
    struct job *job = current;
    const int place = ++joined;
    atomic_fetch_add(&busy, 1);
    pthread_mutex_unlock(&lock);
    settle(job->plan, number);
    take_part(job, place);
    pthread_mutex_lock(&lock);
    if (atomic_fetch_sub(&busy, 1) == 1) pthread_cond_signal(&done);
  }
  return NULL;
}

/* A thread that gets none of the program's signals. */
static int start_thread(int number) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t id;
  const int is_started = pthread_create(&id, NULL, serve, (void *)(intptr_t)number) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (is_started) pthread_detach(id);
  return is_started;
}

/* In the child of a fork: it has none of our threads, and no lock or condition that they held or waited for. */
static void start_anew(void) {
  pthread_mutex_init(&owner, NULL);
  pthread_mutex_init(&lock, NULL);
  pthread_cond_init(&wake, NULL);
  pthread_cond_init(&done, NULL);
  current = NULL;
  started = 0;
  atomic_store(&busy, 0);
}

static void watch_forks(void) { pthread_atfork(NULL, NULL, start_anew); }

static void share_out(struct job *job) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch_forks);
  pthread_mutex_lock(&lock);
  if (job->plan->is_pinned && processor_count == 0) processor_count = allowed_processors(processors);
  wanted = threads_of(job->plan) - 1;
  while (started < wanted && start_thread(started + 1)) started++;
  joined = 0;
  current = job;
  atomic_fetch_add(&opened, 1);
  pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&lock);
  compute(job, 0);
  pthread_mutex_lock(&lock);
  current = NULL;
  pthread_mutex_unlock(&lock);
  /* Nobody joins any more; what others have begun ends soon. */
  for (int turn = 0; turn < SPINS && atomic_load(&busy) > 0; turn++) relax();
  pthread_mutex_lock(&lock);
  while (atomic_load(&busy) > 0) pthread_cond_wait(&done, &lock);
  pthread_mutex_unlock(&lock);
}

int nightshift_run_plan(const struct nightshift_plan *plan, char *const *at) {
  const size_t step = (plan->scratch_bytes + PAGE - 1) / PAGE * PAGE;
  char *scratch = step == 0 ? NULL : aligned_alloc(PAGE, step * (size_t)plan->threads);
  if (step > 0 && scratch == NULL) return NIGHTSHIFT_NO_MEMORY;
  struct job job = {plan, at, scratch, step, 0};
  for (int number = 0; plan->help != NULL && number < plan->threads; number++)
    memset(scratch_of(&job, number), 0, HANDSHAKE_BYTES);
  if (threads_of(plan) > 1 && pthread_mutex_trylock(&owner) == 0) {
    share_out(&job);
    pthread_mutex_unlock(&owner);
  } else {
    compute(&job, 0);
  }
  free(scratch);
  return 0;
}
