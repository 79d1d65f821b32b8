/**
 * A storage in a folder, which outlives the process.
 *
 * ```text
 * blobs/sha256/HEX                      every blob once
 * repositories/team,app/
 *   blobs/sha256/HEX                    the same file again, where the repository has the blob
 *   manifests/sha256/HEX                a line of JSON with the media type, then the exact bytes
 *   referrers/sha256/HEX/sha256/HEX     subject, then referrer; empty
 *   tags/TAG                            the digest
 *   uploads/UUID                        what has come so far
 * temporary/UUID                        about to be renamed
 * ```
 *
 * A blob's files are hard links: a mount is one call, a blob that is being read may be deleted, and
 * whoever removes the last link but the shared one removes that too. Nothing has to be locked or
 * swept, and every step leaves the folder in order, wherever the process ends.
 *
 * @module
 */

import { type Digest, isDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { isTag } from "../oci/reference.ts";
import {
  appendFile,
  ifFound,
  linkFile,
  listFolder,
  makeFolderFor,
  openFile,
  removeFile,
  writeFile,
} from "./folder_files.ts";
import {
  assertName,
  type NameKind,
  type RepositoryStorage,
  type Storage,
  type StoredManifest,
} from "./storage.ts";

/** Uploads that nobody has touched for so long are forgotten when the storage is opened. */
const UPLOAD_LIFE = 7 * 24 * 60 * 60 * 1000;

const NEWLINE = 10;

/**
 * Makes a storage that keeps everything in a folder.
 *
 * What a storage of the same folder kept before is there again, unfinished uploads included.
 *
 * @example
 * ```ts ignore
 * const handler = createRegistryHandler({ storage: await createFolderStorage("./registry") });
 * ```
 * @param dir The folder, made if it is not there. Its file system must have hard links.
 * @returns The storage.
 * @throws {OciPushError} `FILE` when the folder cannot be used, `PERMISSION` when Deno was not
 * allowed to.
 */
export async function createFolderStorage(dir: string): Promise<Storage> {
  try {
    await tryFolder(dir);
    await forgetOldUploads(dir);
  } catch (cause) {
    throw folderError(dir, cause);
  }
  return {
    repository(name) {
      assertName("repository", name);
      return folderRepository(dir, name);
    },
  };
}

function folderRepository(dir: string, name: string): RepositoryStorage {
  const home = repositoryFolder(dir, name);
  const shared = (digest: Digest) => `${dir}/blobs/${digestPath(digest)}`;
  const blob = (digest: Digest, of = home) => `${of}/blobs/${digestPath(digest)}`;
  const manifest = (digest: Digest) => `${home}/manifests/${digestPath(digest)}`;
  const referrers = (subject: Digest) => `${home}/referrers/${digestPath(subject)}`;
  const tag = (text: string) => `${home}/tags/${checked("tag", text)}`;
  const upload = (id: string) => `${home}/uploads/${checked("upload", id)}`;
  const temporary = () => `${dir}/temporary/${crypto.randomUUID()}`;
  const put = (path: string, content: string | Uint8Array) =>
    writeFile(path, { content, temporary: temporary() });

  const storage: RepositoryStorage = {
    blobSize: async (digest) => (await ifFound(Deno.stat(blob(digest))))?.size,
    readBlob: (digest, range) => openFile(blob(digest), range),
    mountBlob: (digest, from) => {
      if (from === undefined) return linkFile(shared(digest), blob(digest));
      assertName("repository", from);
      return linkFile(blob(digest, repositoryFolder(dir, from)), blob(digest));
    },
    deleteBlob: async (digest) => {
      const removed = await removeFile(blob(digest));
      // Where links are not counted, the shared file stays.
      const links = (await ifFound(Deno.stat(shared(digest))))?.nlink;
      if (links === 1) await removeFile(shared(digest));
      return removed;
    },

    createUpload: async () => {
      const id = crypto.randomUUID();
      await makeFolderFor(upload(id));
      await Deno.writeFile(upload(id), new Uint8Array(), { createNew: true });
      return id;
    },
    uploadSize: async (id) => (await ifFound(Deno.stat(upload(id))))?.size,
    appendUpload: (id, chunks) => appendFile(upload(id), chunks),
    readUpload: async (id) => await openFile(upload(id)) ?? new Uint8Array(),
    commitUpload: async (id, digest) => {
      // Out of the client's reach first: an upload that went on would write into the blob.
      const finished = temporary();
      await makeFolderFor(finished);
      await Deno.rename(upload(id), finished);
      await linkFile(finished, shared(digest));
      const linked = await linkFile(shared(digest), blob(digest));
      // Somebody deleted the blob elsewhere just now, and the shared file with it.
      if (!linked) await linkFile(finished, blob(digest));
      await removeFile(finished);
    },
    deleteUpload: (id) => removeFile(upload(id)),

    getManifest: async (digest) => {
      const bytes = await ifFound(Deno.readFile(manifest(digest)));
      return bytes && decodeManifest(bytes);
    },
    putManifest: async (digest, content) => {
      const { subject } = content;
      // An entry without its manifest does no harm; a manifest without its entry would.
      if (subject) await put(`${referrers(subject)}/${digestPath(digest)}`, "");
      await put(manifest(digest), encodeManifest(content));
    },
    deleteManifest: async (digest) => {
      const subject = (await storage.getManifest(digest))?.subject;
      for (const text of await storage.listTags() ?? []) {
        if (await storage.getTag(text) === digest) await storage.deleteTag(text);
      }
      const removed = await removeFile(manifest(digest));
      if (subject) await removeFile(`${referrers(subject)}/${digestPath(digest)}`);
      return removed;
    },
    listReferrers: async (subject) => {
      const found: Digest[] = [];
      for (const algorithm of await listFolder(referrers(subject)) ?? []) {
        for (const hex of await listFolder(`${referrers(subject)}/${algorithm}`) ?? []) {
          const digest = `${algorithm}:${hex}`;
          if (isDigest(digest) && await storage.getManifest(digest)) found.push(digest);
        }
      }
      return found;
    },

    getTag: async (text) => {
      const digest = await ifFound(Deno.readTextFile(tag(text)));
      return digest !== undefined && isDigest(digest) ? digest : undefined;
    },
    putTag: (text, digest) => put(tag(text), digest),
    deleteTag: (text) => removeFile(tag(text)),
    listTags: async () => {
      const tags = await listFolder(`${home}/tags`);
      return tags?.filter(isTag) ?? (await listFolder(`${home}/manifests`) && []);
    },
  };
  return storage;
}

function repositoryFolder(dir: string, name: string): string {
  // One folder per repository, whatever its depth; no repository's name has a comma.
  return `${dir}/repositories/${name.replaceAll("/", ",")}`;
}

function digestPath(digest: Digest): string {
  return checked("digest", digest).replace(":", "/");
}

function checked(kind: NameKind, text: string): string {
  assertName(kind, text);
  return text;
}

function encodeManifest({ mediaType, subject, bytes }: StoredManifest): Uint8Array {
  const head = new TextEncoder().encode(`${JSON.stringify({ mediaType, subject })}\n`);
  const file = new Uint8Array(head.length + bytes.length);
  file.set(head);
  file.set(bytes, head.length);
  return file;
}

function decodeManifest(file: Uint8Array<ArrayBuffer>): StoredManifest {
  const end = file.indexOf(NEWLINE);
  const head = JSON.parse(new TextDecoder().decode(file.subarray(0, end)));
  return { ...head as Omit<StoredManifest, "bytes">, bytes: file.subarray(end + 1) };
}

async function tryFolder(dir: string): Promise<void> {
  // An unset variable on a command line must not become the root of the file system.
  if (dir === "") throw new Error("the folder has no name");
  const one = `${dir}/temporary/${crypto.randomUUID()}`;
  const two = `${dir}/temporary/${crypto.randomUUID()}`;
  await makeFolderFor(one);
  await Deno.writeTextFile(one, "");
  await Deno.link(one, two);
  await removeFile(one);
  await removeFile(two);
}

async function forgetOldUploads(dir: string): Promise<void> {
  const folders = (await listFolder(`${dir}/repositories`) ?? [])
    .map((name) => `${dir}/repositories/${name}/uploads`);
  for (const folder of [...folders, `${dir}/temporary`]) {
    for (const name of await listFolder(folder) ?? []) {
      const touched = (await ifFound(Deno.stat(`${folder}/${name}`)))?.mtime?.getTime();
      if (touched !== undefined && touched < Date.now() - UPLOAD_LIFE) {
        await removeFile(`${folder}/${name}`);
      }
    }
  }
}

function folderError(dir: string, cause: unknown): OciPushError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const missing = cause instanceof Deno.errors.NotCapable;
  return new OciPushError(
    missing ? "PERMISSION" : "FILE",
    `cannot keep a registry in "${dir}": ${words}`,
    {
      terminal: true,
      file: dir,
      hint: missing
        ? `allow it with --allow-read=${dir} --allow-write=${dir}`
        : "the folder must be writable, on a file system with hard links",
    },
    cause,
  );
}
