import { describe, expect, it } from "vitest";
import {
  groupsOf,
  longestLasting,
  newestOf,
  onlyOf,
  subnetsOf,
} from "../../../src/reconciler/kinds/lookups/choices.ts";

const image = (id: string, createdAt: string) => ({ id, name: `name of ${id}`, createdAt });
const certificate = (arn: string, notAfter: string) => ({
  arn,
  notAfter,
  notAfterMs: Date.parse(notAfter),
  keyAlgorithm: "RSA_2048",
});
const subnet = (id: string, zone: string, name = "public") => ({ id, zone, name });

describe("of what AWS answers, a lookup stands for", () => {
  it("the newest image, in whatever order they come", () => {
    const images = [
      image("ami-2", "2026-02-01T00:00:00.000Z"),
      image("ami-3", "2026-03-01T00:00:00.000Z"),
      image("ami-1", "2026-01-01T00:00:00.000Z"),
    ];
    const detail = "name of ami-3, made 2026-03-01T00:00:00.000Z";
    expect(newestOf(images)).toEqual({ value: "ami-3", detail });
    expect(newestOf(images.reverse())).toEqual({ value: "ami-3", detail });
  });

  it("no image, when two are the newest, however their times are written", () => {
    const images = [image("ami-1", "2026-01-01T00:00:00.000Z"), image("ami-2", "2026-01-01T00:00:00Z")];
    expect(newestOf(images)).toEqual({ fault: expect.stringContaining("2 images of the same age") });
    const older = image("ami-3", "2025-01-01T00:00:00.000Z");
    expect(newestOf([older, ...images])).toEqual({ fault: expect.not.stringContaining("ami-3") });
    expect(newestOf([older, image("ami-4", older.createdAt), images[0]!])).toMatchObject({ value: "ami-1" });
  });

  it("the certificate that lasts longest, and none when two do", () => {
    const [short, long] = [
      certificate("arn:1", "2027-01-01T00:00:00Z"),
      certificate("arn:2", "2028-01-01T00:00:00Z"),
    ];
    expect(longestLasting([short, long])).toMatchObject({ value: "arn:2" });
    expect(longestLasting([short, long, { ...long, arn: "arn:3" }])).toEqual({
      fault: expect.stringContaining("2 certificates that last equally long"),
    });
    expect(longestLasting([])).toEqual({ fault: "finds no certificate of this name that is issued" });
  });

  it("the only VPC, and none of several", () => {
    expect(onlyOf("VPC", [{ id: "vpc-1" }])).toEqual({ value: "vpc-1" });
    expect(onlyOf("VPC", [{ id: "vpc-1" }, { id: "vpc-2" }])).toEqual({
      fault: "finds 2 instead of one VPC: vpc-1, vpc-2",
    });
  });

  it("subnets in the order of their ids, each of their names found", () => {
    const found = [subnet("subnet-b", "b"), subnet("subnet-a", "a")];
    expect(subnetsOf(found, ["public"], true)).toMatchObject({ value: ["subnet-a", "subnet-b"] });
    expect(subnetsOf(found, ["public", "private"], true)).toEqual({
      fault: expect.stringContaining("private"),
    });
  });

  it("one subnet of a zone for a load balancer, and as many as there are for instances", () => {
    const found = [subnet("subnet-a", "a"), subnet("subnet-b", "a")];
    expect(subnetsOf(found, [], true)).toEqual({ fault: expect.stringContaining("one subnet of a zone") });
    expect(subnetsOf(found, [], false)).toMatchObject({ value: ["subnet-a", "subnet-b"] });
    expect(subnetsOf([subnet("subnet-a", "a")], [], true)).toEqual({
      fault: expect.stringContaining("two zones"),
    });
  });

  it("security groups, each of their names found", () => {
    const groups = [{ id: "sg-2", name: "web" }];
    expect(groupsOf(groups, ["web"])).toEqual({ value: ["sg-2"], detail: "sg-2 web" });
    expect(groupsOf(groups, ["web", "db"])).toEqual({ fault: expect.stringContaining("db") });
    expect(groupsOf([], [])).toEqual({ fault: expect.stringContaining("no security group") });
  });
});
