import type { LightMyRequestResponse } from "fastify";
import { describe, expect, it } from "vitest";
import { SESSION_SECONDS } from "../../../src/api/access/sessions.ts";
import { tokensIn } from "../../../src/config/token-file.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { BASE, JSON_TYPE, MERGE, manifest, type World, world } from "../support.ts";

const [ALICE, GRAFANA] = ["alices-long-token", "grafanas-long-token"] as const;
const FILE = `alice ${ALICE}\ngrafana ${GRAFANA} read`;
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const PAGE = { accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" };

function guarded(): World & { file: { text: string } } {
  const file = { text: FILE };
  return { ...world({ tokens: () => tokensIn(file.text) }), file };
}

function signIn(
  { app }: World,
  token: string,
  more: { next?: string; headers?: Record<string, string> } = {},
) {
  const payload = new URLSearchParams({
    token,
    ...(more.next !== undefined && { next: more.next }),
  }).toString();
  return app.inject({ method: "POST", url: "/sign-in", headers: { ...FORM, ...more.headers }, payload });
}

function cookieOf(answer: LightMyRequestResponse): string {
  return String(answer.headers["set-cookie"]).split(";")[0] ?? "";
}

async function sessionOf(w: World, token: string): Promise<string> {
  return cookieOf(await signIn(w, token));
}

describe("a browser, where a token is demanded", () => {
  it("is led to a form, and from there to where it wanted to go, with a session", async () => {
    const w = guarded();
    const turned = await w.app.inject({ url: "/status/default/a?format=html", headers: PAGE });
    expect(turned.statusCode).toBe(303);
    expect(turned.headers.location).toBe("/sign-in?next=%2Fstatus%2Fdefault%2Fa%3Fformat%3Dhtml");
    const form = await w.app.inject({ url: turned.headers.location!, headers: PAGE });
    expect([form.statusCode, form.body]).toEqual([200, "<form>/status/default/a?format=html </form>"]);
    expect(form.headers["content-security-policy"]).toContain("form-action 'self'");
    const entered = await signIn(w, ALICE, { next: "/status" });
    expect([entered.statusCode, entered.headers.location]).toEqual([303, "/status"]);
    const page = await w.app.inject({
      url: "/status",
      headers: { ...PAGE, cookie: `a=b; ${cookieOf(entered)}` },
    });
    expect([page.statusCode, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
  });

  it("keeps the session out of reach of scripts, other sites, and in the end of itself", async () => {
    const w = guarded();
    const attributes = String((await signIn(w, ALICE)).headers["set-cookie"])
      .split("; ")
      .slice(1);
    expect(attributes).toEqual(["Path=/", `Max-Age=${SESSION_SECONDS}`, "HttpOnly", "SameSite=Strict"]);
    const behindTls = await signIn(w, ALICE, { headers: { "x-forwarded-proto": "https" } });
    expect(String(behindTls.headers["set-cookie"])).toMatch(/; Secure$/);
    const cookie = await sessionOf(w, ALICE);
    const codeOf = async () => (await w.app.inject({ url: "/status", headers: { cookie } })).statusCode;
    await w.clock.advance((SESSION_SECONDS - 1) * 1_000);
    expect(await codeOf()).toBe(200);
    await w.clock.advance(1_000);
    expect(await codeOf()).toBe(401);
  });

  it("is told when the token is none, and gets no session", async () => {
    const w = guarded();
    for (const token of ["", "alices-long-toke", "wrong-and-as-long"]) {
      const answer = await signIn(w, token);
      expect([answer.statusCode, answer.headers["set-cookie"]]).toEqual([401, undefined]);
      expect(answer.body).toContain("not a token of this server");
    }
  });

  it("is never sent elsewhere by the form", async () => {
    const w = guarded();
    for (const next of [
      "//evil.example/x",
      "https://evil.example",
      "/\\evil.example",
      "javascript:alert(1)",
      "x",
    ]) {
      expect([next, (await signIn(w, ALICE, { next })).headers.location]).toEqual([next, "/status"]);
    }
    expect((await signIn(w, ALICE, { next: "/sign-in?next=/sign-in" })).headers.location).toBe("/status");
  });

  it("signs out for good, not only in its own memory", async () => {
    const w = guarded();
    const cookie = await sessionOf(w, GRAFANA);
    const left = await w.app.inject({ method: "POST", url: "/sign-out", headers: { ...FORM, cookie } });
    expect([left.statusCode, left.headers.location]).toEqual([303, "/sign-in"]);
    expect(String(left.headers["set-cookie"])).toContain("Max-Age=0");
    expect((await w.app.inject({ url: "/status", headers: { cookie } })).statusCode).toBe(401);
  });

  it("is signed out when its token is taken out of the file, and no other is", async () => {
    const w = guarded();
    const [alice, grafana] = [await sessionOf(w, ALICE), await sessionOf(w, GRAFANA)];
    w.file.text = `grafana ${GRAFANA} read`;
    const codeOf = async (cookie: string) =>
      (await w.app.inject({ url: BASE, headers: { cookie } })).statusCode;
    expect([await codeOf(alice), await codeOf(grafana)]).toEqual([401, 200]);
  });

  it("may not be made to sign in or to write by a page of another site", async () => {
    const w = guarded();
    const cookie = await sessionOf(w, ALICE);
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: "http://localhost:3000" },
      { origin: "http://evil.example", host: "holdfast.example" },
    ] as Record<string, string>[]) {
      const write = { method: "POST", url: "/specs", payload: JSON.stringify(manifest("a")) } as const;
      const written = await w.app.inject({ ...write, headers: { ...JSON_TYPE, cookie, ...headers } });
      expect([headers, written.statusCode]).toEqual([headers, 403]);
      expect([headers, (await signIn(w, ALICE, { headers })).statusCode]).toEqual([headers, 403]);
    }
    expect(w.store.list({}).items).toEqual([]);
    const own = {
      origin: "https://holdfast.example",
      host: "10.0.0.1:8080",
      "sec-fetch-site": "same-origin",
    };
    const written = await w.app.inject({
      method: "POST",
      url: "/specs",
      payload: JSON.stringify(manifest("a")),
      headers: { ...JSON_TYPE, cookie, ...own },
    });
    expect(written.statusCode).toBe(201);
  });

  it("costs no more memory than a bounded number of sessions; the oldest goes", async () => {
    const w = guarded();
    const first = await sessionOf(w, ALICE);
    const second = await sessionOf(w, ALICE);
    for (let count = 2; count <= LIMITS.sessions; count += 1) await signIn(w, ALICE);
    const codeOf = async (cookie: string) =>
      (await w.app.inject({ url: BASE, headers: { cookie } })).statusCode;
    expect([await codeOf(first), await codeOf(second)]).toEqual([401, 200]);
  });

  it("is not asked for a token that nobody demands", async () => {
    const { app } = world();
    expect((await app.inject("/sign-in")).headers.location).toBe("/status");
  });
});

describe("a token that may only read", () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const SPEC = { region: "us-east-1", tags: { password: "hush-hush" } };

  async function withOne(): Promise<World> {
    const w = guarded();
    const metadata = {
      name: "a",
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(SPEC),
        team: "storefront",
      },
    };
    const payload = JSON.stringify(manifest("a", { metadata, spec: SPEC }));
    const headers = { ...JSON_TYPE, ...bearer(ALICE) };
    expect((await w.app.inject({ method: "POST", url: "/specs", payload, headers })).statusCode).toBe(201);
    return w;
  }

  it("changes nothing, by whatever method, and not even a dry run reads the account for it", async () => {
    const w = await withOne();
    const before = w.store.resourceVersion();
    for (const [method, url, type] of [
      ["POST", "/specs", JSON_TYPE],
      ["POST", "/specs?dryRun=All", JSON_TYPE],
      ["PUT", `${BASE}/a`, JSON_TYPE],
      ["PATCH", `${BASE}/a`, MERGE],
      ["DELETE", `${BASE}/a`, JSON_TYPE],
    ] as const) {
      for (const who of [bearer(GRAFANA), { cookie: await sessionOf(w, GRAFANA) }]) {
        const payload = method === "DELETE" ? "{}" : JSON.stringify(manifest("a", { spec: { region: "x" } }));
        const answer = await w.app.inject({ method, url, payload, headers: { ...type, ...who } });
        expect([method, url, answer.statusCode, answer.json().reason]).toEqual([
          method,
          url,
          403,
          "Forbidden",
        ]);
        expect(answer.json().message).toContain("grafana");
      }
    }
    expect(w.store.resourceVersion()).toBe(before);
  });

  it("sees everything but the secrets of a spec: read, listed, watched and on the page", async () => {
    const w = await withOne();
    for (const url of [`${BASE}/a`, BASE, `${BASE}?limit=1`, "/status/default/a?format=json"]) {
      const answer = await w.app.inject({ url, headers: bearer(GRAFANA) });
      expect([url, answer.statusCode]).toEqual([url, 200]);
      expect(answer.body).toContain("us-east-1");
      expect(answer.body).toContain("storefront");
      expect(answer.body).not.toContain("hush-hush");
    }
    expect((await w.app.inject({ url: `${BASE}/a`, headers: bearer(ALICE) })).body).toContain("hush-hush");
    for (const beginning of ["", "&resourceVersion=0"]) {
      const url = `${BASE}?watch=1&timeoutSeconds=1${beginning}`;
      const watching = w.app.inject({ url, headers: bearer(GRAFANA) });
      await w.app.ready();
      const headers = { ...MERGE, ...bearer(ALICE) };
      const labels = { n: `x${beginning.length}` };
      const payload = JSON.stringify({ metadata: { labels } });
      await w.app.inject({ method: "PATCH", url: `${BASE}/a`, payload, headers });
      await w.clock.advance(1_000);
      const { body } = await watching;
      expect(body).toContain('"MODIFIED"');
      expect(body).not.toContain("hush-hush");
    }
  });
});

describe("who has changed something", () => {
  it("stands on the revision, in an event, in the log and on the page", async () => {
    const w = guarded();
    const who = { authorization: `Bearer ${ALICE}` };
    const send = (method: "PUT" | "POST" | "DELETE", url: string, body: unknown) =>
      w.app.inject({ method, url, payload: JSON.stringify(body), headers: { ...JSON_TYPE, ...who } });
    await send("POST", "/specs", manifest("a"));
    await send("PUT", `${BASE}/a`, manifest("a", { spec: { region: "us-east-1", size: 3 } }));
    await send(
      "PUT",
      `${BASE}/a`,
      manifest("a", { metadata: { name: "a", labels: { x: "y" } }, spec: { region: "us-east-1", size: 3 } }),
    );
    await send(
      "PUT",
      `${BASE}/a`,
      manifest("a", { metadata: { name: "a", labels: { x: "y" } }, spec: { region: "us-east-1", size: 3 } }),
    );
    await send("DELETE", `${BASE}/a`, {});
    const told = w.store.events({}).items.map(({ reason, message }) => `${reason}: ${message}`);
    expect(told.reverse()).toEqual([
      "Edited: alice has changed the spec: this is generation 1",
      "Edited: alice has changed the spec: this is generation 2",
      "Edited: alice has changed labels or annotations",
      "DeletionRequested: alice has asked for the deletion",
    ]);
    const page = await w.app.inject({ url: "/status?format=json", headers: who });
    expect(page.json().actor).toEqual({ name: "alice", mayWrite: true });
  });
});
