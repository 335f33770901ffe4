import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { generatedDocs } from "../scripts/generated-docs.ts";
import { categoryOf } from "../src/model/errors.ts";

const PAGES = [
  ...readdirSync(".").filter((name) => name.endsWith(".md")),
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];
const read = (path: string) => readFileSync(path, "utf8");

describe("the generated pages of docs/", () => {
  it.each(Object.entries(generatedDocs()))("%s is what `npm run docs` writes", (path, text) => {
    expect(read(path)).toBe(text);
  });
});

describe("a link", () => {
  it.each(PAGES)("in %s leads to a file and a heading that are there", (page) => {
    const text = withoutCode(read(page)).replaceAll(/`[^`\n]+`/g, "");
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, to]) => to!);
    const broken = links.filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : join(dirname(page), file);
      return !existsSync(target) || (anchor !== undefined && !anchorsIn(read(target)).includes(anchor));
    });
    expect(broken).toEqual([]);
  });
});

describe("docs/operations.md", () => {
  const operations = read("docs/operations.md");
  const namedIn = (path: string, pattern: RegExp) =>
    [...new Set([...read(path).matchAll(pattern)].map((match) => match[1]!))].filter(
      (name) => !operations.includes(`\`${name}\``),
    );

  it("names every metric", () => {
    expect(namedIn("src/api/metrics.ts", /name: "(holdfast_\w+)"/g)).toEqual([]);
  });

  it("names every reason of a condition", () => {
    const conditions = /(?:True|False|Unknown)",\s*"([A-Z][A-Za-z]+)"/g;
    expect(namedIn("src/reconciler/core/status.ts", conditions)).toEqual([]);
    expect(namedIn("src/health/healthy.ts", conditions)).toEqual([]);
  });

  it("names every obstacle that only a person can remove", () => {
    const files = readdirSync("src/reconciler", { recursive: true, encoding: "utf8" }).filter((name) =>
      /^(core|kinds)\/.*\.ts$/.test(name),
    );
    const unknown = files.flatMap((name) =>
      namedIn(`src/reconciler/${name}`, /\breason: "([A-Z][A-Za-z]+)",\s*message/g),
    );
    expect(unknown).toEqual([]);
  });

  it("names every statement of the IAM policy", () => {
    expect(namedIn("docs/iam-policy.json", /"Sid": "(\w+)"/g)).toEqual([]);
  });
});

describe("docs/errors.md", () => {
  const section = read("docs/errors.md").split("## AWS errors")[1] ?? "";
  const rows = section
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, category = ""]) => /^`[a-z]+[A-Za-z]*`$/.test(category));

  it("has all categories", () => {
    const type = /export type CloudErrorCategory =([^;]+);/.exec(read("src/model/errors.ts"))?.[1] ?? "";
    const categories = [...type.matchAll(/"(\w+)"/g)].map(([, name]) => `\`${name}\``);
    expect(rows.map(([, category]) => category).sort()).toEqual(categories.sort());
  });

  it("gives each of AWS's codes its category", () => {
    const ofOurs = ["RateLimited", "MalformedAnswer", "MalformedResponse"];
    const wrong = rows.flatMap(([, category, codes = ""]) =>
      [...codes.matchAll(/`([A-Za-z.]+)`/g)]
        .map(([, code]) => code!)
        .filter((code) => !ofOurs.includes(code) && `\`${categoryOf("", code, "")}\`` !== category),
    );
    expect(wrong).toEqual([]);
  });
});

/** As GitHub makes them of headings. */
function anchorsIn(page: string): string[] {
  return [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** Fenced blocks hold no links and no headings. */
function withoutCode(page: string): string {
  return page.replaceAll(/^```[\s\S]*?^```/gm, "");
}
