/**
 * One story of a service, told once through the API and once by clicking in a browser: an edit, an accept, a correction,
 * a rollback, an ignore and an approval. Both come to the same. Skipped where the machine has no browser.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import {
  ANNOTATION_APPROVED_PLAN,
  ANNOTATION_CHANGE_CAUSE,
  type WebService,
} from "../../src/model/object.ts";
import type { Revision } from "../../src/model/revision.ts";
import { BROWSER, openPage, type Page } from "../support/browser.ts";
import { DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { waitUntil } from "../support/wait-until.ts";

const PATIENCE_MS = 120_000;
const STORY_MS = 420_000;
const TOKEN = "alices-long-token";
const API = "/apis/holdfast.dev/v1/namespaces/default";
const OBJECT = `${API}/webservices/web-api`;
const PAGE = "/status/default/web-api";

/** What of it the story changes. */
interface Spec {
  drift?: { policy: string };
  targetGroups: { web: { healthCheck: { path: string } } };
  loadBalancer: { scheme: string };
}

/** A way to do what the story tells. */
interface Teller {
  edit(change: (spec: Spec) => void, reason: string): Promise<void>;
  decide(verb: "accept" | "correct" | "ignore", event: string, reason: string): Promise<void>;
  rollBack(generation: number, reason: string): Promise<void>;
  approve(digest: string): Promise<void>;
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A daemon on an account of its own, with the service of the example, ready. */
class Place {
  readonly daemon: DaemonProcess;
  readonly elb: ElasticLoadBalancingV2Client;

  private constructor(daemon: DaemonProcess) {
    this.daemon = daemon;
    this.elb = new ElasticLoadBalancingV2Client({
      ...{ endpoint: daemon.simulatorUrl, region: "us-east-1" },
      credentials: { accessKeyId: "somebody", secretAccessKey: "else" },
    });
  }

  static async start(): Promise<Place> {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-told-"));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "tokens"), `alice ${TOKEN}\n`, { mode: 0o600 });
    const daemon = await DaemonProcess.start([
      ...["--database", ":memory:", "--token-file", join(folder, "tokens")],
      ...["--simulator-listen", "127.0.0.1:0", "--simulator-speed", "60"],
    ]);
    closing.push(() => daemon.stop());
    const place = new Place(daemon);
    closing.push(() => place.elb.destroy());
    await place.ask("POST", "/specs", exampleManifest(), "application/json");
    await place.untilSettled();
    return place;
  }

  async ask<T>(method: string, path: string, body?: object, type = "application/json"): Promise<T> {
    const answer = await fetch(`${this.daemon.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body !== undefined && { "content-type": type }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }

  get(): Promise<WebService> {
    return this.ask("GET", OBJECT);
  }

  async untilService(isSo: (service: WebService) => boolean): Promise<WebService> {
    let seen: WebService | undefined;
    return waitUntil(
      async () => {
        seen = await this.get();
        return isSo(seen) ? seen : undefined;
      },
      PATIENCE_MS,
      () => JSON.stringify(seen?.status?.conditions),
    );
  }

  /** AWS is as the newest spec says, by a pass that has looked at it. */
  untilSettled(): Promise<WebService> {
    return this.untilService(
      ({ metadata, status }) =>
        status?.observedGeneration === metadata.generation &&
        status.plan === undefined &&
        ["Ready", "Synced"].every((type) =>
          status.conditions.some((one) => one.type === type && one.status === "True"),
        ),
    );
  }

  async ledger(): Promise<DriftEvent[]> {
    return (await this.ask<{ items: DriftEvent[] }>("GET", `${API}/driftevents`)).items;
  }

  /** What somebody else has changed, once it is in the ledger. */
  openDrift(): Promise<DriftEvent> {
    return waitUntil(async () => (await this.ledger()).find(({ state }) => state === "Open"), PATIENCE_MS);
  }

  async arns(): Promise<{ loadBalancer: string; targetGroup: string }> {
    const { LoadBalancers: [balancer] = [] } = await this.elb.send(new DescribeLoadBalancersCommand({}));
    const { TargetGroups: [group] = [] } = await this.elb.send(new DescribeTargetGroupsCommand({}));
    return { loadBalancer: balancer?.LoadBalancerArn ?? "", targetGroup: group?.TargetGroupArn ?? "" };
  }
}

function byApi(place: Place): Teller {
  const merge = "application/merge-patch+json";
  return {
    async edit(change, reason) {
      const { spec } = await place.get();
      change(spec as unknown as Spec);
      const patch = { metadata: { annotations: { [ANNOTATION_CHANGE_CAUSE]: reason } }, spec };
      const shown = await place.ask<WebService>("PATCH", `${OBJECT}?dryRun=All`, patch, merge);
      expect(shown.status?.plan?.digest).toMatch(/^p?[0-9a-f]+$/);
      await place.ask("PATCH", OBJECT, patch, merge);
    },
    decide: (verb, event, reason) => place.ask("POST", `${API}/driftevents/${event}/${verb}`, { reason }),
    rollBack: (generation, reason) => place.ask("POST", `${OBJECT}/rollback`, { generation, reason }),
    approve: (digest) =>
      place.ask(
        "PATCH",
        OBJECT,
        { metadata: { annotations: { [ANNOTATION_APPROVED_PLAN]: digest } } },
        merge,
      ),
  };
}

/** Colours and widths in which every page is looked at. */
const LOOKS = [
  ["light", 1400],
  ["dark", 400],
] as const;

/** What axe objects to, and where. https://github.com/dequelabs/axe-core/blob/develop/doc/API.md */
const OBJECTIONS = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
  id + ": " + nodes.map(({ target, failureSummary }) => target.join(" ") + " " + failureSummary).join("; ")))`;

class Person implements Teller {
  readonly page: Page;
  readonly #url: string;
  /** What axe has objected to, page by page. */
  readonly objections: string[] = [];
  readonly looked = new Set<string>();

  private constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  static async signedIn({ daemon }: Place): Promise<Person> {
    const page = await openPage(`${daemon.url}/status`, 1400);
    closing.push(() => page.close());
    const person = new Person(page, daemon.url);
    await person.until("document.getElementById('token') !== null");
    await person.look("sign in");
    await person.type("token", TOKEN);
    await person.press("form[action='/sign-in'] button[type=submit]");
    await person.until("location.pathname === '/status' && document.querySelector('.actor') !== null");
    await person.look("fleet");
    return person;
  }

  async open(path: string): Promise<void> {
    await this.page.command("Page.navigate", { url: `${this.#url}${path}` });
    await this.until(`location.pathname === '${path}' && document.readyState === 'complete'`);
  }

  until(expression: string): Promise<true> {
    return waitUntil(
      async () => (await this.page.evaluate<boolean>(expression)) || undefined,
      PATIENCE_MS,
      () => expression,
    );
  }

  type(id: string, text: string): Promise<unknown> {
    return this.page.evaluate(`document.getElementById('${id}').value = ${JSON.stringify(text)}`);
  }

  press(selector: string): Promise<unknown> {
    return this.page.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
  }

  /** Presses the button of a form, and waits for the page that says once that it was done. */
  async send(form: string, says: string): Promise<void> {
    await this.until(`document.getElementById('${form}') !== null`);
    await this.press(`[id="${form}"] button[type=submit]`);
    await this.until(
      `document.getElementById('done')?.textContent.includes(${JSON.stringify(says)}) === true && document.readyState === 'complete'`,
    );
    expect(await this.page.evaluate("location.pathname + location.search")).toBe(PAGE);
  }

  /** Each page once, in every look. */
  async look(name: string): Promise<void> {
    if (this.looked.has(name)) return;
    this.looked.add(name);
    await this.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    await this.page.evaluate(axe.source);
    for (const [scheme, width] of LOOKS) {
      await this.page.command("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value: scheme }],
      });
      await this.page.command("Emulation.setDeviceMetricsOverride", {
        ...{ width, height: 2000, deviceScaleFactor: 1, mobile: false },
      });
      const found = await this.page.evaluate<string[]>(OBJECTIONS);
      this.objections.push(...found.map((one) => `${name}, ${scheme}, ${width}: ${one}`));
    }
    await this.page.command("Emulation.clearDeviceMetricsOverride", {});
  }

  async edit(change: (spec: Spec) => void, reason: string): Promise<void> {
    await this.open(PAGE);
    await this.press("a.button[href$='/edit']");
    await this.until("document.getElementById('spec-text') !== null && document.readyState === 'complete'");
    await this.look("edit");
    const text = await this.page.evaluate<string>("document.getElementById('spec-text').value");
    const spec = parse(text) as Spec;
    await this.#refused(`${text}# typed\nnonsense: 1\n`);
    change(spec);
    await this.type("spec-text", stringify(spec, { lineWidth: 0 }));
    await this.type("edit-reason", reason);
    await this.press("#deed-edit button[type=submit]");
    await this.until(
      "document.getElementById('outcome-title')?.textContent.startsWith('What would happen') === true",
    );
    expect(await this.page.evaluate("document.querySelector('#outcome .note').textContent")).toMatch(
      /^Plan p?[0-9a-f]{11,12}\. Nothing is written yet\.$/,
    );
    expect(await this.page.evaluate("document.getElementById('edit-reason').value")).toBe(reason);
    await this.look("edit, shown");
    await this.press("button[name=step]");
    await this.until(`location.pathname === '${PAGE}' && document.getElementById('done') !== null`);
  }

  /** What is wrong stands there with its place, and what was typed stands as it was. */
  async #refused(text: string): Promise<void> {
    await this.type("spec-text", text);
    await this.press("#deed-edit button[type=submit]");
    await this.until("document.querySelector('#outcome .faults li code')?.textContent === 'spec.nonsense'");
    expect(await this.page.evaluate("document.getElementById('spec-text').value")).toBe(text);
    await this.look("edit, refused");
  }

  async decide(verb: "accept" | "correct" | "ignore", event: string, reason: string): Promise<void> {
    await this.open(PAGE);
    const form = `deed-${verb}-${event}`;
    await this.until(`document.getElementById('${form}') !== null`);
    await this.look("service, drifted");
    await this.type(`${form}-reason`, reason);
    const says = { accept: "Accepted", correct: "put right by the next pass", ignore: "left to others" };
    await this.send(form, says[verb]);
  }

  async rollBack(generation: number, reason: string): Promise<void> {
    await this.open(PAGE);
    const form = `deed-rollback-${generation}`;
    await this.type(`${form}-reason`, reason);
    await this.press(`[id="${form}"] input[type=checkbox]`);
    await this.send(form, "Rolled back");
  }

  async approve(digest: string): Promise<void> {
    await this.open(PAGE);
    await this.until(
      `document.querySelector('#deed-approve .consequence code')?.textContent === '${digest}'`,
    );
    await this.look("service, waiting for approval");
    await this.press("#deed-approve input[type=checkbox]");
    await this.send("deed-approve", "Approved");
    await this.open("/status/all.drift");
    await this.look("ledger");
  }
}

interface Step {
  readonly what: string;
  readonly run: (place: Place, teller: Teller) => Promise<unknown>;
}

const STORY: readonly Step[] = [
  {
    what: "an edit: what moves is reported, and the health check has another path",
    run: (_, teller) =>
      teller.edit((spec) => {
        spec.drift = { policy: "Report" };
        spec.targetGroups.web.healthCheck.path = "/ready";
      }, "what others change is looked at first"),
  },
  {
    what: "somebody has the load balancer wait longer, and that is accepted",
    run: async (place, teller) => {
      const { loadBalancer: LoadBalancerArn } = await place.arns();
      const Attributes = [{ Key: "idle_timeout.timeout_seconds", Value: "99" }];
      await place.elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
      await teller.decide("accept", (await place.openDrift()).metadata.name, "long polls");
    },
  },
  {
    what: "somebody has the health check ask more often, and that is put right",
    run: async (place, teller) => {
      const { targetGroup: TargetGroupArn } = await place.arns();
      await place.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckIntervalSeconds: 25 }));
      await teller.decide("correct", (await place.openDrift()).metadata.name, "a slip");
    },
  },
  {
    what: "a rollback to the spec before the accept",
    run: (_, teller) => teller.rollBack(2, "polls are short again"),
  },
  {
    what: "somebody drains for longer, and that is left to them",
    run: async (place, teller) => {
      const { targetGroup: TargetGroupArn } = await place.arns();
      const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "45" }];
      await place.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
      await teller.decide("ignore", (await place.openDrift()).metadata.name, "the release team drains");
    },
  },
  {
    what: "an edit that replaces the load balancer waits, is approved, and is done",
    run: async (place, teller) => {
      await teller.edit((spec) => {
        spec.loadBalancer.scheme = "internal";
      }, "behind the gateway");
      const { status } = await place.untilService(
        ({ metadata, status }) =>
          status?.observedGeneration === metadata.generation && status.plan?.approval !== undefined,
      );
      const { LoadBalancers = [] } = await place.elb.send(new DescribeLoadBalancersCommand({}));
      expect(LoadBalancers.map(({ Scheme }) => Scheme)).toEqual(["internet-facing"]);
      await teller.approve(status?.plan?.approval?.digest ?? "");
    },
  },
];

/** What a telling comes to, without what differs from one account to the next. */
async function told(place: Place, teller: Teller) {
  for (const { what, run } of STORY) {
    try {
      await run(place, teller);
      await place.untilSettled();
      await waitUntil(
        async () => (await place.ledger()).every(({ state }) => state !== "Open") || undefined,
        PATIENCE_MS,
      );
    } catch (error) {
      throw new Error(`${what}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
  const { items } = await place.ask<{ items: Revision[] }>("GET", `${OBJECT}/revisions`);
  const { LoadBalancers = [] } = await place.elb.send(new DescribeLoadBalancersCommand({}));
  expect(place.daemon.errors).toEqual([]);
  return {
    spec: (await place.get()).spec,
    revisions: items.map(({ generation, actor, cause }) => ({ generation, actor, cause })),
    ledger: (await place.ledger()).map(({ resource, field, desired, after, state, decision }) => ({
      ...{ resource, field, desired, after, state },
      ...{ verb: decision?.verb, actor: decision?.actor, reason: decision?.reason },
    })),
    schemes: LoadBalancers.map(({ Scheme }) => Scheme),
  };
}

const LEFT_OUT = BROWSER === undefined ? " (skipped: no browser here)" : "";

describe.skipIf(BROWSER === undefined)(`one story, told twice${LEFT_OUT}`, () => {
  it(
    "an edit, an accept, a correction, a rollback, an ignore and an approval come to the same through API and page",
    async () => {
      const here = await Place.start();
      const byRequests = await told(here, byApi(here));
      const there = await Place.start();
      const person = await Person.signedIn(there);
      const byClicks = await told(there, person);
      expect(byClicks).toEqual(byRequests);
      expect(byRequests.revisions).toEqual([
        { generation: 6, actor: "alice", cause: "behind the gateway" },
        {
          ...{ generation: 5, actor: "alice" },
          cause: expect.stringMatching(/^ignores targetGroups\.web: .*: the release team drains$/),
        },
        { generation: 4, actor: "alice", cause: "rollback to generation 2: polls are short again" },
        {
          ...{ generation: 3, actor: "alice" },
          cause: expect.stringMatching(/^accepts what AWS has in loadBalancer: .*: long polls$/),
        },
        { generation: 2, actor: "alice", cause: "what others change is looked at first" },
        { generation: 1, actor: "alice", cause: undefined },
      ]);
      expect(byRequests.ledger.map(({ state, verb, actor, reason }) => [state, verb, actor, reason])).toEqual(
        [
          ["Superseded", "ignore", "alice", "the release team drains"],
          ["Corrected", "correct", "alice", "a slip"],
          ["Superseded", "accept", "alice", "long polls"],
        ],
      );
      expect(byRequests.schemes).toEqual(["internal"]);
      expect(person.objections).toEqual([]);
      expect(person.looked).toContain("edit, refused");
    },
    STORY_MS,
  );
});
