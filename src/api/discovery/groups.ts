import type { FastifyInstance } from "fastify";
import { API_VERSION } from "../../model/object.ts";
import type { ObjectKind } from "../../ports.ts";
import { DRIFT_EVENTS, EVENTS, type Resource, WEB_SERVICES } from "../resources.ts";
import type { RouteDocument } from "../route-document.ts";
import { NAMESPACES } from "./namespaces.ts";

const [GROUP = "", VERSION = ""] = API_VERSION.split("/");
const GROUP_VERSION = { groupVersion: API_VERSION, version: VERSION };
const API_GROUP = { name: GROUP, versions: [GROUP_VERSION], preferredVersion: GROUP_VERSION };

/** What Kubernetes clients ask before anything else: which groups, versions and kinds there are. */
export function registerDiscovery(app: FastifyInstance): void {
  const answers: Record<string, object> = {
    "/api": { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] },
    "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [API_GROUP] },
    [`/apis/${GROUP}`]: { kind: "APIGroup", apiVersion: "v1", ...API_GROUP },
    [`/apis/${API_VERSION}`]: resourceList(API_VERSION, [
      entryOf(WEB_SERVICES),
      ...subresourcesOf(WEB_SERVICES, { revisions: "get", rollback: "create", drift: "create" }),
      entryOf(DRIFT_EVENTS),
      ...subresourcesOf(DRIFT_EVENTS, { accept: "create", correct: "create", ignore: "create" }),
    ]),
    "/api/v1": resourceList("v1", [entryOf(EVENTS), NAMESPACES]),
  };
  for (const [path, answer] of Object.entries(answers)) {
    const id = `discover${path.replaceAll(/[^a-z0-9]+(.)/g, (_, letter: string) => letter.toUpperCase())}`;
    const document: RouteDocument = {
      id,
      summary: `Kubernetes discovery: ${path}`,
      tag: "discovery",
      answer: "Any",
    };
    app.get(path, { config: { document } }, async () => answer);
  }
}

function resourceList(groupVersion: string, resources: object[]): object {
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

/** What stands below an object, and what can be done with it: `kubectl get --raw`, `kubectl create --raw`. */
function subresourcesOf<K extends ObjectKind>(
  { plural, kind }: Resource<K>,
  verbs: Readonly<Record<string, "get" | "create">>,
): object[] {
  return Object.entries(verbs).map(([name, verb]) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced: true,
    kind,
    verbs: [verb],
  }));
}

function entryOf<K extends ObjectKind>({
  plural,
  singular,
  kind,
  verbs,
  shortNames,
  categories,
}: Resource<K>): object {
  return { name: plural, singularName: singular, namespaced: true, kind, verbs, shortNames, categories };
}
