/** A whole fleet whose AWS answers nothing: everybody else is served, and is told when it is looked at again. */
import { describe, expect, it } from "vitest";
import { CloudError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Cloud } from "../../../src/ports.ts";
import { exampleSpec, Installation } from "../../support/installation.ts";

const SERVICES = 200;
const NAMES = Array.from({ length: SERVICES }, (_, index) => `web-${index}`);
const RETRY_EVERY_MS = 40;

/** Refuses at once, as an open circuit does: nothing of a pass waits for anything. */
const refusing = (): Cloud => ({
  call: (operation) =>
    Promise.reject(
      new CloudError({ operation, code: "CircuitOpen", category: "transient", message: "given a rest" }),
    ),
});

/** Every service has been posted, and none has been looked at again yet. */
function troubled() {
  const fleet = new Installation({ watched: refusing });
  for (const name of NAMES) fleet.post(exampleSpec(), name);
  const statusOf = (name: string) => fleet.store.get({ namespace: "default", name })?.status;
  return { fleet, statusOf };
}

describe("a fleet whose calls are all refused at once", () => {
  it("leaves everybody else a turn after a few passes", async () => {
    const { fleet } = troubled();
    const failedMeanwhile: number[] = [];
    const look = () => {
      failedMeanwhile.push(fleet.controller.counts.failed);
      if (fleet.controller.counts.failed < SERVICES) fleet.clock.schedule(0, look);
    };
    fleet.clock.schedule(0, look);
    await fleet.clock.advance(100);
    expect(fleet.controller.counts.failed).toBeGreaterThanOrEqual(SERVICES);
    const steps = failedMeanwhile.map((failed, at) => failed - (failedMeanwhile[at - 1] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(2 * LIMITS.concurrentPasses);
  });

  it("is tried again no faster than passes are worth, and each service at the time that was told", async () => {
    const { fleet, statusOf } = troubled();
    const ms = SERVICES * RETRY_EVERY_MS;
    await fleet.clock.advance(ms);
    expect(fleet.controller.counts.failed).toBeLessThanOrEqual(SERVICES + (1.25 * ms) / RETRY_EVERY_MS);
    const told = NAMES.map((name) => Date.parse(statusOf(name)?.nextPassAt ?? ""));
    expect(Math.min(...told)).toBeGreaterThanOrEqual(fleet.clock.nowMs());
    const before = fleet.controller.counts.failed;
    await fleet.clock.advance(60_000);
    expect(fleet.controller.counts.failed).toBeGreaterThanOrEqual(before + SERVICES);
  });

  it("is well known to nobody meanwhile, and comes back as soon as AWS answers", async () => {
    let isRefused = false;
    const fleet = new Installation({
      watched: (cloud) => ({
        call: (operation, input, options) => (isRefused ? refusing() : cloud).call(operation, input, options),
      }),
    });
    const names = NAMES.slice(0, 3);
    for (const name of names) fleet.post(exampleSpec(), name);
    for (const name of names) await fleet.untilReady({ namespace: "default", name });
    isRefused = true;
    await fleet.clock.advance(600_000);
    const readyOf = (name: string) => fleet.condition("Ready", { namespace: "default", name })?.status;
    expect(names.map(readyOf)).toEqual(["Unknown", "Unknown", "Unknown"]);
    isRefused = false;
    await fleet.clock.advance(61_000);
    expect(names.map(readyOf)).toEqual(["True", "True", "True"]);
  });
});
