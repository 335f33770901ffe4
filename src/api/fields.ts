import type { FastifyInstance } from "fastify";
import type { FieldReport, FieldRow } from "../model/ledger/verdicts.ts";
import { API_VERSION, type WebService } from "../model/object.ts";
import type { CoverageRow } from "../model/status.ts";
import type { Value } from "../model/value.ts";
import type { AppliedResource } from "../ports.ts";
import type { ServedStore, ServedStores } from "./access/served-store.ts";
import { notFoundError } from "./error.ts";
import type { RouteDocument } from "./route-document.ts";

const DOCUMENT: RouteDocument = {
  id: "readFields",
  summary:
    "The three-way compare: of every field what was last applied, what is wanted, what AWS holds, and the verdict",
  tag: "webservices",
  answer: "FieldReport",
  kind: "WebService",
  action: "get",
};

interface FieldsRoute {
  Params: { namespace: string; name: string };
}

/** `GET …/webservices/{name}/fields`. From what is stored: no call to AWS is made. */
export function registerFields(app: FastifyInstance, stores: ServedStores): void {
  app.get<FieldsRoute>(
    `/apis/${API_VERSION}/namespaces/:namespace/webservices/:name/fields`,
    { config: { document: DOCUMENT } },
    async (request) => {
      const { namespace, name } = request.params;
      const store = stores(request);
      const service = store.get({ namespace, name });
      if (service === undefined) throw notFoundError("WebService", { namespace, name });
      return fieldReportOf(service, store.applied({ namespace, name }));
    },
  );
}

/** As the last pass left it. What is equal stands in what was last applied, what is not in the coverage. */
export function fieldReportOf(
  { metadata, status }: Pick<WebService, "metadata" | "status">,
  applied: ReturnType<ServedStore["applied"]>,
): FieldReport {
  const { namespace, name, generation } = metadata;
  const { coverage, observedGeneration, observedAt } = status ?? {};
  const records = new Map([...applied.values()].map((record) => [record.address as string, record]));
  const rows = (coverage?.resources ?? []).map((row): Compared => {
    const record = records.get(row.address);
    return { row, record, equal: equalFields(row, record) };
  });
  return {
    apiVersion: API_VERSION,
    kind: "FieldReport",
    metadata: { namespace, name, generation },
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(observedAt === undefined ? {} : { observedAt }),
    items: rows.flatMap(fieldRowsOf),
    atDefault: rows.reduce((sum, { row, equal }) => sum + Math.max(0, row.equal - equal.length), 0),
    more: rows.reduce((sum, { row: { more = 0 } }) => sum + more, coverage?.more ?? 0),
  };
}

/** One resource, with what is the same of it. */
interface Compared {
  readonly row: CoverageRow;
  readonly record: AppliedResource | undefined;
  readonly equal: readonly [string, Value][];
}

/** What differs first, then what is not compared, then what is the same. */
function fieldRowsOf({ row, record, equal }: Compared): FieldRow[] {
  const of = { resource: row.address, kind: row.kind };
  if (row.reason !== undefined) {
    return [{ ...of, field: "", verdict: row.verdict ?? "not compared", why: row.reason }];
  }
  return [
    ...row.different.map(
      ({ member, verdict = "rolling out", desired, observed, why }): FieldRow => ({
        ...{ ...of, field: member, verdict, ...appliedTo(record, member), desired, observed },
        ...(why === undefined ? {} : { why }),
      }),
    ),
    ...[...row.leftToOthers, ...row.notCompared].map(
      ({ member, verdict = "not compared", desired, value, reason }): FieldRow => ({
        ...{ ...of, field: member, verdict, ...appliedTo(record, member) },
        ...(desired === undefined ? {} : { desired }),
        ...(value === undefined ? {} : { observed: value }),
        why: reason,
      }),
    ),
    ...equal.map(
      ([field, value]): FieldRow => ({
        ...{ ...of, field, verdict: "same" },
        ...(value === null ? {} : { lastApplied: value, desired: value, observed: value }),
      }),
    ),
  ];
}

/** `null` stands for what nobody knows. */
function appliedTo(record: AppliedResource | undefined, field: string): Pick<FieldRow, "lastApplied"> {
  const value = record?.fields[field];
  return value === undefined || value === null ? {} : { lastApplied: value };
}

/** A read that shows a field equal is remembered in the record: see `AppliedResource`. */
function equalFields(row: CoverageRow, record: AppliedResource | undefined): [string, Value][] {
  // Where not all members are named, nobody can tell which of the others are equal.
  if (record === undefined || record.name !== row.name || row.more !== undefined) return [];
  const named = new Set(
    [...row.different, ...row.leftToOthers, ...row.notCompared].map(({ member }) => member),
  );
  return Object.entries(record.fields).filter(([field]) => !named.has(field));
}
