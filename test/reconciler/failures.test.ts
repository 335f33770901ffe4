import { describe, expect, it } from "vitest";
import type { Fault, Interceptor } from "../../src/simulator/faults/interceptors.ts";
import { exampleSpec, Installation, WEB_API } from "../support/installation.ts";
import {
  addFault,
  arnOf,
  census,
  converged,
  driftEvents,
  loudOfBugs,
  somebody,
  specWith,
  untilRepaired,
} from "./world.ts";

const ELB = "elasticloadbalancing";

const READS = [
  `${ELB}:DescribeLoadBalancers`,
  `${ELB}:DescribeLoadBalancerAttributes`,
  `${ELB}:DescribeListeners`,
  `${ELB}:DescribeListenerCertificates`,
  `${ELB}:DescribeRules`,
  `${ELB}:DescribeTargetGroups`,
  `${ELB}:DescribeTargetGroupAttributes`,
  `${ELB}:DescribeTargetHealth`,
  `${ELB}:DescribeTags`,
  "ec2:DescribeLaunchTemplates",
  "ec2:DescribeLaunchTemplateVersions",
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribePolicies",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:ListTagsForResource",
];

const BAD_ANSWERS: Record<string, Fault> = {
  "an internal failure": {
    kind: "error",
    code: "InternalFailure",
    message: "We have a problem.",
    status: 500,
  },
  throttling: { kind: "error", code: "Throttling", message: "Rate exceeded", status: 400 },
  "a refusal": { kind: "error", code: "AccessDenied", message: "You shall not.", status: 403 },
  "no answer": { kind: "lost", afterMs: 100 },
  "an empty answer": { kind: "damaged", body: "empty" },
  "half an answer": { kind: "damaged", body: "truncated" },
  "an answer without its list": { kind: "output", output: {} },
  "a list that begins again and again": { kind: "output", output: { NextMarker: "more", NextToken: "more" } },
};

describe("a read that fails", () => {
  it.each(READS)(
    "(%s) says nothing about AWS: the service is Unknown, and nothing is written",
    async (operation) => {
      const installation = await converged();
      const before = await census(installation);
      const calls = installation.account.calls.mutating();
      for (const [name, fault] of Object.entries(BAD_ANSWERS)) {
        addFault(installation, operation, fault, { seconds: 200 });
        await installation.clock.advance(150_000);
        expect(installation.condition("Synced"), name).toMatchObject({
          status: "Unknown",
          reason: "CannotRead",
        });
        expect(installation.condition("Ready")?.status, name).toBe("Unknown");
        installation.account.faults.clear();
        await installation.until(() => installation.condition("Ready")?.status === "True");
      }
      expect(installation.account.calls.mutating()).toBe(calls);
      expect(driftEvents(installation)).toEqual([]);
      expect(await census(installation)).toEqual(before);
    },
  );

  it.each(READS)("(%s) once with an empty list is not believed", async (operation) => {
    const installation = await converged();
    const before = await census(installation);
    const calls = installation.account.calls.mutating();
    const empty = {
      LoadBalancers: [],
      Listeners: [],
      Rules: [],
      TargetGroups: [],
      TagDescriptions: [],
      LaunchTemplates: [],
      Certificates: [],
      LaunchTemplateVersions: [],
      AutoScalingGroups: [],
      ScalingPolicies: [],
      MetricAlarms: [],
      Attributes: [],
      TargetHealthDescriptions: [],
      Tags: [],
    };
    addFault(installation, operation, { kind: "output", output: empty }, { times: 1 });
    installation.controller.request(WEB_API);
    await installation.clock.advance(600_000);
    expect(installation.account.calls.mutating()).toBe(calls);
    expect(driftEvents(installation)).toEqual([]);
    expect(await census(installation)).toEqual(before);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it.each([
    "ec2:DescribeInstances",
    "ec2:DescribeInstanceStatus",
    "autoscaling:DescribeScalingActivities",
    "autoscaling:DescribeInstanceRefreshes",
  ])("(%s) that only health needs does not stop the rest", async (operation) => {
    const installation = await converged();
    for (const fault of Object.values(BAD_ANSWERS)) {
      addFault(installation, operation, fault, { seconds: 100 });
      await installation.clock.advance(150_000);
    }
    await installation.clock.advance(60_000);
    expect(installation.account.calls.mutating()).toBe(10);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("stops nothing that does not depend on it", async () => {
    const installation = await converged();
    addFault(installation, "cloudwatch:DescribeAlarms", BAD_ANSWERS["an internal failure"]!, {
      seconds: 600,
    });
    await somebody(installation, `${ELB}:ModifyTargetGroup`, {
      TargetGroupArn: arnOf(installation, "targetGroups.web"),
      HealthCheckPath: "/",
    });
    await installation.clock.advance(300_000);
    expect(installation.condition("Synced")?.status).toBe("Unknown");
    expect(driftEvents(installation).map((event) => [event.field, event.state])).toEqual([
      ["healthCheck.path", "Corrected"],
    ]);
  });

  it("keeps everything that was to go", async () => {
    const installation = await converged();
    addFault(installation, "cloudwatch:DescribeAlarms", BAD_ANSWERS["an internal failure"]!, {
      seconds: 900,
    });
    installation.post(specWith((spec) => delete spec.loadBalancer.listeners[1]?.rules));
    const calls = installation.account.calls.mutating();
    await installation.clock.advance(600_000);
    expect(installation.account.calls.mutating()).toBe(calls);
    await installation.until(() => installation.condition("Ready")?.status === "True");
    expect(installation.mutations().slice(calls)).toEqual([`${ELB}:DeleteRule`]);
  });
});

const WRITES = [
  `${ELB}:CreateLoadBalancer`,
  `${ELB}:CreateTargetGroup`,
  `${ELB}:ModifyTargetGroupAttributes`,
  `${ELB}:CreateListener`,
  `${ELB}:CreateRule`,
  "ec2:CreateLaunchTemplate",
  "autoscaling:CreateAutoScalingGroup",
  "autoscaling:PutScalingPolicy",
  "cloudwatch:PutMetricAlarm",
];

async function cleanCensus(): Promise<Record<string, unknown>> {
  return census(await converged());
}

describe("a write", () => {
  it.each(WRITES)("(%s) whose answer is lost after its effect is not made twice", async (operation) => {
    for (const times of operation.endsWith("CreateListener") ? [1, 2] : [1]) {
      const installation = new Installation({ log: loudOfBugs });
      addFault(installation, operation, { kind: "lost", afterMs: 500 }, { times }, "after");
      installation.post(exampleSpec());
      await installation.untilReady();
      await installation.clock.advance(600_000);
      expect(await census(installation)).toEqual(await cleanCensus());
      expect(installation.condition("Ready")?.status).toBe("True");
      expect(driftEvents(installation)).toEqual([]);
    }
  });

  it.each(WRITES)("(%s) whose answer is empty is read before anything is concluded", async (operation) => {
    const installation = new Installation({ log: loudOfBugs });
    addFault(installation, operation, { kind: "damaged", body: "empty" }, { times: 1 }, "after");
    installation.post(exampleSpec());
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(await census(installation)).toEqual(await cleanCensus());
    expect(driftEvents(installation)).toEqual([]);
  });

  it.each(WRITES)(
    "(%s) that is throttled, or fails at AWS, is tried again later and later",
    async (operation) => {
      const installation = new Installation({ log: loudOfBugs });
      addFault(installation, operation, BAD_ANSWERS.throttling!, { times: 3 });
      addFault(installation, operation, BAD_ANSWERS["an internal failure"]!, { times: 3 });
      addFault(installation, operation, BAD_ANSWERS["no answer"]!, { times: 2 });
      installation.post(exampleSpec());
      await installation.untilReady();
      expect(await census(installation)).toEqual(await cleanCensus());
      expect(installation.condition("Stalled")?.status).toBe("False");
      expect(installation.account.faults.list()).toEqual([]);
    },
  );

  it.each(WRITES)(
    "(%s) that AWS refuses stalls with AWS's words, and what does not depend on it goes on",
    async (operation) => {
      const installation = new Installation({ log: loudOfBugs });
      addFault(installation, operation, {
        kind: "error",
        code: "ValidationError",
        message: "One of the parameters is wrong.",
        status: 400,
      });
      installation.post(exampleSpec());
      await installation.clock.advance(600_000);
      expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "RefusedByAws" });
      expect(installation.condition("Stalled")?.message).toContain("One of the parameters is wrong.");
      expect(installation.condition("Ready")?.status).toBe("False");
      const made = installation
        .get()
        .status!.resources.filter((row) => row.state === "InSync" || row.state === "Provisioning");
      expect(made.length).toBeGreaterThanOrEqual(3);
      const before = installation.condition("Stalled")?.lastTransitionTime;
      await installation.clock.advance(3_600_000);
      expect(installation.condition("Stalled")?.lastTransitionTime).toBe(before);
      // At most once in each pass, and a pass comes with the resync.
      const resources = operation.endsWith("CreateListener") ? 2 : 1;
      expect(installation.account.calls.counts()[operation]).toBeLessThan(80 * resources);
      installation.account.faults.clear();
      await installation.untilReady();
      expect(await census(installation)).toEqual(await cleanCensus());
    },
  );

  it("that AWS refuses is tried at once with a changed spec", async () => {
    const installation = await converged();
    installation.post(
      specWith((spec) => {
        spec.loadBalancer.listeners[1]!.certificates = [
          "arn:aws:acm:us-east-1:123456789012:certificate/nobody",
        ];
      }),
    );
    await installation.until(() => installation.condition("Stalled")?.status === "True");
    expect(installation.condition("Stalled")?.message).toContain("CertificateNotFound");
    installation.post(exampleSpec());
    await installation.clock.advance(15_000);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("that was done and not answered, and is taken back, is nobody else's doing", async () => {
    const installation = await converged();
    const LoadBalancerArn = arnOf(installation, "loadBalancer");
    const lost: Fault = { kind: "lost", afterMs: 30_000 };
    addFault(installation, `${ELB}:ModifyLoadBalancerAttributes`, lost, { times: 1 }, "after");
    installation.post(
      specWith((spec) => {
        spec.loadBalancer.attributes = { "idle_timeout.timeout_seconds": 120 };
      }),
    );
    await installation.clock.advance(4_000);
    installation.post(exampleSpec());
    await installation.clock.advance(600_000);
    const { Attributes } = await somebody(installation, `${ELB}:DescribeLoadBalancerAttributes`, {
      LoadBalancerArn,
    });
    expect(Attributes).toContainEqual({ Key: "idle_timeout.timeout_seconds", Value: "60" });
    expect(driftEvents(installation)).toEqual([]);
  });

  it("that was done and not answered, and is taken back, is nobody else's doing, not even an order of rules", async () => {
    const installation = await converged();
    const RuleArn = arnOf(installation, "loadBalancer.listeners.443.rules.block-admin");
    const priority = async () => {
      const { Rules } = await somebody(installation, `${ELB}:DescribeRules`, { RuleArns: [RuleArn] });
      return Rules[0].Priority;
    };
    const before = await priority();
    const lost: Fault = { kind: "lost", afterMs: 30_000 };
    addFault(installation, `${ELB}:SetRulePriorities`, lost, { times: 1 }, "after");
    installation.post(
      specWith((spec) => {
        spec.loadBalancer.listeners[1]!.rules![0]!.priority = 20;
      }),
    );
    await installation.clock.advance(4_000);
    expect([before, await priority()]).toEqual(["10", "20"]);
    installation.post(exampleSpec());
    await installation.clock.advance(600_000);
    expect(await priority()).toBe("10");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is not sent again before AWS has been read, not even an order of rules", async () => {
    const installation = await converged(
      specWith((spec) => {
        const [, https] = spec.loadBalancer.listeners;
        https!.rules!.push({
          name: "second",
          priority: 20,
          conditions: [{ pathPattern: ["/second/*"] }],
          action: { fixedResponse: { statusCode: "404" } },
        });
      }),
    );
    const operation = `${ELB}:SetRulePriorities`;
    const fault: Fault = { kind: "error", code: "InternalFailure", message: "no", status: 500 };
    addFault(installation, operation, fault, { times: 1 });
    installation.post(
      specWith((spec) => {
        const [, https] = spec.loadBalancer.listeners;
        https!.rules![0]!.priority = 20;
        https!.rules!.push({
          name: "second",
          priority: 10,
          conditions: [{ pathPattern: ["/second/*"] }],
          action: { fixedResponse: { statusCode: "404" } },
        });
      }),
    );
    await installation.untilReady();
    const calls = installation.account.calls.list().map((call) => call.operation);
    const [first = -1, second = -1] = calls.flatMap((call, at) => (call === "SetRulePriorities" ? [at] : []));
    expect(calls.slice(first, second)).toContain("DescribeRules");
  });

  it.each([
    ["alone", ["sg-alb-12345678"]],
    ["while something else of it is changed", ["sg-alb-12345678", "sg-12345678"]],
  ])(
    "that is taken back %s, before AWS shows it, is taken back, and nobody is blamed",
    async (_how, groups) => {
      const installation = await converged();
      const idleTimeout = (seconds: number, securityGroups = ["sg-alb-12345678"]) =>
        specWith((spec) => {
          spec.loadBalancer.attributes = { "idle_timeout.timeout_seconds": seconds };
          spec.loadBalancer.securityGroups = securityGroups;
        });
      const LoadBalancerArn = arnOf(installation, "loadBalancer");
      const before = await somebody(installation, `${ELB}:DescribeLoadBalancerAttributes`, {
        LoadBalancerArn,
      });
      installation.post(idleTimeout(120));
      await installation.clock.advance(5_000);
      addFault(
        installation,
        `${ELB}:DescribeLoadBalancerAttributes`,
        { kind: "output", output: before },
        { times: 1 },
        "after",
      );
      installation.post(idleTimeout(60, groups));
      await installation.clock.advance(1_500);
      expect(installation.condition("Synced")?.status).toBe("False");
      await installation.clock.advance(600_000);
      const { Attributes } = await somebody(installation, `${ELB}:DescribeLoadBalancerAttributes`, {
        LoadBalancerArn,
      });
      expect(Attributes).toContainEqual({ Key: "idle_timeout.timeout_seconds", Value: "60" });
      expect(driftEvents(installation)).toEqual([]);
    },
  );

  it("that names what is nowhere is the spec's fault, and a person is told", async () => {
    const installation = new Installation();
    addFault(installation, "autoscaling:CreateAutoScalingGroup", {
      kind: "error",
      code: "ValidationError",
      message:
        "You must use a valid fully-formed launch template. The image id '[ami-12345678]' does not exist",
    });
    installation.post(exampleSpec());
    await installation.clock.advance(10_000);
    expect(installation.condition("Stalled")).toMatchObject({
      status: "True",
      message: expect.stringContaining("does not exist"),
    });
  });

  it("that refers to what AWS does not see yet is tried again within seconds, and nobody is called", async () => {
    const installation = new Installation();
    addFault(
      installation,
      "autoscaling:CreateAutoScalingGroup",
      {
        kind: "error",
        code: "ValidationError",
        message:
          "You must use a valid fully-formed launch template. The specified launch template, with template ID lt-1, does not exist.",
      },
      { times: 1 },
    );
    installation.post(exampleSpec());
    await installation.clock.advance(3_000);
    expect(installation.condition("Stalled")?.status).toBe("False");
    await installation.clock.advance(5_000);
    expect(installation.account.parts.autoScaling.groups()).toHaveLength(1);
  });

  it("whose effect the lists show only later is neither made twice nor taken for drift", async () => {
    const installation = new Installation({ log: loudOfBugs, interceptor: lagging(20_000) });
    installation.post(exampleSpec());
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(driftEvents(installation)).toEqual([]);
    expect(Object.keys(await census(installation)).sort()).toEqual(Object.keys(await cleanCensus()).sort());
    expect(installation.mutations()).toHaveLength(10);
  });
});

/** Lists answer with what they would have answered `ms` ago. */
function lagging(ms: number): Interceptor {
  const history = new Map<string, { atMs: number; output: object }[]>();
  return {
    after(call, output) {
      if (
        !/^Describe(LoadBalancers|TargetGroups|Listeners|Rules|LaunchTemplates|AutoScalingGroups|Policies|Alarms)$/.test(
          call.operation,
        )
      )
        return undefined;
      const key = `${call.operation} ${JSON.stringify(call.input)}`;
      const answers = history.get(key) ?? [];
      history.set(key, [...answers, { atMs: call.atMs, output }]);
      const old = answers.filter((answer) => answer.atMs >= call.atMs - ms)[0];
      return old === undefined ? undefined : { kind: "output", output: old.output };
    },
  };
}

describe("a process that dies", () => {
  const POINTS = Array.from({ length: 40 }, (_, index) => 20 + index * 60);

  it.each(POINTS)(
    "%i ms into the first convergence is succeeded by one that finishes the work",
    async (afterMs) => {
      const installation = new Installation({ log: loudOfBugs });
      installation.post(exampleSpec());
      await installation.clock.advance(afterMs);
      installation.crash();
      await installation.untilReady();
      await installation.clock.advance(120_000);
      expect(await census(installation)).toEqual(await cleanCensus());
      expect(driftEvents(installation)).toEqual([]);
    },
  );

  it("again and again still comes to the end", async () => {
    const installation = new Installation({ log: loudOfBugs });
    installation.post(exampleSpec());
    for (let life = 0; life < 30; life += 1) {
      await installation.clock.advance(400 + 37 * life);
      installation.crash();
    }
    await installation.untilReady();
    expect(await census(installation)).toEqual(await cleanCensus());
  });

  it("while it deletes is succeeded by one that goes on", async () => {
    const empty = await census(new Installation());
    for (const afterMs of [100, 500, 1_000, 30_000, 90_000]) {
      const installation = await converged();
      installation.remove();
      await installation.clock.advance(afterMs);
      installation.crash();
      await installation.until(() => installation.store.get(WEB_API) === undefined, 4 * 3_600_000);
      expect(await census(installation)).toEqual(empty);
    }
  });

  it("between finding drift and putting it right does not find it twice", async () => {
    const installation = await converged();
    await somebody(installation, `${ELB}:ModifyTargetGroup`, {
      TargetGroupArn: arnOf(installation, "targetGroups.web"),
      HealthCheckPath: "/",
    });
    await installation.until(() => driftEvents(installation).length === 1);
    installation.crash();
    await untilRepaired(installation);
    expect(driftEvents(installation)).toHaveLength(1);
    expect(driftEvents(installation)[0]?.state).toBe("Corrected");
  });
});
