import { describe, expect, it } from "vitest";
import { ApiError } from "../../../src/api/error.ts";
import { diffRevisions } from "../../../src/api/steering/revisions.ts";
import { type RollbackAsked, rollBack } from "../../../src/api/steering/rollback.ts";
import { exampleSpec, Installation, WEB_API } from "../../support/installation.ts";
import { converged, specWith } from "../world.ts";

const ANNA = { name: "anna", mayWrite: true };

function rolledBack(installation: Installation, asked: RollbackAsked) {
  return installation.waiting(rollBack(installation.steering(), WEB_API, { actor: ANNA, ...asked }));
}

const idle = (seconds: number) =>
  specWith((spec) => {
    spec.loadBalancer.attributes = { "idle_timeout.timeout_seconds": seconds };
  });

async function refusal(answer: Promise<unknown>): Promise<ApiError> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`it is not refused: ${error}`);
  return error;
}

describe("a rollback", () => {
  it("makes an earlier revision what is wanted, as a revision with who and why, and AWS follows", async () => {
    const installation = await converged(idle(61));
    installation.post(idle(62));
    await installation.untilReady();
    const answer = await rolledBack(installation, { generation: 1, reason: "too slow" });
    expect([answer.isRevised, answer.object.metadata.generation, answer.kept]).toEqual([true, 3, []]);
    expect(answer.differences).toEqual([
      {
        path: 'spec.loadBalancer.attributes["idle_timeout.timeout_seconds"]',
        change: "changed",
        before: 62,
        after: 61,
      },
    ]);
    expect(installation.store.revisions(WEB_API)[0]).toMatchObject({
      generation: 3,
      actor: "anna",
      cause: "rollback to generation 1: too slow",
    });
    const told = installation.store.events({ limit: 100 }).items.map(({ message }) => message);
    expect(told).toContain("anna has made generation 3 by a rollback to generation 1: too slow");
    await installation.untilReady();
    const again = await rolledBack(installation, { generation: 1 });
    expect([again.isRevised, again.object.metadata.generation]).toEqual([false, 3]);
  });

  it("never changes who decides, nor what becomes of AWS's resources, and says so", async () => {
    const installation = await converged({ ...exampleSpec(), deletionPolicy: "Delete" });
    installation.post({ ...idle(62), deletionPolicy: "Retain", management: "Observe", defaults: "AWS" });
    const { object, kept } = await rolledBack(installation, { generation: 1 });
    expect(object.spec).toMatchObject({ deletionPolicy: "Retain", management: "Observe", defaults: "AWS" });
    expect(kept).toEqual([
      { path: "spec.management", value: "Observe", was: "Manage" },
      { path: "spec.deletionPolicy", value: "Retain", was: "Delete" },
      { path: "spec.defaults", value: "AWS", was: null },
    ]);
  });

  it("answers a dry run with the plan, and stores nothing", async () => {
    const installation = await converged(idle(61));
    installation.post(idle(62));
    await installation.untilReady();
    const { object } = await rolledBack(installation, { generation: 1, isDryRun: true });
    expect(object.status?.plan?.rows.flatMap(({ differences }) => differences)).toEqual([
      { field: "attributes.idle_timeout.timeout_seconds", desired: "61", observed: "62" },
    ]);
    expect(installation.get().metadata.generation).toBe(2);
  });

  it("is refused as the write that it is: of what is stale, is being deleted, or is not kept any more", async () => {
    const installation = await converged(idle(61));
    installation.post(idle(62));
    const stale = await refusal(rolledBack(installation, { generation: 1, resourceVersion: "1" }));
    expect([stale.code, stale.message]).toEqual([409, expect.stringContaining("not 1: it changed since")]);
    const gone = await refusal(rolledBack(installation, { generation: 7 }));
    expect([gone.code, gone.message]).toEqual([404, expect.stringMatching(/^generation 7 .* 1 to 2 are$/)]);
    installation.remove();
    expect((await refusal(rolledBack(installation, { generation: 1 }))).code).toBe(409);
  });

  it("is refused where a pinned name would have to be another resource", async () => {
    const pinned = (port: number) =>
      specWith((spec) => Object.assign(spec.targetGroups.web, { name: "web-one", port }));
    const installation = await converged(pinned(8080));
    const object = installation.get();
    // A revision of before there was the rule.
    installation.store.update(WEB_API, { spec: { ...object.spec, targetGroups: pinned(9090).targetGroups } });
    const { code, extras } = await refusal(rolledBack(installation, { generation: 1 }));
    expect([code, extras.causes?.map(({ field }) => field)]).toEqual([422, ["spec.targetGroups.web.port"]]);
  });

  it("restores what was looked up as it stood", async () => {
    const installation = new Installation();
    const image = { owner: "amazon", nameFilter: "al2023-ami-2023.*-kernel-6.1-x86_64" };
    const looking = (idleSeconds: number) =>
      specWith((spec) => {
        spec.loadBalancer.attributes = { "idle_timeout.timeout_seconds": idleSeconds };
        spec.autoScalingGroups.web.launchTemplate.imageId = image;
      });
    await installation.postResolved(looking(61));
    const [first] = installation.store.lookups(WEB_API);
    if (first === undefined) throw new Error("nothing is looked up");
    const { spec } = await installation.postResolved(looking(62));
    installation.store.update(WEB_API, { spec, lookups: [{ ...first, value: "ami-0fedcba987654321f" }] });
    const { differences } = await rolledBack(installation, { generation: 1 });
    expect(installation.store.lookups(WEB_API)).toEqual([first]);
    expect(differences.at(-1)).toEqual({
      path: first.path,
      change: "changed",
      before: "ami-0fedcba987654321f",
      after: first.value,
      isLookup: true,
    });
    const ofOne = diffRevisions(installation.steering(), WEB_API, 3);
    expect(ofOne.differences.map(({ isLookup }) => isLookup)).toEqual([true]);
  });
});
