import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../../src/model/address.ts";
import { managerTagsIn } from "../../../../src/model/managed-by.ts";
import {
  formerManagersIn,
  managedElsewhere,
  managersOf,
} from "../../../../src/reconciler/core/belonging/managed-elsewhere.ts";

const OWNER = "holdfast/default/web-api";
const managers = (
  tags: Record<string, string>,
  listed = "terraform=ManagedBy=terraform,pulumi=pulumi:project",
) => managersOf(tags, OWNER, managerTagsIn(listed) ?? []).map(({ manager }) => manager);

describe("who else manages a resource, by its tags", () => {
  it.each([
    ["cloudformation", "aws:cloudformation:stack-name", "web"],
    ["kubernetes", "elbv2.k8s.aws/cluster", "prod"],
    ["kubernetes", "ingress.k8s.aws/stack", "default/web"],
    ["kubernetes", "kubernetes.io/cluster/prod", "owned"],
    ["elastic-beanstalk", "elasticbeanstalk:environment-name", "web-prod"],
    ["ecs", "AmazonECSManaged", ""],
    ["eks", "eks:nodegroup-name", "workers"],
    ["another-holdfast", "holdfast.dev/owner", "other/default/web-api"],
    ["terraform", "ManagedBy", "terraform"],
    ["pulumi", "pulumi:project", "anything"],
  ])("%s is known by %s", (manager, tag, value) => {
    expect(managers({ Team: "web", [tag]: value })).toEqual([manager]);
  });

  it.each([
    ["our own owner tag", { "holdfast.dev/owner": OWNER }],
    ["a tag that only begins like one", { AmazonECSManagedNot: "", "kubernetes-io/x": "", eksctl: "" }],
    ["a listed tag with another value", { ManagedBy: "hand" }],
    ["a listed tag's name in another case", { managedby: "terraform" }],
  ])("nobody is known by %s", (_what, tags) => {
    expect(managers(tags)).toEqual([]);
  });

  it("is told with the tag as it was found, and of another Holdfast with whose it is", () => {
    const listed = managerTagsIn("terraform=ManagedBy=terraform,pulumi=pulumi:project") ?? [];
    const tags = { "holdfast.dev/owner": "other/default/a", ManagedBy: "terraform", "pulumi:project": "p" };
    expect(managersOf(tags, OWNER, listed)).toEqual([
      {
        ...{ manager: "another-holdfast", tag: "holdfast.dev/owner" },
        says: "another Holdfast or service (other/default/a)",
      },
      { manager: "terraform", tag: "ManagedBy=terraform" },
      { manager: "pulumi", tag: "pulumi:project" },
    ]);
  });

  it("each is told once, however many tags say it", () => {
    const tags = { "aws:cloudformation:stack-name": "a", "aws:cloudformation:stack-id": "b" };
    expect(managers(tags)).toEqual(["cloudformation"]);
  });

  it("what one carries is not adopted, until a person has said that this manager manages it no more", () => {
    const address = addressFrom("loadBalancer");
    const managedBy = managersOf(
      { "aws:cloudformation:stack-name": "web", ManagedBy: "terraform" },
      OWNER,
      managerTagsIn("terraform=ManagedBy=terraform") ?? [],
    );
    const refused = (annotation?: string) =>
      managedElsewhere(address, { name: "web-alb", managedBy }, formerManagersIn(annotation));
    expect(refused()?.reason).toBe("ManagedElsewhere");
    expect(refused()?.message).toContain("aws:cloudformation:stack-name");
    expect(refused()?.message).toContain("holdfast.dev/no-longer-managed-by: cloudformation,terraform");
    expect(refused("terraform")?.message).toContain("aws:cloudformation:stack-name");
    expect(refused("cloudformation")?.message).toContain("ManagedBy=terraform");
    expect(refused(" cloudformation , terraform ")).toBeUndefined();
  });

  it("the one that is told is the first that is left; all are named, in order, for the annotation", () => {
    const address = addressFrom("loadBalancer");
    const managedBy = [
      { manager: "terraform", tag: "ManagedBy=terraform" },
      { manager: "another-holdfast", tag: "holdfast.dev/owner", says: "another Holdfast or service (o)" },
    ];
    const message = (former: string[], by = managedBy) =>
      managedElsewhere(address, { name: "alb", managedBy: by }, new Set(former))?.message;
    const told = (tag: string, who: string, all: string) =>
      `alb carries the tag ${tag}, so that ${who} manages it: it is not adopted. Once nobody else manages it any ` +
      `more, say so with the annotation holdfast.dev/no-longer-managed-by: ${all}.`;
    const all = "another-holdfast,terraform";
    expect(message([])).toBe(told("ManagedBy=terraform", "terraform", all));
    expect(message(["terraform"])).toBe(told("holdfast.dev/owner", "another Holdfast or service (o)", all));
    expect(managedElsewhere(address, { name: "alb" }, new Set())).toBeUndefined();
  });

  it.each(["terraform", "=x", "terraform=", "Terra form=x", "a=b,"])("--manager-tags is not %s", (text) => {
    expect(managerTagsIn(text)).toBeUndefined();
  });
});
