import { describe, expect, it } from "vitest";
import { CloudError } from "../../src/model/errors.ts";
import { simulatedCloud } from "../../src/simulator/cloud.ts";
import type { Fault } from "../../src/simulator/faults/interceptors.ts";
import { buildLab, type Lab } from "./support.ts";

const TEMPLATE = { LaunchTemplateName: "web", LaunchTemplateData: { ImageId: "ami-12345678" } };

function script(lab: Lab, when: "before" | "after", fault: Fault, operation = "CreateLaunchTemplate"): void {
  lab.account.faults.add({ service: "ec2", operation, when, fault, times: 1 });
}

/** What a call through the Cloud port ends with: its category and code, or its output. */
async function attempt(lab: Lab): Promise<string> {
  const cloud = simulatedCloud(lab.account);
  try {
    const output = await lab.clock.resolve(cloud.call("ec2:CreateLaunchTemplate", TEMPLATE));
    return output.LaunchTemplate === undefined ? "empty" : "made";
  } catch (error) {
    return error instanceof CloudError ? `${error.category} ${error.code}` : String(error);
  }
}

async function exists(lab: Lab): Promise<boolean> {
  const { LaunchTemplates } = await lab.call<{ LaunchTemplates: object[] }>("ec2:DescribeLaunchTemplates");
  return LaunchTemplates.length > 0;
}

describe("a call", () => {
  it("takes time, and has its effect in the middle of it", async () => {
    const lab = buildLab();
    const startedMs = lab.clock.nowMs();
    const call = lab.account.call("ec2", "CreateLaunchTemplate", TEMPLATE);
    await lab.clock.runUntil(() => lab.account.calls.total() === 1, 1_000);
    const effectMs = lab.clock.nowMs() - startedMs;
    await lab.clock.resolve(call);
    const totalMs = lab.clock.nowMs() - startedMs;
    expect(totalMs).toBeGreaterThanOrEqual(80);
    expect(totalMs).toBeLessThanOrEqual(250);
    expect(effectMs).toBe(totalMs / 2);
  });

  it("shares nothing with the account: neither input nor output may be changed from outside", async () => {
    const lab = buildLab();
    const input = structuredClone(TEMPLATE);
    type Versions = { LaunchTemplateVersions: { LaunchTemplateData: { ImageId: string } }[] };
    await lab.call("ec2:CreateLaunchTemplate", input);
    input.LaunchTemplateData.ImageId = "ami-changed";
    const read = (): Promise<Versions> =>
      lab.call("ec2:DescribeLaunchTemplateVersions", { LaunchTemplateName: "web" });
    (await read()).LaunchTemplateVersions[0]!.LaunchTemplateData.ImageId = "ami-changed";
    expect((await read()).LaunchTemplateVersions[0]!.LaunchTemplateData.ImageId).toBe("ami-12345678");
  });

  it("is recorded with its outcome, and counted", async () => {
    const lab = buildLab();
    await lab.call("ec2:CreateLaunchTemplate", TEMPLATE);
    await lab.refusal("ec2:CreateLaunchTemplate", TEMPLATE);
    await lab.call("ec2:DescribeLaunchTemplates");
    expect(lab.account.calls.counts()).toEqual({
      "ec2:CreateLaunchTemplate": 2,
      "ec2:DescribeLaunchTemplates": 1,
    });
    expect(lab.account.calls.mutating()).toBe(2);
    expect(lab.account.calls.list()[1]).toMatchObject({
      errorCode: "InvalidLaunchTemplateName.AlreadyExistsException",
    });
  });

  it("of an operation that the account does not have is InvalidAction", async () => {
    expect(await buildLab().refusal("ec2:CreateVpcPeeringConnection", {})).toBe("InvalidAction");
  });

  it("that is given up still has its effect", async () => {
    const lab = buildLab();
    const abort = new AbortController();
    const call = simulatedCloud(lab.account).call("ec2:CreateLaunchTemplate", TEMPLATE, {
      signal: abort.signal,
    });
    const outcome = call.catch((error: unknown) => error);
    abort.abort();
    expect(await lab.clock.resolve(outcome)).toMatchObject({ category: "transient" });
    await lab.clock.advance(1_000);
    expect(await exists(lab)).toBe(true);
  });
});

describe("faults", () => {
  const refused: Fault = { kind: "error", code: "InternalError", message: "no", status: 500 };

  it.each<[string, "before" | "after", Fault, string, boolean]>([
    ["an error before the effect", "before", refused, "transient InternalError", false],
    ["an error after the effect", "after", refused, "transient InternalError", true],
    ["a request that gets lost", "before", { kind: "lost", afterMs: 50 }, "transient ECONNRESET", false],
    ["an answer that gets lost", "after", { kind: "lost", afterMs: 50 }, "transient ECONNRESET", true],
    [
      "an answer cut in the middle",
      "after",
      { kind: "damaged", body: "truncated" },
      "malformed MalformedResponse",
      true,
    ],
    [
      "an answer without a body",
      "after",
      { kind: "damaged", body: "empty" },
      "malformed MalformedResponse",
      true,
    ],
    ["another output", "after", { kind: "output", output: {} }, "malformed MalformedResponse", true],
    ["slowness", "before", { kind: "slow", ms: 60_000 }, "made", true],
    [
      "an expired token",
      "before",
      { kind: "error", code: "ExpiredToken", message: "" },
      "unauthorized ExpiredToken",
      false,
    ],
  ])("%s (%s)", async (_, when, fault, outcome, effect) => {
    const lab = buildLab();
    script(lab, when, fault);
    expect(await attempt(lab)).toBe(outcome);
    expect(await exists(lab)).toBe(effect);
  });

  it("end after the number of calls or seconds that they were given", async () => {
    const lab = buildLab();
    const rule = { service: "ec2", operation: "*", when: "before", fault: refused } as const;
    lab.account.faults.add({ ...rule, times: 2 });
    expect([await attempt(lab), await attempt(lab), await attempt(lab)]).toEqual([
      "transient InternalError",
      "transient InternalError",
      "made",
    ]);
    lab.account.faults.add({ ...rule, seconds: 10 });
    expect(await lab.refusal("ec2:DescribeVpcs")).toBe("InternalError");
    await lab.clock.advance(10_000);
    await lab.call("ec2:DescribeVpcs");
  });
});

describe("rate limits", () => {
  async function burst(
    operation: string,
    count: number,
    input: object = {},
  ): Promise<{ codes: string[]; lab: Lab }> {
    const lab = buildLab({ throttle: true });
    const codes = await lab.clock.resolve(
      Promise.all(
        Array.from({ length: count }, () => {
          const [service, name] = operation.split(":") as ["ec2", string];
          return lab.account.call(service, name, input).then(
            () => "ok",
            (error: { code: string }) => error.code,
          );
        }),
      ),
    );
    return { codes, lab };
  }
  const allowed = (codes: string[]): number =>
    codes.filter((code) => code !== "Throttling" && code !== "RequestLimitExceeded").length;

  it.each([
    ["elasticloadbalancing:DescribeLoadBalancers", 40, 60, "Throttling"],
    ["elasticloadbalancing:DeleteLoadBalancer", 20, 40, "Throttling"],
    ["elasticloadbalancing:CreateLoadBalancer", 10, 20, "Throttling"],
    ["ec2:DescribeInstances", 50, 90, "RequestLimitExceeded"],
    ["ec2:RunInstances", 5, 12, "RequestLimitExceeded"],
    ["cloudwatch:PutMetricAlarm", 3, 10, "Throttling"],
    ["autoscaling:DescribeAutoScalingGroups", 40, 60, "Throttling"],
  ])("let a burst of %s through up to the bucket's %d", async (operation, capacity, count, code) => {
    const { codes } = await burst(operation, count);
    expect(codes).toContain(code);
    expect(allowed(codes)).toBeGreaterThanOrEqual(capacity);
    expect(allowed(codes)).toBeLessThanOrEqual(capacity + 5);
  });

  it("refill with time, and count filtered reads apart from unfiltered ones", async () => {
    const { lab } = await burst("elasticloadbalancing:CreateLoadBalancer", 20);
    expect(await lab.refusal("elasticloadbalancing:CreateLoadBalancer")).toBe("Throttling");
    await lab.clock.advance(5_000);
    expect(await lab.refusal("elasticloadbalancing:CreateLoadBalancer")).toBe("ValidationError");
    const { codes } = await burst("ec2:DescribeInstances", 90, { MaxResults: 100 });
    expect(allowed(codes)).toBe(90);
  });
});
