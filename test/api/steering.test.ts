import { describe, expect, it } from "vitest";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { BASE, causesOf, manifest, post, type World, world } from "./support.ts";

const EVENTS = "/apis/holdfast.dev/v1/namespaces/default/driftevents";

function drift(w: World, change: Partial<DriftEvent> = {}): DriftEvent {
  const event: DriftEvent = {
    apiVersion: "holdfast.dev/v1",
    kind: "DriftEvent",
    metadata: {
      name: "d1",
      namespace: "default",
      uid: "",
      generation: 1,
      resourceVersion: "",
      creationTimestamp: "",
    },
    service: "a",
    resource: "targetGroups.web",
    resourceKind: "targetGroup",
    resourceName: "a-web",
    field: "port",
    change: "Modified",
    desired: 1,
    before: 1,
    after: 9,
    state: "Open",
    attempts: 0,
    firstSeenTime: "2026-01-01T00:00:00.000Z",
    lastSeenTime: "2026-01-01T00:00:00.000Z",
    ...change,
  };
  w.store.putDrift(event);
  return event;
}

const sized = (size: number, annotations: Record<string, string> = {}) =>
  manifest("a", { metadata: { name: "a", annotations }, spec: { region: "us-east-1", size } });

async function edited(w: World, ...sizes: number[]): Promise<void> {
  for (const size of sizes) {
    const answer = await post(w, sized(size, { "holdfast.dev/change-cause": `size ${size}` }));
    if (answer.statusCode >= 300) throw new Error(answer.body);
  }
}

describe("revisions", () => {
  it("are listed newest first, each with when, who and why", async () => {
    const w = world();
    await edited(w, 1, 2);
    const { kind, items } = (await w.app.inject(`${BASE}/a/revisions`)).json();
    expect(kind).toBe("RevisionList");
    expect(items).toMatchObject([
      { generation: 2, cause: "size 2", isCurrent: true, time: expect.stringMatching(/Z$/) },
      { generation: 1, cause: "size 1", isCurrent: false },
    ]);
  });

  it("have the reason of their own write, and none of an earlier one", async () => {
    const w = world();
    await edited(w, 1);
    await post(w, sized(5, { "holdfast.dev/change-cause": "size 1" }));
    expect(w.store.revisions({ namespace: "default", name: "a" })[0]?.cause).toBeUndefined();
  });

  it("are read one by one, and told as text to terminals", async () => {
    const w = world();
    await edited(w, 1, 2);
    const one = (await w.app.inject(`${BASE}/a/revisions/1`)).json();
    expect(one).toMatchObject({ kind: "Revision", generation: 1, spec: { size: 1 }, lookups: [] });
    const headers = { accept: "text/plain" };
    const text = (await w.app.inject({ url: `${BASE}/a/revisions`, headers })).body;
    expect(text.split("\n")[1]).toMatch(/^2 \(current\) +2026-\S+ +- +size 2$/);
    const diff = (await w.app.inject(`${BASE}/a/revisions/2/diff?format=text`)).body;
    expect(diff).toBe("default/a: generation 1 → 2\n~ spec.size: 1 → 2\n");
    expect((await w.app.inject(`${BASE}/a/revisions/1?format=text`)).body).toContain("size: 1");
  });

  it("are compared field by field, with digests in place of secrets", async () => {
    const withoutSecrets = (spec: Record<string, unknown>) => ({
      ...spec,
      tags: { key: `hidden ${String((spec.tags as { key: string }).key).length}` },
    });
    const w = world({ withoutSecrets });
    const tagged = (key: string) => manifest("a", { spec: { region: "us-east-1", tags: { key } } });
    await post(w, tagged("s"));
    await post(w, tagged("secret"));
    const answer = await w.app.inject(`${BASE}/a/revisions/1/diff?with=2`);
    expect(answer.json()).toMatchObject({
      from: 2,
      to: 1,
      differences: [{ path: "spec.tags.key", change: "changed", before: "hidden 6", after: "hidden 1" }],
    });
  });

  it("that are not kept any more are 404, with those that are; a service that is not there as well", async () => {
    const w = world();
    await edited(w, ...Array.from({ length: LIMITS.revisionsPerObject + 2 }, (_, index) => index + 1));
    const gone = await w.app.inject(`${BASE}/a/revisions/2`);
    expect([gone.statusCode, gone.json().message]).toEqual([
      404,
      "generation 2 of WebService default/a is not kept; 3 to 52 are",
    ]);
    expect((await w.app.inject(`${BASE}/a/revisions/9/diff?with=1`)).statusCode).toBe(404);
    expect((await w.app.inject(`${BASE}/a/revisions/99/diff`)).json().message).toMatch(/^generation 99 of/);
    expect((await w.app.inject(`${BASE}/b/revisions`)).statusCode).toBe(404);
    expect((await w.app.inject(`${BASE}/a/revisions/x`)).statusCode).toBe(400);
  });
});

describe("a rollback", () => {
  it("is answered with the service by now, and asks for a pass", async () => {
    const w = world();
    await edited(w, 1, 2);
    w.requested.length = 0;
    const answer = await post(w, { generation: 1, reason: "too large" }, `${BASE}/a/rollback`);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      {
        kind: "Rollback",
        isRevised: true,
        kept: [],
        object: { spec: { size: 1 }, metadata: { generation: 3 } },
      },
    ]);
    expect(w.requested).toEqual([{ namespace: "default", name: "a" }]);
    const url = `${BASE}/a/rollback?dryRun=All`;
    expect((await post(w, { generation: 2 }, url)).json().object.status.plan.digest).toBe("sha256:0");
    expect(w.store.get({ namespace: "default", name: "a" })?.metadata.generation).toBe(3);
  });

  it("names every fault of its body", async () => {
    const w = world();
    await edited(w, 1);
    expect(causesOf(await post(w, {}, `${BASE}/a/rollback`))).toEqual(["generation FieldValueRequired"]);
    expect(causesOf(await post(w, { generation: 0, x: 1, reason: "" }, `${BASE}/a/rollback`))).toEqual([
      "generation FieldValueInvalid",
      "x FieldUnknown",
      "reason FieldValueInvalid",
    ]);
    expect((await post(w, { generation: 1 }, `${BASE}/b/rollback`)).statusCode).toBe(404);
  });
});

describe("a decision on drift", () => {
  it("is asked of one event, without a body or with a reason", async () => {
    const w = world();
    await edited(w, 1);
    drift(w);
    const answer = await w.app.inject({ method: "POST", url: `${EVENTS}/d1/accept` });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      {
        kind: "DriftDecision",
        verb: "accept",
        isRevised: true,
        generation: 2,
        differences: [{ path: "spec.size", before: 1, after: 9 }],
        events: [{ state: "Superseded", decision: { verb: "accept" } }],
      },
    ]);
    expect(answer.json().events[0]).not.toHaveProperty("timeToRepairSeconds");
    drift(w, { metadata: { ...drift(w).metadata, name: "d2" } });
    const correct = await post(w, { reason: "at once" }, `${EVENTS}/d2/correct`);
    expect(correct.json().events).toMatchObject([{ state: "Open", decision: { reason: "at once" } }]);
    expect(w.requested.at(-1)).toEqual({ namespace: "default", name: "a" });
  });

  it("is asked of a resource, a field, or everything that is open of a service", async () => {
    const w = world();
    await edited(w, 1);
    drift(w);
    drift(w, { metadata: { ...drift(w).metadata, name: "d2" }, resource: "loadBalancer", field: "scheme" });
    const url = `${BASE}/a/drift/correct`;
    const named = (answer: Awaited<ReturnType<typeof post>>) =>
      answer.json().events.map(({ metadata }: DriftEvent) => metadata.name);
    expect(named(await post(w, { resource: "loadBalancer" }, url))).toEqual(["d2"]);
    expect(named(await post(w, { resource: "targetGroups.web", field: "port" }, url))).toEqual(["d1"]);
    expect(named(await w.app.inject({ method: "POST", url }))).toEqual(["d1", "d2"]);
    expect((await post(w, { resource: "alarms.x" }, url)).statusCode).toBe(409);
    expect(causesOf(await post(w, { field: "port" }, url))).toEqual(["resource FieldValueRequired"]);
  });

  it("is 404 of an event that is not there, and 409 of one that is closed", async () => {
    const w = world();
    await edited(w, 1);
    drift(w, { state: "Corrected", closedTime: "2026-01-01T00:01:00.000Z" });
    const closed = await w.app.inject({ method: "POST", url: `${EVENTS}/d1/accept` });
    expect([closed.statusCode, closed.json().message]).toEqual([
      409,
      expect.stringContaining("is Corrected since 2026-01-01T00:01:00.000Z: there is nothing left to accept"),
    ]);
    expect((await w.app.inject({ method: "POST", url: `${EVENTS}/d9/ignore` })).statusCode).toBe(404);
  });

  it("tells every place of a refusal, and stores nothing", async () => {
    const refusals = [{ is: "refused" as const, place: "targetGroups.web: port", why: "it is a secret" }];
    const w = world({ acceptedSpec: async () => ({ is: "refused", refusals }) });
    await edited(w, 1);
    drift(w);
    const answer = await post(w, {}, `${BASE}/a/drift/accept`);
    expect([answer.statusCode, causesOf(answer)]).toEqual([422, ["targetGroups.web: port DriftRefused"]]);
    expect(w.store.get({ namespace: "default", name: "a" })?.metadata.generation).toBe(1);
  });

  it("does not pass over somebody who edits while AWS is read", async () => {
    const w: World = world({
      acceptedSpec: async ({ object, lookups }) => {
        await edited(w, 7);
        return { is: "accepted", spec: { ...object.spec, size: 9 }, lookups };
      },
    });
    await edited(w, 1);
    drift(w);
    const answer = await post(w, {}, `${EVENTS}/d1/accept`);
    expect([answer.statusCode, answer.json().message]).toEqual([
      409,
      expect.stringContaining("has changed while AWS was read"),
    ]);
    expect(w.store.get({ namespace: "default", name: "a" })?.spec.size).toBe(7);
  });

  it("is no dry run by mistake, and stores nothing where it is one", async () => {
    const w = world();
    await edited(w, 1);
    drift(w);
    for (const query of ["dryRun=Some", "dryrun=All"])
      expect((await post(w, {}, `${EVENTS}/d1/accept?${query}`)).statusCode).toBe(400);
    w.requested.length = 0;
    for (const verb of ["accept", "correct", "ignore"]) {
      const answer = await post(w, {}, `${EVENTS}/d1/${verb}?dryRun=All`);
      expect([answer.statusCode, answer.json()]).toMatchObject([
        200,
        { verb, isDryRun: true, object: { status: { plan: { digest: "sha256:0" } } } },
      ]);
    }
    expect(w.store.openDrift({ namespace: "default", name: "a" })).toMatchObject([
      { metadata: { name: "d1" } },
    ]);
    expect(w.store.openDrift({ namespace: "default", name: "a" })[0]).not.toHaveProperty("decision");
    expect(w.store.get({ namespace: "default", name: "a" })?.metadata.generation).toBe(1);
    expect(w.requested).toEqual([]);
  });

  it.each([
    ["accept", "NothingToAccept"],
    ["correct", "NothingToCorrect"],
    ["ignore", "NothingToIgnore"],
  ])("to %s is 409 where nothing is open, with where to look", async (verb, reason) => {
    const w = world();
    await edited(w, 1);
    const url = `${BASE}/a/drift/${verb}`;
    expect((await post(w, {}, url)).json().message).toContain("none was recorded");
    drift(w, { state: "Superseded", closedTime: "2026-01-01T00:01:00.000Z" });
    const answer = await post(w, {}, url);
    expect([answer.statusCode, answer.json()]).toMatchObject([409, { reason }]);
    expect(answer.json().message).toContain(
      "the last was d1 (targetGroups.web: port), Superseded since 2026-01",
    );
    expect(answer.json().message).toContain("driftevents?fieldSelector=service=a");
  });
});
