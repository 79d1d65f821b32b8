/** Setting images in kustomizations: what changes, and that nothing else does. */

import { assertEquals, assertInstanceOf, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { ImageEntry } from "../../lib/promotion/kustomize/image_entry.ts";
import { setImages } from "../../lib/promotion/kustomize/kustomization.ts";
import { Place } from "../../lib/promotion/place.ts";

const D = `sha256:${"a1".repeat(32)}`;
const place = new Place({ file: "out/kustomization.yaml" });

async function set(text: string, images: ImageEntry[]): Promise<string> {
  const result = await setImages(text, images, { place });
  const again = await setImages(result.text, images, { place });
  assertEquals(again.text, result.text, "a second run changes nothing");
  return result.text;
}

const cases: { does: string; before: string; images: ImageEntry[]; after: string }[] = [
  {
    does: "adds a list where there is none",
    before: "# head\nresources:\n- a.yaml # a\n\n# tail\n",
    images: [{ name: "app", newTag: "v1" }],
    after: "# head\nresources:\n- a.yaml # a\n\n# tail\nimages:\n- name: app\n  newTag: v1\n",
  },
  {
    does: "writes into an empty file",
    before: "",
    images: [{ name: "b", digest: D }, { name: "a", newName: "x/a", newTag: "v1" }],
    after: `images:\n- name: a\n  newName: x/a\n  newTag: v1\n- name: b\n  digest: ${D}\n`,
  },
  {
    does: "writes below comments alone",
    before: "# nothing yet",
    images: [{ name: "a", newTag: "v1" }],
    after: "# nothing yet\nimages:\n- name: a\n  newTag: v1\n",
  },
  {
    does: "adds a newline to a last line without one",
    before: "namePrefix: x",
    images: [{ name: "a", newTag: "v1" }],
    after: "namePrefix: x\nimages:\n- name: a\n  newTag: v1\n",
  },
  {
    does: "fills an empty list, its comment stays",
    before: "images: [] # none yet\nnamePrefix: x\n",
    images: [{ name: "a", newTag: "v1" }],
    after: "images: # none yet\n- name: a\n  newTag: v1\nnamePrefix: x\n",
  },
  {
    does: "fills a list that is only a key",
    before: "resources:\n  - a.yaml\nimages:\nnamePrefix: x\n",
    images: [{ name: "a", newTag: "v1" }],
    after: "resources:\n  - a.yaml\nimages:\n  - name: a\n    newTag: v1\nnamePrefix: x\n",
  },
  {
    does: "changes one value and no other byte",
    before:
      "images: # all\n# first\n- name: app   # the app\n  newTag: v1   # by CI\n\n# other\n- name: zoo\n" +
      "  newTag:    'v9'\n\n# end\nnamePrefix:   x\n",
    images: [{ name: "app", newTag: "v2" }],
    after:
      "images: # all\n# first\n- name: app   # the app\n  newTag: v2   # by CI\n\n# other\n- name: zoo\n" +
      "  newTag:    'v9'\n\n# end\nnamePrefix:   x\n",
  },
  {
    does: "turns a tag into a digest on its line",
    before: "images:\n- name: app\n  newTag: v1 # by CI\n",
    images: [{ name: "app", digest: D }],
    after: `images:\n- name: app\n  digest: ${D} # by CI\n`,
  },
  {
    does: "turns a digest into a tag on its line",
    before: `images:\n- name: app\n  digest: ${D}\n`,
    images: [{ name: "app", newTag: "v1" }],
    after: "images:\n- name: app\n  newTag: v1\n",
  },
  {
    does: "drops what the new entry does not say, and keeps its comment",
    before:
      `images:\n- name: app\n  newName: x/app # moved\n  newTag: v1\n  digest: ${D}\n- name: b\n`,
    images: [{ name: "app", newTag: "v2" }],
    after: "images:\n- name: app\n  # moved\n  newTag: v2\n- name: b\n",
  },
  {
    does: "adds what the old entry did not say",
    before: "images:\n-   name: app\n    newTag: v1\n- name: b\n",
    images: [{ name: "app", newName: "x/app", newTag: "v1" }],
    after: "images:\n-   name: app\n    newTag: v1\n    newName: x/app\n- name: b\n",
  },
  {
    does: "adds lines after a last line without a newline",
    before: "images:\n- name: app",
    images: [{ name: "app", newTag: "v1" }],
    after: "images:\n- name: app\n  newTag: v1",
  },
  {
    does: "sorts by name, comments going with their entries",
    before:
      "images:\n# zoo\n- name: zoo\n  newTag: v1\n  # deeper: of zoo\n# app\n- name: app\n  newTag: v1\n",
    images: [{ name: "mid", newTag: "v1" }],
    after:
      "images:\n# app\n- name: app\n  newTag: v1\n- name: mid\n  newTag: v1\n# zoo\n- name: zoo\n  newTag: v1\n" +
      "  # deeper: of zoo\n",
  },
  {
    does: "indents new entries as the others are",
    before: "images:\n    - name: b\n      newTag: v1\n",
    images: [{ name: "a", newTag: "v1" }],
    after: "images:\n    - name: a\n      newTag: v1\n    - name: b\n      newTag: v1\n",
  },
  {
    does: "keeps carriage returns",
    before: "# head\r\nimages:\r\n- name: app\r\n  newTag: v1 # c\r\nnamePrefix: x\r\n",
    images: [{ name: "app", newName: "z", newTag: "v2" }, { name: "new", digest: D }],
    after:
      "# head\r\nimages:\r\n- name: app\r\n  newTag: v2 # c\r\n  newName: z\r\n- name: new\r\n" +
      `  digest: ${D}\r\nnamePrefix: x\r\n`,
  },
  {
    does: "quotes what YAML would read as something else",
    before: "images:\n- name: app\n  newTag: '1.0'\n",
    images: [{ name: "app", newTag: "1.20" }, { name: "date", newTag: "2024-01-01" }, {
      name: "num",
      newTag: "0x1f",
    }],
    after:
      "images:\n- name: app\n  newTag: '1.20'\n- name: date\n  newTag: \"2024-01-01\"\n- name: num\n" +
      '  newTag: "0x1f"\n',
  },
  {
    does: "puts quotes around a number that was there without",
    before: "images:\n- name: app\n  newTag: 1.20\n",
    images: [{ name: "app", newTag: "1.20" }],
    after: 'images:\n- name: app\n  newTag: "1.20"\n',
  },
  {
    does: "keeps double quotes",
    before: 'images:\n- name: "app"\n  newTag: "v1"\n',
    images: [{ name: "app", newTag: "v2" }],
    after: 'images:\n- name: "app"\n  newTag: "v2"\n',
  },
  {
    does: "writes an entry in braces as lines, and keeps its neighbours",
    before: "images:\n- { name: b, newTag: v1 } # b\n# app\n- { name: app, newTag: v1 } # note\n",
    images: [{ name: "app", newTag: "v2" }],
    after: "images:\n# app\n# note\n- name: app\n  newTag: v2\n- { name: b, newTag: v1 } # b\n",
  },
  {
    does: "replaces an entry that is there twice by one",
    before: "images:\n- name: app\n  newTag: v1\n- name: app\n  newTag: v2\n",
    images: [{ name: "app", newTag: "v3" }],
    after: "images:\n- name: app\n  newTag: v3\n",
  },
  {
    does: "replaces an entry that does not begin with its name",
    before: "images:\n- newTag: v1 # tag\n  name: app\n",
    images: [{ name: "app", newTag: "v2" }],
    after: "images:\n# tag\n- name: app\n  newTag: v2\n",
  },
  {
    does: "keeps the old name for *",
    before: "images:\n- name: app\n  newName: x/app\n  newTag: v1\n",
    images: [{ name: "app", newName: "*", newTag: "v2" }, {
      name: "b",
      newName: "*",
      newTag: "v2",
    }],
    after: "images:\n- name: app\n  newName: x/app\n  newTag: v2\n- name: b\n  newTag: v2\n",
  },
  {
    does: "reads a list in brackets",
    before: "# head\nimages: [{ name: b, newTag: v1 }] # list\nnamePrefix: x # p\n",
    images: [{ name: "a", newTag: "1.0" }],
    after:
      '# head\nimages:\n  - name: a\n    newTag: "1.0"\n  - { name: b, newTag: v1 }\nnamePrefix: x # p\n',
  },
  {
    does: "edits a kustomization written as JSON",
    before: '{ "namePrefix": "x", "images": [] }\n',
    images: [{ name: "a", newTag: "v1" }],
    after: '{ "namePrefix": "x", "images": [ { name: a, newTag: v1 } ] }\n',
  },
];

for (const { does, before, images, after } of cases) {
  Deno.test(`setImages() ${does}`, async () => {
    assertEquals(await set(before, images), after);
  });
}

const refused: [what: string, text: string, problem: string][] = [
  ["a list", "- a\n", "a kustomization is a map"],
  ["images that are a map", "images: {a: b}\n", "a list of maps is wanted"],
  ["images that are names", "images: [a]\n", "a list of maps is wanted"],
  ["two documents", "a: b\n---\nc: d\n", "several YAML documents"],
  ["what is no YAML", "a: b\nc: [\n", "line 3 is no YAML"],
  ["two equal keys", "images: []\nimages: []\n", "line 2 is no YAML"],
];

for (const [what, text, problem] of refused) {
  Deno.test(`setImages() refuses ${what}`, async () => {
    const images = [{ name: "a", newTag: "v1" }];
    const error = await assertRejects(
      () => setImages(text, images, { place }),
      OciPushError,
      problem,
    );
    assertEquals(error.details.file, "out/kustomization.yaml");
  });
}

Deno.test("setImages() takes any text and either sets the images in it or says why not", async () => {
  let state = 99;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  const words = [
    "- ",
    "\n",
    "\n  ",
    "  ",
    "#c ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "|\n",
    "&a ",
    "*a",
  ];
  let edited = 0;
  for (let run = 0; run < 1500; run++) {
    let text = cases[random(cases.length)]?.before ?? "";
    for (let edits = random(4); edits > 0; edits--) {
      const at = random(text.length + 1);
      text = text.slice(0, at) + (words[random(words.length)] ?? "") + text.slice(at + random(4));
    }
    try {
      // That only the images change is checked inside; here it is that this never fails in between.
      await setImages(text, [{ name: "app", newTag: "v7" }, { name: "new", digest: D }], { place });
      edited++;
    } catch (error) {
      assertInstanceOf(error, OciPushError, `${JSON.stringify(text)} threw ${error}`);
      assertEquals(error.code, "INVALID_DOCUMENT");
    }
  }
  assertEquals(edited > 500, true, `${edited} were edited`);
});
