import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Two cores: one worker for each, so that the simulation is not starved by the wire tests.
    maxWorkers: 2,
    testTimeout: 30_000,
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "test-results/report.json" }]]
      : ["default"],
  },
});
