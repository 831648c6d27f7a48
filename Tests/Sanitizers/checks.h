// What the programs of this folder share. Each runs the C of one target under address and undefined-behaviour sanitizers, with
// arrays that end exactly where they must: `make sanitize`.
#ifndef CHECKS_H
#define CHECKS_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/// Ends the program where something does not hold.
#define CHECK(condition, ...)                                            \
  do {                                                                   \
    if (!(condition)) {                                                  \
      fprintf(stderr, "%s:%d: %s fails: ", __FILE__, __LINE__, #condition); \
      fprintf(stderr, __VA_ARGS__);                                      \
      fputc('\n', stderr);                                               \
      abort();                                                           \
    }                                                                    \
  } while (0)

/// A random word; the same ones in every run (Steele, Lea & Flood 2014).
static inline uint64_t random_word(void) {
  static uint64_t state = 1;
  uint64_t word = state += 0x9E3779B97F4A7C15u;
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
  return word ^ (word >> 31);
}

static inline size_t random_below(size_t bound) { return (size_t)(random_word() % bound); }

/// A random number between the bounds.
static inline double random_between(double lower, double upper) {
  return lower + (upper - lower) * (double)(random_word() >> 11) * 0x1p-53;
}

static inline void *exact_memory(size_t size) {
  void *memory = malloc(size);
  CHECK(memory || !size, "no memory");
  return memory;
}

static inline int is_close(double a, double b) {
  return a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-13 * fmax(1, fabs(b));
}

#endif
