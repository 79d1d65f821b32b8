/**
 * A request on its way to the function that answers it.
 *
 * @module
 */

import type { Exclusive } from "./exclusive.ts";
import type { Visitor } from "./gate.ts";
import type { RepositoryStorage } from "./storage.ts";
import type { UploadReceiver } from "./upload_receiver.ts";

/** What every answer may need. */
export interface Call {
  /** The request; its body is unread. */
  request: Request;
  /** Its URL. */
  url: URL;
  /** The repository's path. */
  name: string;
  /** The repository's content. */
  repository: RepositoryStorage;
  /** Whoever asks. */
  visitor: Visitor;
  /** Receives uploads. */
  uploads: UploadReceiver;
  /** Keeps the requests of one upload apart. */
  exclusive: Exclusive;
}
