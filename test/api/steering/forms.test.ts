import type { LightMyRequestResponse } from "fastify";
import { describe, expect, it } from "vitest";
import { tokensIn } from "../../../src/config/token-file.ts";
import { errorPage } from "../../../src/dashboard/error-page.ts";
import { fleetPage } from "../../../src/dashboard/fleet-page.ts";
import { servicePage } from "../../../src/dashboard/service-page.ts";
import { ANNOTATION_PAUSED, ANNOTATION_RECONCILE_REQUESTED_AT } from "../../../src/model/object.ts";
import { NO_STATUS } from "../../../src/model/status.ts";
import { driftOf } from "../../store/support.ts";
import { waitForApproval } from "../approving.ts";
import { BASE, JSON_TYPE, manifest, post, type World, world } from "../support.ts";

const [ALICE, GRAFANA] = ["alices-long-token", "grafanas-long-token"] as const;
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const PAGE = { accept: "text/html" };
const KEY = { namespace: "default", name: "a" };
const STATUS = "/status/default/a";

/** A service, and the pages as people see them. */
async function shown(
  change: Parameters<typeof world>[0] = {},
  headers: Record<string, string> = {},
): Promise<World> {
  const bare = world();
  const w = world({ dashboard: { ...bare.deps.dashboard, fleetPage, servicePage, errorPage }, ...change });
  await post(w, manifest("a"), BASE, { ...JSON_TYPE, ...headers });
  w.requested.splice(0);
  return w;
}

function cookieOf(answer: LightMyRequestResponse): string {
  return String(answer.headers["set-cookie"] ?? "").split(";")[0] ?? "";
}

/** The cookies of a browser after an answer: as `name=value; name=value`. */
function jarAfter(jar: string, { headers }: LightMyRequestResponse): string {
  const held = new Map(
    jar
      .split("; ")
      .filter((pair) => pair !== "")
      .map((pair) => [pair.split("=")[0] ?? "", pair]),
  );
  for (const text of [headers["set-cookie"] ?? []].flat()) {
    const [pair = ""] = text.split(";");
    const [name = ""] = pair.split("=");
    if (text.includes("Max-Age=0")) held.delete(name);
    else held.set(name, pair);
  }
  return [...held.values()].join("; ");
}

/** A browser: it opens a page, and sends one of its forms as it stands there. */
function browser({ app }: World, cookie = "", more: Record<string, string> = {}) {
  let jar = cookie;
  const open = async (url: string) => {
    const answer = await app.inject({ url, headers: { ...PAGE, cookie: jar, ...more } });
    jar = jarAfter(jar, answer);
    return answer;
  };
  const send = async (
    url: string,
    form: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ) => {
    const { body } = await open(url);
    const [, action = "", inside = ""] =
      new RegExp(`<form id="${form}"[^>]* action="([^"]+)">([^]*?)</form>`).exec(body) ?? [];
    const hidden = [...inside.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    const sent = { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...fields };
    const answer = await app.inject({
      method: "POST",
      url: action,
      headers: { ...FORM, ...PAGE, cookie: jar, ...more, ...headers },
      payload: new URLSearchParams(sent as Record<string, string>).toString(),
    });
    jar = jarAfter(jar, answer);
    return answer;
  };
  return { open, send };
}

const annotations = (w: World) => w.store.get(KEY)?.metadata.annotations ?? {};

describe("a form of a page", () => {
  it("pauses, resumes and asks for a pass, and leads back to the page, which says so", async () => {
    const w = await shown();
    const { open, send } = browser(w);
    const paused = await send(STATUS, "deed-pause");
    expect([paused.statusCode, paused.headers.location]).toEqual([303, STATUS]);
    expect(annotations(w)[ANNOTATION_PAUSED]).toBe("true");
    const says = "Paused: from now on nothing of this service is written.";
    // Another page that is kept current meanwhile does not take it away.
    expect((await open("/status")).body).not.toContain(says);
    expect((await open(STATUS)).body).toContain(says);
    expect((await open(STATUS)).body).not.toContain(says);
    expect((await send(STATUS, "deed-resume")).statusCode).toBe(303);
    expect(annotations(w)[ANNOTATION_PAUSED]).toBeUndefined();
    expect((await send(STATUS, "deed-pass-now")).statusCode).toBe(303);
    expect(annotations(w)[ANNOTATION_RECONCILE_REQUESTED_AT]).toBe("2026-01-01T00:00:00.000Z");
    expect(w.requested).toHaveLength(3);
    // Whatever else an address or a cookie says is done was not.
    const cookie = `holdfast_done=<b>:${encodeURIComponent(STATUS)}`;
    const told = await w.app.inject({ url: `${STATUS}?done=pause`, headers: { ...PAGE, cookie } });
    expect(told.body).not.toContain('class="notice');
  });

  it("pauses everything with a reason, and lifts that", async () => {
    const w = await shown();
    const { send } = browser(w);
    const answer = await send("/status", "deed-pause-all", { reason: "tonight" });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/status"]);
    expect(w.store.pause()?.reason).toBe("tonight");
    await send("/status", "deed-resume-all");
    expect(w.store.pause()).toBeUndefined();
  });

  it("approves the plan that was read, once its box is ticked, and no other one", async () => {
    const w = await shown();
    waitForApproval(w.store, KEY, "p1234");
    const { send } = browser(w);
    const unticked = await send(STATUS, "deed-approve");
    expect([unticked.statusCode, unticked.headers["content-type"]]).toEqual([
      400,
      "text/html; charset=utf-8",
    ]);
    expect(unticked.body).toContain("tick the box");
    expect((await send(STATUS, "deed-approve", { confirmed: "yes", digest: "p0" })).statusCode).toBe(422);
    expect(annotations(w)["holdfast.dev/approved-plan"]).toBeUndefined();
    expect((await send(STATUS, "deed-approve", { confirmed: "yes" })).statusCode).toBe(303);
    expect(annotations(w)["holdfast.dev/approved-plan"]).toBe("p1234");
  });

  it("confirms the epoch that was read, once its box is ticked, and no other one", async () => {
    const w = await shown();
    const epoch = "00000000-0000-4000-8000-000000000000/7";
    const { uid } = w.store.get(KEY)!.metadata;
    w.store.updateStatus(KEY, uid, { ...NO_STATUS, foreignEpoch: epoch });
    const { send } = browser(w);
    expect((await send(STATUS, "deed-confirm-epoch")).statusCode).toBe(400);
    expect((await send(STATUS, "deed-confirm-epoch", { confirmed: "yes", epoch: "x/8" })).statusCode).toBe(
      409,
    );
    expect(annotations(w)["holdfast.dev/confirmed-epoch"]).toBeUndefined();
    expect((await send(STATUS, "deed-confirm-epoch", { confirmed: "yes" })).statusCode).toBe(303);
    expect(annotations(w)["holdfast.dev/confirmed-epoch"]).toBe(epoch);
  });

  it("decides on an event of drift: what AWS has is accepted, or put right, or left to others", async () => {
    const w = await shown();
    const { send } = browser(w);
    const decided = (name: string) =>
      w.store.driftEvents({ namespace: "default" }).items.find(({ metadata }) => metadata.name === name);
    for (const name of ["d1", "d2", "d3"]) w.store.putDrift(driftOf(name, { service: "a" }));
    expect((await send(STATUS, "deed-correct-d1")).headers.location).toBe(STATUS);
    expect(decided("d1")).toMatchObject({ state: "Open", decision: { verb: "correct" } });
    const reason = "tuned by hand";
    expect((await send(STATUS, "deed-accept-d2", { reason: ` ${reason} ` })).headers.location).toBe(STATUS);
    expect(decided("d2")).toMatchObject({ decision: { verb: "accept", reason } });
    expect(w.store.revisions(KEY)[0]?.cause).toMatch(/^accepts what AWS has in .*: tuned by hand$/);
    expect(w.store.get(KEY)?.spec.size).toBe(9);
    // Somebody was quicker: nothing is done now, and no page may say that it was.
    const late = await send(STATUS, "deed-accept-d3", { event: "d2" });
    expect([late.statusCode, late.body.includes("there is nothing left to accept")]).toEqual([409, true]);
    expect((await send(STATUS, "deed-ignore-d3")).headers.location).toBe(STATUS);
    expect(decided("d3")).toMatchObject({ decision: { verb: "ignore" } });
  });

  it("decides on no event of another service", async () => {
    const w = await shown();
    const { send } = browser(w);
    await post(w, manifest("b"));
    w.store.putDrift(driftOf("d1", { service: "a" }));
    w.store.putDrift(driftOf("d2", { service: "b" }));
    const before = w.store.driftEvents({ namespace: "default" }).items;
    for (const deed of ["accept", "correct", "ignore"]) {
      const answer = await send(STATUS, `deed-${deed}-d1`, { event: "d2" });
      expect([answer.statusCode, answer.body.includes("DriftEvent")]).toEqual([404, true]);
    }
    expect(w.store.driftEvents({ namespace: "default" }).items).toEqual(before);
  });

  it("rolls back to an earlier revision, once its box is ticked; the page shows what each changed", async () => {
    const w = await shown();
    const { open, send } = browser(w);
    await post(w, manifest("a", { spec: { region: "us-east-1", size: 7 } }));
    const { body } = await open(STATUS);
    expect(body).toContain("<code>spec.size</code> <del>1</del> → <ins>7</ins>");
    expect(body).not.toContain("deed-rollback-2");
    expect((await send(STATUS, "deed-rollback-1")).statusCode).toBe(400);
    const answer = await send(STATUS, "deed-rollback-1", { confirmed: "yes" });
    expect(answer.headers.location).toBe(STATUS);
    expect(w.store.get(KEY)).toMatchObject({ metadata: { generation: 3 }, spec: { size: 1 } });
  });

  it("is not taken from elsewhere: without its token, with another browser's, from another site's page", async () => {
    const w = await shown();
    const { send } = browser(w);
    const other = await browser(w).open(STATUS);
    const foreign = /name="csrf" value="([^"]+)"/.exec(other.body)?.[1] ?? "";
    expect(foreign).toHaveLength(64);
    for (const csrf of ["", "0".repeat(64), foreign]) {
      const answer = await send(STATUS, "deed-pause", { csrf });
      expect([answer.statusCode, answer.headers["content-type"]]).toEqual([403, "text/html; charset=utf-8"]);
      expect(answer.body).toContain("go back, reload the page, and send it again");
    }
    const site = { "sec-fetch-site": "cross-site" };
    expect((await send(STATUS, "deed-pause", {}, site)).statusCode).toBe(403);
    expect(annotations(w)).toEqual({});
    expect(w.requested).toEqual([]);
  });

  it("keeps what proves it out of reach of scripts and of other sites", async () => {
    const w = await shown();
    const answer = await browser(w).open(STATUS);
    expect(String(answer.headers["set-cookie"])).toMatch(
      /^holdfast_form=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    expect((await w.app.inject({ url: STATUS, headers: { accept: "application/json" } })).body).not.toContain(
      "csrf",
    );
    expect(answer.headers["content-security-policy"]).not.toContain("unsafe");
  });

  it("of a service that is gone is answered by a page that says so", async () => {
    const w = await shown();
    const { send } = browser(w);
    const answer = await send(STATUS, "deed-pause", {}, {});
    expect(answer.statusCode).toBe(303);
    const page = await browser(w).open(STATUS);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
    const gone = await w.app.inject({
      ...{ method: "POST", url: "/status/default/other/pause" },
      headers: { ...FORM, ...PAGE, cookie: cookieOf(page) },
      payload: new URLSearchParams({ csrf }).toString(),
    });
    expect([gone.statusCode, gone.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
  });
});

describe("where a token is demanded", () => {
  const tokens = () => tokensIn(`alice ${ALICE}\ngrafana ${GRAFANA} read`);

  async function signedIn(w: World, token: string) {
    const answer = await w.app.inject({
      ...{ method: "POST", url: "/sign-in", headers: FORM },
      payload: new URLSearchParams({ token }).toString(),
    });
    return browser(w, cookieOf(answer));
  }

  it("the session's own form is taken, and its name stands on what was done", async () => {
    const w = await shown({ tokens }, { authorization: `Bearer ${ALICE}` });
    const { send } = await signedIn(w, ALICE);
    expect((await send(STATUS, "deed-pause")).statusCode).toBe(303);
    expect(w.store.events({ namespace: "default", involvedName: "a" }).items[0]).toMatchObject({
      ...{ reason: "Edited", message: "alice has changed labels or annotations" },
    });
  });

  it("a form of a session that has ended is refused", async () => {
    const w = await shown({ tokens }, { authorization: `Bearer ${ALICE}` });
    const { open, send } = await signedIn(w, ALICE);
    const csrf = /name="csrf" value="([^"]+)"/.exec((await open(STATUS)).body)?.[1] ?? "";
    const again = await signedIn(w, ALICE);
    expect((await again.send(STATUS, "deed-pause", { csrf })).statusCode).toBe(403);
    const out = await send(STATUS, "deed-pause", {}, { cookie: "holdfast_session=gone" });
    expect([out.statusCode, out.body.includes('<a href="/sign-in">')]).toEqual([401, true]);
  });

  it("whoever may only look sees no form, and may send none", async () => {
    const w = await shown({ tokens }, { authorization: `Bearer ${ALICE}` });
    const { open } = await signedIn(w, GRAFANA);
    for (const url of ["/status", STATUS]) {
      const { body } = await open(url);
      expect(body).not.toContain('class="deed');
      expect(body).not.toContain('id="steer"');
    }
    const headers = { ...FORM, authorization: `Bearer ${GRAFANA}` };
    const answer = await w.app.inject({ method: "POST", url: `${STATUS}/pause`, headers, payload: "" });
    expect(answer.statusCode).toBe(403);
  });
});
