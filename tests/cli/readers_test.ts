import { assertEquals, assertThrows } from "../../lib/std/assert.ts";
import type { Reader } from "../../lib/cli/flag.ts";
import { readCredential } from "../../lib/cli/given_credential.ts";
import {
  readCount,
  readDuration,
  readEndpoint,
  readLimit,
  readOneOf,
} from "../../lib/cli/readers.ts";
import { OciPushError } from "../../lib/oci/error.ts";

const cases: {
  reader: string;
  read: Reader<unknown>;
  takes: [text: string, value: unknown][];
  refuses: string[];
}[] = [
  {
    reader: "readLimit",
    read: readLimit,
    takes: [
      ["0", 0],
      ["-1", -1],
      ["1073741824", 1024 ** 3],
      ["1GiB", 1024 ** 3],
      ["1Gi", 1024 ** 3],
      ["1.5gib", 1.5 * 1024 ** 3],
      ["512 MiB", 512 * 1024 ** 2],
      ["10KiB", 10240],
      ["2TiB", 2 * 1024 ** 4],
      ["5K", 5000],
      ["5KB", 5000],
      ["3M", 3_000_000],
      ["2G", 2_000_000_000],
      ["1T", 1_000_000_000_000],
      ["12B", 12],
    ],
    refuses: [
      "-2",
      "-1GiB",
      "1e9",
      "GiB",
      "12 elephants",
      "1,5GiB",
      "0x10",
      "i",
      "5i",
      "99999T",
      "NaN",
    ],
  },
  {
    reader: "readDuration",
    read: readDuration,
    takes: [
      ["90s", 90_000],
      ["2m", 120_000],
      ["1h30m", 5_400_000],
      ["500ms", 500],
      ["1.5s", 1500],
      ["0.1ms", 1],
      ["24h", 86_400_000],
    ],
    refuses: ["0s", "30", "s", "1h 30m", "-1s", "1d", "1000h", "s30", "1h30"],
  },
  {
    reader: "readCount(1, 64)",
    read: readCount(1, 64),
    takes: [["1", 1], ["64", 64]],
    refuses: ["0", "65", "-1", "1.5", "1e1", "a", " 1"],
  },
  {
    reader: "readCount(0)",
    read: readCount(0),
    takes: [["0", 0], ["007", 7]],
    refuses: ["99999999999999999999"],
  },
  {
    reader: "readOneOf",
    read: readOneOf("text", "json"),
    takes: [["text", "text"], ["json", "json"]],
    refuses: ["JSON", "yaml", "toString"],
  },
  {
    reader: "readEndpoint",
    read: readEndpoint,
    takes: [
      ["a.example.com=http://127.0.0.1:5001", ["a.example.com", "http://127.0.0.1:5001"]],
      ["A.example.com=https://b/prefix", ["a.example.com", "https://b/prefix"]],
      ["index.docker.io=https://mirror", ["docker.io", "https://mirror"]],
    ],
    refuses: ["a.example.com", "a=b", "a=ftp://b", "=http://b", "a=http://b?x=1", "a=http://u:p@b"],
  },
  {
    reader: "readCredential",
    read: readCredential,
    takes: [
      ["alice:secret", { text: "alice:secret", origin: "--flag" }],
      ["alice:se:cr:et", { text: "alice:se:cr:et", origin: "--flag" }],
      ["-", { text: "-", origin: "--flag" }],
    ],
    refuses: ["alice", ":secret"],
  },
];
for (const { reader, read, takes, refuses } of cases) {
  for (const [text, value] of takes) {
    Deno.test(`${reader} reads ${JSON.stringify(text)}`, () => {
      assertEquals(read(text, "--flag"), value);
    });
  }
  for (const text of refuses) {
    Deno.test(`${reader} refuses ${JSON.stringify(text)}`, () => {
      const error = assertThrows(() => read(text, "--flag"), OciPushError, "--flag");
      assertEquals([error.code, error.hint === undefined], ["INVALID_ARGUMENT", false]);
    });
  }
}

Deno.test("a credential that cannot be read is not repeated", () => {
  const error = assertThrows(() => readCredential("hunter2", "--src-creds"), OciPushError);
  assertEquals(JSON.stringify(error).includes("hunter2"), false);
});

Deno.test("an endpoint with a password in it is not repeated", () => {
  const endpoint = "a.example.com=https://alice:hunter2@b";
  const error = assertThrows(() => readEndpoint(endpoint, "--endpoint"), OciPushError);
  assertEquals(JSON.stringify(error).includes("hunter2"), false);
});
