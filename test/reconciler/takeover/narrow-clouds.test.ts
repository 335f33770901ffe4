/** What a narrow cloud refuses never reaches AWS, whoever asks. */
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../../src/aws/operations.ts";
import { type Cloud, isRead, type OperationName } from "../../../src/ports.ts";
import { readingOnly, taggingOnly, untaggingOnly } from "../../../src/reconciler/narrow-clouds.ts";

const OWN = "holdfast.dev/owner";
const IDS = new Set(["arn:a", "group", "lt-1"]);
const operations = Object.keys(OPERATIONS) as OperationName[];
const writes = operations.filter((operation) => !isRead(operation));

function recorded(): { cloud: Cloud; sent: string[] } {
  const sent: string[] = [];
  const cloud = {
    call: async (operation: string) => {
      sent.push(operation);
      return {};
    },
  } as unknown as Cloud;
  return { cloud, sent };
}

type Narrow = (cloud: Cloud) => Cloud;
const tagging: Narrow = (cloud) => taggingOnly(cloud, IDS);
const untagging: Narrow = (cloud) => untaggingOnly(cloud, IDS);
const reading: Narrow = (cloud) => readingOnly(cloud) as Cloud;

async function isSent(narrow: Narrow, operation: OperationName, input: object): Promise<boolean> {
  const { cloud, sent } = recorded();
  await narrow(cloud)
    .call(operation, input as never)
    .catch(() => {});
  return sent.length > 0;
}

const group = (tag: string, id = "group") => ({ Tags: [{ Key: tag, ResourceId: id }] });
const WRITE = {
  "elasticloadbalancing:AddTags": (tag: string, id = "arn:a") => ({
    ResourceArns: [id],
    Tags: [{ Key: tag, Value: "x" }],
  }),
  "autoscaling:CreateOrUpdateTags": group,
  "ec2:CreateTags": (tag: string, id = "lt-1") => ({ Resources: [id], Tags: [{ Key: tag, Value: "x" }] }),
  "cloudwatch:TagResource": (tag: string, id = "arn:a") => ({
    ResourceARN: id,
    Tags: [{ Key: tag, Value: "x" }],
  }),
} as const;
const REMOVE = {
  "elasticloadbalancing:RemoveTags": (tag: string, id = "arn:a") => ({ ResourceArns: [id], TagKeys: [tag] }),
  "autoscaling:DeleteTags": group,
  "ec2:DeleteTags": (tag: string, id = "lt-1") => ({ Resources: [id], Tags: [{ Key: tag }] }),
  "cloudwatch:UntagResource": (tag: string, id = "arn:a") => ({ ResourceARN: id, TagKeys: [tag] }),
} as const;

describe("a cloud that only reads", () => {
  it("sends every reading operation and none that writes, of all that there are", async () => {
    const sent = [];
    for (const operation of operations) if (await isSent(reading, operation, {})) sent.push(operation);
    expect(sent).toEqual(operations.filter(isRead));
    expect(writes.length).toBeGreaterThan(30);
  });
});

describe.each([
  ["adoption", tagging, WRITE],
  ["release", untagging, REMOVE],
] as const)("the cloud of an %s", (_of, narrow, allowed) => {
  const inputs = Object.entries(allowed) as [OperationName, (tag: string, id?: string) => object][];

  it("sends our own tags, on what it is for", async () => {
    for (const [operation, input] of inputs) expect(await isSent(narrow, operation, input(OWN))).toBe(true);
  });

  it("sends no other tag, nothing on any other resource, and no call that names no tag", async () => {
    for (const [operation, input] of inputs) {
      expect(await isSent(narrow, operation, input("Name"))).toBe(false);
      expect(await isSent(narrow, operation, input(OWN, "another"))).toBe(false);
      expect(await isSent(narrow, operation, {})).toBe(false);
    }
    // EC2 takes every tag away where none is named.
    expect(await isSent(narrow, "ec2:DeleteTags", { Resources: ["lt-1"] })).toBe(false);
  });

  it("sends no other write, of all that there are", async () => {
    const sent = [];
    for (const operation of writes) {
      const inputOf = { ...WRITE, ...REMOVE }[operation as keyof typeof WRITE];
      if (await isSent(narrow, operation, inputOf?.(OWN) ?? {})) sent.push(operation);
    }
    expect(sent.sort()).toEqual(Object.keys(allowed).sort());
  });
});
