/** What a store is told while it works: when to give up, and whom to tell how far it has come. */
export type StoreContext = {
  signal: AbortSignal
  /** One line for a person, such as "112 of 441 MB". */
  note: (text: string) => void
}

/** A file that a store has, whole. `name` is relative to the store's root, with "/" between folders. */
export type StoredFile = { name: string; bytes: number }

/**
 * A place that keeps copies of backups. Every driver passes `store.suite.ts` on the real thing.
 *
 * Obligations: names are those of `backup-name.ts`, so plain ASCII without "..". Every failure is a `Problem`
 * of the room `store/…` that names the store and says what to do: not reachable, refused (password or key),
 * host key changed, full, damaged on the way, no such file. A driver never prints or throws a secret.
 * What a line that was lost cut short is tried again a few times before it is a problem.
 */
export type Store = {
  /**
   * Sends a local file. It appears under `name` whole or not at all, and when this returns it was read
   * back from the store and compared with `sha256`. On a disk it is sent under another name and compared before
   * it gets its own. S3 has no renaming, but shows nothing of an upload before its end, and takes no part whose SHA-256
   * differs; what is found damaged afterwards is removed again. What an earlier try left is taken up or thrown away. A
   * file of that name with the same content is left as it is; one with other content, such as a damaged copy, is replaced.
   */
  put: (
    name: string,
    file: string,
    expect: { bytes: number; sha256: string },
    context: StoreContext,
  ) => Promise<void>
  /**
   * Fetches a file whole to a local path that does not exist yet; removes what is incomplete. Answers what came, for
   * the caller to compare with the manifest: a store cannot know what the file should have been.
   */
  get: (
    name: string,
    file: string,
    context: StoreContext,
  ) => Promise<{ bytes: number; sha256: string }>
  /** All whole files below a folder, at any depth, sorted; none if there is no such folder. Unfinished uploads are not listed. */
  list: (folder: string, context: StoreContext) => Promise<StoredFile[]>
  /** Removes a file and the folders that are empty without it; nothing happens if there is none. */
  remove: (name: string, context: StoreContext) => Promise<void>
  /** Removes what earlier tries left unfinished a day ago or more: another server may be at work in the same place. */
  sweep: (context: StoreContext) => Promise<void>
  /** Ends what is open. A store can be used until then. */
  close: () => Promise<void>
}

/** How a store is reached, with its secrets; travels in a step's parameters and rests sealed on the server. */
export type StoreSettings = {
  /** Bytes a second that it is sent, and read back, at most; not there: as many as the line takes. */
  rate?: number
} & (
  | { kind: 'local'; name: string; folder: string }
  | {
      kind: 'sftp'
      name: string
      host: string
      port: number
      user: string
      folder: string
      password: string | null
      /** A private key in OpenSSH's form. */
      key: string | null
      /** The server's key as ssh-keyscan prints it without the host: "ssh-ed25519 AAAA…". */
      hostKey: string
    }
  | {
      kind: 's3'
      name: string
      endpoint: string
      region: string
      bucket: string
      prefix: string
      accessKeyId: string
      secretAccessKey: string
    }
)
