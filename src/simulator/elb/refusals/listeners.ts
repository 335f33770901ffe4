/** What AWS refuses of listeners and their certificates. */
import type {
  AddListenerCertificatesCommandInput,
  CreateListenerCommandInput,
  ModifyListenerAttributesCommandInput,
  ModifyListenerCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { constraint, firstOf, isNoneOf, isOutside, type RefusalRule } from "../../account/refusals.ts";
import { type AttributeTable, listenerAttributes } from "../attributes.ts";
import { SSL_POLICIES } from "../ssl-policies.ts";
import type { ElbState } from "../state.ts";
import {
  apiPage,
  attributeCountRows,
  attributeKeyRow,
  attributeValueRow,
  guidePage,
  ofPage,
} from "./of-page.ts";

type Listen = CreateListenerCommandInput & ModifyListenerCommandInput;

function isDefaultGiven({ Certificates }: Pick<Listen, "Certificates">): string | boolean | undefined {
  return firstOf(
    Certificates,
    ({ IsDefault }) => IsDefault !== undefined && "The certificate's IsDefault field cannot be specified",
  );
}

/** The protocol that the listener would have after the call. */
function protocolOf({ Protocol, ListenerArn: arn }: Listen, state: ElbState): string | undefined {
  return Protocol ?? state.listeners.get(arn ?? "")?.protocol;
}

const LISTENER_RULES_OF_BOTH = ofPage<Listen>(
  apiPage("CreateListener"),
  ["CreateListener", "ModifyListener"],
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
        isOutside(Port, 1, 65_535) && constraint("port", Port, "Member must have value between 1 and 65535"),
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
    ["listener-is-default", "A certificate is given without IsDefault.", isDefaultGiven],
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

const CREATE_RULES = ofPage<CreateListenerCommandInput>(
  apiPage("CreateListener"),
  ["CreateListener"],
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

const CERTIFICATE_RULES = ofPage<Pick<Listen & AddListenerCertificatesCommandInput, "Certificates">>(
  guidePage("https-listener-certificates"),
  ["CreateListener", "ModifyListener", "AddListenerCertificates"],
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

const ADD_RULES = ofPage<AddListenerCertificatesCommandInput>(
  apiPage("AddListenerCertificates"),
  ["AddListenerCertificates", "RemoveListenerCertificates"],
  [
    ["added-is-default", "A certificate is given without IsDefault.", isDefaultGiven],
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

function attributesOf({ ListenerArn: arn = "" }: Modify, state: ElbState): AttributeTable | undefined {
  const listener = state.listeners.get(arn);
  return listener === undefined ? undefined : listenerAttributes(listener.protocol);
}

const ATTRIBUTE_RULES = ofPage<Modify>(
  apiPage("ListenerAttribute"),
  ["ModifyListenerAttributes"],
  [
    ...attributeCountRows<Modify>("listener"),
    attributeKeyRow<Modify>(
      "listener",
      "A listener has the attributes of the reference for its protocol, and no others.",
      attributesOf,
    ),
    attributeValueRow<Modify>("listener", attributesOf),
  ],
);

export const LISTENER_RULES: readonly RefusalRule<ElbState>[] = [
  ...CREATE_RULES,
  ...LISTENER_RULES_OF_BOTH,
  ...CERTIFICATE_RULES,
  ...ADD_RULES,
  ...ATTRIBUTE_RULES,
];
