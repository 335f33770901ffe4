/** Which database has written last, told by a tag on AWS: what a restored copy, and somebody else's database, must not do. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { example } from "../../support/example.ts";
import { Installation, type InstallationOptions, WEB_API } from "../../support/installation.ts";
import { arnOf, loudOfBugs } from "../world.ts";

const TAG = "holdfast.dev/epoch";
const CONFIRMED = "holdfast.dev/confirmed-epoch";

let folder: string | undefined;

afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
});

function file(name: string): string {
  folder ??= mkdtempSync(join(tmpdir(), "holdfast-epochs-"));
  return join(folder, `${name}.db`);
}

const edited = (seconds: number) =>
  example()
    .withLoadBalancer({ attributes: { "idle_timeout.timeout_seconds": seconds } })
    .spec();

/** A service in a database that is a file. */
async function inAFile(options: InstallationOptions = {}): Promise<Installation> {
  const installation = new Installation({ log: loudOfBugs, ...options });
  await installation.restart({ file: file("live") });
  installation.post(example().spec());
  await installation.untilReady();
  await installation.clock.advance(60_000);
  return installation;
}

/** As `sqlite3 .backup`. */
function backUp(): string {
  for (const suffix of ["", "-wal"]) copyFileSync(`${file("live")}${suffix}`, `${file("copy")}${suffix}`);
  return file("copy");
}

async function restored(options: InstallationOptions = {}): Promise<Installation> {
  const installation = await inAFile(options);
  const copy = backUp();
  installation.post(edited(300));
  await installation.untilReady();
  await installation.clock.advance(60_000);
  await installation.restart({ file: copy });
  return installation;
}

async function epochOn(installation: Installation): Promise<string | undefined> {
  const ResourceArns = installation.account.parts.elb.loadBalancers().map(({ arn }) => arn);
  const { TagDescriptions = [] } = await installation.aws("elasticloadbalancing:DescribeTags", {
    ResourceArns,
  });
  return TagDescriptions[0]?.Tags?.find(({ Key }) => Key === TAG)?.Value;
}

const own = ({ store }: Installation, number: number) => `${store.databaseUuid()}/${number}`;
const written = ({ account }: Installation) => account.calls.mutating();
const looks = ({ account }: Installation) =>
  account.calls.counts()["elasticloadbalancing:DescribeLoadBalancers"] ?? 0;
const epochCalls = ({ account }: Installation) =>
  account.calls
    .list()
    .filter(({ operation, input }) => operation === "AddTags" && JSON.stringify(input).includes(TAG)).length;

/** While it is, AWS does not list any load balancer. */
function loadBalancersUnread(): { is: boolean; interceptor: Interceptor } {
  const unread: { is: boolean; interceptor: Interceptor } = {
    is: false,
    interceptor: {
      before: ({ operation }) =>
        unread.is && operation === "DescribeLoadBalancers"
          ? { kind: "error", code: "ServiceUnavailable", message: "later" }
          : undefined,
    },
  };
  return unread;
}

describe("the epoch", () => {
  it("comes with the load balancer, and costs a first creation no call", async () => {
    const installation = await inAFile();
    expect(await epochOn(installation)).toBe(own(installation, 1));
    expect(written(installation)).toBe(10);
  });

  it("is written once for each generation of which something is written, before everything else", async () => {
    const installation = await inAFile();
    installation.post(edited(300));
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(await epochOn(installation)).toBe(own(installation, 2));
    expect(
      installation.account.calls
        .list()
        .filter(({ mutating }) => mutating)
        .slice(10)
        .map(({ operation }) => operation),
    ).toEqual(["AddTags", "ModifyLoadBalancerAttributes"]);
  });

  it("is not written for a generation that changes nothing, nor while the service is paused", async () => {
    const installation = await inAFile();
    installation.post(
      example()
        .with({ drift: { policy: "Report" } })
        .spec(),
    );
    await installation.untilReady();
    installation.annotate({ "holdfast.dev/paused": "true" });
    installation.post(edited(300));
    installation.annotate({ "holdfast.dev/paused": "true" });
    await installation.clock.advance(600_000);
    expect(written(installation)).toBe(10);
    installation.annotate({});
    await installation.untilReady();
    expect(await epochOn(installation)).toBe(own(installation, 3));
  });

  it("is nobody's drift, and stands there again before the next write when somebody has taken it off", async () => {
    const installation = await inAFile();
    const arn = arnOf(installation, "loadBalancer");
    await installation.aws("elasticloadbalancing:RemoveTags", { ResourceArns: [arn], TagKeys: [TAG] });
    await installation.clock.advance(600_000);
    expect(installation.condition("Drifted")?.status).toBe("False");
    expect(installation.get().status?.unowned).toEqual([]);
    expect(written(installation)).toBe(11);
    await installation.aws("elasticloadbalancing:ModifyLoadBalancerAttributes", {
      LoadBalancerArn: arn,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "99" }],
    });
    await installation.clock.advance(600_000);
    expect(await epochOn(installation)).toBe(own(installation, 1));
    expect(written(installation)).toBe(14);
  });

  it("stands there though the daemon dies before the first call, and is not written again", async () => {
    let dies: (() => void) | undefined;
    const interceptor: Interceptor = {
      before: ({ operation }) => {
        if (operation === "ModifyLoadBalancerAttributes") dies?.();
        return undefined;
      },
    };
    const installation = await inAFile({ interceptor });
    dies = () => {
      dies = undefined;
      installation.crash();
    };
    installation.post(edited(300));
    await installation.clock.advance(1_000);
    expect(await epochOn(installation)).toBe(own(installation, 2));
    await installation.untilReady();
    await installation.clock.advance(60_000);
    expect(epochCalls(installation)).toBe(1);
  });

  it("keeps everything else waiting as long as it is refused", async () => {
    let isRefused = false;
    const interceptor: Interceptor = {
      before: ({ operation }) =>
        isRefused && operation === "AddTags"
          ? { kind: "error", code: "AccessDenied", message: "no" }
          : undefined,
    };
    const installation = await inAFile({ interceptor });
    isRefused = true;
    installation.post(edited(300));
    await installation.clock.advance(60_000);
    expect(installation.mutations()).not.toContain("elasticloadbalancing:ModifyLoadBalancerAttributes");
    expect(installation.condition("Synced")?.message).toContain("AddTags");
    isRefused = false;
    await installation.untilReady();
  });

  it("goes with our other tags when the service is released", async () => {
    const installation = await inAFile();
    installation.post({ ...example().spec(), management: "Observe" });
    await installation.clock.advance(120_000);
    expect(await epochOn(installation)).toBeUndefined();
  });

  it.each(["made with them", "edited to have them"])(
    "leaves room for as many tags as AWS takes: %s",
    async (how) => {
      const tags = Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`tag-${index}`, "1"]));
      const installation = new Installation({ log: loudOfBugs });
      const crowded = example().with({ tags }).spec();
      if (how === "edited to have them") {
        installation.post(example().spec());
        await installation.untilReady();
      }
      installation.post(crowded);
      await installation.untilReady();
      await installation.clock.advance(600_000);
      expect(installation.condition("Synced")?.status).toBe("True");
      expect(await epochOn(installation)).toBeUndefined();
      installation.post({ ...crowded, tags: {} });
      await installation.untilReady();
      installation.post(edited(300));
      await installation.untilReady();
      expect(await epochOn(installation)).toBe(own(installation, installation.get().metadata.generation));
    },
  );

  it("has its place where a tag is given for another one and there is room for no more", async () => {
    const tags = (first: number) =>
      Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`tag-${first + index}`, "1"]));
    const installation = new Installation({ log: loudOfBugs });
    installation.post(
      example()
        .with({ tags: tags(0) })
        .spec(),
    );
    await installation.untilReady();
    installation.post(
      example()
        .with({ tags: tags(1) })
        .spec(),
    );
    await installation.untilReady();
    expect(await epochOn(installation)).toBe(own(installation, 2));
    const refused = installation.store
      .calls({ limit: 100 })
      .filter(({ errorCode }) => errorCode !== undefined);
    expect(refused).toEqual([]);
  });
});

describe("a database restored from an older copy", () => {
  it("writes nothing before a person confirms the epoch that was seen, and then goes on beyond it", async () => {
    const installation = await restored();
    const before = { written: written(installation), looks: looks(installation) };
    await installation.clock.advance(600_000);
    expect(written(installation)).toBe(before.written);
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "OlderDatabase" });
    expect(installation.condition("Drifted")).toMatchObject({ status: "Unknown", reason: "OlderDatabase" });
    expect(installation.get().status?.foreignEpoch).toBe(own(installation, 2));
    expect(installation.store.openDrift(WEB_API)).toEqual([]);
    // Only a person helps: AWS is not asked again every few seconds.
    expect(looks(installation) - before.looks).toBeLessThan(30);
    installation.annotate({ [CONFIRMED]: own(installation, 1) });
    await installation.clock.advance(600_000);
    expect(written(installation)).toBe(before.written);
    await installation.confirmEpoch();
    await installation.untilReady();
    expect(await epochOn(installation)).toBe(own(installation, 3));
    expect(installation.store.calls({ limit: 1 })[0]?.outcome).toBe("succeeded");
    await installation.clock.advance(600_000);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("does not go on because somebody edits the spec as often as before", async () => {
    const installation = await restored();
    installation.post(edited(200));
    const before = written(installation);
    await installation.clock.advance(600_000);
    expect(installation.get().metadata.generation).toBe(2);
    expect(written(installation)).toBe(before);
  });

  it("deletes nothing either", async () => {
    const installation = await restored();
    installation.remove();
    await installation.clock.advance(600_000);
    expect(installation.account.parts.elb.loadBalancers()).toHaveLength(1);
    expect(installation.condition("Stalled")?.reason).toBe("OlderDatabase");
    await installation.confirmEpoch();
    await installation.until(() => installation.store.get(WEB_API) === undefined);
    expect(installation.account.parts.elb.loadBalancers()).toHaveLength(0);
  });

  it("writes nothing while the tags of the load balancer cannot be read", async () => {
    let isUnread = false;
    const interceptor: Interceptor = {
      before: ({ operation }) =>
        isUnread && operation === "DescribeLoadBalancers"
          ? { kind: "error", code: "ServiceUnavailable", message: "later" }
          : undefined,
    };
    const installation = await inAFile({ interceptor });
    const copy = backUp();
    installation.post(example().withGroup("web", { maxSize: 12 }).spec());
    await installation.untilReady();
    isUnread = true;
    await installation.restart({ file: copy });
    const before = written(installation);
    await installation.clock.advance(600_000);
    expect(written(installation)).toBe(before);
    isUnread = false;
    await installation.clock.advance(600_000);
    expect(installation.condition("Stalled")?.reason).toBe("OlderDatabase");
    expect(written(installation)).toBe(before);
  });

  it("writes nothing of what needs no load balancer either, before its epoch was read", async () => {
    const unread = loadBalancersUnread();
    const installation = await inAFile({ interceptor: unread.interceptor });
    const copy = backUp();
    installation.post(example().withAlarm("high-5xx", { threshold: 25 }).spec());
    await installation.untilReady();
    unread.is = true;
    await installation.restart({ file: copy });
    const before = written(installation);
    await installation.clock.advance(600_000);
    expect(written(installation)).toBe(before);
    expect(installation.store.openDrift(WEB_API)).toEqual([]);
    expect(installation.condition("Drifted")?.status).toBe("Unknown");
  });

  it("writes nothing when the load balancer cannot be read any more after it was seen", async () => {
    const unread = loadBalancersUnread();
    const installation = await inAFile({ interceptor: unread.interceptor });
    const copy = backUp();
    installation.post(example().withAlarm("high-5xx", { threshold: 25 }).spec());
    await installation.untilReady();
    await installation.restart({ file: copy });
    await installation.until(() => installation.get().status?.foreignEpoch !== undefined);
    unread.is = true;
    const before = written(installation);
    await installation.clock.advance(1_200_000);
    expect(written(installation)).toBe(before);
    unread.is = false;
    await installation.clock.advance(600_000);
    expect(installation.condition("Stalled")?.reason).toBe("OlderDatabase");
    expect(written(installation)).toBe(before);
  });

  it("is none because a read is older than the write of its epoch, which is not repeated", async () => {
    let refusals = 0;
    let former: object | undefined;
    const interceptor: Interceptor = {
      before: ({ operation }) => {
        if (operation !== "ModifyLoadBalancerAttributes" || refusals === 0) return undefined;
        refusals -= 1;
        return { kind: "error", code: "Throttling", message: "later" };
      },
      after: ({ operation }, output) => {
        if (operation !== "DescribeTags") return undefined;
        if (refusals === 0) former = output;
        return { kind: "output", output: former ?? output };
      },
    };
    const installation = await inAFile({ interceptor });
    refusals = 2;
    installation.post(edited(300));
    await installation.untilReady();
    await installation.clock.advance(60_000);
    expect(epochCalls(installation)).toBe(1);
    expect(await epochOn(installation)).toBe(own(installation, 2));
  });
});

describe("another database", () => {
  it("goes on where nothing is to be done, and takes the epoch over with the next edit", async () => {
    const installation = await inAFile();
    await installation.restart({ lost: true });
    installation.post(example().spec());
    await installation.untilReady();
    expect(written(installation)).toBe(10);
    installation.post(edited(300));
    await installation.untilReady();
    expect(await epochOn(installation)).toBe(own(installation, 2));
    expect(installation.store.events({}).items.map(({ reason }) => reason)).not.toContain("EpochConfirmed");
  });

  it("asks where something is to be done", async () => {
    const installation = await inAFile();
    await installation.restart({ lost: true });
    installation.post(edited(300));
    await installation.clock.advance(600_000);
    expect(written(installation)).toBe(10);
    expect(installation.condition("Synced")?.reason).toBe("AnotherDatabase");
    await installation.confirmEpoch();
    await installation.untilReady();
    expect(await epochOn(installation)).toBe(own(installation, 1));
    expect(installation.store.events({}).items.map(({ reason }) => reason)).toContain("EpochConfirmed");
  });

  it("that goes on writing is asked about again", async () => {
    const installation = await inAFile();
    const arn = arnOf(installation, "loadBalancer");
    const other = "00000000-0000-4000-8000-000000000000";
    const somebodyWrites = async (number: number, seconds: string) => {
      const Tags = [{ Key: TAG, Value: `${other}/${number}` }];
      await installation.aws("elasticloadbalancing:AddTags", { ResourceArns: [arn], Tags });
      const Attributes = [{ Key: "idle_timeout.timeout_seconds", Value: seconds }];
      await installation.aws("elasticloadbalancing:ModifyLoadBalancerAttributes", {
        ...{ LoadBalancerArn: arn, Attributes },
      });
      await installation.clock.advance(600_000);
    };
    await somebodyWrites(1, "99");
    expect(installation.get().status?.foreignEpoch).toBe(`${other}/1`);
    await installation.confirmEpoch();
    await installation.untilReady();
    await somebodyWrites(2, "98");
    expect(installation.get().status?.foreignEpoch).toBe(`${other}/2`);
  });
});

describe("a service that is made anew", () => {
  it("begins beyond what was written for the one that had its name", async () => {
    const installation = await inAFile();
    installation.post(edited(300));
    await installation.untilReady();
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined);
    installation.post(example().spec());
    await installation.untilReady();
    expect(await epochOn(installation)).toBe(own(installation, 3));
  });
});
