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

export function driftPath(namespace: string, service: string): string {
  return `/apis/holdfast.dev/v1/namespaces/${segment(namespace)}/driftevents?fieldSelector=service%3D${segment(service)}`;
}

export function driftEventPath(namespace: string, name: string): string {
  return `/apis/holdfast.dev/v1/namespaces/${segment(namespace)}/driftevents/${segment(name)}`;
}

function segment(text: string): string {
  return encodeURIComponent(text).replaceAll("'", "%27");
}
