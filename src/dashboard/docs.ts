/** The pages of docs/ as pages of the daemon: what a reason means is told by the version that gives it. */
import { existsSync, readFileSync } from "node:fs";
import { Marked, type Tokens } from "marked";
import type { PageContext } from "../model/status-page.ts";
import { Html, html } from "./html.ts";
import { page } from "./page.ts";
import { docsPath } from "./paths.ts";

export const DOCS = [
  "operations.md",
  "takeover.md",
  "events.md",
  "errors.md",
  "spec.md",
  "not-supported-yet.md",
  "configuration.md",
  "simulator.md",
  "simulator-refusals.md",
] as const;

type Doc = (typeof DOCS)[number];

interface Rendered {
  title: string;
  body: Html;
}

const rendered = new Map<Doc, Rendered>();

/** Of one of {@link DOCS}; `undefined` where the files were not installed with the program. */
export function docsPage(name: string, context: PageContext): string | undefined {
  const doc = DOCS.find((each) => each === name);
  const content = doc === undefined ? undefined : contentOf(doc);
  if (content === undefined) return undefined;
  return page(
    {
      title: `${content.title} · Holdfast`,
      path: docsPath(name),
      trail: [{ name: content.title }],
      context,
      isStill: true,
    },
    html`<article class="docs">${content.body}</article>`,
  );
}

/** Read and drawn once: the files are part of the program. */
function contentOf(doc: Doc): Rendered | undefined {
  const known = rendered.get(doc);
  if (known !== undefined) return known;
  const file = new URL(`../../docs/${doc}`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  const content = { title: /^# (.+)$/m.exec(text)?.[1] ?? doc, body: htmlOf(text) };
  rendered.set(doc, content);
  return content;
}

/** Markup of a file that nobody but its authors can write. */
function htmlOf(markdown: string): Html {
  const marked = new Marked();
  marked.use({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        return `<h${depth} id="${slugOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const text = this.parser.parseInline(tokens);
        return isServed(href) ? `<a href="${href}">${text}</a>` : text;
      },
      table({ header, rows }: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], open: string, close: string) =>
          row.map(({ tokens }) => `${open}${this.parser.parseInline(tokens)}${close}`).join("");
        const head = cells(header, '<th scope="col">', "</th>");
        const body = rows.map((row) => `<tr>${cells(row, "<td>", "</td>")}</tr>`).join("\n");
        return `<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>\n`;
      },
      // What may be wider than the page is moved by keys, too.
      code({ text }: Tokens.Code) {
        return `<pre tabindex="0"><code>${textOf(text)}</code></pre>\n`;
      },
      html({ text }: Tokens.HTML | Tokens.Tag) {
        return ANCHOR.test(text) ? text : textOf(text);
      },
      image({ text }: Tokens.Image) {
        return text;
      },
    },
  });
  // What the generator of the pages finds its places by says nothing to a reader.
  return new Html(marked.parse(markdown.replaceAll(/<!--[\s\S]*?-->/g, "")) as string);
}

/** The one thing that Markdown has no words for. */
const ANCHOR = /^(<a id="[a-z0-9-]+">|<\/a>)$/;

function textOf(markup: string): string {
  return html`${markup}`.text;
}

/** Another page, a place on this one, or a site elsewhere; the rest of the repository is not served. */
function isServed(href: string): boolean {
  const [file = ""] = href.split("#");
  return file === "" || /^https?:/.test(href) || DOCS.some((doc) => doc === file);
}

/** The anchor of a heading, as the links within docs/ have it. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, "")
    .replaceAll(" ", "-");
}
