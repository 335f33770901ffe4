import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { callsIn } from "../src/daemon/seed-file.ts";
import type { RolloutState } from "../src/model/ledger/rollout.ts";
import { API_VERSION, type Manifest } from "../src/model/object.ts";
import { admit } from "../src/reconciler/kinds/admission.ts";
import { runSeed } from "../src/simulator/seed-file/run.ts";
import { Installation } from "./support/installation.ts";

const FOLDER = new URL("../examples/", import.meta.url);
/** Calls that make a tier in the simulated account, where everything else in the folder is a manifest. */
const SEED_FILES = ["existing-tier.yaml"];
const FILES = readdirSync(FOLDER).filter((file) => !SEED_FILES.includes(file));
const HOUR_MS = 3_600_000;
/** The virtual clock begins at midnight before a working day; AWS forecasts from a day of data on. */
const DAY_AND_A_MORNING_HOURS = 36;

const manifestIn = (file: string): Manifest => parse(readFileSync(new URL(file, FOLDER), "utf8"));

describe("the examples", () => {
  it.each(FILES)("%s is a manifest that is named after nothing else in the folder", (file) => {
    const { apiVersion, kind, metadata } = manifestIn(file);
    expect({ apiVersion, kind }).toEqual({ apiVersion: API_VERSION, kind: "WebService" });
    const namesakes = FILES.filter((other) => manifestIn(other).metadata.name === metadata.name);
    expect(namesakes).toEqual([file]);
  });

  it.each(FILES)("%s converges as it is, and is then left alone", async (file) => {
    const { metadata, spec } = manifestIn(file);
    const key = { namespace: "default", name: metadata.name };
    const installation = new Installation();
    await installation.postResolved(spec, { name: metadata.name });
    await installation.untilReady(key);
    const calls = installation.mutations();
    await installation.clock.advance(HOUR_MS);
    expect(installation.mutations()).toEqual(calls);
    expect(installation.condition("Ready", key)).toMatchObject({ status: "True" });
    expect(installation.store.driftEvents({ limit: 1 }).items).toEqual([]);
  });

  it.each(SEED_FILES)("%s makes a tier that serves, of which nothing is ours", async (file) => {
    const installation = await seeded(file);
    const { account, clock } = installation;
    await clock.advance(HOUR_MS);
    const aws = installation.aws.bind(installation);
    const { LoadBalancers = [] } = await aws("elasticloadbalancing:DescribeLoadBalancers", {});
    expect(LoadBalancers.map(({ State }) => State?.Code)).toEqual(["active"]);
    const targets = account.parts.elb
      .loadBalancers()
      .flatMap(({ targetGroups }) => targetGroups.flatMap(({ arn }) => account.parts.elb.targets(arn)));
    expect(targets.map(({ health }) => health.state)).toEqual(["healthy", "healthy"]);
    const { MetricAlarms = [] } = await aws("cloudwatch:DescribeAlarms", { AlarmNamePrefix: "shop-prod" });
    expect(MetricAlarms.map(({ StateValue }) => StateValue)).toEqual(["OK"]);
    const ResourceArns = LoadBalancers.flatMap(({ LoadBalancerArn = "" }) => LoadBalancerArn);
    const { TagDescriptions = [] } = await aws("elasticloadbalancing:DescribeTags", { ResourceArns });
    const keys = TagDescriptions.flatMap(({ Tags = [] }) => Tags.map(({ Key }) => Key));
    expect(keys).toContain("ManagedBy");
    expect(keys.filter((key) => key?.startsWith("holdfast.dev/"))).toEqual([]);
  });

  it("what the day of day-with-traffic.yaml brings is neither drift nor written over", async () => {
    const { metadata, spec } = manifestIn("day-with-traffic.yaml");
    const key = { namespace: "default", name: metadata.name };
    const installation = new Installation({ resyncMs: HOUR_MS / 2 });
    await installation.postResolved(spec, { name: metadata.name });
    await installation.untilReady(key);
    const calls = installation.mutations();
    const minima = new Set<number | undefined>();
    for (let hour = 0; hour < DAY_AND_A_MORNING_HOURS; hour += 1) {
      await installation.clock.advance(HOUR_MS);
      const { AutoScalingGroups = [] } = await installation.aws("autoscaling:DescribeAutoScalingGroups", {});
      for (const { MinSize } of AutoScalingGroups) minima.add(MinSize);
    }
    expect([...minima].sort()).toEqual([2, 4]);
    expect(installation.mutations()).toEqual(calls);
    expect(installation.store.driftEvents({ limit: 1 }).items).toEqual([]);
    expect(installation.condition("Ready", key)).toMatchObject({ status: "True" });
  });

  it("the rollout of day-with-traffic.yaml comes in stages, and a bad image is stopped by its alarm and rolled back", async () => {
    const { metadata, spec } = manifestIn("day-with-traffic.yaml");
    const key = { namespace: "default", name: metadata.name };
    const installation = new Installation();
    await installation.postResolved(spec, { name: metadata.name });
    await installation.untilReady(key);
    await installation.clock.advance(HOUR_MS / 2);
    const rolledOut = async (imageId: string, ends: RolloutState) => {
      const next = structuredClone(spec) as { autoScalingGroups: { web: { launchTemplate: object } } };
      Object.assign(next.autoScalingGroups.web.launchTemplate, { imageId });
      await installation.postResolved(next, { name: metadata.name });
      const beganMs = installation.clock.nowMs();
      let least = Number.POSITIVE_INFINITY;
      let stages: (number | undefined)[] = [];
      await installation.until(() => {
        const { status } = installation.get(key);
        least = Math.min(least, status?.instances.filter(({ serving }) => serving === "yes").length ?? 0);
        const [row] = status?.rollouts ?? [];
        stages = [...new Set([...stages, row?.percentageComplete])];
        return row?.to.imageId === imageId && row.state === ends;
      }, 4 * HOUR_MS);
      return { least, stages, minutes: (installation.clock.nowMs() - beganMs) / 60_000 };
    };
    const good = await rolledOut("ami-87654321", "Succeeded");
    expect(good.stages).toEqual(expect.arrayContaining([50, 100]));
    expect(good.least).toBe(2);
    // Two pauses of five minutes, and five at the end.
    expect(good.minutes).toBeGreaterThan(15);
    const bad = await rolledOut("ami-0bad0bad", "RolledBack");
    expect(bad.least).toBe(2);
    expect(bad.minutes).toBeLessThan(15);
    const { message } = installation.condition("Stalled", key)!;
    expect(message).toMatch(
      /AWS says: The alarm holdfast\/default\/day-with-traffic\/unhealthy is in the ALARM state/,
    );
    expect(message).toMatch(/i-[0-9a-f]+: unhealthy in targetGroups\.web \(Target\.ResponseCodeMismatch/);
  });

  it("short.yaml holds nothing that could be left out", () => {
    const { spec } = manifestIn("short.yaml");
    expect(() => admit(spec)).not.toThrow();
    for (const path of leavesOf(spec)) expect(() => admit(without(spec, path)), path.join(".")).toThrow();
  });
});

async function seeded(file: string): Promise<Installation> {
  const installation = new Installation();
  const calls = callsIn(new URL(file, FOLDER).pathname);
  await installation.clock.resolve(runSeed(installation.account, calls));
  return installation;
}

function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

function without(value: unknown, [name, ...rest]: readonly string[]): unknown {
  const { [name!]: member, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [name!]: without(member, rest) };
}
