/** The examples of docs/promotions.md, cut out of the page so that they cannot differ from it. */

const PAGE = new URL("../../docs/promotions.md", import.meta.url);

/** The documents and the freight of the page. */
export interface Examples {
  /** The seven documents by their number, from "1". */
  documents: Record<string, string>;
  /** The freight that they run with. */
  freight: string;
}

/** Reads the first block of YAML below each numbered heading, and below "The freight". */
export async function readExamples(): Promise<Examples> {
  const page = await Deno.readTextFile(PAGE);
  const blocks = page.matchAll(/^##+ (?:([0-9]+)\. |(The freight)).*?^```yaml\n(.*?)^```$/gms);
  const documents: Record<string, string> = {};
  let freight = "";
  for (const [, number, isFreight, text = ""] of blocks) {
    if (isFreight !== undefined) freight = text;
    else if (number !== undefined) documents[number] = text;
  }
  return { documents, freight };
}
