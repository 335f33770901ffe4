/** What AWS refuses of listeners and their certificates. */
import type {
  AddListenerCertificatesCommandInput,
  CreateListenerCommandInput,
  ModifyListenerAttributesCommandInput,
  ModifyListenerCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  firstOf,
  hasTwice,
  isNoneOf,
  isOutside,
  type RefusalRule,
  refusals,
} from "../../account/refusals.ts";
import { attributeFault, listenerAttributes } from "../attributes.ts";
import { SSL_POLICIES } from "../ssl-policies.ts";
import type { ElbState } from "../state.ts";

const API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application";

type Listen = CreateListenerCommandInput & ModifyListenerCommandInput;

/** The protocol that the listener would have after the call. */
function protocolOf({ Protocol, ListenerArn: arn }: Listen, state: ElbState): string | undefined {
  return Protocol ?? state.listeners.get(arn ?? "")?.protocol;
}

const LISTENER_RULES_OF_BOTH = refusals<Listen, ElbState>(
  {
    prefix: "elb",
    operations: ["CreateListener", "ModifyListener"],
    code: "ValidationError",
    page: `${API}/API_CreateListener.html`,
  },
  [
    [
      "listener-protocol",
      "A listener of an Application Load Balancer speaks HTTP or HTTPS.",
      ({ Protocol: protocol }) =>
        isNoneOf(protocol, ["HTTP", "HTTPS"]) &&
        `Protocol '${protocol}' is not supported by application load balancers`,
      "UnsupportedProtocol",
    ],
    [
      "listener-port",
      "The port of a listener is 1 to 65535.",
      ({ Port }) =>
        isOutside(Port, 1, 65_535) &&
        `1 validation error detected: Value '${Port}' at 'port' failed to satisfy constraint: Member must have value between 1 and 65535`,
    ],
    [
      "http-certificate",
      "An HTTP listener has no certificate.",
      (input, state) =>
        protocolOf(input, state) === "HTTP" &&
        (input.Certificates ?? []).length > 0 &&
        "A certificate cannot be specified for HTTP listeners",
    ],
    [
      "http-policy",
      "An HTTP listener has no security policy.",
      (input, state) =>
        protocolOf(input, state) === "HTTP" &&
        (input.SslPolicy ?? "") !== "" &&
        "A security policy cannot be specified for HTTP listeners",
    ],
    [
      "http-mutual-authentication",
      "An HTTP listener does not authenticate clients.",
      (input, state) =>
        protocolOf(input, state) === "HTTP" &&
        (input.MutualAuthentication?.Mode ?? "off") !== "off" &&
        "Mutual authentication cannot be specified for HTTP listeners",
    ],
    [
      "one-default-certificate",
      "A listener has exactly one default certificate; others are added.",
      ({ Certificates = [] }) =>
        Certificates.length > 1 && "You can specify only one certificate for a listener",
      "TooManyCertificates",
    ],
    [
      "listener-is-default",
      "A certificate is given without IsDefault.",
      ({ Certificates }) =>
        firstOf(
          Certificates,
          ({ IsDefault }) =>
            IsDefault !== undefined && "The certificate's IsDefault field cannot be specified",
        ),
    ],
    [
      "ssl-policy-unknown",
      "The security policy is one of AWS's.",
      ({ SslPolicy: policy = "" }) =>
        policy !== "" && !SSL_POLICIES.includes(policy) && `SSL policy '${policy}' not found`,
      "SSLPolicyNotFound",
    ],
    [
      "mutual-authentication-mode",
      "The mode of mutual authentication is off, passthrough or verify.",
      ({ MutualAuthentication: mutual }) =>
        isNoneOf(mutual?.Mode, ["off", "passthrough", "verify"]) &&
        `Mutual authentication mode '${mutual?.Mode}' is not valid`,
    ],
    [
      "trust-store-missing",
      "To verify clients, a listener has a trust store.",
      ({ MutualAuthentication: mutual }) =>
        mutual?.Mode === "verify" &&
        (mutual.TrustStoreArn ?? "") === "" &&
        "A trust store ARN must be specified for the mutual authentication mode 'verify'",
    ],
    [
      "trust-store-unused",
      "A trust store is given only to verify clients.",
      ({ MutualAuthentication: mutual }) =>
        mutual !== undefined &&
        mutual.Mode !== "verify" &&
        (mutual.TrustStoreArn ?? "") !== "" &&
        `A trust store ARN cannot be specified for the mutual authentication mode '${mutual.Mode}'`,
    ],
    [
      "alpn-policy",
      "ALPN policies are for TLS listeners of Network Load Balancers.",
      ({ AlpnPolicy = [] }) =>
        AlpnPolicy.some((policy) => policy !== "None") &&
        "ALPN policies are not supported by application load balancers",
      "InvalidConfigurationRequest",
    ],
  ],
);

const CREATE_RULES = refusals<CreateListenerCommandInput, ElbState>(
  {
    prefix: "elb",
    operations: ["CreateListener"],
    code: "ValidationError",
    page: `${API}/API_CreateListener.html`,
  },
  [
    [
      "listener-protocol-missing",
      "A listener of an Application Load Balancer has a protocol.",
      ({ Protocol }) => Protocol === undefined && "A listener protocol must be specified",
    ],
    [
      "listener-port-missing",
      "A listener of an Application Load Balancer has a port.",
      ({ Port }) => Port === undefined && "A listener port must be specified",
    ],
    [
      "listener-without-action",
      "A listener has an action.",
      ({ DefaultActions = [] }) =>
        DefaultActions.length === 0 &&
        "Exactly one action of type 'forward', 'redirect' or 'fixed-response' must be specified",
      "InvalidLoadBalancerAction",
    ],
    [
      "https-certificate-missing",
      "An HTTPS listener has a certificate.",
      ({ Protocol, Certificates = [] }) =>
        Protocol === "HTTPS" &&
        Certificates.length === 0 &&
        "A certificate must be specified for HTTPS listeners",
    ],
  ],
);

const CERTIFICATE_RULES = refusals<
  Pick<Listen & AddListenerCertificatesCommandInput, "Certificates">,
  ElbState
>(
  {
    prefix: "elb",
    operations: ["CreateListener", "ModifyListener", "AddListenerCertificates"],
    code: "ValidationError",
    page: `${GUIDE}/https-listener-certificates.html`,
  },
  [
    [
      "certificate-arn",
      "A certificate is named by an ARN of ACM or IAM.",
      ({ Certificates }) =>
        firstOf(
          Certificates,
          ({ CertificateArn: arn = "" }) =>
            !/^arn:[^:]+:(acm:[^:]*:\d*:certificate\/.+|iam::\d*:server-certificate\/.+)$/.test(arn) &&
            `Certificate ARN '${arn}' is not valid`,
        ),
    ],
    [
      "certificate-region",
      "A certificate of ACM is of the load balancer's own Region.",
      ({ Certificates }, { context }) =>
        firstOf(Certificates, ({ CertificateArn: arn = "" }) => {
          const region = /^arn:[^:]+:acm:([^:]*):/.exec(arn)?.[1];
          return (
            region !== undefined &&
            region !== context.region &&
            `Certificate ARN '${arn}' is not valid: the certificate must be in the Region '${context.region}'`
          );
        }),
    ],
  ],
);

const ADD_RULES = refusals<AddListenerCertificatesCommandInput, ElbState>(
  {
    prefix: "elb",
    operations: ["AddListenerCertificates", "RemoveListenerCertificates"],
    code: "ValidationError",
    page: `${API}/API_AddListenerCertificates.html`,
  },
  [
    [
      "added-is-default",
      "A certificate is given without IsDefault.",
      ({ Certificates }) =>
        firstOf(
          Certificates,
          ({ IsDefault }) =>
            IsDefault !== undefined && "The certificate's IsDefault field cannot be specified",
        ),
    ],
    [
      "certificates-of-http",
      "An HTTP listener has no certificates.",
      ({ ListenerArn: arn = "" }, state) =>
        state.listeners.get(arn)?.protocol === "HTTP" &&
        "Certificates cannot be specified for HTTP listeners",
    ],
  ],
);

type Modify = ModifyListenerAttributesCommandInput;

const ATTRIBUTE_RULES = refusals<Modify, ElbState>(
  {
    prefix: "elb",
    operations: ["ModifyListenerAttributes"],
    code: "ValidationError",
    page: `${API}/API_ListenerAttribute.html`,
  },
  [
    [
      "listener-attribute-count",
      "One call modifies at most 20 attributes.",
      ({ Attributes = [] }) => Attributes.length > 20,
    ],
    [
      "listener-attribute-twice",
      "An attribute is given once.",
      ({ Attributes = [] }) => hasTwice(Attributes.map(({ Key }) => Key)),
    ],
    [
      "listener-attribute-key",
      "A listener has the attributes of the reference for its protocol, and no others.",
      ({ ListenerArn: arn = "", Attributes }, state) => {
        const listener = state.listeners.get(arn);
        if (listener === undefined) return false;
        const table = listenerAttributes(listener.protocol);
        return firstOf(
          Attributes,
          ({ Key = "" }) => !Object.hasOwn(table, Key) && `Listener attribute key '${Key}' is not recognized`,
        );
      },
    ],
    [
      "listener-attribute-value",
      "The value of an attribute of a listener is one that the reference allows.",
      ({ ListenerArn: arn = "", Attributes }, state) => {
        const listener = state.listeners.get(arn);
        if (listener === undefined) return false;
        const table = listenerAttributes(listener.protocol);
        return firstOf(Attributes, ({ Key = "", Value = "" }) => attributeFault(table, Key, Value));
      },
    ],
  ],
);

export const LISTENER_RULES: readonly RefusalRule<ElbState>[] = [
  ...CREATE_RULES,
  ...LISTENER_RULES_OF_BOTH,
  ...CERTIFICATE_RULES,
  ...ADD_RULES,
  ...ATTRIBUTE_RULES,
];
