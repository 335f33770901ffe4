import { defineConfig } from "vitest/config";

/** For Stryker: a mutant is switched on in code that is loaded once, for all files of tests that notice it. */
export default defineConfig({ test: { isolate: false, testTimeout: 30_000 } });
