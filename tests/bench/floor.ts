/**
 * What the runtime itself takes: the requests of a copy, with nothing but `fetch` around them. No
 * credentials, no checks, no errors, nothing that is shown: what is above this is ours.
 *
 * `deno run -A floor.ts HOST/REPOSITORY:TAG HOST/REPOSITORY:TAG`, for one image that is not there.
 *
 * @module
 */

const ACCEPT = { accept: "application/vnd.oci.image.manifest.v1+json" };
const IN_FLIGHT = 32;

const client = Deno.createHttpClient({ http2: false, poolMaxIdlePerHost: IN_FLIGHT * 2 });
const send = async (url: string | URL, init: RequestInit, expected: number[]) => {
  const response = await fetch(url, { ...init, client });
  if (!expected.includes(response.status)) throw new Error(`${url}: ${response.status}`);
  return response;
};
const [from, to] = Deno.args.map((text) => {
  const [, host, repository, tag] = /^([^/]+)\/(.+):(.+)$/.exec(text)!;
  return { base: `http://${host}/v2/${repository}`, tag };
}) as [{ base: string; tag: string }, { base: string; tag: string }];
const target = `${to.base}/manifests/${to.tag}`;

const [answer, now] = await Promise.all([
  send(`${from.base}/manifests/${from.tag}`, { headers: ACCEPT }, [200]),
  from.base === to.base ? undefined : send(target, { method: "HEAD", headers: ACCEPT }, [200, 404]),
]);
const digest = answer.headers.get("docker-content-digest");
if (now?.headers.get("docker-content-digest") === digest) Deno.exit(0);
const bytes = await answer.bytes();
if (now) {
  const { config, layers } = JSON.parse(new TextDecoder().decode(bytes));
  const blobs: { digest: string }[] = [...layers, config];
  const work = async () => {
    for (let blob = blobs.shift(); blob; blob = blobs.shift()) await move(blob.digest);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}
const headers = { "content-type": ACCEPT.accept };
await send(target, { method: "PUT", headers, body: bytes }, [201]);
Deno.exit(0);

async function move(digest: string): Promise<void> {
  const [opened, read] = await Promise.all([
    send(`${to.base}/blobs/uploads/`, { method: "POST" }, [202]),
    send(`${from.base}/blobs/${digest}`, {}, [200]),
  ]);
  await opened.body?.cancel();
  const url = new URL(opened.headers.get("location")!, opened.url);
  url.searchParams.set("digest", digest);
  const kept = await send(url, { method: "PUT", body: read.body! }, [201]);
  await kept.body?.cancel();
}
