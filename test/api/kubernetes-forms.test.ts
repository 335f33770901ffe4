import { describe, expect, it } from "vitest";
import { kubernetesVersion } from "../../src/api/discovery/version.ts";
import { durationText } from "../../src/api/tables/duration.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { instance } from "../dashboard/fixtures.ts";
import { driftOf, statusOf } from "../store/support.ts";
import { manifest, post, type World, world } from "./support.ts";

const ALL = "/apis/holdfast.dev/v1/webservices";
const TABLE =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const KEY = { namespace: "default", name: "a" };
const HOUR_MS = 3_600_000;

async function asked({ app }: World, url: string, accept = TABLE) {
  return (await app.inject({ url, headers: { accept } })).json();
}

interface Table {
  columnDefinitions: { name: string; priority: number }[];
  rows: { cells: unknown[]; object?: { kind: string; metadata: { name: string }; spec?: object } }[];
}

/** The rows as a terminal shows them, without what only `-o wide` shows. */
function narrow({ columnDefinitions, rows }: Table): unknown[][] {
  const shown = (_: unknown, index: number) => columnDefinitions[index]?.priority === 0;
  return [
    columnDefinitions.map(({ name }) => name).filter(shown),
    ...rows.map(({ cells }) => cells.filter(shown)),
  ];
}

async function withService(): Promise<World> {
  const w = world();
  await post(w, manifest("a"));
  return w;
}

describe("objects as a Table", () => {
  it("are rows of cells, whose ages are counted on the daemon's own clock, however fast it goes", async () => {
    const w = await withService();
    await w.clock.advance(50 * HOUR_MS);
    const table = await asked(w, ALL);
    expect(table).toMatchObject({
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata: { resourceVersion: "1" },
    });
    expect(narrow(table)).toEqual([
      ["Name", "Ready", "Reason", "Serving", "Drifted", "Age"],
      ["a", "Unknown", "<unknown>", "<unknown>", "Unknown", "2d2h"],
    ]);
    expect(table.rows[0].object).toEqual({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: expect.objectContaining({ name: "a" }),
    });
  });

  it("carry what a client sorts by only where it asks for it", async () => {
    const w = await withService();
    const included = async (what: string) => (await asked(w, `${ALL}?includeObject=${what}`)).rows[0].object;
    expect((await included("Object")).spec).toEqual({ region: "us-east-1", size: 1 });
    expect((await included("Metadata")).spec).toBeUndefined();
    expect(await included("None")).toBeUndefined();
  });

  it("say of a status what was observed, and of what was not that it is not known", async () => {
    const w = await withService();
    const uid = w.store.get(KEY)?.metadata.uid ?? "";
    const serving = async (...words: ("yes" | "no" | "unknown")[]) => {
      const instances = words.map((serving, index) => instance(`i-${index}`, "us-east-1a", { serving }));
      w.store.updateStatus(KEY, uid, { ...statusOf(new Date(0).toISOString()), instances });
      return (await asked(w, ALL)).rows[0].cells[3];
    };
    expect(await serving("yes", "no")).toBe("1/2");
    expect(await serving("yes", "unknown")).toBe("1/2 (1 unknown)");
    expect(await serving("unknown", "unknown")).toBe("?/2");
  });

  it("come for drift and events too, alone, in pages, and in a list that is too long for one page", async () => {
    const w = world();
    const namesOf = ({ rows }: Table) => rows.map(({ cells }) => cells[0]);
    const drifted = {
      service: "a",
      resource: "targetGroups.web",
      field: "port",
      lastSeenTime: new Date(w.clock.nowMs()).toISOString(),
    };
    w.store.putDrift(driftOf("d1", drifted));
    await w.clock.advance(5 * 60_000);
    const drift = await asked(w, "/apis/holdfast.dev/v1/driftevents");
    expect(narrow(drift)[0]).toEqual(["Name", "Service", "Resource", "Field", "State", "Last Seen", "Age"]);
    expect(narrow(drift)[1]?.slice(0, 6)).toEqual(["d1", "a", "targetGroups.web", "port", "Open", "5m"]);
    const one = await asked(w, "/apis/holdfast.dev/v1/namespaces/default/driftevents/d1");
    expect([one.kind, namesOf(one)]).toEqual(["Table", ["d1"]]);

    const [service] = (await post(w, manifest("a"))).json().items;
    w.store.record(service, { type: "Normal", reason: "Created", message: "made" });
    await w.clock.advance(60_000);
    expect(narrow(await asked(w, "/api/v1/events"))).toEqual([
      ["Last Seen", "Type", "Reason", "Object", "Message"],
      ["60s", "Normal", "Created", "webservice/a", "made"],
    ]);

    for (let index = 0; index < LIMITS.listPage + 1; index += 1) {
      w.store.create({ metadata: { namespace: "many", name: `s${1000 + index}` }, spec: { region: "x" } });
    }
    const page = await asked(w, `${ALL}?limit=2`);
    expect([namesOf(page), page.metadata.remainingItemCount]).toEqual([["a", "s1000"], LIMITS.listPage]);
    const whole = await asked(w, ALL);
    expect([whole.kind, whole.rows.length]).toEqual(["Table", LIMITS.listPage + 2]);
  });

  it("come from a watch, one row for each change", async () => {
    const w = await withService();
    const answer = await w.app.inject({
      url: `${ALL}?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
      headers: { accept: TABLE },
      payloadAsStream: true,
    });
    let text = "";
    answer.stream().on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type, object }) => [type, object.kind, object.rows.length])).toEqual([
      ["ADDED", "Table", 1],
      ["BOOKMARK", "Table", 0],
    ]);
    expect(lines[0].object.rows[0].cells[0]).toBe("a");
    expect(lines[1].object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
  });

  it("are no answer to who asks for something else", async () => {
    const w = await withService();
    for (const accept of [
      "*/*",
      "application/json",
      "application/vnd.kubernetes.protobuf,application/json",
      "text/html",
    ]) {
      expect((await asked(w, ALL, accept)).kind).toBe("WebServiceList");
    }
    const old = await asked(w, ALL, "application/json;as=Table;v=v1beta1;g=meta.k8s.io");
    expect(old.apiVersion).toBe("meta.k8s.io/v1beta1");
    const unknown = await w.app.inject({
      url: ALL,
      headers: { accept: "application/json;as=Poem;v=v1;g=meta.k8s.io" },
    });
    expect(unknown.statusCode).toBe(406);
  });
});

it("objects come as their metadata alone where that is all that is wanted", async () => {
  const w = await withService();
  const list = await asked(w, ALL, METADATA);
  expect(list).toMatchObject({
    kind: "PartialObjectMetadataList",
    items: [{ kind: "PartialObjectMetadata", metadata: { name: "a" } }],
  });
  expect(list.items[0].spec).toBeUndefined();
});

describe("namespaces", () => {
  it("are those that hold services, and every other one when it is asked for by its name", async () => {
    const w = await withService();
    await post(w, manifest("b", { metadata: { name: "b", namespace: "team-a" } }));
    const list = async () =>
      (await asked(w, "/api/v1/namespaces", "application/json")).items.map(
        (one: { metadata: { name: string } }) => one.metadata.name,
      );
    expect(await list()).toEqual(["default", "team-a"]);
    w.store.release(
      { namespace: "team-a", name: "b" },
      w.store.get({ namespace: "team-a", name: "b" })?.metadata.uid ?? "",
    );
    expect(await list()).toEqual(["default"]);
    expect(narrow(await asked(w, "/api/v1/namespaces/team-a"))[1]).toEqual(["team-a", "Active", "<unknown>"]);
    const { resources } = await asked(w, "/api/v1", "application/json");
    expect(resources.map((one: { name: string }) => one.name)).toContain("namespaces");
  });
});

it("the version is written as Kubernetes writes it", () => {
  const version = kubernetesVersion("0.12.3", { version: "v24.1.0", platform: "linux", arch: "x64" });
  expect(version).toMatchObject({ major: "0", minor: "12", gitVersion: "v0.12.3", platform: "linux/amd64" });
  for (const member of ["gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler"]) {
    expect(version).toHaveProperty(member);
  }
});

it("a length of time is written as Kubernetes writes it", () => {
  const [second, minute, hour, day] = [1_000, 60_000, HOUR_MS, 24 * HOUR_MS];
  const texts: [number, string][] = [
    [-5 * second, "0s"],
    [119 * second, "119s"],
    [2 * minute, "2m"],
    [9 * minute + 59 * second, "9m59s"],
    [179 * minute, "179m"],
    [3 * hour + 5 * minute, "3h5m"],
    [47 * hour, "47h"],
    [7 * day + 3 * hour, "7d3h"],
    [729 * day, "729d"],
    [800 * day, "2y70d"],
    [4_000 * day, "10y"],
  ];
  expect(texts.map(([ms]) => durationText(ms))).toEqual(texts.map(([, text]) => text));
});
