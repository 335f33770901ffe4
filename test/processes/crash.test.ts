/** `kill -9` at any moment: nothing that was acknowledged is lost, and AWS ends up holding each resource once. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CreateLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import { CreateTargetGroupCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conditionOf } from "../../src/model/conditions.ts";
import type { WebService } from "../../src/model/object.ts";
import type { Rng } from "../../src/ports.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { plainAlarm } from "../support/alarm-input.ts";
import { ApiClient } from "../support/api-client.ts";
import { accountEnvironment, DaemonProcess } from "../support/daemon-process.ts";
import {
  type AwsReader,
  type ServedAccount,
  serveTestAccount,
  serviceOf,
} from "../support/served-account.ts";
import { pause, waitUntil } from "../support/wait-until.ts";

/** `npm run test:crash` asks for 200, which take some minutes. */
const KILLS = Number(process.env.CRASH_TEST_KILLS ?? 60);
const SERVICES = 20;
const SEED = 1;
/** A fifth of the kills come while it starts, the others while it works. */
const SHARE_WHILE_STARTING = 0.2;
const LONGEST_LIFE_MS = 1_500;
/** AWS has done it and the daemon does not know yet: the worst moment to be killed, made long enough to be met. */
const LONGEST_ANSWER_MS = 200;
const CONVERGED_LIMIT_MS = 120_000;
const NAMES = Array.from({ length: SERVICES }, (_, index) => `svc-${String(index + 1).padStart(2, "0")}`);
const IMAGES = ["ami-12345678", "ami-87654321"];

/** What a user wants of one service; every write carries a new `mark`, which can be seen in the stored spec. */
interface Wish {
  readonly mark: number;
  readonly image: string;
  readonly maxSize: number;
  readonly path: string;
  readonly rules: readonly number[];
}

const FIRST: Wish = { mark: 0, image: "ami-12345678", maxSize: 4, path: "/health", rules: [10] };

function manifestOf(name: string, wish: Wish): object {
  return { apiVersion: "holdfast.dev/v1", kind: "WebService", metadata: { name }, spec: specOf(wish) };
}

function specOf({ mark, image, maxSize, path, rules }: Wish): object {
  const listener = {
    port: 80,
    protocol: "HTTP",
    defaultAction: { forward: { targetGroup: "web" } },
    rules: rules.map((priority) => ({
      name: `rule-${priority}`,
      priority,
      conditions: [{ pathPattern: [`/closed-${priority}/*`] }],
      action: { fixedResponse: { statusCode: "403" } },
    })),
  };
  return {
    region: "us-east-1",
    vpcId: "vpc-12345678",
    subnetIds: ["subnet-1a", "subnet-1b", "subnet-1c"],
    loadBalancer: { listeners: [listener] },
    targetGroups: { web: { port: 8080, healthCheck: { path } } },
    autoScalingGroups: {
      web: { minSize: 2, maxSize, launchTemplate: { imageId: image, instanceType: "t3.micro" } },
    },
    alarms: {
      errors: {
        namespace: "AWS/ApplicationELB",
        metricName: "HTTPCode_Target_5XX_Count",
        dimensions: { LoadBalancer: { ref: "loadBalancer" } },
        statistic: "Sum",
        threshold: mark,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
      },
    },
  };
}

function changed(wish: Wish, mark: number, rng: Rng): Wish {
  const any = Math.floor(rng.next() * 50);
  const changes: readonly Partial<Wish>[] = [
    { image: IMAGES[any % 2] ?? "" },
    { maxSize: 4 + (any % 5) },
    { path: `/health-${any}` },
    { rules: any % 2 === 0 ? [10, 20] : [20, 30] },
    { rules: [] },
  ];
  return { ...wish, ...changes[Math.floor(rng.next() * changes.length)], mark };
}

/** Writes specs as fast as they are acknowledged, and remembers what was. */
class Writer {
  readonly #rng = seededRng(SEED);
  /** The last wish that the daemon acknowledged, by name. */
  readonly acknowledged = new Map<string, Wish>();
  /** What was asked for and never answered: it may be stored or not. */
  unanswered: { readonly name: string; readonly wish: Wish } | undefined;
  writes = 0;

  /** Until the daemon does not answer any more. */
  async writeUntilKilled(daemon: DaemonProcess): Promise<void> {
    try {
      const api = new ApiClient(await daemon.up());
      while (daemon.isRunning) {
        await this.write(api);
        await pause(30);
      }
    } catch (error) {
      if (daemon.isRunning && !isLostConnection(error)) throw error;
    }
  }

  /** One write: the services that are missing first, then changes of any. */
  async write(api: ApiClient): Promise<void> {
    const name = NAMES[this.writes < SERVICES ? this.writes : Math.floor(this.#rng.next() * SERVICES)] ?? "";
    const previous = this.acknowledged.get(name);
    this.writes += 1;
    const wish = previous === undefined ? FIRST : changed(previous, this.writes, this.#rng);
    this.unanswered = { name, wish };
    await api.post(manifestOf(name, wish));
    this.acknowledged.set(name, wish);
    this.unanswered = undefined;
  }
}

/** `fetch` says so when the process at the other end is gone. */
function isLostConnection(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof Error && /ended before it was up/.test(error.message))
  );
}

interface Remains {
  readonly integrity: unknown;
  readonly specs: ReadonlyMap<string, WebService["spec"]>;
  /** Calls whose outcome no daemon got to know. */
  readonly openCalls: number;
}

/** A copy of the file as the kill has left it, read as the next daemon will read it. */
function afterKill(database: string, copy: string): Remains {
  for (const end of ["", "-wal"]) {
    rmSync(`${copy}${end}`, { force: true });
    if (existsSync(`${database}${end}`)) copyFileSync(`${database}${end}`, `${copy}${end}`);
  }
  if (!existsSync(copy)) return { integrity: "ok", specs: new Map(), openCalls: 0 };
  const file = new Database(copy);
  try {
    const integrity = file.pragma("integrity_check", { simple: true });
    const hasTables = file.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'objects'").get() !== undefined;
    if (!hasTables) return { integrity, specs: new Map(), openCalls: 0 };
    const rows = file.prepare<[], { name: string; spec: string }>("SELECT name, spec FROM objects").all();
    const open = file.prepare<[], number>("SELECT count(*) FROM calls WHERE outcome = 'pending'").pluck();
    const specs = rows.map(({ name, spec }) => [name, JSON.parse(spec)] as const);
    return { integrity, specs: new Map(specs), openCalls: open.get() ?? 0 };
  } finally {
    file.close();
  }
}

function markIn(spec: WebService["spec"] | undefined): number | undefined {
  return (spec?.alarms as { errors?: { threshold?: number } } | undefined)?.errors?.threshold;
}

/** Things of somebody else's, named so that they would be found by anyone who looks at names alone. */
async function plantForeign(aws: AwsReader): Promise<void> {
  const name = "svc-01-web-0badc0de";
  await aws.elb.send(
    new CreateTargetGroupCommand({ Name: name, Protocol: "HTTP", Port: 80, VpcId: "vpc-12345678" }),
  );
  const { LaunchTemplate } = await aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.micro" },
    }),
  );
  await aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: 0,
      VPCZoneIdentifier: "subnet-1a",
      LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "1" },
    }),
  );
  await aws.cloudWatch.send(
    new PutMetricAlarmCommand({ ...plainAlarm(name), TreatMissingData: "notBreaching" }),
  );
}

/** What carries no owner, leaving out what AWS makes for itself and what moves by itself. */
async function foreignIn(aws: AwsReader): Promise<object> {
  const all = await aws.everything();
  const strangers = (list: readonly { item: object; tags: Readonly<Record<string, string>> }[]) =>
    list.filter((one) => serviceOf(one) === undefined);
  return {
    targetGroups: strangers(all.targetGroups),
    loadBalancers: strangers(all.loadBalancers),
    listeners: strangers(all.listeners),
    rules: strangers(all.rules),
    launchTemplates: strangers(all.launchTemplates),
    groups: strangers(all.groups),
    alarms: strangers(all.alarms)
      .map(({ item }) => item as { AlarmName?: string; Threshold?: number })
      .filter(({ AlarmName }) => !AlarmName?.startsWith("TargetTracking-"))
      .map(({ AlarmName, Threshold }) => ({ AlarmName, Threshold })),
  };
}

describe("a daemon that is killed at any moment", () => {
  let folder: string;
  let served: ServedAccount;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "holdfast-crash-"));
    const rng = seededRng(SEED + 2);
    served = await serveTestAccount(SEED, { answerMs: () => rng.next() * LONGEST_ANSWER_MS });
  });
  afterAll(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });

  it(
    `loses nothing that it has acknowledged, and makes each resource once (${KILLS} kills)`,
    async () => {
      const { aws } = served;
      await plantForeign(aws);
      const foreign = await foreignIn(aws);
      const database = join(folder, "holdfast.db");
      const rng = seededRng(SEED + 1);
      const writer = new Writer();
      let openCalls = 0;
      const settings = ["--cloud", "aws", "--resync-seconds", "20", "--database", database];
      const begin = () => DaemonProcess.begin(settings, accountEnvironment(served.url));
      for (let kill = 0; kill < KILLS; kill += 1) {
        const daemon = begin();
        const writing = writer.writeUntilKilled(daemon);
        if (rng.next() >= SHARE_WHILE_STARTING) await daemon.up();
        await pause(rng.next() * LONGEST_LIFE_MS);
        await daemon.stop("SIGKILL");
        await writing;
        expect(daemon.stderr).toBe("");
        expect(daemon.errors).toEqual([]);
        const remains = afterKill(database, join(folder, "copy.db"));
        expectKept(writer, remains);
        openCalls = remains.openCalls;
      }
      // Else the kills have not met what they are for.
      expect(openCalls).toBeGreaterThan(KILLS / 10);
      const daemon = begin();
      try {
        const api = new ApiClient(await daemon.up());
        while (writer.acknowledged.size < SERVICES) await writer.write(api);
        await untilConverged(api);
        await expectEachOnce(aws, writer.acknowledged);
        expect(await foreignIn(aws)).toEqual(foreign);
        expect([daemon.errors, daemon.stderr]).toEqual([[], ""]);
      } finally {
        await daemon.stop();
      }
    },
    KILLS * 10_000 + CONVERGED_LIMIT_MS + 60_000,
  );
});

function expectKept(writer: Writer, { integrity, specs }: Remains): void {
  expect(integrity).toBe("ok");
  const { unanswered } = writer;
  if (unanswered !== undefined && markIn(specs.get(unanswered.name)) === unanswered.wish.mark) {
    writer.acknowledged.set(unanswered.name, unanswered.wish);
  }
  writer.unanswered = undefined;
  for (const [name, wish] of writer.acknowledged) expect(specs.get(name)).toMatchObject(specOf(wish));
}

async function untilConverged(api: ApiClient): Promise<void> {
  let waiting: string[] = [];
  await waitUntil(
    async () => {
      // So many edits take away more rules than may go within an hour before a person has looked.
      await api.liftFreezes();
      const objects = await api.list();
      waiting = objects
        .filter(
          ({ metadata, status }) =>
            status?.observedGeneration !== metadata.generation ||
            conditionOf(status.conditions, "Ready")?.status !== "True",
        )
        .map(
          ({ metadata, status }) =>
            `${metadata.name}: ${conditionOf(status?.conditions, "Ready")?.message ?? "not seen yet"}`,
        );
      return objects.length === SERVICES && waiting.length === 0 ? true : undefined;
    },
    CONVERGED_LIMIT_MS,
    () => waiting.join("; "),
  );
}

/** By plain describe calls: each service has one of each, set as its last acknowledged spec says. */
async function expectEachOnce(aws: AwsReader, wishes: ReadonlyMap<string, Wish>): Promise<void> {
  const all = await aws.everything();
  for (const [name, wish] of wishes) {
    const ours = <T extends { tags: Readonly<Record<string, string>> }>(list: readonly T[]) =>
      list.filter(({ tags }) => tags["holdfast.dev/owner"] === `holdfast/default/${name}`);
    const groups = ours(all.groups).map(({ item }) => item);
    const templates = ours(all.launchTemplates).map(({ item }) => item);
    expect({
      name,
      loadBalancers: ours(all.loadBalancers).length,
      listeners: ours(all.listeners).map(({ item }) => item.Port),
      rules: ours(all.rules)
        .map(({ item }) => Number(item.Priority))
        .sort((a, b) => a - b),
      targetGroups: ours(all.targetGroups).map(({ item }) => item.HealthCheckPath),
      images: templates.map(({ imageId }) => imageId),
      groups: groups.map(({ MinSize, MaxSize }) => [MinSize, MaxSize]),
      policies: all.policies.filter(
        (policy) => policy.AutoScalingGroupName === groups[0]?.AutoScalingGroupName,
      ).length,
      alarms: ours(all.alarms).map(({ item }) => item.Threshold),
    }).toEqual({
      name,
      loadBalancers: 1,
      listeners: [80],
      rules: wish.rules,
      targetGroups: [wish.path],
      images: [wish.image],
      groups: [[2, wish.maxSize]],
      policies: 1,
      alarms: [wish.mark],
    });
  }
}
