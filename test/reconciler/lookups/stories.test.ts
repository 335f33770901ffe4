import { describe, expect, it } from "vitest";
import { InvalidSpecError, UnreadLookupError } from "../../../src/model/errors.ts";
import { ANNOTATION_PAUSED } from "../../../src/model/object.ts";
import { certificateOf } from "../../support/certificate.ts";
import { exampleSpec, Installation, WEB_API } from "../../support/installation.ts";

const PARAMETER = "/team/web-image";
const HOUR_MS = 3_600_000;
const PROFILE = "arn:aws:iam::123456789012:instance-profile/holdfast";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";

type Json = Record<string, unknown>;
interface Spec extends Json {
  loadBalancer: Json & { listeners: Json[] };
  autoScalingGroups: { web: { launchTemplate: Json } };
}

/** The worked example with other things in place of ids. */
function specWith(change: (spec: Spec) => void): Spec {
  const spec = exampleSpec() as Spec;
  change(spec);
  return spec;
}

function withImage(imageId: unknown): Spec {
  return specWith((spec) => {
    spec.autoScalingGroups.web.launchTemplate.imageId = imageId;
  });
}

/** Whatever can be looked up, looked up. */
function everyLookup(): Spec {
  return specWith((spec) => {
    spec.vpcId = { name: "main" };
    spec.subnetIds = { tags: { tier: "public" } };
    spec.loadBalancer.securityGroups = { names: ["web-alb"] };
    spec.loadBalancer.listeners[1]!.certificates = [{ domain: "www.example.com" }];
    spec.autoScalingGroups.web.launchTemplate.imageId = { ssmParameter: PARAMETER };
    spec.autoScalingGroups.web.launchTemplate.securityGroupIds = { name: "web" };
    spec.autoScalingGroups.web.launchTemplate.iamInstanceProfile = { arn: { name: "holdfast" } };
    spec.alarms = {
      busy: {
        namespace: "AWS/ApplicationELB",
        metricName: "RequestCount",
        statistic: "Sum",
        threshold: 1,
        comparisonOperator: "GreaterThanThreshold",
        alarmActions: [{ snsTopic: "alerts" }],
      },
    };
  });
}

async function prepared(options = {}): Promise<Installation> {
  const installation = new Installation(options);
  const call = (service: "ec2" | "ssm", operation: string, input: object) =>
    installation.clock.resolve(installation.account.call(service, operation, input));
  await call("ec2", "CreateTags", {
    Resources: ["subnet-1a", "subnet-1b"],
    Tags: [{ Key: "tier", Value: "public" }],
  });
  await call("ssm", "PutParameter", { Name: PARAMETER, Type: "String", Value: "ami-12345678" });
  return installation;
}

/** What the parameter says from now on. */
function publish(installation: Installation, imageId: string): Promise<object> {
  return installation.clock.resolve(
    installation.account.call("ssm", "PutParameter", { Name: PARAMETER, Value: imageId, Overwrite: true }),
  );
}

async function refusalOf(installation: Installation, spec: Spec): Promise<unknown> {
  try {
    await installation.postResolved(spec);
  } catch (error) {
    return error;
  }
  return undefined;
}

async function faultsOf(installation: Installation, spec: Spec): Promise<string[]> {
  const error = await refusalOf(installation, spec);
  if (!(error instanceof InvalidSpecError)) return [String(error)];
  return error.faults.map(({ path, message }) => `${path} ${message}`);
}

function imagesRunning(installation: Installation): string[] {
  const instances = installation.account.control.instances();
  return instances.filter(({ state }) => state === "running").map(({ imageId }) => imageId);
}

const IMAGE_PATH = "spec.autoScalingGroups.web.launchTemplate.imageId";

function imageRow(installation: Installation) {
  return installation.get().status?.lookups?.find(({ path }) => path === IMAGE_PATH);
}

function eventsOf(installation: Installation, reason: string): string[] {
  const { items } = installation.store.events({ involvedName: WEB_API.name, limit: 500 });
  return items.filter((event) => event.reason === reason).map(({ message }) => message);
}

describe("a spec that looks things up", () => {
  it("is stored as it was written, and AWS gets what it stands for", async () => {
    const installation = await prepared();
    const spec = everyLookup();
    await installation.postResolved(spec);
    await installation.untilReady();
    const { spec: stored, status } = installation.get();
    expect(stored.vpcId).toEqual({ name: "main" });
    expect(Object.fromEntries(status?.lookups?.map(({ path, value }) => [path, value]) ?? [])).toEqual({
      "spec.vpcId": "vpc-12345678",
      "spec.subnetIds": ["subnet-1a", "subnet-1b"],
      "spec.loadBalancer.securityGroups": ["sg-alb-12345678"],
      "spec.loadBalancer.listeners[1].certificates[0]":
        "arn:aws:acm:us-east-1:123456789012:certificate/abc-123",
      [IMAGE_PATH]: "ami-12345678",
      "spec.autoScalingGroups.web.launchTemplate.securityGroupIds": ["sg-12345678"],
      "spec.autoScalingGroups.web.launchTemplate.iamInstanceProfile.arn": PROFILE,
      "spec.alarms.busy.alarmActions[0]": TOPIC,
    });
    expect(status?.lookups?.every(({ state }) => state === "Current")).toBe(true);
    const { LoadBalancers } = await installation.aws("elasticloadbalancing:DescribeLoadBalancers", {});
    expect(LoadBalancers?.[0]).toMatchObject({ VpcId: "vpc-12345678", SecurityGroups: ["sg-alb-12345678"] });
    const { MetricAlarms } = await installation.aws("cloudwatch:DescribeAlarms", {});
    expect(MetricAlarms?.find(({ AlarmActions }) => AlarmActions?.includes(TOPIC))).toBeDefined();
    expect(new Set(imagesRunning(installation))).toEqual(new Set(["ami-12345678"]));
  });

  it("keeps what it stands for when the daemon dies, and when something else is edited", async () => {
    const installation = await prepared();
    await installation.postResolved(withImage({ ssmParameter: PARAMETER }));
    await installation.untilReady();
    const before = installation.mutations().length;
    await publish(installation, "ami-87654321");
    await installation.restart();
    const edited = withImage({ ssmParameter: PARAMETER });
    edited.loadBalancer.attributes = { "idle_timeout.timeout_seconds": 61 };
    await installation.postResolved(edited);
    await installation.untilReady();
    expect(installation.get().metadata.generation).toBe(2);
    expect(imageRow(installation)?.value).toBe("ami-12345678");
    expect(installation.mutations().slice(before)).not.toContain("ec2:ModifyLaunchTemplate");
    expect(installation.store.lookups(WEB_API, 1)).toHaveLength(1);
  });

  it("is told of a newer result within an hour, once, and not moved by it", async () => {
    const installation = await prepared();
    await installation.postResolved(withImage({ ssmParameter: PARAMETER }));
    await installation.untilReady();
    await publish(installation, "ami-87654321");
    const before = installation.mutations().length;
    await installation.clock.advance(3 * HOUR_MS);
    expect(imageRow(installation)).toMatchObject({
      state: "UpdateAvailable",
      value: "ami-12345678",
      newer: "ami-87654321",
    });
    expect(eventsOf(installation, "UpdateAvailable")).toHaveLength(1);
    expect(eventsOf(installation, "UpdateAvailable")[0]).toContain("ami-12345678 → ami-87654321");
    expect(installation.mutations().length).toBe(before);
    expect(installation.get().metadata.generation).toBe(1);
    expect(installation.account.calls.counts()["ssm:GetParameter"]).toBeLessThanOrEqual(4);
  });

  it("takes the newer result as a new revision when it is asked for again", async () => {
    const installation = await prepared();
    const spec = withImage({ ssmParameter: PARAMETER });
    await installation.postResolved(spec);
    await installation.untilReady();
    await publish(installation, "ami-87654321");
    await installation.postResolved(spec, { isRequested: true });
    expect(installation.get().metadata.generation).toBe(2);
    expect(installation.store.lookups(WEB_API, 1)[0]?.value).toBe("ami-12345678");
    await installation.until(() => imagesRunning(installation).every((image) => image === "ami-87654321"));
    expect(imageRow(installation)).toMatchObject({ state: "Current", value: "ami-87654321" });
  });

  it("that is asked for again and finds the same has no new revision", async () => {
    const installation = await prepared();
    const spec = withImage({ ssmParameter: PARAMETER });
    await installation.postResolved(spec);
    await installation.untilReady();
    const first = imageRow(installation)?.resolvedAt ?? "";
    await installation.postResolved(spec, { isRequested: true });
    expect(installation.get().metadata.generation).toBe(1);
    expect(installation.store.lookups(WEB_API)[0]!.resolvedAt > first).toBe(true);
  });

  it("tells that what it looks for is gone, or cannot be read, and leaves everything as it is", async () => {
    const installation = await prepared();
    await installation.postResolved(withImage({ ssmParameter: PARAMETER }));
    await installation.untilReady();
    const before = installation.mutations().length;
    await installation.clock.resolve(
      installation.account.call("ssm", "DeleteParameter", { Name: PARAMETER }),
    );
    await installation.clock.advance(2 * HOUR_MS);
    expect(imageRow(installation)).toMatchObject({ state: "Unresolved", value: "ami-12345678" });
    installation.account.faults.add({
      service: "ssm",
      operation: "*",
      when: "before",
      fault: { kind: "error", code: "AccessDeniedException", message: "no" },
    });
    await installation.clock.advance(2 * HOUR_MS);
    expect(imageRow(installation)).toMatchObject({ state: "Unknown" });
    expect(imageRow(installation)?.message).toContain("ssm:GetParameter answered AccessDeniedException");
    expect(installation.mutations().length).toBe(before);
  });
});

describe("a name or tag", () => {
  it("is what it says, and no pattern of EC2's filters", async () => {
    const installation = await prepared();
    const byPattern = (asked: object) =>
      specWith((spec) => {
        spec.vpcId = asked;
      });
    expect(await faultsOf(installation, byPattern({ name: "ma*" }))).toEqual(["spec.vpcId finds no VPC"]);
    expect(await faultsOf(installation, byPattern({ tags: { Name: "mai?" } }))).toEqual([
      "spec.vpcId finds no VPC",
    ]);
  });
});

describe("a VPC that becomes another", () => {
  it("has the subnets and groups in it looked up again, and the image left as it is", async () => {
    const installation = await prepared();
    await installation.postResolved(everyLookup());
    await publish(installation, "ami-87654321");
    const { Vpc } = (await installation.clock.resolve(
      installation.account.call("ec2", "CreateVpc", { CidrBlock: "10.9.0.0/16" }),
    )) as { Vpc: { VpcId: string } };
    await installation.aws("ec2:CreateTags", {
      Resources: [Vpc.VpcId],
      Tags: [{ Key: "Name", Value: "second" }],
    });
    const moved = { ...everyLookup(), vpcId: { name: "second" } };
    expect(await faultsOf(installation, moved)).toEqual([
      "spec.subnetIds finds no subnet in the VPC",
      "spec.loadBalancer.securityGroups finds no security group in the VPC",
      "spec.autoScalingGroups.web.launchTemplate.securityGroupIds finds no security group in the VPC",
    ]);
    expect(installation.get().metadata.generation).toBe(1);
    expect(installation.account.calls.counts()["ssm:GetParameter"]).toBe(1);
  });
});

describe("an image that is followed", () => {
  const followed = { ssmParameter: PARAMETER, owner: "self", follow: true };

  it("becomes a revision of its own, by the daemon, with the cause", async () => {
    const installation = await prepared();
    await installation.postResolved(withImage(followed));
    await installation.untilReady();
    await publish(installation, "ami-87654321");
    await installation.until(() => installation.get().metadata.generation === 2, 2 * HOUR_MS);
    await installation.until(() => imagesRunning(installation).every((image) => image === "ami-87654321"));
    expect(eventsOf(installation, "LookupFollowed")[0]).toContain("ami-12345678 → ami-87654321 (web-2");
    expect(imageRow(installation)).toMatchObject({ state: "Current", value: "ami-87654321" });
  });

  it("is told of and not followed while the service is paused", async () => {
    const installation = await prepared();
    await installation.postResolved(withImage(followed));
    await installation.untilReady();
    installation.annotate({ [ANNOTATION_PAUSED]: "true" });
    await publish(installation, "ami-87654321");
    await installation.clock.advance(2 * HOUR_MS);
    expect(installation.get().metadata.generation).toBe(1);
    expect(imageRow(installation)).toMatchObject({ state: "UpdateAvailable", newer: "ami-87654321" });
  });

  it("is not taken from somebody else who writes into the parameter", async () => {
    const installation = await prepared();
    await installation.postResolved(withImage(followed));
    await installation.untilReady();
    await publish(installation, "ami-0b1220400000000b1");
    await installation.clock.advance(2 * HOUR_MS);
    expect(installation.get().metadata.generation).toBe(1);
    expect(imageRow(installation)).toMatchObject({ state: "Unresolved" });
  });

  it("wants its owner", async () => {
    const installation = await prepared();
    expect(await faultsOf(installation, withImage({ ssmParameter: PARAMETER, follow: true }))).toEqual([
      expect.stringMatching(/imageId\.owner is required/),
    ]);
  });
});

describe("nothing is stored of a spec whose lookup", () => {
  it.each([
    [withImage({ ssmParameter: "/nowhere" }), `${IMAGE_PATH} finds no parameter /nowhere`],
    [withImage({ ssmParameter: "/aws/service/ami-amazon-linux-latest/nothing" }), "finds no parameter"],
    [withImage({ owner: "self", nameFilter: "web-?" }), "finds 3 images of the same age"],
    [withImage({ owner: "amazon", nameFilter: "nothing-*" }), "finds no image"],
    [withImage({ owner: "somebody", nameFilter: "web-1" }), "owner must match"],
    [
      withImage({ owner: "self" }),
      "takes { ssmParameter, owner?, follow? } or { owner, nameFilter, follow? }",
    ],
    [
      specWith((spec) => {
        spec.vpcId = { name: "other" };
      }),
      "spec.vpcId finds no VPC",
    ],
    [
      specWith((spec) => {
        spec.vpcId = { tags: {} };
      }),
      "spec.vpcId.tags",
    ],
    [
      specWith((spec) => {
        spec.subnetIds = { names: ["nobody"] };
      }),
      "spec.subnetIds finds no subnet in the VPC",
    ],
    [
      specWith((spec) => {
        spec.loadBalancer.securityGroups = { names: ["web-alb", "other"] };
      }),
      "spec.loadBalancer.securityGroups finds no security group in the VPC that is called other",
    ],
    [
      specWith((spec) => {
        spec.loadBalancer.listeners[1]!.certificates = [{ domain: "example.org" }];
      }),
      "spec.loadBalancer.listeners[1].certificates[0] finds no certificate",
    ],
  ])("finds nothing, or too much: %#", async (spec, sentence) => {
    const installation = await prepared();
    const faults = await faultsOf(installation, spec);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(sentence);
    expect(installation.store.get(WEB_API)).toBeUndefined();
  });

  it("finds two of a zone, which no load balancer takes", async () => {
    const installation = await prepared();
    await installation.aws("ec2:CreateTags", {
      Resources: ["subnet-12345"],
      Tags: [{ Key: "tier", Value: "public" }],
    });
    const spec = specWith((draft) => {
      draft.subnetIds = { tags: { tier: "public" } };
    });
    expect(await faultsOf(installation, spec)).toEqual([
      "spec.subnetIds finds subnet-1a, subnet-12345, all of us-east-1a: a load balancer takes one subnet of a zone",
    ]);
  });

  it("finds the same as another, where each may stand once", async () => {
    const installation = await prepared();
    const arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc-123";
    const spec = specWith((draft) => {
      draft.loadBalancer.listeners[1]!.certificates = [arn, { domain: "WWW.example.com" }];
    });
    expect((await faultsOf(installation, spec))[0]).toMatch(/certificates must not hold the same item twice/);
  });

  it("cannot be read, with its field and AWS's words", async () => {
    const installation = await prepared();
    installation.account.faults.add({
      service: "ec2",
      operation: "DescribeVpcs",
      when: "before",
      fault: { kind: "error", code: "UnauthorizedOperation", message: "You may not", status: 403 },
    });
    const error = await refusalOf(
      installation,
      specWith((spec) => {
        spec.vpcId = { name: "main" };
      }),
    );
    expect(error).toBeInstanceOf(UnreadLookupError);
    expect(String(error)).toContain("spec.vpcId cannot be looked up: ec2:DescribeVpcs answered");
    expect(installation.store.get(WEB_API)).toBeUndefined();
  });
});

describe("the certificate of a domain", () => {
  it("is found by a name that ACM's list has no room for", async () => {
    const installation = await prepared();
    const others = Array.from({ length: 120 }, (_, index) => `shop-${index}.example.com`);
    const how = { key: "ec", fromMs: installation.clock.nowMs(), days: 90, others } as const;
    const { CertificateArn } = (await installation.clock.resolve(
      installation.account.call("acm", "ImportCertificate", certificateOf("shop.example.com", how)),
    )) as { CertificateArn: string };
    const spec = specWith((draft) => {
      draft.loadBalancer.listeners[1]!.certificates = [{ domain: "shop-119.example.com" }];
    });
    await installation.postResolved(spec);
    expect(installation.store.lookups(WEB_API)[0]?.value).toBe(CertificateArn);
  });

  it("is the one that lasts longest of those issued, whatever its key", async () => {
    const installation = await prepared();
    const nowMs = installation.clock.nowMs();
    const ec = certificateOf("www.example.com", { key: "ec", fromMs: nowMs, days: 700 });
    const rsa = certificateOf("www.example.com", { key: "rsa", fromMs: nowMs, days: 500 });
    const imported = await installation.clock.resolve(
      Promise.all([ec, rsa].map((one) => installation.account.call("acm", "ImportCertificate", one))),
    );
    await installation.clock.resolve(
      installation.account.call("acm", "RequestCertificate", { DomainName: "www.example.com" }),
    );
    const listed = await installation.aws("acm:ListCertificates", { CertificateStatuses: ["ISSUED"] });
    expect(listed.CertificateSummaryList).toHaveLength(3);
    const spec = specWith((draft) => {
      draft.loadBalancer.listeners[1]!.certificates = [{ domain: "www.example.com" }];
    });
    await installation.postResolved(spec);
    expect(installation.store.lookups(WEB_API)[0]?.value).toBe(
      (imported[0] as { CertificateArn: string }).CertificateArn,
    );
    await installation.untilReady();
  });
});
