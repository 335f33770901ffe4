import { describe, expect, it } from "vitest";
import { DOCS, docsPage } from "../../src/dashboard/docs.ts";
import { servicePage } from "../../src/dashboard/service-page.ts";
import { REASONS, reasonAnchor } from "../../src/model/reasons.ts";
import type { ServiceModel } from "../../src/model/status-page.ts";
import { degraded, fleetModel } from "./fixtures.ts";
import { elementsOf } from "./markup.ts";

describe("what AWS holds", () => {
  const addressesOf = (over: Partial<ServiceModel>, region = "eu-west-1") => {
    const model = degraded();
    model.service.spec = { ...model.service.spec, region };
    return elementsOf(servicePage({ ...model, ...over }))
      .filter(({ attributes }) => attributes.href?.startsWith("https://"))
      .map(({ attributes }) => attributes);
  };

  it("leads to AWS's console, which learns nothing of this page", () => {
    const links = addressesOf({ cloud: "aws" });
    expect(links.map(({ href }) => href)).toEqual(
      expect.arrayContaining([
        "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0c9d1e77ab3320f41",
      ]),
    );
    expect(
      links.filter(({ href }) => href?.includes("#LoadBalancer:loadBalancerArn=arn%3Aaws%3A")),
    ).toHaveLength(1);
    expect(links.filter(({ rel }) => rel !== "noreferrer")).toEqual([]);
    expect(addressesOf({ cloud: "aws" }, "cn-north-1")[0]?.href).toMatch(
      /^https:\/\/cn-north-1\.console\.amazonaws\.cn\//,
    );
  });

  it("leads nowhere where no console is known", () => {
    expect(addressesOf({ cloud: "simulated" })).toEqual([]);
    expect(addressesOf({ cloud: "aws" }, "us-iso-east-1")).toEqual([]);
    expect(addressesOf({ cloud: "aws" }, "evil.example/")).toEqual([]);
  });
});

describe("the documentation", () => {
  const context = fleetModel();
  const pages = Object.fromEntries(DOCS.map((name) => [name, docsPage(name, context) ?? ""]));

  it("has the place that the link of each reason leads to", () => {
    const ids = new Set(elementsOf(pages["operations.md"]!).map(({ attributes }) => attributes.id));
    const missing = Object.values(REASONS)
      .flatMap((group) => Object.keys(group))
      .filter((reason) => !ids.has(reasonAnchor(reason)));
    expect(missing).toEqual([]);
  });

  it.each(DOCS)("%s is a page whose links lead somewhere", (name) => {
    const elements = elementsOf(pages[name]!);
    expect(elements.filter((element) => element.name === "h1")).toHaveLength(1);
    for (const { attributes } of elements) {
      expect(Object.keys(attributes).filter((each) => each === "style" || each.startsWith("on"))).toEqual([]);
      const { href } = attributes;
      if (href === undefined || /^(https?:|\/)/.test(href)) continue;
      const [file = "", anchor] = href.split("#");
      const target = pages[file === "" ? name : file];
      expect([href, target !== undefined]).toEqual([href, true]);
      if (anchor !== undefined) expect([href, target?.includes(`id="${anchor}"`)]).toEqual([href, true]);
    }
  });

  it("is nothing else of the machine", () => {
    expect(docsPage("../package.json", context)).toBeUndefined();
  });
});
