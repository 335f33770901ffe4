/**
 * The rules that keep the parts apart, as pure functions over source files: each answers with one line for each
 * violation, `path: what is wrong`.
 */
export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

/** Longest first, so that a folder inside another is found before it. */
const PARTS = [
  "reconciler/core",
  "reconciler/consistency",
  "reconciler/cutover",
  "reconciler/guards",
  "reconciler/kinds",
  "reconciler",
  "model",
  "health",
  "observer",
  "events",
  "store",
  "aws",
  "simulator",
  "api",
  "dashboard",
  "runtime",
  "ports",
  "config",
  "daemon",
  "main",
] as const;
type Part = (typeof PARTS)[number];

/** What each part may import besides itself. */
const ALLOWED: Record<Part, readonly Part[] | "everything"> = {
  model: [],
  ports: ["model"],
  config: ["model"],
  "reconciler/core": ["model"],
  health: ["model"],
  observer: ["model", "ports"],
  "reconciler/consistency": ["model", "reconciler/core"],
  "reconciler/cutover": ["model", "reconciler/core"],
  "reconciler/guards": ["model", "reconciler/core"],
  "reconciler/kinds": ["model", "ports", "reconciler/core"],
  // The scorecard of a pass is a pure function of what the pass has seen.
  reconciler: [
    "model",
    "ports",
    "reconciler/core",
    "reconciler/consistency",
    "reconciler/cutover",
    "reconciler/guards",
    "reconciler/kinds",
    "health",
  ],
  events: ["model", "ports"],
  store: ["model", "ports"],
  aws: ["model", "ports"],
  simulator: ["model", "ports"],
  api: ["model", "ports"],
  dashboard: ["model", "ports"],
  runtime: ["model", "ports"],
  daemon: "everything",
  main: "everything",
};

/**
 * A library belongs to one part. These belong to more: the SDK's clients carry the schemas of the wire, which the
 * simulated account speaks from the other side.
 */
const SHARED_LIBRARIES: readonly { library: RegExp; parts: readonly Part[] }[] = [
  { library: /^@aws-sdk\/client-/, parts: ["aws", "simulator"] },
];

/** The part a file belongs to; `undefined` outside of src. */
function partOf(path: string): Part | undefined {
  if (!path.startsWith("src/")) return undefined;
  const inside = path.slice("src/".length).replace(/\.ts$/, "");
  return PARTS.find((part) => inside === part || inside.startsWith(`${part}/`));
}

/** The modules that a file names, by `import`, `import()` or `export … from`. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const statements = code.matchAll(
    /(?:^|[\s;])(?:import|export)(\s+type)?\b(?:[^;"'()]*?\bfrom)?\s*["']([^"']+)["']/g,
  );
  const calls = code.matchAll(/\bimport\(\s*["']([^"']+)["']/g);
  return [
    ...[...statements].map((match) => ({ from: match[2]!, typeOnly: match[1] !== undefined })),
    ...[...calls].map((match) => ({ from: match[1]!, typeOnly: false })),
  ];
}

export function wrongImports(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const part = partOf(path);
    if (part === undefined) return [`${path}: belongs to no part of the house`];
    const allowed = ALLOWED[part];
    if (allowed === "everything") return [];
    return importsOf(text)
      .filter((entry) => entry.from.startsWith("."))
      .filter((entry) => !isTypeOfOperations(path, entry) && !isTypeOfPorts(path, entry))
      .map((entry) => resolved(path, entry.from))
      .filter((target) => {
        const other = partOf(target);
        return other === undefined || (other !== part && !allowed.includes(other));
      })
      .map((target) => `${path}: imports ${target}, which ${part} may not know`);
  });
}

/** The port is typed by the table of operations; its value would load the SDK's clients wherever the port is known. */
function isTypeOfOperations(path: string, { from, typeOnly }: Import): boolean {
  return path === "src/ports.ts" && typeOnly && resolved(path, from) === "src/aws/operations.ts";
}

/** A call is typed by its operation, wherever it is decided; the port itself stays out of what decides. */
function isTypeOfPorts(path: string, { from, typeOnly }: Import): boolean {
  return partOf(path) === "reconciler/core" && typeOnly && resolved(path, from) === "src/ports.ts";
}

/** Each library in one part, but for those that are shared on purpose. Node's own modules are free. */
export function straddlingLibraries(files: readonly SourceFile[]): string[] {
  const users = new Map<string, Map<Part, string>>();
  for (const { path, text } of files) {
    const part = partOf(path);
    if (part === undefined) continue;
    for (const { from } of importsOf(text)) {
      if (from.startsWith(".") || from.startsWith("node:")) continue;
      const library = libraryOf(from);
      users.set(library, (users.get(library) ?? new Map()).set(room(part), path));
    }
  }
  return [...users].flatMap(([library, byPart]) => {
    const shared = SHARED_LIBRARIES.find((row) => row.library.test(library));
    const strangers = [...byPart].filter(([part]) => !(shared?.parts.includes(part) ?? false));
    const tooMany = shared === undefined ? byPart.size > 1 : strangers.length > 0;
    return tooMany ? strangers.map(([, path]) => `${path}: ${library} belongs to one part`) : [];
  });
}

const CLOCKS: readonly RegExp[] = [
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /\bperformance\.now\b/,
  /\bset(?:Timeout|Interval|Immediate)\b/,
  /\bnode:timers\b/,
];
const CHANCE: readonly RegExp[] = [/\bMath\.random\b/, /\brandom(?:UUID|Bytes|Int)\b/, /\bgetRandomValues\b/];
const PROCESS: readonly RegExp[] = [/\bprocess\.(?:env|argv|on|once|exit|exitCode)\b/];

/** Clocks and chance stand in runtime/; the environment, the arguments and the signals are read by main.ts alone. */
export function hiddenInputs(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const part = partOf(path);
    const code = withoutComments(text);
    const patterns = [
      ...(part === "runtime" ? [] : [...CLOCKS, ...CHANCE]),
      ...(part === "main" ? [] : PROCESS),
    ];
    return patterns.flatMap((pattern) => {
      const found = pattern.exec(code);
      return found === null ? [] : [`${path}: uses ${found[0].trim()}`];
    });
  });
}

const PURE_PARTS: readonly Part[] = [
  "model",
  "reconciler/core",
  "reconciler/consistency",
  "reconciler/cutover",
  "reconciler/guards",
  "health",
  "dashboard",
];
/** Files of a part with calls that decide, and call nothing. */
const PURE_FILES: readonly string[] = [
  ...["attribute", "flow", "hint", "json", "match", "parse", "recorded-operations"].map(
    (name) => `src/events/${name}.ts`,
  ),
  ...[
    "decide",
    "conditions",
    "resource-rows",
    "coverage",
    "requeue",
    "health-facts",
    "looks/occasion",
    "looks/probes",
    "rounds/answers",
    "rounds/assumed-answers",
    "rounds/passage-of-time",
    "rounds/projection",
    "rounds/whole-plan",
  ].map((name) => `src/reconciler/${name}.ts`),
];

/** What decides never waits. */
export function waitingInPureParts(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => {
      const part = partOf(path);
      return PURE_FILES.includes(path) || (part !== undefined && PURE_PARTS.includes(part));
    })
    .flatMap(({ path, text }) => {
      const found = /\b(?:async|await|Promise)\b/.exec(withoutTexts(withoutComments(text)));
      return found === null ? [] : [`${path}: contains ${found[0]}`];
    });
}

/** A new edge shows as a new import: nothing is passed on, and no file is called index. */
export function barrels(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const passesOn = /\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;]*?\bfrom\s*["']/.test(withoutComments(text));
    return passesOn || path.endsWith("/index.ts") ? [`${path}: passes on what another file exports`] : [];
  });
}

/** Files that import each other in a circle, types included: one line a circle, with all that are in it. */
export function circles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter(({ from }) => from.startsWith("."))
        .map(({ from }) => resolved(path, from)),
    ]),
  );
  const reaches = new Map([...edges.keys()].map((path) => [path, reachableFrom(path, edges)]));
  const found = new Map<string, string>();
  for (const [path, reached] of reaches) {
    if (!reached.has(path)) continue;
    const members = [...reached].filter((other) => reaches.get(other)?.has(path) === true).sort();
    found.set(members.join(), `${members.join(" ↔ ")}: import each other`);
  }
  return [...found.values()];
}

function reachableFrom(start: string, edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const waiting = [...(edges.get(start) ?? [])];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...(edges.get(path) ?? []));
  }
  return reached;
}

const MOST_FILES = 30;

/** A folder that takes longer to look through than to think of a second one. */
export function crowdedFolders(paths: readonly string[]): string[] {
  const byFolder = Map.groupBy(paths, (path) => path.slice(0, path.lastIndexOf("/")));
  return [...byFolder].flatMap(([folder, files]) =>
    files.length > MOST_FILES
      ? [`${folder}: ${files.length} files lie flat in it, ${MOST_FILES} are a shelf`]
      : [],
  );
}

/** `elb/elb-rules.ts` says nothing that `elb/rules.ts` does not. */
export function repeatedNames(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const [file = "", folder = ""] = path.split("/").reverse();
    const words = file.slice(0, file.indexOf(".")).split("-");
    return words.includes(folder) ? [`${path}: repeats the name of its folder`] : [];
  });
}

/** The names of AWS's kinds, in a part that asks for traits. */
export function namedKinds(files: readonly SourceFile[], kinds: readonly string[]): string[] {
  const quoted = new RegExp(`["'\`](${kinds.join("|")})["'\`]`);
  const kindFree: readonly Part[] = [
    "reconciler/core",
    "reconciler/consistency",
    "reconciler/cutover",
    "reconciler/guards",
  ];
  return files
    .filter(({ path }) => kindFree.includes(partOf(path) ?? "main"))
    .flatMap(({ path, text }) => {
      const found = quoted.exec(withoutComments(text));
      return found === null ? [] : [`${path}: names the kind ${found[1]}`];
    });
}

const LONGEST_FILE = 450;

export function longFiles(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split("\n").length - 1;
    return lines > LONGEST_FILE ? [`${path}: has ${lines} lines, ${LONGEST_FILE} are a sitting`] : [];
  });
}

const BANNED_WORDS =
  /(?:^|[-/])(?:helpers?|utils?|utilit(?:y|ies)|managers?|cleanup|delta|tick|actual|misc|common)(?=[-./]|$)/;

/** Kebab-case, and none of the words that say nothing or mean two things. */
export function wrongNames(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const shaped = path.split("/").every((step) => /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)*$/.test(step));
    const word = BANNED_WORDS.exec(path);
    return [
      ...(shaped ? [] : [`${path}: is not kebab-case`]),
      ...(word === null ? [] : [`${path}: is named with a word that the house does not use`]),
    ];
  });
}

/** A transaction is synchronous, from its first brace to its last. */
export function waitingTransactions(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const code = withoutTexts(withoutComments(text));
    return [...code.matchAll(/\btransaction\s*(?:<[^>]*>)?\(/g)]
      .map((match) => argumentsFrom(code, match.index + match[0].length))
      .flatMap((body) =>
        /\b(?:await|async|then)\b/.test(body) ? [`${path}: waits inside a transaction`] : [],
      );
  });
}

/** The text up to the parenthesis that closes the one before `start`. */
function argumentsFrom(code: string, start: number): string {
  let depth = 1;
  for (let index = start; index < code.length; index += 1) {
    if (code[index] === "(") depth += 1;
    if (code[index] === ")") depth -= 1;
    if (depth === 0) return code.slice(start, index);
  }
  return code.slice(start);
}

/** Core, consistency, cutover, guards and kinds are rooms of the reconciler. */
function room(part: Part): Part {
  return part.startsWith("reconciler") ? "reconciler" : part;
}

function libraryOf(from: string): string {
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

function resolved(path: string, from: string): string {
  return new URL(from, `file:///${path}`).pathname.slice(1);
}

/** Blanks comments, and knows a text from a comment by reading both from the start. */
export function withoutComments(text: string): string {
  const piece = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(piece, (found) => (found.startsWith("/") ? " " : found));
}

/** Blanks quoted texts; what a template inserts stays hidden with it. */
function withoutTexts(code: string): string {
  return code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
}
