#include "CGSLSupport.h"

#include <string.h>

// Constants of Philox4x64 from the paper, table 2.
static const uint64_t multiplier0 = 0xD2E7470EE14C6C93u, multiplier1 = 0xCA5A826395121157u;
static const uint64_t weyl0 = 0x9E3779B97F4A7C15u, weyl1 = 0xBB67AE8584CAA73Bu;

void philox_block(const uint64_t key[2], const uint64_t counter[4], uint64_t block[4]) {
  uint64_t k0 = key[0], k1 = key[1];
  uint64_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  for (int round = 0; round < 10; round++) {
    __uint128_t product0 = (__uint128_t)multiplier0 * c0, product1 = (__uint128_t)multiplier1 * c2;
    c0 = (uint64_t)(product1 >> 64) ^ c1 ^ k0;
    c2 = (uint64_t)(product0 >> 64) ^ c3 ^ k1;
    c1 = (uint64_t)product1;
    c3 = (uint64_t)product0;
    k0 += weyl0;
    k1 += weyl1;
  }
  block[0] = c0;
  block[1] = c1;
  block[2] = c2;
  block[3] = c3;
}

void philox_split(uint64_t key0, uint64_t key1, uint64_t label, uint64_t *split0, uint64_t *split1) {
  const uint64_t key[2] = {key0, key1}, counter[4] = {label, 0, 0, (uint64_t)1 << 63};
  uint64_t block[4];
  philox_block(key, counter, block);
  *split0 = block[0];
  *split1 = block[1];
}

static unsigned long next_word(void *state) {
  philox_state *philox = state;
  if (philox->used == 4) {
    philox_block(philox->key, philox->counter, philox->block);
    philox->used = 0;
    for (int i = 0; i < 4 && ++philox->counter[i] == 0; i++) {
    }
  }
  return philox->block[philox->used++];
}

static double next_uniform(void *state) { return (double)(next_word(state) >> 11) * 0x1p-53; }

static void seed(void *state, unsigned long seed) {
  philox_state *philox = state;
  memset(philox, 0, sizeof *philox);
  philox->key[0] = seed;
  philox->used = 4;
}

static const gsl_rng_type philox_type = {"philox4x64-10", 0xFFFFFFFFFFFFFFFFu, 0, sizeof(philox_state),
                                         seed,            next_word,           next_uniform};

const gsl_rng_type *philox_rng_type(void) { return &philox_type; }
