import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generatedDocs } from "../scripts/generated-docs.ts";

describe("the generated pages of docs/", () => {
  it.each(Object.entries(generatedDocs()))("%s is what `npm run docs` writes", (path, text) => {
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});
