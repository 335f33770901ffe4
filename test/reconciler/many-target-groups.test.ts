import { describe, expect, it } from "vitest";
import { Installation } from "../support/installation.ts";
import { specWith } from "./world.ts";

const names = Array.from({ length: 100 }, (_, index) => `t${index}`);

/** As many target groups and rules as a spec may have, filled by two groups. */
const largest = (path = "/healthz") =>
  specWith((spec) => {
    const { web } = spec.autoScalingGroups;
    spec.targetGroups = Object.fromEntries(
      names.map((name, index) => [
        name,
        { port: 8_000 + index, healthCheck: { path: index === 7 ? path : "/" } },
      ]),
    ) as never;
    spec.autoScalingGroups = {
      a: { ...web, targetGroups: names.slice(0, 50) },
      b: { ...web, targetGroups: names.slice(50) },
    } as never;
    spec.alarms = {};
    const [plain, secure] = spec.loadBalancer.listeners;
    spec.loadBalancer.listeners = [plain!, { ...secure!, defaultAction: { forward: { targetGroup: "t0" } } }];
    spec.loadBalancer.listeners[1]!.rules = names.slice(1).map((name, index) => ({
      name,
      priority: index + 1,
      conditions: [{ pathPattern: [`/${name}`] }],
      action: { forward: { targetGroup: name } },
    }));
  });

const isReady = (installation: Installation): boolean => {
  const { status, observedGeneration } = installation.condition("Ready") ?? {};
  return status === "True" && observedGeneration === installation.get().metadata.generation;
};

describe("a service with a hundred target groups, alone in its account", () => {
  it("is made, changed and deleted at the rate that AWS allows, and no pass fails for it", async () => {
    const installation = new Installation({ limitsItsRate: true });
    installation.post(largest());
    const told = new Set<string>();
    const watched = async (isOver: () => boolean, minutes: number): Promise<void> => {
      for (let seconds = 0; seconds < minutes * 60 && !isOver(); seconds += 10) {
        await installation.clock.advance(10_000);
        const status = installation.store.get({ namespace: "default", name: "web-api" })?.status;
        for (const { message } of status?.conditions ?? [])
          if (/RateLimited|could not be read/.test(message)) told.add(message);
      }
      expect(isOver()).toBe(true);
    };
    await watched(() => isReady(installation), 30);
    expect([...told]).toEqual([]);
    installation.post(largest("/other"));
    await watched(() => isReady(installation), 30);
    expect([...told]).toEqual([]);
    installation.remove();
    await watched(() => installation.store.get({ namespace: "default", name: "web-api" }) === undefined, 40);
    expect([...told]).toEqual([]);
  }, 180_000);
});
