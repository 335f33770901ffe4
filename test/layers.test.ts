import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  barrels,
  circles,
  crowdedFolders,
  hiddenInputs,
  importsOf,
  longFiles,
  namedKinds,
  repeatedNames,
  type SourceFile,
  straddlingLibraries,
  waitingInPureParts,
  waitingTransactions,
  withoutComments,
  wrongImports,
  wrongNames,
} from "./support/source-rules.ts";

const PATHS = ["src", "test", "demo", "bench", "scripts"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`),
);
const SOURCES: SourceFile[] = PATHS.filter((path) => path.startsWith("src/") && path.endsWith(".ts")).map(
  (path) => ({ path, text: readFileSync(path, "utf8") }),
);

/** The union of the kinds' names, read from its own file. */
const KINDS = [...readFileSync("src/model/kind-name.ts", "utf8").matchAll(/\| "(\w+)"/g)].map(
  ([, name]) => name!,
);

describe("the house", () => {
  it("is not empty", () => {
    expect(SOURCES.length).toBeGreaterThan(20);
  });

  it("each part imports only what it may know", () => {
    expect(wrongImports(SOURCES)).toEqual([]);
  });

  it("each library is imported by one part", () => {
    expect(straddlingLibraries(SOURCES)).toEqual([]);
  });

  it("nothing outside runtime/ and main.ts reads a clock, sleeps, draws a number or looks at the process", () => {
    expect(hiddenInputs(SOURCES)).toEqual([]);
  });

  it("no files import each other in a circle, types included", () => {
    expect(circles(SOURCES)).toEqual([]);
  });

  it("core, consistency, cutover and guards know no kind by its name", () => {
    expect(KINDS.length).toBeGreaterThan(7);
    expect(namedKinds(SOURCES, KINDS)).toEqual([]);
  });

  it("no folder holds more files than a person looks through", () => {
    expect(crowdedFolders(PATHS)).toEqual([]);
  });

  it("no file repeats the name of its folder", () => {
    expect(repeatedNames(PATHS.filter((path) => !/^(demo|bench)\//.test(path)))).toEqual([]);
  });

  it("what decides never waits", () => {
    expect(waitingInPureParts(SOURCES)).toEqual([]);
  });

  it("no file passes on what another exports", () => {
    expect(barrels(SOURCES)).toEqual([]);
  });

  it("every file can be read in a sitting", () => {
    expect(longFiles(SOURCES)).toEqual([]);
  });

  it("every file is named in kebab-case, and with none of the words that the house does not use", () => {
    expect(wrongNames(PATHS)).toEqual([]);
  });

  it("no transaction spans an await", () => {
    expect(waitingTransactions(SOURCES)).toEqual([]);
  });
});

/** One planted file. */
function planted(path: string, text: string): SourceFile[] {
  return [{ path, text }];
}

describe("the rules see", () => {
  it("every form of import, and none in a comment or a text", () => {
    const text = `
      import { a } from "./a.ts";
      import type { B } from "./b.ts";
      import * as c from "./c.ts";
      import "./d.ts";
      import {
        type E,
      } from "./e.ts";
      export { f } from "./f.ts";
      const g = await import("./g.ts");
      // import { x } from "./x.ts";
      /* import "./y.ts" */
      const text = 'a // is no comment';
    `;
    expect(importsOf(text).map((entry) => entry.from)).toEqual([
      "./a.ts",
      "./b.ts",
      "./c.ts",
      "./d.ts",
      "./e.ts",
      "./f.ts",
      "./g.ts",
    ]);
    expect(importsOf(text).filter((entry) => entry.typeOnly)).toHaveLength(1);
  });

  it("comments, and what only looks like one", () => {
    expect(withoutComments('const a = "http://x"; // note')).toBe('const a = "http://x";  ');
  });

  it.each([
    ["src/model/a.ts", "../ports.ts"],
    ["src/reconciler/core/a.ts", "../reconcile.ts"],
    ["src/reconciler/core/a.ts", "../cutover/interim.ts"],
    ["src/reconciler/consistency/a.ts", "../cutover/interim.ts"],
    ["src/reconciler/cutover/a.ts", "../kinds/rule.ts"],
    ["src/reconciler/core/a.ts", "../kinds/rule.ts"],
    ["src/reconciler/reconcile.ts", "../store/open.ts"],
    ["src/health/a.ts", "../ports.ts"],
    ["src/store/a.ts", "../aws/build.ts"],
    ["src/aws/a.ts", "../simulator/account.ts"],
    ["src/simulator/a.ts", "../aws/operations.ts"],
    ["src/api/a.ts", "../reconciler/reconcile.ts"],
    ["src/dashboard/a.ts", "../api/app.ts"],
    ["src/runtime/a.ts", "../config.ts"],
    ["src/config.ts", "./runtime/system-clock.ts"],
    ["src/api/a.ts", "../../test/support/virtual-clock.ts"],
    ["src/api/a.ts", "../main.ts"],
  ])("%s that imports %s", (path, from) => {
    expect(wrongImports(planted(path, `import { a } from "${from}";`))).toHaveLength(1);
    expect(wrongImports(planted(path, `import type { A } from "${from}";`))).toHaveLength(1);
  });

  it("the port that takes more from aws than the types of the operations", () => {
    const types = 'import type { OPERATIONS } from "./aws/operations.ts";';
    expect(wrongImports(planted("src/ports.ts", types))).toEqual([]);
    expect(wrongImports(planted("src/ports.ts", types.replace("type ", "")))).toHaveLength(1);
    expect(wrongImports(planted("src/ports.ts", types.replace("operations", "buckets")))).toHaveLength(1);
    expect(wrongImports(planted("src/config.ts", types))).toHaveLength(1);
  });

  it("the core that takes more from the port than types", () => {
    const value = planted("src/reconciler/core/a.ts", 'import { isRead } from "../../ports.ts";');
    expect(wrongImports(value)).toHaveLength(1);
    const type = planted("src/reconciler/core/a.ts", 'import type { Input } from "../../ports.ts";');
    expect(wrongImports(type)).toEqual([]);
  });

  it("a circle of two files, of three, and of types", () => {
    const file = (name: string, ...others: string[]): SourceFile => ({
      path: `src/api/${name}.ts`,
      text: others.map((other) => `import type { X } from "./${other}.ts";`).join("\n"),
    });
    expect(circles([file("a", "b"), file("b", "a"), file("c", "a")])).toEqual([
      "src/api/a.ts ↔ src/api/b.ts: import each other",
    ]);
    expect(circles([file("a", "b"), file("b", "c"), file("c", "a")])).toHaveLength(1);
    expect(circles([file("a", "b", "c"), file("b", "c"), file("c")])).toEqual([]);
  });

  it("the name of a kind in a part that knows none", () => {
    const text = 'if (resource.kind === "rule") return;';
    for (const room of ["core", "consistency", "cutover"])
      expect(namedKinds(planted(`src/reconciler/${room}/a.ts`, text), KINDS)).toHaveLength(1);
    expect(namedKinds(planted("src/reconciler/kinds/a.ts", text), KINDS)).toEqual([]);
    expect(namedKinds(planted("src/reconciler/core/a.ts", '// a "rule"'), KINDS)).toEqual([]);
  });

  it("a folder of 31 files, and a name that repeats its folder's", () => {
    const paths = Array.from({ length: 31 }, (_, index) => `src/api/a${index}.ts`);
    expect(crowdedFolders(paths)).toHaveLength(1);
    expect(crowdedFolders(paths.slice(1))).toEqual([]);
    expect(
      repeatedNames(["src/elb/elb-rules.ts", "src/api/build-api.test.ts", "src/elb/rules.ts"]),
    ).toHaveLength(2);
  });

  it("a file that stands in no part", () => {
    expect(wrongImports(planted("src/stray.ts", ""))).toHaveLength(1);
    expect(wrongImports(planted("src/extra/a.ts", ""))).toHaveLength(1);
  });

  it("main.ts, which may import everything", () => {
    expect(wrongImports(planted("src/main.ts", 'import { a } from "./store/open.ts";'))).toEqual([]);
  });

  it("a library in two parts, and an SDK client outside of its two", () => {
    const file = (path: string, library: string): SourceFile => ({
      path,
      text: `import x from "${library}";`,
    });
    expect(straddlingLibraries([file("src/api/a.ts", "yaml"), file("src/store/a.ts", "yaml")])).toHaveLength(
      2,
    );
    expect(
      straddlingLibraries([
        file("src/reconciler/a.ts", "typebox"),
        file("src/reconciler/kinds/a.ts", "typebox/value"),
      ]),
    ).toEqual([]);
    const client = "@aws-sdk/client-ec2";
    expect(straddlingLibraries([file("src/aws/a.ts", client), file("src/simulator/a.ts", client)])).toEqual(
      [],
    );
    expect(straddlingLibraries([file("src/api/a.ts", client)])).toHaveLength(1);
    expect(straddlingLibraries([file("src/ports.ts", client)])).toHaveLength(1);
    expect(
      straddlingLibraries([file("src/api/a.ts", "node:http"), file("src/store/a.ts", "node:http")]),
    ).toEqual([]);
  });

  it.each([
    "Date.now()",
    "new Date()",
    "performance.now()",
    "setTimeout(run, 5)",
    "setInterval(run, 5)",
    "Math.random()",
    "crypto.randomUUID()",
    "process.env.HOME",
    "process.argv",
    'process.on("SIGTERM", stop)',
    'import { setTimeout } from "node:timers/promises"',
  ])("%s outside of runtime/ and main.ts", (code) => {
    expect(hiddenInputs(planted("src/api/a.ts", code)).length).toBeGreaterThan(0);
    expect(hiddenInputs(planted("src/api/a.ts", `// ${code}`))).toEqual([]);
  });

  it("a date that is made of a time, which is not the clock", () => {
    expect(hiddenInputs(planted("src/api/a.ts", "new Date(clock.nowMs())"))).toEqual([]);
  });

  it("the environment in runtime/, and a clock in main.ts", () => {
    expect(hiddenInputs(planted("src/runtime/a.ts", "Date.now(); process.env.HOME"))).toHaveLength(1);
    expect(hiddenInputs(planted("src/main.ts", "process.env.HOME; Date.now()"))).toHaveLength(1);
  });

  it.each(["async function a() {}", "await b;", "const c: Promise<void> = d;"])(
    "%s in a pure part",
    (code) => {
      expect(waitingInPureParts(planted("src/reconciler/core/a.ts", code))).toHaveLength(1);
      expect(waitingInPureParts(planted("src/health/a.ts", code))).toHaveLength(1);
      expect(waitingInPureParts(planted("src/reconciler/cutover/a.ts", code))).toHaveLength(1);
      expect(waitingInPureParts(planted("src/reconciler/consistency/a.ts", code))).toHaveLength(1);
      expect(waitingInPureParts(planted("src/reconciler/decide.ts", code))).toHaveLength(1);
      expect(waitingInPureParts(planted("src/api/a.ts", code))).toEqual([]);
    },
  );

  it("a sentence about waiting in a pure part, which is none", () => {
    expect(waitingInPureParts(planted("src/health/a.ts", 'const a = "await"; // async'))).toEqual([]);
  });

  it.each(['export * from "./a.ts";', 'export { a } from "./a.ts";', 'export type { A } from "./a.ts";'])(
    "%s",
    (code) => {
      expect(barrels(planted("src/api/a.ts", code))).toHaveLength(1);
    },
  );

  it("a file named index, and an export that is its own", () => {
    expect(barrels(planted("src/api/index.ts", ""))).toHaveLength(1);
    expect(barrels(planted("src/api/a.ts", 'export { a };\nimport { b } from "./b.ts";'))).toEqual([]);
  });

  it("a file of 451 lines", () => {
    expect(longFiles(planted("src/api/a.ts", "a;\n".repeat(451)))).toHaveLength(1);
    expect(longFiles(planted("src/api/a.ts", "a;\n".repeat(450)))).toEqual([]);
  });

  it.each([
    "src/api/helpers.ts",
    "src/store/db-util.ts",
    "src/api/tick.ts",
    "src/delta/a.ts",
    "src/api/Routes.ts",
    "src/api/two_words.ts",
  ])("the name %s", (path) => {
    expect(wrongNames([path])).toHaveLength(1);
  });

  it("a name that only contains such a word", () => {
    expect(wrongNames(["src/api/ticket.ts", "src/api/system-clock.test.ts"])).toEqual([]);
  });

  it.each([
    "store.transaction(async () => { put(); });",
    "store.transaction(() => { const a = (await b); });",
    "store.transaction<Row>(() => call().then(put));",
  ])("%s", (code) => {
    expect(waitingTransactions(planted("src/store/a.ts", code))).toHaveLength(1);
  });

  it("a transaction with an await after it", () => {
    const code = "store.transaction(() => { put(a(b)); });\nawait c;";
    expect(waitingTransactions(planted("src/store/a.ts", code))).toEqual([]);
  });
});
