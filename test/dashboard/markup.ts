/** Reads a page as a strict reader would: every tag closed, in order, every id once. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

const VOID = new Set(["meta", "link", "img", "input", "br", "wbr"]);
/** Start, end and doctype tags; what stands between them is text. */
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>|<!doctype html>|([<>])/gi;

/** @throws when the page is not well formed */
export function elementsOf(page: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  let at = 0;
  for (const match of page.matchAll(TAG)) {
    const text = page.slice(at, match.index);
    for (const element of open) element.text += text;
    at = match.index + match[0].length;
    const [whole, slash, name, attributes, stray] = match;
    if (stray !== undefined)
      throw new Error(`unescaped ${stray} after ${page.slice(Math.max(0, match.index - 80), match.index)}`);
    if (name === undefined) continue;
    if (slash === "/") {
      const last = open.pop();
      if (last?.name !== name)
        throw new Error(`${whole} closes ${last?.name} near ${page.slice(match.index - 80, match.index)}`);
      continue;
    }
    const element = { name, attributes: attributesOf(attributes ?? ""), text: "" };
    elements.push(element);
    if (!VOID.has(name)) open.push(element);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.map((element) => element.name).join(", ")}`);
  return elements;
}

/** The text of what has an id; empty where nothing has it. */
export function textOf(page: string, id: string): string {
  return elementsOf(page).find((element) => element.attributes.id === id)?.text ?? "";
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map(([, name, value]) => [name ?? "", value ?? ""]),
  );
}
