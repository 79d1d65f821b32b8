/**
 * `oci-push logout`: forgets credentials where docker keeps them.
 *
 * @module
 */

import { eraseCredential } from "../credentials/store.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./exit_code.ts";
import { readHost } from "./host.ts";

/** The command. */
export const command: Command = {
  usage: "logout HOST",
  summary: "Forgets what docker's configuration, or its helper, keeps for a registry.",
  examples: ["logout registry.example.com"],
  groups: [],
  page: "credentials.md",
  read({ names }) {
    const host = readHost(names, "log out of");
    return async ({ io }) => {
      const place = await eraseCredential(host);
      io.err(place ? `forgot ${host} in ${place}\n` : `nothing was kept for ${host}\n`);
      return EXIT.done;
    };
  },
};
