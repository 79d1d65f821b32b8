import { assertEquals } from "../../lib/std/assert.ts";
import {
  type ByteRange,
  formatBytesRange,
  formatNextLink,
  formatUploadRange,
  parseBytesRange,
  parseNextLink,
  parseUploadRange,
} from "../../lib/oci/http_range.ts";

const bytes: [
  header: string | null,
  size: number,
  range: ByteRange | "unsatisfiable" | undefined,
][] = [
  ["bytes=0-0", 10, { start: 0, end: 0 }],
  ["bytes=2-5", 10, { start: 2, end: 5 }],
  ["bytes=2-", 10, { start: 2, end: 9 }],
  ["bytes=2-99", 10, { start: 2, end: 9 }],
  ["bytes=-3", 10, { start: 7, end: 9 }],
  ["bytes=-99", 10, { start: 0, end: 9 }],
  ["bytes=10-", 10, "unsatisfiable"],
  ["bytes=5-2", 10, "unsatisfiable"],
  ["bytes=-0", 10, "unsatisfiable"],
  ["bytes=0-", 0, "unsatisfiable"],
  ["bytes=-", 10, undefined],
  ["bytes=0-1,3-4", 10, undefined],
  ["items=0-1", 10, undefined],
  ["", 10, undefined],
  [null, 10, undefined],
];

for (const [header, size, range] of bytes) {
  Deno.test(`parseBytesRange() reads ${header} of ${size} bytes`, () => {
    assertEquals(parseBytesRange(header, size), range);
  });
}

const uploads: [header: string | null, range: ByteRange | undefined][] = [
  ["0-1023", { start: 0, end: 1023 }],
  [" 0-0 ", { start: 0, end: 0 }],
  ["bytes=5-9", { start: 5, end: 9 }],
  ["bytes 5-9/10", { start: 5, end: 9 }],
  ["5-", undefined],
  ["-5", undefined],
  ["x", undefined],
  [null, undefined],
];

for (const [header, range] of uploads) {
  Deno.test(`parseUploadRange() reads ${header}`, () => {
    assertEquals(parseUploadRange(header), range);
  });
}

Deno.test("ranges that are written are read back", () => {
  const range = { start: 3, end: 7 };
  assertEquals(parseBytesRange(formatBytesRange(range), 100), range);
  assertEquals(parseUploadRange(formatUploadRange(range)), range);
});

const links: [header: string | null, target: string | undefined][] = [
  ['</v2/app/tags/list?n=1&last=a>; rel="next"', "/v2/app/tags/list?n=1&last=a"],
  ["<https://r.test/x>;rel=next", "https://r.test/x"],
  ['<a>; rel="prev", <b>; rel="next"', "b"],
  ['<a,b>; title="x"; rel="last next"', "a,b"],
  ["<a>; REL=NEXT", "a"],
  ['<a>; rel="nextish"', undefined],
  ["<a>", undefined],
  ["a; rel=next", undefined],
  ["", undefined],
  [null, undefined],
];

for (const [header, target] of links) {
  Deno.test(`parseNextLink() reads ${header}`, () => assertEquals(parseNextLink(header), target));
}

Deno.test("formatNextLink() writes what parseNextLink() reads", () => {
  assertEquals(parseNextLink(formatNextLink("/v2/a?x=1,2")), "/v2/a?x=1,2");
});
