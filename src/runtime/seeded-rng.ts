import { randomInt } from "node:crypto";
import type { Rng } from "../ports.ts";

const WORD = 2 ** 32;

/** Seeds are whole numbers from 0 up to, not including, this. */
export const SEEDS = WORD;

/** A seed that nobody can foresee. */
export function randomSeed(): number {
  return randomInt(SEEDS);
}

/**
 * The same numbers for the same seed, on every machine. Not for secrets.
 * The generator is xoshiro128** (prng.di.unimi.it), its state filled by splitmix32.
 */
export function seededRng(seed: number): Rng {
  const state = new Uint32Array(4);
  let mixed = seed >>> 0;
  for (let index = 0; index < state.length; index += 1) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    state[index] = scrambled(mixed);
  }
  return { next: () => nextWord(state) / WORD };
}

/** The finalizer of MurmurHash3: equal inputs are the only ones with equal outputs. */
function scrambled(word: number): number {
  let bits = word;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function nextWord(state: Uint32Array): number {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = state;
  const word = Math.imul(rotatedLeft(Math.imul(s1, 5), 7), 9) >>> 0;
  state[2] = s2 ^ s0;
  state[3] = s3 ^ s1;
  state[1] = s1 ^ state[2]!;
  state[0] = s0 ^ state[3]!;
  state[2] = state[2]! ^ (s1 << 9);
  state[3] = rotatedLeft(state[3]!, 11);
  return word;
}

function rotatedLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
