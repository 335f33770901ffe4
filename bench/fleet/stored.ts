/** What ten thousand stored services cost a daemon of its own, by the account that it cannot reach. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ObjectKey } from "../../src/model/object.ts";
import type { Store } from "../../src/ports.ts";
import { newUid } from "../../src/runtime/new-uid.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { systemClock } from "../../src/runtime/system-clock.ts";
import { openStore } from "../../src/store/open.ts";
import { DaemonProcess } from "../../test/support/daemon-process.ts";
import { example } from "../../test/support/example.ts";
import { Installation } from "../../test/support/installation.ts";

export const STORED = 10_000;
const SETTLED_MS = 20_000;
const STARTS = 3;
const PATTERN_NAME = "service-name";
/** Nobody listens there. */
const NOWHERE = {
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  AWS_ACCESS_KEY_ID: "nobody",
  AWS_SECRET_ACCESS_KEY: "nobody",
  AWS_REGION: "us-east-1",
};

export interface Stored {
  /** Seconds from the start of the process until it answers a list of services: of each start. */
  readonly answeringSeconds: readonly number[];
  /** The same of a daemon with an empty database. */
  readonly emptySeconds: number;
  /** Resident MiB a while later, and the most that it ever was. */
  readonly rssMiB: number;
  readonly peakMiB: number;
}

export async function measureStored(): Promise<Stored> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-stored-"));
  try {
    const file = join(folder, "stored.db");
    await fill(file);
    const empty = await start(join(folder, "empty.db"), 0);
    const starts = [];
    for (let turn = 1; turn <= STARTS; turn += 1)
      starts.push(await start(file, turn === STARTS ? SETTLED_MS : 0));
    const { rssMiB, peakMiB } = starts.at(-1)!;
    return {
      answeringSeconds: starts.map(({ seconds }) => seconds),
      emptySeconds: empty.seconds,
      rssMiB,
      peakMiB,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start(file: string, settledMs: number) {
  const beginMs = performance.now();
  const daemon = await DaemonProcess.start(["--cloud", "aws", "--database", file], NOWHERE);
  const answer = await fetch(`${daemon.url}/apis/holdfast.dev/v1/webservices?limit=1`);
  if (!answer.ok) throw new Error(await answer.text());
  const seconds = (performance.now() - beginMs) / 1000;
  await new Promise((resolve) => setTimeout(resolve, settledMs));
  const status = readFileSync(`/proc/${daemon.pid}/status`, "utf8");
  const mibOf = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  const seen = { seconds, rssMiB: mibOf("VmRSS"), peakMiB: mibOf("VmHWM") };
  await daemon.stop();
  return seen;
}

/** As if each of them had been kept for a while: what one service leaves in the store, under as many names. */
async function fill(file: string): Promise<void> {
  const pattern = new Installation();
  const key = { namespace: "default", name: PATTERN_NAME };
  pattern.post(example().spec(), PATTERN_NAME);
  await pattern.untilReady(key);
  await pattern.waiting(pattern.controller.stop());
  const rng = seededRng(1);
  const store = openStore({ path: file, clock: systemClock({ speed: 1 }), newUid: () => newUid(rng) });
  for (let from = 0; from < STORED; from += 500)
    store.transaction(() => {
      for (let index = from; index < from + 500; index += 1)
        copy(pattern.store, key, store, `service-${String(index).padStart(4, "0")}`);
    });
  store.close();
}

function copy(from: Store, key: ObjectKey, to: Store, name: string): void {
  const renamed = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(PATTERN_NAME, name));
  const target = { namespace: key.namespace, name };
  const object = from.get(key)!;
  const { metadata, spec, status } = renamed(object);
  const stored = to.create({
    metadata: { ...target, finalizers: metadata.finalizers } as Parameters<Store["create"]>[0]["metadata"],
    spec,
  });
  const { uid } = stored.metadata;
  to.updateStatus(target, uid, status);
  const account = from.accountOf(key);
  if (account !== undefined) to.bindAccount(target, uid, account);
  for (const resource of from.applied(key).values()) to.putApplied(target, renamed(resource));
  for (const made of from.made(key)) to.putMade(target, renamed(made));
}
