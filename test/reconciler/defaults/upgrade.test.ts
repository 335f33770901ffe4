import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { newUid } from "../../../src/runtime/new-uid.ts";
import { seededRng } from "../../../src/runtime/seeded-rng.ts";
import type { ServiceName } from "../../../src/simulator/services.ts";
import { openStore } from "../../../src/store/open.ts";
import { Installation } from "../../support/installation.ts";
import { loudOfBugs } from "../world.ts";

interface Recorded {
  readonly atMs: number;
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
  readonly output: object;
}

const FIXTURE = join(import.meta.dirname, "../../fixtures/earlier-release");
const { calls, endMs } = JSON.parse(readFileSync(join(FIXTURE, "calls.json"), "utf8")) as {
  calls: readonly Recorded[];
  endMs: number;
};
const KEYS = ["web-api", "short", "scaling"].map((name) => ({ namespace: "default", name }));

/** The parts of ARNs and names in which two answers of one call differ: ids, which each account makes anew. */
function renamed(before: unknown, after: unknown): [string, string][] {
  if (typeof before === "string" && typeof after === "string") {
    const parts = after.split(/[/:.]/);
    return before
      .split(/[/:.]/)
      .flatMap((part, index): [string, string][] => (part === parts[index] ? [] : [[part, parts[index]!]]));
  }
  if (before === null || after === null || typeof before !== "object" || typeof after !== "object") return [];
  return Object.entries(before).flatMap(([name, member]) =>
    TIMES.test(name) ? [] : renamed(member, (after as Record<string, unknown>)[name]),
  );
}

const TIMES = /^\$metadata$|Time(stamp)?$/;

function translated(text: string, names: ReadonlyMap<string, string>): string {
  return [...names]
    .sort(([one], [other]) => other.length - one.length)
    .reduce((so, [before, after]) => so.replaceAll(before, after), text);
}

/** An account as the release has left it, and what it calls the things that the release knew by other ids. */
async function rebuilt(installation: Installation): Promise<ReadonlyMap<string, string>> {
  const { account, clock } = installation;
  const startMs = clock.nowMs();
  const names = new Map<string, string>();
  for (const { atMs, service, operation, input, output } of calls) {
    await clock.advance(Math.max(0, startMs + atMs - clock.nowMs()));
    const wanted = JSON.parse(translated(JSON.stringify(input), names)) as object;
    const answer = await clock.resolve(account.call(service, operation, wanted));
    const plain = JSON.parse(JSON.stringify(answer)) as unknown;
    for (const [before, after] of renamed(output, plain)) names.set(before, after);
  }
  await clock.advance(Math.max(0, startMs + endMs - clock.nowMs()));
  return names;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The daemon of today, on the database of the release and an account that is as it was. */
async function upgraded(): Promise<Installation> {
  const installation = new Installation({ log: loudOfBugs });
  const names = await rebuilt(installation);
  const folder = mkdtempSync(join(tmpdir(), "holdfast-"));
  folders.push(folder);
  const path = join(folder, "holdfast.db");
  const file = new Database(path);
  file.exec(translated(readFileSync(join(FIXTURE, "database.sql"), "utf8"), names));
  file.close();
  const rng = seededRng(7);
  installation.store.close();
  installation.store = openStore({ path, clock: installation.clock, newUid: () => newUid(rng) });
  await installation.restart();
  return installation;
}

describe("an upgrade", () => {
  it("plans nothing for a spec that has not changed: the defaults that it was stored with are its own", async () => {
    const installation = await upgraded();
    const made = installation.mutations().length;
    expect(made).toBeGreaterThan(20);
    const before = KEYS.map((key) => installation.get(key));
    for (const key of KEYS) {
      const { spec } = installation.get(key);
      expect((await installation.plan(spec, key)).rows, key.name).toEqual([]);
    }
    await installation.clock.advance(300_000);
    for (const [index, key] of KEYS.entries()) {
      expect(installation.condition("Ready", key), key.name).toMatchObject({ status: "True" });
      expect(installation.condition("Drifted", key), key.name).toMatchObject({ status: "False" });
      expect(installation.get(key).spec).toEqual(before[index]!.spec);
    }
    expect(installation.mutations().slice(made)).toEqual([]);
    installation.store.close();
  });
});
