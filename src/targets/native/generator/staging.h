/*
 * Tiles of operands, copied to scratch memory, computed on there, and copied back: by the thread that computes,
 * or by a helper that copies ahead of it. Whoever calls sets the first HANDSHAKE_BYTES of a thread's scratch memory
 * to zero before the thread's calls of a helped variant, and is_over to 1 after them: then its helper returns.
 */
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#define HANDSHAKE_BYTES 512
/* Turns that the computing thread waits for its helper before it copies itself: some tens of microseconds. */
#define PATIENCE 1000
/* Turns that a helper waits for work before it dozes: longer than computing on a usual tile takes. */
#define HELPER_SPINS 20000
#define DOZE_NS 50000

/* For the units of work from begin to before end, with this buffer. */
typedef void tile_step(int begin, int end, char *scratch, char *const *at, int buffer);

struct staging {
  tile_step *load, *compute, *store;
  /* Units of work in a tile. */
  int tile, buffers;
};

/* What a thread and its helper know of each other, at the start of the thread's scratch memory. */
struct handshake {
  _Alignas(128) atomic_int is_over;
  /* Whether the helper has come. */
  atomic_int is_helped;
  /* Tiles of the current work that are computed. Changed by the thread that computes only. */
  _Alignas(128) atomic_int computed;
  /* Held by the one that copies. What follows is changed by its holder only. */
  _Alignas(128) atomic_int engine;
  atomic_int tiles, loaded, stored;
  int begin, end;
  char *const *at;
};

_Static_assert(sizeof(struct handshake) <= HANDSHAKE_BYTES, "it takes no more than its place");

INLINE void relax_turn(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

INLINE int tiles_of(const struct staging *how, int begin, int end) {
  return end <= begin ? 0 : (int)(((long)end - begin + how->tile - 1) / how->tile);
}

/* One of the three steps, for tile n of the work. */
INLINE void do_step(const struct staging *how, tile_step *step, int n, int begin, int end, char *scratch,
                    char *const *at) {
  const int from = (int)(begin + (long)n * how->tile);
  const int to = end - from > how->tile ? from + how->tile : end;
  step(from, to, scratch + HANDSHAKE_BYTES, at, n % how->buffers);
}

/* One thread does all. With two buffers it loads the next tile before it computes on this one. */
INLINE void compute_alone(const struct staging *how, int begin, int end, char *scratch, char *const *at) {
  const int tiles = tiles_of(how, begin, end);
  for (int n = 0, loaded = 0; n < tiles; n++) {
    for (; loaded < tiles && loaded < n + how->buffers; loaded++)
      do_step(how, how->load, loaded, begin, end, scratch, at);
    do_step(how, how->compute, n, begin, end, scratch, at);
    do_step(how, how->store, n, begin, end, scratch, at);
  }
}

/* Whether a tile can be loaded, because a buffer is free for it. */
INLINE int can_load(const struct staging *how, struct handshake *shake) {
  const int loaded = atomic_load(&shake->loaded);
  return loaded < atomic_load(&shake->tiles) && loaded - atomic_load(&shake->stored) < how->buffers;
}

INLINE int can_store(struct handshake *shake) { return atomic_load(&shake->stored) < atomic_load(&shake->computed); }

/* Loads or stores a tile, where one is due and nobody else copies. */
INLINE int copy_next(const struct staging *how, struct handshake *shake, char *scratch) {
  if (atomic_exchange(&shake->engine, 1) != 0) return 0;
  const int loads = can_load(how, shake), stores = !loads && can_store(shake);
  if (loads || stores) {
    atomic_int *count = loads ? &shake->loaded : &shake->stored;
    const int n = atomic_load(count);
    do_step(how, loads ? how->load : how->store, n, shake->begin, shake->end, scratch, shake->at);
    atomic_store(count, n + 1);
  }
  atomic_store(&shake->engine, 0);
  return loads || stores;
}

/* Until so many tiles are loaded, or stored. Where the helper has not come, or has been away too long, copies itself. */
INLINE void await_copies(const struct staging *how, struct handshake *shake, char *scratch, atomic_int *count, int least) {
  for (int turn = 0; atomic_load(count) < least; turn++) {
    if (turn < PATIENCE && atomic_load(&shake->is_helped)) relax_turn();
    else if (!copy_next(how, shake, scratch)) sched_yield();
  }
}

/* Computes; the helper copies. */
INLINE void compute_helped(const struct staging *how, int begin, int end, char *scratch, char *const *at) {
  struct handshake *shake = (struct handshake *)scratch;
  const int tiles = tiles_of(how, begin, end);
  /* A helper may be looking for work just now. */
  while (atomic_exchange(&shake->engine, 1) != 0) sched_yield();
  shake->begin = begin;
  shake->end = end;
  shake->at = at;
  atomic_store(&shake->loaded, 0);
  atomic_store(&shake->computed, 0);
  atomic_store(&shake->stored, 0);
  atomic_store(&shake->tiles, tiles);
  atomic_store(&shake->engine, 0);
  for (int n = 0; n < tiles; n++) {
    await_copies(how, shake, scratch, &shake->loaded, n + 1);
    do_step(how, how->compute, n, begin, end, scratch, at);
    atomic_store(&shake->computed, n + 1);
  }
  await_copies(how, shake, scratch, &shake->stored, tiles);
}

/* The helper of the thread with this scratch memory, until that thread's work is over. */
INLINE void copy_ahead(const struct staging *how, char *scratch) {
  struct handshake *shake = (struct handshake *)scratch;
  atomic_store(&shake->is_helped, 1);
  for (int idle = 0; !atomic_load(&shake->is_over);) {
    if ((can_load(how, shake) || can_store(shake)) && copy_next(how, shake, scratch)) idle = 0;
    else if (idle < HELPER_SPINS) {
      idle++;
      relax_turn();
    } else nanosleep(&(struct timespec){0, DOZE_NS}, NULL);
  }
}
