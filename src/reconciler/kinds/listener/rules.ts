import { REGION_PATTERN } from "../region-pattern.ts";
import { shown } from "../shown.ts";
import { ELB_API, ELB_GUIDE, type SpecRule } from "../spec-rule.ts";
import type { ListenerSpec } from "./schema.ts";

const CREATE = `${ELB_API}/API_CreateListener.html` as const;
const REGION = new RegExp(REGION_PATTERN);
const CERTIFICATES = `${ELB_GUIDE}/https-listener-certificates.html` as const;
/** Of ACM with its Region, or of IAM, which has none. */
const CERTIFICATE = /^arn:[^:]+:(?:acm:([^:]*):\d*:certificate\/.+|iam::\d*:server-certificate\/.+)$/;

export const listenerRules: readonly SpecRule<ListenerSpec>[] = [
  {
    at: "certificates",
    must: "be given with `protocol` HTTPS",
    when: ({ protocol, certificates }) => protocol === "HTTPS" && certificates === undefined,
    says: "is required for HTTPS: the ARN of at least one certificate",
    reason: "FieldValueRequired",
    source: CREATE,
  },
  {
    at: "certificates",
    must: "not be given with `protocol` HTTP",
    when: ({ protocol, certificates }) => protocol === "HTTP" && certificates !== undefined,
    says: "has no place on an HTTP listener",
    source: CREATE,
  },
  {
    at: "certificates",
    must: "be ARNs of certificates of ACM or IAM",
    each: ({ certificates = [] }) =>
      certificates
        .filter((arn) => !CERTIFICATE.test(arn))
        .map((arn) => `takes ARNs of certificates, of ACM or of IAM; was ${shown(arn)}`),
    source: CERTIFICATES,
  },
  {
    at: "certificates",
    must: "be of `spec.region`, those of ACM",
    each: ({ certificates = [] }, { spec: { region } }) =>
      certificates.flatMap((arn) => {
        const own = CERTIFICATE.exec(arn)?.[1];
        return own === undefined || own === region || !REGION.test(region)
          ? []
          : [
              `takes certificates of ${region}, where the load balancer is; ${shown(arn)} is of ${own || "no Region"}`,
            ];
      }),
    source: CERTIFICATES,
  },
  {
    at: "sslPolicy",
    must: "not be given with `protocol` HTTP",
    when: ({ protocol, sslPolicy }) => protocol === "HTTP" && sslPolicy !== undefined,
    says: "has no place on an HTTP listener",
    source: CREATE,
  },
];
