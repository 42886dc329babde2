/* Threads that share the work of a variant. They stay, and wait for tasks: they spin for a while, then sleep. */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef void run_function(int begin, int end, char *scratch, char *const *at);

/* A variant that is loaded. */
struct variant {
  int id;
  void *library;
  run_function *run;
  int threads;
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

struct worker {
  struct gate task;
  /* What to do: nothing where there is no variant. */
  struct variant *variant;
  int begin, end;
  /* The system's number of the thread, once it has started. */
  atomic_int thread_id;
};

/* Thread 0 is the one that answers questions; it computes, too. */
static struct worker *workers;
static int worker_count;
static struct gate done;
static atomic_int next_begin;
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

static int least(int a, int b) { return a < b ? a : b; }

/* Chunks of the work, taken as threads come free. */
static void compute_chunks(const struct variant *variant, int thread) {
  const int chunk = variant->chunk;
  for (int begin; (begin = atomic_fetch_add(&next_begin, chunk)) < variant->work;)
    variant->run(begin, least(begin + chunk, variant->work), scratches[thread], operands);
}

static void compute_share(const struct variant *variant, int thread, int begin, int end) {
  if (variant->chunk > 0) compute_chunks(variant, thread);
  else if (begin < end) variant->run(begin, end, scratches[thread], operands);
}

static void *serve(void *given) {
  struct worker *worker = given;
  const int thread = (int)(worker - workers) + 1;
  atomic_store(&worker->thread_id, (int)syscall(SYS_gettid));
  for (unsigned seen = 0;; seen++) {
    wait_for_change(&worker->task, seen);
    if (worker->variant != NULL) compute_share(worker->variant, thread, worker->begin, worker->end);
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
    open_gate(&worker->task);
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

/* Wakes the threads that a variant needs: what follows finds them waiting. */
static void rouse(const struct variant *variant) {
  atomic_store(&done.count, 0);
  for (int n = 0; n < variant->threads - 1; n++) {
    workers[n].variant = NULL;
    add_to(&workers[n].task);
  }
  join((unsigned)variant->threads - 1);
}

static void fork_join(struct variant *variant) {
  const int whole = (variant->work + variant->threads - 1) / variant->threads;
  const int share = (whole + variant->grain - 1) / variant->grain * variant->grain;
  atomic_store(&done.count, 0);
  atomic_store(&next_begin, 0);
  for (int n = 0; n < variant->threads - 1; n++) {
    struct worker *worker = &workers[n];
    worker->variant = variant;
    worker->begin = least(variant->work, (n + 1) * share);
    worker->end = least(variant->work, worker->begin + share);
    add_to(&worker->task);
  }
  compute_share(variant, 0, 0, least(variant->work, share));
  join((unsigned)variant->threads - 1);
}

static void call(struct variant *variant, long calls) {
  for (long n = 0; n < calls; n++) {
    if (variant->threads == 1) variant->run(0, variant->work, scratches[0], operands);
    else fork_join(variant);
  }
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
