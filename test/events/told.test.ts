import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { LINES } from "../../src/api/past/export.ts";
import { fleetPage } from "../../src/dashboard/fleet-page.ts";
import { fleetJson } from "../../src/dashboard/fleet-view.ts";
import { ledgerPage } from "../../src/dashboard/past/ledger-page.ts";
import { ledgerText } from "../../src/dashboard/past/ledger-text.ts";
import { servicePage } from "../../src/dashboard/service-page.ts";
import { fleetText, serviceText } from "../../src/dashboard/text.ts";
import { targetGroupAddress } from "../../src/model/address.ts";
import type { EventFlow } from "../../src/model/fleet/event-flow.ts";
import type { Attribution } from "../../src/model/ledger/attribution.ts";
import { world } from "../api/support.ts";
import { ago, drift, fleetModel, open, serviceModel } from "../dashboard/fixtures.ts";
import { created, driftOf, folder, KEY, opened } from "../store/support.ts";

const WHO: Attribution = {
  ...{ confidence: "certain", principal: "arn:aws:iam::123456789012:role/admin", session: "alice" },
  ...{ sourceIpAddress: "203.0.113.7", userAgent: "aws-cli/2.15.30<b> Python/3.11.8", from: "event" },
  ...{ eventId: "event-1", eventName: "ModifyTargetGroup", eventTime: "2026-03-01T12:03:04.000Z" },
};
const SENTENCE =
  "Changed by arn:aws:iam::123456789012:role/admin (session alice, aws-cli/2.15.30<b>, 203.0.113.7) with ModifyTargetGroup at 12:03:04Z; certain";
const ESCAPED = SENTENCE.replace("<b>", "&lt;b&gt;");
const LEDGER = { filter: {}, drift: [open("one", { attribution: WHO })] };

/** Texts for terminals break lines where they are full. */
const unbroken = (text: string) => text.replaceAll(/\s+/g, " ");

describe("who did it stands", () => {
  it("in one sentence on the page of the service, and on that of the ledger, escaped", () => {
    const model = serviceModel({ drift: [open("one", { attribution: WHO })] });
    for (const page of [servicePage(model), ledgerPage({ ...fleetModel(), ...LEDGER })]) {
      expect(page).toContain(`${ESCAPED}.`);
      expect(page).not.toContain("<b>");
    }
  });

  it("in the texts for terminals", () => {
    expect(unbroken(ledgerText({ ...fleetModel(), ...LEDGER }))).toContain(`${SENTENCE}.`);
    const model = serviceModel({ drift: [drift("one", { attribution: WHO })] });
    expect(unbroken(serviceText(model))).toContain(SENTENCE.slice(1));
  });

  it("in columns of the export of its own, and in its lines", () => {
    const event = driftOf("one", { attribution: WHO });
    const names = LINES.csv.head.trim().split(",");
    const cells = LINES.csv.lineOf(event).trim().split(",");
    const cell = (name: string) => cells[names.indexOf(name)];
    expect([cell("changedBy"), cell("changeConfidence"), cell("changeTime")]).toEqual([
      WHO.principal,
      "certain",
      WHO.eventTime,
    ]);
    expect(JSON.parse(LINES.ndjson.lineOf(event)).attribution).toEqual(WHO);
    expect(LINES.csv.lineOf(driftOf("nobody")).trim().endsWith(",,,,,,,,,")).toBe(true);
  });

  it("in the object of the API, and in its schema", async () => {
    const { app, store } = world();
    store.putDrift(driftOf("one", { attribution: WHO }));
    const path = "/apis/holdfast.dev/v1/namespaces/default/driftevents/one";
    expect((await app.inject(path)).json().attribution).toEqual(WHO);
    const schema = (await app.inject("/openapi/v3/apis/holdfast.dev/v1")).json();
    const told = JSON.stringify(schema);
    for (const member of Object.keys(WHO)) expect(told).toContain(`"${member}"`);
  });

  it("nowhere, where nobody is known to have done it", () => {
    const model = serviceModel({ drift: [open("one")] });
    expect(servicePage(model)).not.toMatch(/Changed by/);
  });
});

const FLOW: EventFlow = {
  ...{ region: "us-east-1", queue: "holdfast-events", state: "flowing", since: ago(600) },
  ...{ lastEventAt: ago(5), usualDelaySeconds: 7 },
  messages: { matched: 3, unmatched: 2, own: 4, repeated: 1, ignored: 0 },
};

describe("whether events flow stands", () => {
  it("on the page of the fleet, in its text and in its JSON", () => {
    const model = fleetModel({ eventFlow: FLOW });
    for (const told of [fleetPage(model), fleetText(model)])
      expect(
        unbroken(told)
          .replaceAll("&#39;", "'")
          .replaceAll(/<[^>]+>/g, ""),
      ).toMatch(
        /AWS's events flow since .* \(queue holdfast-events, us-east-1\)\. The last came at .*; a call is told of after 7 s\./,
      );
    expect(fleetJson(model)).toMatchObject({ eventFlow: FLOW });
  });

  it("with what is in the way, where they are silent", () => {
    const { lastEventAt: _, usualDelaySeconds: __, ...rest } = FLOW;
    const silent = {
      ...rest,
      state: "silent" as const,
      fault: "sqs:ReceiveMessage answered AccessDenied (unauthorized)",
    };
    expect(unbroken(fleetText(fleetModel({ eventFlow: silent })))).toMatch(
      /silent since .*, so that everything is polled .*None has come yet\. The queue cannot be read: sqs:ReceiveMessage answered AccessDenied/,
    );
  });

  it("nowhere, where none are listened to", () => {
    expect(fleetPage(fleetModel())).not.toContain("events-flow");
    expect(fleetText(fleetModel())).not.toContain("AWS's events");
  });

  it("in metrics", async () => {
    const metrics = (await world({ eventFlow: () => FLOW }).app.inject("/metrics")).body;
    expect(metrics).toContain('holdfast_events_flowing{region="us-east-1"} 1');
    expect(metrics).toContain('holdfast_events_delay_seconds{region="us-east-1"} 7');
    expect(metrics).toContain('holdfast_events_total{region="us-east-1",outcome="own"} 4');
    expect((await world().app.inject("/metrics")).body).not.toMatch(/^holdfast_events_\w+[{ ]/m);
  });
});

describe("store: what events need", () => {
  const made = (id: string, name: string) => ({
    ...{
      kind: "targetGroup" as const,
      id,
      name,
      origin: "made" as const,
      address: targetGroupAddress("web"),
    },
    ...{ sinceMs: 0, takesOver: [] },
  });

  it("keeps who did it, through a restart, and through what else is written of the event", () => {
    const path = `${folder()}/holdfast.db`;
    const { store } = opened(path);
    store.putDrift(driftOf("one", { attribution: WHO }));
    expect(store.driftEvents({}).items[0]?.attribution).toEqual(WHO);
    store.putDrift({ ...store.openDrift(KEY)[0]!, attempts: 1 });
    expect(store.driftEvents({}).items[0]?.attribution).toEqual(WHO);
  });

  it("knows who has made something, by its id or its name", () => {
    const { store } = opened();
    created(store);
    created(store, "other");
    store.putMade(KEY, made("arn:one", "hf-one"));
    store.putMade({ ...KEY, name: "other" }, made("arn:two", "hf-two"));
    const holders = (...ids: string[]) => store.madeAs(ids).map(({ service }) => service.name);
    expect(holders("arn:one")).toEqual(["web-api"]);
    expect(holders("hf-two", "nothing")).toEqual(["other"]);
    expect(holders("arn:one", "hf-one")).toEqual(["web-api"]);
    expect(holders()).toEqual([]);
  });

  it("answers that, and whose a request id is, by an index", () => {
    const path = `${folder()}/holdfast.db`;
    opened(path);
    const database = new Database(path, { readonly: true });
    const planOf = (sql: string) => JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    expect(planOf("SELECT * FROM made WHERE id IN (SELECT value FROM json_each('[]'))")).toContain(
      "made_by_id",
    );
    expect(planOf("SELECT * FROM made WHERE name IN (SELECT value FROM json_each('[]'))")).toContain(
      "made_by_name",
    );
    expect(planOf("SELECT * FROM calls WHERE request_id = 'a'")).toContain("calls_by_request");
    database.close();
  });

  it("knows a call by the id that AWS answered it with", () => {
    const { store } = opened();
    const call = { service: KEY, generation: 1, plan: "p", address: targetGroupAddress("web"), affected: [] };
    const id = store.openCall({ ...call, operation: "elasticloadbalancing:ModifyTargetGroup" });
    expect(store.callOfRequest("r-1")).toBeUndefined();
    store.closeCall(id, { outcome: "succeeded", requestId: "r-1" });
    expect(store.callOfRequest("r-1")).toMatchObject({ id, outcome: "succeeded" });
  });
});
