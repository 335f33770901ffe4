import { expect, it } from "vitest";
import { exampleSpec, Installation } from "../support/installation.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `tier-${index}`);
const keyOf = (name: string) => ({ namespace: "default", name });

/** Passes that ended in a failure are told in the log. */
function world() {
  const passes: string[] = [];
  const log = {
    debug: (fields: Record<string, unknown>, message: string) => {
      if (message === "next pass") passes.push(String(fields.outcome));
    },
    info: () => {},
    warn: () => {},
    error: (fields: Record<string, unknown>, message: string) => {
      throw new Error(`${message} ${JSON.stringify(fields)}`);
    },
  };
  const installation = new Installation({ limitsItsRate: true, throttle: true, log });
  return { installation, passes };
}

it("thirty services that are posted at once are made as fast as AWS allows, without a failure", async () => {
  const { installation, passes } = world();
  const startMs = installation.clock.nowMs();
  for (const name of names(30)) installation.post(exampleSpec(), name);
  for (const name of names(30)) await installation.untilReady(keyOf(name));
  const seconds = (installation.clock.nowMs() - startMs) / 1000;
  const calls = installation.store.calls({ limit: 10_000 });
  console.log(
    seconds,
    calls.length,
    passes.length,
    Object.fromEntries(Object.entries(Object.groupBy(passes, (p) => p)).map(([k, v]) => [k, v?.length])),
  );
  const made = calls
    .filter(({ operation }) => operation === "elasticloadbalancing:CreateLoadBalancer")
    .reverse();
  console.log(
    made.map(({ service, time }) => `${service.name} ${(Date.parse(time) - startMs) / 1000}`).join(" | "),
  );
  expect(calls.filter(({ outcome }) => outcome !== "succeeded")).toEqual([]);
  expect(passes).not.toContain("failed");
}, 60_000);
