import { describe, expect, it } from "vitest";
import { conditionOf } from "../../../src/model/conditions.ts";
import { exampleSpec, Installation, WEB_API } from "../../support/installation.ts";

const CREATE = "elasticloadbalancing:CreateLoadBalancer";
const names = (count: number) => Array.from({ length: count }, (_, index) => `tier-${index}`);
const keyOf = (name: string) => ({ namespace: "default", name });

/** An account that throttles as AWS does; how each pass ended is told in the log. */
function world() {
  const passes: string[] = [];
  const log = {
    debug: ({ outcome }: Record<string, unknown>, message: string) => {
      if (message === "next pass") passes.push(String(outcome));
    },
    info: () => {},
    warn: () => {},
    error: (fields: Record<string, unknown>, message: string) => {
      throw new Error(`${message} ${JSON.stringify(fields)}`);
    },
  };
  const installation = new Installation({ limitsItsRate: true, throttle: true, log });
  const created = () =>
    installation.store
      .calls({ limit: 10_000 })
      .filter(({ operation }) => operation === CREATE)
      .reverse();
  return { installation, passes, created };
}

describe("thirty services that are posted at once", () => {
  it("are made in the order of posting, as fast as AWS allows, and nothing fails", async () => {
    const { installation, passes, created } = world();
    const startMs = installation.clock.nowMs();
    for (const name of names(30)) installation.post(exampleSpec(), name);
    await installation.until(() => created().length === 30);
    // Ten at once, and one each five seconds.
    expect(installation.clock.nowMs() - startMs).toBeLessThan(1.05 * 100_000);
    const order = created().map(({ service }) => Number(service.name.slice("tier-".length)));
    // Eight passes at a time may overtake each other.
    for (const [place, name] of order.entries()) expect(Math.abs(place - name)).toBeLessThan(8);
    for (const name of names(30)) await installation.untilReady(keyOf(name));
    expect(installation.store.calls({ limit: 10_000 }).filter((row) => row.outcome !== "succeeded")).toEqual(
      [],
    );
    expect(passes).not.toContain("failed");
  });

  it("say whose turn it is meanwhile, and do everything else", async () => {
    const { installation } = world();
    for (const name of names(30)) installation.post(exampleSpec(), name);
    const last = keyOf("tier-29");
    const synced = () => conditionOf(installation.get(last).status?.conditions, "Synced");
    await installation.until(() => synced()?.message.includes("its turn") === true);
    expect(synced()).toMatchObject({ status: "False", reason: "Waiting" });
    expect(synced()?.message).toMatch(
      /create loadBalancer waits: its turn: AWS lets the account make one CreateLoadBalancer each 5 s, \d+ are ahead, and it comes (in about \d min|within a minute)\./,
    );
    const made = installation.store.calls({ service: last, limit: 100 }).map(({ operation }) => operation);
    expect(made).toContain("elasticloadbalancing:CreateTargetGroup");
    expect(made).not.toContain(CREATE);
  });

  it("do not wait for one that was deleted meanwhile", async () => {
    const { installation, created } = world();
    for (const name of names(20)) installation.post(exampleSpec(), name);
    await installation.until(() => created().length === 10);
    for (const name of names(20).slice(11, 19)) installation.remove(keyOf(name));
    const startMs = installation.clock.nowMs();
    await installation.until(() => created().some(({ service }) => service.name === "tier-19"));
    // Without them it is the second in line; it looks again within a minute.
    expect(installation.clock.nowMs() - startMs).toBeLessThan(65_000);
  });

  it("a person's change of a tier that serves does not wait for them", async () => {
    const { installation } = world();
    installation.post(exampleSpec());
    await installation.untilReady();
    await installation.clock.advance(120_000);
    for (const name of names(30)) installation.post(exampleSpec(), name);
    await installation.clock.advance(10_000);
    const startMs = installation.clock.nowMs();
    const spec = exampleSpec() as { targetGroups: { healthCheck: object }[] };
    const [group] = Object.values(spec.targetGroups);
    if (group === undefined) throw new Error("the example has a target group");
    group.healthCheck = { ...group.healthCheck, intervalSeconds: 17 };
    installation.post(spec);
    const sent = () =>
      installation.store
        .calls({ service: WEB_API, limit: 10 })
        .find(
          ({ operation, time }) => operation.endsWith(":ModifyTargetGroup") && Date.parse(time) >= startMs,
        );
    await installation.until(() => sent() !== undefined);
    expect(installation.clock.nowMs() - startMs).toBeLessThanOrEqual(1_000);
    await installation.untilReady();
    expect(installation.clock.nowMs() - startMs).toBeLessThanOrEqual(10_000);
  });
});
