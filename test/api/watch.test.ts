import type { Readable } from "node:stream";
import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/model/limits.ts";
import { driftOf } from "../store/support.ts";
import { BASE, manifest, post, type World, world } from "./support.ts";

const ALL = "/apis/holdfast.dev/v1/webservices";
const KEY = { namespace: "default", name: "a" };

interface Line {
  type: string;
  object: { metadata: { name?: string; resourceVersion: string; annotations?: Record<string, string> } };
}

/** A watch, and the lines that it has sent so far. */
async function watching({ app }: World, url: string) {
  const options: InjectOptions & { payloadAsStream: true } = { method: "GET", url, payloadAsStream: true };
  const answer = await app.inject(options);
  expect(answer.statusCode).toBe(200);
  const stream: Readable = answer.stream();
  let text = "";
  let isCut = false;
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
  });
  stream.on("error", () => {
    isCut = true;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const lines = async (): Promise<Line[]> => {
    for (let round = 0; round < 20; round += 1) await turn();
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };
  return {
    stream,
    lines,
    brief: async () =>
      (await lines()).map(
        ({ type, object }) => `${type} ${object.metadata.name ?? ""} ${object.metadata.resourceVersion}`,
      ),
    cut: () => isCut,
  };
}

describe("a watch", () => {
  it("begins with what there is, and goes on with what changes", async () => {
    const w = world();
    await post(w, [manifest("a"), manifest("b")]);
    const watch = await watching(w, `${ALL}?watch=1`);
    expect(await watch.brief()).toEqual(["ADDED a 1", "ADDED b 2"]);
    w.store.update(KEY, { spec: { region: "x" } });
    w.store.markDeleted(KEY);
    w.store.release(KEY, "uid-1");
    w.store.putDrift(driftOf("d1"));
    expect((await watch.brief()).slice(2)).toEqual(["MODIFIED a 3", "MODIFIED a 4", "DELETED a 5"]);
  });

  it("resumes after a version without a gap and without a repetition", async () => {
    const w = world();
    await post(w, [manifest("a"), manifest("b")]);
    const { metadata } = (await w.app.inject(`${ALL}?limit=1`)).json();
    w.store.update(KEY, { spec: { region: "x" } });
    const watch = await watching(w, `${ALL}?watch=true&resourceVersion=${metadata.resourceVersion}`);
    w.store.update(KEY, { spec: { region: "y" } });
    expect(await watch.brief()).toEqual(["MODIFIED a 3", "MODIFIED a 4"]);
  });

  it("is of one namespace, one name, or the labels that were asked for", async () => {
    const w = world();
    const inShop = await watching(w, "/apis/holdfast.dev/v1/namespaces/shop/webservices?watch=1");
    const named = await watching(w, `${BASE}?watch=1&fieldSelector=metadata.name%3Db`);
    const labelled = await watching(w, `${ALL}?watch=1&labelSelector=team%3Dx`);
    await post(w, [
      manifest("a"),
      manifest("b"),
      manifest("c", { metadata: { name: "c", namespace: "shop" } }),
    ]);
    expect(await inShop.brief()).toEqual(["ADDED c 3"]);
    expect(await named.brief()).toEqual(["ADDED b 2"]);
    w.store.update(KEY, { spec: { region: "us-east-1" }, labels: { team: "x" } });
    w.store.update(KEY, { spec: { region: "us-east-2" }, labels: { team: "x" } });
    w.store.update(KEY, { spec: { region: "us-east-2" }, labels: {} });
    w.store.update(KEY, { spec: { region: "us-east-3" }, labels: {} });
    // It came into view, moved within it, and left it.
    expect(await labelled.brief()).toEqual(["ADDED a 4", "MODIFIED a 5", "DELETED a 6"]);
  });

  it("of open drift lets go of what is closed", async () => {
    const w = world();
    const watch = await watching(w, "/apis/holdfast.dev/v1/driftevents?watch=1&fieldSelector=state%3DOpen");
    w.store.putDrift(driftOf("d1"));
    w.store.putDrift(driftOf("d1", { state: "Corrected" }));
    w.store.putDrift(driftOf("d1", { state: "Corrected", after: "/x" }));
    expect(await watch.brief()).toEqual(["ADDED d1 1", "DELETED d1 2"]);
  });

  it("marks the end of its beginning for clients that ask for it", async () => {
    const w = world();
    await post(w, manifest("a"));
    const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const watch = await watching(w, `${ALL}?${query}`);
    const [first, second, ...others] = await watch.lines();
    expect([first?.type, second?.type, others]).toEqual(["ADDED", "BOOKMARK", []]);
    expect(second?.object.metadata).toEqual({
      resourceVersion: "1",
      annotations: { "k8s.io/initial-events-end": "true" },
    });
  });

  it("sends a bookmark each minute to those who want them, and ends when its time is up", async () => {
    const w = world();
    const watch = await watching(w, `${ALL}?watch=1&allowWatchBookmarks=true&timeoutSeconds=150`);
    const plain = await watching(w, `${ALL}?watch=1`);
    w.store.putDrift(driftOf("d1"));
    await w.clock.advance(60_000);
    expect(await watch.brief()).toEqual(["BOOKMARK  1"]);
    await w.clock.advance(60_000);
    expect(await watch.lines()).toHaveLength(2);
    await w.clock.advance(60_000);
    await watch.lines();
    expect(watch.stream.readableEnded).toBe(true);
    expect(await watch.lines()).toHaveLength(2);
    expect(await plain.lines()).toEqual([]);
  });

  it("is told to begin anew when its version is too old or was never reached", async () => {
    const w = world();
    w.store.transaction(() => {
      w.store.create({ metadata: KEY, spec: {} });
      for (let n = 0; n <= LIMITS.watchWindow; n += 1)
        w.store.update(KEY, { spec: {}, labels: { n: String(n) } });
    });
    for (const version of ["1", "99999999"]) {
      const answer = await w.app.inject(`${ALL}?watch=1&resourceVersion=${version}`);
      expect([answer.statusCode, answer.json().reason, answer.json().kind]).toEqual([
        410,
        "Expired",
        "Status",
      ]);
    }
  });

  it("sees each object once when its long beginning is overtaken by changes", async () => {
    const w = world();
    w.store.transaction(() => {
      for (let n = 100; n < 400; n += 1) {
        w.store.create({
          metadata: { namespace: "default", name: `n${n}` },
          spec: { bulk: "x".repeat(5_000) },
        });
      }
    });
    const url = `${ALL}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`;
    const options: InjectOptions & { payloadAsStream: true } = { method: "GET", url, payloadAsStream: true };
    const stream = (await w.app.inject(options)).stream();
    // Nothing is read yet, so only the first pages have been taken from the store.
    w.store.update({ namespace: "default", name: "n100" }, { spec: { early: 1 } });
    w.store.update({ namespace: "default", name: "n399" }, { spec: { late: 1 } });
    w.store.markDeleted({ namespace: "default", name: "n398" });
    w.store.release({ namespace: "default", name: "n398" }, "uid-299");
    w.store.create({ metadata: { namespace: "default", name: "n999" }, spec: {} });
    let text = "";
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.includes("initial-events-end")) break;
    }
    const lines: Line[] = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const seen = new Map<string, number[]>();
    for (const { object } of lines) {
      const name = object.metadata.name ?? "bookmark";
      seen.set(name, [...(seen.get(name) ?? []), Number(object.metadata.resourceVersion)]);
    }
    expect(seen.get("n100")).toEqual([1, 301]);
    expect(seen.get("n399")).toEqual([302]);
    expect(seen.get("n999")).toEqual([305]);
    expect(seen.get("bookmark")).toEqual([305]);
    expect(seen.size).toBe(302);
    for (const versions of seen.values()) expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it("that does not read is cut off before it costs much, and costs the others nothing", async () => {
    const w = world();
    const options: InjectOptions & { payloadAsStream: true } = {
      method: "GET",
      url: `${ALL}?watch=1`,
      payloadAsStream: true,
    };
    await w.app.inject(options);
    const reading = await watching(w, `${ALL}?watch=1`);
    w.store.create({ metadata: KEY, spec: {} });
    for (let n = 0; n < 12; n += 1) {
      w.store.update(KEY, { spec: { n, bulk: "x".repeat(500_000) } });
      await reading.lines();
    }
    expect(await reading.lines()).toHaveLength(13);
    const metrics = (await w.app.inject("/metrics")).body;
    expect(metrics).toContain("holdfast_watches 1\n");
  });

  it("is one of a bounded number", async () => {
    const w = world();
    for (let n = 1; n < LIMITS.watches; n += 1) await watching(w, `${ALL}?watch=1`);
    await watching(w, `${ALL}?watch=1&timeoutSeconds=1`);
    const answer = await w.app.inject(`${ALL}?watch=1`);
    expect([answer.statusCode, answer.headers["retry-after"], answer.json().reason]).toEqual([
      429,
      "10",
      "TooManyRequests",
    ]);
    await w.clock.advance(1_000);
    await watching(w, `${ALL}?watch=1`);
  });

  it("refuses parameters that contradict each other", async () => {
    const w = world();
    for (const query of ["watch=1&sendInitialEvents=true", "watch=1&resourceVersionMatch=NotOlderThan"]) {
      expect((await w.app.inject(`${ALL}?${query}`)).statusCode).toBe(422);
    }
    expect((await w.app.inject({ method: "HEAD", url: `${ALL}?watch=1` })).statusCode).toBe(200);
  });

  it("ends when the server does", async () => {
    const w = world();
    const watch = await watching(w, `${ALL}?watch=1`);
    await w.app.close();
    await watch.lines();
    expect(watch.stream.readableEnded).toBe(true);
  });

  it("is open as soon as its headers are there, and is forgotten when the client goes", async () => {
    const w = world();
    const address = await w.app.listen({ host: "127.0.0.1", port: 0 });
    const metric = async () => /holdfast_watches (\d+)/.exec((await w.app.inject("/metrics")).body)?.[1];
    const client = new AbortController();
    const answer = await fetch(`${address}${ALL}?watch=1`, { signal: client.signal });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await metric()).toBe("1");
    client.abort();
    await expect.poll(metric).toBe("0");
  });

  it("that has missed more than it can be sent is told to list anew, and not cut off for ever", async () => {
    const w = world();
    await post(w, manifest("a"));
    const { resourceVersion } = w.store.get(KEY)!.metadata;
    const annotations = (n: number) => ({ n: String(n), pad: "x".repeat(100_000) });
    const enough = Math.ceil(LIMITS.watchBufferBytes / 100_000);
    for (let n = 0; n < enough; n += 1) {
      w.store.update(KEY, { spec: { region: "us-east-1" }, annotations: annotations(n) });
    }
    const answer = await w.app.inject(`${ALL}?watch=1&resourceVersion=${resourceVersion}`);
    expect([answer.statusCode, answer.json().reason]).toEqual([410, "Expired"]);
    // What was missed of other kinds, or elsewhere, is nothing to it.
    const elsewhere = `/apis/holdfast.dev/v1/namespaces/other/webservices?watch=1&resourceVersion=${resourceVersion}`;
    const watch = await watching(w, elsewhere);
    expect([await watch.lines(), watch.cut()]).toEqual([[], false]);
    const { metadata } = (await w.app.inject(ALL)).json();
    const resumed = await watching(w, `${ALL}?watch=1&resourceVersion=${metadata.resourceVersion}`);
    w.store.update(KEY, { spec: { region: "us-east-1" }, annotations: {} });
    expect((await resumed.lines()).map(({ type }) => type)).toEqual(["MODIFIED"]);
  });

  it("that took so long for its beginning that more has changed than is kept ends in 410", async () => {
    const pieces = { areHeld: true };
    const waiting: (() => void)[] = [];
    const takeTurn = () =>
      new Promise<void>((resolve) => (pieces.areHeld ? waiting.push(resolve) : resolve()));
    const w = world({ takeTurn });
    w.store.transaction(() => {
      for (let n = 0; n < LIMITS.listPiece * 2; n += 1) {
        w.store.create({ metadata: { namespace: "default", name: `n${n}` }, spec: { region: "x" } });
      }
    });
    const watch = await watching(w, `${ALL}?watch=1`);
    const first = { namespace: "default", name: "n0" };
    for (let n = 0; n * 100_000 < LIMITS.watchBufferBytes; n += 1) {
      const annotations = { n: String(n), pad: "x".repeat(100_000) };
      w.store.update(first, { spec: { region: "x" }, annotations });
    }
    pieces.areHeld = false;
    for (const go of waiting) go();
    const last = (await watch.lines()).at(-1) as unknown as { type: string; object: { code: number } };
    expect([last.type, last.object.code]).toEqual(["ERROR", 410]);
    expect(watch.stream.readableEnded).toBe(true);
  });
});
