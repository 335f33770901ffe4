import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { generatedDocs } from "../scripts/generated-docs.ts";
import { categoryOf } from "../src/model/errors.ts";
import { REASONS } from "../src/model/reasons.ts";
import { withoutComments } from "./support/source-rules.ts";

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

describe("a page that one reads from top to bottom", () => {
  // Diagrams count by columns, which their characters all are one of.
  it.each(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])(
    "%s has no line over 120 characters",
    (page) => {
      expect(
        read(page)
          .split("\n")
          .filter((line) => [...line].length > 120),
      ).toEqual([]);
    },
  );
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

  it.each(["observe", "adopt", "manage", "events", "attribution"])(
    "names every statement of the IAM policy to %s",
    (policy) => {
      expect(namedIn(`docs/iam-${policy}.json`, /"Sid": "(\w+)"/g)).toEqual([]);
    },
  );
});

describe("the table of reasons", () => {
  const sources = ["src/reconciler", "src/health", "src/api", "src/events"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => withoutComments(read(join(folder, name)))),
  );
  const matched = (pattern: RegExp, texts = sources) =>
    texts.flatMap((text) => [...text.matchAll(pattern)].map(([, word]) => word!));
  const words = Object.values(REASONS).flatMap((group) => Object.keys(group));

  it("has no reason that nothing gives", () => {
    const given = [
      ...matched(/"(?:True|False|Unknown)",\s*"([A-Za-z]+)"/g),
      ...matched(/\breason: "([A-Za-z]+)"/g),
      ...matched(/"([A-Za-z]+)"/g, matched(/: Record<[^=]+, EventReason> = (\{[^}]*\})/g)),
      ...matched(/\breason: `Drift\$\{(state)\}`/g).flatMap(() =>
        matched(
          /"([A-Za-z]+)"/g,
          matched(/type DriftState =([^;]+);/g, [read("src/model/ledger/drift.ts")]),
        ).map((state) => `Drift${state}`),
      ),
    ];
    expect(words.filter((word) => !given.includes(word))).toEqual([]);
  });

  it("has each reason once, and so each anchor of docs/operations.md", () => {
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
    const anchors = anchorsIn(read("docs/operations.md"));
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
  });

  it("gives an event the type with which it is recorded", () => {
    const types: Record<string, string> = Object.fromEntries(
      Object.entries(REASONS.event).map(([reason, { type }]) => [reason, type]),
    );
    const recorded = sources.flatMap((text) => [
      ...text.matchAll(/type: "(Normal|Warning)",\s*reason: "(\w+)"/g),
    ]);
    const ofEvents = recorded.filter(([, , reason]) => types[reason!] !== undefined);
    expect(ofEvents.length).toBeGreaterThan(3);
    expect(ofEvents.filter(([, type, reason]) => types[reason!] !== type)).toEqual([]);
  });

  it("is all in the index of docs/errors.md", () => {
    const index = read("docs/errors.md").split("## Reasons")[1] ?? "";
    expect(words.filter((word) => !index.includes(`[\`${word}\`](operations.md#reason-`))).toEqual([]);
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
    const ofOurs = ["RateLimited", "MalformedAnswer", "MalformedResponse", "AnswerTooLarge"];
    const wrong = rows.flatMap(([, category, codes = ""]) =>
      [...codes.matchAll(/`([A-Za-z.]+)`/g)]
        .map(([, code]) => code!)
        .filter((code) => !ofOurs.includes(code) && `\`${categoryOf("", code, "")}\`` !== category),
    );
    expect(wrong).toEqual([]);
  });
});

/** As GitHub makes them of headings, and those that a page sets itself. */
function anchorsIn(page: string): string[] {
  const text = withoutCode(page);
  const ofHeadings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, "")
      .replaceAll(" ", "-"),
  );
  return [...ofHeadings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)];
}

/** Fenced blocks hold no links and no headings. */
function withoutCode(page: string): string {
  return page.replaceAll(/^```[\s\S]*?^```/gm, "");
}
