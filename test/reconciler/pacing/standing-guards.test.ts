/** What stands in the way of a pass is told by a preview, and to whoever asks for a correction: the same guards, everywhere. */
import { describe, expect, it } from "vitest";
import { ApiError } from "../../../src/api/error.ts";
import { correct } from "../../../src/api/steering/correct.ts";
import {
  exampleSpec,
  type Installation,
  type InstallationOptions,
  WEB_API,
} from "../../support/installation.ts";
import { arnOf, converged, driftEvents, resizeGroup } from "../world.ts";

const GROUP = "autoScalingGroups.web";

interface Guarded {
  readonly guard: string;
  /** Why it waits, for people. */
  readonly says: string;
  readonly spec?: object;
  readonly options?: InstallationOptions;
  readonly begin?: (installation: Installation) => Promise<unknown>;
}

const GUARDED: readonly Guarded[] = [
  {
    guard: "the epoch",
    says: "a person to confirm the epoch",
    begin: (installation) =>
      installation.aws("elasticloadbalancing:AddTags", {
        ResourceArns: [arnOf(installation, "loadBalancer")],
        Tags: [{ Key: "holdfast.dev/epoch", Value: `${installation.store.databaseUuid()}/9` }],
      }),
  },
  {
    guard: "the windows",
    says: "the window of spec.windows that opens at",
    spec: { windows: { allow: [{ cron: "0 0 29 2 *", durationMinutes: 60, timeZone: "UTC" }] } },
  },
  {
    guard: "the budget of corrections",
    says: "which is as many as may",
    options: { correctionsPerHour: 0 },
  },
];

describe.each(GUARDED)("$guard", ({ says, spec = {}, options = {}, begin }) => {
  const specOf = (policy: string) => ({ ...exampleSpec(), ...spec, drift: { policy } });

  /** Drift that is only reported, and nothing done about it. */
  async function guarded(): Promise<Installation> {
    const installation = await converged(specOf("Report"), options);
    await resizeGroup(installation, 17);
    await installation.until(() => driftEvents(installation).some(({ state }) => state === "Open"));
    await begin?.(installation);
    await installation.clock.advance(60_000);
    return installation;
  }

  it("stands in the way of a preview, of a correction that is asked for, and of a pass", async () => {
    const installation = await guarded();
    const { rows } = await installation.plan(specOf("Correct"));
    expect(rows.find(({ key }) => key === GROUP)?.blockedBy).toEqual([expect.stringContaining(says)]);

    const asked = installation.waiting(correct(installation.steering(), { ...WEB_API, resource: GROUP }, {}));
    const refusal = await asked.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect((refusal as ApiError).message).toContain(says);

    const begun = installation.mutations().length;
    installation.post(specOf("Correct"));
    await installation.clock.advance(600_000);
    expect(installation.mutations().slice(begun)).toEqual([]);
  });
});
