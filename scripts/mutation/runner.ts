/**
 * A test runner for Stryker that loads a room and its tests once and then, for each mutant, calls the facts that come
 * by it: Vitest would begin anew for each, which takes seconds where the facts take milliseconds. For a static mutant,
 * of what happens when a file is loaded, all files are loaded again, in the same process.
 */
import { globSync } from "node:fs";
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  type CompleteDryRunResult,
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { collect, facts } from "./facts.ts";

const FACTS = new URL("./facts.ts", import.meta.url).href;

class OneProcess implements TestRunner {
  static readonly inject = [] as const;

  /** Where what is instrumented looks for the mutant that is on, and counts. */
  readonly #context: InstrumenterContext = {};
  /** How often the files were loaded; each time under other addresses, or the loader would know them already. */
  #loads = 0;

  constructor() {
    Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: this.#context });
    registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier === "vitest" && context.parentURL !== FACTS) return { url: FACTS, shortCircuit: true };
        const found = next(specifier, context);
        return this.#isOurs(found.url) ? { ...found, url: `${found.url}?${this.#loads}` } : found;
      },
    });
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun(_: DryRunOptions): Promise<DryRunResult> {
    await this.#load();
    const result = await this.#run(
      facts.map(({ id }) => id),
      true,
    );
    return {
      ...result,
      ...(this.#context.mutantCoverage && { mutantCoverage: this.#context.mutantCoverage }),
    };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    this.#context.activeMutant = undefined;
    const { id } = options.activeMutant;
    this.#context.hitLimit = options.hitLimit;
    this.#context.hitCount = options.hitLimit === undefined ? undefined : 0;
    if (options.mutantActivation === "static") this.#context.activeMutant = id;
    if (options.reloadEnvironment || this.#loads === 0) {
      const loading = await outcomeOf("the files load", () => this.#load());
      if (loading.status === TestStatus.Failed)
        return toMutantRunResult({ status: DryRunStatus.Complete, tests: [loading] });
    }
    this.#context.activeMutant = id;
    const result = await this.#run(options.testFilter ?? facts.map((fact) => fact.id), options.disableBail);
    this.#context.activeMutant = undefined;
    return toMutantRunResult(determineHitLimitReached(this.#context.hitCount, options.hitLimit) ?? result);
  }

  /** Below the working directory, which is Stryker's copy of the project: with mutants in it. */
  async #load(): Promise<void> {
    this.#loads++;
    facts.length = 0;
    const files = globSync(process.env.MUTATION_TESTS ?? "").toSorted();
    for (const file of files) await collect(file, () => import(pathToFileURL(resolve(file)).href));
  }

  #isOurs(url: string): boolean {
    return url.startsWith(`${pathToFileURL(process.cwd()).href}/`) && !url.includes("/node_modules/");
  }

  async #run(ids: readonly string[], goesOn: boolean): Promise<CompleteDryRunResult> {
    const wanted = new Set(ids);
    const tests: TestResult[] = [];
    for (const { id, run } of facts) {
      if (!wanted.has(id)) continue;
      this.#context.currentTestId = id;
      const test = await outcomeOf(id, run);
      this.#context.currentTestId = undefined;
      tests.push(test);
      if (test.status === TestStatus.Failed && !goesOn) break;
    }
    return { status: DryRunStatus.Complete, tests };
  }
}

async function outcomeOf(id: string, run: () => unknown): Promise<TestResult> {
  const startMs = performance.now();
  const about = { id, name: id };
  try {
    await run();
    return { ...about, status: TestStatus.Success, timeSpentMs: performance.now() - startMs };
  } catch (error) {
    const timeSpentMs = performance.now() - startMs;
    return { ...about, status: TestStatus.Failed, timeSpentMs, failureMessage: String(error) };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "one-process", OneProcess)];
