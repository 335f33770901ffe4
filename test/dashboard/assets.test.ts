import { describe, expect, it } from "vitest";
import { assets } from "../../src/dashboard/assets.ts";

const textOf = (name: string) => assets[name]!.body.toString("utf8");
const css = textOf("page.css");

/** The custom properties of one scheme. */
function colours(scheme: "light" | "dark"): Record<string, string> {
  const [light = "", dark = ""] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body);
  const read = (body: string) =>
    Object.fromEntries(
      [...body.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
    );
  return { ...read(light), ...(scheme === "dark" ? read(dark) : {}) } as Record<string, string>;
}

/** Contrast of two colours: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe("assets", () => {
  it("are the files that the pages name, with their types", () => {
    expect(Object.fromEntries(Object.entries(assets).map(([name, { type }]) => [name, type]))).toEqual({
      "page.css": "text/css; charset=utf-8",
      "live.js": "text/javascript; charset=utf-8",
      "mark.svg": "image/svg+xml",
    });
  });

  it("ask nobody else for anything", () => {
    expect(css).not.toMatch(/@import|url\(/);
    expect(textOf("live.js")).not.toMatch(/https?:\/\/|eval\(|innerHTML|new Function|document\.write/);
  });

  it("stay small", () => {
    expect(assets["page.css"]!.body.length + assets["live.js"]!.body.length).toBeLessThan(32_000);
  });

  it.each(["light", "dark"] as const)("hold a contrast of 4.5:1 for every text, %s", (scheme) => {
    const of = colours(scheme);
    const pairs = [
      ...["text", "dim", "link"].flatMap((text) =>
        ["ground", "panel", "sunken"].map((ground) => [text, ground]),
      ),
      ...["ok", "warn", "bad", "info", "unknown", "idle"].flatMap((tone) =>
        [`${tone}-ground`, "panel", "sunken"].map((ground) => [tone, ground]),
      ),
      ["text", "info-ground"],
      ["text", "bad-ground"],
      ["text", "warn-ground"],
      ["dim", "warn-ground"],
      ["dim", "idle-ground"],
    ];
    const weak = pairs.filter(([text = "", ground = ""]) => contrast(of[text]!, of[ground]!) < 4.5);
    expect(weak).toEqual([]);
  });

  it.each(["light", "dark"] as const)("hold a contrast of 3:1 for every mark without words, %s", (scheme) => {
    const of = colours(scheme);
    const marks = ["ok-solid", "warn-solid", "bad-solid", "info-solid", "unknown-solid", "focus"];
    expect(marks.filter((mark) => contrast(of[mark]!, of.panel!) < 3)).toEqual([]);
  });

  it("respect readers who want no motion, paper, and the dark", () => {
    for (const query of ["prefers-reduced-motion", "print", "prefers-color-scheme: dark"]) {
      expect(css).toContain(query);
    }
  });
});
