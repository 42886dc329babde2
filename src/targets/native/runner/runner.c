/*
 * The runner: the only process in which variants run. It reads a question a line from its standard input
 * and answers a line on its standard output (docs/native.md). It ends with the process that started it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>

#include "pool.h"

#include "data.h"

#include "timing.h"

#include "limits.h"

/* How soon it ends at the latest once its parent is gone. */
#define LOOK_US 500000
#define MOST_VARIANTS 256

static struct variant variants[MOST_VARIANTS];

static void *watch_parent(void *parent) {
  while (getppid() == *(pid_t *)parent) usleep(LOOK_US);
  kill(getpid(), SIGKILL);
  return NULL;
}

/* Ends the process: what it was told makes no sense, or there is no memory for it. */
static void give_up(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(1);
}

static void *memory_for(size_t bytes) {
  void *memory = calloc(1, bytes == 0 ? 1 : bytes);
  if (memory == NULL) give_up("not enough memory");
  return memory;
}

static void *read_bytes(size_t bytes) {
  void *memory = memory_for(bytes);
  if (fread(memory, 1, bytes, stdin) != bytes) give_up("its data ended early");
  return memory;
}

/* A line of the setup, whose fields are `format`. */
static void read_line(int fields, const char *format, ...) {
  char line[256];
  if (fgets(line, sizeof line, stdin) == NULL) give_up("its setup ended early");
  va_list into;
  va_start(into, format);
  if (vsscanf(line, format, into) != fields) give_up("its setup has a line that it does not know");
  va_end(into);
}

static void read_contents(void) {
  contents = memory_for(sizeof *contents * (size_t)content_count);
  operands = memory_for(sizeof *operands * (size_t)content_count);
  for (int n = 0; n < content_count; n++) {
    struct content *content = &contents[n];
    read_line(3, "%zu %zu %d", &content->bytes, &content->block_bytes, &content->is_written);
    content->block = read_bytes(content->block_bytes);
    char *pages = pages_of(content->bytes + 2 * GUARD);
    if (pages == NULL) give_up("not enough memory for the operands");
    operands[n] = pages + GUARD;
  }
}

static void read_expectations(void) {
  expectations = memory_for(sizeof *expectations * (size_t)expected_count);
  for (int n = 0; n < expected_count; n++) {
    struct expected *one = &expectations[n];
    read_line(4, "%d %7s %lld %lld", &one->operand, one->dtype, (long long *)&one->segment_count,
              (long long *)&one->value_count);
    one->segments = read_bytes(sizeof *one->segments * (size_t)one->segment_count);
    one->values = read_bytes(sizeof *one->values * (size_t)one->value_count);
    one->tolerance = read_bytes(sizeof *one->tolerance * (size_t)one->value_count);
  }
}

/* The accounts of all threads of this process, this one's first. */
static void open_accounts(int threads) {
  accounts = memory_for(sizeof *accounts * (size_t)threads);
  for (int n = 0; n < threads; n++) {
    char path[64];
    const int thread = n == 0 ? (int)syscall(SYS_gettid) : atomic_load(&workers[n - 1].thread_id);
    snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", thread);
    accounts[n] = open(path, O_RDONLY | O_CLOEXEC);
  }
}

static void set_up(int threads, int operand_count, int expectation_count) {
  content_count = operand_count;
  expected_count = expectation_count;
  scratches = memory_for(sizeof *scratches * (size_t)threads);
  scratch_bytes = memory_for(sizeof *scratch_bytes * (size_t)threads);
  read_contents();
  read_expectations();
  processor_count = allowed_processors(processors);
  bound_to = memory_for(sizeof *bound_to * (size_t)threads);
  for (int n = 0; n < threads; n++) bound_to[n] = -1;
  if (!start_workers(threads - 1)) give_up("the system has not so many threads");
  open_accounts(threads);
  fill(0);
  printf("done\n");
}

static struct variant *variant_of(int id) {
  for (int n = 0; n < MOST_VARIANTS; n++)
    if (variants[n].library != NULL && variants[n].id == id) return &variants[n];
  return NULL;
}

/* Why a variant cannot be called; NULL where it can. */
static const char *refusal(const struct variant *variant, size_t scratch) {
  const int threads = threads_of(variant);
  if (variant->is_pinned && threads > processor_count) return "it may not use as many processors as it has threads";
  if (threads > worker_count + 1 || !grow_scratch(variant->threads, scratch))
    return "the system has not the threads or the memory for it";
  return NULL;
}

static void load(struct variant given, int is_helped, size_t scratch, const char *path) {
  int place = 0;
  while (place < MOST_VARIANTS && variants[place].library != NULL) place++;
  given.library = place == MOST_VARIANTS ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
  /* The standard lets no pointer to an object become one to a function; POSIX does. */
  void *run = given.library == NULL ? NULL : dlsym(given.library, "run");
  void *help = run == NULL || !is_helped ? NULL : dlsym(given.library, "run_help");
  memcpy(&given.run, &run, sizeof run);
  memcpy(&given.help, &help, sizeof help);
  if (run == NULL || (is_helped && help == NULL)) {
    const char *why = dlerror();
    printf("failed compile %s\n", why == NULL ? "too many variants are loaded" : why);
    return;
  }
  const char *why = refusal(&given, scratch);
  if (why != NULL) {
    printf("failed runtime %s\n", why);
    return;
  }
  variants[place] = given;
  printf("done\n");
}

/* Threads and data where the variant wants them. */
static int settle(const struct variant *variant) {
  const int is_bound = bind_threads(variant);
  if (!is_bound) printf("failed runtime the system does not let its threads be bound to processors\n");
  else lay_out(variant);
  return is_bound;
}

static void verify(struct variant *variant) {
  if (!settle(variant)) return;
  fill(0);
  call(variant, 1);
  for (int n = 0; n < expected_count; n++)
    if (!is_right(&expectations[n])) return;
  printf("right %d\n", digest());
}

static void sample(struct variant *variant) {
  if (!settle(variant)) return;
  const struct timed timed = take_sample(variant);
  printf("time %.17g %ld %.17g\n", timed.time_us / (double)variant->calls, variant->calls,
         timed.waited_us / timed.time_us);
}

static void forget(struct variant *variant) {
  dlclose(variant->library);
  variant->library = NULL;
  printf("done\n");
}

static void answer_about(const char *what, int id) {
  struct variant *variant = variant_of(id);
  if (variant == NULL) printf("failed runtime variant %d is not loaded\n", id);
  else if (strcmp(what, "verify") == 0) verify(variant);
  else if (strcmp(what, "sample") == 0) sample(variant);
  else if (strcmp(what, "forget") == 0) forget(variant);
  else give_up("it does not know this question");
}

static void answer(char *line) {
  struct variant given = {0};
  size_t scratch = 0;
  int first = 0, second = 0, third = 0, path = 0, is_helped = 0;
  char what[16];
  line[strcspn(line, "\n")] = 0;
  if (sscanf(line, "setup %d %d %d", &first, &second, &third) == 3) set_up(first, second, third);
  else if (sscanf(line, "load %d %d %d %d %d %d %d %d %zu %n", &given.id, &given.threads, &is_helped, &given.is_pinned,
                  &given.is_touched, &given.work, &given.grain, &given.chunk, &scratch, &path) == 9 && path > 0)
    load(given, is_helped, scratch, line + path);
  else if (sscanf(line, "read %d", &first) == 1 && first >= 0 && first < content_count) {
    printf("bytes %zu\n", contents[first].bytes);
    fwrite(operands[first], 1, contents[first].bytes, stdout);
  } else if (strcmp(line, "limits") == 0) answer_limits();
  else if (sscanf(line, "%15s %d", what, &first) == 2) answer_about(what, first);
  else give_up("it does not know this question");
}

int main(int count, char **words) {
  static pid_t parent;
  if (count != 2) give_up("usage: runner PARENT-PID");
  parent = (pid_t)atoi(words[1]);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  pthread_t watch;
  if (pthread_create(&watch, NULL, watch_parent, &parent) != 0) give_up("the system has not one thread more");
  printf("hello\n");
  fflush(stdout);
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    answer(line);
    fflush(stdout);
  }
  return 0;
}
