import { describe, expect, it } from "vitest";
import { ApiError } from "../../../src/api/error.ts";
import { correct } from "../../../src/api/steering/correct.ts";
import { ignore } from "../../../src/api/steering/ignore.ts";
import { ANNOTATION_PAUSED } from "../../../src/model/object.ts";
import {
  exampleSpec,
  type Installation,
  type InstallationOptions,
  WEB_API,
} from "../../support/installation.ts";
import { arnOf, converged, driftEvents, resizeGroup, somebody } from "../world.ts";

const ANNA = { name: "anna", mayWrite: true };
const GROUP = "autoScalingGroups.web";
const REPORTED = { ...exampleSpec(), drift: { policy: "Report" } };

function corrected(installation: Installation, resource?: string) {
  const target = { ...WEB_API, ...(resource === undefined ? {} : { resource }) };
  return installation.waiting(correct(installation.steering(), target, { actor: ANNA, reason: "now" }));
}

async function refusal(answer: Promise<unknown>): Promise<ApiError> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`it is not refused: ${error}`);
  return error;
}

async function maxSize(installation: Installation): Promise<unknown> {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups[0].MaxSize;
}

const openDrift = (installation: Installation) =>
  driftEvents(installation).filter(({ state }) => state === "Open");

/** Drift that stays open: a rule reports it, or the service is paused. */
async function reported(spec: unknown = REPORTED, options: InstallationOptions = {}): Promise<Installation> {
  const installation = await converged(spec, options);
  await resizeGroup(installation, 17);
  await installation.until(() => openDrift(installation).length > 0);
  await installation.clock.advance(60_000);
  return installation;
}

describe("what is to be corrected now", () => {
  it("is put right where it would only be reported, once", async () => {
    const installation = await reported();
    expect(await maxSize(installation)).toBe(17);
    const { events } = await corrected(installation, GROUP);
    expect(events.map(({ field, decision }) => [field, decision?.verb, decision?.actor])).toEqual([
      ["maxSize", "correct", "anna"],
    ]);
    await installation.until(() => openDrift(installation).length === 0);
    expect(await maxSize(installation)).toBe(10);
    expect(driftEvents(installation)[0]).toMatchObject({ state: "Corrected", decision: { reason: "now" } });
    await resizeGroup(installation, 18);
    await installation.until(() => openDrift(installation).length > 0);
    await installation.clock.advance(1_800_000);
    expect(await maxSize(installation)).toBe(18);
  });

  it("is shown by a dry run with the calls that would follow, and is not asked for by it", async () => {
    const installation = await reported();
    const asked = { actor: ANNA, isDryRun: true };
    const shown = await installation.waiting(correct(installation.steering(), WEB_API, asked));
    expect(shown.isDryRun).toBe(true);
    expect(shown.events.map(({ decision }) => decision?.verb)).toEqual(["correct"]);
    expect(shown.object?.status?.plan?.steps?.map(({ call }) => call)).toEqual([
      "autoscaling:UpdateAutoScalingGroup",
    ]);
    await installation.clock.advance(600_000);
    expect(openDrift(installation)[0]?.decision).toBeUndefined();
    expect(await maxSize(installation)).toBe(17);
  });

  it("is put right where somebody else writes it again and again", async () => {
    const installation = await converged();
    for (let size = 20; installation.condition("Stalled")?.reason !== "Contested"; size += 1) {
      if (size > 40) throw new Error("it is never contested");
      await resizeGroup(installation, size);
      await installation.clock.advance(75_000);
    }
    const before = installation.mutations().length;
    await installation.clock.advance(60_000);
    expect(installation.mutations().slice(before)).toEqual([]);
    await corrected(installation);
    await installation.until(() => openDrift(installation).length === 0, 120_000);
    expect(await maxSize(installation)).toBe(10);
  });

  it("is not where a pass must not write: paused, or only observed", async () => {
    const paused = await reported();
    paused.annotate({ [ANNOTATION_PAUSED]: "true" });
    await paused.clock.advance(60_000);
    const refused = await refusal(corrected(paused));
    expect([refused.code, refused.message]).toEqual([409, expect.stringContaining("paused")]);
    expect(openDrift(paused)[0]?.decision).toBeUndefined();
    const observed = await reported();
    observed.post({ ...REPORTED, management: "Observe" });
    await observed.clock.advance(600_000);
    expect((await refusal(corrected(observed))).message).toContain("only observed");
  });

  it("is not where as much was corrected as may be", async () => {
    const installation = await reported(REPORTED, { correctionsPerHour: 0 });
    const refused = await refusal(corrected(installation));
    expect([refused.code, refused.message]).toEqual([409, expect.stringContaining("as many as may")]);
    expect(openDrift(installation)[0]?.decision).toBeUndefined();
  });

  it("is not where AWS is as wanted again, or nothing has moved", async () => {
    const installation = await reported();
    await resizeGroup(installation, 10);
    const refused = await refusal(corrected(installation));
    expect([refused.code, refused.message]).toEqual([409, expect.stringContaining("what is wanted again")]);
    expect((await refusal(corrected(installation, "loadBalancer"))).code).toBe(409);
  });
});

describe("what is ignored", () => {
  it("gets a rule and a revision, and is left from then on", async () => {
    const installation = await reported({ ...exampleSpec(), drift: { policy: "Report" } });
    const [event] = openDrift(installation);
    const by = { actor: ANNA, reason: "the scaler owns it" };
    const target = { namespace: "default", event: event?.metadata.name ?? "" };
    const shown = await installation.waiting(
      ignore(installation.steering(), target, { ...by, isDryRun: true }),
    );
    expect(shown).toMatchObject({
      isDryRun: true,
      generation: 2,
      object: { status: { plan: { rows: [] } } },
    });
    expect(installation.get().metadata.generation).toBe(1);
    const answer = await ignore(installation.steering(), target, by);
    expect(shown.differences).toEqual(answer.differences);
    expect(answer.differences).toEqual([
      {
        path: "spec.drift.rules",
        change: "added",
        after: [{ resource: GROUP, field: "maxSize", policy: "Ignore" }],
      },
    ]);
    expect(answer.events[0]).toMatchObject({ state: "Superseded", decision: { verb: "ignore" } });
    expect(installation.store.revisions(WEB_API)[0]).toMatchObject({
      actor: "anna",
      cause: `ignores ${GROUP}: maxSize: the scaler owns it`,
    });
    const writes = installation.mutations().length;
    await installation.clock.advance(1_800_000);
    expect(installation.mutations().length).toBe(writes);
    expect([await maxSize(installation), openDrift(installation).length]).toEqual([17, 0]);
    const again = await ignore(installation.steering(), target, by);
    expect([again.isRevised, again.isDecidedBefore, again.generation]).toEqual([
      false,
      true,
      answer.generation,
    ]);
    const nothing = await refusal(ignore(installation.steering(), WEB_API, by));
    expect([nothing.code, nothing.extras.reason]).toEqual([409, "NothingToIgnore"]);
  });

  it("is a rule for a resource that is named, whether or not it has moved, and one is enough", async () => {
    const installation = await converged();
    const steering = installation.steering();
    const target = { ...WEB_API, resource: "alarms.high-5xx" };
    expect((await ignore(steering, target, {})).isRevised).toBe(true);
    const again = await ignore(steering, { ...target, field: "threshold" }, {});
    expect([again.isRevised, again.events]).toEqual([false, []]);
    expect(installation.get().spec.drift).toEqual({
      policy: "Correct",
      rules: [{ resource: "alarms.high-5xx", policy: "Ignore" }],
    });
  });

  it("is never what a write of the whole would lose, nor what is gone", async () => {
    const installation = await converged();
    installation.annotate({ [ANNOTATION_PAUSED]: "true" });
    await installation.clock.advance(60_000);
    await somebody(installation, "elasticloadbalancing:DeleteListener", {
      ListenerArn: arnOf(installation, "loadBalancer.listeners.80"),
    });
    installation.controller.request(WEB_API);
    await installation.until(() => openDrift(installation).length > 0);
    const refused = await refusal(ignore(installation.steering(), WEB_API, { actor: ANNA }));
    expect([refused.code, refused.message]).toEqual([422, expect.stringContaining("it is gone")]);
  });
});
