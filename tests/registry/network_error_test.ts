import { assertEquals } from "../../lib/std/assert.ts";
import {
  describeNetworkError,
  isCutBody,
  worthAnotherTry,
} from "../../lib/registry/network_error.ts";

/** Deno 2.9.6's own words. */
const client = (words: string) =>
  new TypeError("fetch failed", {
    cause: new Error(`error sending request for url (https://h.test/u?sig=s3cret): ${words}`),
  });

const cases: {
  cause: Error;
  code: string;
  says: string;
  worth: ReturnType<typeof worthAnotherTry>;
}[] = [
  {
    cause: client("client error (Connect): tcp connect error: Connection refused (os error 111)"),
    code: "UNREACHABLE",
    says: "the connection is refused",
    worth: "briefly",
  },
  {
    cause: client(
      "client error (Connect): dns error: failed to lookup address information: " +
        "Name or service not known",
    ),
    code: "UNREACHABLE",
    says: "its name does not resolve",
    worth: "no",
  },
  {
    cause: client(
      "client error (Connect): dns error: failed to lookup address information: " +
        "Temporary failure in name resolution",
    ),
    code: "UNREACHABLE",
    says: "its name cannot be looked up, no name server answers",
    worth: "yes",
  },
  {
    cause: client("client error (Connect): invalid peer certificate: UnknownIssuer"),
    code: "TLS",
    says: "its certificate is signed by nobody that this machine trusts",
    worth: "no",
  },
  {
    cause: client(
      'client error (Connect): invalid peer certificate: certificate not valid for name "h.test"; ' +
        'certificate is only valid for DnsName("other.test")',
    ),
    code: "TLS",
    says: "its certificate is for another name",
    worth: "no",
  },
  {
    cause: client("client error (Connect): received corrupt message of type InvalidContentType"),
    code: "TLS",
    says: "it speaks plain http on this port",
    worth: "no",
  },
  {
    cause: new TypeError("Fetch failed: Requests to port 6000 are blocked"),
    code: "UNREACHABLE",
    says: "port 6000 is one that the runtime refuses to use",
    worth: "no",
  },
  {
    cause: client("client error (SendRequest): connection closed before message completed"),
    code: "UNREACHABLE",
    says: "the connection broke (fetch failed: error sending request for url : " +
      "client error (SendRequest): connection closed before message completed)",
    worth: "yes",
  },
  {
    cause: new TypeError("error reading a body from connection"),
    code: "UNREACHABLE",
    says: "the connection was cut in the middle of the answer",
    worth: "yes",
  },
  {
    cause: new DOMException("no answer for 60000 ms", "TimeoutError"),
    code: "TIMEOUT",
    says: "no answer for 60 s",
    worth: "yes",
  },
  {
    cause: new DOMException("nothing came for 1540 ms", "TimeoutError"),
    code: "TIMEOUT",
    says: "nothing came for 1.5 s",
    worth: "yes",
  },
];

for (const { cause, code, says, worth } of cases) {
  Deno.test(`describeNetworkError() says: ${says.slice(0, 60)}`, () => {
    const error = describeNetworkError(cause, { action: "cannot read x", registry: "h.test" });
    assertEquals([error.code, error.message], [code, `cannot read x: ${says}`]);
    assertEquals([worthAnotherTry(cause), error.terminal], [worth, worth === "no"]);
    assertEquals(error.message.includes("s3cret"), false);
  });
}

Deno.test("isCutBody() tells a body that broke from a host that did", () => {
  const relayed = new TypeError("fetch failed", {
    cause: new Error("error reading a body from connection"),
  });
  assertEquals([isCutBody(relayed), isCutBody(client("connection closed"))], [true, false]);
});
