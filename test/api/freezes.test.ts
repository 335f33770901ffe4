import { expect, it } from "vitest";
import { fleetPage } from "../../src/dashboard/fleet-page.ts";
import { fleetText } from "../../src/dashboard/text.ts";
import { NO_STATUS } from "../../src/model/status.ts";
import { BASE, manifest, post, world } from "./support.ts";

const PATH = "/apis/holdfast.dev/v1/freezes";
const KEY = { namespace: "default", name: "a" };

/** A service of which something is not deleted, because deletions of its kind are frozen. */
async function frozen(change: Parameters<typeof world>[0] = {}) {
  const w = world(change);
  const { metadata } = (await post(w, manifest("a"), BASE)).json();
  await post(w, manifest("b"), BASE);
  const stalled = {
    ...({ type: "Stalled", status: "True", reason: "DeletionsFrozen" } as const),
    message: "Nothing more is deleted.",
    ...{ observedGeneration: 1, lastTransitionTime: "2026-01-01T00:00:00.000Z" },
  } as const;
  w.store.updateStatus(KEY, metadata.uid, { ...NO_STATUS, observedGeneration: 1, conditions: [stalled] });
  w.store.freeze({ kind: "targetGroup", since: "2026-01-01T00:00:00.000Z", deleted: 10, owned: 40 });
  w.requested.length = 0;
  return w;
}

it("what is frozen is listed and counted, with what led to it", async () => {
  const w = await frozen();
  const { items } = (await w.app.inject(PATH)).json();
  expect(items).toMatchObject([
    {
      kind: "Freeze",
      metadata: { name: "targetGroup", creationTimestamp: "2026-01-01T00:00:00.000Z" },
      status: { deleted: 10, owned: 40 },
    },
  ]);
  expect((await w.app.inject("/metrics")).body).toContain('holdfast_deletions_frozen{kind="targetGroup"} 1');
});

it("what is frozen stands on the page of all services, in every form", async () => {
  const bare = world();
  const w = await frozen({ dashboard: { ...bare.deps.dashboard, fleetPage, fleetText } });
  const form = async (accept: string) => (await w.app.inject({ url: "/status", headers: { accept } })).body;
  const said =
    "Deletions of the kind targetGroup are frozen since 2026-01-01T00:00:00Z: 10 of 40 had been deleted within an hour.";
  expect((await form("text/plain")).replaceAll(/\s+/g, " ")).toContain(said);
  expect(await form("text/html")).toContain(said);
  expect(await form("text/html")).toContain(`${PATH}/targetGroup`);
  expect(JSON.parse(await form("application/json")).freezes).toMatchObject([{ kind: "targetGroup" }]);
  await w.app.inject({ method: "DELETE", url: `${PATH}/targetGroup` });
  expect(await form("text/html")).not.toContain("Frozen deletions");
});

it("who lifts a freeze sends those on their way that wait for it, and stands in their events", async () => {
  const w = await frozen();
  const answer = await w.app.inject({ method: "DELETE", url: `${PATH}/targetGroup` });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ kind: "Status", status: "Success" });
  expect(w.requested).toEqual([KEY]);
  expect(w.store.events({ involvedName: "a", limit: 10 }).items).toContainEqual(
    expect.objectContaining({ reason: "FreezeLifted" }),
  );
  expect((await w.app.inject(PATH)).json().items).toEqual([]);
  expect((await w.app.inject("/metrics")).body).not.toContain("holdfast_deletions_frozen{");
});

it("what is not frozen cannot be lifted", async () => {
  const w = await frozen();
  for (const kind of ["alarm", "no%20kind"])
    expect((await w.app.inject({ method: "DELETE", url: `${PATH}/${kind}` })).statusCode).toBe(404);
});
