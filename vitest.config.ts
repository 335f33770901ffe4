import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Two cores: one worker for each.
    maxWorkers: 2,
    testTimeout: 30_000,
    // The product is loaded once for each worker, by Node itself as in production, and runs warm from then on: that is a
    // quarter of the time. No test mocks a module, and what would leak from file to file is what the product may not have.
    isolate: false,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Most of it runs a few times only: compiled at once, and with room for what is soon garbage, it takes a fifth less.
    execArgv: ["--always-sparkplug", "--max-semi-space-size=64"],
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "test-results/report.json" }]]
      : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "facts",
          include: ["test/**/*.test.ts"],
          exclude: ["test/simulation/**"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Afterwards, and one file at a time: it has threads of its own for both cores (test/simulation/pool.ts).
        extends: true,
        test: {
          name: "simulation",
          include: ["test/simulation/**/*.test.ts"],
          fileParallelism: false,
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
