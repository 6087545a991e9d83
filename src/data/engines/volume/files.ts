// The files of a volume's copy; docs/formats/backup.md names them.

export const tarName = 'files.tar.zst'
export const listName = 'list.jsonl.zst'
