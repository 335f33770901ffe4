import { describe, expect, it } from "vitest";
import { tokensIn } from "../../../src/config/token-file.ts";
import { fleetPage } from "../../../src/dashboard/fleet-page.ts";
import { servicePage } from "../../../src/dashboard/service-page.ts";
import { fleetText, serviceText } from "../../../src/dashboard/text.ts";
import { folder, opened } from "../../store/support.ts";
import { BASE, JSON_TYPE, manifest, post, type World, world } from "../support.ts";

const PAUSE = "/apis/holdfast.dev/v1/pause";

function put({ app }: World, body: unknown, headers: Record<string, string> = {}) {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  return app.inject({ method: "PUT", url: PAUSE, headers: { ...JSON_TYPE, ...headers }, payload });
}

describe("the pause for all", () => {
  it("is not there at first, is answered as it was put, and goes when it is lifted", async () => {
    const w = world();
    const read = async () => (await w.app.inject(PAUSE)).json();
    expect(await read()).toEqual({ apiVersion: "holdfast.dev/v1", kind: "Pause", paused: false });
    const answer = await put(w, { paused: true, reason: " the incident " });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      ...{ apiVersion: "holdfast.dev/v1", kind: "Pause", paused: true },
      ...{ reason: "the incident", since: "2026-01-01T00:00:00.000Z" },
    });
    expect(await read()).toEqual(answer.json());
    // What was answered can be sent back.
    expect((await put(w, answer.json())).statusCode).toBe(200);
    expect((await put(w, { paused: false })).json()).toMatchObject({ paused: false });
    expect(await read()).toMatchObject({ paused: false });
  });

  it("names who did it, in an event and on the record, and asks for a pass over each service", async () => {
    const w = world({ tokens: () => tokensIn("alice alices-long-token\nbob bobs-longer-token read") });
    const alice = { authorization: "Bearer alices-long-token" };
    await post(w, manifest("a"), BASE, { ...JSON_TYPE, ...alice });
    w.requested.splice(0);
    expect((await put(w, { paused: true, reason: "tonight" }, alice)).json()).toMatchObject({
      actor: "alice",
    });
    expect((await put(w, { paused: false }, { authorization: "Bearer bobs-longer-token" })).statusCode).toBe(
      403,
    );
    expect((await put(w, { paused: false }, alice)).statusCode).toBe(200);
    const events = w.store.events({
      involvedUid: "pause",
      namespace: "default",
      involvedName: "pause",
    }).items;
    expect(events.map(({ reason, type, message }) => [reason, type, message])).toEqual([
      [
        "ResumedForAll",
        "Normal",
        "alice has lifted the pause for all. It was: Everything is paused by alice since 2026-01-01T00:00:00Z: tonight.",
      ],
      ["PausedForAll", "Warning", "Everything is paused by alice since 2026-01-01T00:00:00Z: tonight."],
    ]);
    expect(w.requested.map(({ name }) => name)).toEqual(["a", "a"]);
  });

  it.each([
    ["{", 400, "cannot be read as JSON"],
    ["[]", 400, "must be a map"],
    [{}, 422, "paused: must be true or false"],
    [{ paused: "yes", reason: 1 }, 422, "reason: must be a text"],
    [{ paused: true, force: true }, 422, "force: is not known here"],
    [{ paused: true, reason: "x".repeat(301) }, 422, "at most 300 characters"],
  ])("refuses %j", async (body, code, says) => {
    const w = world();
    const answer = await put(w, body);
    expect([answer.statusCode, answer.json().message]).toEqual([code, expect.stringContaining(says)]);
    expect(w.store.pause()).toBeUndefined();
  });

  it("survives the process, and is undone with the transaction that holds it", () => {
    const path = `${folder()}/holdfast.db`;
    const first = opened(path);
    first.store.putPause({ since: "2026-01-01T00:00:00.000Z", actor: "alice", reason: "tonight" });
    first.store.close();
    const { store } = opened(path);
    expect(store.pause()).toEqual({ since: "2026-01-01T00:00:00.000Z", actor: "alice", reason: "tonight" });
    expect(() =>
      store.transaction(() => {
        store.putPause(undefined);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(store.pause()?.actor).toBe("alice");
    store.putPause(undefined);
    expect(store.pause()).toBeUndefined();
  });

  it("stands on every page, in every form, and in the metrics", async () => {
    const w = world();
    const dashboard = { ...w.deps.dashboard, fleetPage, servicePage, fleetText, serviceText };
    const shown = world({ dashboard });
    await post(shown, manifest("a"), BASE);
    await put(shown, { paused: true, reason: "<tonight>" });
    const get = async (url: string, accept: string) =>
      (await shown.app.inject({ url, headers: { accept } })).body;
    for (const url of ["/status", "/status/default", "/status/default/a"]) {
      expect(await get(url, "text/html")).toContain(
        "Everything is paused since 2026-01-01T00:00:00Z: &lt;tonight&gt;.",
      );
      expect(await get(url, "text/plain")).toContain(
        "! Everything is paused since 2026-01-01T00:00:00Z: <tonight>.",
      );
      expect(JSON.parse(await get(url, "application/json")).pause).toEqual({
        since: "2026-01-01T00:00:00.000Z",
        reason: "<tonight>",
      });
    }
    expect(await get("/metrics", "*/*")).toContain("\nholdfast_paused_for_all 1\n");
    await put(shown, { paused: false });
    expect(await get("/metrics", "*/*")).toContain("\nholdfast_paused_for_all 0\n");
    expect(await get("/status", "text/html")).not.toContain('<p class="banner');
  });
});
