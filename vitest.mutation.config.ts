import { defineConfig } from "vitest/config";

/**
 * For Stryker: a mutant is switched on in code that is loaded once, for all files of tests that notice it. Which those
 * are is said by scripts/mutate.ts.
 */
export default defineConfig({
  test: { include: [process.env.MUTATION_TESTS ?? ""], isolate: false, testTimeout: 30_000 },
});
