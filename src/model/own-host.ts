/**
 * What a Host header may say so that a web page cannot have made it: a page that gives its own name another address (DNS
 * rebinding) reaches a local server under that name.
 */

/** localhost, or an address itself. */
export function isLocalHost(host: string): boolean {
  const name = hostnameOf(host);
  return (
    name !== undefined &&
    (name === "localhost" ||
      name.endsWith(".localhost") ||
      name.startsWith("[") ||
      /^\d+\.\d+\.\d+\.\d+$/.test(name))
  );
}

/** Also a name of a private network: one without a dot, or of the domain that is reserved for them (`.internal`). */
export function isPrivateHost(host: string): boolean {
  const name = hostnameOf(host);
  return isLocalHost(host) || (name !== undefined && (!name.includes(".") || name.endsWith(".internal")));
}

function hostnameOf(host: string): string | undefined {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}

/** What a browser says of the page that sends a request; other clients say nothing. */
interface PageHeaders {
  readonly site: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

/** Whether a page of another origin sends it. https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site */
export function isOfForeignPage({ site, origin, host = "" }: PageHeaders): boolean {
  // A proxy may change the host, and then the browser's own word is the better one.
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host);
}
