import { rmSync } from "node:fs";
import { join } from "node:path";
import type { NormalizedSchema } from "@smithy/core/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../scripts/bundle.ts";
import { buildAccount } from "../../src/simulator/account.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import * as fromSource from "./bundled-tables.ts";

const FILE = `build/tables-${process.pid}.js`;
let bundled: typeof fromSource;

beforeAll(async () => {
  await bundle("test/packaging/bundled-tables.ts", FILE);
  bundled = await import(join(process.cwd(), FILE));
}, 120_000);

afterAll(() => {
  for (const file of [FILE, `${FILE}.map`]) rmSync(file, { force: true });
});

describe("a bundle", () => {
  it("has the command of every operation that the daemon may call", async () => {
    const names = await bundled.commandNames();
    expect(Object.keys(names).filter((operation) => names[operation] === undefined)).toEqual([]);
    expect(Object.keys(names)).toEqual(Object.keys(await fromSource.commandNames()));
  });

  it("has the schemas of all that the simulated account models, with every member", () => {
    const account = buildAccount({ clock: new VirtualClock(), rng: { next: () => 0 } });
    const modelled = fromSource.services.flatMap(({ name, operations }) =>
      [...operations.values()]
        .filter((operation) => account.has(name, operation.name))
        .map((one) => ({ name, one })),
    );
    expect(modelled.length).toBeGreaterThan(150);
    for (const { name, one } of modelled) {
      const same = bundled.services.find((service) => service.name === name)?.operations.get(one.name);
      expect([name, one.name, outline(same?.input), outline(same?.output)]).toEqual([
        name,
        one.name,
        outline(one.input),
        outline(one.output),
      ]);
    }
  });

  it("knows every error of the services", () => {
    for (const [index, { name, errors }] of fromSource.services.entries()) {
      expect([name, [...bundled.services[index]!.errors]]).toEqual([name, [...errors]]);
    }
  });

  it("has not what nobody uses of EC2, which is most of it", () => {
    const operationsIn = ({ services }: typeof fromSource) =>
      services.find(({ name }) => name === "ec2")!.operations.size;
    expect(operationsIn(bundled)).toBeLessThan(operationsIn(fromSource) / 5);
  });
});

/** Members and their types, down to the leaves; a type within itself once. */
function outline(schema: NormalizedSchema | undefined, above: readonly string[] = []): unknown {
  if (schema === undefined) return undefined;
  const name = schema.getName() ?? "";
  if (above.includes(name)) return name;
  if (schema.isListSchema() || schema.isMapSchema()) return [outline(schema.getValueSchema(), above)];
  if (!schema.isStructSchema()) return schema.getMergedTraits();
  const members = [...schema.structIterator()].map(([member, type]) => [
    member,
    outline(type, [...above, name]),
  ]);
  return Object.fromEntries(members);
}
