/**
 * Mutation testing: `npm run mutate` changes the guards and the pure core of the reconciler, one small thing at a
 * time, and writes docs/mutation.md: what no test noticed. `npm run mutate -- src/reconciler/core/holds.ts` does so
 * for files (or `file:10-20`), and prints it; `--ignore-static` leaves out what happens when a file is loaded, each of
 * which runs every test; `--concurrency 1` leaves the machine to others.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { type Mutant, mutationPage, scoreOf, survivors } from "./mutation-page.ts";

const PAGE = "docs/mutation.md";

/** Each room is tested by its own folder of tests, so that a test stands beside what it guards, and a run is short. */
const ROOMS: Readonly<Record<string, string>> = {
  "src/reconciler/core": "test/reconciler/core",
  "src/reconciler/guards": "test/reconciler/guards",
};

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: "string" }, "ignore-static": { type: "boolean" } },
});
const unknown = files.find((file) => !Object.keys(ROOMS).some((room) => file.startsWith(`${room}/`)));
if (unknown !== undefined) throw new Error(`${unknown} is in none of ${Object.keys(ROOMS).join(", ")}`);

const results: Record<string, readonly Mutant[]> = {};
for (const [room, tests] of Object.entries(ROOMS)) {
  const mutate =
    files.length === 0 ? [`${room}/**/*.ts`] : files.filter((file) => file.startsWith(`${room}/`));
  if (mutate.length === 0) continue;
  // Not Stryker's `testFiles`: with it a static mutant is switched on when its file is loaded already, and lives.
  process.env.MUTATION_TESTS = `${tests}/**/*.test.ts`;
  results[room] = await new Stryker({
    mutate,
    ...(options.concurrency === undefined ? {} : { concurrency: Number(options.concurrency) }),
    ...(options["ignore-static"] ? { ignoreStatic: true } : {}),
  }).runMutationTest();
  console.log(`${survivors(results[room])}\n${room}: ${scoreOf(results[room])}`);
}
if (files.length === 0 && !options["ignore-static"]) {
  writeFileSync(PAGE, mutationPage(results));
  console.log(`wrote ${PAGE}`);
}
