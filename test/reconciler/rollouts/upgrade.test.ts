/** A database of before there were rows of rollouts, and a spec of before what fails was rolled back without a word. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { newUid } from "../../../src/runtime/new-uid.ts";
import { seededRng } from "../../../src/runtime/seeded-rng.ts";
import { openStore } from "../../../src/store/open.ts";
import { example } from "../../support/example.ts";
import { Installation } from "../../support/installation.ts";
import { driftEvents, loudOfBugs, nameOf, somebody } from "../world.ts";

const HOUR = 3_600_000;
const GOOD = "ami-87654321";
const BAD = "ami-0bad0bad";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const opened = (installation: Installation, path: string) =>
  openStore({ path, clock: installation.clock, newUid: () => newUid(seededRng(7)) });

/** With its database in a file, and the example converged. */
async function onFile(): Promise<{ installation: Installation; path: string }> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-"));
  folders.push(folder);
  const path = join(folder, "holdfast.db");
  const installation = new Installation({ log: loudOfBugs });
  installation.store.close();
  installation.store = opened(installation, path);
  await installation.restart();
  installation.post(example().spec());
  await installation.untilReady();
  return { installation, path };
}

/** The file as the migrations up to 13 have made it, with specs as they were stored then; and the daemon of today on it. */
async function upgraded(installation: Installation, path: string): Promise<void> {
  await installation.clock.resolve(installation.controller.stop());
  installation.store.close();
  const file = new Database(path);
  file.exec(`
    DROP TRIGGER rollouts_end;
    DROP TABLE rollouts;
    DROP TRIGGER summaries_end;
    DROP TABLE summaries;
    DROP INDEX made_by_kind;
    DROP INDEX made_by_id;
    DROP INDEX made_by_name;
    DROP INDEX calls_by_request;
    ALTER TABLE drift_events DROP COLUMN attribution;
    DELETE FROM migrations WHERE number > 13;
    UPDATE objects SET spec = json_remove(spec, '$.autoScalingGroups.web.instanceRefresh.autoRollback',
      '$.autoScalingGroups.web.instanceRefresh.strategy'), status = json_remove(status, '$.rollouts', '$.behind');
    PRAGMA user_version = 13;
  `);
  file.close();
  installation.store = opened(installation, path);
  await installation.restart();
}

const refreshesOf = async (installation: Installation) =>
  (
    await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    })
  ).InstanceRefreshes.map(({ Status, ...rest }) => {
    const { AutoRollback } = (rest as { Preferences?: { AutoRollback?: boolean } }).Preferences ?? {};
    return [Status, AutoRollback];
  });

describe("an upgrade from the migrations up to 13", () => {
  it("writes nothing, and the stored spec means what it did: nothing is rolled back that nobody asked for", async () => {
    const { installation, path } = await onFile();
    await installation.clock.advance(60_000);
    const made = installation.mutations().length;
    await upgraded(installation, path);
    const { spec, metadata } = installation.get();
    await installation.clock.advance(HOUR);
    expect(installation.mutations().slice(made)).toEqual([]);
    expect(installation.get()).toMatchObject({ spec, metadata: { generation: metadata.generation } });
    expect(installation.condition("Ready")?.status).toBe("True");
    expect((await installation.plan(example().spec())).rows).toEqual([]);
    // Another daemon's edit of the template alone, as it was stored then.
    const bad = structuredClone(spec) as {
      autoScalingGroups: { web: { launchTemplate: { imageId: string } } };
    };
    bad.autoScalingGroups.web.launchTemplate.imageId = BAD;
    const key = { namespace: "default", name: "web-api" };
    installation.store.update(key, { spec: bad as unknown as Record<string, unknown> });
    installation.controller.request(key);
    await installation.until(
      () => installation.condition("Stalled")?.reason === "InstanceRefreshFailed",
      6 * HOUR,
    );
    expect(await refreshesOf(installation)).toEqual([["Failed", false]]);
    installation.store.close();
  });

  it("in the middle of a rollout goes on with it, and begins nothing twice", async () => {
    const { installation, path } = await onFile();
    installation.post(example().withImage(GOOD).spec());
    await installation.until(() => installation.get().status?.rollouts?.[0]?.percentageComplete === 50, HOUR);
    const made = installation.mutations().length;
    await upgraded(installation, path);
    await installation.untilReady();
    expect(installation.mutations().slice(made)).toEqual([]);
    expect(installation.get().status?.rollouts).toMatchObject([{ state: "Succeeded", to: { version: "2" } }]);
    expect(driftEvents(installation)).toEqual([]);
    installation.store.close();
  });

  it("after a rollout has failed does not try it again", async () => {
    const { installation, path } = await onFile();
    const spec = example().withGroup("web", { instanceRefresh: { autoRollback: false } });
    installation.post(spec.withImage(BAD).spec());
    await installation.until(
      () => installation.condition("Stalled")?.reason === "InstanceRefreshFailed",
      6 * HOUR,
    );
    const made = installation.mutations().length;
    await upgraded(installation, path);
    await installation.clock.advance(3 * HOUR);
    expect(installation.mutations().slice(made)).toEqual([]);
    // Meanwhile AWS has replaced what was unhealthy, by what ran before.
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "RolloutRolledBack" });
    expect(driftEvents(installation)).toEqual([]);
    installation.store.close();
  });
});
