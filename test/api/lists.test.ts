import { describe, expect, it } from "vitest";
import { parseLabelSelector } from "../../src/api/selectors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { driftOf } from "../store/support.ts";
import { BASE, manifest, post, world } from "./support.ts";

const ALL = "/apis/holdfast.dev/v1/webservices";
const DRIFT = "/apis/holdfast.dev/v1/driftevents";
const EVENTS = "/api/v1/events";

interface ListBody {
  metadata: { continue?: string };
  items: { metadata: { name: string } }[];
}

async function three() {
  const w = world();
  const labelled = (name: string, labels: object, namespace = "default") =>
    manifest(name, { metadata: { name, namespace, labels } });
  await post(w, [
    labelled("a", { team: "x", tier: "web" }),
    labelled("b", { team: "y" }),
    labelled("c", { team: "x" }, "shop"),
  ]);
  const names = async (url: string) => {
    const answer = await w.app.inject(url);
    expect(answer.statusCode).toBe(200);
    return answer.json().items.map((item: { metadata: { name: string } }) => item.metadata.name);
  };
  return { ...w, names };
}

describe("label selectors", () => {
  const labels = { team: "x", tier: "web", "holdfast.dev/zone": "" };
  const selectors: [string, boolean][] = [
    ["", true],
    ["team=x", true],
    ["team==x", true],
    ["team = x , tier = web", true],
    ["team=y", false],
    ["team!=y", true],
    ["team!=x", false],
    ["none!=x", true],
    ["none=", false],
    ["holdfast.dev/zone=", true],
    ["team in (x,y)", true],
    ["team in (y, z),tier=web", false],
    ["team notin (y,z)", true],
    ["none notin (y)", true],
    ["none in (y)", false],
    ["team", true],
    ["none", false],
    ["!none", true],
    ["!team", false],
    ["team,!none,tier in (web)", true],
  ];

  it.each(selectors)('"%s" is %s', (selector, matches) => {
    expect(parseLabelSelector(selector)(labels)).toBe(matches);
  });

  it.each(["team=x=y", "a b", "team in x", "team in (x", "=x", "-a=b", "!", "team,,tier", "team>1"])(
    '"%s" is a 400 that names it',
    async (selector) => {
      const answer = await world().app.inject(`${ALL}?labelSelector=${encodeURIComponent(selector)}`);
      expect([answer.statusCode, answer.json().kind]).toEqual([400, "Status"]);
      expect(answer.json().message).toContain("labelSelector");
    },
  );

  it("knows no label that JavaScript brought along", () => {
    expect(parseLabelSelector("constructor")({})).toBe(false);
  });
});

describe("lists of WebServices", () => {
  it("are of a namespace or of all, by label and by name", async () => {
    const { names } = await three();
    expect(await names(ALL)).toEqual(["a", "b", "c"]);
    expect(await names(BASE)).toEqual(["a", "b"]);
    expect(await names(`${ALL}?labelSelector=team%3Dx`)).toEqual(["a", "c"]);
    expect(await names(`${ALL}?fieldSelector=metadata.name%3Dc`)).toEqual(["c"]);
    expect(await names(`${ALL}?fieldSelector=metadata.namespace!%3Dshop,metadata.name!%3Da`)).toEqual(["b"]);
    expect(await names("/apis/holdfast.dev/v1/namespaces/none/webservices")).toEqual([]);
  });

  it("have the shape of a Kubernetes list", async () => {
    const { app } = await three();
    expect((await app.inject(`${ALL}?limit=2`)).json()).toMatchObject({
      kind: "WebServiceList",
      apiVersion: "holdfast.dev/v1",
      metadata: { resourceVersion: "3", remainingItemCount: 1, continue: expect.any(String) },
    });
  });

  it("come in pages that together hold each object once", async () => {
    const { app } = await three();
    const seen: string[] = [];
    for (let next: string | undefined = ""; next !== undefined; ) {
      const page: ListBody = (await app.inject(`${ALL}?limit=1&continue=${next}`)).json();
      seen.push(...page.items.map((item) => item.metadata.name));
      next = page.metadata.continue;
    }
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("are whole without a limit, however long", async () => {
    const w = world();
    w.store.transaction(() => {
      for (let n = 0; n < LIMITS.listPage * 2 + 3; n += 1) {
        w.store.create({ metadata: { namespace: "default", name: `n${n}` }, spec: {} });
      }
    });
    const whole = (await w.app.inject(ALL)).json();
    expect(whole.items).toHaveLength(LIMITS.listPage * 2 + 3);
    expect(whole.metadata).toEqual({ resourceVersion: String(LIMITS.listPage * 2 + 3) });
    expect(new Set(whole.items.map((item: { metadata: { uid: string } }) => item.metadata.uid)).size).toBe(
      LIMITS.listPage * 2 + 3,
    );
    expect((await w.app.inject(`${ALL}?limit=9999`)).json().items).toHaveLength(LIMITS.listPage);
  });

  it("refuse what they do not understand", async () => {
    const { app } = await three();
    for (const query of [
      "continue=nonsense",
      "limit=many",
      "limit=-1",
      "labelselector=a",
      "watch=maybe",
      "resourceVersion=abc",
      "fieldSelector=spec.region%3Dx",
      "fieldSelector=metadata.name",
      "limit=1&limit=2",
    ]) {
      const answer = await app.inject(`${ALL}?${query}`);
      expect([query, answer.statusCode, answer.json().reason]).toEqual([query, 400, "BadRequest"]);
    }
    const misspelt = (await app.inject(`${ALL}?labelselector=a`)).json();
    expect(misspelt.details.causes).toEqual([
      { reason: "FieldUnknown", field: "labelselector", message: "is not a parameter of this route" },
    ]);
  });

  it("answer for the present alone", async () => {
    const { app } = await three();
    const codeOf = async (query: string) => (await app.inject(`${ALL}?${query}`)).statusCode;
    expect(await codeOf("resourceVersion=1&resourceVersionMatch=NotOlderThan")).toBe(200);
    expect(await codeOf("resourceVersion=3&resourceVersionMatch=Exact")).toBe(200);
    expect(await codeOf("resourceVersion=1&resourceVersionMatch=Exact")).toBe(410);
    expect(await codeOf("resourceVersion=999")).toBe(410);
    expect(await codeOf("sendInitialEvents=true")).toBe(422);
  });
});

describe("lists of drift events and core events", () => {
  it("have the newest first, by service, resource and state", async () => {
    const { store, names, app } = await three();
    store.putDrift(driftOf("d1", { service: "a" }));
    store.putDrift(driftOf("d2", { service: "b", state: "Corrected" }));
    store.putDrift(driftOf("d3", { service: "a", resource: "loadBalancer" }));
    expect(await names(DRIFT)).toEqual(["d3", "d2", "d1"]);
    const of = (selector: string) => names(`${DRIFT}?fieldSelector=${encodeURIComponent(selector)}`);
    expect(await of("service=a")).toEqual(["d3", "d1"]);
    expect(await of("service!=a")).toEqual(["d2"]);
    expect(await of("state=Open,resource=loadBalancer")).toEqual(["d3"]);
    expect(await names("/apis/holdfast.dev/v1/namespaces/default/driftevents?limit=1")).toEqual(["d3"]);
    expect((await app.inject("/apis/holdfast.dev/v1/namespaces/default/driftevents/d2")).json().service).toBe(
      "b",
    );
    expect((await app.inject("/apis/holdfast.dev/v1/namespaces/default/driftevents/d9")).statusCode).toBe(
      404,
    );
  });

  it("are found as kubectl describe asks for them", async () => {
    const { store, names } = await three();
    const a = store.get({ namespace: "default", name: "a" })!;
    store.record(a, { type: "Normal", reason: "Created", message: "made" });
    store.record(store.get({ namespace: "default", name: "b" })!, {
      type: "Warning",
      reason: "Failed",
      message: "no",
    });
    const of = async (selector: string) =>
      (await names(`/api/v1/namespaces/default/events?fieldSelector=${encodeURIComponent(selector)}`)).length;
    const described = `involvedObject.name=a,involvedObject.namespace=default,involvedObject.uid=${a.metadata.uid},involvedObject.kind=WebService`;
    expect(await of(described)).toBe(1);
    expect(await of("involvedObject.name=a,type=Warning")).toBe(0);
    expect(await of("reason=Failed")).toBe(1);
    expect((await names(EVENTS))[0]).toMatch(/^b\./);
  });

  it("are read-only", async () => {
    const { app } = await three();
    for (const url of [DRIFT, EVENTS, ALL]) {
      const answer = await app.inject({ method: "POST", url, payload: "{}" });
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, "GET, HEAD"]);
    }
  });
});
