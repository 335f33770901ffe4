import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/model/limits.ts";
import { iso } from "../../src/model/time.ts";
import { driftOf, KEY, SPEC, statusOf } from "../store/support.ts";
import { BASE, manifest, post, type World, world } from "./support.ts";

const DRIFT = "/apis/holdfast.dev/v1/driftevents";

async function get(w: World, url: string, accept = "application/json") {
  return w.app.inject({ method: "GET", url, headers: { accept, host: "localhost" } });
}

/** Three events of two days, of which one has things in it that a spreadsheet would run. */
function ledger(): World {
  const w = world();
  w.store.putDrift(driftOf("d1", { firstSeenTime: "2026-01-01T10:00:00.000Z", resourceKind: "alarm" }));
  w.store.putDrift(
    driftOf("d2", {
      firstSeenTime: "2026-01-02T10:00:00.000Z",
      state: "Corrected",
      closedTime: "2026-01-02T10:01:00.000Z",
      timeToRepairSeconds: 60,
      attempts: 2,
      correction: { operation: "A, B", requestId: "r-1", time: "2026-01-02T10:00:30.000Z" },
      field: '=HYPERLINK("http://evil")',
      after: -5,
      decision: { verb: "ignore", actor: "@ann", reason: "two\nlines", time: "2026-01-02T11:00:00.000Z" },
    }),
  );
  w.store.putDrift(
    driftOf("d3", {
      metadata: { ...driftOf("d3").metadata, namespace: "shop" },
      change: "Missing",
      field: "",
    }),
  );
  return w;
}

const namesOf = async (w: World, query: string, path = DRIFT) => {
  const { items } = (await get(w, `${path}?${query}`)).json();
  return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
};

describe("the drift ledger is asked", () => {
  it.each([
    ["fieldSelector=resourceKind%3Dalarm", ["d1"]],
    ["fieldSelector=change%3DMissing", ["d3"]],
    ["fieldSelector=field%3DhealthCheck.path", ["d1"]],
    ["fieldSelector=state!%3DOpen", ["d2"]],
    ["since=2026-01-02", ["d2"]],
    ["since=2026-01-01T09:00:00Z&until=2026-01-02T10:00:00Z", ["d1"]],
    ["until=2026-01-01T11:00:00%2B01:00", ["d3"]],
    ["since=", ["d3", "d2", "d1"]],
  ])("by %s", async (query, names) => {
    expect(await namesOf(ledger(), query)).toEqual(names);
  });

  it("within a namespace as across them", async () => {
    expect(
      await namesOf(ledger(), "since=2026-01-01", "/apis/holdfast.dev/v1/namespaces/shop/driftevents"),
    ).toEqual(["d3"]);
  });

  it.each(["since=yesterday", "until=2026-13-01", "since=12"])(
    "and told that %s is no time",
    async (query) => {
      const answer = await get(ledger(), `${DRIFT}?${query}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().details.causes[0].field).toBe(query.split("=")[0]);
    },
  );

  it("in a watch, too", async () => {
    const w = ledger();
    const answer = await get(w, `${DRIFT}?watch=1&since=nothing`);
    expect(answer.statusCode).toBe(400);
  });
});

it("the page of a service has what is open first, however much was put right since", async () => {
  const w = world();
  const { metadata } = (await post(w, manifest("a"), BASE)).json();
  const of = { service: "a" };
  w.store.putDrift(driftOf("old", of));
  for (let index = 0; index < 60; index += 1) {
    const firstSeenTime = iso(Date.UTC(2026, 0, 2) + index * 1000);
    w.store.putDrift(
      driftOf(`d${index}`, { ...of, firstSeenTime, state: "Corrected", closedTime: firstSeenTime }),
    );
  }
  const { drift } = (await get(w, `/status/default/${metadata.name}`)).json();
  expect(drift).toHaveLength(50);
  expect(drift[0].metadata.name).toBe("old");
  expect(drift[1].metadata.name).toBe("d59");
});

describe("the drift ledger as CSV", () => {
  const lines = async (w: World) => (await get(w, `${DRIFT}?format=csv`)).body.split("\r\n");

  it("has a row for each event, its columns named, and lines that end as RFC 4180 has it", async () => {
    const [head, d3, ...rest] = await lines(ledger());
    expect(head).toMatch(
      /^name,namespace,service,resourceKind,resource,resourceName,arn,field,change,state,/,
    );
    expect(d3).toMatch(/^d3,shop,web-api,TargetGroup,targetGroups.web,hf-web,,,Missing,Open,/);
    expect(rest.at(-1)).toBe("");
    expect(rest.at(-2)).toContain('"""/health"""');
  });

  it("holds nothing that a spreadsheet runs, and leaves a number a number", async () => {
    const { body } = await get(ledger(), `${DRIFT}?fieldSelector=state%3DCorrected`, "text/csv");
    const row = body.slice(body.indexOf("d2,"));
    expect(row).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(row).toContain(`"'@ann"`);
    expect(row).toContain(`"two\nlines"`);
    expect(row).toContain(`"A, B"`);
    expect(row).toContain(",-5,2,");
  });
});

describe("the drift ledger as JSON lines", () => {
  it("has the same objects as the list", async () => {
    const w = ledger();
    const answer = await get(w, DRIFT, "application/x-ndjson");
    expect(answer.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    const events = answer.body
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events).toEqual((await get(w, DRIFT)).json().items);
  });

  it("is written whole, however long, or as much of it as is asked for", async () => {
    const w = world();
    const count = LIMITS.listPiece * 3 + 1;
    w.store.transaction(() => {
      for (let n = 0; n < count; n += 1) w.store.putDrift(driftOf(`d${n}`));
    });
    const lines = async (query: string) =>
      (await get(w, `${DRIFT}?format=ndjson${query}`)).body.trimEnd().split("\n").length;
    expect(await lines("")).toBe(count);
    expect(await lines(`&limit=${LIMITS.listPiece + 1}`)).toBe(LIMITS.listPiece + 1);
  });

  it("is not what other lists can be", async () => {
    const answer = await get(world(), "/apis/holdfast.dev/v1/webservices?format=csv");
    expect(answer.statusCode).toBe(400);
  });
});

describe("the page of the ledger", () => {
  it("takes what its form sends, empty fields included", async () => {
    const w = ledger();
    const query =
      "namespace=default&service=&kind=&resource=&field=&state=Open&change=&since=2026-01-01&until=";
    const { filter, drift } = (await get(w, `/status/all.drift?${query}`)).json();
    expect(filter).toEqual({ namespace: "default", state: "Open", since: "2026-01-01T00:00:00.000Z" });
    expect(drift.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(["d1"]);
    expect((await get(w, "/status/all.drift", "text/html")).body).toContain("3 events");
    expect((await get(w, "/status/all.drift", "text/plain")).body).toContain("3 events");
  });

  it("comes in pages", async () => {
    const w = world();
    w.store.transaction(() => {
      for (let n = 0; n <= LIMITS.ledgerPage; n += 1) w.store.putDrift(driftOf(`d${n}`));
    });
    const first = (await get(w, "/status/all.drift")).json();
    expect(first.drift).toHaveLength(LIMITS.ledgerPage);
    const second = (await get(w, `/status/all.drift?continue=${first.continue}`)).json();
    expect(second.drift).toMatchObject([{ metadata: { name: "d0" } }]);
    expect(second).not.toHaveProperty("continue");
    expect((await get(w, "/status/all.drift?continue=nonsense")).statusCode).toBe(400);
  });

  it("is found where it was at first, unless a namespace is called so, which has its page", async () => {
    const w = world();
    const moved = await get(w, "/status/drift?service=a");
    expect([moved.statusCode, moved.headers.location]).toEqual([307, "/status/all.drift?service=a"]);
    await post(w, manifest("a", { metadata: { name: "a", namespace: "drift" } }));
    expect((await get(w, "/status/drift")).json()).toMatchObject({ namespace: "drift", totalServices: 1 });
    expect((await get(w, "/status/all.drift")).json()).toHaveProperty("drift");
  });
});

describe("the status of then", () => {
  /** A service that was made at 0:01, ready at 0:02, paused at 0:03 with drift that was put right at 0:04. */
  async function past() {
    const w = world();
    const at = () => iso(w.clock.nowMs());
    const minute = () => w.clock.advance(60_000);
    await minute();
    const { uid } = w.store.create({ metadata: KEY, spec: SPEC }).metadata;
    await minute();
    w.store.updateStatus(KEY, uid, statusOf(at()));
    await minute();
    const alarms = [{ key: "alarms.a", name: "a", state: "ALARM" }];
    w.store.updateStatus(KEY, uid, { ...statusOf(at(), "Paused"), alarms });
    w.store.putDrift(
      driftOf("d1", { firstSeenTime: at(), state: "Corrected", closedTime: "2026-01-01T00:04:00.000Z" }),
    );
    await minute();
    return { w, uid, minute };
  }
  const of = (minutes: string) => `2026-01-01T00:${minutes}Z`;
  const service = "/status/default/web-api";

  it("says conditions, drift, alarms and generation of that moment", async () => {
    const { w } = await past();
    const then = async (minutes: string) => (await get(w, `${service}?at=${of(minutes)}`)).json();
    expect(await then("01:30")).toMatchObject({ service: { generation: 1, conditions: [] }, drift: [] });
    const ready = await then("02:30");
    expect(ready).toMatchObject({ asOf: "2026-01-01T00:02:30.000Z", isGone: false, drift: [] });
    expect(ready.service).toMatchObject({
      conditions: [{ reason: "InSync" }],
      alarms: [],
      observedGeneration: 1,
    });
    expect(await then("03:30")).toMatchObject({
      service: { conditions: [{ reason: "Paused" }], alarms: [{ state: "ALARM" }] },
      drift: [{ metadata: { name: "d1" } }],
    });
    expect((await then("04:00")).drift).toEqual([]);
  });

  it("says it of the fleet, and of a service that is gone now", async () => {
    const { w, uid, minute } = await past();
    w.store.release(KEY, uid);
    await minute();
    expect((await get(w, service)).statusCode).toBe(404);
    expect((await get(w, `${service}?at=${of("02:30")}`)).json()).toMatchObject({ isGone: true });
    const fleet = async (minutes: string) => (await get(w, `/status?at=${of(minutes)}`)).json();
    expect(await fleet("02:30")).toMatchObject({ totalServices: 1, services: [{ name: "web-api" }] });
    expect(await fleet("04:30")).toMatchObject({ totalServices: 0, services: [], notRecorded: [] });
    expect((await get(w, `/status/other?at=${of("02:30")}`)).json()).toMatchObject({ totalServices: 0 });
  });

  it("says that there was none, and when there was", async () => {
    const { w, uid, minute } = await past();
    const message = async (minutes: string) => {
      const answer = await get(w, `${service}?at=${of(minutes)}`);
      return [answer.statusCode, answer.json().message];
    };
    expect(await message("00:30")).toEqual([
      404,
      expect.stringContaining("one was made at 2026-01-01T00:01:00"),
    ]);
    w.store.release(KEY, uid);
    await minute();
    expect(await message("04:30")).toEqual([404, expect.stringContaining("went at 2026-01-01T00:04:00")]);
    const never = await get(w, `/status/default/never?at=${of("02:30")}`);
    expect([never.statusCode, never.json().reason]).toEqual([404, "NotFound"]);
  });

  it.each(["/status", service])(
    "of %s before what is kept is an error that says since when it is",
    async (path) => {
      const { w } = await past();
      const answer = await get(w, `${path}?at=2025-12-31`);
      expect([answer.statusCode, answer.json().message]).toEqual([
        410,
        expect.stringContaining("known since 2026-01-01T00:00:00.000Z"),
      ]);
      expect((await get(w, `${path}?at=2025-12-31`, "text/html")).body).toContain("known since");
    },
  );

  it("is not the status of a time to come, nor of what is no time", async () => {
    const { w } = await past();
    expect((await get(w, "/status?at=2027-01-01")).json().message).toContain("still to come");
    expect((await get(w, "/status?at=noon")).statusCode).toBe(400);
  });

  it("comes as a page and as text", async () => {
    const { w } = await past();
    for (const path of ["/status", service]) {
      const html = await get(w, `${path}?at=${of("02:30")}`, "text/html");
      const text = await get(w, `${path}?at=${of("02:30")}`, "text/plain");
      expect([html.body, text.body]).toEqual([
        expect.stringContaining("as of"),
        expect.stringContaining("as of"),
      ]);
    }
  });
});
