/** Our tags are a write like any other: a read may be older than they are, or than their removal. */
import { describe, expect, it } from "vitest";
import type { Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { Installation, WEB_API } from "../../support/installation.ts";
import { census, type Draft, driftEvents, specWith } from "../world.ts";

const APIS = ["elasticloadbalancing", "autoscaling", "ec2", "cloudwatch"] as const;
const LAG_MS = 20_000;

/** Once told to, the reads of an API answer for a while as they answered last. */
class LaggingReads implements Interceptor {
  readonly #lastAnswers = new Map<string, object>();
  #lag = { of: "", untilMs: 0 };

  begin(of: string, untilMs: number): void {
    this.#lag = { of, untilMs };
  }

  after(
    { service, operation, input, atMs }: Parameters<NonNullable<Interceptor["after"]>>[0],
    output: object,
  ) {
    if (!/^(Describe|List)/.test(operation)) return undefined;
    const question = `${service} ${operation} ${JSON.stringify(input)}`;
    const last = this.#lastAnswers.get(question);
    if (service === this.#lag.of && atMs < this.#lag.untilMs && last !== undefined)
      return { kind: "output", output: last } as const;
    this.#lastAnswers.set(question, output);
    return undefined;
  }
}

const under = (management: "Manage" | "Observe") =>
  specWith((spec) => {
    (spec as Draft & { management?: string }).management = management;
  });
const origins = ({ store }: Installation) =>
  [...new Set(store.made(WEB_API).map(({ origin }) => origin))].sort().join();
const TAGGING = /:(AddTags|CreateTags|CreateOrUpdateTags|TagResource)$/;
const ownTags = async (installation: Installation) =>
  Object.entries(await census(installation)).flatMap(([what, value]) =>
    JSON.stringify(value).includes("holdfast.dev/") ? [what] : [],
  );

async function observed(reads: LaggingReads): Promise<Installation> {
  const installation = new Installation({ interceptor: reads });
  installation.post(under("Manage"));
  await installation.untilReady();
  installation.post(under("Observe"));
  await installation.until(() => origins(installation) === "observed");
  await installation.clock.advance(120_000);
  return installation;
}

/** Every reason that a condition has had meanwhile. */
async function toldDuring(installation: Installation, ms: number): Promise<Set<string>> {
  const told = new Set<string>();
  for (let passed = 0; passed < ms; passed += 1_000) {
    await installation.clock.advance(1_000);
    for (const { reason } of installation.get().status?.conditions ?? []) told.add(reason);
  }
  return told;
}

describe.each(APIS)("reads of %s that are older than our tags", (api) => {
  it("do not make what was just adopted somebody else's, nor missing, and nothing is begun upon them", async () => {
    const reads = new LaggingReads();
    const installation = await observed(reads);
    const before = installation.mutations().length;
    reads.begin(api, installation.clock.nowMs() + LAG_MS);
    installation.post(under("Manage"));
    const told = await toldDuring(installation, 60_000);
    expect(told).toContain("Adopting");
    for (const wrong of ["NotOurs", "OutOfSync", "Confirming", "Drifted"]) expect(told).not.toContain(wrong);
    expect(driftEvents(installation)).toEqual([]);
    expect(origins(installation)).toBe("adopted");
    expect(installation.condition("Synced")?.status).toBe("True");
    // Each is tagged once, and nothing else is written.
    const written = installation.mutations().slice(before);
    expect(written.filter((operation) => !TAGGING.test(operation))).toEqual([]);
    const addresses = installation.store
      .calls({ service: WEB_API, limit: written.length })
      .map(({ address }) => address);
    expect(new Set(addresses).size).toBe(written.length);
  });

  it("do not leave our tags on what is released right after", async () => {
    const reads = new LaggingReads();
    const installation = await observed(reads);
    reads.begin(api, installation.clock.nowMs() + LAG_MS);
    installation.post(under("Manage"));
    await installation.until(() => origins(installation) === "adopted");
    installation.post(under("Observe"));
    await installation.until(() => origins(installation) === "observed");
    await installation.clock.advance(60_000);
    expect(await ownTags(installation)).toEqual([]);
  });
});

describe.each(APIS)("reads of %s that are older than a release", (api) => {
  it("do not make what is adopted again ours without its tags", async () => {
    const reads = new LaggingReads();
    const installation = await observed(reads);
    installation.post(under("Manage"));
    await installation.untilReady();
    await installation.clock.advance(60_000);
    reads.begin(api, installation.clock.nowMs() + LAG_MS);
    installation.post(under("Observe"));
    await installation.until(() => origins(installation) === "observed");
    installation.post(under("Manage"));
    const told = await toldDuring(installation, 60_000);
    expect(told).not.toContain("NotOurs");
    expect(driftEvents(installation)).toEqual([]);
    expect(origins(installation)).toBe("adopted");
    expect(installation.condition("Synced")?.status).toBe("True");
  });
});
