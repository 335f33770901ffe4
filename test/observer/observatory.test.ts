import { describe, expect, it } from "vitest";
import { CloudError } from "../../src/model/errors.ts";
import type { CallOptions, Cloud, Input, LookDemand, OperationName } from "../../src/ports.ts";
import { observatoryFor } from "../support/observatory.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const LIST = "elasticloadbalancing:DescribeLoadBalancers";
const TAGS = "elasticloadbalancing:DescribeTags";
const GROUPS = "autoscaling:DescribeAutoScalingGroups";
const ATTRIBUTES = "elasticloadbalancing:DescribeLoadBalancerAttributes";
const LATENCY_MS = 100;

interface Asked {
  readonly operation: OperationName;
  readonly input: Record<string, unknown>;
  readonly options: CallOptions | undefined;
}

/** A cloud that answers after a while, what `answers` says at the time when it is asked. */
function world(answers: (asked: Asked, atMs: number) => object = () => ({ LoadBalancers: [] })) {
  const clock = new VirtualClock();
  const asked: Asked[] = [];
  const cloud: Cloud = {
    call: (operation, input, options) => {
      const call = { operation, input: input as Record<string, unknown>, options };
      asked.push(call);
      const atMs = clock.nowMs();
      return new Promise((resolve, reject) => {
        clock.schedule(LATENCY_MS, () => {
          try {
            resolve({ ...answers(call, atMs), $metadata: {} } as never);
          } catch (error) {
            reject(error);
          }
        });
      });
    },
  };
  let aheadMs = 0;
  const told = {
    nowMs: () => clock.nowMs() + aheadMs,
    schedule: (delayMs: number, run: () => void) => clock.schedule(delayMs, run),
  };
  const observatory = observatoryFor(() => cloud, told, 60_000);
  const look = (name: string, more: Partial<LookDemand> = {}) => {
    const demand = {
      key: { namespace: "default", name },
      region: "us-east-1",
      urgency: "routine",
      ...more,
    } as const;
    const view = observatory.look(demand);
    return {
      view,
      read: <O extends typeof LIST | typeof TAGS | typeof GROUPS | typeof ATTRIBUTES>(
        operation: O,
        input: Input<O>,
      ) => view.call(operation, input),
      done: () => observatory.compared(demand, view, false),
    };
  };
  const setAhead = (ms: number) => {
    aheadMs = ms;
  };
  return { setAhead, clock, asked, observatory, look, run: <T>(answer: Promise<T>) => clock.resolve(answer) };
}

const notFound = () =>
  new CloudError({ operation: TAGS, code: "LoadBalancerNotFound", category: "notFound", message: "gone" });

describe("reads that are shared", () => {
  it("are asked once by all who ask at the same time, and once by those who come a little later", async () => {
    const { asked, look, run, clock } = world();
    await run(Promise.all(["a", "b", "c"].map((name) => look(name).read(LIST, { PageSize: 400 }))));
    await clock.advance(3_000);
    const later = look("d");
    await run(later.read(LIST, { PageSize: 400 }));
    expect(asked).toHaveLength(1);
    expect([later.view.isFresh(), later.view.oldestMs()]).toEqual([
      false,
      { structure: clock.nowMs() - 3_100 },
    ]);
  });

  it("are asked anew by whoever needs them fresher, and then everybody has that", async () => {
    const { asked, look, run, clock } = world();
    await run(look("a").read(LIST, { PageSize: 400 }));
    await clock.advance(1_000);
    const fresh = look("b", { urgency: "verification", notBeforeMs: clock.nowMs() });
    await run(fresh.read(LIST, { PageSize: 400 }));
    expect([asked.length, fresh.view.isFresh()]).toEqual([2, true]);
    await run(
      look("c", { urgency: "suspicion", notBeforeMs: clock.nowMs() - 200 }).read(LIST, { PageSize: 400 }),
    );
    expect(asked).toHaveLength(2);
  });

  it("are not waited for by whoever is in more of a hurry than those who asked", async () => {
    const { asked, look, run } = world();
    const routine = look("a").read(LIST, { PageSize: 400 });
    const person = look("b", { urgency: "person", notBeforeMs: 0 }).read(LIST, { PageSize: 400 });
    await run(Promise.all([routine, person]));
    expect(asked.map(({ options }) => options?.urgency)).toEqual(["routine", "person"]);
  });

  it("say nothing to a service that has written since, whoever had asked for them", async () => {
    const { asked, look, run, clock, observatory } = world(() => ({ Attributes: [] }));
    const own = look("a");
    await run(own.read(ATTRIBUTES, { LoadBalancerArn: "arn" }));
    own.done();
    await clock.advance(1_000);
    await run(look("a").read(ATTRIBUTES, { LoadBalancerArn: "arn" }));
    expect(asked).toHaveLength(1);
    observatory.wrote({ namespace: "default", name: "a" }, "us-east-1");
    await run(look("a").read(ATTRIBUTES, { LoadBalancerArn: "arn" }));
    expect(asked).toHaveLength(2);
  });

  it("say nothing to it either where somebody had asked for a look before it wrote", async () => {
    const { asked, look, run, clock, observatory } = world(() => ({ Attributes: [] }));
    const beforeMs = clock.nowMs();
    await run(look("a", { notBeforeMs: beforeMs }).read(ATTRIBUTES, { LoadBalancerArn: "arn" }));
    observatory.wrote({ namespace: "default", name: "a" }, "us-east-1");
    await clock.advance(1_000);
    const again = look("a", { notBeforeMs: beforeMs });
    await run(again.read(ATTRIBUTES, { LoadBalancerArn: "arn" }));
    expect(asked).toHaveLength(2);
    expect(again.view.isFresh()).toBe(true);
  });

  it("are no second word to the service that was told them already", async () => {
    const { asked, look, run, clock } = world(() => ({ Attributes: [] }));
    const again = (name: string) =>
      run(look(name, { urgency: "suspicion", notBeforeMs: 0 }).read(ATTRIBUTES, { LoadBalancerArn: "arn" }));
    await again("a");
    await clock.advance(10_000);
    await again("b");
    expect(asked).toHaveLength(1);
    await again("a");
    expect(asked).toHaveLength(2);
  });

  it("are not believed once the clock has gone back before them", async () => {
    const { asked, look, run, setAhead } = world();
    await run(look("a").read(LIST, { PageSize: 400 }));
    setAhead(-3_600_000);
    await run(look("b").read(LIST, { PageSize: 400 }));
    expect(asked).toHaveLength(2);
  });

  it("that fail are nobody's answer but of those who waited for them", async () => {
    let isBroken = true;
    const { look, run } = world(() => {
      if (isBroken)
        throw new CloudError({ operation: LIST, code: "Boom", category: "transient", message: "no" });
      return { LoadBalancers: [] };
    });
    const both = ["a", "b"].map((name) => look(name).read(LIST, { PageSize: 400 }));
    expect((await run(Promise.allSettled(both))).map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
    ]);
    isBroken = false;
    await expect(run(look("c").read(LIST, { PageSize: 400 }))).resolves.toMatchObject({ LoadBalancers: [] });
  });
});

describe("a whole list", () => {
  const pages = (broken: () => boolean) => (call: Asked) => {
    if (call.input.Marker === undefined)
      return { LoadBalancers: [{ LoadBalancerArn: "1" }], NextMarker: "m" };
    if (broken())
      throw new CloudError({ operation: LIST, code: "Boom", category: "transient", message: "no" });
    return { LoadBalancers: [{ LoadBalancerArn: "2" }] };
  };

  it("comes on one page, read to its end; with a page that failed it fails for all", async () => {
    let isBroken = true;
    const { look, run } = world(pages(() => isBroken));
    const both = ["a", "b"].map((name) => look(name).read(LIST, { PageSize: 400 }));
    expect((await run(Promise.allSettled(both))).map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
    ]);
    isBroken = false;
    const whole = await run(look("a").read(LIST, { PageSize: 400 }));
    expect([whole.LoadBalancers, whole.NextMarker]).toEqual([
      [{ LoadBalancerArn: "1" }, { LoadBalancerArn: "2" }],
      undefined,
    ]);
  });

  it("answers what asks for one of it, and never for one that it lacks", async () => {
    const { look, run, asked } = world((call) =>
      call.input.LoadBalancerArns === undefined
        ? { LoadBalancers: [{ LoadBalancerArn: "1" }] }
        : { LoadBalancers: [] },
    );
    await run(look("a").read(LIST, { PageSize: 400 }));
    const probe = () => look("b", { urgency: "verification", notBeforeMs: 0 });
    const one = await run(probe().read(LIST, { LoadBalancerArns: ["1"] }));
    expect([one.LoadBalancers, asked.length]).toEqual([[{ LoadBalancerArn: "1" }], 1]);
    await run(probe().read(LIST, { LoadBalancerArns: ["2"] }));
    expect(asked.at(-1)?.input).toEqual({ LoadBalancerArns: ["2"] });
  });

  it("is read for a fleet, and gives each service its own", async () => {
    const tag = "holdfast.dev/owner";
    const group = (name: string) => ({
      AutoScalingGroupName: name,
      Tags: [{ Key: tag, Value: `holdfast/default/${name}` }],
    });
    const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
    const { look, run, asked, clock } = world(({ input }) => {
      const [{ Name, Values }] = input.Filters as [{ Name: string; Values: string[] }];
      const all = names.map(group);
      return {
        AutoScalingGroups:
          Name === "tag-key" ? all : all.filter(({ Tags: [own] }) => own?.Value === Values[0]),
      };
    });
    const own = (name: string) => ({
      Filters: [{ Name: `tag:${tag}`, Values: [`holdfast/default/${name}`] }],
      MaxRecords: 100,
    });
    for (const name of names) {
      const first = look(name);
      await run(first.read(GROUPS, own(name)));
      first.done();
    }
    const single = asked.length;
    await clock.advance(60_000);
    for (const name of names) {
      const answer = await run(look(name).read(GROUPS, own(name)));
      expect(answer.AutoScalingGroups?.map(({ AutoScalingGroupName }) => AutoScalingGroupName)).toEqual([
        name,
      ]);
    }
    expect([single, asked.length - single]).toEqual([3, 1]);
  });
});

describe("a list that nobody can read to its end", () => {
  it("is asked for in parts, and for a while not tried again", async () => {
    const alarms = "cloudwatch:DescribeAlarms" as const;
    const { look, run, asked, clock } = world(({ input }) => {
      if (input.AlarmNamePrefix === "holdfast/")
        throw new CloudError({ operation: alarms, code: "Boom", category: "malformed", message: "no" });
      return { MetricAlarms: [] };
    });
    const own = (name: string) => ({ AlarmNamePrefix: `holdfast/default/${name}/` });
    for (const name of ["a", "b", "c"]) {
      const first = look(name, { notBeforeMs: clock.nowMs() });
      await run(first.view.call(alarms, own(name)));
      first.done();
    }
    for (let turn = 0; turn < 2; turn += 1) {
      await clock.advance(60_000);
      for (const name of ["a", "b", "c"]) await run(look(name).view.call(alarms, own(name)));
    }
    const prefixes = asked.map(({ input }) => input.AlarmNamePrefix);
    expect(prefixes.filter((prefix) => prefix === "holdfast/")).toHaveLength(1);
    expect(prefixes.filter((prefix) => prefix === "holdfast/default/c/")).toHaveLength(3);
  });
});

describe("tags of Elastic Load Balancing", () => {
  const describing = ({ input }: Asked) => {
    const arns = input.ResourceArns as string[];
    return { TagDescriptions: arns.map((ResourceArn) => ({ ResourceArn, Tags: [] })) };
  };
  const arnsOf = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${name}-${index}`);

  it("fill a routine call with those that were asked for longest ago, of whatever service", async () => {
    const { look, run, asked, clock } = world(describing);
    const names = ["a", "b", "c"];
    for (const name of names) await run(look(name).read(TAGS, { ResourceArns: arnsOf(name, 9) }));
    await clock.advance(60_000);
    const before = asked.length;
    const told = [];
    for (const name of names)
      told.push(
        await run(
          look(name, { notBeforeMs: clock.nowMs() - 10_000 }).read(TAGS, { ResourceArns: arnsOf(name, 9) }),
        ),
      );
    expect(
      told.map(({ TagDescriptions = [] }) => TagDescriptions.map(({ ResourceArn }) => ResourceArn)),
    ).toEqual(names.map((name) => arnsOf(name, 9)));
    expect(asked.slice(before).map(({ input }) => (input.ResourceArns as string[]).length)).toEqual([20, 20]);
  });

  it("are asked again alone, where one that came along is gone", async () => {
    const gone = new Set<string>();
    const { look, run, clock } = world((call) => {
      if ((call.input.ResourceArns as string[]).some((arn) => gone.has(arn))) throw notFound();
      return describing(call);
    });
    await run(look("a").read(TAGS, { ResourceArns: arnsOf("a", 3) }));
    gone.add("a-1");
    await clock.advance(60_000);
    const { TagDescriptions = [] } = await run(look("b").read(TAGS, { ResourceArns: arnsOf("b", 3) }));
    expect(TagDescriptions).toHaveLength(3);
    await expect(run(look("a").read(TAGS, { ResourceArns: arnsOf("a", 3) }))).rejects.toMatchObject({
      code: "LoadBalancerNotFound",
    });
  });
});
