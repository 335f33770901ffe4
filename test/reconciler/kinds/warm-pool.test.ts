/** The warm pool of a group: made, put right, held while the group is refreshed, emptied before it goes. */
import { describe, expect, it } from "vitest";
import { aboveOf, addressFrom } from "../../../src/model/address.ts";
import { behindText } from "../../../src/model/ledger/rollout.ts";
import { example } from "../../support/example.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { converged } from "../world.ts";

const MINUTE_MS = 60_000;
const ADDRESS = "autoScalingGroups.web.warmPool";
const PUT = "autoscaling:PutWarmPool";
const DELETE = "autoscaling:DeleteWarmPool";

const withPool = (warmPool: object) => example().withGroup("web", { warmPool });

const groupIn = async (installation: Installation) =>
  (await installation.aws("autoscaling:DescribeAutoScalingGroups", {})).AutoScalingGroups![0]!;
const eventsOf = ({ store }: Installation) => store.driftEvents({ limit: 1_000 }).items;
const since = (installation: Installation, calls: number) => installation.mutations().slice(calls);

describe("a warm pool", () => {
  it("stands below its group", () => {
    expect(aboveOf(addressFrom(ADDRESS))).toBe("autoScalingGroups.web");
  });

  it("is made, filled, and put right, what was never declared of it included", async () => {
    const installation = await converged(withPool({ minSize: 1, poolState: "Stopped" }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    const { AutoScalingGroupName = "", ...before } = await groupIn(installation);
    expect(before.WarmPoolConfiguration).toMatchObject({ MinSize: 1, PoolState: "Stopped" });
    expect(before.WarmPoolSize).toBeGreaterThan(0);
    const calls = installation.mutations().length;
    await installation.aws(PUT, { AutoScalingGroupName, MinSize: 2, MaxGroupPreparedCapacity: 5 });
    await installation.clock.advance(5 * MINUTE_MS);
    const { WarmPoolConfiguration } = await groupIn(installation);
    expect(WarmPoolConfiguration).toMatchObject({ MinSize: 1 });
    expect(WarmPoolConfiguration!.MaxGroupPreparedCapacity).toBeUndefined();
    expect(since(installation, calls)).toEqual([PUT]);
    expect(eventsOf(installation).map(({ resource, field, state }) => [resource, field, state])).toEqual(
      expect.arrayContaining([
        [ADDRESS, "minSize", "Corrected"],
        [ADDRESS, "maxGroupPreparedCapacity", "Corrected"],
      ]),
    );
  });

  it("costs a pass one read for its instances, and none where there are none or no pool is declared", async () => {
    const readsOf = async (spec: ReturnType<typeof example>) => {
      const installation = await converged(spec.spec(), { resyncMs: 10 * MINUTE_MS });
      await installation.clock.advance(20 * MINUTE_MS);
      const count = (operation: string) => installation.account.calls.counts()[operation] ?? 0;
      const before = count("autoscaling:DescribeWarmPool");
      installation.controller.request(WEB_API);
      await installation.clock.advance(MINUTE_MS);
      return count("autoscaling:DescribeWarmPool") - before;
    };
    expect(await readsOf(withPool({ minSize: 1 }))).toBe(1);
    expect(await readsOf(withPool({ minSize: 0, maxGroupPreparedCapacity: 0 }))).toBe(0);
    expect(await readsOf(example())).toBe(0);
  });

  it("is brought to a new version after those in service, and is counted and named until then", async () => {
    const pool = withPool({ minSize: 2, maxGroupPreparedCapacity: 4 });
    const installation = await converged(pool.spec());
    await installation.clock.advance(10 * MINUTE_MS);
    const { WarmPoolSize } = await groupIn(installation);
    const plan = await installation.plan(pool.withImage("ami-87654321").spec());
    const consequences = plan.rows.flatMap((row) => row.consequences ?? []).map(({ says }) => says);
    expect(consequences).toContain(
      `after those in service, the ${WarmPoolSize} instances in its warm pool are replaced by others of version 2`,
    );
    installation.post(pool.withImage("ami-87654321").spec());
    const told: string[] = [];
    const counts: string[] = [];
    await installation.until(() => {
      const { behind = [], rollouts = [] } = installation.get().status ?? {};
      for (const row of behind) {
        const text = behindText(row);
        if (told.at(-1) !== text) told.push(text);
        counts.push(`${row.count - (row.inWarmPool ?? 0)} and ${row.inWarmPool ?? 0}`);
      }
      const reason = installation.condition("Synced")?.message ?? "";
      if (reason.includes("warm pool")) told.push(reason);
      return rollouts[0]?.state === "Succeeded";
    }, 120 * MINUTE_MS);
    // Those in service go first.
    expect([...new Set(counts)].slice(0, 3)).toEqual(["2 and 2", "1 and 2", "0 and 2"]);
    expect(told[0]).toMatch(
      /^4 instances have another version than 2, 2 of them in the warm pool: i-\w+ \(1\), i-\w+ \(1\), i-\w+ \(1, Warmed:Stopped\), /,
    );
    expect(told.join("\n")).toMatch(
      /^2 instances have another version than 2, all of them in the warm pool: /m,
    );
    expect(told.join("\n")).toContain("2 of the warm pool are to be replaced after those in service");
    await installation.untilReady();
    expect(installation.get().status?.behind).toBeUndefined();
  });

  it("gets the new version by a refresh, also of a group that has nobody in service", async () => {
    const empty = withPool({ minSize: 2 }).withGroup("web", { minSize: 0, desiredCapacity: 0 });
    const installation = await converged(empty.spec());
    await installation.clock.advance(30 * MINUTE_MS);
    installation.post(empty.withImage("ami-87654321").spec());
    await installation.clock.advance(90 * MINUTE_MS);
    const { AutoScalingGroupName = "", LaunchTemplate } = await groupIn(installation);
    const { Instances = [] } = await installation.aws("autoscaling:DescribeWarmPool", {
      AutoScalingGroupName,
    });
    expect(LaunchTemplate?.Version).toBe("2");
    expect(Instances.length).toBeGreaterThan(0);
    expect(new Set(Instances.map((instance) => instance.LaunchTemplate?.Version))).toEqual(new Set(["2"]));
    expect(installation.condition("Synced")?.status).toBe("True");
    expect(eventsOf(installation)).toEqual([]);
  });

  it("is emptied before it is deleted, when the spec has it no more", async () => {
    const installation = await converged(withPool({ minSize: 1 }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    const calls = installation.mutations().length;
    installation.post(example().spec());
    await installation.clock.advance(30 * MINUTE_MS);
    expect(since(installation, calls)).toEqual([PUT, DELETE]);
    expect((await groupIn(installation)).WarmPoolConfiguration).toBeUndefined();
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it("goes at once when it holds nobody, also while the group is refreshed", async () => {
    const slow = example().withGroup("web", {
      minSize: 2,
      maxSize: 2,
      instanceRefresh: { checkpointPercentages: [50, 100], checkpointDelay: 36_000 },
    });
    const installation = await converged(slow.withGroup("web", { warmPool: {} }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await groupIn(installation)).WarmPoolSize).toBe(0);
    installation.post(slow.withGroup("web", { warmPool: {} }).withImage("ami-87654321").spec());
    await installation.clock.advance(60 * MINUTE_MS);
    const calls = installation.mutations().length;
    installation.post(slow.withImage("ami-87654321").spec());
    await installation.clock.advance(5 * MINUTE_MS);
    expect(since(installation, calls)).toEqual([DELETE]);
    expect((await groupIn(installation)).WarmPoolConfiguration).toBeUndefined();
  });

  it("waits for the end of a refresh to be emptied, and says so", async () => {
    const slow = example().withGroup("web", {
      minSize: 2,
      instanceRefresh: { checkpointPercentages: [50, 100], checkpointDelay: 7_200 },
    });
    const pool = { warmPool: { minSize: 1 } };
    const installation = await converged(slow.withGroup("web", pool).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    installation.post(slow.withGroup("web", pool).withImage("ami-87654321").spec());
    await installation.clock.advance(30 * MINUTE_MS);
    const calls = installation.mutations().length;
    installation.post(slow.withImage("ami-87654321").spec());
    await installation.clock.advance(30 * MINUTE_MS);
    expect(since(installation, calls)).toEqual([]);
    expect(installation.condition("Synced")?.reason).toBe("RefreshActive");
    await installation.clock.advance(5 * 60 * MINUTE_MS);
    expect(since(installation, calls)).toEqual([PUT, DELETE]);
    expect((await groupIn(installation)).WarmPoolConfiguration).toBeUndefined();
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it("goes before its group does, also one that takes instances back", async () => {
    const pool = { minSize: 1, instanceReusePolicy: { reuseOnScaleIn: true } };
    const installation = await converged(withPool(pool).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    const calls = installation.mutations().length;
    installation.remove();
    await installation.clock.advance(90 * MINUTE_MS);
    expect(installation.store.get(WEB_API)).toBeUndefined();
    const done = since(installation, calls).filter((operation) => operation.startsWith("autoscaling:"));
    expect(done.indexOf(DELETE)).toBeGreaterThanOrEqual(0);
    expect(done.indexOf(DELETE)).toBeLessThan(done.indexOf("autoscaling:UpdateAutoScalingGroup"));
    expect(done.at(-1)).toBe("autoscaling:DeleteAutoScalingGroup");
  });

  it("goes with its group, also while that is refreshed and stands at a checkpoint for hours", async () => {
    const slow = withPool({ minSize: 2 }).withGroup("web", {
      minSize: 4,
      instanceRefresh: { checkpointPercentages: [50, 100], checkpointDelay: 36_000 },
    });
    const installation = await converged(slow.spec());
    await installation.clock.advance(10 * MINUTE_MS);
    installation.post(slow.withImage("ami-87654321").spec());
    await installation.clock.advance(60 * MINUTE_MS);
    const calls = installation.mutations().length;
    installation.remove();
    await installation.clock.advance(90 * MINUTE_MS);
    expect(installation.store.get(WEB_API)).toBeUndefined();
    const done = since(installation, calls).filter((operation) => operation.startsWith("autoscaling:"));
    expect(done[0]).toBe("autoscaling:CancelInstanceRefresh");
    expect(done.filter((operation) => operation === "autoscaling:CancelInstanceRefresh").length).toBe(1);
  });

  it("goes with a group that is declared to terminate nothing", async () => {
    const spec = withPool({ minSize: 1 }).withGroup("web", { suspendedProcesses: ["Terminate"] });
    const installation = await converged(spec.spec());
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await groupIn(installation)).WarmPoolSize).toBeGreaterThan(0);
    installation.remove();
    await installation.clock.advance(90 * MINUTE_MS);
    expect(installation.store.get(WEB_API)).toBeUndefined();
  });

  it("waits while the instances of its group are replaced, and AWS is never asked in vain", async () => {
    const installation = await converged(withPool({ minSize: 1 }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    installation.post(withPool({ minSize: 1 }).withImage("ami-87654321").spec());
    await installation.clock.advance(90_000);
    expect(since(installation, 0)).toContain("autoscaling:StartInstanceRefresh");
    const calls = installation.mutations().length;
    installation.post(withPool({ minSize: 2 }).withImage("ami-87654321").spec());
    await installation.clock.advance(30_000);
    expect(since(installation, calls)).not.toContain(PUT);
    const row = installation.get().status?.resources.find(({ key }) => key === ADDRESS);
    expect(row).toMatchObject({ state: "OutOfSync" });
    expect(row?.message).toContain("before which AWS takes no target groups and no warm pool");
    await installation.clock.advance(120 * MINUTE_MS);
    expect((await groupIn(installation)).WarmPoolConfiguration).toMatchObject({ MinSize: 2 });
    expect(installation.condition("Synced")?.status).toBe("True");
  });
});
