import { expect, it } from "vitest";
import { waitForApproval } from "./approving.ts";
import { BASE, causesOf, MERGE, manifest, post, world } from "./support.ts";

const KEY = { namespace: "default", name: "a" };
const FIELD = "metadata.annotations.holdfast.dev/approved-plan";

/** A service of which a plan waits for approval. */
async function waiting() {
  const w = world();
  await post(w, manifest("a"), BASE);
  waitForApproval(w.store, KEY, "p1234", {
    defaults: "AWS",
    approval: {
      digest: "p0",
      generation: 1,
      effects: [{ key: "alarms.x", id: "", effect: "defaultsChanged" }],
    },
  });
  const patch = (digest: string, change: object = {}) =>
    w.app.inject({
      method: "PATCH",
      url: `${BASE}/a`,
      headers: MERGE,
      payload: JSON.stringify({
        metadata: { annotations: { "holdfast.dev/approved-plan": digest } },
        ...change,
      }),
    });
  return { ...w, patch };
}

it("an approval of another plan than the one that waits is refused, and nothing is stored", async () => {
  const { patch, store } = await waiting();
  const before = store.get(KEY);
  const answer = await patch("p0000");
  expect(answer.statusCode).toBe(422);
  expect(causesOf(answer)).toEqual([`${FIELD} FieldValueInvalid`]);
  expect(answer.json().message).toContain("the one that waits is p1234");
  expect(store.get(KEY)).toEqual(before);
});

it("an approval of the plan that waits is stored, and asks for a pass", async () => {
  const { patch, store, requested } = await waiting();
  requested.splice(0);
  expect((await patch("p1234")).statusCode).toBe(200);
  expect(store.get(KEY)?.metadata.annotations).toEqual({ "holdfast.dev/approved-plan": "p1234" });
  expect(requested).toEqual([KEY]);
});

it("an edit may bring the approval of its own plan, and an annotation that stands is not judged again", async () => {
  const { patch, app } = await waiting();
  expect((await patch("p5678", { spec: { size: 2 } })).statusCode).toBe(200);
  const labels = { metadata: { labels: { x: "y" } } };
  const again = await app.inject({
    method: "PATCH",
    url: `${BASE}/a`,
    headers: MERGE,
    payload: JSON.stringify(labels),
  });
  expect(again.statusCode).toBe(200);
});
