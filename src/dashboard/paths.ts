/** Addresses of the HTTP API, safe in a URL, in markup and between single quotes of a shell. */
export function statusPath(namespace: string, name: string): string {
  return `/status/${segment(namespace)}/${segment(name)}`;
}

export function namespacePath(namespace: string): string {
  return `/status/${segment(namespace)}`;
}

/** A page of docs/, with its anchor. */
export function docsPath(target: string): string {
  return `/status/docs/${target}`;
}

export function objectPath(namespace: string, name: string): string {
  return `/apis/holdfast.dev/v1/namespaces/${segment(namespace)}/webservices/${segment(name)}`;
}

export function planPath(namespace: string, name: string): string {
  return `${objectPath(namespace, name)}/plan`;
}

export function driftPath(namespace: string, service: string): string {
  return `/apis/holdfast.dev/v1/namespaces/${segment(namespace)}/driftevents?fieldSelector=service%3D${segment(service)}`;
}

/** A page of the ledger, or of its export, with what is looked for. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${segment(name)}=${segment(value)}`],
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

export const LEDGER = "/status/all.drift";

export function editPath(namespace: string, name: string): string {
  return `${statusPath(namespace, name)}/edit`;
}

export function driftEventPath(namespace: string, name: string): string {
  return `/apis/holdfast.dev/v1/namespaces/${segment(namespace)}/driftevents/${segment(name)}`;
}

function segment(text: string): string {
  return encodeURIComponent(text).replaceAll("'", "%27");
}
