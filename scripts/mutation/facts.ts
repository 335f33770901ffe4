/**
 * What tests get for `vitest` while mutants run: `describe` and `it` put each fact on a list, which is run again for
 * every mutant without loading anything anew. `expect` is Vitest's own.
 */
import * as vitest from "vitest";

interface Fact {
  readonly id: string;
  readonly run: () => unknown;
}

type Rows = readonly unknown[];
type Body = (...values: never[]) => unknown;

export const expect = vitest.expect;

export const facts: Fact[] = [];

let within: readonly string[] = [];

/** Facts of a file: their ids begin with its name, and with a number where two have the same words. */
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

export function it(name: string, ...rest: [...settings: object[], run: () => unknown]): void {
  facts.push({ id: `${facts.length} ${[...within, name].join(" > ")}`, run: rest.at(-1) as () => unknown });
}

it.each =
  (rows: Rows) =>
  (name: string, ...rest: [...settings: object[], body: Body]) => {
    const body = rest.at(-1) as (...values: unknown[]) => unknown;
    rows.forEach((row, index) => {
      it(`${name} [${index}]`, () => (Array.isArray(row) ? body(...row) : body(row)));
    });
  };
