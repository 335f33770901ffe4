import { describe, expect, it } from "vitest";
import { certificateOf } from "../support/certificate.ts";
import { buildLab, type Lab } from "./support.ts";

interface Parameter {
  Parameter: { Name: string; Value: string; Version: number; ARN: string; Selector?: string };
}

const AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

async function put(lab: Lab, Value: string, more: object = {}): Promise<{ Version: number }> {
  return lab.call("ssm:PutParameter", { Name: "/team/image", Value, Type: "String", ...more });
}

describe("Systems Manager", () => {
  it("answers Amazon's public parameters, whose ARNs name no account", async () => {
    const { Parameter } = await buildLab().call<Parameter>("ssm:GetParameter", { Name: AL2023 });
    expect(Parameter).toMatchObject({ Value: "ami-0a1202306010000a1", Version: 1 });
    expect(Parameter.ARN).toBe(`arn:aws:ssm:us-east-1::parameter${AL2023}`);
  });

  it("answers by name, by ARN and by version: ssm/selectors", async () => {
    const lab = buildLab();
    await put(lab, "ami-1");
    expect(await put(lab, "ami-2", { Overwrite: true })).toMatchObject({ Version: 2 });
    const read = (Name: string) => lab.call<Parameter>("ssm:GetParameter", { Name });
    const newest = await read("/team/image");
    expect(newest.Parameter).toMatchObject({ Value: "ami-2", Version: 2 });
    expect((await read(newest.Parameter.ARN)).Parameter.Value).toBe("ami-2");
    expect((await read("/team/image:1")).Parameter).toMatchObject({ Value: "ami-1", Selector: ":1" });
    expect(await lab.refusal("ssm:GetParameter", { Name: "/team/image:3" })).toBe("ParameterVersionNotFound");
    expect(await lab.refusal("ssm:GetParameter", { Name: "/team/other" })).toBe("ParameterNotFound");
    const several = await lab.call("ssm:GetParameters", { Names: ["/team/image", "/team/other"] });
    expect(several).toMatchObject({ Parameters: [{ Value: "ami-2" }], InvalidParameters: ["/team/other"] });
  });

  it("writes again only when asked to, and nothing under Amazon's names", async () => {
    const lab = buildLab();
    await put(lab, "ami-1");
    const again = { Name: "/team/image", Value: "ami-2", Type: "String" };
    expect(await lab.refusal("ssm:PutParameter", again)).toBe("ParameterAlreadyExists");
    expect(await lab.refusal("ssm:PutParameter", { ...again, Name: AL2023 })).toBe("ValidationException");
    const image = { Name: "/a", Type: "String", DataType: "aws:ec2:image" };
    expect(await lab.refusal("ssm:PutParameter", { ...image, Value: "x" })).toBe("ValidationException");
    expect(await lab.refusal("ssm:PutParameter", { Name: "/a", Value: "x" })).toBe("ValidationException");
    await lab.call("ssm:DeleteParameter", { Name: "/team/image" });
    expect(await lab.refusal("ssm:DeleteParameter", { Name: "/team/image" })).toBe("ParameterNotFound");
  });

  it("is what a launch with resolve:ssm: looks into: ec2/image-parameters", async () => {
    const lab = buildLab();
    await put(lab, "ami-87654321");
    const launch = { ImageId: "resolve:ssm:/team/image", MinCount: 1, MaxCount: 1 };
    const { Instances } = await lab.call<{ Instances: { ImageId: string }[] }>("ec2:RunInstances", launch);
    expect(Instances[0]?.ImageId).toBe("ami-87654321");
  });
});

interface Certificates {
  CertificateSummaryList: { CertificateArn: string; Status: string; KeyAlgorithm: string }[];
  NextToken?: string;
}

function imported(lab: Lab, key: "rsa" | "ec", days: number): Promise<{ CertificateArn: string }> {
  const fromMs = lab.clock.nowMs();
  return lab.call("acm:ImportCertificate", certificateOf("shop.example.com", { key, fromMs, days }));
}

describe("Certificate Manager", () => {
  it("leaves other keys than RSA's shorter ones out of a list unless asked for them: acm/key-types", async () => {
    const lab = buildLab();
    const { CertificateArn } = await imported(lab, "ec", 90);
    const arnsOf = ({ CertificateSummaryList: list }: Certificates) => list.map((one) => one.CertificateArn);
    expect(arnsOf(await lab.call<Certificates>("acm:ListCertificates", {}))).not.toContain(CertificateArn);
    const all = await lab.call<Certificates>("acm:ListCertificates", {
      Includes: { keyTypes: ["EC_prime256v1", "RSA_2048"] },
    });
    expect(arnsOf(all)).toContain(CertificateArn);
    expect(all.CertificateSummaryList).toHaveLength(3);
  });

  it("lists page by page", async () => {
    const lab = buildLab();
    const first = await lab.call<Certificates>("acm:ListCertificates", { MaxItems: 1 });
    const second = await lab.call<Certificates>("acm:ListCertificates", {
      MaxItems: 1,
      NextToken: first.NextToken,
    });
    expect(second.NextToken).toBeUndefined();
    expect(second.CertificateSummaryList[0]).not.toEqual(first.CertificateSummaryList[0]);
    expect(await lab.refusal("acm:ListCertificates", { NextToken: "x" })).toBe("InvalidArgsException");
  });

  it("has a certificate expire, and one that is requested wait for its domain in vain", async () => {
    const lab = buildLab();
    const { CertificateArn: short } = await imported(lab, "rsa", 1);
    const { CertificateArn: pending } = await lab.call<{ CertificateArn: string }>("acm:RequestCertificate", {
      DomainName: "shop.example.com",
    });
    const statusOf = async (CertificateArn: string) => {
      const answer = await lab.call<{ Certificate: object }>("acm:DescribeCertificate", { CertificateArn });
      return answer.Certificate;
    };
    expect(await statusOf(short)).toMatchObject({
      Status: "ISSUED",
      Type: "IMPORTED",
      SubjectAlternativeNames: ["shop.example.com"],
    });
    expect(await statusOf(pending)).toMatchObject({ Status: "PENDING_VALIDATION" });
    await lab.clock.advance(4 * 86_400_000);
    expect(await statusOf(short)).toMatchObject({ Status: "EXPIRED" });
    expect(await statusOf(pending)).toMatchObject({ Status: "VALIDATION_TIMED_OUT" });
    const CertificateArn = pending.replace(/[^/]+$/, "other");
    expect(await lab.refusal("acm:DescribeCertificate", { CertificateArn })).toBe(
      "ResourceNotFoundException",
    );
    expect(await lab.refusal("acm:DescribeCertificate", { CertificateArn: "x" })).toBe("InvalidArnException");
  });

  it("takes no certificate with the key of another, and nothing that is none: acm/import", async () => {
    const lab = buildLab();
    const [one, other] = (["rsa", "ec"] as const).map((key) =>
      certificateOf("shop.example.com", { key, fromMs: lab.clock.nowMs(), days: 9 }),
    );
    const mixed = { ...one, PrivateKey: other!.PrivateKey };
    expect(await lab.refusal("acm:ImportCertificate", mixed)).toBe("ValidationException");
    const nonsense = { ...one, Certificate: Buffer.from("no certificate") };
    expect(await lab.refusal("acm:ImportCertificate", nonsense)).toBe("ValidationException");
    const old = certificateOf("shop.example.com", { key: "ec", fromMs: 0, days: 9 });
    expect(await lab.refusal("acm:ImportCertificate", old)).toBe("ValidationException");
  });
});

describe("Simple Notification Service", () => {
  it("makes a topic once, and says what it is and that it is not", async () => {
    const lab = buildLab();
    const { TopicArn } = await lab.call<{ TopicArn: string }>("sns:CreateTopic", { Name: "ops" });
    expect(TopicArn).toBe("arn:aws:sns:us-east-1:123456789012:ops");
    expect(await lab.call("sns:CreateTopic", { Name: "ops" })).toEqual({ TopicArn });
    expect(await lab.refusal("sns:CreateTopic", { Name: "ops", Attributes: { DisplayName: "x" } })).toBe(
      "InvalidParameter",
    );
    expect(await lab.refusal("sns:CreateTopic", { Name: "o p s" })).toBe("InvalidParameter");
    expect(await lab.call("sns:GetTopicAttributes", { TopicArn })).toMatchObject({
      Attributes: { TopicArn },
    });
    await lab.call("sns:DeleteTopic", { TopicArn });
    await lab.call("sns:DeleteTopic", { TopicArn });
    expect(await lab.refusal("sns:GetTopicAttributes", { TopicArn })).toBe("NotFound");
  });

  it("lists a hundred topics at a time: sns/pages", async () => {
    const lab = buildLab();
    for (let count = 0; count < 120; count += 1) await lab.call("sns:CreateTopic", { Name: `t${count}` });
    interface Page {
      Topics: object[];
      NextToken?: string;
    }
    const first = await lab.call<Page>("sns:ListTopics", {});
    expect(first.Topics).toHaveLength(100);
    const second = await lab.call<Page>("sns:ListTopics", { NextToken: first.NextToken });
    expect([second.Topics.length, second.NextToken]).toEqual([21, undefined]);
  });
});

describe("instance profiles", () => {
  it("are made, found whatever the case of the name, and launched with", async () => {
    const lab = buildLab();
    await lab.call("iam:CreateInstanceProfile", { InstanceProfileName: "Web", Path: "/team/" });
    const found = await lab.call("iam:GetInstanceProfile", { InstanceProfileName: "web" });
    expect(found).toMatchObject({
      InstanceProfile: { Arn: "arn:aws:iam::123456789012:instance-profile/team/Web", Roles: [] },
    });
    expect(await lab.refusal("iam:CreateInstanceProfile", { InstanceProfileName: "WEB" })).toBe(
      "EntityAlreadyExists",
    );
    const launch = { ImageId: "ami-12345678", MinCount: 1, MaxCount: 1, IamInstanceProfile: { Name: "Web" } };
    await lab.call("ec2:RunInstances", launch);
    await lab.call("iam:DeleteInstanceProfile", { InstanceProfileName: "Web" });
    expect(await lab.refusal("iam:GetInstanceProfile", { InstanceProfileName: "Web" })).toBe("NoSuchEntity");
    expect(await lab.refusal("ec2:RunInstances", launch)).toBe("InvalidParameterValue");
    const { InstanceProfiles } = await lab.call<{ InstanceProfiles: object[] }>(
      "iam:ListInstanceProfiles",
      {},
    );
    expect(InstanceProfiles).toHaveLength(1);
  });
});
