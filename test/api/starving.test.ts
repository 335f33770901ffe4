/** However much some ask for, and however slowly they take it, the others are served. */
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import type { ListQuery } from "../../src/model/fleet/list-query.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { eventLoopTurns } from "../../src/runtime/event-loop-turns.ts";
import { openStore } from "../../src/store/open.ts";
import { driftOf, newUids } from "../store/support.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { waitUntil } from "../support/wait-until.ts";
import { manifest, post, type World, world } from "./support.ts";

const ALL = "/apis/holdfast.dev/v1/webservices";
const OBJECTS = 1_500;

/** A store with many objects, and how much was read of it from one turn to the next. */
function many(spec: Record<string, unknown> = {}) {
  const store = openStore({ path: ":memory:", clock: new VirtualClock(), newUid: newUids() });
  store.transaction(() => {
    for (let n = 0; n < OBJECTS; n += 1) {
      store.create({ metadata: { namespace: "default", name: `n${n}` }, spec });
    }
  });
  const perTurn: number[] = [];
  let now = 0;
  const list = (query: ListQuery) => {
    const answer = store.list(query);
    now += answer.items.length;
    return answer;
  };
  const nextTurn = eventLoopTurns();
  const takeTurn = async () => {
    await nextTurn();
    perTurn.push(now);
    now = 0;
  };
  const begin = () => {
    perTurn.length = 0;
    now = 0;
  };
  return { store: { ...store, list }, perTurn, takeTurn, begin };
}

async function namesOf({ app }: World, url: string): Promise<number> {
  const { items } = (await app.inject(url)).json();
  return new Set(items.map((item: { metadata: { name: string } }) => item.metadata.name)).size;
}

describe("what is long", () => {
  it("is read in small pieces, one in each turn, by however many clients at a time", async () => {
    const { store, perTurn, takeTurn, begin } = many();
    const w = world({ store, takeTurn });
    begin();
    const counts = await Promise.all(Array.from({ length: 4 }, () => namesOf(w, ALL)));
    expect(counts).toEqual([OBJECTS, OBJECTS, OBJECTS, OBJECTS]);
    expect(perTurn.length).toBeGreaterThanOrEqual(4 * (OBJECTS / LIMITS.listPiece - 1));
    // The first pieces are read as the requests come.
    const [first = 0, ...others] = perTurn;
    expect(first).toBeLessThanOrEqual(4 * LIMITS.listPiece);
    expect(Math.max(...others)).toBeLessThanOrEqual(LIMITS.listPiece);
  });

  it("is so as well on pages, and for watches from the beginning", async () => {
    const { store, perTurn, takeTurn, begin } = many();
    const w = world({ store, takeTurn });
    begin();
    expect(await namesOf(w, `${ALL}?limit=500`)).toBe(500);
    expect(Math.max(...perTurn)).toBe(LIMITS.listPiece);
    begin();
    const watching = w.app.inject(`${ALL}?watch=1&timeoutSeconds=5`);
    await waitUntil(async () => perTurn.length >= OBJECTS / LIMITS.listPiece - 1 || undefined, 10_000);
    await w.clock.advance(5_000);
    expect((await watching).body.match(/"ADDED"/g)).toHaveLength(OBJECTS);
    expect(Math.max(...perTurn)).toBe(LIMITS.listPiece);
  });

  it("looks at no more rows at a time than it may, however few of them are asked for", async () => {
    const { store } = many();
    const labels = { team: "x" };
    store.create({ metadata: { namespace: "default", name: "z", labels }, spec: {} });
    for (let n = 0; n < OBJECTS; n += 1) store.putDrift(driftOf(`d${n}`));
    let most = 0;
    const counted = (query: ListQuery): ListQuery => {
      let rows = 0;
      const matches = (object: Parameters<NonNullable<ListQuery["matches"]>>[0]) => {
        rows += 1;
        most = Math.max(most, rows);
        return query.matches?.(object) ?? true;
      };
      return { ...query, matches };
    };
    const list = (query: ListQuery) => store.list(counted(query));
    const driftEvents = (query: ListQuery) => store.driftEvents(counted(query));
    const w = world({ store: { ...store, list, driftEvents } });
    most = 0;
    expect(await namesOf(w, `${ALL}?labelSelector=team%3Dx`)).toBe(1);
    expect(await namesOf(w, `${ALL}?labelSelector=team%3Dx&limit=5`)).toBe(1);
    const drift = "/apis/holdfast.dev/v1/driftevents";
    expect(await namesOf(w, `${drift}?fieldSelector=metadata.name%3Dd0`)).toBe(1);
    expect(await namesOf(w, `${drift}?fieldSelector=metadata.name%3Dd0&limit=1`)).toBe(1);
    expect(most).toBeLessThanOrEqual(LIMITS.rowsPerPiece + 1);
  });
});

describe("a request of many manifests", () => {
  it("is checked one in each turn, and stores nothing when one has changed meanwhile", async () => {
    const turns: (() => void)[] = [];
    const w = world({ takeTurn: () => new Promise((resolve) => turns.push(resolve)) });
    const key = { namespace: "default", name: "a" };
    w.store.create({ metadata: key, spec: { region: "us-east-1" } });
    const specOf = (size: number) => ({ spec: { region: "us-east-1", size } });
    const sent = post(w, [manifest("a", specOf(2)), manifest("b"), manifest("c")]);
    await waitUntil(async () => turns.length === 1 || undefined, 10_000);
    w.store.update(key, specOf(3));
    turns.shift()?.();
    await waitUntil(async () => turns.length === 1 || undefined, 10_000);
    turns.shift()?.();
    expect((await sent).statusCode).toBe(409);
    expect(w.store.list({}).items.map(({ metadata, spec }) => [metadata.name, spec.size])).toEqual([
      ["a", 3],
    ]);
  });

  it("is not answered with more than it holds", async () => {
    const name = "k".repeat(500_000);
    const answer = await post(world(), `{"${name}": 1}`);
    expect([answer.statusCode, answer.body.length < 20_000]).toEqual([422, true]);
  });
});

describe("a reader who takes nothing", () => {
  const STALLED_MS = 200;

  async function asking(address: AddressInfo, url: string): Promise<Socket> {
    const socket = connect({ host: "127.0.0.1", port: address.port });
    await once(socket, "connect");
    socket.pause();
    socket.write(`GET ${url} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    return socket;
  }

  it("of a list is cut off after a while; a watch with nothing to tell is not", {
    timeout: 60_000,
  }, async () => {
    // More than the buffers of the kernel take.
    const { store } = many({ bulk: "x".repeat(20_000) });
    const { app } = world({ store }, STALLED_MS);
    await app.listen({ host: "127.0.0.1", port: 0 });
    const address = app.server.address() as AddressInfo;
    const quiet = await asking(address, `${ALL}?watch=1&resourceVersion=${store.resourceVersion()}`);
    const stalled = await asking(address, ALL);
    const connections = () =>
      new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    await waitUntil(async () => (await connections()) === 2 || undefined, 10_000);
    await waitUntil(async () => (await connections()) === 1 || undefined, 40_000);
    expect(quiet.destroyed).toBe(false);
    quiet.destroy();
    stalled.destroy();
  });
});
