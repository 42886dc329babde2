/*
 * Runs tuned kernels on the calling thread and on threads that stay for the next call. One call at a time has
 * those; another thread's call in the meantime, or a call where the system has no thread to give, does its work
 * alone, with the same result: shares are whole blocks, so each element is computed by the same code.
 */
#include "nightshift_run.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "nightshift_status.h"

/* Of the memory that a thread gets, in bytes. */
#define PAGE 4096
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

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Takes chunks until there are none. Each thread of a job has a place of its own, from 0. */
static void compute(struct job *job, int place) {
  const struct nightshift_plan *plan = job->plan;
  char *scratch = job->scratch == NULL ? NULL : job->scratch + (size_t)place * job->scratch_step;
  for (long long begin; (begin = atomic_fetch_add(&job->next, plan->chunk)) < plan->work;) {
    const long long end = begin + plan->chunk;
    plan->run((int)begin, end < plan->work ? (int)end : plan->work, scratch, job->at);
  }
}

static int is_needed(void) { return current != NULL && joined < wanted; }

static void *serve(void *nothing) {
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
    compute(job, place);
    pthread_mutex_lock(&lock);
    if (atomic_fetch_sub(&busy, 1) == 1) pthread_cond_signal(&done);
  }
  return nothing;
}

/* A thread that gets none of the program's signals. */
static int start_thread(void) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t id;
  const int is_started = pthread_create(&id, NULL, serve, NULL) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (is_started) pthread_detach(id);
  return is_started;
}

static void share_out(struct job *job) {
  pthread_mutex_lock(&lock);
  wanted = job->plan->threads - 1;
  while (started < wanted && start_thread()) started++;
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
  if (plan->threads > 1 && pthread_mutex_trylock(&owner) == 0) {
    share_out(&job);
    pthread_mutex_unlock(&owner);
  } else {
    compute(&job, 0);
  }
  free(scratch);
  return 0;
}
