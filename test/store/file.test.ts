import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { LOAD_BALANCER } from "../../src/model/address.ts";
import { StoreError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { openStore } from "../../src/store/open.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { waitUntil } from "../support/wait-until.ts";
import { created, driftOf, folder, KEY, newUids, opened, SPEC, statusOf } from "./support.ts";

const OWN_MODULE = fileURLToPath(new URL("../../src/store/open.ts", import.meta.url));
const CHILD = `
  const { openStore } = await import(process.argv[1]);
  const clock = { nowMs: () => 0, schedule: () => () => {} };
  let uid = 0;
  const store = openStore({ path: process.argv[2], clock, newUid: () => String(++uid) });
`;

/** Something else than the daemon, with the file in hand. */
function editing(path: string, edit: (database: Database.Database) => void): void {
  const database = new Database(path);
  edit(database);
  database.close();
}

function failureOf(path: string): StoreError {
  try {
    openStore({ path, clock: new VirtualClock(), newUid: newUids() }).close();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("it opened");
}

describe("store: the file", () => {
  it("survives being closed and opened, versions going on where they were", () => {
    const path = join(folder(), "deep", "er", "holdfast.db");
    const first = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    const object = created(first);
    first.putDrift(driftOf("d1"));
    first.close();
    const { store } = opened(path);
    expect(store.get(KEY)).toEqual(object);
    expect(store.resourceVersion()).toBe("2");
    expect(store.changesSince("1")).toBeUndefined();
    expect(store.changesSince("2")).toEqual([]);
  });

  it("and all that belongs to it is its owner's alone; what a group may is the operator's", () => {
    const place = folder();
    const path = join(place, "holdfast.db");
    const first = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    created(first);
    const modes = () =>
      readdirSync(place).map((name) => [name, (statSync(join(place, name)).mode & 0o777).toString(8)]);
    const all = modes();
    expect(all.map(([name]) => name)).toEqual(
      expect.arrayContaining(["holdfast.db", "holdfast.db-shm", "holdfast.db-wal", "holdfast.db.lock"]),
    );
    expect(all.filter(([, mode]) => mode !== "600")).toEqual([]);
    first.close();
    chmodSync(path, 0o644);
    const second = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    second.putDrift(driftOf("d1"));
    expect(modes()).toContainEqual(["holdfast.db", "640"]);
    expect(modes()).toContainEqual(["holdfast.db-wal", "640"]);
    second.close();
  });

  it("can be read by others while the daemon has it open, in plain columns", () => {
    const path = join(folder(), "holdfast.db");
    const { store } = opened(path);
    const { uid } = created(store).metadata;
    store.updateStatus(KEY, uid, statusOf("2026-01-01T00:00:00.000Z"));
    const reader = new Database(path, { readonly: true });
    const tables = reader.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    expect(tables).toEqual(
      expect.arrayContaining([
        "objects",
        "revisions",
        "drift_events",
        "events",
        "calls",
        "applied",
        "made",
        "migrations",
      ]),
    );
    expect(reader.prepare("SELECT namespace, name, generation, creation_time FROM objects").get()).toEqual({
      ...KEY,
      generation: 1,
      creation_time: "2026-01-01T00:00:00.000Z",
    });
    expect(reader.prepare("SELECT type, status FROM conditions").get()).toEqual({
      type: "Ready",
      status: "True",
    });
    reader.close();
  });

  it("keeps one revision for each generation, and the latest ones", () => {
    const path = join(folder(), "holdfast.db");
    const { store } = opened(path);
    created(store);
    for (let n = 0; n < 54; n += 1) store.update(KEY, { spec: { ...SPEC, n } });
    store.update(KEY, { spec: { ...SPEC, n: 53 }, labels: { a: "b" } });
    const reader = new Database(path, { readonly: true });
    const generations = reader.prepare("SELECT generation FROM revisions ORDER BY generation").pluck().all();
    expect(generations).toHaveLength(LIMITS.revisionsPerObject);
    expect([generations[0], generations.at(-1)]).toEqual([6, 55]);
    store.release(KEY, store.get(KEY)?.metadata.uid ?? "");
    expect(reader.prepare("SELECT count(*) FROM revisions").pluck().get()).toBe(0);
    reader.close();
  });

  it("is closed to a second daemon, by whatever name it comes, until the first one is gone", () => {
    const place = folder();
    const path = join(place, "holdfast.db");
    const first = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    symlinkSync(path, join(place, "alias.db"));
    symlinkSync(place, join(place, "also-here"));
    for (const name of [path, join(place, "alias.db"), join(place, "also-here", "holdfast.db")]) {
      expect(failureOf(name).message).toMatch(/holdfast\.db: another Holdfast daemon is using it/);
    }
    first.close();
    opened(path);
  });

  it("is free again when a daemon was killed, with all that it had acknowledged", async () => {
    const path = join(folder(), "holdfast.db");
    const program = `${CHILD}
      store.create({ metadata: { namespace: "default", name: "web-api" }, spec: {} });
      process.stdout.write("acknowledged");
      // As a daemon it goes on using it: what nobody uses any more is closed with the garbage.
      setInterval(() => store.get({ namespace: "default", name: "web-api" }), 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, OWN_MODULE, path]);
    await once(child.stdout, "data");
    expect(failureOf(path).message).toContain("another Holdfast daemon");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(opened(path).store.get(KEY)?.metadata.name).toBe("web-api");
  });

  it("keeps every acknowledged write, and nothing half, when the disk is full", () => {
    const path = join(folder(), "holdfast.db");
    const program = `${CHILD}
      let acknowledged = 0;
      try {
        for (;;) {
          const bulk = "x".repeat(20_000);
          store.transaction(() => {
            store.create({ metadata: { namespace: "a", name: "n" + acknowledged }, spec: { bulk } });
            store.create({ metadata: { namespace: "b", name: "n" + acknowledged }, spec: { bulk } });
          });
          acknowledged += 1;
        }
      } catch (error) {
        const fault = store.fault().message;
        process.stdout.write(JSON.stringify({ acknowledged, name: error.name, message: error.message, fault }));
      }`;
    const quoted = `trap '' XFSZ; ulimit -f 4000; exec "$0" --input-type=module -e "$1" "$2" "$3"`;
    const { stdout } = spawnSync("bash", ["-c", quoted, process.execPath, program, OWN_MODULE, path], {
      encoding: "utf8",
    });
    const { acknowledged, name, message, fault } = JSON.parse(stdout);
    expect(name).toBe("StoreError");
    expect(message).toContain(path);
    expect(message).toBe(`database ${path}: ${fault}`);
    expect(acknowledged).toBeGreaterThan(10);
    const { store } = opened(path);
    expect(store.list({ namespace: "a" }).items).toHaveLength(acknowledged);
    expect(store.list({ namespace: "b" }).items).toHaveLength(acknowledged);
  });
});

describe("store: a file that cannot be used", () => {
  it("is a folder", () => {
    expect(failureOf(folder()).message).toMatch(/it is a folder, not a file$/);
  });

  it("is not a database", () => {
    const path = join(folder(), "notes.txt");
    writeFileSync(
      path,
      "these are notes, and long enough to be taken for a header of something\n".repeat(20),
    );
    expect(failureOf(path).message).toMatch(
      /notes\.txt: the file is not an SQLite database \(SQLITE_NOTADB\)$/,
    );
  });

  it("is another program's database, which is left as it was", () => {
    const path = join(folder(), "theirs.db");
    editing(path, (database) => database.exec("CREATE TABLE theirs (x)"));
    expect(failureOf(path).message).toMatch(/an SQLite database of another program$/);
    editing(path, (database) => {
      expect(database.prepare("SELECT name FROM sqlite_schema").pluck().all()).toEqual(["theirs"]);
    });
  });

  it("was written by a newer Holdfast", () => {
    const path = join(folder(), "holdfast.db");
    openStore({ path, clock: new VirtualClock(), newUid: newUids() }).close();
    editing(path, (database) => database.pragma("user_version = 99"));
    expect(failureOf(path).message).toMatch(/schema is number 99, written by a newer Holdfast/);
  });

  it("is torn", () => {
    const path = join(folder(), "holdfast.db");
    const store = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    for (let n = 0; n < 50; n += 1) created(store, `n${n}`);
    store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096 * 3, 4096 * 9);
    writeFileSync(path, bytes);
    const failure = failureOf(path);
    expect(failure.message).toContain("the file is corrupt");
    expect(failure.message).not.toContain("\n");
  });

  it("is torn and large: it is served, and takes nothing once that is found", async () => {
    const path = join(folder(), "holdfast.db");
    const store = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    for (let n = 0; n < 50; n += 1) created(store, `n${n}`);
    store.close();
    editing(path, (database) => {
      database.exec("CREATE TABLE ballast (bytes BLOB)");
      const put = database.prepare("INSERT INTO ballast VALUES (zeroblob(1048576))");
      for (let n = 0; n <= LIMITS.databaseBytesReadAtStart / 1_048_576; n += 1) put.run();
    });
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, fstatSync(file).size - 4096 * 300);
    closeSync(file);
    const large = openStore({ path, clock: new VirtualClock(), newUid: newUids() });
    onTestFinished(() => large.close());
    expect(large.specs()).toHaveLength(50);
    await waitUntil(
      async () => large.fault()?.message,
      20_000,
      () => "no fault is told",
    );
    expect(large.fault()?.message).toMatch(/^the file is corrupt/);
    expect(() => created(large, "one-more")).toThrow(StoreError);
  });

  it("is read-only", () => {
    const path = join(folder(), "holdfast.db");
    openStore({ path, clock: new VirtualClock(), newUid: newUids() }).close();
    const bytes = readFileSync(path);
    // A write version that SQLite does not know makes a file read-only, even for root. https://www.sqlite.org/fileformat.html
    bytes[18] = 3;
    writeFileSync(path, bytes);
    expect(failureOf(path).message).toMatch(/the file or its folder is read-only/);
  });

  it("has a file where its folder should be", () => {
    const place = folder();
    writeFileSync(join(place, "file"), "");
    const failure = failureOf(join(place, "file", "holdfast.db"));
    expect(failure.message).toMatch(/^database .*holdfast\.db: /);
    mkdirSync(join(place, "x"));
    expect(existsSync(join(place, "x", "holdfast.db"))).toBe(false);
  });

  it("was closed", () => {
    const store = openStore({ path: ":memory:", clock: new VirtualClock(), newUid: newUids() });
    store.close();
    expect(() => store.get(KEY)).toThrow(/it is closed/);
    expect(() => created(store)).toThrow(StoreError);
    store.close();
  });
});

describe("store: a row that somebody spoilt", () => {
  const spoilt: [table: string, row: string, sql: string, fault: RegExp][] = [
    ["objects", "default/web-api", "UPDATE objects SET spec = '{'", /column spec is not JSON/],
    ["objects", "default/web-api", "UPDATE objects SET spec = '[]'", /spec is not a map/],
    ["objects", "default/web-api", "UPDATE objects SET labels = '{\"a\": 1}'", /labels\.a is not a text/],
    ["objects", "default/web-api", "UPDATE objects SET finalizers = '{}'", /finalizers is not a list/],
    [
      "objects",
      "default/web-api",
      "UPDATE objects SET status = '{}'",
      /status\.observedGeneration is missing/,
    ],
    [
      "objects",
      "default/web-api",
      "UPDATE objects SET status = json_set(status, '$.conditions[0].status', 'Maybe')",
      /status\.conditions\[0\]\.status is not one of True, False, Unknown/,
    ],
    ["drift_events", "default/d1", "UPDATE drift_events SET state = 'Gone'", /column state is none of/],
    ["drift_events", "default/d1", "UPDATE drift_events SET desired = ''", /column desired is not JSON/],
    ["events", "", "UPDATE events SET type = 'Odd'", /column type is none of/],
    ["calls", "1", "UPDATE calls SET outcome = ''", /column outcome is none of/],
    ["applied", "default/web-api loadBalancer", "UPDATE applied SET fields = 'null'", /fields is not a map/],
    [
      "applied",
      "default/web-api loadBalancer",
      "UPDATE applied SET written_time = 'now'",
      /written_time is not a time/,
    ],
    [
      "applied",
      "default/web-api loadBalancer",
      "UPDATE applied SET suspected_times = '[1]'",
      /suspected_times is not a map/,
    ],
  ];

  it.each(spoilt)("names table %s and row %s after: %s", (table, row, sql, fault) => {
    const path = join(folder(), "holdfast.db");
    const { store } = opened(path);
    const object = created(store);
    store.updateStatus(KEY, object.metadata.uid, statusOf("2026-01-01T00:00:00.000Z"));
    store.putDrift(driftOf("d1"));
    store.record(object, { type: "Normal", reason: "Created", message: "a" });
    store.openCall({
      service: KEY,
      generation: 1,
      plan: "p",
      address: LOAD_BALANCER,
      affected: [LOAD_BALANCER],
      operation: "ec2:CreateTags",
    });
    store.putApplied(KEY, {
      address: LOAD_BALANCER,
      kind: "loadBalancer",
      name: "n",
      fields: {},
      generation: 1,
      writtenAtMs: 0,
    });
    expect(store.applied(KEY).size).toBe(1);
    editing(path, (database) => database.exec(sql));
    const read = () => [
      store.get(KEY),
      store.list({}),
      store.driftEvents({}),
      store.events({}),
      store.calls({ limit: 9 }),
      store.applied(KEY),
    ];
    expect(read).toThrow(StoreError);
    expect(read).toThrow(fault);
    expect(read).toThrow(`table ${table}, row ${row}`);
  });

  it("says so when the version counter is lost, and gives out no version twice", () => {
    const path = join(folder(), "holdfast.db");
    const { store } = opened(path);
    created(store);
    editing(path, (database) => database.exec("DELETE FROM resource_version"));
    expect(() => created(store, "b")).toThrow(/resource_version has lost its row/);
    expect(store.get({ namespace: "default", name: "b" })).toBeUndefined();
  });
});
