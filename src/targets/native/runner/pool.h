/* Threads that share the work of a variant. They stay, and wait for tasks: they spin for a while, then sleep. */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "processors.h"

typedef void run_function(int begin, int end, char *scratch, char *const *at);
typedef void help_function(char *scratch);

/*
 * At the start of the scratch memory of a thread with a helper, for what they tell each other (staging.h): zero
 * before the thread's work. The first word is set to 1 after it, and then the helper returns.
 */
#define HANDSHAKE_BYTES 512

/* A variant that is loaded. */
struct variant {
  int id;
  void *library;
  run_function *run;
  /* What a helper beside each thread that computes runs; NULL where there is none. */
  help_function *help;
  /* Threads that compute. */
  int threads;
  /* Whether each thread is bound to a processor of its own. */
  int is_pinned;
  /* Whether the pages of the operands were first touched by the threads that share the work, each its part. */
  int is_touched;
  /* Things to share out, and the step that a thread's share is rounded up to. */
  int work, grain;
  /* Work taken at a time where it is taken dynamically; 0 for one share a thread. */
  int chunk;
  /* Calls that make a sample; 0 where nobody knows yet. */
  long calls;
};

/* Turns of a waiting loop before it sleeps: some 100 us, longer than waking a sleeping thread takes. */
#define SPINS 20000

/* A number that one thread changes and another waits for, on cache lines of its own. */
struct gate {
  _Alignas(128) atomic_uint count;
  atomic_int sleeps;
  pthread_mutex_t lock;
  pthread_cond_t wake;
};

enum task { REST, COMPUTE, HELP, TOUCH };

struct worker {
  struct gate posted;
  enum task task;
  const struct variant *variant;
  /* The number of the thread that computes, or that is helped. */
  int thread;
  int begin, end;
  /* The system's number of the thread, once it has started. */
  atomic_int thread_id;
};

/* Thread 0 is the one that answers questions; it computes, too. */
static struct worker *workers;
static int worker_count;
/* The processors that this process may use, and what each thread is bound to: a place among them, or -1. */
static int processors[CPU_SETSIZE], processor_count;
static int *bound_to;
static struct gate done;
/* Threads count beyond the end of the work, which an int need not hold. */
static atomic_llong next_begin;
static char **operands;
static char **scratches;
static size_t *scratch_bytes;

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void open_gate(struct gate *gate) {
  atomic_init(&gate->count, 0);
  atomic_init(&gate->sleeps, 0);
  pthread_mutex_init(&gate->lock, NULL);
  pthread_cond_init(&gate->wake, NULL);
}

/* Returns once the count is another one. */
static void wait_for_change(struct gate *gate, unsigned seen) {
  for (int turn = 0; turn < SPINS; turn++) {
    if (atomic_load(&gate->count) != seen) return;
    relax();
  }
  pthread_mutex_lock(&gate->lock);
  atomic_store(&gate->sleeps, 1);
  while (atomic_load(&gate->count) == seen) pthread_cond_wait(&gate->wake, &gate->lock);
  atomic_store(&gate->sleeps, 0);
  pthread_mutex_unlock(&gate->lock);
}

static void add_to(struct gate *gate) {
  atomic_fetch_add(&gate->count, 1);
  if (!atomic_load(&gate->sleeps)) return;
  pthread_mutex_lock(&gate->lock);
  pthread_cond_signal(&gate->wake);
  pthread_mutex_unlock(&gate->lock);
}

static int least(long long a, int b) { return a < b ? (int)a : b; }

/* Chunks of the work, taken as threads come free. */
static void compute_chunks(const struct variant *variant, int thread) {
  const int chunk = variant->chunk;
  for (long long begin; (begin = atomic_fetch_add(&next_begin, chunk)) < variant->work;)
    variant->run((int)begin, least(begin + chunk, variant->work), scratches[thread], operands);
}

static void compute_share(const struct variant *variant, int thread, int begin, int end) {
  if (variant->chunk > 0) compute_chunks(variant, thread);
  else if (begin < end) variant->run(begin, end, scratches[thread], operands);
  if (variant->help != NULL) atomic_store((atomic_int *)scratches[thread], 1);
}

/* Fills a thread's part of each operand. */
static void fill_part(int part, int parts);

static void *serve(void *given) {
  struct worker *worker = given;
  atomic_store(&worker->thread_id, (int)syscall(SYS_gettid));
  for (unsigned seen = 0;; seen++) {
    wait_for_change(&worker->posted, seen);
    const struct variant *variant = worker->variant;
    if (worker->task == COMPUTE) compute_share(variant, worker->thread, worker->begin, worker->end);
    else if (worker->task == HELP) variant->help(scratches[worker->thread]);
    else if (worker->task == TOUCH) fill_part(worker->thread, variant->threads);
    add_to(&done);
  }
  return NULL;
}

/* Starts the threads besides this one. False where the system has none to give. */
static int start_workers(int count) {
  workers = aligned_alloc(_Alignof(struct worker), sizeof *workers * (size_t)(count + 1));
  if (workers == NULL) return 0;
  open_gate(&done);
  for (worker_count = 0; worker_count < count; worker_count++) {
    struct worker *worker = &workers[worker_count];
    open_gate(&worker->posted);
    pthread_t id;
    atomic_init(&worker->thread_id, 0);
    if (pthread_create(&id, NULL, serve, worker) != 0) return 0;
    while (atomic_load(&worker->thread_id) == 0) relax();
  }
  return 1;
}

static void join(unsigned count) {
  for (unsigned now; (now = atomic_load(&done.count)) != count;) wait_for_change(&done, now);
}

/* Threads that a variant takes, its helpers among them. */
static int threads_of(const struct variant *variant) { return variant->threads * (variant->help == NULL ? 1 : 2); }

static void post(int place, enum task task, const struct variant *variant, int thread) {
  struct worker *worker = &workers[place];
  worker->task = task;
  worker->variant = variant;
  worker->thread = thread;
  add_to(&worker->posted);
}

/* The place among the workers of a thread that computes, from thread 1 on: its helper's is the next one. */
static int place_of(const struct variant *variant, int thread) {
  return variant->help == NULL ? thread - 1 : 2 * thread - 1;
}

/* Wakes the threads that a variant needs: what follows finds them waiting. */
static void rouse(const struct variant *variant) {
  const int others = threads_of(variant) - 1;
  atomic_store(&done.count, 0);
  for (int place = 0; place < others; place++) post(place, REST, variant, 0);
  join((unsigned)others);
}

static void fork_join(const struct variant *variant) {
  const long long whole = ((long long)variant->work + variant->threads - 1) / variant->threads;
  const long long share = (whole + variant->grain - 1) / variant->grain * variant->grain;
  atomic_store(&done.count, 0);
  atomic_store(&next_begin, 0);
  for (int thread = 0; thread < variant->threads; thread++) {
    if (variant->help != NULL) {
      memset(scratches[thread], 0, HANDSHAKE_BYTES);
      post(place_of(variant, thread) + 1, HELP, variant, thread);
    }
    if (thread == 0) continue;
    struct worker *worker = &workers[place_of(variant, thread)];
    worker->begin = least(thread * share, variant->work);
    worker->end = least(worker->begin + share, variant->work);
    post(place_of(variant, thread), COMPUTE, variant, thread);
  }
  compute_share(variant, 0, 0, least(share, variant->work));
  join((unsigned)threads_of(variant) - 1);
}

static void call(const struct variant *variant, long calls) {
  for (long n = 0; n < calls; n++) {
    if (threads_of(variant) == 1) variant->run(0, variant->work, scratches[0], operands);
    else fork_join(variant);
  }
}

/* Binds the threads of a variant to processors, or to none. False where the system refuses that. */
static int bind_threads(const struct variant *variant) {
  for (int n = 0; n < threads_of(variant); n++) {
    const int wanted = variant->is_pinned ? n : -1;
    if (bound_to[n] == wanted) continue;
    const pid_t thread = n == 0 ? (pid_t)syscall(SYS_gettid) : atomic_load(&workers[n - 1].thread_id);
    const int is_bound = wanted < 0 ? bind_thread(thread, processors, processor_count)
                                    : bind_thread(thread, &processors[wanted], 1);
    if (!is_bound) return 0;
    bound_to[n] = wanted;
  }
  return 1;
}

/* Pages that the thread which uses them first gets near itself. NULL where there are none. */
static char *pages_of(size_t bytes) {
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

/* Gives each of the first threads so much scratch memory. */
static int grow_scratch(int threads, size_t bytes) {
  for (int thread = 0; thread < threads; thread++) {
    if (scratch_bytes[thread] >= bytes) continue;
    if (scratches[thread] != NULL) munmap(scratches[thread], scratch_bytes[thread]);
    scratches[thread] = pages_of(bytes);
    scratch_bytes[thread] = scratches[thread] == NULL ? 0 : bytes;
    if (scratches[thread] == NULL) return 0;
  }
  return 1;
}
