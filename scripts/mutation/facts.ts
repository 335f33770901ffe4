/**
 * What tests get for `vitest` while mutants run: `describe` and `it` put each fact on a list, which is run again for
 * every mutant without loading anything anew. `expect` is Vitest's own.
 */
import * as vitest from "vitest";

interface Fact {
  readonly id: string;
  readonly run: () => unknown;
}

export const expect = vitest.expect;

export const facts: Fact[] = [];

let within: readonly string[] = [];

/** The facts of a file. Their ids have its name, and a number, for two may have the same words. */
export async function collect(file: string, load: () => Promise<unknown>): Promise<void> {
  within = [file];
  await load();
  within = [];
}

export function describe(name: string, body: () => void): void {
  const outside = within;
  within = [...outside, name];
  body();
  within = outside;
}

export function it(name: string, run: () => unknown): void {
  facts.push({ id: `${facts.length} ${[...within, name].join(" > ")}`, run });
}

it.each = (rows: readonly unknown[]) => (name: string, body: (...values: unknown[]) => unknown) => {
  rows.forEach((row, index) => {
    it(`${name} [${index}]`, () => (Array.isArray(row) ? body(...row) : body(row)));
  });
};
