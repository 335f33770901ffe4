import { API_VERSION } from "../../model/object.ts";
import type { RouteDocument } from "../route-document.ts";
import type { Schema } from "./dialect.ts";

/** A component of the document. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** How Kubernetes's clients find the schema and the routes of a kind. */
export function groupVersionKind(kind: NonNullable<RouteDocument["kind"]>): object {
  const isCore = kind === "Event" || kind === "Namespace";
  const [group = "", version = ""] = isCore ? ["", "v1"] : API_VERSION.split("/");
  return { group, version, kind };
}
